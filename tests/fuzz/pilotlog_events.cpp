// Any bytes as an event log, whole and in pieces: the same events either way.
#include "pilotlog/event_log.hpp"
#include "pilotlog/job.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kPiece = 37;

std::string padded(const std::string& text) {
    return text + std::string(tow::record::kPadding, '\0');
}

std::string scan(std::string_view log, std::size_t piece) {
    std::string told;
    tow::pilotlog::JobTable jobs;
    tow::pilotlog::EventScanner scanner(
        {tow::base::Time{std::chrono::seconds{1'795'300'000}}, {}}, [&](const auto& event) {
            told += std::to_string(event.number) + ' ' + std::to_string(event.cluster) + ' ';
            told += event.reason;
            told += tow::base::format_time(event.at) + '\n';
            jobs.add(event);
        });
    std::string pending;
    for (std::size_t at = 0; at < log.size(); at += piece) {
        pending += log.substr(at, piece);
        const auto text = padded(pending);
        pending.erase(0, scanner.scan(std::string_view(text).substr(0, pending.size()), false));
    }
    const auto text = padded(pending);
    scanner.scan(std::string_view(text).substr(0, pending.size()), true);
    return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view log(reinterpret_cast<const char*>(data), size);
    if (scan(log, size + 1) != scan(log, kPiece)) {
        std::abort();
    }
    return 0;
}
