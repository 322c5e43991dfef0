// Where metrics go: one monitoring system each, with its own deadline and spool.
#pragma once

#include "config/node.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::publish {

enum class Protocol {
    Textfile,
    Pushgateway,
    RemoteWrite,
    Graphite,
    GraphitePickle,
    Statsd,
    Influx,
    OpenSearch,
    Json,
    Collector,
    ApfMon,
};

struct Target {
    std::string name;  // in messages, and of its spool
    Protocol protocol = Protocol::Textfile;
    std::string address;                       // URL, HOST:PORT, path, or collector
    std::string prefix = "aerotow";            // of Graphite and StatsD; index, factory, job
    std::optional<std::string> authorization;  // the header of this name, whole
    std::chrono::milliseconds deadline{10'000};
    std::int64_t spool_bytes = std::int64_t{64} << 20;
    std::vector<std::string> only;  // patterns of names of metrics; none: all

    bool is_http() const noexcept;
    // What is told is how things are now: what was told before and did not arrive is of no use.
    bool is_state_only() const noexcept;
};

std::string_view protocol_name(Protocol protocol) noexcept;
std::vector<std::string> protocol_names();

// "graphite:host:2003", with defaults for all else. Error{Usage}; a URL with a password is one.
Target parse_target(std::string_view text);

// These targets, and those of the files, described in tow-metrics(5). Error{Config};
// Error{Permission} for a file of a secret that others may read.
std::vector<Target> read_targets(const std::vector<std::string>& texts,
                                 const std::vector<std::string>& files);
std::vector<Target> parse_targets(const config::Node& root);

}  // namespace tow::publish
