#include "source/job_grouper.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "classad/evaluate.hpp"
#include "classad/references.hpp"
#include "classad/unparse.hpp"
#include "record/object_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include <fmt/core.h>

namespace tow::source {

namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 53U;  // what JSON readers keep exact

// JobStatus of HTCondor. 6 (transferring output) and 7 (suspended) hold their slot.
enum Status : std::int64_t { Idle = 1, Running = 2, Held = 5, Transferring = 6, Suspended = 7 };

std::int64_t scaled(double number, double unit) {
    const auto bytes = std::ceil(number * unit);
    return bytes <= 0                               ? 0
           : bytes >= static_cast<double>(kLargest) ? kLargest
                                                    : static_cast<std::int64_t>(bytes);
}

// What makes the id: a JSON array of all that tells groups apart.
std::string identity_of(const model::JobGroup& group) {
    std::string text = "[";
    record::write_string(group.source, text);
    text += ',';
    record::ObjectWriter request(text);
    set_fields(group.request, request);
    request.close();
    text += ',';
    record::write_string(group.requirements, text);
    text += ',';
    record::write_json(group.ad, text);
    text += ',';
    record::write_json(group.ad_exprs, text);
    return text += ']';
}

}  // namespace

std::string group_identity(const GroupOptions& options) {
    const auto text = [](const classad::ExprPtr& expr) {
        return expr == nullptr ? std::string() : classad::unparse(*expr);
    };
    return fmt::format("{} | {} | {}", base::join(options.attributes, ","), text(options.walltime),
                       text(options.constraint));
}

const std::vector<std::string>& usual_attributes() {
    static const std::vector<std::string> names{
        "JobUniverse",         "AccountingGroup",       "ProjectName",      "DESIRED_Sites",
        "DESIRED_Entries",     "REQUIRED_OS",           "SingularityImage", "ContainerImage",
        "x509UserProxyVOName", "x509UserProxyFirstFQAN"};
    return names;
}

std::string_view usual_walltime() {
    return "AllowedExecuteDuration ?: AllowedJobDuration ?: (MaxWallTimeMins * 60) ?: "
           "(maxWallTime * 60) ?: JOB_EXPECTED_MAX_LIFETIME";
}

std::string_view JobGrouper::bytes_of(const Key& key) noexcept {
    static_assert(sizeof(Item) == 2 * sizeof(std::uint32_t));  // no padding
    return {reinterpret_cast<const char*>(key.data()), key.size() * sizeof(Item)};
}

std::size_t JobGrouper::KeyHash::operator()(const Key& key) const noexcept {
    return base::hash64(bytes_of(key));
}

JobGrouper::Key JobGrouper::key_of(std::uint32_t group) const {
    const auto& bytes = keys_.text(group);
    Key key(bytes.size() / sizeof(Item));
    std::memcpy(key.data(), bytes.data(), bytes.size());
    return key;
}

JobGrouper::JobGrouper(AttributeTable& wanted, GroupOptions options)
    : wanted_(wanted), options_(std::move(options)) {
    known_ = {attribute("Requirements"),
              attribute("JobStatus"),
              attribute("EnteredCurrentStatus"),
              attribute("QDate"),
              attribute("ServerTime"),
              attribute("Owner"),
              attribute("JobCount"),
              attribute("RequestCpus"),
              attribute("RequestMemory"),
              attribute("RequestDisk"),
              attribute("RequestGPUs"),
              synthetic(" walltime", options_.walltime),
              synthetic(" constraint", options_.constraint)};
    grouped_ = {known_.requirements, known_.cpus, known_.memory,
                known_.disk,         known_.gpus, known_.walltime};
    for (const auto number : {known_.cpus, known_.memory, known_.disk, known_.gpus}) {
        column(number).is_evaluated = true;
    }
    for (const auto& name : options_.attributes) {
        grouped_.push_back(attribute(name));
    }
}

std::uint32_t JobGrouper::attribute(std::string_view name) {
    return static_cast<std::uint32_t>(wanted_.add(name));
}

// An attribute that no ad has: its name cannot be written. Every job has this expression for it.
std::uint32_t JobGrouper::synthetic(std::string_view name, const classad::ExprPtr& expr) {
    const auto number = attribute(name);
    auto& values = column(number);
    values.is_evaluated = true;
    if (expr != nullptr) {
        values.texts.intern("");
        values.decoded.push_back({expr, std::nullopt, false});
        auto names = mentioned(*expr);
        column(number).mentions.push_back(std::move(names));
    }
    return number;
}

JobGrouper::Column& JobGrouper::column(std::uint32_t attribute) {
    if (attribute >= columns_.size()) {
        columns_.resize(attribute + 1);
    }
    return columns_[attribute];
}

// The attributes of the job itself that the expression looks at.
std::vector<std::uint32_t> JobGrouper::mentioned(const classad::Expr& expr) {
    const auto names = classad::mentions(expr);
    std::vector<std::uint32_t> numbers;
    for (const auto* list : {&names.unscoped, &names.my, &names.root}) {
        for (const auto& name : *list) {
            numbers.push_back(attribute(name));
        }
    }
    return numbers;
}

std::uint32_t JobGrouper::intern(Column& values, std::string_view text) {
    const auto number = values.texts.intern(text);
    if (number == values.decoded.size()) {
        values.decoded.push_back(decode(text, syntax_));
        values.mentions.emplace_back();
        broken_values_ += values.decoded.back().is_broken ? 1 : 0;
        repaired_values_ += values.decoded.back().is_repaired ? 1 : 0;
    }
    return number + 1;
}

// The number of the current ad's value, 0 if it has none.
std::uint32_t JobGrouper::value_of(std::uint32_t attribute) {
    auto& values = column(attribute);
    if (attribute == known_.walltime || attribute == known_.constraint) {
        return static_cast<std::uint32_t>(values.decoded.empty() ? 0 : 1);
    }
    if (attribute >= raw_->size() || (*raw_)[attribute].data() == nullptr) {
        return 0;
    }
    const auto before = values.decoded.size();
    const auto value = intern(values, (*raw_)[attribute]);
    if (values.decoded.size() != before && !values.decoded.back().literal) {
        auto names = mentioned(*values.decoded.back().expr);  // may move columns_
        column(attribute).mentions.back() = std::move(names);
    }
    return value;
}

void JobGrouper::append_to(Key& key, std::uint32_t attribute, bool evaluate) {
    if (std::ranges::find(key, attribute, &Item::attribute) != key.end()) {
        return;
    }
    const auto value = value_of(attribute);
    if (value == 0 || columns_[attribute].decoded[value - 1].literal) {
        key.push_back({attribute, value});
        return;
    }
    if (evaluate && columns_[attribute].is_evaluated) {
        if (const auto result = evaluated(attribute, value); result != 0) {
            key.push_back({attribute, result});
            return;
        }
    }
    key.push_back({attribute, value});
    const auto names = columns_[attribute].mentions[value - 1];  // a copy: columns_ may grow
    for (const auto name : names) {
        append_to(key, name, evaluate);
    }
}

// The number of the value that the expression has in this job; 0 if it is none that JSON can hold.
std::uint32_t JobGrouper::evaluated(std::uint32_t attribute, std::uint32_t value) {
    Key closure;
    append_to(closure, attribute, false);
    const auto [known, is_new] = evaluations_.try_emplace(closure, 0);
    if (!is_new) {
        return known->second;
    }
    const auto ad = ad_of(closure);
    const auto result = classad::evaluate(*columns_[attribute].decoded[value - 1].expr, &ad,
                                          nullptr, {.now = options_.now});
    if (result && (result->if_integer() != nullptr || result->if_real() != nullptr ||
                   result->if_boolean() != nullptr)) {
        const auto outer = std::exchange(syntax_, ValueSyntax::New);
        known->second = intern(columns_[attribute], classad::unparse(*result));
        syntax_ = outer;
    }
    return known->second;
}

classad::Ad JobGrouper::ad_of(const Key& key) {
    classad::Ad ad;
    for (const auto& [attribute, value] : key) {
        if (value != 0 && wanted_.name(attribute).front() != ' ') {
            ad.insert(wanted_.name(attribute), columns_[attribute].decoded[value - 1].expr);
        }
    }
    return ad;
}

void JobGrouper::make_key() {
    key_.clear();
    for (const auto attribute : grouped_) {
        append_to(key_, attribute, true);
    }
}

bool JobGrouper::is_counted() {
    if (options_.constraint == nullptr) {
        return true;
    }
    const auto result = evaluated(known_.constraint, 1);
    const auto& values = columns_[known_.constraint].decoded;
    const auto& literal = result == 0 ? std::nullopt : values[result - 1].literal;
    return literal && (literal->boolean() ? *literal->boolean() : literal->number() != 0.0);
}

template <class Rescan>
void JobGrouper::add_scanned(Rescan rescan, std::int64_t jobs) {
    make_key();
    bool counted = is_counted();
    while (wanted_.size() != raw_->size()) {  // the ad mentions attributes that were not read
        rescan();
        make_key();
        counted = is_counted();
    }
    if (!counted || jobs <= 0) {
        return;
    }
    const auto number = keys_.intern(bytes_of(key_));
    if (number == groups_.size()) {
        groups_.emplace_back();
    }
    count(groups_[number], std::min(jobs, kLargest));
}

void JobGrouper::add(AdStream& stream) {
    raw_ = &stream.values();
    syntax_ = stream.syntax();
    const auto jobs = options_.trust_job_count ? integer(known_.jobs).value_or(1) : 1;
    add_scanned([&] { stream.rescan(); }, jobs);
}

void JobGrouper::add(std::string_view json_ad, std::int64_t jobs) {
    RawValues values;
    const auto scan = [&] { scan_json_ad(json_ad, true, wanted_, values); };
    scan();
    raw_ = &values;
    syntax_ = ValueSyntax::Json;
    add_scanned(scan, jobs);
    raw_ = nullptr;
}

std::optional<std::int64_t> JobGrouper::integer(std::uint32_t attribute) const {
    const auto text = (*raw_)[attribute];
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} ? std::optional{number} : std::nullopt;
}

void JobGrouper::count(Group& group, std::int64_t jobs) {
    const auto add_to = [jobs](std::int64_t& sum) { sum = std::min(sum + jobs, kLargest); };
    const auto status = integer(known_.status).value_or(0);
    if (status == Running || status == Transferring || status == Suspended) {
        add_to(group.running);
    } else if (status == Held) {
        add_to(group.held);
    }
    if (const auto owner = value_of(known_.owner); owner != 0) {
        const auto at = std::ranges::lower_bound(group.users, owner);
        if (at == group.users.end() || *at != owner) {
            group.users.insert(at, owner);
        }
    }
    if (status != Idle) {
        return;
    }
    add_to(group.idle);
    auto since = integer(known_.entered);
    since = since ? since : integer(known_.queued);
    if (since) {
        const auto now =
            integer(known_.server_time).value_or(options_.now.time_since_epoch().count());
        // Both may be anything that fits 64 bits.
        const auto age = std::clamp<std::int64_t>(now, 0, kLargest) -
                         std::clamp<std::int64_t>(*since, 0, kLargest);
        group.oldest_idle = std::max(group.oldest_idle.value_or(0), age);  // at least 0
        for (std::size_t i = 0; i < kAges.size(); ++i) {
            if (age >= kAges[i]) {
                add_to(group.idle_by_age[i]);
            }
        }
    }
}

// Thousands of groups have the same Requirements.
const std::string& JobGrouper::shown(const Item& item) {
    auto& values = columns_[item.attribute];
    const auto [known, is_new] = values.shown.try_emplace(item.value);
    if (is_new) {
        known->second = classad::unparse(*values.decoded[item.value - 1].expr);
    }
    return known->second;
}

void JobGrouper::add_attribute(const Item& item, model::JobGroup& result) {
    if (item.value == 0) {
        return;
    }
    const auto& decoded = columns_[item.attribute].decoded[item.value - 1];
    const auto number = number_of(*decoded.expr);
    auto& request = result.request;
    constexpr double kMebi = 1048576;  // RequestMemory is in MiB, RequestDisk in KiB
    constexpr double kKibi = 1024;
    if (number && item.attribute == known_.cpus) {
        request.cpus = scaled(*number, 1);
    } else if (number && item.attribute == known_.memory) {
        request.memory_bytes = scaled(*number, kMebi);
    } else if (number && item.attribute == known_.disk) {
        request.disk_bytes = scaled(*number, kKibi);
    } else if (number && item.attribute == known_.gpus) {
        request.gpus = scaled(*number, 1);
    } else if (number && item.attribute == known_.walltime) {
        request.walltime = std::chrono::seconds{scaled(*number, 1)};
    }
    const auto& name = wanted_.name(item.attribute);
    if (item.attribute == known_.requirements) {
        result.requirements = shown(item);
    } else if (name.front() == ' ') {
        return;
    } else if (decoded.literal) {
        result.ad.append(name, *decoded.literal);
    } else {
        result.ad_exprs.append(name, shown(item));
    }
}

model::JobGroup JobGrouper::describe(std::uint32_t number, const std::string& source) {
    const auto& group = groups_[number];
    const auto key = key_of(number);
    model::JobGroup result;
    result.source = source;
    result.requirements = "true";  // HTCondor takes a job without Requirements anywhere
    result.idle_jobs = group.idle;
    result.running_jobs = group.running;
    result.held_jobs = group.held;
    result.ad.reserve(key.size());
    for (const auto& item : key) {
        add_attribute(item, result);
    }
    for (std::size_t i = 0; i < kAges.size(); ++i) {
        result.idle_by_age.push_back({std::chrono::seconds{kAges[i]}, group.idle_by_age[i]});
    }
    if (group.oldest_idle) {
        result.oldest_idle = std::chrono::seconds{*group.oldest_idle};
    }
    for (const auto user : group.users) {
        const auto& literal = columns_[known_.owner].decoded[user - 1].literal;
        if (literal && literal->string() != nullptr) {
            result.users.push_back(*literal->string());
        }
    }
    std::ranges::sort(result.users);
    result.observed_at = options_.now;
    result.id = base::hash_hex(identity_of(result));
    return result;
}

std::vector<std::uint32_t> JobGrouper::largest_first() const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < groups_.size(); ++i) {
        const auto& group = groups_[i];
        if (group.idle + group.running + group.held > 0) {  // not only removed or completed jobs
            order.push_back(i);
        }
    }
    // Groups of equal size stay as they came: an order by id would depend on the name of the
    // source.
    std::ranges::stable_sort(order, std::greater{}, [this](std::uint32_t i) {
        return std::tuple(groups_[i].idle, groups_[i].running, groups_[i].held);
    });
    return order;
}

void JobGrouper::for_each_group(const std::string& source, const VisitGroup& visit) {
    for (const auto number : largest_first()) {
        visit(describe(number, source));
    }
}

}  // namespace tow::source
