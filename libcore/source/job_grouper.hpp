// Counts jobs by what could matter to any entry, while they are read: a million jobs are a few
// thousand groups.
//
// Two jobs are in one group if their Requirements, everything these look at in the job itself, the
// resources they ask for, and the attributes named in GroupOptions are the same. What is asked for
// is compared by value: RequestMemory may be an expression that differs from job to job.
#pragma once

#include "base/clock.hpp"
#include "base/interner.hpp"
#include "classad/ad.hpp"
#include "classad/expr.hpp"
#include "model/jobs.hpp"
#include "source/ad_stream.hpp"
#include "source/attribute_table.hpp"
#include "source/raw_value.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tow::source {

struct GroupOptions {
    std::vector<std::string> attributes;  // that tell groups apart, and that entries may look at
    classad::ExprPtr walltime;            // seconds that a job needs; null: unknown
    classad::ExprPtr constraint;  // jobs for which it is not true are not counted; may be null
    base::Time now;               // of the observation
    // Ads stand for as many jobs as their JobCount says. Not for ads of users: anybody can write
    // that into a job.
    bool trust_job_count = false;
};

// All of the options that groups depend on, but the time.
std::string group_identity(const GroupOptions& options);

// Attributes of jobs that the START expressions of the field look at.
const std::vector<std::string>& usual_attributes();

// "AllowedExecuteDuration ?: ..." : how long a job says it will run, in seconds.
std::string_view usual_walltime();

using VisitGroup = std::function<void(const model::JobGroup&)>;

class JobGrouper {
  public:
    // wanted is filled with the attributes to read, and grows as jobs are seen.
    JobGrouper(AttributeTable& wanted, GroupOptions options);

    const AttributeTable& attributes() const noexcept { return wanted_; }

    // Counts the current ad of the stream: as many jobs as its JobCount says, if GroupOptions trust
    // it, else one.
    void add(AdStream& stream);

    // Counts that many jobs which are like this ad, a JSON object as of condor_q.
    void add(std::string_view json_ad, std::int64_t jobs);

    // Calls visit with the groups, largest first. source names where the jobs were seen.
    void for_each_group(const std::string& source, const VisitGroup& visit);

    // Distinct values that are no ClassAd expressions, and texts that were not UTF-8.
    std::size_t broken_values() const noexcept { return broken_values_; }
    std::size_t repaired_values() const noexcept { return repaired_values_; }

  private:
    // An attribute and the number of its value: 0 is absent.
    struct Item {
        std::uint32_t attribute;
        std::uint32_t value;
        friend bool operator==(const Item&, const Item&) = default;
    };
    using Key = std::vector<Item>;
    static std::string_view bytes_of(const Key& key) noexcept;

    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    // All values of one attribute that were seen.
    struct Column {
        base::Interner texts;  // number + 1 is the value of an Item
        std::vector<Decoded> decoded;
        std::vector<std::vector<std::uint32_t>> mentions;  // attributes that an expression looks at
        std::unordered_map<std::uint32_t, std::string> shown;  // text of values in records
        bool is_evaluated = false;                             // compared by value, not by text
    };

    static constexpr std::array<std::int64_t, 3> kAges{600, 3600, 86400};  // seconds

    struct Group {
        std::int64_t idle = 0;
        std::int64_t running = 0;
        std::int64_t held = 0;
        std::array<std::int64_t, kAges.size()> idle_by_age{};
        std::optional<std::int64_t> oldest_idle;
        std::vector<std::uint32_t> users;  // sorted
    };

    std::uint32_t attribute(std::string_view name);
    std::uint32_t synthetic(std::string_view name, const classad::ExprPtr& expr);
    Column& column(std::uint32_t attribute);
    std::uint32_t value_of(std::uint32_t attribute);
    std::uint32_t intern(Column& values, std::string_view text);
    std::vector<std::uint32_t> mentioned(const classad::Expr& expr);
    template <class Rescan>
    void add_scanned(Rescan rescan, std::int64_t jobs);
    void make_key();
    void append_to(Key& key, std::uint32_t attribute, bool evaluate);
    std::uint32_t evaluated(std::uint32_t attribute, std::uint32_t value);
    classad::Ad ad_of(const Key& key);
    bool is_counted();
    void count(Group& group, std::int64_t jobs);
    std::optional<std::int64_t> integer(std::uint32_t attribute) const;
    Key key_of(std::uint32_t group) const;
    std::vector<std::uint32_t> largest_first() const;
    const std::string& shown(const Item& item);
    model::JobGroup describe(std::uint32_t number, const std::string& source);
    void add_attribute(const Item& item, model::JobGroup& result);

    AttributeTable& wanted_;
    GroupOptions options_;
    std::vector<Column> columns_;         // like the attributes in wanted_
    std::vector<std::uint32_t> grouped_;  // attributes that every key begins with
    const RawValues* raw_ = nullptr;      // of the current ad
    ValueSyntax syntax_ = ValueSyntax::Json;
    Key key_;
    std::unordered_map<Key, std::uint32_t, KeyHash> evaluations_;
    base::Interner keys_;  // of the groups
    std::vector<Group> groups_;
    std::size_t broken_values_ = 0;
    std::size_t repaired_values_ = 0;

    struct Known {  // numbers of the attributes that are looked at by name
        std::uint32_t requirements, status, entered, queued, server_time, owner, jobs;
        std::uint32_t cpus, memory, disk, gpus, walltime, constraint;
    };
    Known known_{};
};

}  // namespace tow::source
