// The sites of COBalD/TARDIS: YAML, a list of sites, and for each the machine types it has. An
// entry is one machine type at one site.
#include "base/text.hpp"
#include "config/yaml.hpp"
#include "foreign/imports.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

using config::Node;

constexpr std::array<std::string_view, 7> kReadOfSite{"MachineTypes",    "MachineTypeConfiguration",
                                                      "MachineMetaData", "executor",
                                                      "StatusUpdate",    "max_age",
                                                      "StartupCommand"};

constexpr std::array<std::string_view, 5> kReadOfMachine{"Walltime", "Partition", "StartupCommand",
                                                         "SubmitOptions", "jdl"};

constexpr std::array<std::string_view, 8> kSecrets{
    "api_key", "api_secret", "password", "secret", "token", "api_token", "username", "client_keys"};

// sbatch options that an entry of ours has a key for.
struct Option {
    std::string_view name;
    std::string_view letter;
    std::string_view key;
};

constexpr std::array<Option, 7> kOptions{{{"account", "A", "account"},
                                          {"constraint", "C", "constraint"},
                                          {"partition", "p", "partition"},
                                          {"qos", "q", "qos"},
                                          {"reservation", "", "reservation"},
                                          {"clusters", "M", "cluster"},
                                          {"gres", "", "gres"}}};

const Node* at(const Node* node, std::string_view key) {
    const auto* found = node == nullptr ? nullptr : node->find(key);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_of(const Node* node) {
    return node != nullptr && node->kind() == Node::Kind::Scalar ? node->string() : "";
}

std::string text_at(const Node* node, std::string_view key) {
    return text_of(at(node, key));
}

Origin origin_of(const Node& node) {
    return {node.origin().file == nullptr ? "" : *node.origin().file, node.origin().line};
}

class Site {
  public:
    Site(const Node& site, const Node& root, Import& import)
        : site_(site), import_(import), name_(text_at(&site, "name")), own_(at(&root, name_)) {}

    void add() {
        const auto* types = at(own_, "MachineTypes");
        if (name_.empty() || types == nullptr || types->kind() != Node::Kind::List) {
            Noter(import_, name_, origin_of(site_))
                .dropped("a site without machine types", "there is nothing to send pilots to");
            return;
        }
        for (const auto& type : types->items()) {
            add_machine(type, types->items().size());
        }
    }

  private:
    void add_machine(const Node& type, std::size_t types) {
        const auto machine = text_of(&type);
        model::Entry entry;
        entry.name = name_ + "_" + machine;
        entry.site = name_;
        const Noter noter(import_, entry.name, origin_of(type));
        read_shape(at(at(own_, "MachineMetaData"), machine), entry, noter);
        read_quota(types, entry, noter);
        const auto* configuration = at(at(own_, "MachineTypeConfiguration"), machine);
        read_target(configuration, entry, noter);
        note_what_is_left(configuration, noter);
        import_.add({std::move(entry), origin_of(type), ""});
    }

    static void read_shape(const Node* data, model::Entry& entry, const Noter& noter) {
        const auto number = [data](std::string_view key) { return real_of(text_at(data, key)); };
        const auto gibibytes = [&](std::string_view key) -> std::optional<std::int64_t> {
            constexpr double kMost = 1e9;
            const auto size = number(key);
            return size && *size > 0 && *size < kMost
                       ? std::optional{static_cast<std::int64_t>(*size * static_cast<double>(kGiB))}
                       : std::nullopt;
        };
        entry.pilot.cpus = positive_of(record::Value(text_at(data, "Cores"))).value_or(1);
        entry.pilot.disk_bytes = gibibytes("Disk");
        entry.pilot.memory_bytes = gibibytes("Memory").value_or(times(2 * kGiB, entry.pilot.cpus));
        if (!gibibytes("Memory")) {
            noter.assumed("pilot.memory of 2 GiB a core", "MachineMetaData states no Memory");
        }
    }

    // The quota is in cores and of the site; below zero there is none.
    void read_quota(std::size_t types, model::Entry& entry, const Noter& noter) const {
        const auto quota = integer_of(text_at(&site_, "quota"));
        if (quota && *quota >= 0) {
            entry.limits.max_pilots = *quota / entry.pilot.cpus;
            if (types > 1) {
                noter.assumed("limits.max_pilots from the whole quota of the site",
                              "its machine types share the quota; a cap of policy can say that");
            }
        }
        if (at(&site_, "drone_minimum_lifetime") != nullptr) {
            noter.dropped("drone_minimum_lifetime", "when pilots go is a matter of policy");
        }
    }

    void read_target(const Node* configuration, model::Entry& entry, const Noter& noter) const {
        const auto adapter = base::lower(text_at(&site_, "adapter"));
        if (adapter == "slurm") {
            entry.backend = "slurm";
            read_slurm(configuration, entry, noter);
        } else if (adapter == "htcondor") {
            entry.backend = "condor";
            entry.target.set("universe", "vanilla");
            noter.dropped("jdl", "the submit file is not here; write target.argv and submit");
        } else {
            entry.backend = adapter.empty() ? "unknown" : adapter;
            entry.state = model::EntryState::Disabled;
            noter.assumed("state: disabled", "there is no backend for the adapter " + adapter);
        }
        if (const auto walltime = batch_duration(text_at(configuration, "Walltime"))) {
            entry.pilot.walltime = *walltime;
        }
        const auto* executor = at(own_, "executor");
        if (const auto host = text_at(executor, "host"); !host.empty()) {
            const auto user = text_at(executor, "username");
            const auto port = text_at(executor, "port");
            entry.target.set("via", fmt::format("ssh://{}{}{}{}{}", user, user.empty() ? "" : "@",
                                                host, port.empty() ? "" : ":", port));
            noter.dropped("keys of the executor", "ssh(1) finds its keys in its own configuration");
        }
    }

    void read_slurm(const Node* configuration, model::Entry& entry, const Noter& noter) const {
        if (const auto partition = text_at(configuration, "Partition"); !partition.empty()) {
            entry.target.set("partition", partition);
        }
        auto command = text_at(configuration, "StartupCommand");
        if (command.empty()) {
            command = text_at(own_, "StartupCommand");
        }
        if (command.find_first_of("'\"\\$`|;&<>") != std::string::npos) {
            noter.suspect("shell syntax in StartupCommand", "it is split at blanks here");
        }
        record::Array argv;
        for (const auto& word : base::split(command, ' ')) {
            argv.emplace_back(word);
        }
        if (!argv.empty()) {
            entry.target.set("argv", argv);
        }
        const auto* options = at(configuration, "SubmitOptions");
        record::Array others;
        read_options(at(options, "long"), true, entry, others);
        read_options(at(options, "short"), false, entry, others);
        if (!others.empty()) {
            entry.target.set("options", others);
        }
    }

    static void read_options(const Node* options, bool is_long, model::Entry& entry,
                             record::Array& others) {
        for (const auto& [name, node] :
             options == nullptr ? std::vector<Node::Field>{} : options->fields()) {
            const auto value = text_of(&node);
            const auto* known =
                std::ranges::find_if(kOptions, [&, &key = name](const auto& option) {
                    return key == (is_long ? option.name : option.letter);
                });
            if (known != kOptions.end()) {
                entry.target.set(known->key, value);
            } else if (is_long) {
                others.emplace_back(fmt::format("--{}{}{}", name, value.empty() ? "" : "=", value));
            } else {
                others.emplace_back(fmt::format("-{}{}", name, value));
            }
        }
    }

    void note_what_is_left(const Node* configuration, const Noter& noter) const {
        const auto left = [&noter](const Node* node, const auto& read) {
            for (const auto& [key, value] :
                 node == nullptr ? std::vector<Node::Field>{} : node->fields()) {
                if (std::ranges::find(kSecrets, key) != kSecrets.end()) {
                    noter.dropped("credentials", "they do not belong into an entry");
                } else if (std::ranges::find(read, key) == read.end()) {
                    noter.dropped("keys", "they are the adapter's own", key);
                }
            }
        };
        left(own_, kReadOfSite);
        left(configuration, kReadOfMachine);
    }

    const Node& site_;
    Import& import_;
    std::string name_;
    const Node* own_;  // the map of the site's name; null if there is none
};

}  // namespace

void read_tardis(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        const auto root = config::parse_yaml(text.content, text.name, config::Duplicates::KeepLast);
        const auto* inner = at(&root, "tardis");  // the daemon's own file has all of it below
        const auto& top = inner == nullptr ? root : *inner;
        const auto* sites = at(&top, "Sites");
        if (sites == nullptr || sites->kind() != Node::Kind::List) {
            base::fail(base::Kind::Data, "{}: there is no list of Sites", text.name);
        }
        for (const auto& site : sites->items()) {
            Site(site, top, import).add();
        }
    }
}

}  // namespace tow::foreign
