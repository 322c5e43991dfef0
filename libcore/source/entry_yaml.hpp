// Entries as people write them: YAML with units, defaults, and one place per mistake.
//
//   defaults: {backend: local, pilot: {cpus: 8, memory: 16 GiB, walltime: 48h}}
//   entries:
//     T2_XX_Somewhere: {site: T2_XX, tier: 1, limits: {max_pilots: 100}, target: {...}}
#pragma once

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "model/entry.hpp"
#include "source/entry_files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// Error{Config} with file, line and key for whatever is wrong.
model::Entry read_entry(const WrittenEntry& entry, base::Time now);

std::vector<model::Entry> read_entries(const std::vector<WrittenEntry>& entries, base::Time now);

// Reads these files, and the *.yaml files of these folders in order of name. Error{Config} with
// file, line and key for whatever is wrong, a name that stands twice included.
std::vector<model::Entry> read_entries(const std::vector<std::string>& paths, base::Time now);

// The same for one text; name stands in messages.
std::vector<model::Entry> parse_entries(std::string_view yaml, const std::string& name,
                                        base::Time now);

// What the slots of practically every pilot advertise, so that the Requirements that condor_submit
// writes by itself can match.
record::Object conventional_ad(const model::Entry& entry);

// The paths of the setting "entries", each taken relative to the file that sets it.
std::vector<std::string> entry_paths(const config::Settings& settings);

// The attributes of jobs that the expressions of these entries look at.
std::vector<std::string> job_attributes(const std::vector<model::Entry>& entries);

}  // namespace tow::source
