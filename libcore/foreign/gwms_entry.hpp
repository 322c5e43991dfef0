// An entry in the words of GlideinWMS, which three formats share: the factory's XML, the YAML of
// OSG_autoconf that becomes such XML, and the ads that factories advertise.
#pragma once

#include "foreign/imports.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::foreign {

struct GwmsAttr {
    std::string name;
    std::string value;
    std::string type = "string";  // string, int or expr
    bool is_published = true;     // to frontends or to jobs; else only the pilot gets it
};

struct GwmsEntry {
    std::string name;
    Origin origin;
    std::string comment;
    bool is_enabled = true;
    std::optional<std::string> set;

    // gatekeeper, gridtype, auth_method, trust_domain, verbosity, work_dir, rsl, proxy_url,
    // schedd_name, vm_id, vm_type, slots_layout, require_voms, ...
    std::vector<std::pair<std::string, std::string>> keys;
    std::vector<GwmsAttr> attrs;
    std::vector<std::pair<std::string, std::string>> submit_attrs;
    model::Limits limits;

    std::string key(std::string_view wanted) const;                // empty if absent
    const GwmsAttr* attr(std::string_view wanted) const noexcept;  // the last of the name
};

// Adds the entry, with notes about what is left out.
void add_gwms_entry(const GwmsEntry& from, Import& import);

}  // namespace tow::foreign
