// The YAML of OSG_autoconf, from which the OSG factory makes its XML. Several files make one
// configuration: the defaults (DEFAULT_SITE), what CEs say of themselves (DEFAULT_ENTRY), and the
// operators' allow-lists, which name the entries: site, CE, kind of pilot, entry, overrides.
#include "base/text.hpp"
#include "config/yaml.hpp"
#include "foreign/gwms_entry.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace tow::foreign {

namespace {

using config::Node;

constexpr std::string_view kDefaults = "DEFAULT_ENTRY";

constexpr std::array<std::string_view, 16> kEntryKeys{
    "attrs",        "auth_method",   "comment",   "enabled",    "gatekeeper",       "gridtype",
    "limits",       "num_factories", "proxy_url", "rsl",        "submission_speed", "submit_attrs",
    "trust_domain", "verbosity",     "work_dir",  "schedd_name"};

bool is_entry_key(std::string_view key) {
    return std::ranges::find(kEntryKeys, key) != kEntryKeys.end();
}

std::string text_of(const Node& node) {
    return node.kind() == Node::Kind::Scalar ? without_xml_entities(node.string()) : "";
}

std::string text_at(const Node& node, std::string_view key) {
    const auto* found = node.find(key);
    return found == nullptr ? "" : text_of(*found);
}

// The value of a map of maps: a null takes away what a lower layer says.
bool is_set(const Node* node) {
    return node != nullptr && !node->is_null();
}

class Autoconf {
  public:
    explicit Autoconf(Import& import) : import_(import) {}

    void read(const std::vector<Text>& texts) {
        for (const auto& text : texts) {
            roots_.push_back(
                config::parse_yaml(text.content, text.name, config::Duplicates::KeepLast));
            if (roots_.back().kind() != Node::Kind::Map) {
                roots_.back().expected("a map of sites");
            }
        }
        for (const auto& root : roots_) {
            each_pilot(root, [this](const Place& place, const Node& entries) {
                if (const auto* base = entries.find(kDefaults)) {
                    (place.site == "DEFAULT_SITE" ? defaults_ : bases_[place.ce + " " + place.kind])
                        .merge(*base);
                }
            });
        }
        for (const auto& root : roots_) {
            each_pilot(root, [this](const Place& place, const Node& entries) {
                for (const auto& [name, overrides] : entries.fields()) {
                    if (name != kDefaults) {
                        add(place, name, overrides);
                    }
                }
            });
        }
    }

  private:
    struct Place {
        std::string site;
        std::string ce;
        std::string kind;  // of pilot; empty in files that do not tell kinds
    };

    // The maps of entries. Older files have no kinds of pilots: entries are right below the CE.
    template <class Visit>
    static void each_pilot(const Node& root, Visit visit) {
        for (const auto& [site, ces] : root.fields()) {
            for (const auto& [ce, kinds] : ces.fields()) {
                bool has_entries = false;
                for (const auto& [kind, entries] : kinds.fields()) {
                    const bool is_entry =
                        kind == kDefaults || entries.kind() != Node::Kind::Map ||
                        (!entries.fields().empty() &&
                         std::ranges::all_of(entries.fields(), is_entry_key, &Node::Field::key));
                    if (is_entry) {
                        has_entries = true;
                    } else {
                        visit(Place{site, ce, kind}, entries);
                    }
                }
                if (has_entries) {
                    visit(Place{site, ce, ""}, direct_entries(kinds));
                }
            }
        }
    }

    static Node direct_entries(const Node& kinds) {
        Node result(Node::Kind::Map, kinds.origin());
        for (const auto& [name, entry] : kinds.fields()) {
            const bool is_kind =
                entry.kind() == Node::Kind::Map && name != kDefaults &&
                !std::ranges::all_of(entry.fields(), is_entry_key, &Node::Field::key);
            if (!is_kind) {
                result.set_field(name, entry);
            }
        }
        return result;
    }

    void add(const Place& place, const std::string& name, const Node& overrides) {
        Node all(Node::Kind::Map, overrides.origin());
        all.merge(defaults_);
        const auto base = bases_.find(place.ce + " " + place.kind);
        const auto any = base == bases_.end() ? bases_.find(place.ce + " ") : base;
        if (any != bases_.end()) {
            all.merge(any->second);
        }
        if (overrides.kind() == Node::Kind::Map) {
            all.merge(overrides);
        }
        GwmsEntry entry;
        entry.name = name;
        entry.origin = {overrides.origin().file == nullptr ? "" : *overrides.origin().file,
                        overrides.origin().line};
        const Noter noter(import_, name, entry.origin);
        if (any == bases_.end()) {
            noter.assumed("the CE's own figures",
                          "no file here says what the CE offers (that of OSG_YAML would)");
        }
        fill(place, all, noter, entry);
        add_gwms_entry(entry, import_);
    }

    static void read_key(const std::string& key, const Node& value, const Noter& noter,
                         GwmsEntry& entry) {
        constexpr std::array<std::string_view, 4> kElsewhere{"attrs", "limits", "num_factories",
                                                             "submit_attrs"};
        if (value.is_null() || std::ranges::find(kElsewhere, key) != kElsewhere.end()) {
            return;
        }
        if (key == "enabled") {
            entry.is_enabled = truth_of(text_of(value)) != false;
        } else if (key == "comment") {
            entry.comment = text_of(value);
        } else if (key == "submission_speed") {
            noter.dropped(key, "tow-submit(1) paces submissions");
        } else if (is_entry_key(key)) {
            entry.keys.emplace_back(key, text_of(value));
        } else {
            noter.dropped("keys", "OSG_autoconf does not know them either", key);
        }
    }

    static void fill(const Place& place, const Node& all, const Noter& noter, GwmsEntry& entry) {
        for (const auto& [key, value] : all.fields()) {
            read_key(key, value, noter, entry);
        }
        if (entry.key("gridtype").empty()) {
            entry.keys.emplace_back("gridtype", "condor");
        }
        if (entry.key("gatekeeper").empty()) {
            const auto* port = place.ce.find(':') == std::string::npos ? ":9619" : "";
            entry.keys.emplace_back("gatekeeper",
                                    place.ce.substr(0, place.ce.find(':')) + " " + place.ce + port);
        }
        read_attrs(all.find("attrs"), entry);
        read_limits(all, entry);
        const auto* submit = all.find("submit_attrs");
        for (const auto& [key, value] :
             submit == nullptr ? std::vector<Node::Field>{} : submit->fields()) {
            if (!value.is_null()) {
                entry.submit_attrs.emplace_back(key, text_of(value));
            }
        }
        if (entry.attr("GLIDEIN_Site") == nullptr) {
            entry.attrs.push_back({"GLIDEIN_Site", place.site, "string", true});
        }
    }

    static void read_attrs(const Node* attrs, GwmsEntry& entry) {
        for (const auto& [name, attr] :
             attrs == nullptr ? std::vector<Node::Field>{} : attrs->fields()) {
            const auto* value = attr.find("value");
            if (!is_set(value)) {
                continue;
            }
            const auto type = text_at(attr, "type");
            const auto published = [&attr = attr](std::string_view key) {
                return truth_of(text_at(attr, key)) != false;  // the default is to publish
            };
            entry.attrs.push_back({name, text_of(*value), type.empty() ? "string" : type,
                                   published("publish") || published("glidein_publish")});
        }
    }

    // Held and idle are per cent of glideins, with a floor; the factories share all three.
    static void read_limits(const Node& all, GwmsEntry& entry) {
        const auto* limits = all.find("limits");
        const auto* per_entry = limits == nullptr ? nullptr : limits->find("entry");
        if (per_entry == nullptr) {
            return;
        }
        const auto number = [&](std::string_view key) {
            return positive_of(record::Value(text_at(*per_entry, key)));
        };
        const auto glideins = number("glideins");
        if (!glideins) {
            return;
        }
        const auto factories =
            positive_of(record::Value(text_at(all, "num_factories"))).value_or(1);
        const auto share = [&](std::string_view key,
                               std::int64_t least) -> std::optional<std::int64_t> {
            const auto percent = number(key);
            if (!percent) {
                return std::nullopt;
            }
            const auto part = times(*glideins, std::min<std::int64_t>(*percent, 100)) / 100;
            return std::max<std::int64_t>(std::min(std::max(part, least), *glideins) / factories,
                                          1);
        };
        entry.limits.max_pilots = std::max<std::int64_t>(*glideins / factories, 1);
        entry.limits.max_held = share("held", 5);
        entry.limits.max_pending = share("idle", 10);
    }

    Import& import_;
    std::vector<Node> roots_;
    Node defaults_{Node::Kind::Map, {}};
    std::map<std::string, Node> bases_;  // by CE and kind of pilot
};

}  // namespace

void read_osg_autoconf(const std::vector<Text>& texts, Import& import) {
    Autoconf(import).read(texts);
}

}  // namespace tow::foreign
