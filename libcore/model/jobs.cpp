#include "model/jobs.hpp"

#include <algorithm>
#include <cmath>

namespace tow::model {

namespace {

std::vector<AgeClass> read_ages(const Fields& fields) {
    std::vector<AgeClass> result;
    for (const auto& item : fields.list("idle_by_age")) {
        result.push_back({item.known_seconds("min_age_seconds").value_or(std::chrono::seconds{0}),
                          item.count("jobs")});
    }
    return result;
}

record::Array to_array(const std::vector<AgeClass>& ages) {
    record::Array array;
    for (const auto& age : ages) {
        array.emplace_back(record::Object{{"min_age_seconds", std::int64_t{age.min_age.count()}},
                                          {"jobs", age.jobs}});
    }
    return array;
}

record::Array to_array(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

void set_time(record::Object& object, const std::optional<base::Time>& time) {
    if (time) {
        object.set("observed_at", base::format_time(*time));
    }
}

// Shares are sums of fractions; six digits are enough for people and stable across orders of sums.
double rounded(double share) {
    return std::round(share * 1e6) / 1e6;
}

}  // namespace

JobGroup read_job_group(record::View record) {
    const Fields fields(record);
    JobGroup result;
    result.id = fields.text("id");
    result.source = fields.known_text("source").value_or("");
    result.group = fields.known_text("group");
    result.idle_jobs = fields.count("idle_jobs");
    result.running_jobs = fields.known_count("running_jobs").value_or(0);
    result.held_jobs = fields.known_count("held_jobs").value_or(0);
    result.idle_by_age = read_ages(fields);
    result.oldest_idle = fields.known_seconds("oldest_idle_seconds");
    if (const auto request = fields.known_fields("request")) {
        result.request = read_resources(*request);
    }
    result.requirements = fields.known_text("requirements").value_or("true");
    result.ad = fields.object("ad");
    result.ad_exprs = fields.object("ad_exprs");
    result.users = fields.texts("users");
    result.observed_at = fields.known_time("observed_at");
    return result;
}

record::Object to_record(const JobGroup& group) {
    auto result = record::new_record("job_group");
    result.set("id", group.id);
    result.set("source", group.source);
    result.set_known("group", group.group);
    result.set("idle_jobs", group.idle_jobs);
    result.set("running_jobs", group.running_jobs);
    result.set("held_jobs", group.held_jobs);
    result.set("idle_by_age", to_array(group.idle_by_age));
    if (group.oldest_idle) {
        result.set("oldest_idle_seconds", std::int64_t{group.oldest_idle->count()});
    }
    result.set("request", to_object(group.request));
    result.set("requirements", group.requirements);
    result.set("ad", group.ad);
    if (!group.ad_exprs.empty()) {
        result.set("ad_exprs", group.ad_exprs);
    }
    if (!group.users.empty()) {
        result.set("users", to_array(group.users));
    }
    set_time(result, group.observed_at);
    return result;
}

JobClass read_job_class(record::View record) {
    const Fields fields(record);
    JobClass result;
    result.id = fields.text("id");
    result.entries = fields.texts("entries");
    std::ranges::sort(result.entries);
    result.group = fields.known_text("group");
    result.idle_jobs = fields.count("idle_jobs");
    result.running_jobs = fields.known_count("running_jobs").value_or(0);
    result.idle_by_age = read_ages(fields);
    if (const auto request = fields.known_fields("request")) {
        result.request = read_resources(*request);
    }
    result.groups = fields.texts("groups");
    result.observed_at = fields.known_time("observed_at");
    return result;
}

record::Object to_record(const JobClass& job_class) {
    auto result = record::new_record("job_class");
    result.set("id", job_class.id);
    result.set("entries", to_array(job_class.entries));
    result.set_known("group", job_class.group);
    result.set("idle_jobs", job_class.idle_jobs);
    result.set("running_jobs", job_class.running_jobs);
    result.set("idle_by_age", to_array(job_class.idle_by_age));
    result.set("request", to_object(job_class.request));
    result.set("groups", to_array(job_class.groups));
    set_time(result, job_class.observed_at);
    return result;
}

record::Object to_record(const Demand& demand) {
    auto result = record::new_record("demand");
    result.set("entry", demand.entry);
    result.set("jobs_matching", demand.jobs_matching);
    result.set("jobs_only_here", demand.jobs_only_here);
    result.set("jobs_share", demand.jobs_share);
    result.set("cores_share", rounded(demand.cores_share));
    result.set("pilots_share", demand.pilots_share);
    result.set("running_matching", demand.running_matching);
    record::Array ages;
    for (const auto& age : demand.by_age) {
        ages.emplace_back(record::Object{{"min_age_seconds", age.min_age.count()},
                                         {"jobs_matching", age.jobs_matching},
                                         {"jobs_share", age.jobs_share}});
    }
    result.set("by_age", std::move(ages));
    return result;
}

void add_ages(std::vector<AgeClass>& mine, const std::vector<AgeClass>& other) {
    for (const auto& age : other) {
        const auto same = std::ranges::find(mine, age.min_age, &AgeClass::min_age);
        if (same == mine.end()) {
            mine.push_back(age);
        } else {
            same->jobs += age.jobs;
        }
    }
    std::ranges::sort(mine, {}, &AgeClass::min_age);
}

}  // namespace tow::model
