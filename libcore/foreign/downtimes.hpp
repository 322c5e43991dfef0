// Downtimes as registries announce them, and which entries they concern.
#pragma once

#include "base/clock.hpp"
#include "foreign/imports.hpp"
#include "model/entry.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

struct Announcement {
    std::string id;        // of the registry; empty if it gives none
    std::string host;      // empty: not stated; the same for all below
    std::string resource;  // its name in the registry
    std::string site;
    std::string service;               // such as CE; empty: all of them
    std::vector<std::string> entries;  // names or patterns, where the source knows entries
    base::Time from;
    base::Time until;
    std::string severity;  // outage or warning
    std::string reason;
    std::string source;  // topology, gocdb, gwms or calendar
};

struct Announcements {
    std::vector<Announcement> list;
    std::vector<std::string> problems;  // announcements that could not be read, and why
};

// OSG Topology (XML, or YAML of downtimes and of resources, which tell the hosts), GOCDB XML, the
// downtime file of a GlideinWMS factory, or a calendar (RFC 5545): told apart by their content.
// Error{Data} if a text is none of these.
Announcements read_announcements(const std::vector<Text>& texts);

// Adds them to the entries they concern, but for those that ended longer ago than that. Returns how
// many concern none. Hosts decide where both sides name one; then resources; then sites. Storage
// and services like it do not concern pilots.
std::size_t add_downtimes(const Announcements& announcements, base::Time now,
                          std::chrono::seconds past, std::vector<model::Entry>& entries);

// The readers of one format each, for tests.
bool is_compute_service(std::string_view service);
void read_calendar(const Text& text, Announcements& result);
void read_gwms_downtimes(const Text& text, Announcements& result);

}  // namespace tow::foreign
