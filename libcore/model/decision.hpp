// The record types about acting: request, submission, removal; and gap, what could not be seen.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

enum class RemoveWhat { None, Unsubmitted, Pending, Idle, All };

std::string_view remove_name(RemoveWhat what) noexcept;
std::optional<RemoveWhat> remove_what(std::string_view name) noexcept;

// One line of the explanation of a number: what it was after this step, and why.
struct Because {
    std::string step;
    std::int64_t value = 0;
    std::string why;
};

struct Request {
    std::string id;    // a ULID
    std::string plan;  // the ULID of the decision it is part of; its time is when that was taken
    std::string entry;
    std::optional<std::string> group;
    std::int64_t submit = 0;
    std::int64_t remove = 0;
    RemoveWhat what = RemoveWhat::None;
    std::optional<std::chrono::seconds> walltime;  // of each pilot, if shorter than the entry's
    std::vector<Because> because;
    std::optional<base::Time> valid_until;
};

Request read_request(record::View record);
record::Object to_record(const Request& request);

// What became of a request: "submission" or "removal".
struct Outcome {
    std::string request;
    std::string entry;
    std::int64_t asked = 0;
    std::int64_t done = 0;
    std::vector<std::string> pilots;
    std::vector<std::string> backend_ids;
    std::optional<base::Error> error;
    bool dry_run = false;
};

record::Object to_submission(const Outcome& outcome);
record::Object to_removal(const Outcome& outcome);

struct Gap {
    std::string scope;  // "jobs", "entries", "pilots" or "slots"
    std::string source;
    std::vector<std::string> entries;  // affected ones; empty: any
    std::string error_kind;
    std::string message;
    std::optional<base::Time> observed_at;
    std::string hint = {};  // for a person, not in the record
};

Gap read_gap(record::View record);
Gap make_gap(std::string_view scope, std::string_view source, const base::Error& error,
             base::Time now);
base::Error to_error(const Gap& gap);  // to be told to a person
record::Object to_record(const Gap& gap);

// {"kind": "timeout", "message": "..."}, as it stands in records.
record::Object to_object(const base::Error& error);

}  // namespace tow::model
