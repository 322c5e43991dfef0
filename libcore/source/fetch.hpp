// Documents from servers, several at once, spooled to files: memory stays flat. An answer with a
// version (ETag, Last-Modified) is kept, so that it need not be sent again while it holds.
#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tow::source {

struct Fetch {
    std::string url;
    std::string post;  // JSON to send; empty: a GET
};

struct Fetched {
    base::UniqueFd output;  // to be read from where it stands
    std::optional<base::Error> error;
};

struct FetchOptions {
    std::chrono::milliseconds deadline{30'000};  // of each
    std::optional<std::string> cache;            // directory; nothing: no answer is kept
    std::function<void(const std::string& line)> trace;
};

// All of them, in this order. Ends early as stop.hpp says.
std::vector<Fetched> fetch(const std::vector<Fetch>& requests, const FetchOptions& options);

}  // namespace tow::source
