#include "cvmfs_server/reflog.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "cvmfs_server/sqlite_file.hpp"

#include <array>
#include <utility>

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kMostRefs = 1'000'000;
constexpr std::size_t kMostProperties = 1'000;

}  // namespace

Reflog read_reflog(const std::string& path) {
    const SqliteFile file(path);
    Reflog reflog;
    if (file.has_table("properties")) {
        std::size_t rows = 0;
        file.each_row("key, value", "properties", [&](const Row& row) {
            if (row.bytes(0) == "fqrn") {
                reflog.name = base::repair_utf8(row.bytes(1));
            }
            return ++rows < kMostProperties;
        });
    }
    file.each_row("hash", "refs", [&](const Row& row) {
        if (const auto hash = parse_hash(row.bytes(0))) {
            reflog.hashes.insert(hash->text());
        }
        return reflog.hashes.size() < kMostRefs;
    });
    return reflog;
}

std::optional<Fault> fault_of_reflog(const Reflog& reflog, const Manifest& manifest,
                                     const std::string& repository) {
    if (!reflog.name.empty() && reflog.name != repository) {
        return Fault{"reflog_name", "the reflog is that of " + base::printable(reflog.name)};
    }
    const std::array<std::pair<const char*, std::optional<Hash>>, 4> objects{
        {{"root catalog", manifest.root_catalog},
         {"certificate", manifest.certificate},
         {"history", manifest.history},
         {"metainfo", manifest.metainfo}}};
    for (const auto& [what, hash] : objects) {
        if (hash && !reflog.hashes.contains(hash->text())) {
            return Fault{"reflog_incomplete", fmt::format("the reflog does not list the {} of "
                                                          "revision {}",
                                                          what, manifest.revision)};
        }
    }
    return std::nullopt;
}

}  // namespace tow::cvmfs_server
