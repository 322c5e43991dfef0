// What aerotow needs of a batch system: hand over pilots that are alike, list those that are ours,
// cancel some, and settle the fate of those that a run was handing over when it died.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "model/entry.hpp"
#include "model/pilots.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

// What the batch system says of one pilot. Every pilot carries its id there, as a tag.
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
    std::optional<std::string> reason;
};

// What became of one pilot in submit() or cancel().
struct Fate {
    enum class Kind {
        Done,
        Refused,  // certainly not done
        Unknown,  // the answer was lost: settle() will tell
    };

    std::string pilot;
    Kind kind = Kind::Done;
    std::string backend_id;            // of submit(), if it was done
    std::optional<base::Error> error;  // unless it was done
};

class Backend {
  public:
    Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;
    virtual ~Backend() = default;

    // Error{Config} or Error{Data} if the entry cannot be served: a missing or wrong key of its
    // target. Checked before anything is journalled.
    virtual void check(const model::Entry& entry) const = 0;

    // One pilot for each id, in this order. An id that was handed over before is never started
    // again, whatever became of it.
    virtual std::vector<Fate> submit(const model::Entry& entry,
                                     std::span<const std::string> pilots) = 0;

    // All pilots of ours that the batch system can tell of. Error{Unavailable} and the like if it
    // cannot be asked: that is not the same as none.
    virtual std::vector<Seen> list() = 0;

    // Asks for the end of these pilots, gently first. Those that have ended already are done.
    virtual std::vector<Fate> cancel(std::span<const std::string> pilots) = 0;

    // For ids that a run was handing over when it died: returns those that exist. The others do
    // not, and never will.
    virtual std::vector<Seen> settle(std::span<const std::string> pilots) = 0;
};

// The backend of this name. Error{Config} if there is none.
std::unique_ptr<Backend> make_backend(std::string_view name, const std::string& state_directory);

// Names of all backends.
std::vector<std::string> backend_names();

}  // namespace tow::batch
