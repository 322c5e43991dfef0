// How fast logs of pilots are read: event logs (text and JSON) to jobs, outputs to facts. Text in
// memory, one thread; by CPU time, so that others on the machine do not matter much. usage:
// bench_logs EVENT_LOG|OUTPUT [MEGABYTES]
#include "base/file.hpp"
#include "pilotlog/event_log.hpp"
#include "pilotlog/file_kind.hpp"
#include "pilotlog/job.hpp"
#include "pilotlog/output_analyzer.hpp"

#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>

#include <fmt/core.h>

namespace {

namespace pilotlog = tow::pilotlog;

const pilotlog::LogClock kClock{tow::base::Time{std::chrono::seconds{1'795'300'000}}, {}};

void measure(const std::string& what, std::size_t bytes, const std::function<std::string()>& run) {
    const auto begin = std::clock();
    const auto result = run();
    const auto took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    fmt::print("{:28} {:8.0f} MB/s   {}\n", what, static_cast<double>(bytes) / 1e6 / took, result);
}

std::string read_events(const std::string& text) {
    pilotlog::JobTable jobs;
    pilotlog::EventScanner scanner(kClock, [&](const auto& event) { jobs.add(event); });
    const auto size = text.size() - tow::record::kPadding;
    scanner.scan(std::string_view(text).substr(0, size), true);
    return fmt::format("{} events, {} jobs", scanner.counts().events, jobs.jobs().size());
}

std::string read_output(const std::string& text, std::size_t size) {
    const pilotlog::Taxonomy taxonomy;
    pilotlog::OutputAnalyzer analyzer(taxonomy, kClock);
    std::size_t hits = 0;
    std::size_t pilots = 0;
    for (std::size_t at = 0; at < text.size(); at += size, ++pilots) {
        analyzer.begin_pilot();
        analyzer.begin_file(pilotlog::Place::Out, "out");
        analyzer.add(std::string_view(text).substr(at, size));
        analyzer.end_file();
        hits += analyzer.end_pilot().hits.size();
    }
    return fmt::format("{} pilots, {} hits", pilots, hits);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print("usage: bench_logs EVENT_LOG|OUTPUT [MEGABYTES]\n");
        return 64;
    }
    constexpr std::size_t kMost = std::size_t{1} << 30;
    const auto one = tow::base::read_file(argv[1], kMost);
    const auto wanted = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200) * 1'000'000;
    std::string text;
    while (!one.empty() && text.size() < wanted) {
        text += one;
    }
    if (pilotlog::kind_of(one, argv[1]) == pilotlog::FileKind::Events) {
        text.append(tow::record::kPadding, '\0');
        measure("events to jobs", text.size(), [&] { return read_events(text); });
    } else {
        measure("outputs to facts", text.size(), [&] { return read_output(text, one.size()); });
    }
    return 0;
}
