// Any bytes as a manifest: read, or a fault that has a reason; what is read and has none is
// unchanged. And as a manifest that was kept.
#include "cvmfs_server/kept.hpp"
#include "cvmfs_server/manifest.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto reading = tow::cvmfs_server::read_manifest(text, "test.example.org");
    if (!reading.manifest && !reading.fault) {
        std::abort();
    }
    if (reading.fault && reading.fault->reason.empty()) {
        std::abort();
    }
    if (reading.manifest && !text.starts_with(reading.manifest->letter.body)) {
        std::abort();
    }
    const auto kept = tow::cvmfs_server::parse_kept(text, text.substr(0, text.find('\n')));
    if (kept && !text.ends_with(kept->body)) {
        std::abort();
    }
    return 0;
}
