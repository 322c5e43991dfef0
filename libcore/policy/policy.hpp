// A policy as people write it, see tow-policy(5): limits, order, shape, removal, guards, rules.
#pragma once

#include "config/node.hpp"
#include "plan/gwms_style.hpp"
#include "plan/terms.hpp"
#include "policy/rules.hpp"
#include "policy/selector.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::policy {

constexpr std::chrono::days kLedgerLength{61};  // of the ledger that tow-pilots tells of

enum class Window { Day, Month, Rolling };  // calendar days and months are those of UTC

struct Limit {
    std::string name;  // "max_pilots", "cost per month"
    plan::Measure measure = plan::Measure::Pilots;
    plan::Scope scope = plan::Scope::Existing;
    std::int64_t amount = 0;
    bool is_curb = false;
    Window window = Window::Day;     // of Scope::Window
    std::chrono::seconds length{0};  // of Window::Rolling
    std::string currency;            // of Measure::MicroCost
};

struct Cap {
    std::string name;  // "cloud"; what stands behind "of"
    Selector selector;
    std::vector<Limit> limits;
};

struct Spill {
    struct Stage {
        Selector selector;
        std::optional<std::int64_t> enough;
    };

    plan::SpillTerms terms;  // without its stages
    std::vector<Stage> stages;
    config::Origin origin;
};

// What holds for the entries a selector selects; of several the first holds.
template <class Terms>
struct For {
    Selector selector;
    Terms terms;
};

struct Policy {
    std::chrono::seconds max_age{900};
    std::chrono::seconds valid_for{600};
    plan::Merit merit = plan::Merit::None;
    bool by_health = false;
    std::vector<Cap> caps;
    std::vector<Spill> spills;
    std::vector<For<std::vector<plan::Step>>> shapes;
    std::vector<For<plan::RemovalTerms>> removals;
    std::vector<For<plan::BreakerTerms>> breakers;
    std::vector<For<plan::DowntimeTerms>> downtimes;
    Rules rules;
    plan::GwmsTerms gwms;  // for decisions in the style of GlideinWMS
};

// Error{Config} with file, line, key and what to do: for an unknown key, a limit below zero, a
// minimum behind a maximum or above it.
Policy read_policy(const config::Node& file);

// "max_pilots", "max_cost" and the like: a limit over the entries of a cap, as it stands in a map.
// The keys that hold limits are taken from it.
std::vector<Limit> read_limits(config::MapReader& reader);

// What a group of GlideinWMS is configured with, under the names of its configuration.
plan::GwmsTerms read_gwms(const config::Node& node);

// A chain of steps, checked for its order.
std::vector<plan::Step> read_chain(const config::Node& list);

}  // namespace tow::policy
