#include "pilotlog/markers.hpp"

#include "base/text.hpp"
#include "pilotlog/text_fields.hpp"

#include <algorithm>
#include <array>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kLongestValue = 1000;
constexpr std::int64_t kMostCores = 100'000;

std::string file_name(std::string_view path) {
    path = path.substr(0, path.find(' '));
    return std::string(path.substr(path.rfind('/') + 1).substr(0, kLongestValue));
}

template <class T>
void set_first(std::optional<T>& target, const std::optional<T>& value) {
    if (!target) {
        target = value;
    }
}

template <class T>
void set_last(std::optional<T>& target, const std::optional<T>& value) {
    if (value) {
        target = value;
    }
}

void on_start(OutputFacts& facts, const MarkedLine& line) {
    facts.has_start = true;
    set_first(facts.started_at, epoch_in(line.text));
}

// "glidein_uuid      = '3ce9dfca-...'"
void on_header(OutputFacts& facts, const MarkedLine& line) {
    const auto equals = line.text.find("= '");
    if (!line.is_at_start() || equals == std::string_view::npos) {
        return;
    }
    const auto key = base::trim(line.text.substr(0, equals));
    const auto value = line.text.substr(equals + 3);
    facts.header.emplace(key, value.substr(0, std::min(value.rfind('\''), kLongestValue)));
}

void on_running_on(OutputFacts& facts, const MarkedLine& line) {
    if (line.is_at_start() && facts.node.empty()) {
        facts.node = base::trim(text_after(line.text, "Running on ")).substr(0, kLongestValue);
    }
}

void on_executing(OutputFacts& facts, const MarkedLine& line) {
    facts.last_script = file_name(text_after(line.text, ")"));
}

void on_validation_error(OutputFacts& facts, const MarkedLine& line) {
    if (facts.failed_script.empty()) {
        facts.failed_script = file_name(text_after(line.text, "error in "));
    }
}

void on_last_start(OutputFacts& facts, const MarkedLine& line) {
    set_first(facts.validated_at, epoch_in(line.text));
    set_first(facts.validation_seconds, number_after(line.text, "after validating for "));
}

void on_condor_start(OutputFacts& facts, const MarkedLine& line) {
    set_first(facts.condor_started_at, epoch_in(line.text));
}

void on_condor_end(OutputFacts& facts, const MarkedLine& line) {
    set_last(facts.condor_ended_at, epoch_in(line.text));
    set_last(facts.condor_seconds, number_after(line.text, " after "));
}

void on_last_end(OutputFacts& facts, const MarkedLine& line) {
    set_last(facts.exit_code, number_after(line.text, "with code "));
}

void on_glidein_end(OutputFacts& facts, const MarkedLine& line) {
    facts.has_end = true;
    set_last(facts.ended_at, epoch_in(line.text));
    set_last(facts.exit_code, number_after(line.text, "with code "));
    set_last(facts.wall_seconds, number_after(line.text, " after "));
}

void on_claims(OutputFacts& facts, const MarkedLine& line) {
    if (const auto claims = number_after(line.text, "claims:"); claims && *claims >= 0) {
        facts.claims = facts.claims.value_or(0) + *claims;
    }
}

void on_cpus(OutputFacts& facts, const MarkedLine& line) {
    const auto cores = number_after(line.text, "GLIDEIN_CPUS").has_value()
                           ? number_after(line.text, "GLIDEIN_CPUS")
                           : number_after(line.text, "GLIDEIN_CPUS=");
    if (cores && *cores > 0 && *cores <= kMostCores) {
        facts.cores = cores;
    }
}

void on_banner(OutputFacts& facts, const MarkedLine& /*line*/) {
    facts.stats.plain_is_normalized = true;
}

// "(Normalized) Total goodZ jobs 34 (97.1%) utilization 60123 (92.3%)"
void on_utilization(OutputFacts& facts, const MarkedLine& line) {
    constexpr std::array<std::string_view, 5> kKinds{"Total jobs ", "goodZ jobs ", "goodNZ jobs ",
                                                     "badSignal jobs ", "badOther jobs "};
    const auto unit = line.line.find("(Real)") != std::string_view::npos ? JobStats::Real
                      : line.line.find("(Normalized)") != std::string_view::npos
                          ? JobStats::Normalized
                          : JobStats::Plain;
    const auto seconds = real_after(line.text, "utilization ");
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        const auto jobs = real_after(line.line, kKinds[kind]);
        if (jobs && seconds && *jobs >= 0 && *seconds >= 0) {
            auto& sum = facts.stats.sums[unit][kind];
            sum = {sum.value_or(JobSum{}).jobs + *jobs, sum.value_or(JobSum{}).seconds + *seconds};
            return;
        }
    }
}

// <metric name="failure" ts="..." uri="local">WN_Resource</metric>
void on_failure(OutputFacts& facts, const MarkedLine& line) {
    const auto value = text_after(line.text, ">");
    if (const auto end = value.find('<'); end != std::string_view::npos && end > 0) {
        set_first(facts.failure, std::optional{std::string(value.substr(0, end))});
    }
}

constexpr std::array<Marker, 24> kOutput{{{"Starting glidein_startup.sh at ", on_start},
                                          {"glidein_uuid ", on_header},
                                          {"glidein_entry ", on_header},
                                          {"glidein_factory ", on_header},
                                          {"glidein_name ", on_header},
                                          {"client_name ", on_header},
                                          {"client_group ", on_header},
                                          {"condorg_cluster ", on_header},
                                          {"condorg_subcluster", on_header},
                                          {"condorg_schedd ", on_header},
                                          {"Running on ", on_running_on},
                                          {"Executing (flags:", on_executing},
                                          {"=== Validation error in ", on_validation_error},
                                          {"=== Last script starting ", on_last_start},
                                          {"=== Condor starting ", on_condor_start},
                                          {"=== Condor ended ", on_condor_end},
                                          {"=== Last script ended ", on_last_end},
                                          {"=== Glidein ending ", on_glidein_end},
                                          {"activations/claims:", on_claims},
                                          {"GLIDEIN_CPUS", on_cpus},
                                          {"below are normalized to 1 Core", on_banner},
                                          {"utilization ", on_utilization},
                                          {"<metric name=\"failure\"", on_failure},
                                          {"{\"type\":\"pilot_", read_own_line}}};

}  // namespace

std::span<const Marker> output_markers() noexcept {
    return kOutput;
}

bool JobStats::empty() const noexcept {
    for (const auto& unit : sums) {
        for (const auto& sum : unit) {
            if (sum) {
                return false;
            }
        }
    }
    return true;
}

std::optional<JobSum> JobStats::normalized(Kind kind,
                                           std::optional<std::int64_t> cores) const noexcept {
    if (const auto& sum = sums[Normalized][kind]) {
        return sum;
    }
    if (const auto& sum = sums[Plain][kind]; sum && plain_is_normalized) {
        return sum;
    }
    const auto& sum = sums[Real][kind] ? sums[Real][kind] : sums[Plain][kind];
    if (!sum || !cores || *cores <= 0) {
        return std::nullopt;
    }
    const auto count = static_cast<double>(*cores);
    return JobSum{sum->jobs / count, sum->seconds / count};
}

// Counts as they were, where some line says so: those of normalised lines are divided by cores.
std::optional<double> JobStats::jobs(Kind kind) const noexcept {
    if (const auto& sum = sums[Real][kind]) {
        return sum->jobs;
    }
    if (const auto& sum = sums[Plain][kind]; sum && !plain_is_normalized) {
        return sum->jobs;
    }
    return std::nullopt;
}

const Hit* OutputFacts::hit(std::string_view rule) const noexcept {
    for (const auto& one : hits) {
        if (one.rule->name == rule) {
            return &one;
        }
    }
    return nullptr;
}

}  // namespace tow::pilotlog
