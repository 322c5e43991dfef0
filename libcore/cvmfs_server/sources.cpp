#include "cvmfs_server/sources.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cvmfs/proxies.hpp"

#include <algorithm>
#include <filesystem>

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kMostKey = 65536;  // bytes
constexpr std::size_t kMostBlacklist = 1 << 20;
constexpr std::size_t kMostPac = 1 << 20;

std::vector<std::string> keys_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".pub") {
            files.push_back(entry.path().string());
        }
    }
    std::ranges::sort(files);
    return files;
}

PublicKey read_key(const std::string& file) {
    return PublicKey::parse(base::read_file(file, kMostKey), file);
}

void add(Options& options, const cvmfs::ProxyList& list) {
    options.may_go_direct = options.may_go_direct || list.has("DIRECT");
    for (auto& url : list.urls()) {
        if (!http::origin_of(url)) {
            base::fail(base::Kind::Usage, "{}: not the URL of an HTTP proxy", http::shown_url(url));
        }
        if (std::ranges::find(options.proxies, url) == options.proxies.end()) {
            options.proxies.push_back(std::move(url));
        }
    }
}

}  // namespace

std::vector<PublicKey> read_keys(const std::vector<std::string>& paths) {
    std::vector<PublicKey> keys;
    std::error_code error;
    for (const auto& path : paths) {
        if (std::filesystem::is_directory(path, error)) {
            for (const auto& file : keys_in(path)) {
                keys.push_back(read_key(file));
            }
        } else {
            keys.push_back(read_key(path));
        }
    }
    return keys;
}

std::vector<PublicKey> installed_keys(const std::vector<std::string>& repositories) {
    const std::string root = "/etc/cvmfs/keys";
    auto files = keys_in(root);
    for (const auto& name : repositories) {
        const auto domain = name.substr(std::min(name.size(), name.find('.') + 1));
        for (auto& file : keys_in(fmt::format("{}/{}", root, domain))) {
            if (std::ranges::find(files, file) == files.end()) {
                files.push_back(std::move(file));
            }
        }
    }
    std::vector<PublicKey> keys;
    for (const auto& file : files) {
        try {
            keys.push_back(read_key(file));
        } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch) as clients with a folder
        }
    }
    return keys;
}

Blacklist read_blacklists(const std::vector<std::string>& files) {
    Blacklist blacklist;
    for (const auto& file : files) {
        add_to_blacklist(blacklist, base::read_file(file, kMostBlacklist));
    }
    return blacklist;
}

void add_proxies(Options& options, const std::vector<std::string>& lists,
                 const std::vector<std::string>& pac_urls) {
    for (const auto& list : lists) {
        add(options, cvmfs::parse_proxy_list(list));
    }
    for (const auto& url : pac_urls) {
        http::Request request;
        request.url = url;
        request.proxy = "";  // it is what tells of proxies
        request.body_limit = kMostPac;
        const auto response = http::Client(options.client).fetch(request);
        response.require_ok();
        const auto list = cvmfs::parse_pac_file(response.body);
        if (list.groups.empty()) {
            base::fail(base::Kind::Data, "{}: names no proxy", http::shown_url(url));
        }
        add(options, list);
    }
}

}  // namespace tow::cvmfs_server
