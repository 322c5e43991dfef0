#include "cvmfs_server/kept.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "cvmfs_server/manifest.hpp"

#include <fmt/core.h>

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kMostKept = 2 * kManifestLimit;

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// A header may hold what would be read as a further line.
bool is_one_line(std::string_view text) {
    return text.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

std::optional<KeptAnswer> parse_kept(std::string_view text, std::string_view url) {
    if (take_line(text) != url) {
        return std::nullopt;
    }
    KeptAnswer answer;
    answer.known.etag = take_line(text);
    answer.known.last_modified = take_line(text);
    answer.body = text;
    return is_one_line(answer.known.etag) && is_one_line(answer.known.last_modified)
               ? std::optional(std::move(answer))
               : std::nullopt;
}

std::string KeptAnswers::file_of(const std::string& url) const {
    return fmt::format("{}/{}.cvmfspublished", folder_, base::hash_hex(url));
}

std::optional<KeptAnswer> KeptAnswers::find(const std::string& url) const {
    try {
        return parse_kept(base::read_file(file_of(url), kMostKept), url);
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

void KeptAnswers::keep(const std::string& url, const KeptAnswer& answer) const {
    base::make_directories(folder_);
    const auto& known = answer.known;
    base::write_file_atomically(
        file_of(url),
        fmt::format("{}\n{}\n{}\n{}", url, is_one_line(known.etag) ? known.etag : "",
                    is_one_line(known.last_modified) ? known.last_modified : "", answer.body));
}

}  // namespace tow::cvmfs_server
