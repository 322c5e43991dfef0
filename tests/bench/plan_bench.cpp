// How long an assignment takes: job classes against new and pending pilots of many entries under
// joint caps. Also proves a smaller one, without overlapping caps, against a textbook flow.
//   bench_plan [SEED]
#include "plan/assign.hpp"
#include "property/random.hpp"
#include "property/textbook_flow.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sys/resource.h>

#include <fmt/core.h>

namespace {

using tow::plan::Assignment;
using tow::plan::Bin;
using tow::plan::Cap;
using tow::plan::Work;
using tow::property::Random;

constexpr std::size_t kEntriesOfSite = 40;
constexpr std::size_t kTiers = 5;

struct Shape {
    const char* what;
    std::size_t works;
    std::size_t entries;
    std::size_t choices;   // of a work
    int demand;            // jobs in percent of what could be served
    bool tags = false;     // caps that overlap the others
    bool mixed = false;    // jobs of 1 and of 8 cores
    bool by_site = false;  // a work goes to whole sites, rather than anywhere
    bool flat = false;     // no figure of merit: all costs of a tier are equal
};

struct Instance {
    std::vector<Work> work;
    std::vector<Bin> bins;  // new pilots by entry, then pending ones by entry, then some idle room
    std::vector<Cap> caps;  // all, sites, tags
    std::int64_t jobs = 0;
    std::size_t arcs = 0;
};

void make_bins(Random& random, const Shape& shape, Instance& to) {
    const auto sites = shape.entries / kEntriesOfSite;
    to.caps.push_back({static_cast<std::int64_t>(shape.entries) * 9});
    for (std::size_t i = 0; i < sites; ++i) {
        to.caps.push_back({random.between(100, 1000)});
    }
    for (std::size_t i = 0; i < shape.entries; ++i) {
        const auto tier = static_cast<std::int64_t>(i % kTiers);
        Bin bin{random.between(1, 30),
                1'000'000 * (tier + 1) + (shape.flat ? 0 : random.between(0, 9999)),
                0,
                {}};
        bin.charges = {{1 + i / kEntriesOfSite, 1}, {0, 1}};
        to.bins.push_back(bin);
    }
    for (std::size_t i = 0; i < shape.entries; ++i) {
        to.bins.push_back({random.between(0, 5), 1, 0, {}});
    }
    for (std::size_t i = 0; i < shape.entries / 4; ++i) {
        to.bins.push_back({random.between(1, 3), 0, 0, {}});
    }
    for (int tag = 0; shape.tags && tag < 8; ++tag) {
        to.caps.push_back({static_cast<std::int64_t>(shape.entries) / 4});
        for (std::size_t i = 0; i < shape.entries; ++i) {
            if (random.chance(15)) {
                to.bins[i].charges.push_back({to.caps.size() - 1, 1});
            }
        }
    }
}

void add_entry(std::size_t entry, std::uint32_t size, const Shape& shape, Work& work) {
    work.choices.push_back({static_cast<std::uint32_t>(entry), size});
    work.choices.push_back({static_cast<std::uint32_t>(shape.entries + entry), size});
    if (entry % 4 == 0) {
        work.choices.push_back({static_cast<std::uint32_t>(2 * shape.entries + entry / 4), size});
    }
}

void choose(Random& random, const Shape& shape, std::uint32_t size, Work& work) {
    std::vector<bool> chosen(shape.entries);
    const auto alike = shape.by_site ? kEntriesOfSite : 1;
    while (work.choices.size() < shape.choices) {
        const auto groups = static_cast<std::int64_t>(shape.entries / alike);
        const auto first = static_cast<std::size_t>(random.between(0, groups - 1)) * alike;
        if (chosen[first]) {
            continue;
        }
        chosen[first] = true;
        for (auto entry = first; entry < first + alike; ++entry) {
            add_entry(entry, size, shape, work);
        }
    }
}

void make_work(Random& random, const Shape& shape, Instance& to) {
    const auto room = static_cast<std::int64_t>(shape.entries) * 12;
    const auto mean = room * shape.demand / 100 / static_cast<std::int64_t>(shape.works);
    for (std::size_t i = 0; i < shape.works; ++i) {
        const std::uint32_t size = shape.mixed && random.chance(50) ? 8 : 1;
        Work work;
        work.jobs = random.between(1, 2 * mean + 1) * size;
        choose(random, shape, size, work);
        to.jobs += work.jobs;
        to.arcs += work.choices.size();
        to.work.push_back(std::move(work));
    }
}

Instance make(Random& random, const Shape& shape) {
    Instance instance;
    make_bins(random, shape, instance);
    make_work(random, shape, instance);
    return instance;
}

// Of one processor: there is one thread, and other programs may use the rest of the machine.
template <class Action>
double seconds(Action action) {
    const auto start = std::clock();
    action();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double measure(const Shape& shape, const Instance& instance, Assignment& result) {
    double spent = 1e9;
    for (int i = 0; i < 3; ++i) {
        spent = std::min(
            spent, seconds([&] { result = assign(instance.work, instance.bins, instance.caps); }));
    }
    const auto value = tow::property::value_of(result, instance.bins);
    fmt::print("{:<28}{:>9} jobs {:>9} served {:>9} arcs {:8.3f} s {:6.0f} MiB{}\n", shape.what,
               instance.jobs, value.jobs, instance.arcs, spent, peak_mib(),
               result.proven_optimal ? ", proven" : "");
    return spent;
}

void prove(Random& random, const Shape& shape) {
    const auto instance = make(random, shape);
    Assignment result;
    const auto ours = measure(shape, instance, result);
    tow::property::Best best;
    const auto theirs = seconds([&] {
        best = tow::property::TextbookFlow(instance.work, instance.bins, instance.caps).run();
    });
    const auto value = tow::property::value_of(result, instance.bins);
    fmt::print("  textbook flow {:.3f} s: {:.0f} times slower; jobs {} and {}, cost {} and {}\n",
               theirs, theirs / ours, value.jobs, best.jobs, value.cost, best.cost);
    if (!(value == best)) {
        fmt::print("  they differ\n");
        std::exit(1);  // NOLINT(concurrency-mt-unsafe) there is one thread
    }
}

}  // namespace

int main(int argc, char** argv) {
    Random random(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20261122);
    prove(random, {.what = "small", .works = 1200, .entries = 480, .choices = 80, .demand = 60});
    prove(random, {.what = "small, short of room",
                   .works = 1200,
                   .entries = 480,
                   .choices = 80,
                   .demand = 150});
    const Shape full{
        .what = "200 choices", .works = 5000, .entries = 2000, .choices = 200, .demand = 60};
    const auto variant = [&](const char* what, auto change) {
        auto shape = full;
        shape.what = what;
        change(shape);
        Assignment result;
        measure(shape, make(random, shape), result);
    };
    variant("200 choices", [](auto&) {});
    variant("just enough room", [](auto& shape) { shape.demand = 95; });
    variant("short of room", [](auto& shape) { shape.demand = 150; });
    variant("whole sites", [](auto& shape) { shape.by_site = true; });
    variant("equal costs in a tier", [](auto& shape) { shape.flat = true; });
    variant("equal costs, short of room", [](auto& shape) {
        shape.flat = true;
        shape.demand = 150;
    });
    variant("tags", [](auto& shape) { shape.tags = true; });
    variant("tags, whole sites", [](auto& shape) { shape.tags = shape.by_site = true; });
    variant("tags, equal costs", [](auto& shape) { shape.tags = shape.flat = true; });
    variant("tags, 1 and 8 cores", [](auto& shape) { shape.tags = shape.mixed = true; });
    variant("tags, 1 and 8 cores, sites",
            [](auto& shape) { shape.tags = shape.mixed = shape.by_site = true; });
    variant("tags, 1 and 8 cores, equal",
            [](auto& shape) { shape.tags = shape.mixed = shape.flat = true; });
    variant("tags, 1000 choices", [](auto& shape) {
        shape.tags = true;
        shape.choices = 1000;
    });
    return 0;
}
