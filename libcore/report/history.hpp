// How things were: samples of decisions, kept for a while in ever coarser steps, as RRD files did.
#pragma once

#include "base/clock.hpp"
#include "record/reader.hpp"
#include "report/overview.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tow::report {

struct Sample {
    struct EntryPilots {
        std::int64_t pending = 0;
        std::int64_t running = 0;
        std::int64_t held = 0;

        friend bool operator==(const EntryPilots&, const EntryPilots&) = default;
    };

    base::Time at;
    std::optional<std::int64_t> idle_jobs;  // this and the next two: if jobs were seen
    std::optional<std::int64_t> running_jobs;
    std::optional<std::int64_t> held_jobs;
    std::optional<EntryPilots> pilots;  // of all entries, if any were seen
    std::optional<std::int64_t> busy_cores;
    std::optional<std::int64_t> idle_cores;
    std::int64_t submit = 0;
    std::int64_t remove = 0;
    std::map<std::string, EntryPilots> entries;  // those with any pilots; empty in old samples

    friend bool operator==(const Sample&, const Sample&) = default;
};

Sample make_sample(const Snapshot& snapshot, const Overview& overview, base::Time at);

Sample read_sample(record::View record);  // Error{Data}
record::Object to_record(const Sample& sample);

// Samples in order of time.
class History {
  public:
    // Of two samples of one time the later one counts.
    void add(Sample sample);

    // What is kept, in the end 1,741 samples at the most: one per 5 minutes for two days, per hour
    // for 32 days, per day for 400 days. Of each step it is the last sample, not a mean: a peak is
    // shown as it was, or not at all. Entries are kept for one day, one sample per half hour.
    void thin(base::Time now);

    const std::map<base::Time, Sample>& samples() const noexcept { return samples_; }

  private:
    std::map<base::Time, Sample> samples_;
};

// The folder in which one report after the other accumulates its history.
// Error{Data} if the file is damaged.
History read_history(const std::string& path);  // empty if there is no such file
void write_history(const std::string& path, const History& history);

}  // namespace tow::report
