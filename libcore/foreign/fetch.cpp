#include "foreign/fetch.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "http/client.hpp"

#include <algorithm>

namespace tow::foreign {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

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

Text read_text(const std::string& file_or_url) {
    const bool is_url = file_or_url.starts_with("http://") || file_or_url.starts_with("https://");
    return is_url ? fetch(file_or_url)
                  : Text{file_or_url, base::read_file(file_or_url, kMostBytes)};
}

std::vector<Text> read_texts(const std::vector<std::string>& files_and_urls) {
    std::vector<Text> texts;
    std::ranges::transform(files_and_urls, std::back_inserter(texts), read_text);
    return texts;
}

}  // namespace tow::foreign
