// Spill: "up to so many here; when it is full, there". Which stages are open, and to which jobs.
#pragma once

#include "plan/caps.hpp"
#include "plan/outlook.hpp"
#include "plan/terms.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tow::plan {

class SpillOrder {
  public:
    // Decides, with hysteresis, which entries count as full; that is left to the next decision in
    // the outlooks. A full entry gets no more.
    SpillOrder(const Terms& terms, const CapBook& caps, std::vector<Outlook>& outlooks,
               base::Time now);

    // 0 for entries of no spill and those of a first stage.
    std::size_t stage_of(std::size_t entry) const { return places_[entry].stage; }

    // Whether new pilots of the entry may serve these jobs, given all the entries they could run
    // at: its stage is open, or no earlier stage is of any use to them.
    bool is_open(std::size_t entry, const std::vector<std::uint32_t>& entries) const;

    // Why its stage is closed; empty: it is open.
    const std::string& why_closed(std::size_t entry) const;

  private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    struct Place {
        std::size_t spill = kNone;
        std::size_t stage = 0;
        bool is_usable = false;  // something could be sent there, now or when it is no longer full
    };

    void decide_full(const SpillTerms& terms, Outlook& outlook, base::Time now) const;
    void open_stages(const SpillTerms& terms, const CapBook& caps,
                     const std::vector<Outlook>& outlooks);

    std::vector<Place> places_;                     // like terms.entries
    std::vector<std::vector<std::string>> closed_;  // by spill and stage: why; empty: open
};

}  // namespace tow::plan
