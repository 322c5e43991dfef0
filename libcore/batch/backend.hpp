// What aerotow needs of a batch system: hand over pilots that are alike, list those that are ours,
// cancel or release some, and settle the fate of those that a run was handing over when it died.
//
// Exactly once, whatever dies and however late a call takes effect: a backend hands pilots over on
// hold and releases them by a second call. What a dead run may still have on its way to the batch
// system stays on hold for ever, so that settle() has the last word on every pilot.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "batch/system.hpp"
#include "config/settings.hpp"
#include "model/entry.hpp"
#include "model/pilots.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

constexpr std::int64_t kSubmittedOnHold = 15;  // HTCondor's HoldReasonCode

// What the batch system says of one pilot. Every pilot carries its id and its entry there.
struct Seen {
    std::string pilot;
    std::string entry;
    std::string backend_id;
    model::PilotState state = model::PilotState::Pending;  // never Intended or Lost
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> started_at;
    std::optional<base::Time> ended_at;
    std::optional<base::Time> expires_at;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> hold_code;  // of a held one; HTCondor's numbers
    std::optional<std::string> reason;

    // A hold by its owner, of which the batch system does not say whether it is the first.
    bool may_be_first_hold = false;

    // On hold as it was handed over, as far as the batch system tells.
    bool is_on_first_hold() const noexcept {
        return state == model::PilotState::Held &&
               (hold_code == kSubmittedOnHold || may_be_first_hold);
    }
};

// A pilot as the journal knows it.
struct Known {
    std::string pilot;
    std::string backend_id;  // empty: the answer was lost
    std::optional<base::Time> submitted_at;
};

// What became of one pilot in submit(), cancel() or release().
struct Fate {
    enum class Kind {
        Done,
        Refused,  // certainly not done
        Unknown,  // the answer was lost: settle() or the next look will tell
    };

    std::string pilot;
    Kind kind = Kind::Done;
    std::string backend_id = {};            // of submit(), if it was done
    std::optional<base::Error> error = {};  // unless it was done
};

class Backend {
  public:
    Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;
    virtual ~Backend() = default;

    // Error{Config} or Error{Data} if the entry cannot be served: a missing or wrong key of its
    // target. Asks nobody.
    virtual void check(const model::Entry& entry) const = 0;

    // The entry as its credentials allow it: its wall time may be shorter. Error{Permission} if one
    // is missing, has expired, or does not last long enough.
    virtual model::Entry fit(const model::Entry& entry, base::Time now) = 0;

    // What submit() would hand over, as a person would type it.
    virtual std::string describe(const model::Entry& entry,
                                 std::span<const std::string> pilots) const = 0;

    // Pilots that one call of submit() hands over at most.
    virtual std::size_t most_at_once(const model::Entry& entry) const = 0;

    // One pilot for each id, in this order. An id that was handed over before is never started
    // again, whatever became of it. An error that is thrown leaves the fate of all unknown.
    virtual std::vector<Fate> submit(const model::Entry& entry,
                                     std::span<const std::string> pilots) = 0;

    // All pilots of ours that the batch system can tell of; of those that it shows no more, the
    // expected ones are looked up in its history. Error{Unavailable} and the like if it cannot be
    // asked: that is not the same as none.
    virtual std::vector<Seen> list(std::span<const Known> expected) = 0;

    // Asks for the end of these pilots, gently first. Those that have ended already are done.
    virtual std::vector<Fate> cancel(std::span<const Known> pilots) = 0;

    // Lets held pilots go on. Those that are not held are done.
    virtual std::vector<Fate> release(std::span<const Known> pilots) = 0;

    // For ids that a run was handing over when it died: releases and returns those that exist. The
    // others do not exist, or are on hold for ever.
    virtual std::vector<Seen> settle(std::span<const std::string> pilots) = 0;
};

// What backends may touch besides the batch system.
struct Surroundings {
    std::string state_directory;
    std::string factory;  // whose pilots these are: several factories may share a batch system
    std::chrono::milliseconds patience{60'000};       // with one command
    std::optional<std::string> ssh_config;            // instead of the user's own
    std::function<void(const std::string&)> trace{};  // gets every command
};

// As the configuration has it. Error{Config}. Unless it is set, the factory is named after this
// machine and the state directory.
Surroundings surroundings_of(const config::Settings& settings, std::string state_directory,
                             std::function<void(const std::string&)> trace);

// The backend for this batch system. Error{Config} if there is none.
std::unique_ptr<Backend> make_backend(const System& system, const Surroundings& surroundings);

// Names of all backends.
std::vector<std::string> backend_names();

}  // namespace tow::batch
