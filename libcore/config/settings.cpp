#include "config/settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/yaml.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace tow::config {

namespace {

constexpr std::array kSettings{
    Setting{"entries", Type::Texts, "",
            "files or folders of entries, relative to the file that names them"},
    Setting{"factory", Type::Text, "",
            "name that pilots carry in the batch systems, by which they are found again; no two "
            "factories may share one; named after machine and state directory if it is not set"},
    Setting{"pilots.pools", Type::Texts, "",
            "HTCondor collectors that pilots report to, asked for their slots"},
    Setting{"batch.patience", Type::Duration, "60s",
            "how long one command to a batch system may take"},
    Setting{"batch.ssh_config", Type::Texts, "",
            "configuration file for ssh, relative to the file that names it; ssh's own if it is "
            "not set"},
    Setting{"held.release", Type::Texts, "",
            "hold codes (HTCondor's numbers) of pilots that tow-held releases"},
    Setting{"held.remove", Type::Texts, "", "hold codes of pilots that tow-held removes"},
    Setting{"held.max_release", Type::Integer, "20", "pilots that one run of tow-held releases"},
    Setting{"held.max_remove", Type::Integer, "5", "pilots that one run of tow-held removes"},
    Setting{"jobs.schedds", Type::Texts, "",
            "names of the HTCondor schedds to ask, or \"all\"; none: the local one"},
    Setting{"jobs.max_stale", Type::Duration, "",
            "how old an answer may be that stands for a source which fails; none: it is not used"},
    Setting{"jobs.pool", Type::Text, "", "HTCondor collector to find the schedds with"},
    Setting{"jobs.constraint", Type::Expression, "",
            "ClassAd expression that a job must satisfy to be counted"},
    Setting{"jobs.group_by", Type::Texts, "",
            "further job attributes that tell groups apart and that entries may look at"},
    Setting{"jobs.walltime", Type::Expression, "",
            "ClassAd expression for the wall time a job needs, in seconds"},
    Setting{"metrics.targets", Type::Texts, "",
            "files of targets that tow-metrics publishes to, relative to the file that names them"},
    Setting{"metrics.mapping", Type::Texts, "",
            "files of metrics besides those built in, relative to the file that names them"},
    Setting{"plan.policy", Type::Texts, "",
            "the file of the policy, relative to the file that names it"},
    Setting{"plan.max_pilots", Type::Integer, "",
            "pilots of all entries together, pending and running"},
    Setting{"plan.max_pending", Type::Integer, "", "pending pilots of all entries together"},
    Setting{"plan.max_submit", Type::Integer, "", "pilots one plan may send, all entries together"},
    Setting{"plan.max_age", Type::Duration, "15m",
            "an observation older than this counts as a gap"},
    Setting{"plan.valid_for", Type::Duration, "10m",
            "a request is refused when it is older than this"},
    Setting{"plan.remove", Type::Choice, "none", "which surplus pilots a plan may take back",
            "none unsubmitted pending idle"},
    Setting{"plan.max_remove", Type::Integer, "10", "pilots one plan may take back per entry"},
};

bool is_section(std::string_view path) {
    return std::ranges::any_of(kSettings, [path](const Setting& setting) {
        return setting.key.size() > path.size() && setting.key.starts_with(path) &&
               setting.key[path.size()] == '.';
    });
}

void check_value(const Setting& setting, const Node& node) {
    switch (setting.type) {
        case Type::Integer:
            if (node.integer() < 0) {
                node.expected("an integer of at least 0");
            }
            break;
        case Type::Boolean:
            node.boolean();
            break;
        case Type::Duration:
            node.duration();
            break;
        case Type::Texts:
            node.strings();
            break;
        case Type::Choice: {
            const auto choices = base::split(setting.choices, ' ');
            if (std::ranges::find(choices, node.string()) == choices.end()) {
                node.expected("one of " + base::join(choices, ", "));
            }
            break;
        }
        case Type::Text:
        case Type::Expression:
            node.string();
            break;
    }
}

// Every key is a setting or leads to one.
void check(const Node& map) {
    MapReader reader(map);
    const auto prefix = map.path().empty() ? "" : map.path() + ".";
    for (const auto& setting : kSettings) {
        if (!setting.key.starts_with(prefix)) {
            continue;
        }
        const auto rest = setting.key.substr(prefix.size());
        const auto* node = reader.get(rest.substr(0, rest.find('.')));
        if (node != nullptr && node->path() == setting.key) {
            check_value(setting, *node);
        }
    }
    reader.finish();
    for (const auto& field : map.fields()) {
        if (is_section(field.value.path())) {
            check(field.value);
        }
    }
}

const Setting& setting_of(std::string_view key) {
    const auto* setting = std::ranges::find(kSettings, key, &Setting::key);
    if (setting == kSettings.end()) {
        base::fail(base::Kind::Internal, "no setting \"{}\" is declared", key);
    }
    return *setting;
}

}  // namespace

std::span<const Setting> all_settings() noexcept {
    return kSettings;
}

Settings Settings::read(const std::vector<std::string>& files) {
    Settings settings;
    settings.files_ = files;
    settings.root_ = Node(Node::Kind::Map, {});
    for (const auto& file : files) {
        auto node = read_yaml(file);
        check(node);
        settings.root_.merge(std::move(node));
    }
    return settings;
}

const Node* Settings::find(std::string_view key) const noexcept {
    const Node* node = &root_;
    while (node != nullptr && !key.empty()) {
        const auto end = std::min(key.find('.'), key.size());
        node = node->find(key.substr(0, end));
        key.remove_prefix(std::min(end + 1, key.size()));
    }
    return node == nullptr || node->is_null() ? nullptr : node;
}

std::optional<std::string> Settings::text(std::string_view key) const {
    const auto& setting = setting_of(key);
    if (const auto* node = find(key)) {
        return node->kind() == Node::Kind::List ? base::join(node->strings(), ",") : node->string();
    }
    return setting.fallback.empty() ? std::nullopt : std::optional{std::string(setting.fallback)};
}

std::vector<std::string> Settings::texts(std::string_view key) const {
    setting_of(key);
    const auto* node = find(key);
    return node == nullptr ? std::vector<std::string>{} : node->strings();
}

record::Value Settings::value(std::string_view key) const {
    if (const auto* node = find(key)) {
        return node->value();
    }
    Node fallback(Node::Kind::Scalar, {});
    fallback.set_scalar(std::string(setting_of(key).fallback), false);
    return fallback.value();
}

std::vector<std::string> Settings::paths(std::string_view key) const {
    const auto file = origin(key).file;
    const auto folder =
        file == nullptr ? std::filesystem::path{} : std::filesystem::path(*file).parent_path();
    std::vector<std::string> result;
    for (const auto& path : texts(key)) {
        result.push_back((folder / path).string());  // an absolute path stays as it is
    }
    return result;
}

Origin Settings::origin(std::string_view key) const {
    const auto* node = find(key);
    return node == nullptr ? Origin{} : node->origin();
}

}  // namespace tow::config
