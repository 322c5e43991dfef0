// The record types about the past that a decision depends on, all kept in the state file: usage,
// override, memory.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

// What pilots used, or are going to use.
struct Use {
    std::int64_t pilots = 0;
    std::int64_t core_seconds = 0;
    double cost = 0;  // in the currency of the entry

    friend bool operator==(const Use&, const Use&) = default;
};

// The ledger of an entry: what really ran there.
struct Usage {
    struct Day {
        base::Time day;  // midnight UTC; a pilot counts on the day it started
        Use use;         // core seconds and cost: what was used on that day
    };

    std::string entry;
    std::optional<std::string> currency;
    std::vector<Day> days;  // those with any use, oldest first
    Use committed;          // what living pilots may use from now on, to the end of their wall time
    std::optional<base::Time> observed_at;
};

Usage read_usage(record::View record);
record::Object to_record(const Usage& usage);

// What the operator set aside policy for, until when, and why.
struct Override {
    std::string id;         // a ULID; its time is when it was set
    std::string entries;    // names, with * and ? as in the shell
    record::Object values;  // max_pilots, max_pending, max_held, max_submit, max_remove, tier: an
                            // integer; state: the name of an entry's state
    base::Time until;
    std::string why;
    std::string author;
};

// Error{Data} also for a key or value that cannot be overridden.
Override read_override(record::View record);
record::Object to_record(const Override& override);

// What is wrong with a key and its value; empty: nothing.
std::string override_problem(std::string_view key, const record::Value& value);

enum class BreakerState { Closed, Open, HalfOpen };

std::string_view breaker_name(BreakerState state) noexcept;

// What a decision leaves to the next one, per entry. A stream that holds the requests of a decision
// holds its memory too, under the same plan.
struct Memory {
    std::string plan;  // the ULID of the decision that wrote it
    std::string entry;
    std::int64_t pending = 0;  // pilots as they were seen
    std::int64_t running = 0;
    std::int64_t surplus = 0;         // the least of the last surplus_looks looks
    std::int64_t surplus_looks = 0;   // at which there was surplus, without a break
    bool is_full = false;             // as it was last decided
    std::int64_t other_looks = 0;     // at which is_full looked wrong, without a break
    std::int64_t vanished_looks = 0;  // at which pilots had gone without an end
    // Looks in a row without idle jobs, without used pilots, without pilots: for GlideinWMS's way.
    std::int64_t no_jobs_looks = 0;
    std::int64_t no_use_looks = 0;
    std::int64_t no_pilots_looks = 0;
    BreakerState breaker = BreakerState::Closed;
    std::int64_t breaker_step = 0;  // of half open: 0, 1, 2
    std::optional<base::Time> breaker_since;
};

Memory read_memory(record::View record);
record::Object to_record(const Memory& memory);

}  // namespace tow::model
