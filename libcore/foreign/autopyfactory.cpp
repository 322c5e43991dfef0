// The queues of AutoPyFactory: INI, a section for each.
#include "base/text.hpp"
#include "foreign/asked.hpp"
#include "foreign/imports.hpp"
#include "foreign/ini.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

constexpr std::int64_t kAssumedMegabytes = 2000;  // a core

// What of a queue says nothing about where pilots go, by the beginnings of its keys.
constexpr std::array<std::string_view, 12> kElsewhere{
    "cleanlogs.", "wmsstatus", "batchstatus", "monitorsection", "apfqueue.",    "sched",
    "grid",       "vo",        "override",    "autofill",       "configplugin", "executable"};

class Queue {
  public:
    Queue(const IniSection& section, const std::string& file, Import& import)
        : section_(section),
          noter_(import, section.name, {file, section.line}),
          import_(import),
          plugin_(base::lower(section.get("batchsubmitplugin"))) {
        // The plug-in CondorBosco reads the keys of CondorSSH.
        prefix_ = "batchsubmit." + (plugin_ == "condorbosco" ? "condorssh" : plugin_) + ".";
    }

    void add(const std::vector<std::string>& parents) {
        entry_.name = section_.name;
        entry_.tags = parents;
        if (const auto cloud = section_.get("cloud"); !cloud.empty()) {
            entry_.tags.push_back(cloud);
        }
        if (const auto site = section_.get("wmsqueue"); !site.empty()) {
            entry_.site = site;
        }
        entry_.ad.set("MATCH_APF_QUEUE", section_.name);
        const bool is_on = truth_of(section_.get("enabled")) != false &&
                           !base::equal_nocase(section_.get("status"), "offline");
        entry_.state = is_on ? model::EntryState::InService : model::EntryState::Disabled;
        read_target();
        read_attributes();
        read_command();
        read_limits();
        read_shape();
        note_what_is_left();
        import_.add({std::move(entry_), noter_.origin(), ""});
    }

  private:
    // Of the plug-in; "None" is APF's word for nothing.
    std::string own(std::string_view key) const {
        auto value = section_.get(prefix_ + std::string(key));
        return base::equal_nocase(value, "none") ? "" : value;
    }

    void grid(std::string resource) {
        entry_.target.set("universe", "grid");
        entry_.target.set("grid_resource", std::move(resource));
    }

    void read_target() {
        entry_.backend = "condor";
        const auto resource = own("gridresource");
        if (plugin_ == "condorosgce") {
            const auto host = resource.substr(0, resource.find(':'));
            const auto port = own("port");
            grid(resource.find(':') != std::string::npos
                     ? fmt::format("condor {} {}", host, resource)
                     : fmt::format("condor {} {}:{}", host, host, port.empty() ? "9619" : port));
        } else if (plugin_ == "condorgt2" || plugin_ == "condorgt5" || plugin_ == "condorec2" ||
                   plugin_ == "condornordugrid") {
            grid(fmt::format("{} {}", plugin_.substr(std::string_view("condor").size()), resource));
        } else if (plugin_ == "condorcream") {
            const auto port = own("port");
            grid(fmt::format("cream {}:{}/ce-cream/services/CREAM2 {} {}", own("webservice"),
                             port.empty() ? "8443" : port, own("batch"), own("queue")));
        } else if (plugin_ == "condorssh" || plugin_ == "condorbosco") {
            grid(fmt::format("batch {} {}@{}", own("batch"), own("user"), own("host")));
        } else if (plugin_ == "condorlsf" || plugin_ == "condorpbs") {
            grid("batch " + plugin_.substr(std::string_view("condor").size()));
        } else if (plugin_ == "condorlocal") {
            entry_.target.set("universe", "vanilla");
        } else if (plugin_ == "exec") {
            entry_.backend = "local";
        } else {
            entry_.backend = plugin_;
            entry_.state = model::EntryState::Disabled;
            noter_.assumed("state: disabled", "there is no backend for the plug-in " + plugin_);
        }
    }

    // Lines of a submit file, separated by commas that are not inside of quotes or parentheses.
    static std::vector<std::string> split_lines(std::string_view text) {
        std::vector<std::string> lines(1);
        int depth = 0;
        bool quoted = false;
        for (const char c : text) {
            quoted = quoted != (c == '"');
            depth += quoted ? 0 : (c == '(' ? 1 : 0) - (c == ')' ? 1 : 0);
            if ((c == ',' && depth <= 0 && !quoted) || c == '\n') {
                lines.emplace_back();
            } else {
                lines.back() += c;
            }
        }
        return lines;
    }

    void read_attributes() {
        for (const auto& line : split_lines(own("condor_attributes"))) {
            const auto separator = line.find('=');
            if (separator != std::string::npos) {
                read_attribute(std::string(base::trim(line.substr(0, separator))),
                               std::string(base::trim(line.substr(separator + 1))));
            }
        }
        const auto prefix = prefix_ + "condor_attributes.";
        for (const auto& option : section_.options) {
            if (option.first.starts_with(prefix)) {
                read_attribute(option.first.substr(prefix.size()), section_.get(option.first));
            }
        }
        if (plugin_ == "condorec2") {
            for (const std::string_view key : {"ami_id", "instance_type", "spot_price"}) {
                if (const auto value = own(key); !value.empty()) {
                    submit_.set("ec2_" + std::string(key), value);
                }
            }
        }
        if (const auto queue = own("queue"); !queue.empty() && plugin_ != "condorcream") {
            submit_.set("batch_queue", queue);
        }
        set_target("attributes", attributes_);
        set_target("attribute_exprs", expressions_);
        set_target("submit", submit_);
        record::Object environment;
        for (const auto& setting : base::split(own("environ"), ' ')) {
            const auto separator = setting.find('=');
            if (separator != std::string::npos) {
                environment.set(setting.substr(0, separator), setting.substr(separator + 1));
            }
        }
        set_target("environment", environment);
    }

    void set_target(std::string_view key, const record::Object& object) {
        if (!object.empty()) {
            entry_.target.set(key, object);
        }
    }

    void read_attribute(const std::string& name, const std::string& value) {
        if (base::equal_nocase(name, "requirements")) {
            entry_.target.set("requirements", value);
        } else if (!name.starts_with('+')) {
            submit_.set(name, value);
        } else if (!set_ad_text(name.substr(1), value, attributes_, expressions_)) {
            noter_.dropped("attributes", "their values are no ClassAd expressions",
                           name + " = " + value);
        }
    }

    void read_command() {
        const auto executable = section_.get("executable");
        if (executable.empty() || base::equal_nocase(executable, "none")) {
            return;
        }
        record::Array argv{executable};
        const auto arguments = section_.get("executable.arguments");
        if (arguments.find_first_of("'\"\\$`") != std::string::npos) {
            noter_.suspect("quotes in executable.arguments", "arguments are split at blanks here");
        }
        for (const auto& line : base::split(arguments, '\n')) {
            for (const auto& argument : base::split(line, ' ')) {
                argv.emplace_back(argument);
            }
        }
        entry_.target.set("argv", argv);
    }

    std::optional<std::int64_t> limit(std::string_view plugin, std::string_view key) const {
        const auto chain = base::split(base::lower(section_.get("schedplugin")), ',');
        if (std::ranges::find(chain, plugin) == chain.end()) {
            return std::nullopt;
        }
        const auto number = integer_of(section_.get(fmt::format("sched.{}.{}", plugin, key)));
        return number && *number >= 0 ? number : std::nullopt;
    }

    void read_limits() {
        auto& limits = entry_.limits;
        const auto first = [this](std::initializer_list<std::array<std::string_view, 2>> keys) {
            std::optional<std::int64_t> least;
            for (const auto& [plugin, key] : keys) {
                const auto number = limit(plugin, key);
                least = number && (!least || *number < *least) ? number : least;
            }
            return least;
        };
        limits.max_pilots = first({{"maxtorun", "maximum"},
                                   {"keepnrunning", "keep_running"},
                                   {"simplenqueue", "pilotlimit"}});
        limits.max_pending = first({{"maxpending", "maximum"},
                                    {"activated", "max_pilots_pending"},
                                    {"simple", "maxpendingpilots"},
                                    {"simplenqueue", "nqueue"}});
        limits.max_submit = first({{"maxpercycle", "maximum"},
                                   {"activated", "max_pilots_per_cycle"},
                                   {"simple", "maxpilotspercycle"},
                                   {"simplenqueue", "maxpilotspercycle"},
                                   {"fixed", "pilotspercycle"}});
    }

    void read_shape() {
        const auto asked = asked_of(entry_);
        const auto cpus = target_text(entry_, "submit", "request_cpus");
        const auto memory = target_text(entry_, "submit", "request_memory");
        const auto stated = cpus ? positive_of(record::Value(*cpus)) : std::nullopt;
        entry_.pilot.cpus = asked.cpus ? asked.cpus->value : stated.value_or(1);
        const auto bytes = memory ? condor_size(*memory, kMiB) : std::nullopt;
        if (asked.memory_bytes || bytes) {
            entry_.pilot.memory_bytes = asked.memory_bytes ? asked.memory_bytes->value : *bytes;
        } else {
            entry_.pilot.memory_bytes = times(times(kAssumedMegabytes, kMiB), entry_.pilot.cpus);
            noter_.assumed(fmt::format("pilot.memory of {} MB a core", kAssumedMegabytes),
                           "the queue asks for none");
        }
        if (asked.walltime) {
            entry_.pilot.walltime = asked.walltime->value;
        }
    }

    void note_what_is_left() const {
        if (const auto proxy = own("proxy"); !proxy.empty()) {
            noter_.dropped("proxy profiles", "name the file in target.credentials.proxy");
        }
        for (const auto& option : section_.options) {
            const auto& key = option.first;
            const bool is_elsewhere = std::ranges::any_of(
                kElsewhere, [&key](auto prefix) { return key.starts_with(prefix); });
            if (is_elsewhere && !key.starts_with("executable")) {
                noter_.dropped("keys", "how many pilots are sent when is a matter of policy", key);
            } else if (key.starts_with("nordugridrsl.") || key.starts_with("globusrsl.")) {
                noter_.dropped("keys", "HTCondor has no such grid type any more", key);
            }
        }
    }

    const IniSection& section_;
    Noter noter_;
    Import& import_;
    std::string plugin_;
    std::string prefix_;
    model::Entry entry_;
    record::Object attributes_;
    record::Object expressions_;
    record::Object submit_;
};

// Queues that spread pilots over others name those.
std::vector<std::string> parents_of(const IniSection& section,
                                    const std::vector<IniSection>& sections) {
    std::vector<std::string> parents;
    for (const auto& other : sections) {
        const auto children = base::split(other.get("childlist"), ',');
        if (std::ranges::find(children, section.name) != children.end()) {
            parents.push_back(other.name);
        }
    }
    return parents;
}

void read_section(const IniSection& section, const std::vector<IniSection>& sections,
                  const std::string& file, Import& import) {
    const Noter noter(import, section.name, {file, section.line});
    const bool is_node =
        section.has("klass") && section.get("klass").find("Submit") == std::string::npos;
    if (is_node || section.get("batchsubmitplugin").empty()) {
        noter.dropped("a section that submits nothing",
                      is_node ? "what it spreads over its children is a matter of policy"
                              : "it names no batchsubmitplugin");
        return;
    }
    Queue(section, file, import).add(parents_of(section, sections));
}

}  // namespace

void read_autopyfactory(const std::vector<Text>& texts, Import& import) {
    for (const auto& text : texts) {
        const auto sections = parse_ini(text.content, text.name);
        for (const auto& section : sections) {
            try {
                read_section(section, sections, text.name, import);
            } catch (const base::Error& error) {
                const Noter noter(import, section.name, {text.name, section.line});
                noter.suspect("a queue that cannot be read", "it is left out", error.what());
            }
        }
    }
}

}  // namespace tow::foreign
