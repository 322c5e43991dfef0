#include "model/jobs.hpp"

#include "record/object_writer.hpp"

#include <algorithm>
#include <cmath>

namespace tow::model {

namespace {

// Jobs of one record; more are taken as that many, so that sums over a stream stay numbers.
constexpr std::int64_t kMostJobs = 1'000'000'000;

std::int64_t jobs(const Fields& fields, std::string_view key) {
    return std::min(fields.count(key), kMostJobs);
}

std::int64_t known_jobs(const Fields& fields, std::string_view key) {
    return std::min(fields.known_count(key).value_or(0), kMostJobs);
}

std::vector<AgeClass> read_ages(const Fields& fields) {
    const auto items = fields.list("idle_by_age");
    std::vector<AgeClass> result;
    result.reserve(items.size());
    for (const auto& item : items) {
        result.push_back({item.known_seconds("min_age_seconds").value_or(std::chrono::seconds{0}),
                          jobs(item, "jobs")});
    }
    return result;
}

void set_ages(record::ObjectWriter& record, const std::vector<AgeClass>& ages) {
    record.set_list("idle_by_age", ages, [](const AgeClass& age, std::string& out) {
        record::ObjectWriter item(out);
        item.set("min_age_seconds", std::int64_t{age.min_age.count()});
        item.set("jobs", age.jobs);
        item.close();
    });
}

void set_request(record::ObjectWriter& record, const Resources& request) {
    record.set_object("request", [&](auto& fields) { set_fields(request, fields); });
}

void set_texts(record::ObjectWriter& record, std::string_view key,
               const std::vector<std::string>& texts) {
    record.set_list(key, texts, record::write_string);
}

void set_time(record::ObjectWriter& record, const std::optional<base::Time>& time) {
    if (time) {
        record.set("observed_at", base::format_time(*time));
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
    result.idle_jobs = jobs(fields, "idle_jobs");
    result.running_jobs = known_jobs(fields, "running_jobs");
    result.held_jobs = known_jobs(fields, "held_jobs");
    result.idle_by_age = read_ages(fields);
    result.oldest_idle = fields.known_seconds("oldest_idle_seconds");
    if (const auto request = fields.known_fields("request")) {
        result.request = read_resources(*request);
    }
    result.requirements = fields.known_text("requirements").value_or("true");
    result.ad = fields.object("ad");
    result.ad_exprs = fields.object("ad_exprs");
    result.users = fields.texts("users");
    result.busy = fields.known_text("busy");
    result.observed_at = fields.known_time("observed_at");
    return result;
}

void write_json(const JobGroup& group, std::string& out) {
    auto record = record::begin_record("job_group", out);
    record.set("id", group.id);
    record.set("source", group.source);
    record.set_known("group", group.group);
    record.set("idle_jobs", group.idle_jobs);
    record.set("running_jobs", group.running_jobs);
    record.set("held_jobs", group.held_jobs);
    set_ages(record, group.idle_by_age);
    if (group.oldest_idle) {
        record.set("oldest_idle_seconds", std::int64_t{group.oldest_idle->count()});
    }
    set_request(record, group.request);
    record.set("requirements", group.requirements);
    record.set("ad", group.ad);
    if (!group.ad_exprs.empty()) {
        record.set("ad_exprs", group.ad_exprs);
    }
    if (!group.users.empty()) {
        set_texts(record, "users", group.users);
    }
    record.set_known("busy", group.busy);
    set_time(record, group.observed_at);
    record.close();
}

JobClass read_job_class(record::View record) {
    const Fields fields(record);
    JobClass result;
    result.id = fields.text("id");
    result.entries = fields.texts("entries");
    if (!std::ranges::is_sorted(result.entries)) {
        std::ranges::sort(result.entries);
    }
    result.group = fields.known_text("group");
    result.idle_jobs = jobs(fields, "idle_jobs");
    result.running_jobs = known_jobs(fields, "running_jobs");
    result.idle_by_age = read_ages(fields);
    if (const auto request = fields.known_fields("request")) {
        result.request = read_resources(*request);
    }
    result.groups = fields.texts("groups");
    result.observed_at = fields.known_time("observed_at");
    return result;
}

void write_json(const JobClass& job_class, std::string& out) {
    auto record = record::begin_record("job_class", out);
    record.set("id", job_class.id);
    set_texts(record, "entries", job_class.entries);
    record.set_known("group", job_class.group);
    record.set("idle_jobs", job_class.idle_jobs);
    record.set("running_jobs", job_class.running_jobs);
    set_ages(record, job_class.idle_by_age);
    set_request(record, job_class.request);
    set_texts(record, "groups", job_class.groups);
    set_time(record, job_class.observed_at);
    record.close();
}

Demand read_demand(record::View record) {
    const Fields fields(record);
    Demand result;
    result.entry = fields.text("entry");
    result.jobs_matching = fields.count("jobs_matching");
    result.jobs_only_here = fields.known_count("jobs_only_here").value_or(0);
    result.jobs_share = fields.count("jobs_share");
    result.cores_share = fields.known_number("cores_share").value_or(0);
    result.pilots_share = fields.known_count("pilots_share").value_or(0);
    result.running_matching = fields.known_count("running_matching").value_or(0);
    for (const auto& age : fields.list("by_age")) {
        result.by_age.push_back(
            {age.known_seconds("min_age_seconds").value_or(std::chrono::seconds{0}),
             age.count("jobs_matching"), age.count("jobs_share")});
    }
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
    mine.reserve(std::max(mine.size(), other.size()));
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
