// Manifests of the last run, in a folder: to ask for newer ones only, and to see a server go back.
#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tow::cvmfs_server {

struct KeptAnswer {
    http::Validators known;
    std::string body;
};

// What a file of the folder holds, if it is of this URL.
std::optional<KeptAnswer> parse_kept(std::string_view text, std::string_view url);

class KeptAnswers {
  public:
    explicit KeptAnswers(std::string folder) : folder_(std::move(folder)) {}

    // Nothing also for what cannot be read: then it is fetched as if for the first time.
    std::optional<KeptAnswer> find(const std::string& url) const;

    void keep(const std::string& url, const KeptAnswer& answer) const;  // Error{CannotCreate, Io}

  private:
    std::string file_of(const std::string& url) const;

    std::string folder_;
};

}  // namespace tow::cvmfs_server
