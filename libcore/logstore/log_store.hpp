// The store: an index in SQLite, and packs beside it. Several runs, on several hosts that share the
// folder, may write at the same time; one that is killed leaves nothing but a pack that nobody
// points to.
#pragma once

#include "base/clock.hpp"
#include "logstore/content.hpp"
#include "model/pilot_log.hpp"
#include "pilotlog/log_mark.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tow::logstore {

// A file as it was when it was read, wherever that is.
struct Origin {
    std::string path;
    std::int64_t size = 0;
    std::int64_t changed_ns = 0;  // since 1970
};

// A pilot on its way into the store.
struct Arrival {
    std::string key;  // of the pilot: the same pilot twice is one
    model::PilotLog log;
    bool is_over = true;  // one that is held, or waits in vain, may yet go on
    std::vector<Origin> origins;
    std::vector<std::pair<std::string, Packer::Packed>> files;  // by name
};

struct Query {
    std::vector<std::string> entries;  // with * and ?; empty: all
    std::vector<std::string> outcomes;
    std::optional<std::string> cause;  // with * and ?
    std::optional<std::string> node;
    std::optional<std::string> pilot;  // its id, batch id or key
    std::optional<base::Time> since;   // by its end; by its last sign of life if it has none
    std::optional<base::Time> until;
    std::optional<std::int64_t> most;  // newest first
};

struct StoredPilot {
    std::int64_t number = 0;
    std::string key;
    std::string record;  // JSON
};

struct StoredFile {
    std::string name;
    std::string hash;
    std::uint64_t size = 0;
};

struct Sizes {
    std::int64_t pilots = 0;
    std::int64_t bytes = 0;      // of packs
    std::int64_t raw_bytes = 0;  // of what is in them
};

struct Pruned {
    std::int64_t pilots = 0;
    std::int64_t bytes = 0;
};

class LogStore {
  public:
    // Error{NotFound} if it is to be read and does not exist.
    LogStore(std::string folder, store::Access access);

    // Whether this very state of a file is in the store.
    bool has(const Origin& origin) const;

    bool has_pilot(const std::string& key) const;

    // All of them, or none. Contents that are there already are not stored again.
    void add(const std::vector<Arrival>& arrivals, base::Time now);

    // Where event logs are to be read on.
    std::optional<pilotlog::LogMark> mark_of(const std::string& log) const;
    void set_marks(const std::vector<pilotlog::LogMark>& marks) const;

    void find(const Query& query, const std::function<bool(const StoredPilot&)>& visit) const;

    // A row of sums; by is entry, outcome, cause, node, hour or day.
    struct Sum {
        std::string group;
        std::int64_t pilots = 0;
        std::int64_t good = 0;
        std::int64_t wall_seconds = 0;
        std::int64_t core_seconds = 0;         // of those whose cores are known
        std::int64_t wasted_core_seconds = 0;  // of those whose waste is known
        std::int64_t known_core_seconds = 0;   // of the same: what the waste is part of
        std::int64_t jobs = 0;
        std::optional<base::Time> last_at;
    };

    std::vector<Sum> sums(const Query& query, const std::string& by) const;

    // Numbers of pilots by cause in these groups, most first.
    struct Cause {
        std::string group;
        std::string cause;
        std::int64_t pilots = 0;
        std::string reason;  // of one of them
    };

    std::vector<Cause> causes(const Query& query, const std::string& by) const;

    // Numbers of pilots of each entry by outcome.
    struct Outcomes {
        std::string entry;
        std::string outcome;
        std::int64_t pilots = 0;
    };

    std::vector<Outcomes> outcomes(const Query& query) const;

    std::vector<StoredFile> files(std::int64_t pilot) const;
    void read(const std::string& hash, const std::function<bool(std::string_view)>& take) const;

    // Packed, for who unpacks in another thread.
    struct PackedContent {
        std::string data;
        std::uint64_t size = 0;
    };

    PackedContent packed(const std::string& hash) const;

    // Forgets pilots that ended before a time, then the oldest until the packs are small enough.
    // Packs of which less than half is still needed are written anew.
    Pruned prune(std::optional<base::Time> before, std::optional<std::int64_t> most_bytes);

    // Removes packs that nobody points to and nobody can be writing any more.
    void remove_strays(base::Time now) const;

    Sizes sizes() const;

  private:
    std::string pack_folder() const { return folder_ + "/packs"; }

    void forget_unused_contents() const;
    void rewrite_sparse_packs() const;
    std::int64_t drop_empty_packs() const;
    std::int64_t forget_oldest() const;

    std::string folder_;
    store::Database database_;
};

}  // namespace tow::logstore
