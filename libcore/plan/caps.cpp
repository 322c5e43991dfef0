#include "plan/caps.hpp"

#include "plan/workload.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace tow::plan {

namespace {

constexpr std::int64_t kAllTheRoom = std::int64_t{1} << 50U;
constexpr double kMicro = 1e6;

std::int64_t rounded_up(double amount) {
    constexpr double kMost = 1e15;
    return static_cast<std::int64_t>(std::min(std::ceil(amount), kMost));
}

std::int64_t micro(double cost) {
    return rounded_up(cost * kMicro);
}

std::int64_t core_seconds(const model::Entry& entry) {
    const auto walltime = entry.pilot.walltime.value_or(std::chrono::seconds{0}).count();
    return cores_of_pilot(entry) * std::min<std::int64_t>(walltime, kMostOfAnything);
}

// What is missing to tell how much a pilot takes; empty: nothing.
std::string missing_for(const CapTerms& cap, const model::Entry& entry) {
    const bool by_time = cap.measure != Measure::Pilots && cap.measure != Measure::Cores;
    if (by_time && !entry.pilot.walltime) {
        return "its pilots have no wall time";
    }
    if (cap.measure == Measure::MicroCost &&
        (!entry.cost || entry.cost->currency != cap.currency)) {
        return fmt::format("it has no price in {}", cap.currency);
    }
    return {};
}

std::int64_t charge_of_pilot(Measure measure, const model::Entry& entry) {
    switch (measure) {
        case Measure::Pilots:
            return 1;
        case Measure::Cores:
            return cores_of_pilot(entry);
        case Measure::CoreSeconds:
            return core_seconds(entry);
        case Measure::Charge:
            return charged_seconds(static_cast<double>(core_seconds(entry)), entry);
        case Measure::MicroCost:
            break;
    }
    return micro(static_cast<double>(core_seconds(entry)) / 3600 *
                 entry.cost.value_or(model::Cost{}).per_core_hour);
}

std::int64_t amount(Measure measure, const model::Use& use, const model::Entry& entry) {
    const auto core_seconds = std::min(use.core_seconds, kMostOfADay);
    switch (measure) {
        case Measure::CoreSeconds:
            return core_seconds;
        case Measure::Charge:
            return std::min(charged_seconds(static_cast<double>(core_seconds), entry), kMostOfADay);
        case Measure::MicroCost:
            return std::min(micro(use.cost), kMostOfADay);
        case Measure::Pilots:
        case Measure::Cores:
            break;
    }
    return std::min(use.pilots, kMostOfAnything);
}

// What the ledger holds against the cap: the days it touches, and what living pilots may still use.
std::int64_t used_in_window(const CapTerms& cap, const model::Usage& usage,
                            const model::Entry& entry) {
    auto sum = amount(cap.measure, usage.committed, entry);
    for (const auto& [day, use] : usage.days) {
        sum += day + std::chrono::days{1} > cap.window_from ? amount(cap.measure, use, entry) : 0;
    }
    return sum;
}

std::int64_t used_now(const CapTerms& cap, const model::PilotCount& count,
                      const model::Entry& entry) {
    const auto pilots = cap.scope == Scope::Existing  ? existing_pilots(count)
                        : cap.scope == Scope::Pending ? count.pending
                                                      : 0;
    return pilots * (cap.measure == Measure::Cores ? cores_of_pilot(entry) : 1);
}

std::string in_unit(Measure measure, std::int64_t amount, const std::string& currency) {
    switch (measure) {
        case Measure::Pilots:
            return fmt::format("{}", amount);
        case Measure::Cores:
            return fmt::format("{} cores", amount);
        case Measure::CoreSeconds:
            return fmt::format("{:.1f} core hours", static_cast<double>(amount) / 3600);
        case Measure::Charge:
            return fmt::format("{:.1f} hours", static_cast<double>(amount) / 3600);
        case Measure::MicroCost:
            break;
    }
    return fmt::format("{:.2f} {}", static_cast<double>(amount) / kMicro, currency);
}

}  // namespace

std::int64_t charged_seconds(double core_seconds, const model::Entry& entry) {
    const auto factor = entry.allocation.value_or(model::Allocation{}).charge_factor;
    return rounded_up(core_seconds / static_cast<double>(entry.pilot.cpus) * factor);
}

CapBook::CapBook(const Terms& terms, const Situation& situation,
                 const std::vector<Outlook>& outlooks)
    : terms_(terms),
      charges_(terms.entries.size()),
      curbs_(terms.entries.size()),
      unchargeable_(terms.entries.size()) {
    std::map<std::string_view, const model::Usage*> usages;
    for (const auto& usage : situation.usages) {
        usages[usage.entry] = &usage;
    }
    for (std::size_t c = 0; c < terms.caps.size(); ++c) {
        const auto& cap = terms.caps[c];
        std::int64_t used = 0;
        for (const auto e : cap.entries) {
            const auto& entry = terms.entries[e].entry;
            const auto usage = usages.find(entry.name);
            if (cap.scope != Scope::Window) {
                used += used_now(cap, outlooks[e].count, entry);
            } else if (usage != usages.end()) {
                used += used_in_window(cap, *usage->second, entry);
            }
            if (cap.is_curb) {
                curbs_[e].push_back(c);
            } else if (auto missing = missing_for(cap, entry); !missing.empty()) {
                unchargeable_[e] = fmt::format("{} cannot be kept: {}", cap.name, missing);
            } else if (const auto charge = charge_of_pilot(cap.measure, entry); charge > 0) {
                charges_[e].push_back({c, charge});
            }
        }
        used_.push_back(used);
        rooms_.push_back({cap.is_curb ? kAllTheRoom : std::max<std::int64_t>(0, cap.limit - used)});
    }
}

std::string CapBook::unchargeable(std::size_t entry) const {
    return unchargeable_[entry];
}

std::int64_t CapBook::room_for(std::size_t entry) const {
    auto room = kUnlimited;
    for (const auto& charge : charges_[entry]) {
        room = std::min(room, rooms_[charge.cap].room / charge.per_bin);
    }
    return room;
}

bool CapBook::had_room(std::size_t entry) const {
    return std::ranges::all_of(charges_[entry], [this](const Charge& charge) {
        return terms_.caps[charge.cap].limit - used_[charge.cap] >= charge.per_bin;
    });
}

void CapBook::take(std::size_t entry, std::int64_t pilots) {
    for (const auto& charge : charges_[entry]) {
        rooms_[charge.cap].room -= pilots * charge.per_bin;
    }
}

std::string CapBook::in_words(std::size_t cap) const {
    const auto& terms = terms_.caps[cap];
    const auto limit = in_unit(terms.measure, terms.limit, terms.currency);
    return used_[cap] == 0 ? fmt::format("{} {}", terms.name, limit)
                           : fmt::format("{} {}, {} used", terms.name, limit,
                                         in_unit(terms.measure, used_[cap], terms.currency));
}

std::string CapBook::tightest(std::size_t entry) const {
    const auto& charges = charges_[entry];
    const auto found = std::ranges::min_element(charges, {}, [&](const Charge& charge) {
        return rooms_[charge.cap].room / charge.per_bin;
    });
    return found == charges.end() ? std::string{} : in_words(found->cap);
}

std::vector<std::string> CapBook::curbs(std::size_t entry) const {
    std::vector<std::string> result;
    for (const auto cap : curbs_[entry]) {
        if (used_[cap] >= terms_.caps[cap].limit) {
            result.push_back(in_words(cap));
        }
    }
    return result;
}

}  // namespace tow::plan
