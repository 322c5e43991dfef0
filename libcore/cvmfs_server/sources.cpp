#include "cvmfs_server/sources.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cvmfs/proxies.hpp"
#include "cvmfs_server/pac.hpp"

#include <algorithm>
#include <filesystem>

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kMostKey = 65536;  // bytes
constexpr std::size_t kMostBlacklist = 1 << 20;
constexpr std::size_t kMostPac = 1 << 20;
constexpr auto kTimeOfProgram = std::chrono::seconds(3);
constexpr std::string_view kAuto = "auto";
constexpr std::string_view kUsualPac = "http://wpad/wpad.dat";

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

// Whether there was one: clients find it out by themselves.
bool take_auto(cvmfs::ProxyList& list) {
    const auto removed = std::erase_if(list.groups, [](const std::vector<std::string>& group) {
        return group == std::vector<std::string>{"http://" + std::string(kAuto)};
    });
    return removed > 0;
}

// What the PAC file answers for each of the servers.
void add_pac(Options& options, const std::string& url) {
    http::Request request;
    request.url = url;
    request.proxy = "";  // it is what tells of proxies
    request.body_limit = kMostPac;
    request.timeout = options.patience;
    const auto response = http::Client(options.client).fetch(request);
    response.require_ok();
    bool names_any = false;
    for (const auto& server : options.servers) {
        const auto list =
            cvmfs::parse_pac_answer(pac_answer(response.body, server, kTimeOfProgram));
        names_any = names_any || !list.groups.empty();
        add(options, list);
    }
    if (!names_any) {
        base::fail(base::Kind::Data, "names no proxy that clients can use");
    }
}

void add_first_that_works(Options& options, const std::vector<std::string>& urls) {
    std::optional<base::Error> first;
    for (const auto& one : urls) {
        const auto url = one == kAuto ? std::string(kUsualPac) : one;
        try {
            add_pac(options, url);
            return;
        } catch (const base::Error& error) {
            first = first ? first : error.within(http::shown_url(url));
        }
    }
    throw first.value_or(base::Error(base::Kind::Usage, "no URL of a PAC file"));
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

std::vector<PublicKey> keys_for(const std::vector<std::string>& repositories,
                                const std::vector<std::string>& named) {
    if (!named.empty()) {
        return read_keys(named);
    }
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
                 const std::vector<std::string>& pac_lists) {
    auto wanted = pac_lists;
    for (const auto& text : lists) {
        auto list = cvmfs::parse_proxy_list(text);
        if (take_auto(list)) {
            if (const auto proxy = base::environment("http_proxy")) {
                add(options, cvmfs::parse_proxy_list(*proxy));
            } else if (wanted.empty()) {
                wanted.emplace_back(kAuto);
            }
        }
        add(options, list);
    }
    for (const auto& list : wanted) {
        add_first_that_works(options, base::split(list, ';'));
    }
}

}  // namespace tow::cvmfs_server
