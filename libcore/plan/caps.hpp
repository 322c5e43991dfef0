// The limits over several entries together: what is used, what is left, and what one more pilot of
// an entry takes from each.
#pragma once

#include "plan/assign.hpp"
#include "plan/outlook.hpp"
#include "plan/situation.hpp"
#include "plan/terms.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tow::plan {

// What an account is charged for core seconds of pilots of the entry: seconds of their nodes times
// the entry's charge factor, as centres charge for nodes; rounded up.
std::int64_t charged_seconds(double core_seconds, const model::Entry& entry);

class CapBook {
  public:
    // outlooks: like terms.entries.
    CapBook(const Terms& terms, const Situation& situation, const std::vector<Outlook>& outlooks);

    // Why no pilot of the entry can be charged to its caps; empty: each can.
    std::string unchargeable(std::size_t entry) const;

    const std::vector<Cap>& rooms() const noexcept { return rooms_; }
    const std::vector<Charge>& charges(std::size_t entry) const { return charges_[entry]; }

    std::int64_t room_for(std::size_t entry) const;           // pilots that every cap still allows
    bool had_room(std::size_t entry) const;                   // before anything was taken
    void take(std::size_t entry, std::int64_t pilots);        // or gives back, if negative
    std::string tightest(std::size_t entry) const;            // in words; empty: no cap
    std::vector<std::string> curbs(std::size_t entry) const;  // that are reached, in words

  private:
    std::string in_words(std::size_t cap) const;

    const Terms& terms_;
    std::vector<Cap> rooms_;                    // like terms.caps; curbs have all the room there is
    std::vector<std::int64_t> used_;            // like terms.caps
    std::vector<std::vector<Charge>> charges_;  // like terms.entries
    std::vector<std::vector<std::size_t>> curbs_;
    std::vector<std::string> unchargeable_;
};

}  // namespace tow::plan
