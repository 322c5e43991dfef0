#include "source/condor_entries.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/json.hpp"
#include "source/ad_file.hpp"
#include "source/ad_values.hpp"
#include "source/condor_command.hpp"
#include "source/entry_names.hpp"
#include "source/entry_yaml.hpp"

#include <algorithm>
#include <utility>

namespace tow::source {

namespace {

constexpr std::int64_t kKibi = 1024;
constexpr std::int64_t kMebi = kKibi * kKibi;
constexpr std::int64_t kMost = std::int64_t{1} << 53U;

void add_to(std::int64_t& sum, std::int64_t value) {
    sum = std::min(sum + std::min(value, kMost), kMost);
}

std::int64_t bytes(std::int64_t number, std::int64_t unit) {
    return std::min(number, kMost / unit) * unit;
}

}  // namespace

// A partitionable slot says what is left of it, its dynamic slots what was taken: resources are
// counted once, at the slots that are not part of another, and are free where no job has them.
void PoolSlots::add(const classad::Ad& ad) {
    const AdValues slot(ad, now_);
    const auto name = slot.text("Name");
    const auto state = slot.text("State");
    if (!name || !state) {
        return;  // it is no slot
    }
    auto& group = groups_[slot.text("GLIDEIN_Entry_Name").value_or("")];
    const auto number = [&](const char* attribute, const char* otherwise) {
        const auto value = slot.count(attribute);
        return (value ? value : slot.count(otherwise)).value_or(0);
    };
    ++group.slots;
    ++group.states[base::lower(*state)];
    group.startds.insert(name->substr(name->find('@') + 1));
    if (!slot.boolean("DynamicSlot").value_or(false)) {
        const Shape whole{number("TotalSlotCpus", "Cpus"), number("TotalSlotMemory", "Memory"),
                          number("TotalSlotDisk", "Disk"), number("TotalSlotGPUs", "GPUs")};
        ++group.shapes[whole];
        add_to(group.total.cpus, whole.cpus);
        add_to(group.total.memory_mib, whole.memory_mib);
        add_to(group.total.gpus, whole.gpus);
    }
    if (*state == "Unclaimed") {
        add_to(group.free.cpus, number("Cpus", "Cpus"));
        add_to(group.free.memory_mib, number("Memory", "Memory"));
        add_to(group.free.gpus, number("GPUs", "GPUs"));
    }
    const auto keep = [&](std::optional<std::string>& kept, const char* attribute) {
        kept = kept ? kept : slot.text(attribute);
    };
    keep(group.site, "GLIDEIN_Site");
    keep(group.arch, "Arch");
    keep(group.system, "OpSys");
}

model::Entry PoolSlots::entry(const std::string& glidein, const Group& group) const {
    model::Entry entry;
    if (glidein.empty()) {
        entry.name = entry_name(pool_ ? "condor:" + *pool_ : "condor");
        entry.backend = "condor";
        if (pool_) {
            entry.target.set("pool", *pool_);
        }
    } else {
        entry.name = entry_name(glidein);
        entry.backend = "gwms";
    }
    entry.site = group.site;
    entry.observed_at = now_;
    if (!group.shapes.empty()) {
        // The shape that most slots have; of several, the largest.
        const auto& [shape, slots] = *std::ranges::max_element(
            group.shapes, {}, [](const auto& s) { return std::pair(s.second, s.first); });
        entry.pilot.cpus = std::max<std::int64_t>(shape.cpus, 1);
        entry.pilot.memory_bytes = bytes(shape.memory_mib, kMebi);
        if (shape.disk_kib > 0) {
            entry.pilot.disk_bytes = bytes(shape.disk_kib, kKibi);
        }
        if (shape.gpus > 0) {
            entry.pilot.gpus = shape.gpus;
        }
    }
    entry.ad = conventional_ad(entry);
    if (group.arch) {
        entry.ad.set("Arch", *group.arch);
    }
    if (group.system) {
        entry.ad.set("OpSys", *group.system);
    }
    record::Object states;
    for (const auto& [state, slots] : group.states) {
        states.append(state, slots);
    }
    entry.live = {{"startds", static_cast<std::int64_t>(group.startds.size())},
                  {"slots", group.slots},
                  {"slots_by_state", states},
                  {"total_cpus", group.total.cpus},
                  {"free_cpus", group.free.cpus},
                  {"total_memory_bytes", bytes(group.total.memory_mib, kMebi)},
                  {"free_memory_bytes", bytes(group.free.memory_mib, kMebi)}};
    if (group.total.gpus > 0) {
        entry.live.set("total_gpus", group.total.gpus);
        entry.live.set("free_gpus", group.free.gpus);
    }
    return entry;
}

// The pool is there, even if nothing is in it now.
std::vector<model::Entry> PoolSlots::entries() const {
    std::vector<model::Entry> result;
    if (groups_.empty()) {
        result.push_back(entry("", {}));
    }
    for (const auto& [glidein, group] : groups_) {
        result.push_back(entry(glidein, group));
    }
    return result;
}

namespace {

class PoolQuery : public Query {
  public:
    PoolQuery(std::optional<std::string> pool, base::Time now)
        : pool_(pool), slots_(std::move(pool), now) {}

    std::string name() const override { return pool_ ? "condor:" + *pool_ : "condor"; }

    std::string identity() const override { return "entries " + condor_identity(pool_); }

    std::optional<Question> next() override {
        if (std::exchange(is_asked_, true)) {
            return std::nullopt;
        }
        auto argv = condor_status(pool_);
        argv.insert(argv.end(), {"-json", "-attributes",
                                 "Name,State,DynamicSlot,Cpus,Memory,Disk,GPUs,TotalSlotCpus,"
                                 "TotalSlotMemory,TotalSlotDisk,TotalSlotGPUs,Arch,OpSys,"
                                 "GLIDEIN_Entry_Name,GLIDEIN_Site"});
        return Question{argv};
    }

    void take(Answer answer) override {
        check_condor("condor_status", answer);
        AdFile file(answer.output.get(), "condor_status", classad::Format::Json);
        file.read([this](const FileAd& slot) { slots_.add(slot.ad); },
                  [](const base::Error& error) { throw base::Error(error); });
    }

    void each_record(const VisitRecord& visit) override {
        for (const auto& entry : slots_.entries()) {
            visit("entry", record::to_json(to_record(entry)));
        }
    }

  private:
    std::optional<std::string> pool_;
    PoolSlots slots_;
    bool is_asked_ = false;
};

}  // namespace

std::unique_ptr<Query> make_pool_query(const std::optional<std::string>& pool, base::Time now) {
    return std::make_unique<PoolQuery>(pool, now);
}

}  // namespace tow::source
