// Sends pilots exactly once, takes them back, and keeps the journal true to the batch systems.
//
// Intent is committed before a batch system is called, the answer after. A run that dies in between
// leaves pilots in state Intended; recover() asks the batch system, by their tags, which of them
// exist. Those that do are adopted; the others are given up, and others are sent in their place if
// the request is carried out again. One that appears after it was given up has never been released:
// it is on hold, and the next run removes it.
#pragma once

#include "base/clock.hpp"
#include "batch/backend.hpp"
#include "fleet/journal.hpp"
#include "fleet/pace.hpp"
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
    // Makes the backend of a batch system, named as batch::to_text() does, when it is needed; tests
    // bring their own.
    using MakeBackend = std::function<std::unique_ptr<batch::Backend>(const std::string& system)>;

    Fleet(Journal& journal, MakeBackend make_backend);

    // Settles what earlier runs left in state Intended, and removes what came too late. No other
    // run may be submitting: the caller holds the lock. Returns what could not be settled; those
    // pilots stay as they are.
    std::vector<model::Gap> recover(base::Time now);

    // No more than so many pilots a second to one batch system.
    void limit_rate(double pilots_per_second) { pace_ = Pace(pilots_per_second); }

    // Carries out the submit part of a request, or what is left of it. What the batch system fails
    // to do is in the outcome; a journal that cannot be written is thrown: then nothing more is
    // sent. A batch system that says it is full is left alone for a while (Pauses).
    model::Outcome submit(const model::Request& request, const model::Entry& entry, base::Time now);

    // Carries out the remove part, or what is left of it, on the pilots the journal has. Look
    // first: observe(). Least loss first: not seen yet, pending from the newest, held, idle
    // (running, but without a job), and other running ones from the newest. Held ones and those at
    // work go only if the request says "all".
    model::Outcome remove(const model::Request& request);

    // What remove() would choose now, in that order.
    std::vector<Row> removable(const model::Request& request) const;

    // Ends these pilots, whatever they do.
    model::Outcome remove_pilots(const model::Request& request, std::span<const Row> rows);

    struct Released {
        std::vector<std::string> pilots;
        std::optional<base::Error> error;  // the last one, if there were any
    };

    // Lets these held pilots go on, and counts it; but for those that were given up.
    Released release(std::span<const Row> rows, base::Time now);

    // Running pilots of which the pool says that no job uses them.
    void note_idle(std::set<std::string> pilots) { idle_ = std::move(pilots); }

    // Asks batch systems for their pilots and brings the journal up to date: states, ends, pilots
    // it did not know. What a batch system does not show any more is Lost. One that cannot be asked
    // is a gap that names its entries, and changes nothing. Asked are those that these entries (by
    // name, with their batch systems) or living pilots need.
    std::vector<model::Gap> observe(const std::map<std::string, std::string>& entries,
                                    base::Time now);

    // Believe a batch system that shows not one of many pilots, nor how they ended. Otherwise that
    // is a gap: the sign of a look with other eyes than before, not of an end.
    void accept_loss() { accepts_loss_ = true; }

  private:
    struct Plan;  // of one submission

    batch::Backend& backend(const std::string& system);
    std::vector<Row> rows_of(const model::Request& request) const;
    Plan prepare(const model::Request& request, const model::Entry& entry, base::Time now);
    void recall(const model::Request& request, const std::string& system, base::Time now);
    std::optional<base::Error> send(const model::Request& request, const Plan& plan,
                                    const std::vector<std::string>& pilots, base::Time now);
    void intend(const model::Request& request, const Plan& plan, std::span<const std::string> ids,
                base::Time now);
    void record(const std::vector<batch::Fate>& fates, base::Time now);
    std::optional<base::Error> cancel(const std::string& system, std::span<const Row> rows);
    void settle(const std::string& system, const std::vector<std::string>& pilots, base::Time now);
    void adopt(const std::string& system, const batch::Seen& seen, base::Time now);
    void revive(Row row, const batch::Seen& seen, base::Time now);
    void observe_system(const std::string& system, base::Time now);

    // Names of the entries of living pilots, by batch system.
    std::map<std::string, std::set<std::string>> entries_by_system() const;

    Journal& journal_;
    MakeBackend make_backend_;
    std::map<std::string, std::unique_ptr<batch::Backend>> backends_;
    std::set<std::string> idle_;
    Pace pace_;
    bool accepts_loss_ = false;
};

// The batch systems there really are.
Fleet::MakeBackend real_backends(batch::Surroundings surroundings);

// Why the pilots of this entry could not be seen, by what observe() returned; nothing if they were.
std::optional<base::Error> blindness(std::span<const model::Gap> gaps, const std::string& entry);

// That it is too late to carry this out, if it is.
std::optional<base::Error> expiry(const model::Request& request, base::Time now);

// The entry as the pilots of this request see it: their wall time may be shorter than its own.
model::Entry entry_for(const model::Request& request, const model::Entry& entry);

// The ids that submit() gives to the pilots of a request, from the first-th on: consecutive ULIDs,
// so that a batch system can name many by the first.
std::vector<std::string> pilot_ids(const model::Request& request, std::int64_t first,
                                   std::int64_t count);

}  // namespace tow::fleet
