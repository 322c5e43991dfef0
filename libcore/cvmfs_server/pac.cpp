#include "cvmfs_server/pac.hpp"

#include "base/error.hpp"
#include "cvmfs/apart.hpp"
#include "http/message.hpp"

#include <cstdlib>
#include <sys/resource.h>
#include <unistd.h>

#include <pacparser.h>

namespace tow::cvmfs_server {

namespace {

constexpr rlim_t kMostMemory = rlim_t{512} << 20;  // bytes of addresses, our own among them

void limit_self(int resource, rlim_t most) {
    const rlimit limit{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

std::string host_of(const std::string& url) {
    const auto begin = url.find("://") + 3;
    const auto host = url.substr(begin, url.find('/', begin) - begin);
    const auto end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
    return host.substr(0, end);
}

void answer(const std::string& program, const std::string& url, int output) {
    limit_self(RLIMIT_AS, kMostMemory);
    limit_self(RLIMIT_CORE, 0);
    limit_self(RLIMIT_FSIZE, 0);
    if (::pacparser_init() == 0 || ::pacparser_parse_pac_string(program.c_str()) == 0) {
        return;
    }
    const auto host = host_of(url);
    if (const char* proxies = ::pacparser_find_proxy(url.c_str(), host.c_str())) {
        const std::string_view text(proxies);
        [[maybe_unused]] const auto written = ::write(output, text.data(), text.size());
    }
}

}  // namespace

std::string pac_answer(const std::string& program, const std::string& url,
                       std::chrono::milliseconds limit) {
    if (program.find('\0') != std::string::npos || !http::origin_of(url)) {
        base::fail(base::Kind::Data, "no PAC file, or no URL to ask it for");
    }
    const auto said = cvmfs::run_apart({[&](int output) { answer(program, url, output); }}, limit);
    if (!said[0].is_done) {
        base::fail(base::Kind::Timeout, "the PAC file gives no answer in {} ms", limit.count());
    }
    if (said[0].text.empty()) {
        base::fail(base::Kind::Data, "the PAC file gives no answer: an error in it?");
    }
    return said[0].text;
}

}  // namespace tow::cvmfs_server
