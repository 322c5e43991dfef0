// The part of a policy that says what a group of GlideinWMS is configured with.
#include "policy/policy.hpp"

#include <array>

namespace tow::policy {

namespace {

using config::MapReader;

void read_count(MapReader& reader, std::string_view key, std::int64_t& value) {
    value = reader.count(key).value_or(value);
}

void read_bounds(MapReader& reader, std::string_view key, plan::GwmsBounds& bounds) {
    const auto* node = reader.get(key);
    if (node == nullptr) {
        return;
    }
    MapReader fields(*node);
    read_count(fields, "max_total", bounds.max_total);
    read_count(fields, "curb_total", bounds.curb_total);
    read_count(fields, "max_idle", bounds.max_idle);
    read_count(fields, "curb_idle", bounds.curb_idle);
    fields.finish();
}

double positive(MapReader& reader, std::string_view key, double fallback) {
    const auto value = reader.real(key).value_or(fallback);
    if (!(value > 0)) {
        reader.require(key).expected("a number above 0");
    }
    return value;
}

void read_removal(const config::Node& node, plan::GwmsRemovalPolicy& removal) {
    MapReader reader(node);
    const auto& type = reader.require("type");
    const auto known = plan::gwms_removal(type.string());
    if (!known) {
        type.expected("one of NO, WAIT, IDLE, ALL, DISABLE");
    }
    removal.type = *known;
    read_count(reader, "wait", removal.wait);
    read_count(reader, "margin", removal.margin);
    removal.tracking = reader.string("requests_tracking").value_or("");
    reader.finish();
}

}  // namespace

plan::GwmsTerms read_gwms(const config::Node& node) {
    MapReader reader(node);
    plan::GwmsTerms terms;
    auto& limits = terms.limits;
    read_count(reader, "max_running", limits.max_running);
    read_count(reader, "min_running", limits.min_running);
    limits.fraction_running = positive(reader, "relative_to_queue", limits.fraction_running);
    limits.ramp_up_attenuation =
        positive(reader, "ramp_up_attenuation", limits.ramp_up_attenuation);
    read_count(reader, "max_idle", limits.max_idle);
    read_count(reader, "reserve", limits.reserve_idle);
    read_count(reader, "max_vms_idle", limits.max_vms_idle);
    read_count(reader, "curb_vms_idle", limits.curb_vms_idle);
    read_bounds(reader, "group", limits.group);
    read_bounds(reader, "frontend", limits.frontend);
    read_bounds(reader, "global", limits.global);
    if (const auto* removal = reader.get("removal")) {
        read_removal(*removal, terms.removal);
    }
    reader.finish();
    return terms;
}

}  // namespace tow::policy
