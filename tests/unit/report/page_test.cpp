#include "report/plotting.hpp"
#include "report/reading.hpp"
#include "report/sections.hpp"

#include <catch2/catch.hpp>

namespace tow::report {

namespace {

using test::snapshot_of;
using namespace std::chrono_literals;

base::Time now_time() {
    return *base::parse_rfc3339("2026-11-21T12:00:00Z");
}

Plot plot_of(std::vector<std::optional<double>> values) {
    Plot plot{"T", "u", {}, {{"S", std::move(values)}}, false};
    for (std::size_t i = 0; i < plot.series[0].values.size(); ++i) {
        plot.times.push_back(now_time() + static_cast<int>(i) * 1min);
    }
    return plot;
}

Page page_with(Block block) {
    return {"Title", "Subtitle", now_time(), {{"id", "Section", {std::move(block)}}}};
}

}  // namespace

TEST_CASE("scales end at numbers that people read") {
    CHECK(scale_for(0).top == 1);
    CHECK(scale_for(1).top == Approx(1));
    CHECK(scale_for(7).top == Approx(8));
    CHECK(scale_for(1072).top == Approx(1500));
    CHECK(scale_for(0.03).top == Approx(0.03));
    CHECK(scale_for(1e15).top >= 1e15);
    double largest = 0.001;
    for (int i = 0; i < 60; ++i) {
        largest *= 1.37;
        const auto scale = scale_for(largest);
        CHECK(scale.top >= largest * (1 - 1e-9));
        CHECK(scale.top / scale.step <= 5.001);
    }
}

TEST_CASE("sparklines show the last of each part, and nothing where nothing is known") {
    CHECK(sparkline({0.0, 7.0}, 10) == "▁█");
    CHECK(sparkline({std::nullopt, 1.0}, 10) == " █");
    CHECK(sparkline({0.0, 0.0}, 10) == "▁▁");
    CHECK(sparkline({9.0, 0.0, 9.0, 7.0}, 2) == "▁█");
    CHECK(sparkline({}, 10).empty());
}

TEST_CASE("numbers are short") {
    CHECK(short_number(730) == "730");
    CHECK(short_number(9999) == "9999");
    CHECK(short_number(12'340) == "12.34k");
    CHECK(short_number(5e6) == "5M");
    CHECK(short_number(0.5) == "0.5");
}

TEST_CASE("what stands on each other is drawn as sums, with gaps where one is not known") {
    auto plot = plot_of({1.0, 2.0, 3.0});
    plot.series.push_back({"U", {10.0, std::nullopt, 30.0}});
    plot.is_stacked = true;
    const auto drawn = drawn_series(plot);
    CHECK(drawn[0].values == plot.series[0].values);
    CHECK(drawn[1].values == std::vector<std::optional<double>>{11.0, std::nullopt, 33.0});
}

TEST_CASE("a line has a gap where nothing is known") {
    const auto html = to_html(page_with(plot_of({1.0, std::nullopt, 1.0, 1.0})));
    const auto path = html.find("class=\"l s0\"");
    REQUIRE(path != std::string::npos);
    const auto line = html.substr(path, html.find("</path>", path) - path);
    CHECK(std::ranges::count(line, 'M') == 2);
    CHECK(std::ranges::count(line, 'L') == 1);
}

TEST_CASE("what comes from strangers stays text, wherever it stands") {
    const std::string to_the_left{'\xE2', '\x80', '\xAE'};
    const std::string isolated{'\xE2', '\x81', '\xA6'};
    const auto hostile =
        "\"'><script>alert(1)</script>&amp;\n" + to_the_left + " gnp " + isolated + "\x1B[2J";
    Cell cell(hostile);
    cell.details = {hostile};
    auto plot = plot_of({1.0, 2.0});
    plot.title = plot.unit = plot.series[0].name = hostile;
    Page page{hostile, hostile, now_time(), {}};
    page.sections.push_back({"id",
                             hostile,
                             {Figures{{{hostile, hostile, hostile}}}, Note{hostile}, plot,
                              Table{hostile, {{hostile}, {hostile}}, {{cell, cell}}}}});
    const auto html = to_html(page);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("\"'>") == std::string::npos);
    CHECK(html.find("&amp;amp;") != std::string::npos);
    CHECK(html.find("\\u202e") != std::string::npos);
    const auto text = to_text(page, {});
    for (const auto& out : {html, text}) {
        CHECK(out.find(to_the_left) == std::string::npos);
        CHECK(out.find(isolated) == std::string::npos);
        CHECK(out.find('\x1B') == std::string::npos);
    }
    CHECK(text.find("alert(1)</script>&amp;\\n") != std::string::npos);
}

TEST_CASE("text keeps to its width, and drops what matters less first") {
    Table table{"Caption", {{"Name"}, {"Extra", false, true}, {"Number", true}}, {}};
    table.rows.push_back({"a-rather-long-name", "something else", "12"});
    const auto text = to_text(page_with(table), {30, 15});
    CHECK(text.find("Extra") == std::string::npos);
    CHECK(text.find("a-rather-long-name") != std::string::npos);
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        CHECK(end - begin <= 30);
        begin = end + 1;
    }
    CHECK(to_text(page_with(table), {60, 15}).find("Extra") != std::string::npos);
}

TEST_CASE("pilots over time are told from their records") {
    const auto snapshot = snapshot_of(
        R"({"type":"pilot","v":1,"pilot":"1","entry":"A","state":"done","submitted_at":"2026-11-21T10:00:00Z","started_at":"2026-11-21T10:30:00Z","ended_at":"2026-11-21T11:00:00Z"}
{"type":"pilot","v":1,"pilot":"2","entry":"A","state":"running","submitted_at":"2026-11-21T10:30:00Z","started_at":"2026-11-21T11:30:00Z"}
{"type":"pilot","v":1,"pilot":"3","entry":"A","state":"pending","submitted_at":"2026-11-21T11:45:00Z"}
)");
    const auto plot = pilots_by_their_records(snapshot, now_time());
    REQUIRE(plot);
    CHECK(plot->times.front() == *base::parse_rfc3339("2026-11-21T11:00:00Z"));
    REQUIRE(plot->series.size() == 2);
    const auto& running = plot->series[0].values;
    const auto& waiting = plot->series[1].values;
    CHECK(running.front() == 0);  // from its end on it does not run
    CHECK(waiting.front() == 1);
    CHECK(running.back() == 1);
    CHECK(waiting.back() == 1);
    CHECK(range_of(plot->series[1])->most == 1);
    CHECK_FALSE(pilots_by_their_records({}, now_time()));
}

TEST_CASE("a report of nothing says so") {
    const Snapshot nothing;
    const auto overview = make_overview(nothing, now_time());
    const auto page = make_page({nothing, overview, {}, {}, now_time()}, "Pilots");
    const auto html = to_html(page);
    CHECK(html.find("all that was looked at is well") != std::string::npos);
    CHECK(html.find("No decision") != std::string::npos);
}

}  // namespace tow::report
