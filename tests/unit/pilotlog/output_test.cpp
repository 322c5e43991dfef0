#include "pilotlog/decode.hpp"
#include "pilotlog/literals.hpp"
#include "pilotlog/output_analyzer.hpp"
#include "pilotlog/output_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <zlib.h>

namespace pilotlog = tow::pilotlog;

namespace {

std::string gzipped(const std::string& text) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(text.size() / 2 + 10'000, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

std::string base64(const std::string& bytes, std::size_t width) {
    constexpr const char* kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t at) {
            return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
        };
        const auto bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (unsigned k = 0; k < 4; ++k) {
            const bool is_there = k <= std::min<std::size_t>(3, bytes.size() - i);
            text += is_there ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
        }
    }
    std::string lines;
    for (std::size_t i = 0; i < text.size(); i += width) {
        lines += text.substr(i, width) + "\n";
    }
    return lines;
}

std::string packed(const std::string& name, const std::string& text, std::size_t width = 76) {
    return name + "\n======== gzip | uuencode =============\nbegin-base64 644 -\n" +
           base64(gzipped(text), width) + "====\n";
}

struct Taken : pilotlog::OutputVisitor {
    std::vector<std::string> lines;
    std::vector<std::pair<std::string, std::string>> blocks;
    std::vector<std::string> ends;

    void line(std::string_view text) override { lines.emplace_back(text); }
    void block_begins(std::string_view name) override { blocks.emplace_back(name, ""); }
    void block_text(std::string_view piece) override { blocks.back().second += piece; }
    void block_ends(pilotlog::BlockEnd end) override {
        ends.emplace_back(pilotlog::block_end_name(end));
    }
};

void take(Taken& taken, const std::string& output, std::size_t piece = SIZE_MAX) {
    pilotlog::OutputReader reader(taken);
    for (std::size_t at = 0; at < output.size(); at += std::min(piece, output.size() - at)) {
        reader.add(std::string_view(output).substr(at, piece));
    }
    reader.finish();
}

}  // namespace

TEST_CASE("packed logs come out as they went in, whatever the pieces") {
    std::string log;
    for (int i = 0; i < 3000; ++i) {
        log += "11/21/26 19:55:43 line " + std::to_string(i * 7919) + "\n";
    }
    const auto output = "before\n" + packed("MasterLog", log) + "between\n" +
                        packed("StarterLog.slot1_2", "short\n") + "after\n";
    for (const std::size_t piece : {SIZE_MAX, std::size_t{1000}, std::size_t{13}}) {
        Taken taken;
        take(taken, output, piece);
        REQUIRE(taken.blocks.size() == 2);
        CHECK(taken.blocks[0].first == "MasterLog");
        CHECK(taken.blocks[0].second == log);
        CHECK(taken.blocks[1].first == "StarterLog.slot1_2");
        CHECK(taken.blocks[1].second == "short\n");
        CHECK(taken.ends == std::vector<std::string>{"whole", "whole"});
        CHECK(taken.lines.back() == "after");
    }
}

TEST_CASE("packed logs that are not as they should be") {
    const std::string log(20'000, 'x');
    SECTION("CR LF, and the end that glideins without uuencode print") {
        auto output = packed("StartdLog", log);
        output.replace(output.rfind("===="), 4, "==== }");
        std::string crlf;
        for (const char c : output) {
            crlf += c == '\n' ? "\r\n" : std::string(1, c);
        }
        Taken taken;
        take(taken, crlf);
        REQUIRE(taken.blocks.size() == 1);
        CHECK(taken.blocks[0].second == log);
    }
    SECTION("all on one line") {
        Taken taken;
        std::string random;
        for (unsigned i = 0; i < 200'000; ++i) {
            random += static_cast<char>('a' + (i * i * 2654435761U >> 13U) % 26);
        }
        take(taken, packed("StartdLog", random, 10'000'000));
        REQUIRE(taken.blocks.size() == 1);
        CHECK(taken.blocks[0].second == random);
    }
    SECTION("no end") {
        auto output = packed("StartdLog", log);
        Taken taken;
        take(taken, output.substr(0, output.size() - 30));
        REQUIRE(taken.ends.size() == 1);
        CHECK(taken.ends[0] == "cut");
    }
    SECTION("what a glidein prints that could not encode") {
        Taken taken;
        take(taken,
             "MasterLog\n======== gzip | uuencode =============\n"
             "begin-base64 644 -\nERROR_FAILED_ENCODING\n====\nafter\n");
        CHECK(taken.ends == std::vector<std::string>{"damaged"});
        CHECK(taken.lines.back() == "after");
    }
    SECTION("a bomb") {
        std::string packed_bomb = gzipped(std::string(64U << 20U, '\0'));
        std::size_t size = 0;
        pilotlog::Gunzip gunzip(1U << 20U, [&](std::string_view piece) { size += piece.size(); });
        gunzip.add(packed_bomb);
        CHECK(gunzip.state() == pilotlog::Gunzip::State::TooLarge);
        CHECK(size == 1U << 20U);
    }
}

TEST_CASE("files in parts, as pilots of ours print them") {
    const std::string log(9000, 'y');
    const auto data = base64(gzipped(log + "end\n"), 1U << 20U);
    const auto half = data.size() / 8 * 4;
    const auto part = [&](int number, const std::string& text) {
        return R"({"type":"pilot_file","v":1,"pilot":"p","node":"n","rank":0,"name":"StartLog","part":)" +
               std::to_string(number) + R"(,"parts":2,"encoding":"gzip+base64","data":")" + text +
               "\"}\n";
    };
    const auto first = part(1, data.substr(0, half));
    const auto second = part(2, data.substr(half, data.size() - half - 1));
    Taken taken;
    take(taken, first + "text between\n" + second);
    REQUIRE(taken.blocks.size() == 1);
    CHECK(taken.blocks[0].second == log + "end\n");
    Taken cut;
    take(cut, first);
    REQUIRE(cut.ends.size() == 1);
    CHECK(cut.ends[0] == "cut");
}

TEST_CASE("a line without an end keeps memory flat and is told") {
    const pilotlog::Taxonomy taxonomy;
    pilotlog::OutputAnalyzer analyzer(taxonomy, {});
    analyzer.begin_pilot();
    analyzer.begin_file(pilotlog::Place::Out, "out");
    const std::string piece(1U << 20U, 'x');
    for (int i = 0; i < 64; ++i) {
        analyzer.add(piece);
    }
    analyzer.add("\n=== Glidein ending Sat Nov 21 (1795258900) with code 0 after 3700 ===\n");
    analyzer.end_file();
    const auto facts = analyzer.end_pilot();
    CHECK(facts.has_end);
    CHECK(facts.wall_seconds == 3700);
    CHECK(facts.damage.size() == 1);
}

TEST_CASE("words are found wherever they stand, also one in another") {
    pilotlog::Literals words;
    for (const auto* word : {"abcd", "bcde", "abcdefgh", "zzzz"}) {
        words.add(word);
    }
    words.build();
    std::vector<std::pair<std::size_t, std::size_t>> found;
    words.find("xxabcdefgh zzzzz abc",
               [&](std::size_t word, std::size_t at) { found.emplace_back(word, at); });
    std::ranges::sort(found);
    CHECK(found == std::vector<std::pair<std::size_t, std::size_t>>{
                       {0, 2}, {1, 3}, {2, 2}, {3, 11}, {3, 12}});
}

TEST_CASE("statistics of every version, also where the raw total comes first") {
    using Stats = pilotlog::JobStats;
    const auto read = [](const std::string& text) {
        const pilotlog::Taxonomy taxonomy;
        pilotlog::OutputAnalyzer analyzer(taxonomy, {});
        analyzer.begin_pilot();
        analyzer.begin_file(pilotlog::Place::Out, "out");
        analyzer.add(text);
        analyzer.end_file();
        return analyzer.end_pilot().stats;
    };
    const auto newest = read(
        "(Real) Total jobs 16 utilization 800\n"
        "(Normalized) Total jobs 2 utilization 100\n"
        "(Normalized) Total goodZ jobs 2 (100%) utilization 100 (100%)\n");
    CHECK(newest.normalized(Stats::Total, 8)->seconds == 100);
    CHECK(newest.normalized(Stats::GoodZero, 8)->seconds == 100);
    CHECK(newest.jobs(Stats::Total) == 16);
    const auto banner = read(
        "Total jobs/goodZ jobs below are normalized to 1 Core\n"
        "Total jobs 2 utilization 100\n");
    CHECK(banner.normalized(Stats::Total, 8)->seconds == 100);
    const auto old = read(
        "Total jobs 16 utilization 800\n"
        "Total goodZ jobs 15 (93.8%) utilization 400.5 (50%)\n");
    CHECK(old.normalized(Stats::Total, 8)->seconds == 100);
    CHECK(old.normalized(Stats::GoodZero, 1)->seconds == 400.5);
    CHECK(!old.normalized(Stats::Total, std::nullopt));
    CHECK(read("=== Stats of main ===\n=== End Stats of main ===\n").empty());
}
