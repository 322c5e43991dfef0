#include "source/fetch.hpp"

#include "base/hash.hpp"
#include "http/client.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <array>
#include <unistd.h>

namespace tow::source {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;  // of one answer, on disk
constexpr int kMostRedirects = 3;

// The kept answer to a request: one line of JSON with its version, then the body. The URL does not
// stand in it: it may hold secrets.
class Kept {
  public:
    Kept(const std::string& directory, const Fetch& request)
        : directory_(directory + "/http"),
          path_(fmt::format("{}/{}", directory_,
                            base::hash_hex(request.url + '\n' + request.post))) {}

    // Its version; the file then stands where the body begins. Nothing is there if nothing was
    // kept.
    http::Validators open() {
        try {
            body_ = base::open_for_reading(path_);
            std::array<char, 4096> block{};
            const auto count = base::read_some(body_.get(), block);
            const std::string_view text(block.data(), count);
            const auto end = text.find('\n');
            const record::Document header(text.substr(0, end));
            ::lseek(body_.get(), static_cast<off_t>(end) + 1, SEEK_SET);
            const model::Fields fields(header.root());
            return {fields.known_text("etag").value_or(""),
                    fields.known_text("last_modified").value_or("")};
        } catch (const base::Error&) {  // none, or torn: it is asked for as if for the first time
            body_.reset();
            return {};
        }
    }

    base::UniqueFd take_body() { return std::move(body_); }

    // Keeps what stands in the file from its beginning.
    void save(const http::Validators& version, int body) const {
        base::make_directories(directory_);
        base::AtomicFile file(path_);
        std::string header;
        record::write_json(
            record::Object{{"etag", version.etag}, {"last_modified", version.last_modified}},
            header);
        static_cast<void>(base::write_all(file.fd(), header + '\n'));
        std::array<char, 65536> block{};
        while (const auto count = base::read_some(body, block)) {
            static_cast<void>(base::write_all(file.fd(), {block.data(), count}));
        }
        file.commit();
    }

  private:
    std::string directory_;
    std::string path_;
    base::UniqueFd body_;
};

struct Transfer {
    base::UniqueFd spool;
    std::optional<base::Error> error;  // of writing the spool
    std::optional<Kept> kept;
};

http::Request request_of(const Fetch& fetch, const FetchOptions& options, Transfer& transfer) {
    http::Request request;
    request.url = fetch.url;
    request.timeout = options.deadline;
    request.body_limit = kMostBytes;
    request.redirects = kMostRedirects;
    request.headers.push_back({"Accept", "application/json, */*;q=0.5"});
    if (!fetch.post.empty()) {
        request.method = "POST";
        request.body = fetch.post;
        request.headers.push_back({"Content-Type", "application/json"});
    } else if (options.cache) {
        transfer.kept.emplace(*options.cache, fetch);
        request.known = transfer.kept->open();
    }
    // A full disk is the failure of this transfer alone.
    request.sink = [&transfer](std::string_view piece) {
        try {
            if (!transfer.error) {
                static_cast<void>(base::write_all(transfer.spool.get(), piece));
            }
        } catch (const base::Error& error) {
            transfer.error = error;
        }
    };
    return request;
}

Fetched finish(const http::Response& response, Transfer& transfer, const FetchOptions& options) {
    constexpr int kNotModified = 304;
    try {
        response.require_ok();
        if (transfer.error) {
            throw base::Error(*transfer.error);
        }
        if (response.status == kNotModified && transfer.kept) {
            return {transfer.kept->take_body(), {}};
        }
        ::lseek(transfer.spool.get(), 0, SEEK_SET);
        const auto version = response.validators();
        if (transfer.kept && (!version.etag.empty() || !version.last_modified.empty())) {
            try {
                transfer.kept->save(version, transfer.spool.get());
            } catch (const base::Error& error) {  // the answer is good all the same
                options.trace(fmt::format("not kept: {}", error.what()));
            }
            ::lseek(transfer.spool.get(), 0, SEEK_SET);
        }
        return {std::move(transfer.spool), {}};
    } catch (const base::Error& error) {
        return {{}, error};
    }
}

}  // namespace

std::vector<Fetched> fetch(const std::vector<Fetch>& requests, const FetchOptions& options) {
    http::ClientOptions client_options;
    client_options.deadline = {};
    client_options.log = options.trace;
    http::Client client(client_options);
    std::vector<Transfer> transfers(requests.size());
    std::vector<Fetched> results(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        transfers[i].spool = base::unnamed_file();
        client.start(request_of(requests[i], options, transfers[i]), [&, i](const auto& response) {
            results[i] = finish(response, transfers[i], options);
        });
    }
    client.run();
    return results;
}

}  // namespace tow::source
