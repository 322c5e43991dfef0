// What can go wrong with pilots: rules that know a failure by a line, say what it is called, who
// should act, and what to do. The shipped ones are YAML as well; operators add their own.
#pragma once

#include "config/node.hpp"
#include "model/pilot_log.hpp"
#include "pilotlog/literals.hpp"
#include "pilotlog/pattern.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::pilotlog {

// Where a line stands. A rule names the places it is good for.
enum class Place : std::uint8_t {
    Out,      // standard output of the pilot
    Err,      // its standard error
    Hold,     // why a job is held
    Removal,  // why it was removed
    Events,   // the event log, as "026 Detected Down Grid Resource"
    Gridmanager,
    Daemon,   // logs of HTCondor's daemons on the node
    Pending,  // Slurm's reason for not starting a job
    Batch,    // how the batch system ended it, one word: time_limit
};

// How far a pilot had come when this happens: what it got over did not stop it.
enum class Stage : std::uint8_t { Queue, Boot, Validation, Registration, Run, End };

struct Rule {
    std::string name;          // "val.cvmfs"
    std::uint32_t places = 0;  // bits by Place
    Stage stage = Stage::Boot;
    std::optional<model::PilotOutcome> outcome;  // absent: it only explains
    std::string severity;
    std::string actor;
    std::string advice;
    std::vector<std::string> words;   // a line must contain one of them
    std::optional<Pattern> pattern;   // and match this
    std::vector<std::int64_t> codes;  // or: HoldReasonCodes that say it by themselves
    std::vector<std::string> examples;

    // Where output and error are one file, lines of both stand in either.
    bool is_for(Place place) const noexcept {
        constexpr unsigned kOwn =
            1U << static_cast<unsigned>(Place::Out) | 1U << static_cast<unsigned>(Place::Err);
        const auto bit = 1U << static_cast<unsigned>(place);
        return (places & ((bit & kOwn) != 0 ? kOwn : bit)) != 0;
    }
};

class Taxonomy {
  public:
    // Those that are shipped.
    Taxonomy();

    // Adds the rules of a file before those that are there; one of the same name replaces them.
    // Error{Config} with file, line and key, also if an example is not told by its rule.
    void add(const config::Node& yaml);

    const std::vector<Rule>& rules() const noexcept { return rules_; }
    const Rule* find(std::string_view name) const noexcept;

    // The first rule that knows this line, in the order of the files. Null: none does.
    const Rule* classify(Place place, std::string_view line) const;
    const Rule* by_hold_code(std::int64_t code) const noexcept;

    // Whether a rule knows a line, wherever it stands. Not for rules of codes only.
    static bool knows(const Rule& rule, std::string_view line);

  private:
    static void check_examples(const Rule& rule, const config::Node& at);

    std::vector<Rule> rules_;
};

// The text of the shipped file.
std::string_view shipped_taxonomy() noexcept;

}  // namespace tow::pilotlog
