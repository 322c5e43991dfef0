// Any bytes as a date, as the files in which a server speaks of itself, and as what a client says.
#include "cvmfs/client_config.hpp"
#include "cvmfs/dates.hpp"
#include "cvmfs/mount.hpp"
#include "cvmfs_server/status.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto time = tow::cvmfs::parse_date(text)) {
        if (tow::cvmfs::parse_date(tow::base::format_time(*time)) != time) {
            std::abort();
        }
    }
    tow::cvmfs_server::parse_status(text);
    tow::cvmfs_server::parse_server_info(text);
    tow::cvmfs::parse_client_output(text);
    tow::cvmfs::names_in(text);
    tow::cvmfs::mounted_repositories(text, "/cvmfs");
    return 0;
}
