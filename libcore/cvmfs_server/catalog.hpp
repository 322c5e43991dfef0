// A catalog: the directories and files of a part of a repository, and the catalogs below it. And
// the history of tags, which is of the same make.
#pragma once

#include "base/clock.hpp"
#include "cvmfs_server/hash.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tow::cvmfs_server {

struct NestedCatalog {
    std::string path;  // in the repository
    Hash hash;
    std::uint64_t bytes = 0;  // inflated; 0: it does not say
};

// What a file's data is stored as.
struct DataObject {
    Hash hash;
    bool is_chunk = false;

    std::string path() const { return hash.object_path(is_chunk ? "P" : ""); }
};

struct Catalog {
    std::optional<std::uint64_t> revision;
    std::vector<NestedCatalog> nested;
    std::map<std::string, std::int64_t> statistics;  // what it says of itself: "self_regular"
    std::map<std::string, std::int64_t> counted;     // what was counted, by the same names
    std::int64_t entries = 0;

    // The first counter that is not what was counted: "self_regular is 3, but there are 2".
    std::optional<std::string> wrong_count() const;

    // Whether the counters of everything below add up with those of the catalogs there.
    std::optional<std::string> wrong_sum(const std::vector<Catalog>& below) const;
};

// visit gets the objects that its files are made of; chunks have the algorithm of the catalog's own
// hash. Error{Data} if it is no catalog.
Catalog read_catalog(const std::string& path, Algorithm algorithm,
                     const std::function<void(const DataObject& object)>& visit);

struct Tag {
    std::string name;
    Hash root_catalog;
    std::uint64_t revision = 0;
    base::Time time;
};

struct History {
    std::string name;  // of the repository
    std::vector<Tag> tags;
};

History read_history(const std::string& path);  // Error{Data}

}  // namespace tow::cvmfs_server
