// Any bytes as the output of a pilot, as a log of its daemons, or as base64 and gzip: facts, and a
// verdict that can be written and read again.
#include "pilotlog/output_analyzer.hpp"
#include "pilotlog/verdict.hpp"
#include "record/json.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace pilotlog = tow::pilotlog;

void unpack(std::string_view text) {
    std::string bytes;
    pilotlog::Base64 base64;
    base64.add(text, bytes);
    std::size_t size = 0;
    pilotlog::Gunzip gunzip(1U << 20U, [&](std::string_view piece) { size += piece.size(); });
    gunzip.add(bytes);
    gunzip.add(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    static const pilotlog::Taxonomy taxonomy;
    static pilotlog::OutputAnalyzer analyzer(
        taxonomy, {tow::base::Time{std::chrono::seconds{1'795'300'000}}, {}});
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    unpack(text);
    analyzer.begin_pilot();
    for (const auto place : {pilotlog::Place::Out, pilotlog::Place::Daemon}) {
        analyzer.begin_file(place, "file");
        analyzer.add(text.substr(0, size / 3));
        analyzer.add(text.substr(size / 3));
        analyzer.end_file();
    }
    pilotlog::PilotCase one;
    one.output = analyzer.end_pilot();
    one.is_finished = size % 2 == 0;
    const auto log = judge(one, taxonomy);
    const auto written = tow::record::to_json(to_record(log));
    const tow::record::Document document(written);
    if (tow::record::to_json(to_record(tow::model::read_pilot_log(document.root()))) != written) {
        std::abort();
    }
    return 0;
}
