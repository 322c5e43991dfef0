// The record types about work: job_group, job_class, demand. There are so many of the first two
// that they are written as text at once.
#pragma once

#include "base/clock.hpp"
#include "model/fields.hpp"
#include "model/resources.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::model {

struct AgeClass {
    std::chrono::seconds min_age;
    std::int64_t jobs;  // idle jobs at least that old: the classes overlap
};

// Jobs of one source that nothing tells apart that could matter to any entry.
struct JobGroup {
    std::string id;
    std::string source;
    std::optional<std::string> group;
    std::int64_t idle_jobs = 0;
    std::int64_t running_jobs = 0;
    std::int64_t held_jobs = 0;
    std::vector<AgeClass> idle_by_age;
    std::optional<std::chrono::seconds> oldest_idle;
    Resources request;
    std::string requirements;  // ClassAd text
    record::Object ad;         // literal attributes
    record::Object ad_exprs;   // attributes that are expressions, as ClassAd text
    std::vector<std::string> users;
    std::optional<std::string> busy;  // why its schedd starts no more jobs
    std::optional<base::Time> observed_at;
};

JobGroup read_job_group(record::View record);
void write_json(const JobGroup& group, std::string& out);

// Jobs that can run at exactly the same entries and ask for the same resources.
struct JobClass {
    std::string id;
    std::vector<std::string> entries;  // sorted; empty: the jobs match nothing
    std::optional<std::string> group;
    std::int64_t idle_jobs = 0;
    std::int64_t running_jobs = 0;
    std::vector<AgeClass> idle_by_age;
    Resources request;
    std::vector<std::string> groups;        // ids of the job groups in it
    std::optional<base::Time> observed_at;  // the oldest of theirs
};

JobClass read_job_class(record::View record);
void write_json(const JobClass& job_class, std::string& out);

// What an entry is asked for.
struct Demand {
    std::string entry;
    std::int64_t jobs_matching = 0;   // idle jobs that could run here
    std::int64_t jobs_only_here = 0;  // ... and nowhere else
    std::int64_t jobs_share = 0;      // its part, each job counted once over all entries
    double cores_share = 0;           // that these jobs ask for
    std::int64_t pilots_share = 0;    // pilots of this entry with as many cores
    std::int64_t running_matching = 0;

    struct Age {
        std::chrono::seconds min_age;
        std::int64_t jobs_matching;  // idle jobs at least that old
        std::int64_t jobs_share;
    };

    std::vector<Age> by_age;
};

Demand read_demand(record::View record);
record::Object to_record(const Demand& demand);

// Adds the classes of other to mine; a bound that only one side has keeps that side's jobs.
void add_ages(std::vector<AgeClass>& mine, const std::vector<AgeClass>& other);

}  // namespace tow::model
