// Sends pilots exactly once, takes them back, and keeps the journal true to the batch systems.
//
// Intent is committed before a batch system is called, the answer after. A run that dies in between
// leaves pilots in state Intended; recover() asks the batch system, by their tags, which of them
// exist. Those that do are adopted, the others never will, and are sent anew if their request is
// carried out again.
#pragma once

#include "base/clock.hpp"
#include "batch/backend.hpp"
#include "fleet/journal.hpp"
#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/pilots.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tow::fleet {

class Fleet {
  public:
    // Makes the backends when they are needed; tests bring their own.
    using MakeBackend = std::function<std::unique_ptr<batch::Backend>(const std::string& name)>;

    Fleet(Journal& journal, MakeBackend make_backend);

    // Settles what earlier runs left in state Intended. No other run may be submitting: the caller
    // holds the lock. Returns what could not be settled; those pilots stay Intended.
    std::vector<model::Gap> recover(base::Time now);

    // Carries out the submit part of a request, or what is left of it. What the batch system fails
    // to do is in the outcome; a journal that cannot be written is thrown: then nothing more is
    // sent.
    model::Outcome submit(const model::Request& request, const model::Entry& entry, base::Time now);

    // Carries out the remove part, or what is left of it, on the pilots the journal has. Look
    // first: observe(). Least loss first: never sent, pending from the newest, and only if the
    // request says "all" also running ones, from the newest.
    model::Outcome remove(const model::Request& request);

    // What remove() would choose now, in that order.
    std::vector<Row> removable(const model::Request& request) const;

    // Ends these pilots, whatever they do.
    model::Outcome remove_pilots(const model::Request& request, std::span<const Row> rows);

    // Asks backends for their pilots and brings the journal up to date: states, ends, pilots it did
    // not know. What a backend does not show any more is Lost. A backend that cannot be asked is a
    // gap that names its entries, and changes nothing. Asked are those that these entries (by name,
    // with their backends) or living pilots need.
    std::vector<model::Gap> observe(const std::map<std::string, std::string>& entries,
                                    base::Time now);

  private:
    batch::Backend& backend(const std::string& name);
    std::optional<base::Error> obstacle(const model::Request& request, const model::Entry& entry,
                                        std::int64_t missing, base::Time now);
    std::optional<base::Error> send(const model::Request& request, const model::Entry& entry,
                                    const std::vector<std::string>& pilots, base::Time now);
    void record(const std::vector<batch::Fate>& fates, base::Time now);
    void adopt(const std::string& backend_name, const batch::Seen& seen, base::Time now);
    void observe_backend(const std::string& name, base::Time now);

    // Names of the entries of living pilots, by backend.
    std::map<std::string, std::set<std::string>> entries_by_backend() const;

    Journal& journal_;
    MakeBackend make_backend_;
    std::map<std::string, std::unique_ptr<batch::Backend>> backends_;
};

// The entry as the pilots of this request see it: their wall time may be shorter than its own.
model::Entry entry_for(const model::Request& request, const model::Entry& entry);

// One count per entry that is named or has pilots, and per group of it. Rows that have ended are
// not counted.
std::vector<model::PilotCount> count_pilots(const std::vector<Row>& living,
                                            const std::vector<std::string>& entries,
                                            base::Time now);

// The ids that submit() gives to the pilots of a request, from the first-th on.
std::vector<std::string> pilot_ids(const model::Request& request, std::int64_t first,
                                   std::int64_t count);

}  // namespace tow::fleet
