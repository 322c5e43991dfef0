// The configuration of a GlideinWMS factory: XML, the main file or those of its config.d.
#include "base/text.hpp"
#include "foreign/gwms_entry.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"
#include "foreign/xml.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

// Attributes of <entry> that are no GwmsEntry::keys.
constexpr std::array<std::string_view, 4> kOwnPlace{"name", "enabled", "comment", "bosco_dir"};

std::optional<std::int64_t> count_at(const Element* element, std::string_view key) {
    const auto* text = element == nullptr ? nullptr : element->attribute(key);
    const auto number = text == nullptr ? std::nullopt : integer_of(*text);
    return number && *number >= 0 ? number : std::nullopt;
}

// The element at a path of tags; null if there is none.
const Element* at(const Element& from, std::initializer_list<std::string_view> path) {
    const auto* element = &from;
    for (const auto tag : path) {
        element = element == nullptr ? nullptr : element->child(tag);
    }
    return element;
}

bool flag(const Element& element, std::string_view key) {
    const auto* text = element.attribute(key);
    return text != nullptr && truth_of(*text) == true;
}

void read_attrs(const Element* attrs, std::vector<GwmsAttr>& result) {
    if (attrs == nullptr) {
        return;
    }
    for (const auto& attr : attrs->children) {
        if (attr.name == "attr") {
            result.push_back({attr.attribute_or("name", ""), attr.attribute_or("value", ""),
                              attr.attribute_or("type", "string"),
                              flag(attr, "publish") || flag(attr, "glidein_publish")});
        }
    }
}

model::Limits read_limits(const Element& entry) {
    model::Limits limits;
    const auto* per_entry = at(entry, {"config", "max_jobs", "per_entry"});
    limits.max_pilots = count_at(per_entry, "glideins");
    limits.max_pending = count_at(per_entry, "idle");
    limits.max_held = count_at(per_entry, "held");
    limits.max_submit = count_at(at(entry, {"config", "submit"}), "max_per_cycle");
    limits.max_remove = count_at(at(entry, {"config", "remove"}), "max_per_cycle");
    return limits;
}

struct Left {
    std::initializer_list<std::string_view> path;
    std::string_view why;
};

void note_what_is_left(const Element& entry, const Noter& noter) {
    static const std::array<Left, 8> left_out{{
        {{"config", "max_jobs", "default_per_frontend"}, "one frontend is served: tow-plan(1)"},
        {{"config", "release"}, "held pilots are a matter of policy"},
        {{"config", "stale_age"}, "how long pilots may wait is a matter of policy"},
        {{"config", "max_jobs", "per_frontends", "per_frontend"}, "one frontend is served"},
        {{"allow_frontends", "allow_frontend"}, "one frontend is served"},
        {{"files", "file"}, "files of the pilot are those of target.input_files"},
        {{"infosys_refs", "infosys_ref"}, "no information system is asked"},
        {{"monitorgroups", "monitorgroup"}, "groups of monitoring are the policy's tags"},
    }};
    for (const auto& left : left_out) {
        if (at(entry, left.path) != nullptr) {
            noter.dropped("<" + std::string(std::data(left.path)[left.path.size() - 1]) + ">",
                          std::string(left.why));
        }
    }
    if (const auto* submit = at(entry, {"config", "submit"})) {
        for (const std::string_view key : {"cluster_size", "sleep"}) {
            if (submit->attribute(key) != nullptr) {
                noter.dropped(fmt::format("<submit {}>", key), "tow-submit(1) paces submissions");
            }
        }
    }
    if (entry.attribute("bosco_dir") != nullptr) {
        noter.dropped("bosco_dir", "nothing is installed on the far side");
    }
}

class FactoryReader {
  public:
    FactoryReader(const Text& text, Import& import) : text_(text), import_(import) {}

    void read() {
        const auto root = parse_xml(text_.content, text_.name);
        if (root.name != "glidein" && root.name != "entries") {
            base::fail(base::Kind::Data, "{}:{}: expected <glidein>, got <{}>", text_.name,
                       root.line, root.name);
        }
        read_attrs(root.child("attrs"), common_);
        if (root.name == "entries") {
            read_list(root);
        }
        for (const auto& child : root.children) {
            if (child.name == "entries" || child.name == "entry_sets") {
                read_list(child);
            }
        }
    }

  private:
    void read_list(const Element& list) {
        for (const auto& child : list.children) {
            const auto* members = child.child("entries");
            if (members == nullptr) {
                read_entry(child, nullptr);
                continue;
            }
            for (const auto& member : members->children) {
                read_entry(member, &child);
            }
        }
    }

    // A member of a set has its own name and gatekeeper; all else may be the set's.
    void read_entry(const Element& element, const Element* set) {
        GwmsEntry entry;
        entry.name = element.attribute_or("name", "");
        entry.origin = {text_.name, element.line};
        const auto& config = set == nullptr || at(element, {"config"}) != nullptr ? element : *set;
        read_keys(element, entry);
        entry.attrs = common_;
        if (set != nullptr) {
            entry.set = set->attribute_or("name", "");
            read_keys(*set, entry);
            override_attrs(set->child("attrs"), entry);
        }
        override_attrs(element.child("attrs"), entry);
        if (entry.key("gridtype").empty()) {
            entry.keys.emplace_back("gridtype", "condor");  // GlideinWMS's default
        }
        entry.is_enabled = is_enabled(element) && (set == nullptr || is_enabled(*set));
        entry.limits = read_limits(config);
        if (const auto* submit = at(config, {"config", "submit"})) {
            entry.keys.emplace_back("slots_layout", submit->attribute_or("slots_layout", ""));
        }
        if (const auto* restrictions = at(config, {"config", "restrictions"})) {
            entry.keys.emplace_back("require_voms_proxy",
                                    restrictions->attribute_or("require_voms_proxy", ""));
        }
        read_submit_attrs(at(config, {"config", "submit", "submit_attrs"}), entry);
        const Noter noter(import_, entry.name, entry.origin);
        note_what_is_left(config, noter);
        add_gwms_entry(entry, import_);
    }

    static bool is_enabled(const Element& element) {
        return truth_of(element.attribute_or("enabled", "True")) != false;
    }

    // What is there already stays.
    static void read_keys(const Element& element, GwmsEntry& entry) {
        for (const auto& [key, value] : element.attributes) {
            if (std::ranges::find(kOwnPlace, key) == kOwnPlace.end() && entry.key(key).empty()) {
                entry.keys.emplace_back(key, value);
            }
        }
        if (entry.comment.empty()) {
            entry.comment = element.attribute_or("comment", "");
        }
    }

    // An entry's attribute replaces the factory's of the name; twice in one list stays twice, for
    // whoever complains about that.
    static void override_attrs(const Element* attrs, GwmsEntry& entry) {
        std::vector<GwmsAttr> own;
        read_attrs(attrs, own);
        std::erase_if(entry.attrs, [&own](const auto& attr) {
            return std::ranges::find(own, attr.name, &GwmsAttr::name) != own.end();
        });
        entry.attrs.insert(entry.attrs.end(), own.begin(), own.end());
    }

    static void read_submit_attrs(const Element* attrs, GwmsEntry& entry) {
        for (const auto& attr : attrs == nullptr ? std::vector<Element>{} : attrs->children) {
            entry.submit_attrs.emplace_back(attr.attribute_or("name", ""),
                                            attr.attribute_or("value", ""));
        }
    }

    const Text& text_;
    Import& import_;
    std::vector<GwmsAttr> common_;  // of all entries of the file
};

}  // namespace

void read_gwms(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        FactoryReader(text, import).read();
    }
}

}  // namespace tow::foreign
