#include "foreign/fetch.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "http/client.hpp"

#include <algorithm>

namespace tow::foreign {

namespace {

Text fetch(const std::string& url) {
    http::Request request;
    request.url = url;
    request.timeout = std::chrono::seconds(30);
    request.body_limit = kMostBytes;
    request.redirects = 3;
    request.retries = 1;
    auto response = http::Client().fetch(std::move(request));
    response.require_ok();
    return {http::shown_url(url), std::move(response.body)};
}

}  // namespace

bool is_url(std::string_view text) noexcept {
    return text.starts_with("http://") || text.starts_with("https://");
}

Text read_text(const std::string& file_or_url) {
    return is_url(file_or_url) ? fetch(file_or_url)
                               : Text{file_or_url, base::read_file(file_or_url, kMostBytes)};
}

std::vector<Text> read_texts(const std::vector<std::string>& files_and_urls) {
    std::vector<Text> texts;
    std::ranges::transform(files_and_urls, std::back_inserter(texts), read_text);
    return texts;
}

}  // namespace tow::foreign
