#include "foreign/entry_document.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

// Words that some reader of YAML takes for something else than text.
constexpr std::array<std::string_view, 13> kWords{
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", ".inf", "~"};

// Maps that people like on one line.
constexpr std::array<std::string_view, 3> kOnOneLine{"pilot", "limits", "cost"};

std::string size_text(std::int64_t bytes) {
    struct Unit {
        std::int64_t bytes;
        std::string_view name;
    };
    constexpr std::array<Unit, 3> kUnits{{{kGiB, " GiB"}, {kMiB, " MiB"}, {1024, " KiB"}}};
    for (const auto& unit : kUnits) {
        if (bytes != 0 && bytes % unit.bytes == 0) {
            return fmt::format("{}{}", bytes / unit.bytes, unit.name);
        }
    }
    return std::to_string(bytes);
}

std::string duration_text(std::chrono::seconds duration) {
    const auto seconds = duration.count();
    std::string text;
    text += seconds >= 3600 ? fmt::format("{}h", seconds / 3600) : "";
    text += seconds % 3600 >= 60 ? fmt::format("{}m", seconds % 3600 / 60) : "";
    text += seconds % 60 != 0 || seconds == 0 ? fmt::format("{}s", seconds % 60) : "";
    return text;
}

record::Object pilot_document(const model::Entry& entry) {
    const auto& pilot = entry.pilot;
    record::Object document{{"cpus", pilot.cpus}, {"memory", size_text(pilot.memory_bytes)}};
    if (pilot.disk_bytes) {
        document.set("disk", size_text(*pilot.disk_bytes));
    }
    document.set_known("gpus", pilot.gpus);
    if (pilot.walltime) {
        document.set("walltime", duration_text(*pilot.walltime));
    }
    if (entry.nodes != 1) {
        document.set("nodes", entry.nodes);
    }
    return document;
}

record::Object limits_document(const model::Limits& limits) {
    record::Object document;
    document.set_known("max_pilots", limits.max_pilots);
    document.set_known("max_pending", limits.max_pending);
    document.set_known("max_held", limits.max_held);
    document.set_known("max_submit", limits.max_submit);
    document.set_known("max_remove", limits.max_remove);
    return document;
}

void set_map(record::Object& document, std::string_view key, const record::Object& map) {
    if (!map.empty()) {
        document.set(key, map);
    }
}

bool is_plain_character(char c) {
    return base::is_alpha(c) || base::is_digit(c) ||
           std::string_view("_./@+-").find(c) != std::string_view::npos;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : base::repair_utf8(text)) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (code < 0x20 || code == 0x7F) {
            out += fmt::format("\\x{:02x}", code);
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string flow(const record::Value& value) {
    if (const auto* text = value.string()) {
        return yaml_scalar(*text);
    }
    std::string out;
    if (const auto* array = value.array()) {
        for (const auto& item : *array) {
            out += (out.empty() ? "" : ", ") + flow(item);
        }
        return '[' + out + ']';
    }
    if (const auto* object = value.object()) {
        for (const auto& [key, item] : *object) {
            out += (out.empty() ? "" : ", ") + yaml_scalar(key) + ": " + flow(item);
        }
        return '{' + out + '}';
    }
    return record::to_json(value);
}

void block(const record::Object& object, std::size_t indent, std::string& out) {
    for (const auto& [key, value] : object) {
        out.append(indent, ' ');
        out += yaml_scalar(key) + ':';
        const auto* map = value.object();
        if (map == nullptr || map->empty() ||
            std::ranges::find(kOnOneLine, key) != kOnOneLine.end()) {
            out += ' ' + flow(value) + '\n';
        } else {
            out += '\n';
            block(*map, indent + 2, out);
        }
    }
}

std::string comment_lines(std::string_view text, std::string_view indent) {
    std::string out;
    for (const auto& line : base::split(text, '\n')) {
        out += fmt::format("{}# {}\n", indent, base::printable(line));
    }
    return out;
}

}  // namespace

record::Object document_of(const model::Entry& entry) {
    record::Object document;
    document.set_known("site", entry.site);
    document.set_known("set", entry.set);
    document.set("backend", entry.backend);
    if (entry.state != model::EntryState::InService) {
        document.set("state", model::state_name(entry.state));
    }
    if (!entry.tags.empty()) {
        document.set("tags", record::Array(entry.tags.begin(), entry.tags.end()));
    }
    document.set("pilot", pilot_document(entry));
    set_map(document, "limits", limits_document(entry.limits));
    set_map(document, "target", entry.target);
    set_map(document, "ad", entry.ad);
    set_map(document, "ad_exprs", entry.ad_exprs);
    if (!entry.start.empty()) {
        document.set("start", entry.start);
    }
    if (entry.tier != 0) {
        document.set("tier", entry.tier);
    }
    return document;
}

std::string yaml_scalar(std::string_view text) {
    const bool is_word =
        std::ranges::any_of(kWords, [text](auto word) { return base::equal_nocase(word, text); });
    const bool is_safe =
        !text.empty() && (base::is_alpha(text[0]) || base::is_digit(text[0]) || text[0] == '/') &&
        text.back() != ' ' &&
        std::ranges::all_of(text, [](char c) { return is_plain_character(c) || c == ' '; });
    return is_word || !is_safe || real_of(text) ? quoted(text) : std::string(text);
}

std::string entry_yaml(const std::string& name, const record::Object& document) {
    auto out = "  " + yaml_scalar(name) + ":\n";
    block(document, 4, out);
    return out;
}

std::string file_yaml(const std::vector<Imported>& entries, std::string_view head) {
    std::vector<const Imported*> sorted;
    std::ranges::transform(entries, std::back_inserter(sorted),
                           [](const auto& entry) { return &entry; });
    std::ranges::sort(sorted, {},
                      [](const auto* entry) -> const std::string& { return entry->entry.name; });
    auto out = comment_lines(head, "") + (entries.empty() ? "entries: {}\n" : "entries:\n");
    for (const auto* entry : sorted) {
        out += comment_lines(entry->origin.text(), "  ");
        out += comment_lines(entry->comment, "  ");
        out += entry_yaml(entry->entry.name, document_of(entry->entry));
    }
    return out;
}

}  // namespace tow::foreign
