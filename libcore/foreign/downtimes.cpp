#include "foreign/downtimes.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "config/yaml.hpp"
#include "foreign/values.hpp"
#include "foreign/xml.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace tow::foreign {

namespace {

using config::Node;

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

// "Jun 5, 2016 09:00 +0000", "Jun 05, 2016 09:00 AM UTC"
std::optional<base::Time> topology_time(std::string_view text) {
    std::string words(text);
    std::ranges::replace(words, ',', ' ');
    const auto parts = base::split(words, ' ');
    if (parts.size() < 4) {
        return std::nullopt;
    }
    const auto* month = std::ranges::find(kMonths, base::lower(parts[0].substr(0, 3)));
    const auto day = integer_of(parts[1]).value_or(0);
    const auto clock = base::split(parts[3], ':');
    auto hour = clock.size() < 2 ? -1 : integer_of(clock[0]).value_or(-1);
    if (month == kMonths.end() || day < 1 || hour < 0) {
        return std::nullopt;
    }
    std::string offset = "Z";
    for (std::size_t i = 4; i < parts.size(); ++i) {
        const auto& word = parts[i];
        if (word == "PM" && hour < 12) {
            hour += 12;
        } else if (word == "AM" && hour == 12) {
            hour = 0;
        } else if (word.size() == 5 && (word[0] == '+' || word[0] == '-')) {
            offset = word.substr(0, 3) + ":" + word.substr(3);
        } else if (word != "AM" && word != "PM" && word != "UTC" && word != "GMT") {
            return std::nullopt;
        }
    }
    const auto seconds = clock.size() > 2 ? clock[2] : "00";
    return base::parse_rfc3339(fmt::format("{}-{:02}-{:02}T{:02}:{}:{}{}", parts[2],
                                           month - kMonths.begin() + 1, day, hour, clock[1],
                                           seconds, offset));
}

// Registries have many words; work goes on in an outage that is announced as none.
std::string severity_of(std::string_view word) {
    const auto text = base::lower(word);
    const bool is_warning = text == "warning" || text.find("intermittent") != std::string::npos ||
                            text.find("no significant") != std::string::npos;
    return is_warning ? "warning" : "outage";
}

// One announcement for each service that it names.
void add_for_services(Announcement announcement, const std::vector<std::string>& services,
                      Announcements& result) {
    if (services.empty()) {
        result.list.push_back(std::move(announcement));
        return;
    }
    for (const auto& service : services) {
        announcement.service = service;
        result.list.push_back(announcement);
    }
}

bool set_times(std::optional<base::Time> from, std::optional<base::Time> until,
               const std::string& place, Announcement& announcement, Announcements& result) {
    if (!from || !until || *until <= *from) {
        result.problems.push_back(place + ": expected a beginning and a later end");
        return false;
    }
    announcement.from = *from;
    announcement.until = *until;
    return true;
}

void read_gocdb(const Element& root, const std::string& file, Announcements& result) {
    for (const auto& item : root.children) {
        if (item.name != "DOWNTIME") {
            continue;
        }
        const auto time = [&item](std::string_view tag) -> std::optional<base::Time> {
            constexpr std::int64_t kMost = 253'402'300'799;  // the end of year 9999
            const auto seconds = integer_of(item.child_text(tag));
            return seconds && *seconds >= 0 && *seconds <= kMost
                       ? std::optional{base::Time(std::chrono::seconds(*seconds))}
                       : std::nullopt;
        };
        Announcement announcement;
        announcement.source = "gocdb";
        announcement.id = item.attribute_or("ID", item.attribute_or("PRIMARY_KEY", ""));
        announcement.host = base::lower(item.child_text("HOSTNAME"));
        announcement.site = item.child_text("HOSTED_BY");
        if (announcement.site.empty()) {
            announcement.site = item.child_text("SITENAME");
        }
        announcement.service = item.child_text("SERVICE_TYPE");
        announcement.severity = severity_of(item.child_text("SEVERITY"));
        announcement.reason = item.child_text("DESCRIPTION");
        if (set_times(time("START_DATE"), time("END_DATE"), fmt::format("{}:{}", file, item.line),
                      announcement, result)) {
            result.list.push_back(std::move(announcement));
        }
    }
}

std::vector<std::string> services_of(const Element& downtime) {
    std::vector<std::string> services;
    const auto* list = downtime.child("Services");
    for (const auto& service : list == nullptr ? std::vector<Element>{} : list->children) {
        const auto name = service.child_text("Name");
        services.push_back(name.empty() ? service.text : name);
    }
    return services;
}

void read_topology_item(const Element& item, const std::string& file, Announcements& result) {
    Announcement announcement;
    announcement.source = "topology";
    announcement.id = item.child_text("ID");
    announcement.host = base::lower(item.child_text("ResourceFQDN"));
    announcement.resource = item.child_text("ResourceName");
    if (const auto* group = item.child("ResourceGroup")) {
        announcement.site = group->child_text("GroupName");
    }
    announcement.severity = severity_of(item.child_text("Severity"));
    announcement.reason = item.child_text("Description");
    if (set_times(topology_time(item.child_text("StartTime")),
                  topology_time(item.child_text("EndTime")), fmt::format("{}:{}", file, item.line),
                  announcement, result)) {
        add_for_services(std::move(announcement), services_of(item), result);
    }
}

void read_topology_xml(const Element& root, const std::string& file, Announcements& result) {
    for (const auto& when : root.children) {  // CurrentDowntimes, FutureDowntimes, PastDowntimes
        for (const auto& item : when.children) {
            if (item.name == "Downtime") {
                read_topology_item(item, file, result);
            }
        }
    }
}

std::string text_at(const Node& node, std::string_view key) {
    const auto* found = node.find(key);
    return found != nullptr && found->kind() == Node::Kind::Scalar ? found->string() : "";
}

void read_topology_yaml(const Node& list, Announcements& result) {
    for (const auto& item : list.items()) {
        Announcement announcement;
        announcement.source = "topology";
        announcement.id = text_at(item, "ID");
        announcement.resource = text_at(item, "ResourceName");
        announcement.severity = severity_of(text_at(item, "Severity"));
        announcement.reason = text_at(item, "Description");
        const auto* services = item.find("Services");
        const bool has_services =
            services != nullptr && !services->is_null() && services->kind() != Node::Kind::Map;
        if (set_times(topology_time(text_at(item, "StartTime")),
                      topology_time(text_at(item, "EndTime")), item.origin().text(), announcement,
                      result)) {
            add_for_services(std::move(announcement),
                             has_services ? services->strings() : std::vector<std::string>{},
                             result);
        }
    }
}

using Hosts = std::map<std::string, std::string>;  // by resource

void read_topology_resources(const Node& group, Hosts& hosts) {
    const auto* resources = group.find("Resources");
    for (const auto& [name, resource] :
         resources == nullptr ? std::vector<Node::Field>{} : resources->fields()) {
        hosts[name] = base::lower(text_at(resource, "FQDN"));
    }
}

bool looks_like_lines_of_gwms(std::string_view content) {
    while (!content.empty()) {
        const auto end = content.find('\n');
        const auto line = base::trim(content.substr(0, end));
        if (!line.empty() && line[0] != '#') {
            return line.starts_with("None ") ||
                   (base::is_digit(line[0]) && line.size() > 4 && line[4] == '-');
        }
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    }
    return true;  // nothing but comments: nobody has a downtime
}

void read_text(const Text& text, Announcements& result, Hosts& hosts) {
    const auto content = base::trim(text.content);
    if (content.starts_with("BEGIN:VCALENDAR")) {
        read_calendar(text, result);
    } else if (content.starts_with('<')) {
        const auto root = parse_xml(text.content, text.name);
        if (root.name == "Downtimes") {
            read_topology_xml(root, base::printable(text.name), result);
        } else if (root.name == "results") {
            read_gocdb(root, base::printable(text.name), result);
        } else {
            base::fail(base::Kind::Data, "{}:{}: expected <Downtimes> or <results>, got <{}>",
                       base::printable(text.name), root.line, base::printable(root.name));
        }
    } else if (looks_like_lines_of_gwms(content)) {
        read_gwms_downtimes(text, result);
    } else {
        const auto root = config::parse_yaml(text.content, text.name, config::Duplicates::KeepLast);
        if (root.kind() == Node::Kind::List) {
            read_topology_yaml(root, result);
        } else if (root.find("Resources") != nullptr) {
            read_topology_resources(root, hosts);
        } else {
            base::fail(base::Kind::Data,
                       "{}: no downtimes of Topology, GOCDB, GlideinWMS or a "
                       "calendar",
                       base::printable(text.name));
        }
    }
}

// What an entry is called by those who announce downtimes.
struct Names {
    std::set<std::string> hosts;  // lower case
    std::set<std::string> names;  // of resources and sites
};

Names names_of(const model::Entry& entry) {
    Names result;
    for (const std::string_view key : {"grid_resource", "via", "endpoint"}) {
        const auto* value = entry.target.find(key);
        const auto* text = value == nullptr ? nullptr : value->string();
        // Whatever stands between blanks, slashes, colons and at signs and has a dot in it.
        std::string words = text == nullptr ? "" : base::lower(*text);
        std::ranges::replace_if(
            words, [](char c) { return c == '/' || c == ':' || c == '@'; }, ' ');
        for (const auto& word : base::split(words, ' ')) {
            if (word.find('.') != std::string::npos) {
                result.hosts.insert(word);
            }
        }
    }
    result.names.insert(entry.name);
    for (const auto& name : {entry.site, entry.set}) {
        if (name) {
            result.names.insert(*name);
        }
    }
    for (const std::string_view key : {"GLIDEIN_ResourceName", "GLIDEIN_Site", "GLIDEIN_CMSSite",
                                       "PandaQueue", "PandaRcSite", "PandaSite"}) {
        const auto* value = entry.ad.find(key);
        if (const auto* text = value == nullptr ? nullptr : value->string()) {
            result.names.insert(*text);
        }
    }
    return result;
}

bool concerns(const Announcement& announcement, const Names& names) {
    if (!announcement.entries.empty()) {
        return std::ranges::any_of(announcement.entries, [&names](const auto& pattern) {
            return std::ranges::any_of(names.names, [&pattern](const auto& name) {
                return base::matches_pattern(pattern, name);
            });
        });
    }
    if (!announcement.service.empty() && !is_compute_service(announcement.service)) {
        return false;
    }
    if (!announcement.host.empty() && names.hosts.contains(announcement.host)) {
        return true;
    }
    if (!announcement.resource.empty() && names.names.contains(announcement.resource)) {
        return true;
    }
    // The site's other CE is none of our business, as long as we know which one is ours.
    const bool both_name_hosts = !announcement.host.empty() && !names.hosts.empty();
    return !both_name_hosts && !announcement.site.empty() &&
           names.names.contains(announcement.site);
}

}  // namespace

bool is_compute_service(std::string_view service) {
    constexpr std::array<std::string_view, 11> kWords{"ce",
                                                      "htcondor-ce",
                                                      "arc-ce",
                                                      "cream-ce",
                                                      "org.nordugrid.arex",
                                                      "org.opensciencegrid.htcondorce",
                                                      "execution endpoint",
                                                      "arc",
                                                      "site",
                                                      "eu.egi.cloud.vm-management.openstack",
                                                      "uk.ac.gridpp.vac"};
    return std::ranges::any_of(kWords,
                               [service](auto word) { return base::equal_nocase(word, service); });
}

Announcements read_announcements(const std::vector<Text>& texts) {
    Announcements result;
    Hosts hosts;
    for (const auto& text : texts) {
        try {
            read_text(text, result, hosts);
        } catch (const base::Error& error) {
            const auto kind = error.kind() == base::Kind::Config ? base::Kind::Data : error.kind();
            throw base::Error(kind, error.what(), error.hint());
        }
    }
    for (auto& announcement : result.list) {
        const auto host = hosts.find(announcement.resource);
        if (announcement.host.empty() && host != hosts.end()) {
            announcement.host = host->second;
        }
    }
    return result;
}

std::size_t add_downtimes(const Announcements& announcements, base::Time now,
                          std::chrono::seconds past, std::vector<model::Entry>& entries) {
    std::vector<bool> is_used(announcements.list.size());
    for (auto& entry : entries) {
        const auto names = names_of(entry);
        for (std::size_t i = 0; i < announcements.list.size(); ++i) {
            const auto& announcement = announcements.list[i];
            if (announcement.until + past < now || !concerns(announcement, names)) {
                continue;
            }
            is_used[i] = true;
            const model::Downtime downtime{
                announcement.from, announcement.until, announcement.severity, announcement.reason,
                announcement.source + (announcement.id.empty() ? "" : ":" + announcement.id)};
            // Registries list one downtime once for each service.
            const bool is_known = std::ranges::any_of(entry.downtimes, [&](const auto& other) {
                return other.from == downtime.from && other.until == downtime.until &&
                       other.source == downtime.source && other.reason == downtime.reason;
            });
            if (!is_known) {
                entry.downtimes.push_back(downtime);
            }
        }
        std::ranges::stable_sort(entry.downtimes, {}, &model::Downtime::from);
    }
    std::size_t unused = 0;
    for (std::size_t i = 0; i < is_used.size(); ++i) {
        unused += !is_used[i] && announcements.list[i].until + past >= now ? 1 : 0;
    }
    return unused;
}

}  // namespace tow::foreign
