#include "foreign/update.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "config/yaml.hpp"
#include "foreign/entry_document.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tow::foreign {

namespace {

using record::Object;
using record::Value;

using Documents = std::map<std::string, Object>;

Documents documents_of(const Text& text) {
    Documents result;
    const auto root = config::parse_yaml(text.content, text.name);
    const auto* entries = root.find("entries");
    for (const auto& [name, node] :
         entries == nullptr ? std::vector<config::Node::Field>{} : entries->fields()) {
        const auto value = node.value();
        result[name] = value.object() == nullptr ? Object{} : *value.object();
    }
    return result;
}

// What YAML makes of a document: "1" and 1 are told apart in the same way on both sides.
Documents documents_of(const std::vector<Imported>& entries) {
    return documents_of(Text{"import", file_yaml(entries, "")});
}

bool same(const Value* a, const Value* b) {
    return a == nullptr || b == nullptr ? a == b : *a == *b;
}

std::optional<Value> copy(const Value* value) {
    return value == nullptr ? std::nullopt : std::optional{*value};
}

// One entry: base is the last import, ours the file, theirs the new import.
class Merge {
  public:
    Merge(const std::string& entry, std::vector<Change>& changes)
        : entry_(entry), changes_(changes) {}

    Object objects(const Object& base, const Object& ours, const Object& theirs,
                   const std::string& path) {
        Object result;
        for (const auto& key : keys_of(ours, theirs)) {
            const auto where = path.empty() ? key : fmt::format("{}.{}", path, key);
            if (auto value = values(base.find(key), ours.find(key), theirs.find(key), where)) {
                result.append(key, std::move(*value));
            }
        }
        return result;
    }

  private:
    static std::vector<std::string> keys_of(const Object& ours, const Object& theirs) {
        std::vector<std::string> keys;
        for (const auto* object : {&ours, &theirs}) {
            for (const auto& field : *object) {
                if (std::ranges::find(keys, field.key) == keys.end()) {
                    keys.push_back(field.key);
                }
            }
        }
        return keys;
    }

    std::optional<Value> values(const Value* base, const Value* ours, const Value* theirs,
                                const std::string& path) {
        if (ours != nullptr && theirs != nullptr && ours->object() != nullptr &&
            theirs->object() != nullptr) {
            const bool has_base = base != nullptr && base->object() != nullptr;
            return Value(objects(has_base ? *base->object() : Object{}, *ours->object(),
                                 *theirs->object(), path));
        }
        if (same(ours, theirs) || same(base, theirs)) {
            return copy(ours);  // upstream changed nothing
        }
        const bool is_ours = !same(base, ours);
        changes_.push_back({entry_, is_ours ? "kept" : "changed", path, copy(ours), copy(theirs)});
        return copy(is_ours ? ours : theirs);
    }

    const std::string& entry_;
    std::vector<Change>& changes_;
};

// A file in parts: what is before the entries, each entry with the comments above it, what is
// behind them.
struct Block {
    std::string name;
    std::string comments;
    std::string text;
};

struct Layout {
    std::string head;
    std::vector<Block> blocks;
    std::string tail;
};

std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
    text.remove_prefix(line.size());
    return line;
}

// "  NAME:" -> NAME; empty for every other line.
std::string key_of_line(std::string_view line) {
    line = line.substr(0, line.find_last_not_of("\r\n") + 1);
    if (!line.starts_with("  ") || line.size() < 4 || line[2] == ' ' || line[2] == '#') {
        return {};
    }
    line.remove_prefix(2);
    auto end = line.find(": ");
    if (end == std::string_view::npos) {
        end = line.ends_with(':') ? line.size() - 1 : 0;
    }
    auto name = line.substr(0, end);
    if (name.size() > 1 && (name[0] == '"' || name[0] == '\'') && name.back() == name[0]) {
        name = name.substr(1, name.size() - 2);
    }
    return std::string(name);
}

Layout layout_of(std::string_view text) {
    Layout layout;
    std::string comments;
    enum class Part { Head, Entries, Tail } part = Part::Head;
    while (!text.empty()) {
        const auto line = next_line(text);
        const bool is_top = line[0] != ' ' && line[0] != '#' && line[0] != '\n' && line[0] != '\r';
        if (is_top) {
            part = line.starts_with("entries:") ? Part::Entries
                   : part == Part::Head         ? Part::Head
                                                : Part::Tail;
        }
        if (part == Part::Head || (is_top && part == Part::Entries)) {
            layout.head += line;
        } else if (part == Part::Tail) {
            layout.tail += comments;
            comments.clear();
            layout.tail += line;
        } else if (const auto name = key_of_line(line); !name.empty()) {
            layout.blocks.push_back({name, comments, std::string(line)});
            comments.clear();
        } else if (line.starts_with("  #") || layout.blocks.empty()) {
            comments += line;  // of the entry that follows
        } else {
            layout.blocks.back().text += comments;
            comments.clear();
            layout.blocks.back().text += line;
        }
    }
    layout.tail += comments;
    return layout;
}

class Updater {
  public:
    Updater(const Text& file, const Text& last_import, const std::vector<Imported>& now)
        : ours_(documents_of(file)),
          base_(documents_of(last_import)),
          theirs_(documents_of(now)),
          layout_(layout_of(file.content)) {
        std::set<std::string> laid_out;
        for (const auto& block : layout_.blocks) {
            laid_out.insert(block.name);
        }
        const bool is_known =
            laid_out.size() == layout_.blocks.size() && laid_out.size() == ours_.size() &&
            std::ranges::all_of(ours_,
                                [&](const auto& entry) { return laid_out.contains(entry.first); });
        if (!is_known) {
            throw base::Error(base::Kind::Config,
                              file.name +
                                  ": the entries are not laid out as import writes them, "
                                  "each as a block indented by two",
                              "import without --update, and compare");
        }
        for (const auto& imported : now) {
            imported_[imported.entry.name] = &imported;
        }
    }

    Update run() {
        std::set<std::string> names;
        for (const auto* documents : {&ours_, &theirs_}) {
            for (const auto& entry : *documents) {
                names.insert(entry.first);
            }
        }
        for (const auto& name : names) {
            update_entry(name);
        }
        return {std::move(changes_), text()};
    }

  private:
    void update_entry(const std::string& name) {
        const auto ours = ours_.find(name);
        const auto theirs = theirs_.find(name);
        const auto base = base_.find(name);
        if (ours == ours_.end()) {
            if (base == base_.end()) {
                changes_.push_back({name, "added", "", std::nullopt, theirs->second});
                added_.push_back(name);
            }  // else the operator took it out, and out it stays
        } else if (theirs == theirs_.end()) {
            if (base != base_.end()) {
                const bool is_untouched = base->second == ours->second;
                changes_.push_back({name, is_untouched ? "removed" : "kept", "",
                                    Value(ours->second), std::nullopt});
                if (is_untouched) {
                    removed_.insert(name);
                }
            }  // else it is the operator's own
        } else {
            const auto merged = Merge(name, changes_)
                                    .objects(base == base_.end() ? Object{} : base->second,
                                             ours->second, theirs->second, "");
            if (!(merged == ours->second)) {
                changed_[name] = merged;
            }
        }
    }

    std::string text() const {
        auto out = layout_.head;
        if (layout_.blocks.empty()) {
            out = "entries:\n";  // the head may say "entries: {}"
        }
        auto next = added_.begin();
        const auto add_until = [&](const std::string* name) {
            for (; next != added_.end() && (name == nullptr || *next < *name); ++next) {
                out += file_of(*imported_.at(*next));
            }
        };
        for (const auto& block : layout_.blocks) {
            add_until(&block.name);
            if (removed_.contains(block.name)) {
                continue;
            }
            const auto changed = changed_.find(block.name);
            out += block.comments;
            out += changed == changed_.end() ? block.text : entry_yaml(block.name, changed->second);
        }
        add_until(nullptr);
        return out + layout_.tail;
    }

    // The entry as a new file would hold it, without the head of the file.
    static std::string file_of(const Imported& entry) {
        const auto file = file_yaml({entry}, "");
        return file.substr(file.find('\n') + 1);
    }

    Documents ours_;
    Documents base_;
    Documents theirs_;
    Layout layout_;
    std::map<std::string, const Imported*> imported_;
    std::vector<Change> changes_;
    std::vector<std::string> added_;  // sorted
    std::set<std::string> removed_;
    Documents changed_;
};

// Empty if there is no such file.
Text read_if_there(const std::string& path) {
    constexpr std::size_t kMost = std::size_t{64} << 20U;
    try {
        return {path, base::read_file(path, kMost)};
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::NotFound) {
            throw;
        }
        return {path, ""};
    }
}

}  // namespace

record::Object to_record(const Change& change) {
    auto record = record::new_record("entry_change");
    record.set("entry", change.entry);
    record.set("change", change.what);
    if (!change.key.empty()) {
        record.set("key", change.key);
    }
    record.set_known("from", change.from);
    record.set_known("to", change.to);
    return record;
}

Update update_file(const Text& file, const Text& last_import, const std::vector<Imported>& now) {
    return Updater(file, last_import, now).run();
}

std::vector<Change> update_on_disk(const std::string& path, const Import& import, bool write) {
    const auto beside = path + ".imported";
    auto update = update_file(read_if_there(path), read_if_there(beside), import.entries());
    if (write) {
        base::write_file_atomically(path, update.text);
        base::write_file_atomically(
            beside, file_yaml(import.entries(),
                              "What upstream said at the last import; tow-entries import --update "
                              "reads it. Do not edit."));
    }
    return std::move(update.changes);
}

}  // namespace tow::foreign
