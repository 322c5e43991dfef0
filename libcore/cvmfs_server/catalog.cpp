#include "cvmfs_server/catalog.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "cvmfs_server/sqlite_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tow::cvmfs_server {

namespace {

// Of the flags of an entry (catalog_sql.h of CVMFS).
constexpr std::int64_t kDirectory = 1;
constexpr std::int64_t kNestedMountpoint = 2;
constexpr std::int64_t kSymlink = 8;
constexpr std::int64_t kSpecial = 16;
constexpr std::int64_t kChunked = 64;
constexpr std::int64_t kExternal = 128;
constexpr int kAlgorithmShift = 8;
constexpr std::int64_t kAlgorithmMask = 7;

constexpr std::size_t kHashBytes = 20;
constexpr std::size_t kMostNested = 1'000'000;
constexpr std::size_t kMostTags = 1'000'000;
constexpr std::size_t kMostNames = 1'000;  // properties and counters
constexpr std::int64_t kLatestTime = 253'402'300'799;

std::optional<Algorithm> algorithm_of(std::int64_t flags) {
    constexpr std::array kAlgorithms{Algorithm::Sha1, Algorithm::Rmd160, Algorithm::Shake128};
    const auto number = static_cast<std::size_t>((flags >> kAlgorithmShift) & kAlgorithmMask);
    return number < kAlgorithms.size() ? std::optional(kAlgorithms[number]) : std::nullopt;
}

// What the entries of a catalog come to.
struct Tally {
    std::int64_t regular = 0;
    std::int64_t symlink = 0;
    std::int64_t special = 0;
    std::int64_t nested = 0;
    std::int64_t chunked = 0;
    std::int64_t chunks = 0;
    std::int64_t entries = 0;

    void add(std::int64_t flags) {
        ++entries;
        if ((flags & kDirectory) != 0) {
            nested += (flags & kNestedMountpoint) != 0 ? 1 : 0;
        } else if ((flags & kSymlink) != 0) {
            ++symlink;
        } else if ((flags & kSpecial) != 0) {
            ++special;
        } else {
            ++regular;
            chunked += (flags & kChunked) != 0 ? 1 : 0;
        }
    }
};

using Visit = std::function<void(const DataObject& object)>;

void visit_object(std::optional<Algorithm> algorithm, std::string_view hash, bool is_chunk,
                  const Visit& visit) {
    if (visit && algorithm && hash.size() == kHashBytes) {
        visit({hash_of_bytes(*algorithm, hash), is_chunk});
    }
}

void read_entries(const SqliteFile& file, Tally& tally, const Visit& visit) {
    file.each_row("flags, hash", "catalog", [&](const Row& row) {
        const auto flags = row.integer(0);
        tally.add(flags);
        constexpr auto kNoData = kDirectory | kSymlink | kSpecial | kChunked | kExternal;
        if ((flags & kNoData) == 0) {
            visit_object(algorithm_of(flags), row.bytes(1), false, visit);
        }
        return true;
    });
}

// Chunks do not say which algorithm they are of: it is that of the catalog.
void read_chunks(const SqliteFile& file, Algorithm algorithm, Tally& tally, const Visit& visit) {
    file.each_row("hash", "chunks", [&](const Row& row) {
        ++tally.chunks;
        visit_object(algorithm, row.bytes(0), true, visit);
        return true;
    });
}

void read_nested(const SqliteFile& file, Catalog& catalog) {
    file.each_row("path, sha1, size", "nested_catalogs", [&](const Row& row) {
        const auto hash = parse_hash(row.bytes(1));
        if (!hash || catalog.nested.size() >= kMostNested) {
            base::fail(base::Kind::Data, "a nested catalog without a valid hash, or too many");
        }
        catalog.nested.push_back(
            {base::repair_utf8(row.bytes(0)), *hash,
             static_cast<std::uint64_t>(std::max<std::int64_t>(0, row.integer(2)))});
        return true;
    });
}

std::optional<std::string> property(const SqliteFile& file, std::string_view key) {
    std::optional<std::string> value;
    file.each_row("key, value", "properties", [&](const Row& row) {
        if (row.bytes(0) == key) {
            value = std::string(row.bytes(1));
        }
        return !value;
    });
    return value;
}

}  // namespace

std::optional<std::string> Catalog::wrong_count() const {
    for (const auto& [name, count] : counted) {
        const auto said = statistics.find(name);
        if (said != statistics.end() && said->second != count) {
            return fmt::format("{} is {}, but there are {}", name, said->second, count);
        }
    }
    return std::nullopt;
}

std::optional<std::string> Catalog::wrong_sum(const std::vector<Catalog>& below) const {
    constexpr std::array kSummed{"regular", "symlink", "special", "nested", "chunked", "chunks"};
    const auto number = [](const Catalog& catalog, const std::string& name) {
        const auto found = catalog.statistics.find(name);
        return found == catalog.statistics.end() ? 0 : found->second;
    };
    for (const std::string name : kSummed) {
        std::int64_t sum = 0;
        for (const auto& catalog : below) {
            sum += number(catalog, "self_" + name) + number(catalog, "subtree_" + name);
        }
        if (const auto said = number(*this, "subtree_" + name); said != sum) {
            return fmt::format("subtree_{} is {}, but the catalogs below come to {}", name, said,
                               sum);
        }
    }
    return std::nullopt;
}

Catalog read_catalog(const std::string& path, Algorithm algorithm, const Visit& visit) {
    const SqliteFile file(path);
    Catalog catalog;
    if (const auto revision = property(file, "revision")) {
        std::uint64_t number = 0;
        const auto* end = revision->data() + revision->size();
        if (std::from_chars(revision->data(), end, number).ptr == end) {
            catalog.revision = number;
        }
    }
    read_nested(file, catalog);
    Tally tally;
    read_entries(file, tally, visit);
    if (file.has_table("chunks")) {
        read_chunks(file, algorithm, tally, visit);
    }
    if (file.has_table("statistics")) {
        file.each_row("counter, value", "statistics", [&](const Row& row) {
            catalog.statistics[base::repair_utf8(row.bytes(0))] = row.integer(1);
            return catalog.statistics.size() < kMostNames;
        });
    }
    catalog.entries = tally.entries;
    catalog.counted = {{"self_regular", tally.regular}, {"self_symlink", tally.symlink},
                       {"self_special", tally.special}, {"self_nested", tally.nested},
                       {"self_chunked", tally.chunked}, {"self_chunks", tally.chunks}};
    return catalog;
}

History read_history(const std::string& path) {
    const SqliteFile file(path);
    History history;
    history.name = base::repair_utf8(property(file, "fqrn").value_or(""));
    file.each_row("name, hash, revision, timestamp", "tags", [&](const Row& row) {
        const auto hash = parse_hash(row.bytes(1));
        if (hash) {
            const auto seconds = std::clamp<std::int64_t>(row.integer(3), 0, kLatestTime);
            history.tags.push_back(
                {base::repair_utf8(row.bytes(0)), *hash,
                 static_cast<std::uint64_t>(std::max<std::int64_t>(0, row.integer(2))),
                 base::Time(std::chrono::seconds(seconds))});
        }
        return history.tags.size() < kMostTags;
    });
    return history;
}

}  // namespace tow::cvmfs_server
