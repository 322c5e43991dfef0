// Any bytes as a whitelist and as a blacklist.
#include "cvmfs_server/whitelist.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto reading = tow::cvmfs_server::read_whitelist(text, "test.example.org");
    if (!reading.whitelist && !reading.fault) {
        std::abort();
    }
    tow::cvmfs_server::Blacklist blacklist;
    tow::cvmfs_server::add_to_blacklist(blacklist, text);
    return 0;
}
