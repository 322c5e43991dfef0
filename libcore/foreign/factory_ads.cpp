// GlideinWMS factory ads (MyType glidefactory), as a collector or HEPCloud's files hold them.
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/unparse.hpp"
#include "foreign/gwms_entry.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

struct Key {
    std::string_view attribute;
    std::string_view key;  // of a GwmsEntry
};

constexpr std::array<Key, 10> kKeys{{
    {"GLIDEIN_Gatekeeper", "gatekeeper"},
    {"GLIDEIN_GridType", "gridtype"},
    {"GLIDEIN_GlobusRSL", "rsl"},
    {"GLIDEIN_SupportedAuthenticationMethod", "auth_method"},
    {"GLIDEIN_TrustDomain", "trust_domain"},
    {"GLIDEIN_Verbosity", "verbosity"},
    {"GLIDEIN_WorkDir", "work_dir"},
    {"GLIDEIN_SlotsLayout", "slots_layout"},
    {"GLIDEIN_REQUIRE_VOMS", "require_voms_proxy"},
    {"GLIDEIN_Schedd", "schedd_name"},
}};

// The state of the factory and of its collector, which is no part of the entry.
constexpr std::array<std::string_view, 13> kOfTheMoment{"GlideinMonitor",
                                                        "GlideinMyType",
                                                        "GlideinAllowx509",
                                                        "GlideinRequire",
                                                        "GlideinWMSVersion",
                                                        "GlideinName",
                                                        "GlideinConfig",
                                                        "PubKey",
                                                        "Web",
                                                        "Update",
                                                        "GLIDEIN_In_Downtime",
                                                        "GLIDEIN_Downtime_Comment",
                                                        "SupportedSignTypes"};

// Of HTCondor's own.
constexpr std::array<std::string_view, 11> kOfTheAd{
    "MyType",      "TargetType",          "Name",
    "MyAddress",   "LastHeardFrom",       "DaemonStartTime",
    "EntryName",   "FactoryName",         "AuthenticatedIdentity",
    "CurrentTime", "AuthenticationMethod"};

std::string text_of(const classad::Expr& expr) {
    const auto* literal = expr.as<classad::Literal>();
    const auto* text = literal == nullptr ? nullptr : literal->value.if_string();
    return text == nullptr ? classad::unparse(expr, classad::Style::Old) : *text;
}

std::string text_at(const classad::Ad& ad, std::string_view name) {
    const auto* expr = ad.find(name);
    return expr == nullptr ? "" : text_of(*expr);
}

std::string type_of(const classad::Expr& expr) {
    const auto* literal = expr.as<classad::Literal>();
    return literal == nullptr                       ? "expr"
           : literal->value.if_integer() != nullptr ? "int"
           : literal->value.if_string() != nullptr  ? "string"
                                                    : "expr";
}

bool is_part_of_the_entry(std::string_view name) {
    const auto starts = [name](auto prefix) { return name.starts_with(prefix); };
    const auto is = [name](auto other) { return base::equal_nocase(name, other); };
    const auto is_key = [&is](const auto& key) { return is(key.attribute); };
    return std::ranges::none_of(kOfTheMoment, starts) && std::ranges::none_of(kOfTheAd, is) &&
           std::ranges::none_of(kKeys, is_key);
}

void read_attribute(const std::string& name, const classad::Expr& value, GwmsEntry& entry) {
    constexpr std::string_view kSubmit = "GlideinSubmit";
    constexpr std::string_view kParameter = "GlideinParam";
    constexpr std::string_view kPlus = "_PLUS_";
    if (name.starts_with(kSubmit)) {
        auto submit = name.substr(kSubmit.size());
        const bool has_plus = submit.starts_with(kPlus);
        entry.submit_attrs.emplace_back(has_plus ? "+" + submit.substr(kPlus.size()) : submit,
                                        text_of(value));
    } else if (name.starts_with(kParameter)) {
        // What is a parameter and published is here twice.
        const auto parameter = name.substr(kParameter.size());
        if (entry.attr(parameter) == nullptr) {
            entry.attrs.push_back({parameter, text_of(value), "string", false});
        }
    } else if (is_part_of_the_entry(name)) {
        std::erase_if(entry.attrs, [&name](const auto& attr) { return attr.name == name; });
        entry.attrs.push_back({name, text_of(value), type_of(value), true});
    }
}

model::Limits read_limits(const classad::Ad& ad) {
    const auto count = [&ad](std::string_view name) {
        const auto number = integer_of(text_at(ad, name));
        return number && *number >= 0 ? number : std::nullopt;
    };
    model::Limits limits;
    limits.max_pilots = count("GlideinConfigPerEntryMaxGlideins");
    limits.max_pending = count("GlideinConfigPerEntryMaxIdle");
    limits.max_held = count("GlideinConfigPerEntryMaxHeld");
    return limits;
}

void read_factory_ad(const classad::Ad& ad, const std::string& file, std::size_t index,
                     Import& import) {
    GwmsEntry entry;
    entry.name = text_at(ad, "EntryName");
    entry.origin = {file, 0};
    if (entry.name.empty()) {
        const Noter noter(import, "", entry.origin);
        noter.dropped("an ad that is no factory ad",
                      fmt::format("ad {} has no EntryName (its MyType is \"{}\")", index + 1,
                                  text_at(ad, "MyType")));
        return;
    }
    for (const auto& [attribute, key] : kKeys) {
        entry.keys.emplace_back(key, text_at(ad, attribute));
    }
    for (const auto& attribute : ad) {
        read_attribute(attribute.name, *attribute.value, entry);
    }
    entry.limits = read_limits(ad);
    const Noter noter(import, entry.name, entry.origin);
    if (truth_of(text_at(ad, "GLIDEIN_In_Downtime")) == true) {
        entry.is_enabled = false;
        entry.comment = "in downtime: " + text_at(ad, "GLIDEIN_Downtime_Comment");
        noter.assumed("state: disabled", "the factory says downtime, but not until when");
    }
    noter.dropped("counts and keys of the factory", "they are of the moment of the ad");
    add_gwms_entry(entry, import);
}

}  // namespace

void read_factory_ads(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        std::size_t index = 0;
        const auto format = classad::detect_format(text.content);
        classad::read_ads(
            text.content, format,
            [&](std::size_t /*offset*/, const classad::Ad& ad) {
                read_factory_ad(ad, text.name, index++, import);
            },
            [&](std::size_t offset, const base::Error& error) {
                throw base::Error(error.kind(), fmt::format("{}: byte {}: {}", text.name,
                                                            offset + 1, error.what()));
            });
        if (index == 0 && !base::trim(text.content).empty()) {
            base::fail(base::Kind::Data, "{}: no ads", text.name);
        }
    }
}

}  // namespace tow::foreign
