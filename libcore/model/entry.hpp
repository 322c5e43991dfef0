// The record type entry: a place where pilots can go.
#pragma once

#include "base/clock.hpp"
#include "model/resources.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

// The one set of characters that names of entries may have: they become file names, arguments,
// attributes of jobs and labels of metrics. Returns what is wrong with the name; empty: nothing.
std::string_view name_problem(std::string_view name) noexcept;

enum class EntryState { InService, Draining, Downtime, Disabled };

std::string_view state_name(EntryState state) noexcept;
std::optional<EntryState> entry_state(std::string_view name) noexcept;

struct Limits {                               // unknown: no limit
    std::optional<std::int64_t> max_pilots;   // pending and running
    std::optional<std::int64_t> max_pending;  // pending
    std::optional<std::int64_t> max_held;     // more held pilots than this stop submission
    std::optional<std::int64_t> max_submit;   // per plan
    std::optional<std::int64_t> max_remove;   // per plan
};

struct Cost {
    double per_core_hour = 0;
    std::string currency;
    std::optional<double> performance;      // relative; higher is faster
    std::optional<base::Time> observed_at;  // when the price was seen
};

// The account that pays for the pilots, where a centre charges for its nodes.
struct Allocation {
    std::string account;
    double charge_factor = 1;  // hours that the account is charged for an hour of one node
    std::optional<std::chrono::seconds> left;  // of what the account was given
    std::optional<base::Time> observed_at;     // when that was left
};

struct Downtime {
    base::Time from;
    base::Time until;
    std::string severity;
    std::string reason;
    std::string source;
};

struct Entry {
    std::string name;
    std::string backend;
    EntryState state = EntryState::InService;
    std::optional<std::string> site;
    std::optional<std::string> set;  // entries of one set reach the same resource
    std::vector<std::string> tags;   // what policy may call several entries by
    Resources pilot;                 // one node of it
    std::int64_t nodes = 1;
    Limits limits;
    record::Object ad;        // literal attributes that jobs see as TARGET
    record::Object ad_exprs;  // attributes that are expressions, as ClassAd text
    std::string start;        // ClassAd text: what the entry demands of a job; empty: nothing
    std::int64_t tier = 0;    // lower tiers are filled first
    std::optional<Cost> cost;
    std::optional<Allocation> allocation;
    std::vector<Downtime> downtimes;
    record::Object target;  // keys of the backend
    record::Object live;    // what the resource says of itself now; empty: nobody asked
    bool is_stale = false;  // the source failed, this is its last answer
    std::optional<base::Time> observed_at;
};

// Whether a factor can be one: centres charge from nothing to some hundred hours per node hour.
bool is_charge_factor(double factor) noexcept;

// Error{Data} also for a name that name_problem() refuses and for a pilot without cores.
Entry read_entry(record::View record);
record::Object to_record(const Entry& entry);

// The state, or Downtime while one that stops work is on.
EntryState effective_state(const Entry& entry, base::Time now) noexcept;

}  // namespace tow::model
