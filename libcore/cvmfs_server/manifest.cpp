#include "cvmfs_server/manifest.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <charconv>

namespace tow::cvmfs_server {

namespace {

constexpr std::string_view kMd5OfNothing = "d41d8cd98f00b204e9800998ecf8427e";
constexpr std::int64_t kLatestTime = 253'402'300'799;  // the last second of the year 9999

using Lines = std::vector<std::string_view>;

template <class Number>
std::optional<Number> number_of(const Lines& lines, char letter) {
    const auto text = line_of(lines, letter);
    Number number = 0;
    if (!text) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<Hash> hash_of(const Lines& lines, char letter) {
    const auto text = line_of(lines, letter);
    return text ? parse_hash(*text) : std::nullopt;
}

// Why there is no letter in it.
Fault not_a_letter(std::string_view text) {
    if (text.empty()) {
        return {"manifest_empty", "the manifest is empty"};
    }
    const auto lines = whole_lines(text);
    if (!lines.empty() && hash_of(lines, 'C')) {
        return {"manifest_truncated", "the manifest breaks off before its signature"};
    }
    return {"manifest_not_a_manifest",
            fmt::format("what came is no manifest (a portal, an error page?): \"{}\"",
                        base::cut_to_width(base::printable(text.substr(0, 60)), 60))};
}

std::optional<Fault> fault_of(const Manifest& manifest, const Lines& lines,
                              std::string_view repository) {
    if (!manifest.letter.hash_fits()) {
        return Fault{"manifest_hash", "the manifest is not what its hash says: it was altered"};
    }
    if (const auto root = line_of(lines, 'R'); root != kMd5OfNothing) {
        return Fault{"manifest_root_path", "the manifest is not that of a whole repository"};
    }
    if (!manifest.name.empty() && manifest.name != repository) {
        return Fault{"manifest_name",
                     fmt::format("the manifest is that of {}", base::printable(manifest.name))};
    }
    return std::nullopt;
}

}  // namespace

std::string Manifest::path_of(const Hash& object, std::string_view suffix) const {
    return has_alternative_paths ? fmt::format(".cvmfsalt-{}{}", object.text(), suffix)
                                 : object.object_path(suffix);
}

ManifestReading read_manifest(std::string_view text, std::string_view repository) {
    auto letter = cut_letter(text);
    if (!letter) {
        return {std::nullopt, not_a_letter(text)};
    }
    const auto body = letter->body;
    const auto lines = whole_lines(body);
    const auto root = hash_of(lines, 'C');
    const auto revision = number_of<std::uint64_t>(lines, 'S');
    const auto ttl = number_of<std::uint32_t>(lines, 'D');
    if (!root || !revision || !ttl || !line_of(lines, 'R')) {
        const bool is_none = !line_of(lines, 'C');
        return {std::nullopt, is_none ? not_a_letter("?" + body)
                                      : Fault{"manifest_malformed",
                                              "the manifest lacks a root catalog, revision, "
                                              "time to live or root path"}};
    }
    Manifest manifest;
    manifest.letter = std::move(*letter);
    manifest.name = line_of(lines, 'N').value_or("");
    manifest.root_catalog = *root;
    manifest.root_catalog_bytes = number_of<std::uint64_t>(lines, 'B');
    manifest.revision = *revision;
    manifest.ttl = std::chrono::seconds(*ttl);
    if (const auto time = number_of<std::int64_t>(lines, 'T');
        time && *time >= 0 && *time <= kLatestTime) {
        manifest.published = base::Time(std::chrono::seconds(*time));
    }
    manifest.certificate = hash_of(lines, 'X');
    manifest.history = hash_of(lines, 'H');
    manifest.metainfo = hash_of(lines, 'M');
    manifest.collects_garbage = line_of(lines, 'G') == "yes";
    manifest.has_alternative_paths = line_of(lines, 'A') == "yes";
    auto fault = fault_of(manifest, lines, repository);
    return {std::move(manifest), std::move(fault)};
}

}  // namespace tow::cvmfs_server
