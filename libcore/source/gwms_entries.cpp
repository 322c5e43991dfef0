#include "source/gwms_entries.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "classad/unparse.hpp"
#include "record/json.hpp"
#include "source/ad_file.hpp"
#include "source/ad_values.hpp"
#include "source/condor_command.hpp"
#include "source/entry_names.hpp"
#include "source/entry_yaml.hpp"
#include "source/raw_value.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace tow::source {

namespace {

constexpr std::int64_t kMebi = 1048576;
constexpr std::int64_t kMost = std::int64_t{1} << 53U;

// Where a factory and a frontend write the same.
struct Prefixes {
    std::string_view limits;
    std::string_view monitor;
    std::string_view requested;
};

constexpr Prefixes kFactory{"GlideinConfigPerEntryMax", "GlideinMonitorTotalStatus",
                            "GlideinMonitorTotalRequested"};
constexpr Prefixes kFrontend{"GlideFactoryConfigPerEntryMax", "GlideFactoryMonitorStatus",
                             "GlideFactoryMonitorRequested"};

std::optional<std::int64_t> count(const AdValues& ad, std::string_view prefix,
                                  std::string_view name) {
    return ad.count(std::string(prefix).append(name));
}

// "auto", "slot", "node" and -1 leave it to the node; then what the operator estimates.
std::int64_t cpus(const AdValues& ad) {
    for (const auto* name : {"GLIDEIN_CPUS", "GLIDEIN_ESTIMATED_CPUS"}) {
        if (const auto value = ad.count(name); value && *value > 0) {
            return *value;
        }
    }
    return 1;
}

// "GPUs,4,type=main;Nodes,1"
std::int64_t gpus(std::string_view resources) {
    for (const auto& resource : base::split(resources, ';')) {
        const auto parts = base::split(resource, ',');
        if (!parts.empty() && base::equal_nocase(parts[0], "gpus")) {
            const auto number = parts.size() > 1 ? base::trim(parts[1]) : std::string_view("1");
            std::int64_t value = 0;
            for (const char c : number.substr(0, 6)) {
                value = base::is_digit(c) ? value * 10 + (c - '0') : value;
            }
            return value;
        }
    }
    return 0;
}

// What jobs can see of the slots of such glideins: the public attributes of the entry.
void add_public_attributes(const classad::Ad& ad, const std::optional<std::string>& name_there,
                           model::Entry& entry) {
    entry.ad = conventional_ad(entry);
    for (const auto& attribute : ad) {
        if (!base::lower(attribute.name).starts_with("glidein_")) {
            continue;
        }
        const auto decoded = decode(classad::unparse(*attribute.value), ValueSyntax::New);
        if (decoded.literal) {
            entry.ad.set(attribute.name, *decoded.literal);
        }
    }
    if (name_there) {  // what its glideins advertise, without the names of factory and frontend
        entry.ad.set("GLIDEIN_Entry_Name", *name_there);
    }
}

void add_live(const AdValues& ad, const Prefixes& prefixes, model::Entry& entry) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kStates{
        {{"Running", "running_pilots"},
         {"Idle", "idle_pilots"},
         {"Held", "held_pilots"},
         {"Wait", "waiting_pilots"},
         {"Pending", "pending_pilots"},
         {"StageIn", "staging_in_pilots"},
         {"StageOut", "staging_out_pilots"}}};
    for (const auto& [name, field] : kStates) {
        entry.live.set_known(field, count(ad, prefixes.monitor, name));
    }
    entry.live.set_known("requested_idle", count(ad, prefixes.requested, "Idle"));
    entry.live.set_known("requested_max", count(ad, prefixes.requested, "MaxGlideins"));
    entry.live.set_known("client_idle_jobs", ad.count("GlideClientMonitorJobsIdle"));
    entry.live.set_known("client_running_jobs", ad.count("GlideClientMonitorJobsRunning"));
    entry.live.set_known("client_pilots", ad.count("GlideClientMonitorGlideinsTotal"));
    entry.live.set_known("gatekeeper", ad.text("GLIDEIN_Gatekeeper"));
    entry.live.set_known("grid_type", ad.text("GLIDEIN_GridType"));
    entry.live.set_known("downtime_comment", ad.text("GLIDEIN_Downtime_Comment"));
    entry.live.set_known("gwms_version", ad.text("GlideinWMSVersion"));
}

bool is_of_type(const AdValues& ad, std::string_view type) {
    return ad.text("MyType") == type || ad.text("GlideinMyType") == type;
}

}  // namespace

std::optional<model::Entry> gwms_entry(const classad::Ad& classad, base::Time now) {
    const AdValues ad(classad, now);
    const bool is_frontend = is_of_type(ad, "glideresource");
    if (!is_frontend && !is_of_type(ad, "glidefactory")) {
        return std::nullopt;
    }
    const auto name = ad.text("Name");
    if (!name) {
        base::fail(base::Kind::Data, "an ad of GlideinWMS without a name");
    }
    const auto& prefixes = is_frontend ? kFrontend : kFactory;
    model::Entry entry;
    entry.name = entry_name(*name);
    entry.backend = "gwms";
    entry.site = ad.text("GLIDEIN_Site");
    // What several frontends say of one entry of a factory is about the same resource.
    if (const auto factory = ad.text("GlideFactoryName"); is_frontend && factory) {
        entry.set = entry_name(*factory);
    }
    entry.pilot.cpus = cpus(ad);
    constexpr std::int64_t kUsualMib = 2000;  // per core, where nobody says
    entry.pilot.memory_bytes =
        std::min(
            ad.count("GLIDEIN_MaxMemMBs").value_or(kUsualMib * std::min(entry.pilot.cpus, kMebi)),
            kMost / kMebi) *
        kMebi;
    if (const auto seconds = ad.count("GLIDEIN_Max_Walltime"); seconds && *seconds > 0) {
        entry.pilot.walltime = std::chrono::seconds{*seconds};
    }
    if (const auto number = gpus(ad.text("GLIDEIN_Resource_Slots").value_or("")); number > 0) {
        entry.pilot.gpus = number;
    }
    entry.limits.max_pilots = count(ad, prefixes.limits, "Glideins");
    entry.limits.max_pending = count(ad, prefixes.limits, "Idle");
    entry.limits.max_held = count(ad, prefixes.limits, "Held");
    entry.state = ad.boolean("GLIDEIN_In_Downtime").value_or(false) ? model::EntryState::Downtime
                                                                    : model::EntryState::InService;
    if (const auto heard = ad.count("LastHeardFrom"); heard && *heard > 0) {
        entry.observed_at = std::min(now, base::Time{std::chrono::seconds{*heard}});
    } else {
        entry.observed_at = now;
    }
    add_public_attributes(classad, ad.text("EntryName"), entry);
    add_live(ad, prefixes, entry);
    return entry;
}

namespace {

class GwmsQuery : public Query {
  public:
    GwmsQuery(std::optional<std::string> pool, base::Time now)
        : pool_(std::move(pool)), now_(now) {}

    std::string name() const override { return pool_ ? "gwms:" + *pool_ : "gwms"; }

    std::string identity() const override { return "gwms entries " + condor_identity(pool_); }

    std::optional<Question> next() override {
        if (std::exchange(is_asked_, true)) {
            return std::nullopt;
        }
        auto argv = condor_status(pool_);
        argv.insert(argv.end(), {"-any", "-json", "-constraint",
                                 "MyType =?= \"glidefactory\" || MyType =?= \"glideresource\" || "
                                 "GlideinMyType =?= \"glidefactory\" || "
                                 "GlideinMyType =?= \"glideresource\""});
        return Question{argv};
    }

    void take(Answer answer) override {
        check_condor("condor_status", answer);
        AdFile file(answer.output.get(), "condor_status", classad::Format::Json);
        file.read(
            [this](const FileAd& found) {
                if (auto entry = gwms_entry(found.ad, now_)) {
                    entries_.push_back(std::move(*entry));
                }
            },
            [](const base::Error& error) { throw base::Error(error); });
    }

    void each_record(const VisitRecord& visit) override {
        std::ranges::sort(entries_, {}, &model::Entry::name);
        for (const auto& entry : entries_) {
            visit("entry", record::to_json(to_record(entry)));
        }
    }

  private:
    std::optional<std::string> pool_;
    base::Time now_;
    std::vector<model::Entry> entries_;
    bool is_asked_ = false;
};

}  // namespace

std::unique_ptr<Query> make_gwms_query(const std::optional<std::string>& pool, base::Time now) {
    return std::make_unique<GwmsQuery>(pool, now);
}

}  // namespace tow::source
