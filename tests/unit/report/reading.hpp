// Records from text, as a stream holds them.
#pragma once

#include "base/file.hpp"
#include "record/reader.hpp"
#include "report/snapshot.hpp"

#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace tow::test {

inline report::Snapshot snapshot_of(std::string_view lines) {
    const auto file = base::unnamed_file();
    if (!base::write_all(file.get(), lines) || ::lseek(file.get(), 0, SEEK_SET) != 0) {
        throw std::runtime_error("no file to read from");
    }
    report::Snapshot snapshot;
    record::RecordReader reader(file.get(), "test");
    while (reader.next()) {
        snapshot.take(reader);
    }
    return snapshot;
}

}  // namespace tow::test
