// One request on its way through libcurl. Only client.cpp uses it.
#pragma once

#include "http/client.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct curl_slist;

namespace tow::http {

class Transfer {
  public:
    struct FreeHandle {
        void operator()(void* easy) const noexcept;
    };

    struct FreeHeaders {
        void operator()(curl_slist* list) const noexcept;
    };

    using HeaderList = std::unique_ptr<curl_slist, FreeHeaders>;

    Request request;
    Client::Done done;
    std::string host;  // key of its queue
    Response response;
    std::chrono::steady_clock::time_point end;  // of its time; set with the first try

    // What libcurl calls CURL*, from prepare() on. Must not move from then on.
    std::unique_ptr<void, FreeHandle> handle;

    // Makes a handle for a try that may take so long. Error{Usage} if it cannot be asked for.
    void prepare(std::chrono::milliseconds time, const std::string& user_agent);

    // Reads what came of the try, by libcurl's CURLcode.
    void settle(int result);

    const std::exception_ptr& thrown() const noexcept { return thrown_; }  // by the sink
    std::string summary() const;                                           // for the log

    // For libcurl: false ends the transfer.
    bool take_header(std::string_view line);
    bool take_body(std::string_view piece);

  private:
    void configure(std::chrono::milliseconds time, const std::string& user_agent);
    base::Error failure(int result) const;

    HeaderList headers_;
    std::array<char, 256> complaint_{};  // as long as libcurl wants it
    std::size_t header_bytes_ = 0;
    bool too_long_ = false;
    std::optional<base::Error> refusal_;  // by the sink
    std::exception_ptr thrown_;           // by the sink, and no Error
};

bool may_be_repeated(const Request& request);  // without harm: GET and HEAD

}  // namespace tow::http
