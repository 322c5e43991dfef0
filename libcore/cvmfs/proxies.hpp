// Lists of proxies: as clients are configured with them, and as the answers of a PAC file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs {

struct ProxyList {
    std::vector<std::vector<std::string>> groups;  // URLs, or DIRECT; tried in order
    std::vector<std::string> problems;             // what clients read otherwise than it was meant

    bool has(std::string_view proxy) const;
    std::vector<std::string> urls() const;  // each once, without DIRECT
};

// "a|b;c;DIRECT": groups are divided by ';', the proxies in them by '|'. Without a scheme, http.
ProxyList parse_proxy_list(std::string_view text);

// "PROXY host:port; DIRECT": what one call of a PAC file answers. SOCKS cannot be used and is left
// out.
ProxyList parse_pac_answer(std::string_view answer);

}  // namespace tow::cvmfs
