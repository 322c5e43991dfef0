#include "base/error.hpp"
#include "metrics/checks.hpp"
#include "metrics/collector.hpp"
#include "metrics/counters.hpp"
#include "metrics/mapping.hpp"
#include "metrics/names.hpp"
#include "metrics/text.hpp"
#include "record/json.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::metrics {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1'700'000'000}};

void take(Collector& collector, const std::string& json) {
    const record::Document document(json);
    collector.take(*document.root().find("type").string(), document.root());
}

std::string text_of(const Registry& registry) {
    std::string text;
    write_prometheus(registry, [&](std::string_view piece) { text += piece; });
    return text;
}

double value_of(const Registry& registry, std::string_view name, const Labels& labels) {
    double found = -1;
    each_sample(registry, [&](const Sample& sample) {
        if (sample.family->name() == name && sample.labels == labels) {
            found = sample.value;
        }
    });
    return found;
}

// One run: what counters say after these records.
double count(const std::string& directory, const std::vector<std::string>& records,
             std::string_view name, const Labels& labels, base::Time now = kNow) {
    const auto mapping = Mapping::read({});
    Registry registry;
    Collector collector(mapping, registry);
    for (const auto& record : records) {
        take(collector, record);
    }
    Counters(directory, store::Access::ReadWrite).apply(registry, collector, now);
    return value_of(registry, name, labels);
}

std::string submission(const std::string& request, int sent) {
    return fmt::format(R"({{"type":"submission","request":"{}","entry":"A","sent":{}}})", request,
                       sent);
}

std::string total(double value) {
    return fmt::format(R"({{"type":"metric","metric":"x_total","kind":"counter","value":{}}})",
                       value);
}

}  // namespace

TEST_CASE("labels in another order, and empty ones, are the same series") {
    Registry registry;
    auto* family = registry.family("x", Kind::Gauge, "h");
    registry.put(*family, {{"a", "1"}, {"b", "2"}}, 1, Add::Sum);
    registry.put(*family, {{"b", "2"}, {"a", "1"}, {"c", ""}}, 2, Add::Sum);
    registry.put(*family, {{"b", "1"}, {"a", "2"}}, 5, Add::Sum);
    CHECK(family->size() == 2);
    CHECK(value_of(registry, "x", {{"a", "1"}, {"b", "2"}}) == 3);
}

TEST_CASE("ten thousand series keep their own values") {
    Registry registry;
    auto* family = registry.family("x", Kind::Gauge, "h");
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 10'000; ++i) {
            const auto name = std::to_string(i);
            registry.put(*family, {{"n", name}}, i, Add::Sum);
        }
    }
    REQUIRE(family->size() == 10'000);
    for (std::size_t i = 0; i < family->size(); ++i) {
        CHECK(family->value(i) == 2 * std::stod(std::string(family->labels(i)[0].value)));
    }
}

TEST_CASE("a family past its limit is refused as a whole, and the widest label is named") {
    Registry registry({3});
    auto* family = registry.family("x", Kind::Gauge, "h");
    for (const char* name : {"1", "2", "3", "4"}) {
        registry.put(*family, {{"fixed", "f"}, {"wide", name}}, 1);
    }
    CHECK(family->is_refused());
    CHECK(text_of(registry).empty());
    REQUIRE(refusals(registry).size() == 1);
    CHECK(refusals(registry)[0].find("wide") != std::string::npos);
}

TEST_CASE("how values of one series are put together") {
    const auto mapping = Mapping::parse(R"(
a: {help: h, from: {record: r, value: n}}
b: {help: h, from: {record: r, value: n, add: max}}
c: {help: h, from: {record: r, value: n, add: min}}
d: {help: h, from: {record: r, value: n, add: last}}
e: {help: h, from: {record: r, value: at, minus: since, times: two}}
)",
                                        "test");
    Registry registry;
    Collector collector(mapping, registry);
    take(
        collector,
        R"({"type":"r","n":5,"at":"1970-01-01T00:01:40Z","since":"1970-01-01T00:00:10Z","two":2})");
    take(collector, R"({"type":"r","n":7})");
    take(collector, R"({"type":"r","n":6})");
    take(collector, R"({"type":"r","n":"text"})");
    take(collector, R"({"type":"r","n":null})");
    CHECK(value_of(registry, "a", {}) == 18);
    CHECK(value_of(registry, "b", {}) == 7);
    CHECK(value_of(registry, "c", {}) == 5);
    CHECK(value_of(registry, "d", {}) == 6);
    CHECK(value_of(registry, "e", {}) == 190);
}

TEST_CASE("unknown is not zero") {
    const auto mapping = Mapping::read({});
    Registry registry;
    Collector collector(mapping, registry);
    take(collector, R"({"type":"pilot_count","entry":"A","pending":2,"running":null})");
    CHECK(value_of(registry, "tow_pilots", {{"entry", "A"}, {"state", "pending"}}) == 2);
    CHECK(value_of(registry, "tow_pilots", {{"entry", "A"}, {"state", "running"}}) == -1);
    CHECK(value_of(registry, "tow_pilots_connected", {{"entry", "A"}}) == -1);
}

TEST_CASE("one thing counts once, however often it is told") {
    const test::Scratch scratch;
    const Labels labels{{"entry", "A"}};
    const auto seen = [&](const std::vector<std::string>& records, base::Time now = kNow) {
        return count(scratch.path(), records, "tow_pilots_submitted_total", labels, now);
    };
    CHECK(seen({submission("R1", 3), submission("R2", 4)}) == 7);
    CHECK(seen({submission("R1", 3), submission("R2", 4)}) == 7);
    CHECK(seen({submission("R1", 5)}) == 9);  // completed by a later run
    CHECK(seen({submission("R1", 1)}) == 9);  // never backwards
    CHECK(seen({}) == 9);                     // and it does not vanish
    CHECK(seen({submission("R1", 5)}, kNow + 7 * 24h) == 9);
    CHECK(seen({submission("R1", 5)}, kNow + 14 * 24h) == 9);  // told each week: remembered
}

TEST_CASE("the counter of another program may begin anew, ours goes on") {
    const test::Scratch scratch;
    const auto seen = [&](double value) {
        return count(scratch.path(), {total(value)}, "x_total", {});
    };
    CHECK(seen(10) == 10);
    CHECK(seen(10) == 10);
    CHECK(seen(15.5) == 15.5);
    CHECK(seen(2) == 17.5);
    CHECK(seen(3) == 18.5);
}

TEST_CASE("counters of an entry that is gone end, and go on when it is back") {
    const test::Scratch scratch;
    const Labels labels{{"entry", "A"}};
    const auto seen = [&](const std::vector<std::string>& records) {
        return count(scratch.path(), records, "tow_pilots_submitted_total", labels);
    };
    const std::string here = R"({"type":"entry","entry":"A"})";
    const std::string other = R"({"type":"entry","entry":"B"})";
    const std::string gap = R"({"type":"gap","scope":"entries","source":"s","error":{}})";
    CHECK(seen({here, submission("R1", 3)}) == 3);
    CHECK(seen({other}) == -1);
    CHECK(seen({other, gap}) == 3);  // nobody knows
    CHECK(seen({other, submission("R2", 2)}) == 5);
    CHECK(seen({here}) == 5);
}

TEST_CASE("a run that only looks counts nothing") {
    const test::Scratch scratch;
    count(scratch.path(), {submission("R1", 3)}, "tow_pilots_submitted_total", {});
    const auto mapping = Mapping::read({});
    for (int i = 0; i < 2; ++i) {
        Registry registry;
        Collector collector(mapping, registry);
        take(collector, submission("R2", 4));
        Counters(scratch.path(), store::Access::ReadOnly).apply(registry, collector, kNow);
        CHECK(value_of(registry, "tow_pilots_submitted_total", {{"entry", "A"}}) == 7);
    }
}

TEST_CASE("a histogram counts each pilot once, in all buckets that hold it") {
    const test::Scratch scratch;
    const std::string pilot =
        R"({"type":"pilot","pilot":"P","entry":"A","state":"running","submitted_at":"2026-01-01T00:00:00Z","started_at":"2026-01-01T00:00:45Z"})";
    const auto bucket = [&](const std::string& le) {
        return count(scratch.path(), {pilot}, "tow_pilot_start_latency_seconds",
                     {{"entry", "A"}, {"le", le}});
    };
    CHECK(bucket("30") == 0);
    CHECK(bucket("60") == 1);
    CHECK(bucket("+Inf") == 1);
    CHECK(count(scratch.path(), {pilot}, "tow_pilot_start_latency_seconds", {{"entry", "A"}}) == 1);
}

TEST_CASE("names follow the conventions") {
    CHECK(name_problem("tow_pilots", Kind::Gauge).empty());
    CHECK(name_problem("tow_cost_total", Kind::Counter).empty());
    for (const char* name :
         {"", "1x", "a-b", "a:b", "x_total", "x_count", "x_milliseconds", "x_hours", "x_gauge"}) {
        CHECK_FALSE(name_problem(name, Kind::Gauge).empty());
    }
    CHECK_FALSE(name_problem("tow_cost", Kind::Counter).empty());
    CHECK(unit_of("tow_x_seconds_total") == "seconds");
    CHECK(unit_of("seconds").empty());
    const auto builtin = Mapping::read({});
    REQUIRE(builtin.metrics().size() > 40);
    for (const auto& metric : builtin.metrics()) {
        CHECK(name_problem(metric.name, metric.kind).empty());
    }
}

TEST_CASE("numbers read back the same") {
    for (const double value : {0.0, 1.0, -17.25, 0.1, 1e300, 123456789012345.0, 1e-300}) {
        CHECK(std::stod(number_text(value)) == value);
    }
    CHECK(number_text(1e15) == "1000000000000000");
}

TEST_CASE("no text in a check ends its line or its field") {
    model::Check check;
    check.check = "a;b|c";
    check.target = "t\"u'\n";
    check.message = "m\nn|o";
    check.state = model::CheckState::Critical;
    check.value = 1;
    for (const auto& text :
         {nagios_passive({check}, "h;i", kNow), checkmk_local({check}), nagios_plugin({check})}) {
        const auto first = text.substr(0, text.find('\n'));
        CHECK(first.find('m') != std::string::npos);
        CHECK(std::ranges::count(first, '|') <= 1);
    }
    CHECK(std::ranges::count(nagios_passive({check}, "h;i", kNow), ';') == 4);
    CHECK(std::ranges::count(checkmk_local({check}), '\n') == 1);
}

}  // namespace tow::metrics
