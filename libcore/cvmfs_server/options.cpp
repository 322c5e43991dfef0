#include "cvmfs_server/options.hpp"

#include "base/error.hpp"

#include <charconv>

namespace tow::cvmfs_server {

namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

}  // namespace

http::ClientOptions polite_client(std::chrono::milliseconds deadline,
                                  std::function<void(const std::string& line)> log) {
    http::ClientOptions client;
    client.log = std::move(log);
    client.deadline = deadline;
    client.per_host = 1;
    client.give_up_after = 2;
    client.user_agent = "aerotow (tow-cvmfs)";
    return client;
}

std::int64_t number_or_all(const std::string& text, std::string_view option) {
    if (text == "all") {
        return kAll;
    }
    std::int64_t number = -1;
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    if (result.ec != std::errc() || result.ptr != end || number < 0) {
        base::fail(base::Kind::Usage, "{}: expected a number or all, got \"{}\"", option, text);
    }
    return number;
}

std::string repository_url(const std::string& server, const std::string& repository) {
    if (!http::origin_of(server)) {
        base::fail(base::Kind::Usage, "{}: not a URL of http or https", http::shown_url(server));
    }
    std::string url = server;
    const bool is_template = url.find("@fqrn@") != std::string::npos;
    replace_all(url, "@fqrn@", repository);
    replace_all(url, "@org@", repository.substr(0, repository.find('.')));
    while (url.ends_with('/')) {
        url.pop_back();
    }
    const auto path = url.find('/', url.find("://") + 3);
    if (path == std::string::npos) {
        return url + "/cvmfs/" + repository;
    }
    return is_template || url.ends_with("/" + repository) ? url : url + "/" + repository;
}

std::string server_name(const std::string& url) {
    const auto origin = http::origin_of(url).value_or(url);
    auto name = origin.substr(origin.find("://") + 3);
    if (origin.starts_with("http://") && name.ends_with(":80")) {
        name.resize(name.size() - 3);
    }
    return name;
}

}  // namespace tow::cvmfs_server
