// The record types about why: reason, rung, match.
#pragma once

#include "record/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

// Where a condition stands.
enum class Side {
    Job,    // the requirements of the job
    Entry,  // the start expression of the entry
    Shape,  // what the job asks for, against the pilot of the entry
    State,  // the entry is in service
};

std::string_view side_name(Side side) noexcept;

struct Change {
    std::string what;  // an attribute of the job, or the text of a condition
    std::string from;
    std::string to;  // ClassAd text
};

// One condition, and what it excludes: entries from a job, or jobs from an entry.
struct Reason {
    std::optional<std::string> job;  // id of a job group
    std::optional<std::string> entry;
    std::int64_t idle_jobs = 0;
    std::int64_t matches = 0;  // entries, or idle jobs, that pass everything
    std::optional<std::int64_t>
        order;  // in which to look at them, from 1; absent: nothing excludes
    std::optional<Side> side;
    std::string clause;
    std::int64_t passes = 0;
    std::int64_t of = 0;
    std::int64_t undefined = 0;
    std::int64_t errors = 0;
    std::int64_t gains = 0;
    std::vector<std::int64_t> together;  // orders
    std::vector<std::string> missing;    // attributes
    std::vector<Change> changes;
    std::optional<std::int64_t> would_match;
    std::optional<std::string> would_match_if;  // for people
};

record::Object to_record(const Reason& reason);

// A step on the way of pilots and jobs to an entry.
struct Rung {
    enum class State { Ok, Stuck, Unknown, NotReached };

    std::string entry;
    std::string rung;
    State state = State::Unknown;
    std::optional<std::int64_t> idle_jobs;
    std::optional<std::int64_t> pilots;
    std::string why;
};

record::Object to_record(const Rung& rung);

// One job group and one entry.
struct Match {
    std::string job;
    std::string entry;
    std::int64_t idle_jobs = 0;
    bool matches = false;
    std::vector<std::string> excluded_by;
};

record::Object to_record(const Match& match);

}  // namespace tow::model
