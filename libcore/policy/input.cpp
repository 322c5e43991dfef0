#include "policy/input.hpp"

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/ulid.hpp"
#include "model/pilot_log.hpp"

#include <fmt/core.h>

namespace tow::policy {

bool Input::take(const record::RecordReader& reader) {
    const auto type = reader.type();
    if (type == "request") {
        auto request = reader.as(model::read_request);
        decided_at = base::Time{std::chrono::seconds{*base::ulid_time_ms(request.plan) / 1000}};
        requests.push_back(std::move(request));
        return false;
    }
    if (type == "policy") {
        recipe = reader.as(read_recipe);
        return false;
    }
    if (type == "explanation") {
        return false;
    }
    if (type == "memory") {
        auto memory = reader.as(model::read_memory);
        if (!requests.empty() && memory.plan == requests.back().plan) {
            return false;
        }
        situation.memories.push_back(std::move(memory));
    } else if (type == "job_class") {
        situation.classes.push_back(reader.as(model::read_job_class));
    } else if (type == "entry") {
        situation.entries.push_back(reader.as(model::read_entry));
    } else if (type == "pilot_count") {
        situation.counts.push_back(reader.as(model::read_pilot_count));
    } else if (type == "pilot") {
        situation.pilots.push_back(reader.as(model::read_pilot));
    } else if (type == "gap") {
        situation.gaps.push_back(reader.as(model::read_gap));
    } else if (type == "demand") {
        situation.demands.push_back(reader.as(model::read_demand));
    } else if (type == "usage") {
        situation.usages.push_back(reader.as(model::read_usage));
    } else if (type == "override") {
        situation.overrides.push_back(reader.as(model::read_override));
    } else if (type == "pilot_log") {
        const auto log = reader.as(model::read_pilot_log);
        if (!log.pilot || !has_failed(log.outcome)) {
            return true;
        }
        failed.insert(*log.pilot);
    } else {
        return true;
    }
    digest = base::hash_hex(fmt::format("{}{}", digest, reader.line()));
    return true;
}

void Input::settle() {
    for (auto& pilot : situation.pilots) {
        if (pilot.state == model::PilotState::Done && failed.contains(pilot.id)) {
            pilot.state = model::PilotState::Failed;
        }
    }
}

std::vector<model::Request> requests_in(const std::string& file) {
    const auto fd = base::open_for_reading(file);
    record::RecordReader reader(fd.get(), file);
    std::vector<model::Request> result;
    while (reader.next()) {
        if (reader.type() == "request") {
            result.push_back(reader.as(model::read_request));
        }
    }
    return result;
}

}  // namespace tow::policy
