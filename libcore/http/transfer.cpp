#include "http/transfer.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

#include <curl/curl.h>

namespace tow::http {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostHeaderBytes = 262'144;

milliseconds time_of(CURL* handle, CURLINFO what) {
    curl_off_t microseconds = 0;
    ::curl_easy_getinfo(handle, what, &microseconds);
    return milliseconds(microseconds / 1000);
}

int number_of(CURL* handle, CURLINFO what) {
    long number = 0;
    ::curl_easy_getinfo(handle, what, &number);
    return static_cast<int>(number);
}

std::string text_of(CURL* handle, CURLINFO what) {
    const char* text = nullptr;
    ::curl_easy_getinfo(handle, what, &text);
    return text == nullptr ? "" : text;
}

// libcurl takes its options as C varargs: their types must be exactly what it expects.
template <class T>
void set(CURL* handle, CURLoption option, T value) {
    if (const auto code = ::curl_easy_setopt(handle, option, value); code != CURLE_OK) {
        base::fail(base::Kind::Internal, "libcurl: {}", ::curl_easy_strerror(code));
    }
}

long as_long(milliseconds time) {
    return static_cast<long>(std::max<std::int64_t>(1, time.count()));  // 0 would be no limit
}

// "Name: value", as libcurl wants it. A line end in it would begin another header.
Transfer::HeaderList header_list(const Request& request) {
    Transfer::HeaderList list;
    const auto add = [&](const std::string& line) {
        if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
            base::fail(base::Kind::Usage, "{}: a header with a line end in it",
                       shown_url(request.url));
        }
        auto* longer = ::curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) {
            throw std::bad_alloc();
        }
        static_cast<void>(list.release());
        list.reset(longer);
    };
    add("Expect:");  // no 100-continue: it costs a second with servers that do not know it
    for (const auto& header : request.headers) {
        add(header.name + (header.value.empty() ? ";" : ": " + header.value));
    }
    if (!request.known.etag.empty()) {
        add("If-None-Match: " + request.known.etag);
    }
    if (!request.known.last_modified.empty()) {
        add("If-Modified-Since: " + request.known.last_modified);
    }
    return list;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer) {
    const std::string_view line(data, size * count);
    return static_cast<Transfer*>(transfer)->take_header(line) ? line.size() : 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* transfer) {
    const std::string_view piece(data, size * count);
    return static_cast<Transfer*>(transfer)->take_body(piece) ? piece.size() : 0;
}

base::Kind kind_of(CURLcode code) {
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return base::Kind::Timeout;
        case CURLE_URL_MALFORMAT:
            return base::Kind::Usage;
        case CURLE_FILESIZE_EXCEEDED:
        case CURLE_UNSUPPORTED_PROTOCOL:  // redirected to file:// and the like, or no HTTP at all
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_TOO_MANY_REDIRECTS:
            return base::Kind::Data;
        default:
            return base::Kind::Unavailable;
    }
}

void configure_proxy(CURL* handle, const Request& request) {
    if (!request.proxy) {
        return;  // libcurl looks at http_proxy, https_proxy and no_proxy
    }
    if (!request.proxy->empty() && !origin_of(*request.proxy)) {
        base::fail(base::Kind::Usage, "{}: not the URL of an HTTP proxy",
                   shown_url(*request.proxy));
    }
    set(handle, CURLOPT_PROXY, request.proxy->c_str());
    set(handle, CURLOPT_NOPROXY, "");
}

void configure_method(CURL* handle, const Request& request) {
    if (request.method == "HEAD") {
        set(handle, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
        set(handle, CURLOPT_POSTFIELDS, request.body.data());  // not copied: the transfer holds it
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    if (may_be_repeated(request) && request.redirects > 0) {
        set(handle, CURLOPT_FOLLOWLOCATION, 1L);
        set(handle, CURLOPT_MAXREDIRS, static_cast<long>(request.redirects));
    }
}

}  // namespace

void Transfer::FreeHandle::operator()(void* easy) const noexcept {
    ::curl_easy_cleanup(easy);
}

void Transfer::FreeHeaders::operator()(curl_slist* list) const noexcept {
    ::curl_slist_free_all(list);
}

bool may_be_repeated(const Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

void Transfer::prepare(std::chrono::milliseconds time, const std::string& user_agent) {
    if (!origin_of(request.url)) {
        base::fail(base::Kind::Usage, "{}: not a URL of http or https", shown_url(request.url));
    }
    const int tries = response.tries;
    response = Response{};
    response.tries = tries + 1;
    header_bytes_ = 0;
    too_long_ = false;
    complaint_.front() = 0;
    handle.reset(::curl_easy_init());
    headers_ = header_list(request);
    if (!handle) {
        throw std::bad_alloc();
    }
    configure(time, user_agent);
    configure_proxy(handle.get(), request);
    configure_method(handle.get(), request);
}

void Transfer::configure(milliseconds time, const std::string& user_agent) {
    auto* easy = handle.get();
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_USERAGENT, user_agent.c_str());
    set(easy, CURLOPT_HTTPHEADER, headers_.get());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);  // a name server that hangs must not hold us at the end
    set(easy, CURLOPT_TIMEOUT_MS, as_long(time));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, as_long(request.connect_timeout));
    set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.body_limit));
    set(easy, CURLOPT_ERRORBUFFER, complaint_.data());
    set(easy, CURLOPT_HEADERFUNCTION, &on_header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &on_body);
    set(easy, CURLOPT_WRITEDATA, this);
}

bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > kMostHeaderBytes) {
        too_long_ = true;
        return false;
    }
    if (line.starts_with("HTTP/")) {  // another answer: of a redirect, a proxy
        response.headers.clear();
        return true;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
        response.headers.push_back({std::string(base::trim(line.substr(0, colon))),
                                    std::string(base::trim(line.substr(colon + 1)))});
    }
    return true;
}

bool Transfer::take_body(std::string_view piece) {
    if (response.body_bytes + piece.size() > request.body_limit) {
        too_long_ = true;
        return false;
    }
    response.body_bytes += piece.size();
    const int status = number_of(handle.get(), CURLINFO_RESPONSE_CODE);
    if (!request.sink || status < 200 || status > 299) {
        response.body.append(piece);
        return true;
    }
    try {
        request.sink(piece);
        return true;
    } catch (const base::Error& error) {
        refusal_ = error;
        return false;
    } catch (...) {
        thrown_ = std::current_exception();
        return false;
    }
}

void Transfer::settle(int result) {
    auto* easy = handle.get();
    response.status = number_of(easy, CURLINFO_RESPONSE_CODE);
    response.redirects = number_of(easy, CURLINFO_REDIRECT_COUNT);
    response.new_connections = number_of(easy, CURLINFO_NUM_CONNECTS);
    response.url = text_of(easy, CURLINFO_EFFECTIVE_URL);
    response.address = text_of(easy, CURLINFO_PRIMARY_IP);
    response.timings = {time_of(easy, CURLINFO_CONNECT_TIME_T),
                        time_of(easy, CURLINFO_STARTTRANSFER_TIME_T),
                        time_of(easy, CURLINFO_TOTAL_TIME_T)};
    if (result != CURLE_OK) {
        response.error = failure(result);
    }
}

base::Error Transfer::failure(int result) const {
    const auto code = static_cast<CURLcode>(result);
    const auto where = shown_url(request.url);
    if (refusal_) {
        return *refusal_;
    }
    if (too_long_) {
        return {base::Kind::Data,
                header_bytes_ > kMostHeaderBytes
                    ? fmt::format("{}: more than {} bytes of headers", where, kMostHeaderBytes)
                    : fmt::format("{}: more than {} bytes", where, request.body_limit)};
    }
    if (code == CURLE_FILESIZE_EXCEEDED) {
        return {base::Kind::Data, fmt::format("{}: more than {} bytes", where, request.body_limit)};
    }
    const std::string_view said =
        complaint_.front() != 0 ? std::string_view(complaint_.data()) : ::curl_easy_strerror(code);
    return {kind_of(code), fmt::format("{}: {}", where, base::printable(said))};
}

std::string Transfer::summary() const {
    const auto proxy = request.proxy.value_or("").empty()
                           ? std::string()
                           : fmt::format(" through {}", shown_url(*request.proxy));
    return fmt::format(
        "{} {}{}: {}, {} bytes, {} ms", request.method, shown_url(request.url), proxy,
        response.error ? response.error->what() : fmt::format("HTTP status {}", response.status),
        response.body_bytes, response.timings.total.count());
}

}  // namespace tow::http
