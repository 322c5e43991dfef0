// Goes through the catalogs of a repository, as deep as is asked, and picks objects to look at.
#pragma once

#include "cvmfs_server/catalog.hpp"
#include "cvmfs_server/fetch.hpp"
#include "cvmfs_server/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tow::cvmfs_server {

struct WalkFault {
    Fault fault;
    std::string path;  // of the catalog in the repository, or of the object at the server
};

// Call begin() once, then go_on() whenever nothing is under way at the fetcher, until it returns
// false.
class Walk {
  public:
    Walk(Fetcher& fetcher, const Options& options) : fetcher_(fetcher), options_(options) {}
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    // The root catalog, with its size if that is known. path is where it is.
    void begin(const Hash& root, const std::string& path, std::optional<std::uint64_t> bytes);

    bool go_on();  // false: there is nothing left to do

    // Of the root catalog:
    const std::optional<Fault>& root_fault() const noexcept { return root_fault_; }
    std::optional<std::uint64_t> root_revision() const noexcept { return root_revision_; }

    const std::vector<WalkFault>& nested_faults() const noexcept { return nested_faults_; }
    const std::vector<WalkFault>& object_faults() const noexcept { return object_faults_; }
    const std::vector<WalkFault>& count_faults() const noexcept { return count_faults_; }
    std::int64_t catalogs() const noexcept { return catalogs_; }  // that were read
    std::int64_t entries() const noexcept { return entries_; }    // in them
    std::int64_t objects() const noexcept { return objects_; }    // that were looked at

  private:
    using Id = std::size_t;  // of an open catalog

    struct Wanted {
        NestedCatalog catalog;
        std::int64_t depth = 0;  // 0: the root catalog
        Id parent = 0;
    };

    // A catalog whose children are not all read.
    struct Open {
        Catalog catalog;
        std::string path;
        Id parent = 0;
        std::vector<Catalog> below;
        std::size_t missing = 0;
        bool is_complete = true;
    };

    void fetch_next();
    void fetch_objects();
    void take(const Wanted& wanted, const FetchedObject& object);
    void descend(const Wanted& wanted, Catalog catalog);
    void close(Id parent, std::optional<Catalog> child);
    void fail(const Wanted& wanted, Fault fault);
    void pick(const DataObject& object);

    Fetcher& fetcher_;
    const Options& options_;
    Algorithm algorithm_ = Algorithm::Sha1;
    std::string root_path_;
    std::vector<Wanted> wanted_;
    std::map<Id, Open> open_;
    Id next_id_ = 1;              // 0 is above the root catalog
    std::set<std::string> seen_;  // hashes: what names the same catalogs again and again has an end
    std::optional<Fault> root_fault_;
    std::optional<std::uint64_t> root_revision_;
    std::vector<WalkFault> nested_faults_;
    std::vector<WalkFault> object_faults_;
    std::vector<WalkFault> count_faults_;
    std::int64_t catalogs_ = 0;
    std::int64_t entries_ = 0;
    std::int64_t objects_ = 0;
    std::vector<DataObject> picked_;
    std::set<std::string> known_;  // paths, so that each object is looked at once
    std::uint64_t offered_ = 0;
    std::mt19937_64 random_;
};

}  // namespace tow::cvmfs_server
