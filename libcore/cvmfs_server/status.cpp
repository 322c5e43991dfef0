#include "cvmfs_server/status.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "cvmfs/dates.hpp"
#include "record/json.hpp"

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kMostRepositories = 10'000;

// Nothing unless it is a JSON object.
std::optional<record::Document> document_of(std::string_view json) {
    try {
        record::Document document(json);
        return document.root().is_object() ? std::optional(std::move(document)) : std::nullopt;
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

std::string text_at(record::View object, std::string_view key) {
    return std::string(object.find(key).string().value_or(""));
}

void add_repositories(ServerInfo& info, record::View list, bool are_replicas) {
    if (!list.is_array()) {
        return;
    }
    for (const auto& item : list.elements()) {
        auto name = text_at(item, "name");
        if (!name.empty() && info.repositories.size() < kMostRepositories) {
            const auto pass_through = item.find("pass-through").value().boolean();
            info.repositories.push_back(
                {std::move(name), text_at(item, "url"), are_replicas, pass_through == true});
        }
    }
}

}  // namespace

std::optional<ServerStatus> parse_status(std::string_view json) {
    const auto document = document_of(json);
    if (!document) {
        return std::nullopt;
    }
    ServerStatus status;
    const auto date = [&](std::string_view key) {
        const auto text = text_at(document->root(), key);
        const auto time = cvmfs::parse_date(text);
        if (!text.empty() && !time) {
            status.unreadable.emplace_back(key);
        }
        return time;
    };
    status.last_snapshot = date("last_snapshot");
    status.last_gc = date("last_gc");
    status.last_check = date("last_check");
    const auto checked = text_at(document->root(), "check_status");
    if (checked == "succeeded" || checked == "failed") {
        status.check_succeeded = checked == "succeeded";
    }
    return status;
}

std::optional<ServerInfo> parse_server_info(std::string_view json) {
    const auto document = document_of(json);
    if (!document) {
        return std::nullopt;
    }
    ServerInfo info;
    const auto root = document->root();
    add_repositories(info, root.find("repositories"), false);
    add_repositories(info, root.find("replicas"), true);
    info.geodb_updated = cvmfs::parse_date(text_at(root, "last_geodb_update"));
    info.version = base::repair_utf8(text_at(root, "cvmfs_version"));
    return info;
}

}  // namespace tow::cvmfs_server
