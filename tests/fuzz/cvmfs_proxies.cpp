// Any bytes as a list of proxies, and as the answer of a PAC file: no proxy is empty.
#include "cvmfs/proxies.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void check(const tow::cvmfs::ProxyList& list) {
    for (const auto& group : list.groups) {
        for (const auto& proxy : group) {
            if (proxy.empty() || group.empty()) {
                std::abort();
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(tow::cvmfs::parse_proxy_list(text));
    check(tow::cvmfs::parse_pac_answer(text));
    return 0;
}
