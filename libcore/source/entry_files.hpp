// Files of entries as they are written: what each entry says with its defaults and groups, every
// value with the place it comes from.
//
//   defaults: {backend: condor, limits: {max_pending: 20}}       of this file
//   groups:
//     fat: {pilot: {cpus: 64, memory: 256 GiB}}                  of all files
//   entries:
//     T2_XX_Somewhere: {group: fat, site: T2_XX}
#pragma once

#include "base/error.hpp"
#include "config/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

struct WrittenEntry {
    std::string name;
    config::Node node;      // merged; without paths
    config::Origin origin;  // of the entry itself
};

// These files, and the *.yaml files of these folders, in order of name. Error{Config} with file and
// line for a name that stands twice, or a group that does not exist.
std::vector<WrittenEntry> written_entries(const std::vector<std::string>& paths);

// The same for one text; name stands in messages.
std::vector<WrittenEntry> parse_written_entries(std::string_view yaml, const std::string& name);

// Runs read(). What is wrong in a stream ("-") is wrong data; in a file it is wrong configuration.
template <class Read>
auto blame_stream(const config::Origin& origin, Read read) {
    try {
        return read();
    } catch (const base::Error& error) {
        const bool is_stream = origin.file != nullptr && *origin.file == "-";
        const bool is_data = is_stream && error.kind() == base::Kind::Config;
        throw base::Error(is_data ? base::Kind::Data : error.kind(), error.what(), error.hint());
    }
}

// The place of a key of the entry, "file:line"; of the nearest map around it if it is not written.
std::string place_of(const WrittenEntry& entry, std::string_view key);

// The entry as YAML, with its defaults and groups; with origins, each line ends with its place.
std::string as_written(const WrittenEntry& entry, bool with_origins);

// Error{NotFound}, with a suggestion.
const WrittenEntry& entry_named(const std::vector<WrittenEntry>& entries, const std::string& name);

}  // namespace tow::source
