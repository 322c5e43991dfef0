// Each job counted once: what part of the jobs that match an entry falls to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tow::match {

enum class Split : std::uint8_t {
    Exact,     // whole jobs; the parts of all entries add up to the jobs that match anything
    GwmsCeil,  // as GlideinWMS does: equal fractions, added up and rounded up at each entry, so
               // that the parts add up to more; cores by the average of all jobs that match there
};

class Shares {
  public:
    Shares(std::size_t entries, Split split);

    // Jobs that are alike and match just these entries, positions in rising order. The same calls
    // in the same order give the same parts.
    void add(std::span<const std::size_t> entries, std::int64_t jobs, std::int64_t cores_each);

    struct Share {
        std::int64_t matching = 0;   // jobs that could run here
        std::int64_t only_here = 0;  // ... and nowhere else
        std::int64_t jobs = 0;       // its part of them
        double cores = 0;            // that these ask for
    };

    Share of(std::size_t entry) const;

  private:
    struct Sums {
        std::int64_t matching = 0;
        std::int64_t only_here = 0;
        std::int64_t cores_matching = 0;
        std::int64_t given = 0;
        std::int64_t cores_given = 0;
        double ideal = 0;  // what would be given if jobs could be cut in pieces
    };

    void give(std::span<const std::size_t> entries, std::int64_t jobs, std::int64_t cores_each);

    Split split_;
    std::vector<Sums> sums_;
    std::vector<std::size_t> order_;  // scratch
};

// Rounded up, but not for what adding fractions has left behind the point.
std::int64_t round_up(double value) noexcept;

}  // namespace tow::match
