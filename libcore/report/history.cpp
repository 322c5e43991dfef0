#include "report/history.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace tow::report {

namespace {

using namespace std::chrono_literals;

void set_pilots(record::Object& object, const Sample::EntryPilots& pilots) {
    object.set("pending", pilots.pending);
    object.set("running", pilots.running);
    object.set("held", pilots.held);
}

Sample::EntryPilots read_pilots(const model::Fields& fields) {
    return {bounded(fields.count("pending")), bounded(fields.count("running")),
            bounded(fields.count("held"))};
}

struct Step {
    std::chrono::seconds age;    // samples up to so old
    std::chrono::seconds width;  // one in each
};

constexpr std::array kSteps{Step{48h, 5min}, Step{32 * 24h, 1h}, Step{400 * 24h, 24h}};
constexpr Step kEntryStep{24h, 30min};

std::int64_t bucket(base::Time at, std::chrono::seconds width) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / width;
}

}  // namespace

Sample make_sample(const Snapshot& snapshot, const Overview& overview, base::Time at) {
    Sample sample{.at = at};
    if (snapshot.work.groups > 0) {
        sample.idle_jobs = snapshot.work.idle;
        sample.running_jobs = snapshot.work.running;
        sample.held_jobs = snapshot.work.held;
    }
    if (overview.are_pilots_seen) {
        sample.pilots = {overview.pilots.pending, overview.pilots.running, overview.pilots.held};
    }
    sample.busy_cores = overview.pilots.busy_cores;
    sample.idle_cores = overview.pilots.idle_cores;
    sample.submit = overview.submit;
    sample.remove = overview.remove;
    for (const auto& line : overview.lines) {
        const Sample::EntryPilots pilots{line.pilots.pending, line.pilots.running,
                                         line.pilots.held};
        if (pilots != Sample::EntryPilots{}) {
            sample.entries[line.entry] = pilots;
        }
    }
    return sample;
}

Sample read_sample(record::View record) {
    const model::Fields fields(record);
    const auto at = fields.known_time("sampled_at");
    if (!at) {
        fields.reject("sampled_at", "is missing");
    }
    Sample sample{.at = *at};
    sample.idle_jobs = fields.known_count("idle_jobs");
    sample.running_jobs = fields.known_count("running_jobs");
    sample.held_jobs = fields.known_count("held_jobs");
    if (fields.known_count("running")) {
        sample.pilots = read_pilots(fields);
    }
    sample.busy_cores = fields.known_count("busy_cores");
    sample.idle_cores = fields.known_count("idle_cores");
    sample.submit = bounded(fields.count("submit"));
    sample.remove = bounded(fields.count("remove"));
    for (const auto& entry : fields.list("entries")) {
        sample.entries[entry.text("entry")] = read_pilots(entry);
    }
    return sample;
}

record::Object to_record(const Sample& sample) {
    auto record = record::new_record("sample");
    record.set("sampled_at", base::format_time(sample.at));
    record.set_known("idle_jobs", sample.idle_jobs);
    record.set_known("running_jobs", sample.running_jobs);
    record.set_known("held_jobs", sample.held_jobs);
    if (sample.pilots) {
        set_pilots(record, *sample.pilots);
    }
    record.set_known("busy_cores", sample.busy_cores);
    record.set_known("idle_cores", sample.idle_cores);
    record.set("submit", sample.submit);
    record.set("remove", sample.remove);
    record::Array entries;
    for (const auto& [name, pilots] : sample.entries) {
        record::Object entry{{"entry", name}};
        set_pilots(entry, pilots);
        entries.emplace_back(std::move(entry));
    }
    if (!entries.empty()) {
        record.set("entries", std::move(entries));
    }
    return record;
}

void History::add(Sample sample) {
    const auto at = sample.at;
    samples_.insert_or_assign(at, std::move(sample));
}

void History::thin(base::Time now) {
    std::optional<std::pair<std::int64_t, std::chrono::seconds>> newer;  // bucket and its width
    std::optional<std::int64_t> newer_with_entries;
    for (auto it = samples_.end(); it != samples_.begin();) {
        --it;
        const auto age = now - it->first;
        const auto* step =
            std::ranges::find_if(kSteps, [&](const Step& each) { return age <= each.age; });
        if (step == kSteps.end()) {
            samples_.erase(samples_.begin(), std::next(it));
            return;
        }
        const std::pair place{bucket(it->first, step->width), step->width};
        if (newer == place) {
            it = samples_.erase(it);
            continue;
        }
        newer = place;
        const auto half_hour = bucket(it->first, kEntryStep.width);
        if (age > kEntryStep.age || newer_with_entries == half_hour) {
            it->second.entries.clear();
        } else if (!it->second.entries.empty()) {
            newer_with_entries = half_hour;
        }
    }
}

History read_history(const std::string& path) {
    History history;
    if (!std::filesystem::exists(path)) {
        return history;
    }
    const auto fd = base::open_for_reading(path);
    record::RecordReader reader(fd.get(), path);
    while (reader.next()) {
        history.add(reader.as(read_sample));
    }
    return history;
}

void write_history(const std::string& path, const History& history) {
    std::string text;
    for (const auto& [at, sample] : history.samples()) {
        record::write_json(to_record(sample), text);
        text += '\n';
    }
    base::write_file_atomically(path, text);
}

}  // namespace tow::report
