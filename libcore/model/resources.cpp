#include "model/resources.hpp"

#include <algorithm>

namespace tow::model {

namespace {

// Jobs that a stated amount allows; a job that asks for none is not limited by it.
std::int64_t allowed(std::int64_t offered, std::int64_t asked, std::int64_t otherwise) {
    return asked <= 0 ? otherwise : std::min(otherwise, offered / asked);
}

}  // namespace

Resources read_resources(const Fields& fields) {
    Resources result;
    result.cpus = fields.known_count("cpus").value_or(1);
    result.memory_bytes = fields.known_count("memory_bytes").value_or(0);
    result.disk_bytes = fields.known_count("disk_bytes");
    result.gpus = fields.known_count("gpus");
    result.walltime = fields.known_seconds("walltime_seconds");
    return result;
}

record::Object to_object(const Resources& resources) {
    record::Object object;
    set_fields(resources, object);
    return object;
}

std::string_view misfit(const Resources& job, const Resources& node) {
    if (job.cpus > node.cpus) {
        return "cpus";
    }
    if (job.memory_bytes > node.memory_bytes) {
        return "memory";
    }
    if (job.disk_bytes && node.disk_bytes && *job.disk_bytes > *node.disk_bytes) {
        return "disk";
    }
    if (job.gpus.value_or(0) > node.gpus.value_or(0)) {
        return "gpus";
    }
    if (job.walltime && node.walltime && *job.walltime > *node.walltime) {
        return "walltime";
    }
    return {};
}

std::int64_t jobs_per_node(const Resources& job, const Resources& node) {
    constexpr std::int64_t kMany = 1'000'000;  // a job that asks for nothing at all
    auto jobs = allowed(node.cpus, job.cpus, kMany);
    jobs = allowed(node.memory_bytes, job.memory_bytes, jobs);
    if (node.disk_bytes) {
        jobs = allowed(*node.disk_bytes, job.disk_bytes.value_or(0), jobs);
    }
    return allowed(node.gpus.value_or(0), job.gpus.value_or(0), jobs);
}

}  // namespace tow::model
