// What tow-entries(1) has to say after an import or a check.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "source/entry_files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tow::foreign {

struct Report {
    std::vector<std::string> remarks;  // for people; one line for each kind of thing
    std::vector<std::string> details;  // the same things one by one
    std::vector<record::Object> records;
    std::string yaml;  // of an import
};

// The entries of files or URLs of a foreign format as YAML, and as the records that this reads as,
// if somebody says when. Errors as import_entries() and read_text().
Report import_files(const std::string& format, const std::vector<std::string>& files,
                    std::optional<base::Time> records_at);

// The same into a file of ours, as update_on_disk(): the records are what changed.
Report update_from(const std::string& format, const std::vector<std::string>& files,
                   const std::string& path, bool write);

// What check_entry() finds.
Report check_files(const std::string& format, const std::vector<std::string>& files);
Report check_entries(const std::vector<source::WrittenEntry>& entries, base::Time now);

}  // namespace tow::foreign
