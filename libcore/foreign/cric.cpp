// CRIC's PanDA queues: JSON, an object of queues by name. A queue with several CEs becomes one
// entry for each, all of one set.
#include "base/text.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

// What jobs and policies may ask an entry for, under names that say where they come from.
struct Attribute {
    std::string_view key;
    std::string_view name;
};

constexpr std::array<Attribute, 16> kAttributes{{
    {"panda_site", "PandaSite"},
    {"panda_resource", "PandaResource"},
    {"rc_site", "PandaRcSite"},
    {"cloud", "PandaCloud"},
    {"country", "PandaCountry"},
    {"region", "PandaRegion"},
    {"tier", "PandaTier"},
    {"type", "PandaType"},
    {"capability", "PandaCapability"},
    {"resource_type", "PandaResourceType"},
    {"vo_name", "PandaVO"},
    {"wnconnectivity", "PandaConnectivity"},
    {"container_type", "PandaContainerType"},
    {"is_cvmfs", "PandaHasCvmfs"},
    {"corepower", "PandaCorePower"},
    {"workflow", "PandaWorkflow"},
}};

// Keys that are read, in one place or another, below.
constexpr std::array<std::string_view, 14> kRead{
    "name",    "nickname", "status",  "state",  "site_state", "corecount", "maxrss",
    "meanrss", "maxtime",  "maxwdir", "queues", "gocname",    "site",      "params"};

model::EntryState state_of(const record::Object& queue, const Noter& noter) {
    const auto status = base::lower(text_at(queue, "status"));
    for (const std::string_view key : {"state", "site_state"}) {
        if (const auto state = text_at(queue, key);
            !state.empty() && !base::equal_nocase(state, "active")) {
            return model::EntryState::Disabled;
        }
    }
    if (status == "online" || status == "test") {
        return model::EntryState::InService;
    }
    if (status == "brokeroff") {  // no new jobs are sent there, those that are there still run
        return model::EntryState::Draining;
    }
    if (status.empty()) {
        noter.assumed("state: in_service", "the queue has no status");
        return model::EntryState::InService;
    }
    return model::EntryState::Disabled;
}

void read_shape(const record::Object& queue, model::Entry& entry, const Noter& noter) {
    auto& pilot = entry.pilot;
    pilot.cpus = count_at(queue, "corecount").value_or(1);
    if (const auto memory = count_at(queue, "maxrss")) {
        pilot.memory_bytes = times(*memory, kMiB);
    } else if (const auto mean = count_at(queue, "meanrss")) {
        pilot.memory_bytes = times(times(*mean, kMiB), pilot.cpus);
        noter.assumed("pilot.memory of meanrss a core", "the queue has no maxrss");
    } else {
        pilot.memory_bytes = times(times(kAssumedMegabytes, kMiB), pilot.cpus);
        noter.assumed(fmt::format("pilot.memory of {} MB a core", kAssumedMegabytes),
                      "the queue has no maxrss");
    }
    if (const auto disk = count_at(queue, "maxwdir")) {
        pilot.disk_bytes = times(*disk, kMiB);
    }
    if (const auto walltime = count_at(queue, "maxtime")) {
        pilot.walltime = std::chrono::seconds(*walltime);
    }
}

void read_limits(const record::Object& queue, model::Limits& limits) {
    const auto* params = queue.find("params");
    if (const auto* object = params == nullptr ? nullptr : params->object()) {
        limits.max_pilots = count_at(*object, "maxWorkers");
        limits.max_pending = count_at(*object, "nQueueLimitWorker");
        limits.max_submit = count_at(*object, "maxNewWorkersPerCycle");
    }
}

model::Entry read_queue(const std::string& name, const record::Object& queue, const Noter& noter) {
    model::Entry entry;
    entry.name = name;
    entry.state = state_of(queue, noter);
    if (base::lower(text_at(queue, "status")) == "test") {
        entry.tags.emplace_back("test");
    }
    // Downtimes know sites by their name in GOCDB or Topology.
    for (const std::string_view key : {"gocname", "rc_site", "site"}) {
        if (const auto site = text_at(queue, key); !site.empty() && !entry.site) {
            entry.site = site;
        }
    }
    entry.ad.set("PandaQueue", name);
    for (const auto& [key, attribute] : kAttributes) {
        const auto* value = queue.find(key);
        const bool is_plain = value != nullptr && !value->is_null() && value->object() == nullptr &&
                              value->array() == nullptr;
        if (is_plain && (value->string() == nullptr || !value->string()->empty())) {
            entry.ad.set(attribute, *value);
        }
    }
    read_shape(queue, entry, noter);
    read_limits(queue, entry.limits);
    for (const auto& [key, value] : queue) {
        const bool is_attribute =
            std::ranges::find(kAttributes, key, &Attribute::key) != kAttributes.end();
        if (!is_attribute && std::ranges::find(kRead, key) == kRead.end() && !value.is_null()) {
            noter.dropped("keys", "they do not say where pilots go", key);
        }
    }
    return entry;
}

struct Endpoint {
    std::string host;
    std::string port;  // with its colon; empty if not stated
};

Endpoint endpoint_of(std::string text) {
    if (const auto scheme = text.find("://"); scheme != std::string::npos) {
        text.erase(0, scheme + 3);
    }
    text = text.substr(0, text.find('/'));
    const auto colon = text.find(':');
    return {text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon)};
}

// Asks the CE for what the queue says a pilot is.
void target_condor(const record::Object& ce, const Endpoint& endpoint, model::Entry& entry) {
    entry.target.set("grid_resource", fmt::format("condor {} {}{}", endpoint.host, endpoint.host,
                                                  endpoint.port.empty() ? ":9619" : endpoint.port));
    record::Object attributes{{"xcount", entry.pilot.cpus},
                              {"maxMemory", entry.pilot.memory_bytes / kMiB}};
    if (entry.pilot.walltime) {
        attributes.set("maxWallTime", std::int64_t{entry.pilot.walltime->count() / 60});
    }
    if (const auto queue = text_at(ce, "ce_queue_name"); !queue.empty()) {
        attributes.set("remote_queue", queue);
    }
    entry.target.set("attributes", attributes);
}

void target_arc(const record::Object& ce, const Endpoint& endpoint, model::Entry& entry) {
    entry.target.set("grid_resource", fmt::format("arc https://{}{}/arex/rest/1.0", endpoint.host,
                                                  endpoint.port.empty() ? ":443" : endpoint.port));
    record::Object submit{{"request_cpus", std::to_string(entry.pilot.cpus)},
                          {"request_memory",  // ARC takes it per core
                           std::to_string(entry.pilot.memory_bytes / kMiB / entry.pilot.cpus)}};
    if (entry.pilot.walltime) {
        submit.set("arc_resources",
                   fmt::format("<WallTime>{}</WallTime>", entry.pilot.walltime->count()));
    }
    if (const auto queue = text_at(ce, "ce_queue_name"); !queue.empty()) {
        submit.set("batch_queue", queue);
    }
    entry.target.set("submit", submit);
}

void read_target(const record::Object& ce, model::Entry& entry, const Noter& noter) {
    const auto flavour = base::lower(text_at(ce, "ce_flavour"));
    const auto endpoint = endpoint_of(text_at(ce, "ce_endpoint"));
    const bool is_condor = flavour == "htcondor-ce";
    const bool is_arc = flavour == "arc-ce" || flavour == "arc";
    if (!endpoint.host.empty() && (is_condor || is_arc)) {
        entry.backend = "condor";
        entry.target.set("universe", "grid");
        is_condor ? target_condor(ce, endpoint, entry) : target_arc(ce, endpoint, entry);
        return;
    }
    entry.backend = flavour.empty() ? "unknown" : flavour;
    entry.state = model::EntryState::Disabled;
    if (!endpoint.host.empty()) {
        entry.target.set("endpoint", text_at(ce, "ce_endpoint"));
    }
    noter.assumed("state: disabled", flavour.empty()
                                         ? "the queue names no CE"
                                         : fmt::format("there is no backend for {}", flavour));
}

// Of one of several CEs of a queue.
std::string name_at(const std::string& queue, const record::Object& ce, std::size_t index) {
    const auto host = endpoint_of(text_at(ce, "ce_endpoint")).host;
    const auto ce_queue = text_at(ce, "ce_queue_name");
    return fmt::format("{}-{}{}{}", queue, host.empty() ? std::to_string(index) : host,
                       ce_queue.empty() ? "" : "-", ce_queue);
}

void add_queue(const std::string& name, const record::Object& queue, const std::string& file,
               Import& import) {
    const Noter noter(import, name, {file, 0});
    const auto common = read_queue(name, queue, noter);
    const auto* list = queue.find("queues");
    const auto* found = list == nullptr ? nullptr : list->array();
    const auto ces = found == nullptr || found->empty() ? record::Array{record::Object{}} : *found;
    for (std::size_t i = 0; i < ces.size(); ++i) {
        const auto* object = ces[i].object();
        const auto ce = object == nullptr ? record::Object{} : *object;
        auto entry = common;
        read_target(ce, entry, noter);
        if (ces.size() > 1) {
            entry.set = name;
            entry.name = name_at(name, ce, i);
        }
        import.add({std::move(entry), {file, 0}, ""});
    }
}

}  // namespace

void read_cric(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        const auto root =
            base::with_context(text.name, [&] { return record::parse_json(text.content); });
        const auto* queues = root.object();
        if (queues == nullptr) {
            base::fail(base::Kind::Data, "{}: expected an object of queues, got {}", text.name,
                       root.kind_name());
        }
        for (const auto& [name, queue] : *queues) {
            if (const auto* object = queue.object()) {
                add_queue(name, *object, text.name, import);
            } else {
                Noter(import, name, {text.name, 0})
                    .dropped("a queue that is no object",
                             fmt::format("it is {}", queue.kind_name()));
            }
        }
    }
}

}  // namespace tow::foreign
