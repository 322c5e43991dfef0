#include "match/columns.hpp"

#include "base/error.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "match/engine.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/core.h>
#include <simdjson.h>

namespace tow::match {

namespace {

using classad::Ad;
using classad::EvalOptions;
using classad::Truth;

constexpr base::Time kNow{std::chrono::seconds{1'750'000'000}};

std::vector<const Ad*> pointers(const std::vector<Ad>& ads) {
    std::vector<const Ad*> result(ads.size());
    std::ranges::transform(ads, result.begin(), [](const Ad& ad) { return &ad; });
    return result;
}

std::vector<Ad> parsed(const std::vector<std::string>& texts) {
    std::vector<Ad> ads;
    ads.reserve(texts.size());
    for (const auto& text : texts) {
        ads.push_back(classad::parse_ad(text));
    }
    return ads;
}

Truth truth_at(const Truths& truths, std::size_t row) {
    return truths.is_true.test(row)        ? Truth::True
           : truths.is_undefined.test(row) ? Truth::Undefined
           : truths.is_error.test(row)     ? Truth::Error
                                           : Truth::False;
}

// "TFUE", a letter for each row.
std::string letters(const Truths& truths, std::size_t rows) {
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
        text += "FTUE"[static_cast<std::size_t>(truth_at(truths, row))];
    }
    return text;
}

// In columns, and then in the tree evaluator, which must say the same.
std::string truths_of(const std::string& expr, const std::string& my,
                      const std::vector<std::string>& targets, const EvalOptions& options = {}) {
    const auto ads = parsed(targets);
    const auto own = classad::parse_ad(my);
    const auto tree = classad::parse_expr(expr);
    Columns columns(pointers(ads), options);
    const auto truths = columns.truths(*tree, own);
    for (std::size_t row = 0; row < ads.size(); ++row) {
        CAPTURE(expr, row);
        CHECK(truth_at(truths, row) == evaluate_truth(*tree, &own, &ads[row], options));
    }
    return letters(truths, ads.size());
}

// Rows that the engine leaves to the tree evaluator.
std::size_t unsure_rows(const std::string& expr, const std::string& my,
                        const std::vector<std::string>& targets, const EvalOptions& options = {}) {
    const auto ads = parsed(targets);
    const auto own = classad::parse_ad(my);
    const auto tree = classad::parse_expr(expr);
    Engine engine(pointers(ads), options);
    const auto verdict = engine.judge(*tree, own);
    return verdict.uniform() ? (verdict.is(Outcome::Unsure) ? ads.size() : 0)
                             : count_bits(verdict.mixed()->plane(Outcome::Unsure));
}

const std::vector<std::string> some_slots{
    R"([Memory = 1000; Cpus = 1; Site = "T2_DE_DESY"])",
    R"([Memory = 2000.5; Cpus = 8; Site = "t2_de_desy"])",
    R"([Memory = "a lot"; Cpus = 8; Site = "T1_US_FNAL"])",
    R"([Cpus = true; Site = undefined])",
    R"([Memory = error; Cpus = 16; Site = "T2_DE_DESY,T2_CH_CERN"])",
};

template <class Each>
void for_each_line(const std::string& file, Each each) {
    std::ifstream in(std::string(TOW_TEST_DATA) + "/classad/" + file);
    REQUIRE(in);
    simdjson::dom::parser parser;
    for (std::string text; std::getline(in, text);) {
        simdjson::dom::element record;
        std::string_view mode;
        std::string_view target;
        // Lines with bytes that are no UTF-8 are no JSON to this reader.
        if (parser.parse(text).get(record) == simdjson::SUCCESS &&
            record["mode"].get(mode) == simdjson::SUCCESS && (mode == "eval" || mode == "match") &&
            record["target"].get(target) == simdjson::SUCCESS && !target.empty()) {
            each(record, mode == "match");
        }
    }
}

EvalOptions corpus_options() {
    EvalOptions options;
    options.now = kNow;
    options.max_evaluations = 2'000'000;
    return options;
}

struct Corpus {
    std::vector<Ad> mine;
    std::vector<Ad> targets;
    std::vector<classad::ExprPtr> exprs;  // null for a match
    std::vector<bool> matching;           // what HTCondor said of a match
};

const Corpus& corpus() {
    static const Corpus all = [] {
        Corpus result;
        const auto add = [&result](const simdjson::dom::element& record, bool is_match) {
            const auto text = [&record](const char* key) {
                return std::string(record[key].get_string().value());
            };
            try {
                auto mine = classad::parse_ad(text("my").empty() ? "[]" : text("my"));
                auto target = classad::parse_ad(text("target"));
                auto expr = is_match ? nullptr : classad::parse_expr(text("expr"));
                result.mine.push_back(std::move(mine));
                result.targets.push_back(std::move(target));
                result.exprs.push_back(std::move(expr));
                result.matching.push_back(text("result") == "true");
            } catch (const base::Error&) {
                return;  // lines about what cannot be parsed
            }
        };
        for_each_line("public.jsonl", add);
        for_each_line("public_extra.jsonl", add);
        return result;
    }();
    return all;
}

}  // namespace

TEST_CASE("a comparison is true, false, undefined or an error row by row") {
    CHECK(truths_of("TARGET.Memory >= 2000", "[]", some_slots) == "FTEUE");
    CHECK(truths_of("2000 > Memory", "[]", some_slots) == "TFEUE");
    CHECK(truths_of("TARGET.Memory =?= 1000", "[]", some_slots) == "TFFFF");
    CHECK(truths_of("TARGET.Memory isnt undefined", "[]", some_slots) == "TTTFT");
    CHECK(truths_of("TARGET.Cpus == 1", "[]", some_slots) == "TFFTF");
    CHECK(truths_of("Cpus * 125 >= Memory", "[]", some_slots) == "FFEUE");
}

TEST_CASE("texts are compared without case, but not to be identical") {
    CHECK(truths_of("TARGET.Site == \"T2_DE_DESY\"", "[]", some_slots) == "TTFUF");
    CHECK(truths_of("TARGET.Site =?= \"T2_DE_DESY\"", "[]", some_slots) == "TFFFF");
    CHECK(truths_of("TARGET.Site < \"t2\"", "[]", some_slots) == "FFTUF");
}

TEST_CASE("and, or, not and the choices keep their order") {
    CHECK(truths_of("Memory > 0 && false", "[]", some_slots) == "FFEFE");
    CHECK(truths_of("Memory > 0 || true", "[]", some_slots) == "TTETE");
    CHECK(truths_of("!(Memory > 1500)", "[]", some_slots) == "TFEUE");
    CHECK(truths_of("Cpus > 4 ? Memory > 1500 : Cpus", "[]", some_slots) == "TTETE");
    CHECK(truths_of("(Memory ?: 5000) > 1500", "[]", some_slots) == "FTETE");
    CHECK(truths_of("ifThenElse(isUndefined(Memory), Cpus == 1, true)", "[]", some_slots) ==
          "TTTTT");
}

TEST_CASE("lists in texts are searched either way round") {
    const std::string my = R"([Sites = "T2_DE_DESY, T1_US_FNAL"; One = "T2_CH_CERN"])";
    CHECK(truths_of("stringListMember(TARGET.Site, Sites)", my, some_slots) == "TFTFF");
    CHECK(truths_of("stringListIMember(TARGET.Site, Sites)", my, some_slots) == "TTTFF");
    CHECK(truths_of("stringListMember(One, TARGET.Site)", my, some_slots) == "FFFFT");
    CHECK(truths_of("stringListIMember(TARGET.Site, Sites, \";\")", my, some_slots) == "FFFFF");
    CHECK(truths_of("stringListIMember(TARGET.Site, Sites, \", \")", my, some_slots) == "TTTFF");
    CHECK(truths_of("stringListMember(One, TARGET.Site, \",\")", my, some_slots) == "FFFFT");
    CHECK(truths_of("stringListMember(TARGET.Cpus, Sites)", my, some_slots) == "EEEEE");
    CHECK(truths_of("member(TARGET.Site, {\"x\", MY.One, TARGET.Site})", my, some_slots) ==
          "TTTUT");
}

TEST_CASE("own attributes are followed, and those of the partner look back") {
    const std::vector<std::string> slots{"[Limit = TARGET.Scale * 100]", "[Limit = 150]",
                                         "[Limit = Scale * 10; Scale = 30]",
                                         "[Limit = Scale * 100]"};
    CHECK(truths_of("Need <= TARGET.Limit", "[Need = Base * 2; Base = 100; Scale = 2]", slots) ==
          "TFTT");
    CHECK(truths_of("Need <= TARGET.Limit", "[Need = 200; Scale = TARGET.Limit]", slots) == "UFTU");
    CHECK(unsure_rows("Need <= TARGET.Limit", "[Need = 200; Scale = 2]", slots) == 0);
}

TEST_CASE("what cannot be told exactly is left to the tree evaluator, and only that") {
    const std::vector<std::string> slots{"[a = 1]", "[a = {[b = 1]}]", "[a = TARGET.a]",
                                         "[MY = 3]"};
    CHECK(unsure_rows("TARGET.a == 1", "[a = TARGET.a]", slots) == 3);
    CHECK(unsure_rows("eval(\"a\")", "[]", slots) == 4);
    CHECK(unsure_rows("random(5) > 2", "[]", slots) == 4);
    CHECK(unsure_rows("false && random(5) > 2", "[]", slots) == 1);
    for (const auto* expr :
         {"TARGET.a == 1", "eval(\"a\") == 1", "random(5) > 2", "a[0].b == 1",
          "countMatches(b == 1, TARGET.a) > 0", "TARGET.MY == 3", "symmetricMatch"}) {
        truths_of(expr, "[a = TARGET.a; Requirements = true]", slots);
    }
    CHECK(unsure_rows("TARGET.Memory >= 1 && regexp(\"DESY\", Site) && Cpus + 1 > size(Site)", "[]",
                      some_slots) == 0);
}

TEST_CASE("GPUs are counted once for each entry that lists them as constants") {
    const std::vector<std::string> slots{
        "[GPUs = {[Capability = 8.0; Id = \"a\"], [Capability = 6.1]}; Floor = 7]",
        "[GPUs = {[Capability = TARGET.Want]}]",
        "[]",
        "[GPUs = 3]",
        "[GPUs = {[Capability = 9.0], 5, undefined}]",
        "[GPUs = {[Model = 1]}; Capability = 7.5; Floor = 7]",
        "[GPUs = {[Model = 1]}; Capability = TARGET.Want]",
        "[Capability = 3]"};
    const std::string my =
        "[Need = Capability >= 7.0; Deep = Capability >= Floor; Back = Capability >= MY.Want; "
        "Want = 8; Capability = 1]";
    CHECK(truths_of("countMatches(MY.Need, TARGET.GPUs) >= 1", my, slots) == "TTFETTTF");
    CHECK(unsure_rows("countMatches(MY.Need, TARGET.GPUs) >= 1", my, slots) == 3);
    for (const auto* expr :
         {"countMatches(MY.Deep, GPUs)", "countMatches(MY.Back, GPUs)", "countMatches(Need, GPUs)",
          "sum(evalInEachContext(Capability ?: 0, TARGET.GPUs)) > 8", "countMatches(Want, GPUs)",
          "size(evalInEachContext(MY.Need, TARGET.GPUs)) > 1", "countMatches(MY.None, GPUs) == 0",
          "countMatches(TARGET.Floor, TARGET.GPUs) == 2", "countMatches(MY.Need, MY.GPUs) == 0"}) {
        truths_of(expr, my, slots);
    }
}

TEST_CASE("expressions near the limits fail as they do in the tree evaluator") {
    const std::vector<std::string> slots{"[a = 0]", "[a = 1]", "[a = (((0)))]"};
    for (const int links : {100, 384, 397, 398, 399, 400, 401, 2000}) {
        std::string chain = "TARGET.a == 1";
        for (int i = 0; i < links; ++i) {
            chain += " || TARGET.a == 2";
        }
        truths_of(chain, "[]", slots);
    }
    EvalOptions few;
    few.max_evaluations = 6;
    truths_of("TARGET.a + 1 + 1 + 1 > 0", "[]", slots, few);
    EvalOptions idle;
    idle.max_effort = 10;
    truths_of("toUpper(\"a\") == \"A\" && TARGET.a == 0", "[]", slots, idle);
}

TEST_CASE("an ad that doubles its work at every step does not take for ever") {
    std::string my = "[a0 = TARGET.a + 1;";
    for (int i = 1; i < 40; ++i) {
        my += fmt::format("a{} = a{} + a{};", i, i - 1, i - 1);
    }
    EvalOptions options;
    options.max_evaluations = 100'000;
    truths_of("a39 > 1", my + "]", {"[a = 0]", "[a = 1]"}, options);
}

TEST_CASE("clauses can be asked one by one, and again for another ad") {
    const auto ads = parsed(some_slots);
    Columns columns(pointers(ads), {});
    const auto clause = classad::parse_expr("TARGET.Memory >= RequestMemory");
    std::string seen;
    for (const auto* my : {"[RequestMemory = 1000]", "[RequestMemory = 1001]", "[]",
                           "[RequestMemory = 1000]", "[RequestMemory = 1e9]"}) {
        seen += letters(columns.truths(*clause, classad::parse_ad(my)), ads.size()) + ' ';
    }
    CHECK(seen == "TTEUE FTEUE UUUUE TTEUE FFEUE ");
}

TEST_CASE("no rows and no jobs are no problem") {
    const std::vector<const Ad*> none;
    const auto job = classad::parse_ad("[Requirements = true]");
    CHECK(Columns(none, {}).truths(*job.find("Requirements"), job).is_true.count() == 0);
    CHECK(matching_pairs({&job}, none, {}).count() == 0);
    CHECK(matching_pairs(none, {&job}, {}).count() == 0);
    CHECK(matching_pairs({&job}, {&job}, {}).count() == 1);
}

TEST_CASE("the corpus says the same in columns of one row") {
    const auto& lines = corpus();
    REQUIRE(lines.mine.size() > 100);
    const auto options = corpus_options();
    for (std::size_t i = 0; i < lines.mine.size(); ++i) {
        CAPTURE(i);
        if (lines.exprs[i] == nullptr) {
            const auto found = matching_pairs({&lines.mine[i]}, {&lines.targets[i]}, options);
            CHECK(found.test(0, 0) == lines.matching[i]);
            continue;
        }
        Columns columns({&lines.targets[i]}, options);
        CHECK(truth_at(columns.truths(*lines.exprs[i], lines.mine[i]), 0) ==
              evaluate_truth(*lines.exprs[i], &lines.mine[i], &lines.targets[i], options));
    }
}

TEST_CASE("the corpus says the same in columns of many rows") {
    const auto& lines = corpus();
    const auto options = corpus_options();
    // Lines about limits take their time; each of them meets a few rows only.
    std::vector<const Ad*> rows;
    for (std::size_t i = 0; i < lines.targets.size(); i += lines.targets.size() / 40 + 1) {
        rows.push_back(&lines.targets[i]);
    }
    Columns columns(rows, options);
    std::vector<const Ad*> jobs;
    std::vector<const Ad*> slots;
    for (std::size_t i = 0; i < lines.mine.size(); ++i) {
        if (lines.exprs[i] == nullptr) {
            jobs.push_back(&lines.mine[i]);
            slots.push_back(&lines.targets[i]);
            continue;
        }
        const auto truths = columns.truths(*lines.exprs[i], lines.mine[i]);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (truth_at(truths, row) !=
                evaluate_truth(*lines.exprs[i], &lines.mine[i], rows[row], options)) {
                FAIL("line " << i << ", row " << row);
            }
        }
    }
    const auto found = matching_pairs(jobs, slots, options);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        for (std::size_t j = 0; j < slots.size(); ++j) {
            if (found.test(i, j) != classad::matches(*jobs[i], *slots[j], options)) {
                FAIL("match " << i << ", " << j);
            }
        }
    }
}

TEST_CASE("a matrix is transposed, counted and cut to size") {
    for (const auto& [rows, columns] :
         std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {64, 64}, {3, 200}, {130, 65}}) {
        BitMatrix matrix(rows, columns);
        std::size_t set = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
                if ((i * 7 + j * 13) % 5 == 0) {
                    matrix.set(i, j);
                    ++set;
                }
            }
        }
        CAPTURE(rows, columns);
        CHECK(matrix.count() == set);
        const auto other = matrix.transposed();
        bool same = true;
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
                same = same && matrix.test(i, j) == other.test(j, i);
            }
        }
        CHECK(same);
        CHECK(other.count() == set);
        CHECK(other.transposed() == matrix);
    }
}

}  // namespace tow::match
