// The independent judge of assignments: a minimum-cost flow by successive shortest paths
// (Bellman-Ford with a queue), as textbooks have it. For instances with one job per bin, where the
// charges of each bin name nested caps, the innermost first, and a cap is charged alike by all.
#pragma once

#include "plan/assign.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace tow::property {

struct Best {
    std::int64_t jobs = 0;
    std::int64_t cost = 0;
    bool operator==(const Best&) const = default;
};

class TextbookFlow {
  public:
    TextbookFlow(const std::vector<plan::Work>& work, const std::vector<plan::Bin>& bins,
                 const std::vector<plan::Cap>& caps)
        : out_(2 + work.size() + bins.size() + caps.size()) {
        const auto first_bin = 2 + work.size();
        const auto first_cap = first_bin + bins.size();
        for (std::size_t i = 0; i < work.size(); ++i) {
            connect(0, 2 + i, work[i].jobs, 0);
            for (const auto& choice : work[i].choices) {
                connect(2 + i, first_bin + choice.bin, work[i].jobs, 0);
            }
        }
        std::vector<bool> seen(caps.size());
        for (std::size_t i = 0; i < bins.size(); ++i) {
            auto from = first_bin + i;
            auto capacity = bins[i].count;
            auto cost = bins[i].cost;
            bool known = false;
            for (const auto& charge : bins[i].charges) {
                connect(from, first_cap + charge.cap, capacity, cost);
                known = seen[charge.cap];
                if (known) {
                    break;
                }
                seen[charge.cap] = true;
                from = first_cap + charge.cap;
                capacity = std::max<std::int64_t>(0, caps[charge.cap].room) / charge.per_bin;
                cost = 0;
            }
            if (!known) {
                connect(from, 1, capacity, cost);
            }
        }
    }

    Best run() {
        Best best;
        while (search()) {
            auto units = std::numeric_limits<std::int64_t>::max();
            for (std::size_t node = 1; node != 0; node = arcs_[reached_by_[node] ^ 1U].to) {
                units = std::min(units, arcs_[reached_by_[node]].residual);
            }
            for (std::size_t node = 1; node != 0; node = arcs_[reached_by_[node] ^ 1U].to) {
                arcs_[reached_by_[node]].residual -= units;
                arcs_[reached_by_[node] ^ 1U].residual += units;
            }
            best.jobs += units;
            best.cost += units * distance_[1];
        }
        return best;
    }

  private:
    struct Arc {
        std::size_t to;
        std::int64_t residual;
        std::int64_t cost;
    };

    static constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();

    // Arcs come in pairs: the number of the one back differs in the last bit.
    void connect(std::size_t from, std::size_t to, std::int64_t capacity, std::int64_t cost) {
        out_[from].push_back(arcs_.size());
        arcs_.push_back({to, std::max<std::int64_t>(0, capacity), cost});
        out_[to].push_back(arcs_.size());
        arcs_.push_back({from, 0, -cost});
    }

    bool search() {
        distance_.assign(out_.size(), kFar);
        reached_by_.assign(out_.size(), 0);
        std::vector<bool> waiting(out_.size());
        std::vector<std::size_t> queue{0};
        distance_[0] = 0;
        for (std::size_t at = 0; at < queue.size(); ++at) {
            const auto node = queue[at];
            waiting[node] = false;
            for (const auto number : out_[node]) {
                const auto& arc = arcs_[number];
                if (arc.residual == 0 || distance_[node] + arc.cost >= distance_[arc.to]) {
                    continue;
                }
                distance_[arc.to] = distance_[node] + arc.cost;
                reached_by_[arc.to] = number;
                if (!waiting[arc.to]) {
                    waiting[arc.to] = true;
                    queue.push_back(arc.to);
                }
            }
        }
        return distance_[1] != kFar;
    }

    std::vector<std::vector<std::size_t>>
        out_;  // arcs, by node: 0 source, 1 sink, works, bins, caps
    std::vector<Arc> arcs_;
    std::vector<std::int64_t> distance_;
    std::vector<std::size_t> reached_by_;
};

inline Best value_of(const plan::Assignment& assignment, const std::vector<plan::Bin>& bins) {
    Best value;
    for (const auto& placement : assignment.placements) {
        value.jobs += placement.jobs;
    }
    for (std::size_t i = 0; i < bins.size(); ++i) {
        value.cost += assignment.opened[i] * bins[i].cost;
    }
    return value;
}

}  // namespace tow::property
