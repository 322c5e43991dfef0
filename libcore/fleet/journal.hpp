// The pilots of this host in the state file: rows to plain structs and back. No policy here.
#pragma once

#include "base/clock.hpp"
#include "model/pilots.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::fleet {

// A pilot, and what only the state file needs to know of it.
struct Row {
    model::Pilot pilot;
    std::string backend;                 // the batch system, as batch::to_text() says
    std::optional<std::string> removal;  // the request that asked, or is asking, for its end

    // By us, when it was held.
    std::int64_t releases = 0;
    std::optional<base::Time> released_at;

    // What it costs, as its entry said when it was sent; nothing is known of adopted ones.
    std::int64_t cores = 0;  // of all its nodes
    std::optional<double> cost_per_core_hour;
    std::optional<std::string> currency;
    std::optional<std::chrono::seconds> walltime;

    // Refused, or given up as never sent. One that appears after all is on hold for ever.
    bool never_sent() const noexcept {
        return pilot.state != model::PilotState::Intended && !pilot.submitted_at;
    }

    // Given up, but it has appeared, or may yet: it is to be removed.
    bool came_late() const noexcept { return never_sent() && !model::has_ended(pilot.state); }

    friend bool operator==(const Row&, const Row&) = default;
};

class Journal {
  public:
    // Creates directory and file if they are to be written. Error{NotFound} if they are to be read
    // and do not exist.
    Journal(const std::string& state_directory, store::Access access);

    static bool exists(const std::string& state_directory);

    // The ledger follows in the same transaction: a pilot that has ended is in its sums, once.
    void insert(const Row& row, base::Time now);
    void update(const Row& row);  // all but what it costs, which never changes

    std::optional<Row> find(const std::string& pilot) const;
    std::vector<Row> of_request(const std::string& request) const;  // in the order of insertion

    // Also those with ids from first up to, but without, end: pilots of the request that were
    // adopted, which do not say whose they are.
    std::vector<Row> of_request(const std::string& request, const std::string& first,
                                const std::string& end) const;
    std::optional<base::Time> beginning() const;  // of its oldest pilot
    std::vector<Row> living() const;              // not ended; oldest first
    std::vector<Row> ended_since(base::Time since) const;
    std::int64_t count_removed_by(const std::string& request) const;  // being removed, or ended

    store::Transaction begin() const { return store::Transaction(database_); }

    const store::Database& database() const noexcept { return database_; }

  private:
    std::vector<Row> select(std::string_view where, const std::vector<std::string>& texts,
                            std::optional<std::int64_t> number) const;

    store::Database database_;
};

}  // namespace tow::fleet
