// What the rules that fired make of one entry, with their conflicts settled:
//
//   veto wins over enable: true, which wins over enable: false. "otherwise: {enable: false}" says
//   that this rule does not ask for the entry, not that no other may: with several rules that each
//   switch an entry on for a reason of their own, it is on if any of them fires, and off if none
//   does. Who means "never, whatever others say" writes veto.
//   Of several caps the smallest holds. Preferences add up.
//
// Nothing here depends on the order of the rules.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "model/entry.hpp"
#include "policy/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::policy {

struct Standing {
    // An effect that some rule has on the entry. Overruled: a stronger one of its kind holds
    // instead.
    struct Reason {
        const Rule* rule = nullptr;
        Effect effect;
        bool is_overruled = false;

        std::string text() const;  // "rule spill (policy.yaml:12): enable: true"
    };

    bool is_vetoed = false;
    std::optional<bool> enabled;  // nothing: no rule speaks of it
    // A rule that could have switched this entry on or off, or vetoed it, is undecided. Sending
    // pilots on the strength of its silence would take unknown for no.
    bool is_undecided = false;
    std::optional<std::int64_t> max_pilots;
    std::optional<std::int64_t> max_pending;
    std::optional<std::int64_t> max_submit;
    std::int64_t tier_change = 0;  // lower tiers are filled first
    std::vector<Reason> because;   // in the order of the file

    // As far as rules go; an entry that is not in service stays so.
    bool is_allowed() const noexcept { return !is_vetoed && enabled.value_or(true); }
};

// ad: model::entry_ad() of the entry. Points into the Rules.
Standing standing_of(const Fired& fired, const model::Entry& entry, const classad::Ad& ad,
                     base::Time now);

}  // namespace tow::policy
