#include "source/slurm_entries.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"
#include "source/entry_names.hpp"
#include "source/entry_yaml.hpp"
#include "source/lines.hpp"
#include "source/slurm_command.hpp"
#include "source/slurm_table.hpp"
#include "source/slurm_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <tuple>

namespace tow::source::slurm {

namespace {

constexpr std::int64_t kMebi = 1048576;
constexpr std::int64_t kMost = std::int64_t{1} << 53U;

std::int64_t count(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && value > 0 && value <= kMost ? value : 0;
}

std::string value(const std::map<std::string, std::string>& keys, const std::string& key) {
    const auto found = keys.find(key);
    return found == keys.end() ? std::string() : found->second;
}

// "Name=main Nodes=n[1-2] ...": scontrol writes no blanks into the values of partitions and
// reservations.
std::map<std::string, std::string> keys_of(std::string_view line) {
    std::map<std::string, std::string> result;
    for (const auto& word : base::split(line, ' ')) {
        if (const auto equals = word.find('='); equals != std::string::npos) {
            result.emplace(word.substr(0, equals), base::repair_utf8(word.substr(equals + 1)));
        }
    }
    return result;
}

// The shape that most nodes have; of several, the largest.
template <class Nodes>
const auto* usual_node(const Nodes& nodes) {
    using Shape = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
    const auto shape = [](const auto& node) {
        return Shape{node.total_cpus, node.memory_bytes, node.gpus};
    };
    std::map<Shape, std::size_t> counts;
    for (const auto& node : nodes) {
        ++counts[shape(node)];
    }
    return &*std::ranges::max_element(nodes, {}, [&](const auto& node) {
        return std::tuple(counts.at(shape(node)), shape(node));
    });
}

// Seconds since 1970, which is what SLURM_TIME_FORMAT makes of times.
std::optional<base::Time> time(const std::string& text) {
    const auto seconds = count(text);
    return seconds > 0 ? std::optional(base::Time{std::chrono::seconds{seconds}}) : std::nullopt;
}

bool has_word(std::string_view list, std::string_view word) {
    const auto words = base::split(list, ',');
    return std::ranges::find(words, word) != words.end();
}

model::EntryState state_of(std::string_view partition_state, bool any_node_works) {
    if (partition_state == "INACTIVE") {
        return model::EntryState::Disabled;
    }
    if (partition_state == "DRAIN") {
        return model::EntryState::Draining;
    }
    return partition_state == "UP" && any_node_works ? model::EntryState::InService
                                                     : model::EntryState::Downtime;
}

// One number or range between the brackets of a list of hosts: "07-09".
void expand(const std::string& before, const std::string& range, const std::string& behind,
            std::vector<std::string>& result) {
    constexpr std::int64_t kMostHosts = 1'000'000;
    const auto dash = range.find('-');
    const auto digits = range.substr(0, dash);
    const auto first = count(digits);
    const auto last = dash == std::string::npos ? first : count(range.substr(dash + 1));
    if (digits.empty() || !std::ranges::all_of(digits, base::is_digit) || last < first ||
        last - first > kMostHosts - static_cast<std::int64_t>(result.size())) {
        base::fail(base::Kind::Data, "list of hosts: \"{}\"", base::printable(range));
    }
    for (auto number = first; number <= last; ++number) {
        result.push_back(fmt::format("{}{:0{}}{}", before, number, digits.size(), behind));
    }
}

// Counts of nodes by a word.
record::Object counts_of(const std::map<std::string, std::int64_t>& counts) {
    record::Object result;
    for (const auto& [word, nodes] : counts) {
        result.append(word, nodes);
    }
    return result;
}

}  // namespace

std::vector<std::string> hosts(std::string_view list) {
    std::vector<std::string> result;
    while (!list.empty()) {
        // The comma that ends this part stands outside of brackets.
        const auto open = list.find('[');
        const auto comma = list.find(',');
        if (open == std::string_view::npos || comma < open) {
            result.emplace_back(list.substr(0, comma));
            list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
            continue;
        }
        const auto close = list.find(']', open);
        if (close == std::string_view::npos) {
            base::fail(base::Kind::Data, "list of hosts: a bracket is not closed");
        }
        const auto end = std::min(list.find(',', close), list.size());
        for (const auto& range : base::split(list.substr(open + 1, close - open - 1), ',')) {
            expand(std::string(list.substr(0, open)), range,
                   std::string(list.substr(close + 1, end - close - 1)), result);
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return result;
}

std::int64_t gpus(std::string_view gres) {
    std::int64_t sum = 0;
    int depth = 0;
    std::string plain;  // without "(S:0-1)" and "(IDX:0,2)"
    for (const char c : gres) {
        depth += c == '(' ? 1 : 0;
        if (depth == 0) {
            plain += c;
        }
        depth -= c == ')' && depth > 0 ? 1 : 0;
    }
    for (const auto& item : base::split(plain, ',')) {
        if (item == "gpu" || item.starts_with("gpu:")) {
            const auto number = item.substr(item.rfind(':') + 1);
            sum = std::min(sum + (item == "gpu" ? 1 : count(number)), kMost);
        }
    }
    return sum;
}

void Partitions::read_partitions(int fd) {
    Lines lines(fd, "scontrol");
    while (lines.next()) {
        auto keys = keys_of(lines.text());
        if (const auto name = value(keys, "PartitionName"); !name.empty()) {
            partitions_[name].keys = std::move(keys);
        }
    }
}

void Partitions::read_nodes(int fd) {
    Lines lines(fd, "sinfo");
    if (!lines.next()) {
        lines.reject("there is no header");
    }
    const Table table(lines.text());
    while (lines.next()) {
        const auto cells = table.cells(lines.text());
        const auto cell = [&](std::string_view title) { return table.value(cells, title); };
        auto partition = std::string(cell("PARTITION"));
        if (partition.ends_with('*')) {  // the default one
            partition.pop_back();
        }
        const auto cpus = base::split(cell("CPUS(A/I/O/T)"), '/');
        if (cpus.size() != 4) {
            lines.reject("CPUS(A/I/O/T): expected four numbers");
        }
        Node node;
        node.name = cell("NODELIST");
        node.state = base::repair_utf8(cell("STATECOMPLETE"));
        node.reason = base::repair_utf8(known(cell("REASON")).value_or(""));
        node.used_cpus = count(cpus[0]);
        node.free_cpus = count(cpus[1]);
        node.other_cpus = count(cpus[2]);
        node.total_cpus = count(cpus[3]);
        node.memory_bytes = memory(cell("MEMORY")).value_or(0);
        node.used_memory_bytes = memory(cell("ALLOCMEM")).value_or(0);
        node.disk_bytes = std::min(count(cell("TMP_DISK")), kMost / kMebi) * kMebi;
        node.gpus = gpus(cell("GRES"));
        node.used_gpus = gpus(cell("GRES_USED"));
        partitions_[partition].nodes.push_back(std::move(node));
    }
}

void Partitions::read_reservations(int fd) {
    Lines lines(fd, "scontrol");
    while (lines.next()) {
        if (auto keys = keys_of(lines.text()); keys.contains("ReservationName")) {
            reservations_.push_back(std::move(keys));
        }
    }
}

void Partitions::read_jobs(int fd) {
    Lines lines(fd, "squeue");
    const Table table("STATE|JOBID|PARTITION");
    while (lines.next()) {
        const auto cells = table.cells(lines.text());
        if (cells.size() < 3) {
            continue;
        }
        const auto state = base::trim(cells[0]);
        const auto jobs = base::with_context(
            lines.where(), [&] { return tasks_of_id(base::trim(cells[1])).count; });
        for (const auto& name : base::split(cells[2], ',')) {
            if (const auto found = partitions_.find(name); found != partitions_.end()) {
                auto& sum =
                    state == "PENDING" ? found->second.pending_jobs : found->second.running_jobs;
                sum = std::min(sum + jobs, kMost);
            }
        }
    }
}

record::Object Partitions::live(const Partition& partition) {
    Node sum;
    std::map<std::string, std::int64_t> states;
    std::map<std::string, std::int64_t> reasons;
    for (const auto& node : partition.nodes) {
        sum.total_cpus += node.total_cpus;
        sum.used_cpus += node.used_cpus;
        sum.free_cpus += node.free_cpus;
        sum.other_cpus += node.other_cpus;
        sum.memory_bytes += node.memory_bytes;
        sum.used_memory_bytes += node.used_memory_bytes;
        sum.gpus += node.gpus;
        sum.used_gpus += node.used_gpus;
        ++states[node.state];
        if (!node.reason.empty()) {
            ++reasons[node.reason];
        }
    }
    record::Object result{{"total_cpus", sum.total_cpus},
                          {"used_cpus", sum.used_cpus},
                          {"free_cpus", sum.free_cpus},
                          {"other_cpus", sum.other_cpus},
                          {"total_memory_bytes", sum.memory_bytes},
                          {"used_memory_bytes", sum.used_memory_bytes},
                          {"nodes", static_cast<std::int64_t>(partition.nodes.size())},
                          {"nodes_by_state", counts_of(states)}};
    if (sum.gpus > 0) {
        result.set("total_gpus", sum.gpus);
        result.set("used_gpus", sum.used_gpus);
    }
    result.set("pending_jobs", partition.pending_jobs);
    result.set("running_jobs", partition.running_jobs);
    if (!reasons.empty()) {
        result.set("nodes_by_reason", counts_of(reasons));
    }
    return result;
}

// Reservations of nodes of the partition; one for maintenance that takes them all is a downtime.
void Partitions::add_reservations(const std::string& name, const Partition& partition,
                                  model::Entry& entry, base::Time now) const {
    record::Array found;
    for (const auto& reservation : reservations_) {
        const auto from = time(value(reservation, "StartTime"));
        const auto until = time(value(reservation, "EndTime"));
        const auto only = known(value(reservation, "PartitionName"));
        if (!from || !until || *until <= now || (only && *only != name)) {
            continue;
        }
        const auto list = hosts(known(value(reservation, "Nodes")).value_or(""));
        const std::set<std::string> reserved(list.begin(), list.end());
        const auto nodes = std::ranges::count_if(
            partition.nodes, [&](const Node& node) { return reserved.contains(node.name); });
        if (nodes == 0) {
            continue;
        }
        const auto title = value(reservation, "ReservationName");
        found.emplace_back(record::Object{{"name", title},
                                          {"from", base::format_time(*from)},
                                          {"until", base::format_time(*until)},
                                          {"nodes", std::int64_t{nodes}},
                                          {"users", value(reservation, "Users")},
                                          {"flags", value(reservation, "Flags")}});
        if (has_word(value(reservation, "Flags"), "MAINT") &&
            static_cast<std::size_t>(nodes) == partition.nodes.size()) {
            entry.downtimes.push_back(
                {*from, *until, "outage", "reservation " + title + " for maintenance", "slurm"});
        }
    }
    if (!found.empty()) {
        entry.live.set("reservations", std::move(found));
    }
}

model::Entry Partitions::entry(const std::string& name, const Partition& partition,
                               base::Time now) const {
    model::Entry entry;
    entry.name = entry_name("slurm:" + name);
    entry.backend = "slurm";
    entry.target.set("partition", name);
    entry.observed_at = now;
    if (!partition.nodes.empty()) {
        const auto& node = *usual_node(partition.nodes);
        entry.pilot.cpus = std::max<std::int64_t>(node.total_cpus, 1);
        entry.pilot.memory_bytes = node.memory_bytes;
        if (node.disk_bytes > 0) {
            entry.pilot.disk_bytes = node.disk_bytes;
        }
        if (node.gpus > 0) {
            entry.pilot.gpus = node.gpus;
        }
    }
    entry.pilot.walltime = time_limit(value(partition.keys, "MaxTime"));
    entry.live = live(partition);
    const bool any_node_works = std::ranges::any_of(
        partition.nodes, [](const Node& node) { return node.used_cpus + node.free_cpus > 0; });
    entry.state = state_of(value(partition.keys, "State"), any_node_works);
    entry.live.set("partition_state", value(partition.keys, "State"));
    for (const auto& [key, field] :
         {std::pair("MaxNodes", "max_nodes"), std::pair("MinNodes", "min_nodes")}) {
        if (const auto limit = count(value(partition.keys, key)); limit > 0) {
            entry.live.set(field, limit);
        }
    }
    add_reservations(name, partition, entry, now);
    entry.state = model::effective_state(entry, now);
    entry.ad = conventional_ad(entry);
    return entry;
}

std::vector<model::Entry> Partitions::entries(base::Time now) const {
    std::vector<model::Entry> result;
    for (const auto& [name, partition] : partitions_) {
        result.push_back(entry(name, partition, now));
    }
    return result;
}

namespace {

class EntriesQuery : public Query {
  public:
    explicit EntriesQuery(base::Time now) : now_(now) {}

    std::string name() const override { return "slurm"; }

    std::string identity() const override { return "entries slurm " + environment_identity(); }

    std::optional<Question> next() override {
        return step_ == kSteps.size()
                   ? std::nullopt
                   : std::optional(Question{kSteps[step_].argv(), environment()});
    }

    void take(Answer answer) override {
        const auto& step = kSteps[step_++];
        check(step.argv().front(), answer);
        (partitions_.*step.read)(answer.output.get());
    }

    void each_record(const VisitRecord& visit) override {
        for (const auto& entry : partitions_.entries(now_)) {
            visit("entry", record::to_json(to_record(entry)));
        }
    }

  private:
    struct Step {
        std::string_view command;  // words with blanks between them
        void (Partitions::*read)(int fd);

        std::vector<std::string> argv() const { return base::split(command, ' '); }
    };

    static constexpr std::array<Step, 4> kSteps{
        Step{"scontrol --all --oneliner show partition", &Partitions::read_partitions},
        Step{"sinfo --all --Node --Format=NodeList:|,Partition:|,StateComplete:|,CPUsState:|,"
             "Memory:|,AllocMem:|,Disk:|,Gres:|,GresUsed:|,Reason:|",
             &Partitions::read_nodes},
        Step{"scontrol --all --oneliner show reservation", &Partitions::read_reservations},
        Step{"squeue --all --noheader --states=PENDING,RUNNING --format=%T|%i|%P",
             &Partitions::read_jobs}};

    base::Time now_;
    Partitions partitions_;
    std::size_t step_ = 0;
};

}  // namespace

std::unique_ptr<Query> make_entries_query(base::Time now) {
    return std::make_unique<EntriesQuery>(now);
}

}  // namespace tow::source::slurm
