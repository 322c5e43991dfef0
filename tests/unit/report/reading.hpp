// Records from text, as a stream holds them.
#pragma once

#include "record/reader.hpp"
#include "report/snapshot.hpp"

#include <string_view>
#include <unistd.h>

namespace tow::test {

inline report::Snapshot snapshot_of(std::string_view lines) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
    ::close(ends[1]);
    report::Snapshot snapshot;
    record::RecordReader reader(ends[0], "test");
    while (reader.next()) {
        snapshot.take(reader);
    }
    ::close(ends[0]);
    return snapshot;
}

}  // namespace tow::test
