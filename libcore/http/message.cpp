#include "http/message.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <curl/curl.h>

namespace tow::http {

namespace {

struct Free {
    void operator()(CURLU* url) const noexcept { ::curl_url_cleanup(url); }
    void operator()(char* text) const noexcept { ::curl_free(text); }
};

std::string part(CURLU* url, CURLUPart what) {
    char* text = nullptr;
    if (::curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
        return {};
    }
    const std::unique_ptr<char, Free> owner(text);
    return text;
}

base::Kind kind_of_status(int status) {
    switch (status) {
        case 404:
        case 410:
            return base::Kind::NotFound;
        case 401:
        case 403:
        case 407:
            return base::Kind::Permission;
        default:
            return base::Kind::Unavailable;
    }
}

}  // namespace

const std::string* Response::header(std::string_view name) const noexcept {
    const auto found = std::find_if(headers.rbegin(), headers.rend(), [&](const Header& header) {
        return base::equal_nocase(header.name, name);
    });
    return found == headers.rend() ? nullptr : &found->value;
}

Validators Response::validators() const {
    const auto* etag = header("ETag");
    const auto* modified = header("Last-Modified");
    return {etag == nullptr ? "" : *etag, modified == nullptr ? "" : *modified};
}

void Response::require_ok() const {
    if (error) {
        throw base::Error(*error);
    }
    if (!ok() && status != 304) {
        base::fail(kind_of_status(status), "{}: HTTP status {}", shown_url(url), status);
    }
}

std::string shown_url(std::string_view url) {
    std::string result(url.substr(0, url.find_first_of("?#")));
    const auto scheme = result.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    // In what is no URL, a password may hold a slash.
    const auto end = origin_of(std::string(url)) ? result.find('/', begin) : std::string::npos;
    if (const auto at = result.rfind('@', end); at != std::string::npos && at >= begin) {
        result.erase(begin, at + 1 - begin);
    }
    if (url.find('?') != std::string_view::npos) {
        result += "?...";
    }
    return base::printable(result);
}

std::optional<std::string> origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, Free> parsed(::curl_url());
    if (!parsed || ::curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        url.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    const auto scheme = base::lower(part(parsed.get(), CURLUPART_SCHEME));
    if (scheme != "http" && scheme != "https") {
        return std::nullopt;
    }
    return fmt::format("{}://{}:{}", scheme, base::lower(part(parsed.get(), CURLUPART_HOST)),
                       part(parsed.get(), CURLUPART_PORT));
}

}  // namespace tow::http
