#include "plan/assign.hpp"

#include "plan/fill.hpp"
#include "plan/problem.hpp"
#include "plan/simplex.hpp"

#include <algorithm>

namespace tow::plan {

namespace {

Assignment result_of(const Problem& problem, const Flow& flow, std::size_t works,
                     std::size_t bins) {
    Assignment result;
    result.opened.resize(bins);
    for (Node bin = 0; bin < problem.bins; ++bin) {
        result.opened[problem.bin_index[bin]] = flow.up[problem.works + bin];
    }
    std::vector<Node> place(works, kNone);
    for (Node work = 0; work < problem.works; ++work) {
        place[problem.work_index[work]] = work;
    }
    for (std::size_t i = 0; i < works; ++i) {
        const auto work = place[i];
        const auto before = static_cast<std::ptrdiff_t>(result.placements.size());
        for (auto arc = work == kNone ? 0 : problem.arcs_from[work];
             work != kNone && arc < problem.arcs_from[work + 1]; ++arc) {
            if (flow.placed[arc] > 0) {
                const auto bin = problem.bin_index[problem.bin_of[arc] - problem.works];
                result.placements.push_back({i, bin, flow.placed[arc]});
            }
        }
        std::ranges::sort(result.placements.begin() + before, result.placements.end(), {},
                          &Placement::bin);
    }
    return result;
}

}  // namespace

Assignment assign(const std::vector<Work>& work, const std::vector<Bin>& bins,
                  const std::vector<Cap>& caps, std::int64_t most_looks) {
    const auto problem = make_problem(work, bins, caps);
    Flow flow(problem);
    Filler filler(problem, flow, most_looks);
    filler.run();
    const bool proven = problem.one_size && Simplex(problem, flow, most_looks).run();
    filler.finish();
    auto result = result_of(problem, flow, work.size(), bins.size());
    result.proven_optimal = proven;
    return result;
}

}  // namespace tow::plan
