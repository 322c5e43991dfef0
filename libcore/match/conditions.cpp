#include "match/conditions.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "classad/references.hpp"
#include "match/ads.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::match {

namespace {

using classad::Ad;
using classad::Truth;
using model::Side;

constexpr std::int64_t kKibi = 1024;
constexpr std::int64_t kMebi = 1048576;
constexpr std::uint64_t kDeep = 200;  // half of HTCondor's limit: closer to it the whole is tried
constexpr std::size_t kMostNumbers = 20'000;  // kinds of jobs whose answers are kept

// The one attribute of a job among those the condition mentions that asks for an amount.
std::string knob_of(const classad::Expr& expr) {
    static const Ad nothing;
    const auto names = reach(expr, nothing).names;
    std::string knob;
    for (const auto& amount : amounts()) {
        auto name = base::lower(amount.attribute);
        if (!name.empty() && names.contains(name)) {
            if (!knob.empty()) {
                return {};
            }
            knob = std::move(name);
        }
    }
    return knob;
}

void set(Truths& truths, std::size_t i, Truth truth) {
    switch (truth) {
        case Truth::True:
            truths.is_true.set(i);
            break;
        case Truth::Undefined:
            truths.is_undefined.set(i);
            break;
        case Truth::Error:
            truths.is_error.set(i);
            break;
        case Truth::False:
            break;
    }
}

void note(Condition& condition, const Truths& truths) {
    condition.fails |= truths.is_true.inverse();
    condition.undefined |= truths.is_undefined;
    condition.errors |= truths.is_error;
}

}  // namespace

const std::array<Amount, 5>& amounts() noexcept {
    static constexpr std::array<Amount, 5> kAmounts{
        Amount{"cpus", "RequestCpus", 1}, Amount{"memory", "RequestMemory", kMebi},
        Amount{"disk", "RequestDisk", kKibi}, Amount{"gpus", "RequestGPUs", 1},
        Amount{"walltime", "", 1}};
    return kAmounts;
}

std::optional<std::int64_t> amount_of(const model::Resources& resources, const Amount& amount) {
    switch (amount.dimension[0]) {
        case 'c':
            return resources.cpus;
        case 'm':
            return resources.memory_bytes;
        case 'd':
            return resources.disk_bytes;
        case 'g':
            return resources.gpus;
        default:
            return resources.walltime ? std::optional<std::int64_t>(resources.walltime->count())
                                      : std::nullopt;
    }
}

void set_amount(model::Resources& resources, const Amount& amount, std::int64_t value) {
    switch (amount.dimension[0]) {
        case 'c':
            resources.cpus = value;
            break;
        case 'm':
            resources.memory_bytes = value;
            break;
        case 'd':
            resources.disk_bytes = value;
            break;
        case 'g':
            resources.gpus = value;
            break;
        default:
            resources.walltime = std::chrono::seconds{value};
    }
}

std::string people_text(const Amount& amount, std::int64_t value) {
    if (amount.attribute.empty()) {
        const auto text = base::format_duration(std::chrono::seconds{value});
        return base::parse_duration(text) == std::chrono::seconds{value}
                   ? text
                   : fmt::format("{}s", value);
    }
    if (amount.unit == 1) {
        return std::to_string(value);
    }
    constexpr std::array<std::string_view, 6> kNames{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    std::size_t unit = 0;
    while (value != 0 && value % kKibi == 0 && unit + 1 < kNames.size()) {
        value /= kKibi;
        ++unit;
    }
    return fmt::format("{} {}", value, kNames[unit]);
}

std::string_view noun_of(const Amount& amount) noexcept {
    switch (amount.dimension[0]) {
        case 'c':
            return "cores";
        case 'g':
            return "GPUs";
        case 'w':
            return "wall time";
        default:
            return amount.dimension;
    }
}

std::int64_t count_passing(const std::vector<Condition>& conditions, std::size_t entries) {
    Bits failing(entries);
    for (const auto& condition : conditions) {
        failing |= condition.fails;
    }
    return static_cast<std::int64_t>(failing.inverse().count());
}

Places::Places(const std::vector<model::Entry>& entries, base::Time now)
    : entries_(entries.size()),
      options_{.now = now},
      targets_({}, options_),
      out_of_service_(entries.size()) {
    std::ranges::transform(entries, entries_.begin(), [](const auto& entry) { return &entry; });
    ads_ = make_ads();
    targets_ = Targets(pointers_to(ads_), options_);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (model::effective_state(*entries_[i], now) != model::EntryState::InService) {
            out_of_service_.set(i);
        }
        std::uint64_t depth = 0;
        for (const auto& attribute : ads_[i]) {
            depth += is_constant(*attribute.value) ? 0 : attribute.value->height() + 1;
            if (known_.insert(base::lower(attribute.name)).second) {
                names_.push_back(attribute.name);
            }
        }
        deepest_ = std::max(deepest_, depth);
        starts_.push_back(split_requirements(ads_[i]));
    }
    collect_rules();
}

std::vector<Ad> Places::make_ads() {
    std::vector<Ad> ads;
    for (const auto* entry : entries_) {
        std::vector<std::string> problems;
        ads.push_back(entry_ad(*entry, problems));
        for (const auto& problem : problems) {
            problems_.push_back(fmt::format("entry {}: {}", entry->name, problem));
        }
    }
    return ads;
}

std::size_t Places::family_of(const Reach& reached) {
    auto key = base::join({reached.names.begin(), reached.names.end()}, " ");
    key += reached.unbounded ? "*" : "";
    const auto [found, is_new] = family_index_.try_emplace(std::move(key), families_.size());
    if (is_new) {
        families_.push_back({reached.names, reached.unbounded, {}});
    }
    return found->second;
}

void Places::collect_rules() {
    std::map<std::pair<std::string, std::string>, std::size_t>
        index;  // by text, then what it reads
    std::vector<Rule> rules;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
        for (const auto& clause : starts_[i]) {
            const auto reached = reach(*clause.expr, ads_[i]);
            unbounded_ = unbounded_ || reached.unbounded;
            auto own = reached.unbounded ? whole_text(ads_[i]) : projection(ads_[i], reached.names);
            const auto [found, is_new] =
                index.try_emplace({clause.text, std::move(own)}, rules.size());
            if (is_new) {
                rules.push_back({clause, &ads_[i], Bits(size()), family_of(reached), {}});
            }
            rules[found->second].entries.set(i);
        }
    }
    for (const auto& [key, rule] : index) {
        rules_.push_back(std::move(rules[rule]));
    }
}

const Clause* Places::start_clause(std::size_t entry, std::string_view text) const {
    const auto found = std::ranges::find(starts_[entry], text, &Clause::text);
    return found == starts_[entry].end() ? nullptr : &*found;
}

// By family: the same for jobs that no rule of the family can tell apart; 0 if that is not known.
std::vector<std::size_t> Places::numbers_of(const Job& job) {
    std::vector<std::size_t> result;
    for (auto& family : families_) {
        const bool unknown = family.unbounded || job.ad.hides_special_names() ||
                             has_expression(job.ad, family.names);
        if (unknown || family.numbers.size() >= kMostNumbers) {
            result.push_back(0);
            continue;
        }
        result.push_back(
            family.numbers.try_emplace(projection(job.ad, family.names), family.numbers.size() + 1)
                .first->second);
    }
    return result;
}

bool Places::is_true(const Rule& rule, std::size_t number) {
    return number < rule.answers.size() &&
           rule.answers[number] == static_cast<std::uint8_t>(static_cast<int>(Truth::True) + 1);
}

// At the entries of the rule. If the job answers with an expression of its own, that may look at
// anything the entry has, so that they are no longer alike.
Truths Places::truths_of(Rule& rule, std::size_t number, const Job& job) const {
    const auto evaluate = [&](const Ad& ad) {
        return classad::evaluate_truth(*rule.clause.expr, &ad, &job.ad, options_);
    };
    Truths result{Bits(size()), Bits(size()), Bits(size())};
    if (number == 0) {
        rule.entries.for_each([&](std::size_t i) { set(result, i, evaluate(ads_[i])); });
        return result;
    }
    rule.answers.resize(std::max(rule.answers.size(), number + 1));
    auto& answer = rule.answers[number];
    if (answer == 0) {
        answer = static_cast<std::uint8_t>(static_cast<int>(evaluate(*rule.ad)) + 1);
    }
    const auto truth = static_cast<Truth>(answer - 1);
    rule.entries.for_each([&](std::size_t i) { set(result, i, truth); });
    return result;
}

std::vector<Condition> Places::conditions(const Job& job) {
    std::vector<Condition> result;
    if (entries_.empty()) {
        return result;
    }
    add_requirements(job, result);
    add_shape(job, result);
    add_starts(job, result);
    add_state(result);
    add_whole(job, result);
    return result;
}

void Places::add_requirements(const Job& job, std::vector<Condition>& result) {
    for (const auto& clause : split_requirements(job.ad)) {
        const auto truths = targets_.truths(*clause.expr, job.ad);
        if (truths.is_true.count() == size()) {
            continue;
        }
        auto& condition = result.emplace_back(Side::Job, clause.text, size());
        condition.expr = clause.expr;
        condition.knob = knob_of(*clause.expr);
        note(condition, truths);
    }
}

void Places::add_shape(const Job& job, std::vector<Condition>& result) const {
    for (const auto& amount : amounts()) {
        const auto asked = amount_of(job.request, amount);
        if (!asked) {
            continue;
        }
        const bool is_open = amount.dimension == "disk" || amount.dimension == "walltime";
        Bits fails(size());
        for (std::size_t i = 0; i < size(); ++i) {
            const auto offered = amount_of(entries_[i]->pilot, amount);
            if (*asked > offered.value_or(is_open ? *asked : 0)) {
                fails.set(i);
            }
        }
        if (fails.any()) {
            auto& condition =
                result.emplace_back(Side::Shape,
                                    fmt::format("enough {}: the job asks for {}", noun_of(amount),
                                                people_text(amount, *asked)),
                                    size());
            condition.fails = std::move(fails);
            condition.knob = amount.attribute.empty() ? "walltime" : base::lower(amount.attribute);
        }
    }
}

void Places::add_starts(const Job& job, std::vector<Condition>& result) {
    const auto numbers = numbers_of(job);
    const Condition* last = nullptr;
    for (auto& rule : rules_) {
        const auto number = numbers[rule.family];
        if (number != 0 && is_true(rule, number)) {
            continue;
        }
        const auto truths = truths_of(rule, number, job);
        auto fails = rule.entries;
        fails -= truths.is_true;
        if (!fails.any()) {
            continue;
        }
        if (last == nullptr || last->text != rule.clause.text) {
            auto& condition = result.emplace_back(Side::Entry, rule.clause.text, size());
            condition.knob = knob_of(*rule.clause.expr);
            last = &condition;
        }
        auto& condition = result.back();
        condition.fails |= fails;
        condition.undefined |= truths.is_undefined;
        condition.errors |= truths.is_error;
    }
}

void Places::add_state(std::vector<Condition>& result) const {
    if (out_of_service_.any()) {
        auto& condition = result.emplace_back(Side::State, "the entry is in service", size());
        condition.fails = out_of_service_;
    }
}

// Clauses that are true one by one, in an expression that is not: it is past a limit of evaluation.
void Places::add_whole(const Job& job, std::vector<Condition>& result) const {
    const auto* requirements = job.ad.find("Requirements");
    if (requirements == nullptr) {
        return;
    }
    const auto reached = reach(*requirements, job.ad);
    if (!unbounded_ && !reached.unbounded && reached.depth + deepest_ <= kDeep) {
        return;
    }
    Bits left = Bits(size()).inverse();
    for (const auto& condition : result) {
        left -= condition.fails;
    }
    Condition whole(Side::Job, "the expressions as a whole are within the limits of evaluation",
                    size());
    left.for_each([&](std::size_t i) {
        if (!classad::matches(job.ad, ads_[i], options_)) {
            whole.fails.set(i);
        }
    });
    if (whole.fails.any()) {
        result.push_back(std::move(whole));
    }
}

std::vector<std::string> missing_attributes(const Places& places, const Job& job,
                                            const Condition& condition) {
    const classad::Expr* expr = condition.expr.get();
    condition.undefined.for_each([&](std::size_t i) {
        const auto* clause = expr == nullptr ? places.start_clause(i, condition.text) : nullptr;
        expr = clause != nullptr ? clause->expr.get() : expr;
    });
    if (expr == nullptr || !condition.undefined.any()) {
        return {};
    }
    const bool of_job = condition.side == Side::Job;
    const auto in_job = [&](const std::string& name) { return job.ad.find(name) != nullptr; };
    const auto in_entries = [&](const std::string& name) {
        return places.defines(base::lower(name));
    };
    const auto names = classad::mentions(*expr);
    std::vector<std::string> result;
    for (const auto& name : names.target) {
        if (!(of_job ? in_entries(name) : in_job(name))) {
            result.push_back("TARGET." + name);
        }
    }
    for (const auto& name : names.my) {
        if (!(of_job ? in_job(name) : in_entries(name))) {
            result.push_back("MY." + name);
        }
    }
    for (const auto& name : names.unscoped) {
        if (classad::special_name(name) == classad::Special::None && !in_job(name) &&
            !in_entries(name)) {
            result.push_back(name);
        }
    }
    return result;
}

}  // namespace tow::match
