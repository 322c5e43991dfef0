// The invariants of the assignment on random instances; see tow-plan(1), "INVARIANTS".
#include "plan/assign.hpp"
#include "random.hpp"
#include "textbook_flow.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using property::Random;

constexpr int kInstances = 10'000;

struct Instance {
    std::vector<Work> work;
    std::vector<Bin> bins;
    std::vector<Cap> caps;
    std::vector<std::int64_t> outer;    // by cap: the next larger one, or -1
    std::vector<std::int64_t> per_bin;  // by cap
};

Assignment run(const Instance& instance) {
    return assign(instance.work, instance.bins, instance.caps);
}

void add_cap(Random& random, Instance& instance) {
    const auto caps = static_cast<std::int64_t>(instance.caps.size());
    instance.caps.push_back({random.between(-1, random.chance(20) ? 40 : 8)});
    instance.outer.push_back(random.between(-1, caps - 1));
    instance.per_bin.push_back(random.chance(80) ? 1 : random.between(2, 3));
}

void add_bin(Random& random, Instance& instance, std::int64_t most_cost) {
    Bin bin{random.between(0, 6), random.between(0, most_cost), random.between(0, 4), {}};
    auto cap = random.between(-1, static_cast<std::int64_t>(instance.caps.size()) - 1);
    while (cap >= 0) {
        const auto i = static_cast<std::size_t>(cap);
        bin.charges.push_back({i, instance.per_bin[i]});
        cap = instance.outer[i];
    }
    instance.bins.push_back(bin);
}

void add_work(Random& random, Instance& instance, std::int64_t most_jobs, std::int64_t most_size) {
    Work work;
    work.jobs = random.between(0, most_jobs);
    const auto density = random.one_of<int>({15, 30, 60});
    for (std::uint32_t bin = 0; bin < instance.bins.size(); ++bin) {
        if (random.chance(density)) {
            work.choices.push_back({bin, static_cast<std::uint32_t>(random.between(1, most_size))});
        }
    }
    std::ranges::sort(work.choices, {}, [](const auto& choice) { return choice.bin * 7 % 5; });
    instance.work.push_back(work);
}

// Nested caps, each charged alike by all its bins, and a job per bin: here the assignment is exact.
Instance exact_instance(Random& random) {
    Instance instance;
    for (auto i = random.between(0, 5); i > 0; --i) {
        add_cap(random, instance);
    }
    const auto most_cost = random.one_of<std::int64_t>({0, 3, 1000});
    for (auto i = random.between(1, 8); i > 0; --i) {
        add_bin(random, instance, most_cost);
    }
    for (auto i = random.between(1, 7); i > 0; --i) {
        add_work(random, instance, 8, 1);
    }
    return instance;
}

// Caps that overlap or are in other units, and often jobs of mixed sizes.
Instance any_instance(Random& random) {
    auto instance = exact_instance(random);
    const auto unit = random.one_of<std::int64_t>({1, 1, 100'000'000'000'000});
    for (auto i = random.between(0, 3); i > 0; --i) {
        instance.caps.push_back({random.between(0, 30) * unit});
        for (auto& bin : instance.bins) {
            if (random.chance(50)) {
                bin.charges.push_back({instance.caps.size() - 1, random.between(0, 5) * unit});
            }
        }
    }
    if (random.chance(60)) {
        instance.work.clear();
        for (auto i = random.between(1, 7); i > 0; --i) {
            add_work(random, instance, 40, 9);
        }
    }
    return instance;
}

std::vector<std::int64_t> room_left(const Instance& instance, const Assignment& assignment) {
    std::vector<std::int64_t> room;
    for (const auto& cap : instance.caps) {
        room.push_back(std::max<std::int64_t>(0, cap.room));
    }
    for (std::size_t i = 0; i < instance.bins.size(); ++i) {
        for (const auto& charge : instance.bins[i].charges) {
            room[charge.cap] -= charge.per_bin * assignment.opened[i];
        }
    }
    return room;
}

struct Use {
    std::vector<std::int64_t> left;  // jobs, by work
    std::vector<double> load;        // by bin
};

Use use_of(const Instance& instance, const Assignment& assignment) {
    Use use;
    for (const auto& work : instance.work) {
        use.left.push_back(work.jobs);
    }
    use.load.resize(instance.bins.size());
    for (const auto& placement : assignment.placements) {
        REQUIRE(placement.jobs > 0);
        use.left[placement.work] -= placement.jobs;
        const auto& choices = instance.work[placement.work].choices;
        const auto choice = std::ranges::find(choices, placement.bin, &Work::Choice::bin);
        REQUIRE(choice != choices.end());
        use.load[placement.bin] += static_cast<double>(placement.jobs) / choice->jobs_per_bin;
    }
    return use;
}

// I1, I2, and no bin opened in vain.
void check_feasible(const Instance& instance, const Assignment& assignment) {
    const auto use = use_of(instance, assignment);
    for (const auto left : use.left) {
        REQUIRE(left >= 0);
    }
    for (std::size_t i = 0; i < use.load.size(); ++i) {
        REQUIRE(assignment.opened[i] <= instance.bins[i].count);
        REQUIRE(use.load[i] <= static_cast<double>(assignment.opened[i]) + 1e-9);
        REQUIRE(use.load[i] > static_cast<double>(assignment.opened[i]) - 1);
    }
    for (const auto room : room_left(instance, assignment)) {
        REQUIRE(room >= 0);
    }
}

// No job is left over that could simply be placed.
void check_maximal(const Instance& instance, const Assignment& assignment) {
    const auto use = use_of(instance, assignment);
    const auto room = room_left(instance, assignment);
    for (std::size_t i = 0; i < instance.work.size(); ++i) {
        if (use.left[i] == 0) {
            continue;
        }
        for (const auto& choice : instance.work[i].choices) {
            const auto& bin = instance.bins[choice.bin];
            const auto opened = assignment.opened[choice.bin];
            const auto free = static_cast<double>(opened) - use.load[choice.bin];
            REQUIRE(free * choice.jobs_per_bin < 1 - 1e-6);
            REQUIRE_FALSE(
                (opened < bin.count && std::ranges::all_of(bin.charges, [&](const Charge& charge) {
                     return charge.per_bin <= room[charge.cap];
                 })));
        }
    }
}

bool same(const Assignment& a, const Assignment& b) {
    const auto equal = [](const Placement& x, const Placement& y) {
        return x.work == y.work && x.bin == y.bin && x.jobs == y.jobs;
    };
    return a.opened == b.opened && a.proven_optimal == b.proven_optimal &&
           std::ranges::equal(a.placements, b.placements, equal);
}

std::int64_t jobs_served(const Instance& instance) {
    return property::value_of(run(instance), instance.bins).jobs;
}

}  // namespace

TEST_CASE("I1, I2, I4: each job once, all caps held jointly, nothing left that fits, repeatable") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        CAPTURE(i);
        const auto instance = any_instance(random);
        const auto assignment = run(instance);
        check_feasible(instance, assignment);
        check_maximal(instance, assignment);
        REQUIRE(same(assignment, run(instance)));
    }
}

TEST_CASE("I7: with a job per bin and nested caps the assignment is the exact optimum") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        CAPTURE(i);
        const auto instance = exact_instance(random);
        const auto assignment = run(instance);
        check_feasible(instance, assignment);
        const auto best = property::TextbookFlow(instance.work, instance.bins, instance.caps).run();
        const auto found = property::value_of(assignment, instance.bins);
        REQUIRE(found.jobs == best.jobs);
        REQUIRE(found.cost == best.cost);
        REQUIRE(assignment.proven_optimal);
    }
}

namespace {

// By trying all ways to open bins; caps may overlap.
property::Best best_by_trial(Instance instance) {
    const auto bins = instance.bins;
    const auto caps = std::exchange(instance.caps, {});
    property::Best best;
    Assignment trial{{}, std::vector<std::int64_t>(bins.size()), false};
    for (std::size_t at = 0; at < bins.size();) {
        const auto room = room_left({{}, bins, caps, {}, {}}, trial);
        const auto value = property::value_of(trial, bins);
        const auto jobs =
            std::accumulate(trial.opened.begin(), trial.opened.end(), std::int64_t{0});
        if (std::ranges::none_of(room, [](auto left) { return left < 0; }) &&
            (jobs > best.jobs || (jobs == best.jobs && value.cost < best.cost))) {
            for (std::size_t i = 0; i < bins.size(); ++i) {
                instance.bins[i] = {trial.opened[i], 0, 0, {}};
            }
            const auto flow = property::TextbookFlow(instance.work, instance.bins, {}).run();
            best = flow.jobs == jobs ? property::Best{jobs, value.cost} : best;
        }
        for (at = 0; at < bins.size() && ++trial.opened[at] > bins[at].count; ++at) {
            trial.opened[at] = 0;
        }
    }
    return best;
}

}  // namespace

TEST_CASE("what is called proven is the optimum also where caps overlap") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    int proven = 0;
    int optimal = 0;
    for (int i = 0; i < kInstances; ++i) {
        CAPTURE(i);
        auto instance = exact_instance(random);
        instance.bins.resize(std::min<std::size_t>(instance.bins.size(), 4));
        for (auto& work : instance.work) {
            std::erase_if(work.choices, [&](auto choice) { return choice.bin > 3; });
        }
        for (auto& bin : instance.bins) {  // a tag that lies across the nest
            bin.count = std::min<std::int64_t>(bin.count, 2);
            if (random.chance(50)) {
                bin.charges.push_back({instance.caps.size(), random.between(1, 2)});
            }
        }
        instance.caps.push_back({random.between(1, 8)});
        const auto assignment = run(instance);
        check_feasible(instance, assignment);
        const auto best = best_by_trial(instance);
        const bool is_best = property::value_of(assignment, instance.bins) == best;
        REQUIRE((!assignment.proven_optimal || is_best));
        proven += assignment.proven_optimal ? 1 : 0;
        optimal += is_best ? 1 : 0;
    }
    CAPTURE(proven, optimal);
    REQUIRE(proven > kInstances * 8 / 10);
    REQUIRE(optimal > kInstances * 9 / 10);
}

TEST_CASE("where a bin holds several jobs of a size, as many as possible are served") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        CAPTURE(i);
        auto instance = exact_instance(random);
        instance.caps.clear();
        const auto size = static_cast<std::uint32_t>(random.between(2, 9));
        for (auto& bin : instance.bins) {
            bin.charges.clear();
        }
        for (auto& work : instance.work) {
            work.jobs = random.between(0, 40);
            for (auto& choice : work.choices) {
                choice.jobs_per_bin = size;
            }
        }
        const auto served = jobs_served(instance);
        for (auto& bin : instance.bins) {
            bin.count *= size;
        }
        REQUIRE(served == property::TextbookFlow(instance.work, instance.bins, {}).run().jobs);
    }
}

TEST_CASE("I3, I9: more jobs or one more bin never means fewer jobs served") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        auto instance = exact_instance(random);
        const auto before = jobs_served(instance);
        if (random.chance(50)) {
            instance.work[0].jobs += random.between(1, 5);
        } else {
            add_bin(random, instance, 3);
            for (auto& work : instance.work) {
                if (random.chance(50)) {
                    work.choices.push_back(
                        {static_cast<std::uint32_t>(instance.bins.size() - 1), 1});
                }
            }
        }
        CAPTURE(i);
        REQUIRE(jobs_served(instance) >= before);
    }
}

TEST_CASE("a search that is cut short still gives a valid assignment") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        CAPTURE(i);
        const auto instance = any_instance(random);
        const auto assignment =
            assign(instance.work, instance.bins, instance.caps, random.between(0, 60));
        check_feasible(instance, assignment);
        check_maximal(instance, assignment);
    }
}

}  // namespace tow::plan
