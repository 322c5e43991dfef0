// Which entries a rule, a cap or a change of shape is about.
//
//   entries: "HPC_*"                   name, and likewise site:, set: and tag:
//   site: [T2_DE_*, T2_FR_*]           one pattern of several must match
//   where: Cpus >= 8 && GLIDEIN_Arch is undefined     ClassAd; names are attributes of the entry's
//   ad
//
// All that is given must hold; nothing given selects every entry.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "config/node.hpp"
#include "model/entry.hpp"
#include "policy/expression.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::policy {

class Selector {
  public:
    Selector() = default;  // every entry

    // Takes its keys from the map, and leaves the others. Error{Config} with file and line, also
    // for a key without a value: "entries:" with the rest forgotten must not select everything.
    static Selector read(config::MapReader& reader);

    // ad: model::entry_ad() of the entry. An entry without site or set is selected by no pattern of
    // these, not even by "*"; where must be true, so undefined or an error does not select.
    bool selects(const model::Entry& entry, const classad::Ad& ad, base::Time now) const;

    bool is_everything() const noexcept;
    bool looks_at_ads() const noexcept { return where_.expr != nullptr; }

    bool names_entries() const;  // each by its name, not by a pattern

    // Error{Config} with file and line for a name of an entry, not a pattern, that is not known.
    void check_names(const std::function<bool(std::string_view)>& is_known) const;

    // In words: "all entries", "entries HPC_* or CLOUD_*, where Cpus > 4".
    std::string text() const;

    // Of the first of its keys, or of the map it was read from.
    const config::Origin& origin() const noexcept { return origin_; }

  private:
    using Patterns = std::vector<std::string>;  // empty: not given

    Patterns entries_;
    Patterns sites_;
    Patterns sets_;
    Patterns tags_;
    Expression where_;
    config::Origin origin_;
};

}  // namespace tow::policy
