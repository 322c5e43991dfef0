#include "policy/resolve.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/ads.hpp"
#include "policy/figures.hpp"
#include "policy/standing.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using plan::EntryTerms;
using plan::Terms;

base::Time start_of(const Limit& limit, base::Time now) {
    switch (limit.window) {
        case Window::Day:
            return std::chrono::floor<std::chrono::days>(now);
        case Window::Month:
            return start_of_month(now);
        case Window::Rolling:
            break;
    }
    return now - limit.length;
}

// Sets one value of an override; the values were checked when they were read.
void set_value(model::Entry& entry, std::string_view key, const record::Value& value) {
    const auto count = value.integer().value_or(0);
    auto& limits = entry.limits;
    if (key == "state") {
        entry.state = model::entry_state(*value.string()).value_or(entry.state);
    } else if (key == "tier") {
        entry.tier = count;
    } else if (key == "max_pilots") {
        limits.max_pilots = count;
    } else if (key == "max_pending") {
        limits.max_pending = count;
    } else if (key == "max_held") {
        limits.max_held = count;
    } else if (key == "max_submit") {
        limits.max_submit = count;
    } else if (key == "max_remove") {
        limits.max_remove = count;
    }
}

class Resolver {
  public:
    Resolver(const Policy& policy, const plan::Situation& situation, base::Time now)
        : policy_(policy), situation_(situation), now_(now) {}

    Terms run() {
        terms_.max_age = policy_.max_age;
        terms_.valid_for = policy_.valid_for;
        terms_.merit = policy_.merit;
        terms_.by_health = policy_.by_health;
        take_entries();
        check_names(policy_.shapes);
        check_names(policy_.removals);
        check_names(policy_.breakers);
        check_names(policy_.downtimes);
        apply_rules();
        apply_overrides();
        for (std::size_t i = 0; i < terms_.entries.size(); ++i) {
            auto& entry = terms_.entries[i];
            first_for(policy_.shapes, i, entry.chain);
            first_for(policy_.removals, i, entry.removal);
            first_for(policy_.breakers, i, entry.breaker);
            first_for(policy_.downtimes, i, entry.downtime);
        }
        for (const auto& cap : policy_.caps) {
            const auto entries = selected(cap.selector);
            for (const auto& limit : cap.limits) {
                add_cap(fmt::format("{} of {}", limit.name, cap.name), limit, entries);
            }
        }
        add_sets();
        add_allocations();
        for (const auto& spill : policy_.spills) {
            add_spill(spill);
        }
        return std::move(terms_);
    }

  private:
    // In order of name; of two with one name the last.
    void take_entries() {
        std::map<std::string_view, const model::Entry*> entries;
        for (const auto& entry : situation_.entries) {
            if (!entries.insert_or_assign(entry.name, &entry).second) {
                terms_.warnings.push_back(
                    fmt::format("entry {} stands more than once: the last one counts", entry.name));
            }
        }
        terms_.entries.reserve(entries.size());
        for (const auto& [name, entry] : entries) {
            terms_.entries.emplace_back().entry = *entry;
        }
    }

    void apply_rules() {
        if (policy_.rules.empty()) {
            return;
        }
        for (const auto& rule : policy_.rules.rules()) {
            check_names(rule.selector);
        }
        const auto fired = policy_.rules.evaluate(figures_of(situation_, now_), now_);
        for (const auto& warning : fired.undecided) {
            terms_.warnings.push_back(warning.message);
        }
        for (std::size_t i = 0; i < terms_.entries.size(); ++i) {
            auto& terms = terms_.entries[i];
            const auto standing = standing_of(fired, terms.entry, ad_of(i), now_);
            tighten(terms.entry.limits.max_pilots, standing.max_pilots);
            tighten(terms.entry.limits.max_pending, standing.max_pending);
            tighten(terms.entry.limits.max_submit, standing.max_submit);
            terms.entry.tier += standing.tier_change;
            for (const auto& reason : standing.because) {
                if (!reason.is_overruled) {
                    terms.remarks.push_back({"rule", reason.effect.value, reason.text()});
                }
            }
            terms.vetoed = why_vetoed(standing);
        }
    }

    static void tighten(std::optional<std::int64_t>& limit,
                        const std::optional<std::int64_t>& cap) {
        if (cap) {
            limit = std::min(limit.value_or(*cap), *cap);
        }
    }

    static std::string why_vetoed(const Standing& standing) {
        if (standing.is_undecided) {
            return "a rule about it is undecided: unknown is not no";
        }
        if (standing.is_allowed()) {
            return {};
        }
        for (const auto& reason : standing.because) {
            if (!reason.is_overruled && (reason.effect.kind == Effect::Kind::Veto ||
                                         reason.effect.kind == Effect::Kind::Disable)) {
                return reason.text();
            }
        }
        return "a rule forbids it";
    }

    void apply_overrides() {
        std::vector<const model::Override*> in_force;
        for (const auto& override : situation_.overrides) {
            if (override.until > now_) {
                in_force.push_back(&override);
            }
        }
        std::ranges::sort(in_force, {}, [](const auto* override) { return override->id; });
        for (const auto* override : in_force) {  // the newest last: it wins
            for (auto& terms : terms_.entries) {
                if (base::matches_pattern(override->entries, terms.entry.name)) {
                    apply(*override, terms);
                }
            }
        }
    }

    static void apply(const model::Override& override, EntryTerms& terms) {
        for (const auto& [key, value] : override.values) {
            set_value(terms.entry, key, value);
            const auto* state = value.string();
            terms.remarks.push_back(
                {"override", value.integer().value_or(0),
                 fmt::format("{} {} until {} by {}: {}", key,
                             state != nullptr ? *state : fmt::format("{}", *value.integer()),
                             base::format_time(override.until), override.author, override.why)});
        }
    }

    const classad::Ad& ad_of(std::size_t entry) {
        if (ads_.empty()) {
            std::vector<std::string> problems;  // tow-demand has told of them
            for (const auto& terms : terms_.entries) {
                ads_.push_back(model::entry_ad(terms.entry, problems));
            }
        }
        return ads_[entry];
    }

    bool selects(const Selector& selector, std::size_t entry) {
        static const classad::Ad none;
        return selector.selects(terms_.entries[entry].entry,
                                selector.looks_at_ads() ? ad_of(entry) : none, now_);
    }

    void check_names(const Selector& selector) const {
        selector.check_names([this](std::string_view name) {
            const auto found = std::ranges::lower_bound(
                terms_.entries, name, {},
                [](const auto& e) { return std::string_view(e.entry.name); });
            return found != terms_.entries.end() && found->entry.name == name;
        });
    }

    template <class What>
    void check_names(const std::vector<For<What>>& list) const {
        for (const auto& item : list) {
            check_names(item.selector);
        }
    }

    std::vector<std::size_t> selected(const Selector& selector) {
        check_names(selector);
        std::vector<std::size_t> result;
        for (std::size_t i = 0; i < terms_.entries.size(); ++i) {
            if (selects(selector, i)) {
                result.push_back(i);
            }
        }
        return result;
    }

    template <class What>
    void first_for(const std::vector<For<What>>& list, std::size_t entry, What& what) {
        for (const auto& item : list) {
            if (selects(item.selector, entry)) {
                what = item.terms;
                return;
            }
        }
    }

    void add_cap(std::string name, const Limit& limit, const std::vector<std::size_t>& entries) {
        plan::CapTerms cap;
        cap.name = std::move(name);
        cap.entries = entries;
        cap.measure = limit.measure;
        cap.scope = limit.scope;
        cap.limit = limit.amount;
        cap.is_curb = limit.is_curb;
        cap.currency = limit.currency;
        if (limit.scope == plan::Scope::Window) {
            cap.window_from = start_of(limit, now_);
        }
        terms_.caps.push_back(std::move(cap));
    }

    void add_sets() {
        std::map<std::string, std::vector<std::size_t>> sets;
        for (std::size_t i = 0; i < terms_.entries.size(); ++i) {
            if (const auto& set = terms_.entries[i].entry.set) {
                sets[*set].push_back(i);
            }
        }
        const auto largest = [&](const std::vector<std::size_t>& members,
                                 auto limit) -> std::optional<std::int64_t> {
            std::int64_t most = 0;
            for (const auto i : members) {
                const auto& own = terms_.entries[i].entry.limits.*limit;
                if (!own) {
                    return {};
                }
                most = std::max(most, *own);
            }
            return most;
        };
        for (const auto& [set, members] : sets) {
            if (members.size() < 2) {
                continue;
            }
            if (const auto most = largest(members, &model::Limits::max_pilots)) {
                add_cap("max_pilots of set " + set, {.amount = *most}, members);
            }
            if (const auto most = largest(members, &model::Limits::max_pending)) {
                add_cap("max_pending of set " + set,
                        {.scope = plan::Scope::Pending, .amount = *most}, members);
            }
        }
    }

    // What is left of an account is a cap on all its entries together. What they used since it was
    // looked at is in the ledger, as far back as that goes.
    void add_allocations() {
        std::map<std::string, std::vector<std::size_t>> accounts;
        for (std::size_t i = 0; i < terms_.entries.size(); ++i) {
            const auto& allocation = terms_.entries[i].entry.allocation;
            if (allocation && allocation->charge_factor > 0) {
                accounts[allocation->account].push_back(i);
            }
        }
        for (const auto& [account, members] : accounts) {
            const auto* newest = newest_allocation(members);
            if (newest == nullptr || now_ - *newest->observed_at > kLedgerLength) {
                for (const auto i : members) {
                    auto& vetoed = terms_.entries[i].vetoed;
                    vetoed = vetoed.empty() ? fmt::format(
                                                  "what is left of the allocation of {} "
                                                  "is unknown",
                                                  account)
                                            : vetoed;
                }
                continue;
            }
            plan::CapTerms cap;
            cap.name = "what is left to " + account;
            cap.entries = members;
            cap.measure = plan::Measure::Charge;
            cap.scope = plan::Scope::Window;
            cap.limit = newest->left->count();
            cap.window_from = *newest->observed_at;
            terms_.caps.push_back(std::move(cap));
        }
    }

    // Of several observations of one account; of those of one time, the least that is left.
    const model::Allocation* newest_allocation(const std::vector<std::size_t>& members) const {
        const model::Allocation* newest = nullptr;
        for (const auto i : members) {
            const auto& allocation = *terms_.entries[i].entry.allocation;
            if (!allocation.left || !allocation.observed_at) {
                continue;
            }
            const bool is_newer =
                newest == nullptr || newest->observed_at < allocation.observed_at ||
                (newest->observed_at == allocation.observed_at && allocation.left < newest->left);
            newest = is_newer ? &allocation : newest;
        }
        return newest;
    }

    void add_spill(const Spill& spill) {
        auto terms = spill.terms;
        for (const auto& stage : spill.stages) {
            terms.stages.push_back({selected(stage.selector), stage.enough});
            for (const auto entry : terms.stages.back().entries) {
                if (!in_spill_.insert(entry).second) {
                    base::fail(base::Kind::Config, "{}: entry {} is in two stages of a spill",
                               spill.origin.text(), terms_.entries[entry].entry.name);
                }
            }
        }
        terms_.spills.push_back(std::move(terms));
    }

    const Policy& policy_;
    const plan::Situation& situation_;
    base::Time now_;
    Terms terms_;
    std::vector<classad::Ad> ads_;  // like the entries; made when one is needed
    std::set<std::size_t> in_spill_;
};

}  // namespace

Terms resolve(const Policy& policy, const plan::Situation& situation, base::Time now) {
    return Resolver(policy, situation, now).run();
}

}  // namespace tow::policy
