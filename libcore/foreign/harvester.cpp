// Harvester's queue configuration: JSON, an object of queues by name, with templates.
#include "base/text.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

constexpr std::array<std::string_view, 9> kRead{
    "submitter",   "maxWorkers",    "nQueueLimitWorker", "maxNewWorkersPerCycle",
    "queueStatus", "walltimeLimit", "isTemplateQueue",   "templateQueueName",
    "siteName"};

constexpr std::array<std::string_view, 5> kReadOfSubmitter{"name", "module", "nCore",
                                                           "nCorePerNode", "partition"};

const record::Object& object_at(const record::Object& object, std::string_view key) {
    static const record::Object nothing;
    const auto* value = object.find(key);
    const auto* found = value == nullptr ? nullptr : value->object();
    return found == nullptr ? nothing : *found;
}

bool flag_at(const record::Object& object, std::string_view key) {
    const auto* value = object.find(key);
    return value != nullptr && value->boolean() == true;
}

// A queue says what differs from its template; plug-ins are merged key by key.
record::Object with_template(const record::Object& base, const record::Object& queue) {
    auto result = base;
    for (const auto& [key, value] : queue) {
        const auto* below = result.find(key);
        if (below != nullptr && below->object() != nullptr && value.object() != nullptr) {
            auto merged = *below->object();
            for (const auto& [name, inner] : *value.object()) {
                merged.set(name, inner);
            }
            result.set(key, std::move(merged));
        } else {
            result.set(key, value);
        }
    }
    return result;
}

void read_backend(const record::Object& submitter, model::Entry& entry, const Noter& noter) {
    constexpr std::string_view kSuffix = "Submitter";
    auto kind = text_at(submitter, "name");
    if (kind.ends_with(kSuffix)) {
        kind.erase(kind.size() - kSuffix.size());
    }
    kind = base::lower(kind);
    if (kind == "htcondor") {
        entry.backend = "condor";
        noter.dropped("submitter.templateFile",
                      "a template of a submit file holds code; write "
                      "target.grid_resource and target.argv");
    } else if (kind == "slurm") {
        entry.backend = "slurm";
        if (const auto partition = text_at(submitter, "partition"); !partition.empty()) {
            entry.target.set("partition", partition);
        }
    } else {
        entry.backend = kind.empty() ? "unknown" : kind;
        entry.state = model::EntryState::Disabled;
        noter.assumed("state: disabled",
                      fmt::format("there is no backend for {}", text_at(submitter, "name")));
    }
}

void read_shape(const record::Object& queue, const record::Object& submitter, model::Entry& entry,
                const Noter& noter) {
    const auto cores = count_at(submitter, "nCore").value_or(1);
    entry.pilot.cpus = std::min(count_at(submitter, "nCorePerNode").value_or(cores), cores);
    entry.nodes = (cores + entry.pilot.cpus - 1) / entry.pilot.cpus;
    entry.pilot.memory_bytes = times(times(kAssumedMegabytes, kMiB), entry.pilot.cpus);
    noter.assumed(fmt::format("pilot.memory of {} MB a core", kAssumedMegabytes),
                  "Harvester takes it from PanDA, worker by worker");
    if (const auto walltime = count_at(queue, "walltimeLimit")) {
        entry.pilot.walltime = std::chrono::seconds(*walltime);
    }
}

void note_what_is_left(const record::Object& queue, const record::Object& submitter,
                       const Noter& noter) {
    for (const auto& [key, value] : queue) {
        if (std::ranges::find(kRead, key) == kRead.end()) {
            noter.dropped("keys", "they are about jobs and their files", key);
        }
    }
    for (const auto& [key, value] : submitter) {
        if (std::ranges::find(kReadOfSubmitter, key) == kReadOfSubmitter.end()) {
            noter.dropped("keys of the submitter", "they are the plug-in's own", key);
        }
    }
}

void add_queue(const std::string& name, const record::Object& queue, const std::string& file,
               Import& import) {
    const Noter noter(import, name, {file, 0});
    const auto& submitter = object_at(queue, "submitter");
    model::Entry entry;
    entry.name = name;
    const auto status = text_at(queue, "queueStatus");
    entry.state = status.empty() || status == "online" ? model::EntryState::InService
                                                       : model::EntryState::Disabled;
    if (const auto site = text_at(queue, "siteName"); !site.empty()) {
        entry.site = site;
    }
    // Zero is "no limit" there; positive_of() leaves it out.
    entry.limits.max_pilots = count_at(queue, "maxWorkers");
    entry.limits.max_pending = count_at(queue, "nQueueLimitWorker");
    entry.limits.max_submit = count_at(queue, "maxNewWorkersPerCycle");
    read_backend(submitter, entry, noter);
    read_shape(queue, submitter, entry, noter);
    note_what_is_left(queue, submitter, noter);
    import.add({std::move(entry), {file, 0}, ""});
}

void read_file(const Text& text, Import& import) {
    const auto root =
        base::with_context(text.name, [&] { return record::parse_json(text.content); });
    const auto* queues = root.object();
    if (queues == nullptr) {
        base::fail(base::Kind::Data, "{}: expected an object of queues, got {}", text.name,
                   root.kind_name());
    }
    for (const auto& [name, value] : *queues) {
        const auto* queue = value.object();
        if (queue == nullptr) {
            Noter(import, name, {text.name, 0})
                .dropped("a queue that is no object", fmt::format("it is {}", value.kind_name()));
            continue;
        }
        if (flag_at(*queue, "isTemplateQueue")) {
            continue;
        }
        const auto from = text_at(*queue, "templateQueueName");
        add_queue(name, from.empty() ? *queue : with_template(object_at(*queues, from), *queue),
                  text.name, import);
    }
}

}  // namespace

void read_harvester(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        read_file(text, import);
    }
}

}  // namespace tow::foreign
