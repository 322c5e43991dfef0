#include "plan/assign.hpp"

#include <numeric>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using Numbers = std::vector<std::int64_t>;

std::vector<Work::Choice> all_of(std::size_t bins, std::uint32_t jobs_per_bin) {
    std::vector<Work::Choice> choices;
    for (std::uint32_t bin = 0; bin < bins; ++bin) {
        choices.push_back({bin, jobs_per_bin});
    }
    return choices;
}

Bin bin(std::int64_t count, std::int64_t cost, std::vector<Charge> charges = {}) {
    return {count, cost, 0, std::move(charges)};
}

std::int64_t sum(const Numbers& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0});
}

std::int64_t jobs_in(const Assignment& assignment) {
    std::int64_t jobs = 0;
    for (const auto& placement : assignment.placements) {
        jobs += placement.jobs;
    }
    return jobs;
}

}  // namespace

TEST_CASE("one job that matches 300 places opens one bin, not 300") {
    const std::vector<Bin> bins(300, bin(10, 2));
    CHECK(sum(assign({{1, all_of(300, 1)}}, bins, {}).opened) == 1);
}

TEST_CASE("a thousand jobs over a thousand equal places open one bin each") {
    const std::vector<Bin> bins(1000, bin(10, 2));
    CHECK(assign({{1000, all_of(1000, 1)}}, bins, {}).opened == Numbers(1000, 1));
}

TEST_CASE("a thousand works of one job share as fairly as one work of a thousand") {
    const std::vector<Bin> bins(1000, bin(10, 2));
    const std::vector<Work> work(1000, Work{1, all_of(1000, 1)});
    CHECK(assign(work, bins, {}).opened == Numbers(1000, 1));
}

TEST_CASE("jobs are packed: whole bins are opened, not one per job") {
    const std::vector<Bin> bins(3, bin(100, 2));
    CHECK(sum(assign({{24, all_of(3, 8)}}, bins, {}).opened) == 3);
    CHECK(sum(assign({{25, all_of(3, 8)}}, bins, {}).opened) == 4);
}

TEST_CASE("jobs of 1 and of 8 cores share two equal places of 8 cores") {
    const std::vector<Bin> bins(2, bin(1000, 2));
    CHECK(assign({{800, all_of(2, 8)}, {800, all_of(2, 1)}}, bins, {}).opened == Numbers{450, 450});
}

TEST_CASE("shares follow the room there is, and their sum is the whole") {
    const std::vector<Bin> bins{bin(30, 2), bin(20, 2), bin(10, 2)};
    CHECK(assign({{30, all_of(3, 1)}}, bins, {}).opened == Numbers{15, 10, 5});
    CHECK(assign({{31, all_of(3, 1)}}, bins, {}).opened == Numbers{16, 10, 5});
    CHECK(assign({{34, all_of(3, 1)}}, bins, {}).opened == Numbers{17, 11, 6});
}

TEST_CASE("shares follow the weights, if there are any") {
    const std::vector<Bin> bins{{100, 2, 1, {}}, {100, 2, 2, {}}, {100, 2, 4, {}}};
    CHECK(assign({{70, all_of(3, 1)}}, bins, {}).opened == Numbers{10, 20, 40});
    // 72 / 7 = 10.29, 20.57, 41.14: the remainder is largest in the middle
    CHECK(assign({{72, all_of(3, 1)}}, bins, {}).opened == Numbers{10, 21, 41});
    // 114.3 of 100: what does not fit is shared by the others
    CHECK(assign({{200, all_of(3, 1)}}, bins, {}).opened == Numbers{33, 67, 100});
}

TEST_CASE("what a cap allows is shared by weight too") {
    const std::vector<Bin> bins{bin(10, 2, {{0, 1}}), bin(10, 2, {{0, 1}}), bin(80, 2)};
    CHECK(assign({{100, all_of(2, 1)}}, bins, {{7}}).opened == Numbers{4, 3, 0});
    CHECK(assign({{60, all_of(3, 1)}}, bins, {{7}}).opened == Numbers{4, 3, 53});
}

TEST_CASE("a later kind of job uses the room that earlier ones left in open bins") {
    // 4 of 8 cores are taken by the first; the second needs 4 more and opens nothing
    CHECK(assign({{4, {{0, 8}}}, {1, {{0, 2}}}}, {bin(10, 2)}, {}).opened == Numbers{1});
}

TEST_CASE("cheaper bins are filled before dearer ones") {
    const std::vector<Bin> bins{bin(5, 3), bin(4, 2), bin(3, -1)};
    CHECK(assign({{9, all_of(3, 1)}}, bins, {}).opened == Numbers{2, 4, 3});
}

TEST_CASE("who has a choice makes way for who has none") {
    // the first work chooses first because it stands first; the second fits into bin 0 only
    const std::vector<Bin> bins(2, bin(10, 2));
    const auto two = assign({{10, {{0, 1}, {1, 1}}}, {10, {{0, 1}}}}, bins, {});
    CHECK(two.opened == Numbers{10, 10});
    CHECK(two.proven_optimal);
    // a chain of two: A in {0,1}, B in {1,2}, C in {2}
    const std::vector<Bin> three(3, bin(5, 2));
    const std::vector<Work> chain{{5, {{0, 1}, {1, 1}}}, {5, {{1, 1}, {2, 1}}}, {5, {{2, 1}}}};
    CHECK(assign(chain, three, {}).opened == Numbers{5, 5, 5});
}

TEST_CASE("who has a choice makes way also where a bin holds many jobs") {
    const std::vector<Bin> bins{bin(1, 2), bin(1, 5)};
    const auto assignment = assign({{8, {{0, 8}, {1, 8}}}, {4, {{0, 4}}}}, bins, {});
    CHECK(jobs_in(assignment) == 12);
    CHECK(assignment.opened == Numbers{1, 1});
}

TEST_CASE("a cap over all new bins holds, and existing ones do not count") {
    const std::vector<Bin> bins{bin(5, 0), bin(10, 2, {{0, 1}}), bin(10, 2, {{0, 1}})};
    CHECK(assign({{100, all_of(3, 1)}}, bins, {{7}}).opened == Numbers{5, 4, 3});
}

TEST_CASE("a job gets in under a full cap when another leaves the cap") {
    // both jobs are cheapest under the cap of 1; only the first can go elsewhere
    const std::vector<Bin> bins{bin(1, 1, {{0, 1}}), bin(1, 2, {{0, 1}}), bin(1, 9)};
    const auto assignment = assign({{1, {{0, 1}, {2, 1}}}, {1, {{1, 1}}}}, bins, {{1}});
    CHECK(assignment.opened == Numbers{0, 1, 1});
    CHECK(assignment.proven_optimal);
}

TEST_CASE("two jobs change places under a full cap when that costs less together") {
    // in order of cost the first gets bin 0 (1), the second then bin 3 (20); 2 + 10 is less
    const std::vector<Bin> bins{bin(1, 1, {{0, 1}}), bin(1, 2, {{0, 1}}), bin(1, 10), bin(1, 20)};
    const auto assignment = assign({{1, {{0, 1}, {2, 1}}}, {1, {{1, 1}, {3, 1}}}}, bins, {{1}});
    CHECK(assignment.opened == Numbers{0, 1, 1, 0});
    CHECK(assignment.proven_optimal);
}

TEST_CASE("caps in other units and caps that overlap hold together") {
    // cap 0 counts cores, cap 1 pilots of a tag, cap 2 money that only bin 2 takes
    const std::vector<Bin> bins{bin(100, 1, {{0, 8}}), bin(100, 2, {{0, 1}, {1, 1}}),
                                bin(100, 3, {{1, 1}, {2, 250'000'000'000'000}})};
    const auto opened =
        assign({{100, all_of(3, 1)}}, bins, {{20}, {6}, {1'000'000'000'000'000}}).opened;
    CHECK(opened == Numbers{2, 4, 2});
}

TEST_CASE("the largest numbers do not overflow") {
    const std::vector<Bin> bins(
        50, Bin{4'000'000, 1'000'000'000'000, 1'000'000'000'000'000, {{0, 1'000'000'000}, {1, 1}}});
    const std::vector<Work> work(50, Work{1'000'000, all_of(50, 1)});
    const auto assignment = assign(work, bins, {{1'000'000'000'000'000}, {40'000'000}});
    CHECK(jobs_in(assignment) == 1'000'000);
    const std::vector<Work> small(50, Work{1'000'000, all_of(50, 1'000'000)});
    CHECK(jobs_in(assign(small, bins, {{1'000'000'000'000'000}, {40}})) == 40'000'000);
}

TEST_CASE("without looks left the assignment is valid but not proven") {
    const std::vector<Bin> bins{bin(1, 1, {{0, 1}}), bin(1, 2, {{0, 1}}), bin(1, 10), bin(1, 20)};
    const auto assignment = assign({{1, {{0, 1}, {2, 1}}}, {1, {{1, 1}, {3, 1}}}}, bins, {{1}}, 0);
    CHECK(assignment.opened == Numbers{1, 0, 0, 1});
    CHECK_FALSE(assignment.proven_optimal);
}

TEST_CASE("nothing to place, nowhere to place it") {
    CHECK(assign({}, {}, {}).placements.empty());
    CHECK(assign({{5, {}}}, {bin(5, 0)}, {}).placements.empty());
    CHECK(assign({{0, {{0, 1}}}}, {bin(5, 0)}, {}).placements.empty());
    CHECK(assign({{5, {{0, 1}}}}, {bin(0, 0)}, {}).placements.empty());
    CHECK(assign({{5, {{0, 1}}}}, {bin(5, 0, {{0, 1}})}, {{-3}}).placements.empty());
    CHECK(assign({{5, {{0, 1}}}}, {bin(5, 0, {{0, 2}})}, {{1}}).opened == Numbers{0});
}

}  // namespace tow::plan
