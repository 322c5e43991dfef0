// Prometheus remote write 1.0: protobuf, written by hand because it is three small messages, in
// snappy's block format, for which there is Debian's library.
#pragma once

#include "metrics/registry.hpp"
#include "publish/spool.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tow::publish {

// The labels of series, in protobuf: what tells one series from another.
using LiveSeries = std::vector<std::string>;  // sorted

struct RemoteWrite {
    Batch batch;
    LiveSeries live;  // the series in it, for the next time
};

// All samples, with the labels job and instance, and an end for each series of before that is no
// more.
RemoteWrite remote_write(const metrics::Registry& registry, std::string_view instance,
                         std::int64_t now_ms, const LiveSeries& before);

std::string encode_live(const LiveSeries& live);
LiveSeries decode_live(std::string_view text);  // Error{Data}

}  // namespace tow::publish
