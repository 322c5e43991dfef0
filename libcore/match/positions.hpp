// Where attributes were in the last ad. Ads of one source have the same attributes in the same
// order, and looking there first saves a visit to the index of each ad, which is in no cache.
// Internal to the column engine.
#pragma once

#include "classad/ad.hpp"
#include "match/prefetch.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace tow::match {

class Positions {
  public:
    // What ad.find(name) says.
    const classad::Expr* find(const classad::Ad& ad, const classad::Name& name) noexcept {
        auto& last = last_[name.hash % last_.size()];
        if (last.hash != name.hash) {
            last = {name.hash, classad::Ad::kNowhere};
        }
        const auto* found = ad.find(name, last.position);
        if (last.position < is_used_.size() && !is_used_[last.position]) {
            is_used_[last.position] = true;
            used_.push_back(last.position);
        }
        return found;
    }

    // Asks for what was used of the ads before these.
    void prefetch_used(std::span<const classad::Ad* const> ads) {
        for (const auto* ad : ads) {
            for_each_used(*ad, [](const auto& entry) { __builtin_prefetch(&entry.hash); });
        }
        for (const auto* ad : ads) {
            for_each_used(*ad, [](const auto& entry) { prefetch(entry.value.get()); });
        }
        used_.clear();
        is_used_.fill(false);
    }

  private:
    template <class Visit>
    void for_each_used(const classad::Ad& ad, Visit visit) const {
        for (const auto position : used_) {
            if (position < ad.size()) {
                visit(ad.begin()[position]);
            }
        }
    }

    struct Last {
        std::uint64_t hash = 0;
        std::uint32_t position = classad::Ad::kNowhere;
    };

    std::array<Last, 256> last_{};  // by the hash of the name; the latest takes the place
    std::array<bool, 256> is_used_{};
    std::vector<std::uint32_t> used_;
};

}  // namespace tow::match
