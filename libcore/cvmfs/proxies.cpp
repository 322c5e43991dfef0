#include "cvmfs/proxies.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::cvmfs {

namespace {

constexpr std::string_view kDirect = "DIRECT";
constexpr std::size_t kMostProxies = 1'000;

std::size_t count(const ProxyList& list) {
    std::size_t result = 0;
    for (const auto& group : list.groups) {
        result += group.size();
    }
    return result;
}

// The parts between separators, as they stand: blanks in them mean something here.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (auto end = text.find(separator); end != std::string_view::npos;
         end = text.find(separator)) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

std::string with_scheme(std::string_view proxy) {
    return proxy == kDirect || proxy.find("://") != std::string_view::npos
               ? std::string(proxy)
               : "http://" + std::string(proxy);
}

bool is_host_and_port(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '-' || c == ':' ||
               c == '_' || c == '[' || c == ']';
    });
}

}  // namespace

bool ProxyList::has(std::string_view proxy) const {
    return std::ranges::any_of(
        groups, [&](const auto& group) { return std::ranges::find(group, proxy) != group.end(); });
}

std::vector<std::string> ProxyList::urls() const {
    std::vector<std::string> result;
    for (const auto& group : groups) {
        for (const auto& proxy : group) {
            if (proxy != kDirect && std::ranges::find(result, proxy) == result.end()) {
                result.push_back(proxy);
            }
        }
    }
    return result;
}

ProxyList parse_proxy_list(std::string_view text) {
    ProxyList list;
    for (const auto part : parts_of(text, ';')) {
        std::vector<std::string> group;
        for (const auto proxy : parts_of(part, '|')) {
            const auto trimmed = base::trim(proxy);
            if (trimmed.size() != proxy.size() && !trimmed.empty()) {
                list.problems.push_back(
                    fmt::format("blanks around \"{}\": clients take them as part of the name",
                                base::printable(trimmed)));
            }
            if (!trimmed.empty() && count(list) + group.size() < kMostProxies) {
                group.push_back(with_scheme(trimmed));
            }
        }
        if (!group.empty()) {
            list.groups.push_back(std::move(group));
        }
    }
    return list;
}

ProxyList parse_pac_answer(std::string_view answer) {
    ProxyList list;
    for (const auto& item : base::split(answer, ';')) {
        const auto words = base::split(item, ' ');
        const auto verb = words.empty() ? std::string() : base::lower(words[0]);
        if (verb == "direct" && words.size() == 1) {
            list.groups.push_back({std::string(kDirect)});
        } else if ((verb == "proxy" || verb == "http") && words.size() == 2 &&
                   is_host_and_port(words[1])) {
            list.groups.push_back({with_scheme(words[1])});
        } else {
            list.problems.push_back("cannot be used: " + base::printable(item));
        }
        if (list.groups.size() >= kMostProxies || list.problems.size() >= kMostProxies) {
            break;
        }
    }
    return list;
}

}  // namespace tow::cvmfs
