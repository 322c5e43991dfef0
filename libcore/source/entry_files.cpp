#include "source/entry_files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "config/yaml.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace tow::source {

namespace {

using config::MapReader;
using config::Node;

std::vector<std::string> files_of(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code none;
    if (!fs::is_directory(path, none)) {
        return {path};
    }
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(path, none)) {
        if (file.path().extension() == ".yaml") {
            files.push_back(file.path().string());
        }
    }
    std::ranges::sort(files);
    return files;
}

// Paths stand in complaints only: they are set when there is one.
template <class Read>
void with_paths(Node& node, const std::string& path, Read read) {
    try {
        read(node);
    } catch (const base::Error&) {
        node.set_path(path);
        read(node);
    }
}

struct File {
    Node defaults;
    Node entries;
};

class Files {
  public:
    void add(Node root) {
        with_paths(root, "", [](const Node& node) {
            MapReader reader(node);
            for (const std::string_view key : {"defaults", "groups", "entries"}) {
                const auto* map = reader.get(key);
                if (map != nullptr && map->kind() != Node::Kind::Map) {
                    map->expected("a map");
                }
            }
            reader.finish();
        });
        const auto groups = root.take("groups");
        for (const auto& [name, group] : groups.fields()) {
            const auto [place, is_first] = groups_.emplace(name, group);
            if (!is_first) {
                group.reject(
                    fmt::format("the group stands in {} as well", place->second.origin().text()));
            }
        }
        files_.push_back({root.take("defaults"), root.take("entries")});
    }

    std::vector<WrittenEntry> entries() {
        std::vector<WrittenEntry> result;
        std::map<std::string, config::Origin> places;
        for (auto& file : files_) {
            std::vector<std::string> names;
            std::ranges::transform(file.entries.fields(), std::back_inserter(names),
                                   &Node::Field::key);
            for (std::size_t i = 0; i < names.size(); ++i) {
                auto own = file.entries.take_at(i);
                const auto origin = own.origin();
                const auto [place, is_first] = places.emplace(names[i], origin);
                if (!is_first) {
                    base::fail(base::Kind::Config, "{}: entry {} stands in {} as well",
                               origin.text(), base::printable(names[i]), place->second.text());
                }
                result.push_back({names[i], merged(file.defaults, std::move(own)), origin});
            }
        }
        return result;
    }

  private:
    static constexpr int kMaxDepth = 16;

    // Defaults, then groups from the first to the last, then the entry's own.
    Node merged(const Node& defaults, Node own) const {
        const auto* groups = own.find("group");
        if (groups == nullptr) {
            groups = defaults.find("group");
        }
        Node result = defaults.is_null() ? Node(Node::Kind::Map, own.origin()) : defaults;
        if (groups != nullptr && !groups->is_null()) {
            apply_groups(*groups, 0, result);
        }
        if (!own.is_null()) {
            result.merge(std::move(own));
        }
        return result;
    }

    void apply_groups(const Node& names, int depth, Node& result) const {
        for (const auto& name : names.strings()) {
            const auto group = groups_.find(name);
            if (group == groups_.end()) {
                std::vector<std::string> known;
                for (const auto& [other, node] : groups_) {
                    known.push_back(other);
                }
                const auto guess = base::nearest(name, known);
                throw base::Error(base::Kind::Config,
                                  fmt::format("{}: there is no group \"{}\"", names.origin().text(),
                                              base::printable(name)),
                                  guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
            }
            if (depth == kMaxDepth) {
                names.reject("groups of groups, more than 16 deep: do they go round in a circle?");
            }
            if (const auto* parents = group->second.find("group")) {
                apply_groups(*parents, depth + 1, result);
            }
            result.merge(group->second);
        }
    }

    std::map<std::string, Node> groups_;
    std::vector<File> files_;
};

void write_fields(const Node& node, std::size_t indent, bool with_origins, std::string& out) {
    for (const auto& [key, value] : node.fields()) {
        std::string line(indent, ' ');
        line += base::printable(key) + ':';
        const bool is_map = value.kind() == Node::Kind::Map && !value.fields().empty();
        if (!is_map) {
            line += ' ' + record::to_json(value.value());
        }
        if (with_origins) {
            constexpr std::size_t kColumn = 48;
            line.resize(std::max(line.size() + 2, kColumn), ' ');
            line += "# " + value.origin().text();
        }
        out += line + '\n';
        if (is_map) {
            write_fields(value, indent + 2, with_origins, out);
        }
    }
}

}  // namespace

std::vector<WrittenEntry> written_entries(const std::vector<std::string>& paths) {
    Files files;
    for (const auto& path : paths) {
        for (const auto& file : files_of(path)) {
            files.add(config::read_yaml_without_paths(file));
        }
    }
    return files.entries();
}

std::vector<WrittenEntry> parse_written_entries(std::string_view yaml, const std::string& name) {
    return blame_stream({std::make_shared<std::string>(name), 1}, [&] {
        Files files;
        files.add(config::parse_yaml_without_paths(yaml, name));
        return files.entries();
    });
}

std::string place_of(const WrittenEntry& entry, std::string_view key) {
    const auto* node = &entry.node;
    auto origin = entry.origin;
    while (!key.empty()) {
        // A key may itself have dots in it: the longest one that is there counts.
        const Node* next = nullptr;
        std::size_t length = key.size();
        for (; length != 0 && next == nullptr;) {
            next = node->find(key.substr(0, length));
            if (next == nullptr) {
                const auto dot = key.substr(0, length).rfind('.');
                length = dot == std::string_view::npos ? 0 : dot;
            }
        }
        if (next == nullptr) {
            break;
        }
        node = next;
        origin = node->origin();
        key.remove_prefix(std::min(length + 1, key.size()));
    }
    return origin.text();
}

std::string as_written(const WrittenEntry& entry, bool with_origins) {
    auto out = base::printable(entry.name) + ":\n";
    write_fields(entry.node, 2, with_origins, out);
    return out;
}

const WrittenEntry& entry_named(const std::vector<WrittenEntry>& entries, const std::string& name) {
    const auto found = std::ranges::find(entries, name, &WrittenEntry::name);
    if (found != entries.end()) {
        return *found;
    }
    std::vector<std::string> names;
    std::ranges::transform(entries, std::back_inserter(names), &WrittenEntry::name);
    const auto guess = base::nearest(name, names);
    throw base::Error(base::Kind::NotFound,
                      fmt::format("there is no entry {}", base::printable(name)),
                      guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
}

}  // namespace tow::source
