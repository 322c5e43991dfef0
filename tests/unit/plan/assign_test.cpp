#include "plan/assign.hpp"

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

constexpr std::int64_t kNoBudget = 1'000'000;

std::vector<Work::Choice> all_of(std::size_t bins, std::int64_t jobs_per_bin) {
    std::vector<Work::Choice> choices;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        choices.push_back({bin, jobs_per_bin});
    }
    return choices;
}

std::int64_t sum(const std::vector<std::int64_t>& numbers) {
    std::int64_t total = 0;
    for (const auto number : numbers) {
        total += number;
    }
    return total;
}

}  // namespace

TEST_CASE("one job that matches 300 places opens one bin, not 300") {
    const std::vector<Bin> bins(300, Bin{10, 2, true});
    CHECK(sum(assign({{1, all_of(300, 1)}}, bins, kNoBudget).opened) == 1);
}

TEST_CASE("a thousand jobs over a thousand equal places open one bin each") {
    const std::vector<Bin> bins(1000, Bin{10, 2, true});
    const auto opened = assign({{1000, all_of(1000, 1)}}, bins, kNoBudget).opened;
    CHECK(opened == std::vector<std::int64_t>(1000, 1));
}

TEST_CASE("jobs are packed: whole bins are opened, not one per job") {
    const std::vector<Bin> bins(3, Bin{100, 2, true});
    CHECK(sum(assign({{24, all_of(3, 8)}}, bins, kNoBudget).opened) == 3);
    CHECK(sum(assign({{25, all_of(3, 8)}}, bins, kNoBudget).opened) == 4);
}

TEST_CASE("shares follow the room there is, and their sum is the whole") {
    const std::vector<Bin> bins{{30, 2, true}, {20, 2, true}, {10, 2, true}};
    CHECK(assign({{30, all_of(3, 1)}}, bins, kNoBudget).opened ==
          std::vector<std::int64_t>{15, 10, 5});
    CHECK(assign({{31, all_of(3, 1)}}, bins, kNoBudget).opened ==
          std::vector<std::int64_t>{16, 10, 5});
}

TEST_CASE("a later kind of job uses the room that earlier ones left in open bins") {
    // 4 of 8 cores are taken by the first; the second needs 4 more and opens nothing
    const std::vector<Bin> bins{{10, 2, true}};
    CHECK(assign({{4, {{0, 8}}}, {1, {{0, 2}}}}, bins, kNoBudget).opened ==
          std::vector<std::int64_t>{1});
}

TEST_CASE("cheaper ranks are filled before dearer ones") {
    const std::vector<Bin> bins{{5, 3, true}, {4, 2, true}, {3, 0, false}};
    CHECK(assign({{9, all_of(3, 1)}}, bins, kNoBudget).opened ==
          std::vector<std::int64_t>{2, 4, 3});
}

TEST_CASE("who has a choice makes way for who has none") {
    // the first work chooses first because it stands first; the second fits into bin 0 only
    const std::vector<Bin> bins{{10, 2, true}, {10, 2, true}};
    const auto assignment = assign({{10, {{0, 1}, {1, 1}}}, {10, {{0, 1}}}}, bins, kNoBudget);
    CHECK(assignment.opened == std::vector<std::int64_t>{10, 10});
    // a chain of two: A in {0,1}, B in {1,2}, C in {2}
    const std::vector<Bin> three(3, Bin{5, 2, true});
    const auto chain =
        assign({{5, {{0, 1}, {1, 1}}}, {5, {{1, 1}, {2, 1}}}, {5, {{2, 1}}}}, three, kNoBudget);
    CHECK(chain.opened == std::vector<std::int64_t>{5, 5, 5});
}

TEST_CASE("the budget holds over all new bins, and existing ones do not count") {
    const std::vector<Bin> bins{{5, 0, false}, {10, 2, true}, {10, 2, true}};
    const auto opened = assign({{100, all_of(3, 1)}}, bins, 7).opened;
    CHECK(opened[0] == 5);
    CHECK(opened[1] + opened[2] == 7);
}

TEST_CASE("nothing to place, nowhere to place it") {
    CHECK(assign({}, {}, 0).placements.empty());
    CHECK(assign({{5, {}}}, {{5, 0, true}}, 5).placements.empty());
    CHECK(assign({{0, {{0, 1}}}}, {{5, 0, true}}, 5).placements.empty());
}

}  // namespace tow::plan
