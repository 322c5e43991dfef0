// The invariants of planning on random instances; see tow-plan(1), "INVARIANTS".
#include "base/ulid.hpp"
#include "plan/assign.hpp"
#include "plan/decide.hpp"
#include "random.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using property::Random;

constexpr int kInstances = 10'000;
constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

struct Instance {
    std::vector<Work> work;
    std::vector<Bin> bins;
    std::int64_t budget = 0;
};

// one_unit: every job fills a bin, so that an exact optimum is easy to find independently.
Instance random_instance(Random& random, bool one_unit) {
    Instance instance;
    const auto bins = random.between(1, 6);
    for (int i = 0; i < bins; ++i) {
        const bool is_new = random.chance(60);
        instance.bins.push_back({random.between(0, 6),
                                 is_new ? static_cast<int>(random.between(2, 4))
                                        : static_cast<int>(random.between(0, 1)),
                                 is_new});
    }
    const auto works = random.between(1, 6);
    for (int i = 0; i < works; ++i) {
        Work work;
        work.jobs = random.between(0, 12);
        for (std::size_t bin = 0; bin < instance.bins.size(); ++bin) {
            if (random.chance(50)) {
                work.choices.push_back({bin, one_unit ? 1 : random.between(1, 9)});
            }
        }
        instance.work.push_back(work);
    }
    instance.budget = random.chance(50) ? 1000 : random.between(0, 8);
    return instance;
}

Assignment run(const Instance& instance) {
    return assign(instance.work, instance.bins, instance.budget);
}

std::int64_t jobs_served(const Assignment& assignment) {
    std::int64_t sum = 0;
    for (const auto& placement : assignment.placements) {
        sum += placement.jobs;
    }
    return sum;
}

using Graph = std::vector<std::vector<std::int64_t>>;  // capacity left from node to node

// For each node the one before it on a shortest way from node 0 to node 1; the size if not reached.
std::vector<std::size_t> way_through(const Graph& capacity) {
    std::vector<std::size_t> from(capacity.size(), capacity.size());
    std::deque<std::size_t> queue{0};
    from[0] = 0;
    while (!queue.empty()) {
        const auto node = queue.front();
        queue.pop_front();
        for (std::size_t next = 0; next < capacity.size(); ++next) {
            if (from[next] == capacity.size() && capacity[node][next] > 0) {
                from[next] = node;
                queue.push_back(next);
            }
        }
    }
    return from;
}

// Jobs that bins up to this rank can serve, by a plain max-flow (one job moved at a time). The
// budget is an edge of its own in front of the new bins.
std::int64_t best(const Instance& instance, int rank) {
    // nodes: 0 source, 1 sink, 2 budget, then works, then bins
    const std::size_t works = instance.work.size();
    const std::size_t size = 3 + works + instance.bins.size();
    Graph capacity(size, std::vector<std::int64_t>(size));
    for (std::size_t i = 0; i < works; ++i) {
        capacity[0][3 + i] = instance.work[i].jobs;
        for (const auto& choice : instance.work[i].choices) {
            capacity[3 + i][3 + works + choice.bin] = 1000;
        }
    }
    capacity[2][1] = instance.budget;
    for (std::size_t i = 0; i < instance.bins.size(); ++i) {
        const auto& bin = instance.bins[i];
        const auto allowed = bin.rank <= rank ? bin.count : 0;
        capacity[3 + works + i][bin.is_new ? 2 : 1] = allowed;
    }
    std::int64_t flow = 0;
    for (;;) {
        const auto from = way_through(capacity);
        if (from[1] == size) {
            return flow;
        }
        for (std::size_t node = 1; node != 0; node = from[node]) {
            --capacity[from[node]][node];
            ++capacity[node][from[node]];
        }
        ++flow;
    }
}

std::int64_t served_up_to(const Instance& instance, const Assignment& assignment, int rank) {
    std::int64_t sum = 0;
    for (const auto& placement : assignment.placements) {
        sum += instance.bins[placement.bin].rank <= rank ? placement.jobs : 0;
    }
    return sum;
}

void check_feasible(const Instance& instance, const Assignment& assignment) {
    std::vector<std::int64_t> jobs(instance.work.size());
    std::vector<double> load(instance.bins.size());
    for (const auto& placement : assignment.placements) {
        REQUIRE(placement.jobs > 0);
        jobs[placement.work] += placement.jobs;
        const auto& choices = instance.work[placement.work].choices;
        const auto choice = std::ranges::find(choices, placement.bin, &Work::Choice::bin);
        REQUIRE(choice != choices.end());
        load[placement.bin] +=
            static_cast<double>(placement.jobs) / static_cast<double>(choice->jobs_per_bin);
    }
    std::int64_t opened_new = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        REQUIRE(jobs[i] <= instance.work[i].jobs);
    }
    for (std::size_t i = 0; i < load.size(); ++i) {
        REQUIRE(assignment.opened[i] <= instance.bins[i].count);
        REQUIRE(load[i] <= static_cast<double>(assignment.opened[i]) + 1e-9);
        REQUIRE(load[i] > static_cast<double>(assignment.opened[i]) - 1);
        opened_new += instance.bins[i].is_new ? assignment.opened[i] : 0;
    }
    REQUIRE(opened_new <= instance.budget);
}

}  // namespace

TEST_CASE("I1, I2: each job at most once, no cap exceeded, no bin opened in vain") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        const auto instance = random_instance(random, random.chance(30));
        check_feasible(instance, run(instance));
    }
}

TEST_CASE("I7: with caps in one unit the assignment is the exact optimum, rank by rank") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        const auto instance = random_instance(random, true);
        const auto assignment = run(instance);
        for (int rank = 0; rank <= 4; ++rank) {
            CAPTURE(i, rank);
            REQUIRE(served_up_to(instance, assignment, rank) == best(instance, rank));
        }
    }
}

TEST_CASE("I3, I9: more jobs or one more bin never means fewer jobs served") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < kInstances; ++i) {
        auto instance = random_instance(random, true);
        const auto before = jobs_served(run(instance));
        if (random.chance(50)) {
            instance.work[0].jobs += random.between(1, 5);
        } else {
            instance.bins.push_back({random.between(1, 4), 3, true});
            for (auto& work : instance.work) {
                if (random.chance(50)) {
                    work.choices.push_back({instance.bins.size() - 1, 1});
                }
            }
        }
        CAPTURE(i);
        REQUIRE(jobs_served(run(instance)) >= before);
    }
}

namespace {

Situation random_situation(Random& random) {
    Situation situation;
    std::vector<std::string> names;
    for (int i = 0; i < random.between(1, 6); ++i) {
        model::Entry entry;
        entry.name = "E" + std::to_string(i);
        entry.backend = "local";
        entry.pilot.cpus = random.between(1, 16);
        entry.pilot.memory_bytes = random.between(1, 64) << 30U;
        entry.nodes = random.between(1, 2);
        entry.tier = random.between(0, 2);
        if (random.chance(50)) {
            entry.limits.max_pilots = random.between(0, 20);
        }
        if (random.chance(50)) {
            entry.limits.max_pending = random.between(0, 10);
        }
        names.push_back(entry.name);
        if (random.chance(85)) {
            model::PilotCount count;
            count.entry = entry.name;
            count.pending = random.between(0, 5);
            count.running = random.between(0, 5);
            count.observed_at = kNow - std::chrono::seconds{random.between(0, 1000)};
            situation.counts.push_back(count);
        }
        situation.entries.push_back(std::move(entry));
    }
    for (int i = 0; i < random.between(0, 6); ++i) {
        model::JobClass job_class;
        job_class.id = "c" + std::to_string(i);
        job_class.idle_jobs = random.between(0, 60);
        job_class.request.cpus = random.between(1, 4);
        job_class.request.memory_bytes = random.between(1, 4) << 30U;
        for (const auto& name : names) {
            if (random.chance(50)) {
                job_class.entries.push_back(name);
            }
        }
        situation.classes.push_back(std::move(job_class));
    }
    if (random.chance(20)) {
        model::Gap gap;
        gap.scope = random.one_of<std::string>({"jobs", "entries", "pilots", "slots"});
        gap.source = "test";
        if (random.chance(50)) {
            gap.entries = {random.one_of(names)};
        }
        situation.gaps.push_back(gap);
    }
    return situation;
}

Policy random_policy(Random& random) {
    Policy policy;
    policy.remove = random.chance(70) ? model::RemoveWhat::Pending : model::RemoveWhat::None;
    policy.max_remove = random.between(0, 4);
    if (random.chance(40)) {
        policy.max_pilots = random.between(0, 40);
    }
    if (random.chance(40)) {
        policy.max_submit = random.between(0, 20);
    }
    return policy;
}

bool gap_forbids(const Situation& situation, const std::string& entry, bool removal) {
    return std::ranges::any_of(situation.gaps, [&](const model::Gap& gap) {
        const bool named =
            gap.entries.empty() || std::ranges::find(gap.entries, entry) != gap.entries.end();
        const bool pilots = gap.scope == "pilots" || gap.scope == "slots";
        return removal ? gap.scope == "jobs" || named : pilots && named;
    });
}

void check_decision(const Situation& situation, const Policy& policy, const Decision& decision) {
    std::int64_t submitted = 0;
    for (const auto& request : decision.requests) {
        CAPTURE(request.entry);
        const auto entry = std::ranges::find(situation.entries, request.entry, &model::Entry::name);
        const auto count =
            std::ranges::find(situation.counts, request.entry, &model::PilotCount::entry);
        const bool seen =
            count != situation.counts.end() && kNow - *count->observed_at <= policy.max_age;
        submitted += request.submit;
        const bool blind = !seen || gap_forbids(situation, request.entry, false);
        REQUIRE((request.submit == 0 || !blind));  // I6
        REQUIRE(
            (request.remove == 0 || (seen && !gap_forbids(situation, request.entry, true))));  // I6
        REQUIRE((request.submit == 0 || request.remove == 0));
        REQUIRE(request.remove <= policy.max_remove);
        if (seen) {
            const auto& limits = entry->limits;
            REQUIRE(request.submit <=
                    std::max<std::int64_t>(0, limits.max_pilots.value_or(1'000'000) -
                                                  count->pending - count->running));
            REQUIRE(
                request.submit <=
                std::max<std::int64_t>(0, limits.max_pending.value_or(1'000'000) - count->pending));
            REQUIRE(request.remove <= count->pending);
        }
        REQUIRE_FALSE(request.because.empty());  // I5
        REQUIRE(request.because.back().value == std::max(request.submit, request.remove));
    }
    REQUIRE(submitted <= policy.max_submit.value_or(submitted));  // I2
}

std::string text_of(const Decision& decision) {
    std::string text;
    for (const auto& request : decision.requests) {
        record::write_json(model::to_record(request), text);
    }
    return text;
}

}  // namespace

TEST_CASE("I2, I4, I5, I6: decisions respect caps and gaps, add up, and repeat to the byte") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    const auto plan = base::make_ulid(1'795'262'400'000, "test");
    for (int i = 0; i < kInstances; ++i) {
        const auto situation = random_situation(random);
        const auto policy = random_policy(random);
        const auto decision = decide(situation, policy, kNow, plan);
        CAPTURE(i);
        check_decision(situation, policy, decision);
        REQUIRE(text_of(decision) == text_of(decide(situation, policy, kNow, plan)));
    }
}

}  // namespace tow::plan
