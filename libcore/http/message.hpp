// HTTP as its callers see it: what is asked, and what came back.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::http {

struct Header {
    std::string name;
    std::string value;
};

// What an earlier answer said of its version: if it still holds, the answer is 304 without a body.
struct Validators {
    std::string etag;           // empty: not known
    std::string last_modified;  // the same
};

struct Request {
    std::string url;  // http or https, nothing else
    std::string method = "GET";
    std::vector<Header> headers;
    std::string body;  // of POST and PUT

    // "http://host:port"; empty: none, whatever the environment says; absent: the environment's.
    std::optional<std::string> proxy;
    Validators known;

    std::chrono::milliseconds timeout{10'000};  // from the first try to the end of the last
    std::chrono::milliseconds connect_timeout{5'000};
    std::size_t body_limit = std::size_t{16} << 20;  // more bytes are an error
    int redirects = 0;                               // that are followed
    int retries = 0;                                 // of GET and HEAD; others are sent once
    std::chrono::milliseconds retry_delay{250};      // before the first retry; doubled for the next

    // Takes the body piece by piece instead of Response::body; only of an answer with status 2xx.
    // What it throws ends the transfer: an Error becomes that of the response, anything else leaves
    // Client::run().
    std::function<void(std::string_view piece)> sink;
};

struct Timings {
    std::chrono::milliseconds connect{0};  // since the start of the last try
    std::chrono::milliseconds first_byte{0};
    std::chrono::milliseconds total{0};
};

struct Response {
    int status = 0;               // 0: no answer
    std::vector<Header> headers;  // of the last answer, in order
    std::string body;
    std::uint64_t body_bytes = 0;  // also those that went to a sink
    std::string url;               // where the answer came from, after redirects
    int redirects = 0;
    int tries = 0;
    int new_connections = 0;  // of the last try; 0: one was reused
    std::string address;      // of the host or proxy that answered
    Timings timings;

    // Why there is no whole answer. A status like 404 is an answer. Timeout: the time of the
    // request or of the client passed; Unavailable: no connection, or it broke; Data: too long or
    // no HTTP; Usage: not a URL that may be asked for.
    std::optional<base::Error> error;

    bool ok() const noexcept { return !error && status >= 200 && status < 300; }
    const std::string* header(std::string_view name) const noexcept;  // the last one of this name
    Validators validators() const;                                    // for the next time

    // Error unless it is 2xx or 304: its own, or by the status: 404 and 410 are NotFound, 401, 403
    // and 407 Permission, all else Unavailable.
    void require_ok() const;
};

// The URL as it may be shown: without user, password and query.
std::string shown_url(std::string_view url);

// "http://host:port" of a URL, in lower case; nothing if it is not a URL of http or https.
std::optional<std::string> origin_of(const std::string& url);

}  // namespace tow::http
