// I8: the parts of all entries add up to the jobs that match anything; see tow-plan(1).
#include "match/shares.hpp"
#include "random.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace tow::match {

using property::Random;

namespace {

struct Sums {
    std::int64_t jobs = 0;      // that match anything
    std::int64_t only_one = 0;  // that match one entry
    std::int64_t cores = 0;
};

Sums add_random(Random& random, std::size_t entries, Shares& shares) {
    Sums sums;
    for (auto left = random.between(0, 8); left > 0; --left) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < entries; ++i) {
            if (random.chance(40)) {
                places.push_back(i);
            }
        }
        const auto jobs = random.between(0, 1000);
        const auto cores = random.between(1, 8);
        shares.add(places, jobs, cores);
        sums.jobs += places.empty() ? 0 : jobs;
        sums.cores += places.empty() ? 0 : jobs * cores;
        sums.only_one += places.size() == 1 ? jobs : 0;
    }
    return sums;
}

}  // namespace

TEST_CASE("I8: the parts of all entries add up to the jobs that match anything") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < 10'000; ++i) {
        const auto entries = static_cast<std::size_t>(random.between(1, 9));
        Shares shares(entries, Split::Exact);
        const auto expected = add_random(random, entries, shares);
        Sums sums;
        double cores = 0;
        for (std::size_t e = 0; e < entries; ++e) {
            const auto share = shares.of(e);
            REQUIRE(share.jobs <= share.matching);
            REQUIRE(share.jobs >= share.only_here);
            sums.jobs += share.jobs;
            sums.only_one += share.only_here;
            cores += share.cores;
        }
        CAPTURE(i);
        REQUIRE(sums.jobs == expected.jobs);
        REQUIRE(sums.only_one == expected.only_one);
        REQUIRE(cores == Approx(static_cast<double>(expected.cores)));
    }
}

TEST_CASE("GlideinWMS's parts never add up to fewer, nor to one more for each entry") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int i = 0; i < 10'000; ++i) {
        const auto entries = static_cast<std::size_t>(random.between(1, 9));
        Shares shares(entries, Split::GwmsCeil);
        const auto expected = add_random(random, entries, shares);
        std::int64_t sum = 0;
        for (std::size_t e = 0; e < entries; ++e) {
            sum += shares.of(e).jobs;
        }
        CAPTURE(i);
        REQUIRE(sum >= expected.jobs);
        REQUIRE(sum < expected.jobs + static_cast<std::int64_t>(entries) + 1);
    }
}

}  // namespace tow::match
