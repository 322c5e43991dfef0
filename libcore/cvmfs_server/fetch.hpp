// The pieces of one repository at one server, fetched one after the other over one connection.
#pragma once

#include "cvmfs_server/fault.hpp"
#include "cvmfs_server/object.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tow::cvmfs_server {

// Why there is no good answer; nothing if there is one. "server_timeout", or object + "_missing".
std::optional<Fault> fault_of(const http::Response& response, const std::string& object);

// An object as it came: fault is set unless its hash fits and it is whole.
struct FetchedObject {
    std::optional<Fault> fault;
    std::uint64_t bytes = 0;            // inflated
    std::string data;                   // of one that was kept in memory
    std::shared_ptr<ScratchFile> file;  // of one that was not
};

class Fetcher {
  public:
    enum class Keep { Memory, File };

    struct Wanted {
        std::string name;  // of it in reasons: "root_catalog"
        std::string path;  // below the repository
        Hash hash;
        std::uint64_t limit = 0;  // bytes, inflated
        Keep keep = Keep::Memory;
    };

    // idle is called whenever nothing is under way any more. patience is for small files.
    Fetcher(http::Client& client, std::string url, std::chrono::milliseconds patience,
            std::function<void()> idle)
        : client_(client), url_(std::move(url)), patience_(patience), idle_(std::move(idle)) {}
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    // A small file; if an earlier answer is known, 304 may come instead.
    void get(const std::string& path, std::function<void(http::Response)> done,
             http::Validators known = {});

    // A file as it stands, without a hash to check it by.
    void get_file(const Wanted& wanted, std::function<void(FetchedObject)> done);

    void get_object(const Wanted& wanted, std::function<void(FetchedObject)> done);

    // The data of a file: only its hash is looked at.
    void get_data(const std::string& path, const Hash& hash,
                  std::function<void(std::optional<Fault>)> done);

    const std::string& url() const noexcept { return url_; }
    std::size_t under_way() const noexcept { return under_way_; }

  private:
    http::Request request_for(const std::string& path) const;
    void start(http::Request request, std::function<void(http::Response)> done);

    http::Client& client_;
    std::string url_;
    std::chrono::milliseconds patience_;
    std::function<void()> idle_;
    std::size_t under_way_ = 0;
};

}  // namespace tow::cvmfs_server
