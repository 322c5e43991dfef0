// Lines that pilots of ours print: one JSON object each, {"type":"pilot_...".
#include "base/error.hpp"
#include "model/fields.hpp"
#include "pilotlog/markers.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kMostNodes = 10'000;
constexpr double kMostCoreSeconds = 1e12;

using model::Fields;

void read_job(OutputFacts& facts, const Fields& fields) {
    const auto cores =
        std::min<double>(static_cast<double>(fields.known_count("cpus").value_or(1)), 1e6);
    const auto seconds = std::clamp(fields.known_number("seconds").value_or(0), 0.0, 1e9);
    const bool is_good = fields.known_integer("exit_code") == 0;
    auto& jobs = facts.own_jobs;
    ++jobs.run;
    jobs.core_seconds += cores * seconds;
    jobs.good += is_good ? 1 : 0;
    jobs.good_core_seconds += is_good ? cores * seconds : 0;
    jobs.ended_core_seconds += fields.known_integer("exit_code") ? cores * seconds : 0;
}

// Phases behind which the pilot can take jobs, and those before.
std::optional<double> preparing_seconds(const Fields& report) {
    const auto phases = report.known_fields("phases");
    if (!phases) {
        return std::nullopt;
    }
    double sum = 0;
    for (const auto* phase : {"probe", "validate", "htcondor", "contact", "join"}) {
        sum += std::clamp(phases->known_number(phase).value_or(0), 0.0, 1e9);
    }
    return sum;
}

void read_report(NodeReport& node, const Fields& fields) {
    node.outcome = fields.known_text("outcome").value_or("");
    node.is_final = !node.outcome.empty();
    node.stage = fields.known_text("stage").value_or("");
    node.reason = fields.known_text("reason").value_or("");
    node.failed_check = fields.known_text("failed_check").value_or("");
    node.exit_code = fields.known_integer("exit_code");
    node.started_at = fields.known_time("started_at");
    node.connected_at = fields.known_time("connected_at");
    node.first_job_at = fields.known_time("first_job_at");
    node.retires_at = fields.known_time("retires_at");
    node.ended_at = fields.known_time("time");
    node.seconds = fields.known_number("seconds");
    node.preparing_seconds = preparing_seconds(fields);
    node.cores = std::min<std::int64_t>(fields.known_count("cores").value_or(0), 1'000'000);
    node.busy_core_seconds =
        std::clamp(fields.known_number("busy_core_seconds").value_or(0), 0.0, kMostCoreSeconds);
    if (const auto jobs = fields.known_fields("jobs")) {
        node.jobs_ended = jobs->known_count("ended").value_or(0);
        node.jobs_good = jobs->known_count("succeeded").value_or(0);
    }
}

void read_start(OutputFacts& facts, NodeReport& node, const Fields& fields) {
    facts.has_start = true;
    node.started_at = fields.known_time("time");
    if (!facts.started_at) {
        facts.started_at = node.started_at;
    }
}

void read_phase(NodeReport& node, const Fields& fields) {
    node.stage = fields.known_text("phase").value_or(node.stage);
    const auto state = fields.known_text("state").value_or("");
    if (node.stage == "join" && state == "ok" && !node.connected_at) {
        node.connected_at = fields.known_time("time");
    }
}

void read_check(OutputFacts& facts, NodeReport& node, const Fields& fields) {
    if (fields.known_text("state") != "failed") {
        return;
    }
    const auto name = fields.text("check");
    node.failed_check = node.failed_check.empty() ? name : node.failed_check;
    const auto message = fields.known_text("message").value_or("");
    if (facts.failed_script.empty()) {
        facts.failed_script = name;
        facts.failure = fields.known_text("kind");
        facts.header.emplace("check_actor", fields.known_text("class").value_or(""));
        facts.header.emplace("check_message", message);
    }
}

}  // namespace

void read_own_line(OutputFacts& facts, const MarkedLine& line) {
    try {
        const record::Document document(line.text);
        const Fields fields(document.root());
        const auto type = fields.text("type");
        const auto name = fields.known_text("node").value_or("");
        const auto key = name + '\n' + std::to_string(fields.known_count("rank").value_or(0));
        if (facts.nodes.size() >= kMostNodes && !facts.nodes.contains(key)) {
            return;
        }
        facts.pilot = facts.pilot.empty() ? fields.known_text("pilot").value_or("") : facts.pilot;
        facts.entry = facts.entry.empty() ? fields.known_text("entry").value_or("") : facts.entry;
        facts.node = facts.node.empty() ? name : facts.node;
        auto& node = facts.nodes[key];
        if (type == "pilot_start") {
            read_start(facts, node, fields);
        } else if (type == "pilot_phase") {
            read_phase(node, fields);
        } else if (type == "pilot_check") {
            read_check(facts, node, fields);
        } else if (type == "pilot_job") {
            read_job(facts, fields);
        } else if (type == "pilot_report") {
            read_report(node, fields);
        }
    } catch (const base::Error&) {
        facts.damage.emplace_back("a torn line of the pilot's own report");
    }
}

}  // namespace tow::pilotlog
