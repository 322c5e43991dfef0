#include "source/slots.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "htcondor/answer.hpp"

#include <algorithm>
#include <iterator>

namespace tow::source {

namespace {

constexpr std::string_view kAttributes =
    "AerotowPilotId,State,Activity,Cpus,Memory,Disk,GPUs,PartitionableSlot,DaemonStopTime,"
    "GLIDEIN_ToRetire,GLIDEIN_ToDie";
constexpr std::size_t kMostOutput = std::size_t{2} << 30;

std::optional<base::Time> earliest_end(record::View ad) {
    std::optional<base::Time> earliest;
    for (const auto* name : {"DaemonStopTime", "GLIDEIN_ToRetire", "GLIDEIN_ToDie"}) {
        if (const auto seconds = ad.find(name).integer()) {
            constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999
            const base::Time time{
                std::chrono::seconds{std::clamp<std::int64_t>(*seconds, 0, kLatest)}};
            earliest = std::min(earliest.value_or(time), time);
        }
    }
    return earliest;
}

model::Slot read_slot(record::View ad) {
    constexpr std::int64_t kMost = 1'000'000'000'000;
    const auto amount = [&](std::string_view name) {
        return std::clamp<std::int64_t>(ad.find(name).integer().value_or(0), 0, kMost);
    };
    model::Slot slot;
    slot.pilot = ad.find("AerotowPilotId").string().value_or("");
    const auto state = ad.find("State").string().value_or("");
    // What a partitionable slot has given away stands in slots of its own.
    slot.is_busy = state == "Claimed" || state == "Matched" || state == "Preempting";
    slot.takes_jobs = state == "Unclaimed";
    slot.room.cpus = std::min<std::int64_t>(amount("Cpus"), 10'000'000);
    slot.room.memory_bytes = amount("Memory") * 1'048'576;
    slot.room.disk_bytes = amount("Disk") * 1024;
    slot.room.gpus = amount("GPUs");
    slot.ends_at = earliest_end(ad);
    return slot;
}

}  // namespace

std::vector<model::Slot> parse_slots(std::string_view json) {
    std::vector<model::Slot> slots;
    htcondor::each_ad(json, [&](record::View ad) {
        if (auto slot = read_slot(ad); !slot.pilot.empty()) {
            slots.push_back(std::move(slot));
        }
    });
    return slots;
}

std::vector<model::Slot> query_slots(const std::string& collector,
                                     const std::function<void(const std::string&)>& trace) {
    std::vector<std::string> command{"condor_status"};
    if (!collector.empty()) {
        command.insert(command.end(), {"-pool", collector});
    }
    command.insert(command.end(), {"-constraint", "AerotowPilotId =!= undefined", "-json",
                                   "-attributes", std::string(kAttributes)});
    trace(base::shell_quoted(command));
    const auto answer = base::run_to_end({command}, {kMostOutput, {}});
    if (!answer.status.ok()) {
        throw htcondor::failure("condor_status", answer.status, answer.complaint);
    }
    return base::with_context("condor_status", [&] { return parse_slots(answer.output); });
}

PoolView query_pools(const std::vector<std::string>& collectors,
                     const std::function<void(const std::string&)>& trace) {
    PoolView view;
    for (const auto& collector : collectors) {
        try {
            std::ranges::move(query_slots(collector, trace), std::back_inserter(view.slots));
        } catch (const base::Error& error) {
            view.failures.emplace_back(collector, error);
        }
    }
    return view;
}

}  // namespace tow::source
