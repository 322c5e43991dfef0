#include "cvmfs_server/fetch.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace tow::cvmfs_server {

namespace {

using namespace std::chrono_literals;

constexpr auto kTimeOfLarge = 10min;  // the deadline for all is shorter
constexpr auto kTimeToConnect = 4s;
constexpr std::size_t kSmall = 262'144;
constexpr std::size_t kMostObject = std::size_t{4} << 30;  // bytes, as stored

// Stored, an object is about as large as inflated at the most.
std::size_t stored_limit(std::uint64_t inflated) {
    return std::min<std::uint64_t>(kMostObject, inflated + inflated / 8 + 65536);
}

// Of an answer that did not come, or not to its end.
std::string reason_of(const http::Response& response, const std::string& object) {
    switch (response.error->kind()) {
        case base::Kind::Timeout:
            return "server_timeout";
        case base::Kind::Data:
            return response.status == 0 ? "server_not_http" : object + "_too_long";
        default:
            return response.status == 0 ? "server_unreachable" : "server_cut_off";
    }
}

}  // namespace

std::optional<Fault> fault_of(const http::Response& response, const std::string& object) {
    if (response.error) {
        return Fault{reason_of(response, object), response.error->what()};
    }
    const auto url = http::shown_url(response.url);
    const int status = response.status;
    if (response.ok()) {
        return std::nullopt;
    }
    if (status >= 300 && status < 400) {
        return Fault{"server_redirects",
                     fmt::format("{}: redirects, which clients do not follow ({})", url, status)};
    }
    switch (status) {
        case 404:
        case 410:
            return Fault{object + "_missing", fmt::format("{}: not found ({})", url, status)};
        case 401:
        case 403:
        case 407:
            return Fault{object + "_forbidden", fmt::format("{}: refused ({})", url, status)};
        default:
            return Fault{"server_error", fmt::format("{}: HTTP status {}", url, status)};
    }
}

http::Request Fetcher::request_for(const std::string& path) const {
    http::Request request;
    request.url = url_ + "/" + path;
    request.timeout = patience_;
    request.connect_timeout = std::min<std::chrono::milliseconds>(kTimeToConnect, patience_);
    request.body_limit = kSmall;
    return request;
}

void Fetcher::start(http::Request request, std::function<void(http::Response)> done) {
    ++under_way_;
    client_.start(std::move(request), [this, done = std::move(done)](http::Response response) {
        done(std::move(response));
        if (--under_way_ == 0) {
            idle_();
        }
    });
}

void Fetcher::get(const std::string& path, std::function<void(http::Response)> done,
                  http::Validators known) {
    auto request = request_for(path);
    request.known = std::move(known);
    start(std::move(request), std::move(done));
}

void Fetcher::get_file(const Wanted& wanted, std::function<void(FetchedObject)> done) {
    auto file = std::make_shared<ScratchFile>();
    auto request = request_for(wanted.path);
    request.body_limit = wanted.limit;
    request.timeout = kTimeOfLarge;
    request.sink = [file](std::string_view piece) { file->append(piece); };
    start(std::move(request),
          [file, name = wanted.name, done = std::move(done)](const http::Response& response) {
              done({fault_of(response, name), response.body_bytes, {}, file});
          });
}

void Fetcher::get_object(const Wanted& wanted, std::function<void(FetchedObject)> done) {
    auto object = std::make_shared<InflatedObject>(wanted.hash, wanted.limit);
    std::shared_ptr<ScratchFile> file;
    if (wanted.keep == Keep::File) {
        file = std::make_shared<ScratchFile>();
        object->into(*file);
    }
    auto request = request_for(wanted.path);
    request.body_limit = stored_limit(wanted.limit);
    request.timeout = kTimeOfLarge;
    request.sink = [object](std::string_view piece) { object->add(piece); };
    start(std::move(request), [=, name = wanted.name,
                               done = std::move(done)](const http::Response& response) {
        FetchedObject result{fault_of(response, name), object->size(), {}, file};
        if (!result.fault && !object->hash_fits()) {
            result.fault = Fault{name + "_hash", fmt::format("{}: is not what its name says",
                                                             http::shown_url(response.url))};
        } else if (const auto damage = object->damage(); !result.fault && damage) {
            result.fault = Fault{name + "_damaged",
                                 fmt::format("{}: {}", http::shown_url(response.url), *damage)};
        } else if (!result.fault) {
            result.data = object->data();
        }
        done(std::move(result));
    });
}

void Fetcher::get_data(const std::string& path, const Hash& hash,
                       std::function<void(std::optional<Fault>)> done) {
    auto object = std::make_shared<HashedObject>(hash);
    auto request = request_for(path);
    request.body_limit = kMostObject;
    request.timeout = kTimeOfLarge;
    request.sink = [object](std::string_view piece) { object->add(piece); };
    start(std::move(request), [object, done = std::move(done)](const http::Response& response) {
        auto fault = fault_of(response, "object");
        if (!fault && !object->fits()) {
            fault = Fault{"object_hash", fmt::format("{}: is not what its name says",
                                                     http::shown_url(response.url))};
        }
        done(std::move(fault));
    });
}

}  // namespace tow::cvmfs_server
