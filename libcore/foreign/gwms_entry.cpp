#include "foreign/gwms_entry.hpp"

#include "base/text.hpp"
#include "foreign/asked.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

// Attributes of <entry> and its children, and the names under which factories advertise them.
struct Advertised {
    std::string_view key;
    std::string_view attribute;
};

constexpr std::array<Advertised, 8> kAdvertised{{
    {"gatekeeper", "GLIDEIN_Gatekeeper"},
    {"gridtype", "GLIDEIN_GridType"},
    {"auth_method", "GLIDEIN_SupportedAuthenticationMethod"},
    {"trust_domain", "GLIDEIN_TrustDomain"},
    {"verbosity", "GLIDEIN_Verbosity"},
    {"work_dir", "GLIDEIN_WorkDir"},
    {"slots_layout", "GLIDEIN_SlotsLayout"},
    {"require_voms_proxy", "GLIDEIN_REQUIRE_VOMS"},
}};

// Numbers to whoever reads them, whatever type the configuration gives them.
constexpr std::array<std::string_view, 8> kNumbers{
    "GLIDEIN_MaxMemMBs",      "GLIDEIN_Max_Walltime", "GLIDEIN_Retire_Time", "GLIDEIN_CPUS",
    "GLIDEIN_ESTIMATED_CPUS", "GLIDEIN_Job_Max_Time", "GLIDEIN_Max_Idle",    "GLIDEIN_NODES"};

constexpr std::int64_t kAssumedMegabytes = 2000;  // a core; what HTCondor-CE assumes of a job

std::optional<std::int64_t> positive(const GwmsEntry& from, std::string_view name) {
    const auto* attr = from.attr(name);
    return attr == nullptr ? std::nullopt : positive_of(record::Value(attr->value));
}

void add_submit_attr(const std::string& name, const std::string& value, model::Entry& entry,
                     record::Object& submit, const Noter& noter) {
    if (!name.starts_with('+')) {
        submit.set(name, value);
        return;
    }
    auto object_at = [&entry](std::string_view key) {
        const auto* found = entry.target.find(key);
        return found == nullptr ? record::Object{} : *found->object();
    };
    auto plain = object_at("attributes");
    auto expressions = object_at("attribute_exprs");
    if (!set_ad_text(name.substr(1), value, plain, expressions)) {
        noter.dropped("submit attributes", "their values are no ClassAd expressions",
                      name + " = " + value);
    }
    if (!plain.empty()) {
        entry.target.set("attributes", plain);
    }
    if (!expressions.empty()) {
        entry.target.set("attribute_exprs", expressions);
    }
}

void read_submit_attrs(const GwmsEntry& from, model::Entry& entry, const Noter& noter) {
    record::Object submit;
    for (const auto& [name, value] : from.submit_attrs) {
        if (base::trim(value).empty()) {
            noter.suspect("empty submit attribute", "it would make the submission fail", name);
            continue;
        }
        add_submit_attr(name, value, entry, submit, noter);
    }
    const auto type = from.key("gridtype");
    if (const auto rsl = from.key("rsl"); !rsl.empty()) {
        submit.set(type.starts_with("nordugrid") ? "nordugrid_rsl" : "globus_rsl", rsl);
    }
    if (const auto image = from.key("vm_id"); !image.empty()) {
        submit.set("ec2_ami_id", image);
    }
    if (const auto kind = from.key("vm_type"); !kind.empty()) {
        submit.set("ec2_instance_type", kind);
    }
    if (!submit.empty()) {
        entry.target.set("submit", submit);
    }
}

void read_target(const GwmsEntry& from, model::Entry& entry, const Noter& noter) {
    entry.backend = "condor";
    entry.target.set("universe", "grid");
    entry.target.set("grid_resource", from.key("gridtype") + " " + from.key("gatekeeper"));
    const auto schedds = base::split(from.key("schedd_name"), ',');
    if (!schedds.empty()) {
        entry.target.set("schedd", schedds[0]);
    }
    if (schedds.size() > 1) {
        noter.dropped("further schedds of schedd_name", "an entry is submitted by one schedd");
    }
    read_submit_attrs(from, entry, noter);
}

// Into the ad that jobs see, or the environment of the pilot.
void read_attr(const GwmsAttr& attr, model::Entry& entry, record::Object& environment,
               const Noter& noter) {
    const bool is_number =
        attr.type == "int" || std::ranges::find(kNumbers, attr.name) != kNumbers.end();
    if (is_number && base::trim(attr.value).empty()) {
        noter.suspect("empty text where a number belongs", "it counts as absent", attr.name);
    } else if (!attr.is_published) {
        environment.set(attr.name, attr.value);
    } else if (attr.type == "expr") {
        // What is none is for the configuration of the pilot's HTCondor: $(LOCAL_DIR)/cache
        if (!set_ad_text(attr.name, attr.value, entry.ad, entry.ad_exprs)) {
            environment.set(attr.name, attr.value);
        }
    } else if (attr.type == "int" && integer_of(attr.value)) {
        entry.ad.set(attr.name, *integer_of(attr.value));
    } else {
        if (attr.type == "int") {
            noter.suspect("text where a number belongs", "it is kept as text", attr.name);
        }
        entry.ad.set(attr.name, attr.value);
    }
}

void read_attrs(const GwmsEntry& from, model::Entry& entry, const Noter& noter) {
    record::Object environment;
    for (auto attr = from.attrs.begin(); attr != from.attrs.end(); ++attr) {
        const bool is_last = std::none_of(attr + 1, from.attrs.end(), [&](const auto& later) {
            return later.name == attr->name;
        });
        if (!is_last) {
            noter.suspect("duplicate attribute", "the last one counts", attr->name);
        } else if (attr->name == "GLIDEIN_Custom_Start") {
            if (const auto text = ad_text(attr->value); text && !text->plain) {
                entry.start = text->expression;
            } else {
                noter.dropped("GLIDEIN_Custom_Start", "it is no ClassAd expression");
            }
        } else if (attr->name == "GLIDEIN_Site") {
            entry.site = attr->value;
        } else {
            read_attr(*attr, entry, environment, noter);
        }
    }
    for (const auto& [key, attribute] : kAdvertised) {
        if (const auto value = from.key(key);
            !value.empty() && entry.ad.find(attribute) == nullptr) {
            entry.ad.set(attribute, value);
        }
    }
    const auto proxy = from.key("proxy_url");
    if (proxy.find("://") != std::string::npos) {
        environment.set("http_proxy", proxy);
    } else if (!proxy.empty()) {
        noter.dropped("proxy_url", "the pilot finds the proxy of its site by itself", proxy);
    }
    if (!environment.empty()) {
        entry.target.set("environment", environment);
    }
}

std::int64_t cpus_of(const GwmsEntry& from, const Asked& asked, const Noter& noter) {
    if (const auto stated = positive(from, "GLIDEIN_CPUS")) {
        return *stated;
    }
    if (const auto estimated = positive(from, "GLIDEIN_ESTIMATED_CPUS")) {
        return *estimated;
    }
    if (asked.cpus) {
        return asked.cpus->value;
    }
    if (const auto* attr = from.attr("GLIDEIN_CPUS"); attr != nullptr && !attr->value.empty()) {
        noter.assumed(fmt::format("one core, of GLIDEIN_CPUS {}", attr->value),
                      "pilots see how many they get; GLIDEIN_ESTIMATED_CPUS would tell");
    }
    return 1;
}

std::optional<std::int64_t> gpus_of(const GwmsEntry& from, const model::Entry& entry) {
    if (const auto asked = target_text(entry, "submit", "Request_GPUs")) {
        if (const auto number = positive_of(record::Value(*asked))) {
            return number;
        }
    }
    const auto* attr = from.attr("GLIDEIN_Resource_Slots");
    for (const auto& resource : base::split(attr == nullptr ? "" : attr->value, ';')) {
        const auto parts = base::split(resource, ',');
        if (!parts.empty() && base::equal_nocase(parts[0], "GPUs")) {
            return parts.size() < 2 ? 1 : positive_of(record::Value(parts[1])).value_or(1);
        }
    }
    return std::nullopt;
}

void read_shape(const GwmsEntry& from, model::Entry& entry, const Noter& noter) {
    const auto asked = asked_of(entry);
    entry.pilot.cpus = cpus_of(from, asked, noter);
    entry.nodes = positive(from, "GLIDEIN_NODES").value_or(1);
    if (const auto memory = positive(from, "GLIDEIN_MaxMemMBs")) {
        entry.pilot.memory_bytes = times(*memory, kMiB);
    } else if (asked.memory_bytes) {
        entry.pilot.memory_bytes = asked.memory_bytes->value;
    } else {
        entry.pilot.memory_bytes = times(times(kAssumedMegabytes, kMiB), entry.pilot.cpus);
        noter.assumed(fmt::format("pilot.memory of {} MB a core", kAssumedMegabytes),
                      "there is no GLIDEIN_MaxMemMBs: pilots measure it");
    }
    if (const auto walltime = positive(from, "GLIDEIN_Max_Walltime")) {
        entry.pilot.walltime = std::chrono::seconds(*walltime);
    } else if (asked.walltime) {
        entry.pilot.walltime = asked.walltime->value;
    }
    if (const auto disk = target_text(entry, "submit", "request_disk")) {
        entry.pilot.disk_bytes = condor_size(*disk, 1024);
    }
    entry.pilot.gpus = gpus_of(from, entry);
}

}  // namespace

std::string GwmsEntry::key(std::string_view wanted) const {
    const auto found = std::ranges::find(
        keys, wanted, [](const auto& key) -> std::string_view { return key.first; });
    return found == keys.end() ? "" : found->second;
}

const GwmsAttr* GwmsEntry::attr(std::string_view wanted) const noexcept {
    const auto found = std::find_if(attrs.rbegin(), attrs.rend(),
                                    [wanted](const auto& item) { return item.name == wanted; });
    return found == attrs.rend() ? nullptr : &*found;
}

void add_gwms_entry(const GwmsEntry& from, Import& import) {
    const Noter noter(import, from.name, from.origin);
    Imported result;
    result.origin = from.origin;
    result.comment = from.comment;
    auto& entry = result.entry;
    entry.name = from.name;
    entry.set = from.set;
    entry.state = from.is_enabled ? model::EntryState::InService : model::EntryState::Disabled;
    entry.limits = from.limits;
    read_target(from, entry, noter);
    read_attrs(from, entry, noter);
    read_shape(from, entry, noter);
    import.add(std::move(result));
}

}  // namespace tow::foreign
