// What a job asks for and what a pilot offers: cores, memory, disk, GPUs, time.
#pragma once

#include "model/fields.hpp"
#include "record/value.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace tow::model {

// Of one job, or of one node of a pilot. Unknown disk or wall time of a node is taken to be enough:
// hardly any batch system states them. Unknown GPUs are none.
struct Resources {
    std::int64_t cpus = 1;
    std::int64_t memory_bytes = 0;
    std::optional<std::int64_t> disk_bytes;
    std::optional<std::int64_t> gpus;
    std::optional<std::chrono::seconds> walltime;

    friend bool operator==(const Resources&, const Resources&) = default;
};

Resources read_resources(const Fields& fields);
record::Object to_object(const Resources& resources);

// Into a record::Object or a record::ObjectWriter.
template <class Fields>
void set_fields(const Resources& resources, Fields& fields) {
    fields.set("cpus", resources.cpus);
    fields.set("memory_bytes", resources.memory_bytes);
    fields.set_known("disk_bytes", resources.disk_bytes);
    fields.set_known("gpus", resources.gpus);
    if (resources.walltime) {
        fields.set("walltime_seconds", std::int64_t{resources.walltime->count()});
    }
}

// Why a job asking for this does not fit on an empty node: "cpus", "memory", "disk", "gpus",
// "walltime"; empty if it does.
std::string_view misfit(const Resources& job, const Resources& node);

// How many such jobs run side by side on one empty node; at least 1 if misfit() says nothing.
std::int64_t jobs_per_node(const Resources& job, const Resources& node);

}  // namespace tow::model
