// A second import into a file that people have changed since the first: what upstream changed comes
// in, what people changed stays, and all of it is listed.
#pragma once

#include "foreign/imports.hpp"
#include "record/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

struct Change {
    std::string entry;
    std::string what;  // added, removed, changed, or kept: here the file is not as upstream is
    std::string key;   // path with dots; empty: the whole entry
    std::optional<record::Value> from;  // in the file; absent: there was none
    std::optional<record::Value> to;    // upstream
};

record::Object to_record(const Change& change);

struct Update {
    std::vector<Change> changes;
    std::string text;  // what the file should hold; entries that did not change stay as they stand
};

// The file as it is, and as the last import wrote it: with that, a change of the operator can be
// told from one of upstream. Error{Config} if the file is not laid out as file_yaml() does it.
Update update_file(const Text& file, const Text& last_import, const std::vector<Imported>& now);

// The same on disk, where the last import is kept beside the file as FILE.imported. A file that
// does not exist is made. Nothing is written unless write is true.
std::vector<Change> update_on_disk(const std::string& path, const Import& import, bool write);

}  // namespace tow::foreign
