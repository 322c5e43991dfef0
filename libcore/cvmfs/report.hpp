// What was found, as check records, and how it is told: a verdict over several checks, what to do
// about a failure, and the line that Nagios reads.
#pragma once

#include "base/clock.hpp"
#include "cvmfs/thresholds.hpp"
#include "model/check.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs {

// Of what a check tells.
struct Subject {
    std::string repository;
    std::optional<std::string> server;
    std::optional<std::string> proxy;
};

class Report {
  public:
    // The thresholds must outlive it.
    Report(const Thresholds& thresholds, base::Time now) : thresholds_(&thresholds), now_(now) {}

    base::Time now() const noexcept { return now_; }

    // name is without "cvmfs.". The reference is good until the next check is added.
    model::Check& ok(const Subject& subject, std::string_view name, std::string message);
    model::Check& bad(const Subject& subject, std::string_view name, model::CheckState state,
                      std::string_view reason, std::string message);

    // By the thresholds; reason is what it is called if it is not ok.
    model::Check& measure(const Subject& subject, std::string_view name, std::string_view figure,
                          double value, std::string_view reason);

    void take(Report other);  // all of its checks

    const std::vector<model::Check>& checks() const noexcept { return checks_; }
    model::CheckState worst() const noexcept;

  private:
    const Thresholds* thresholds_;
    base::Time now_;
    std::vector<model::Check> checks_;
};

// The checks of one subject as one: the worst state, the first reason for it. message if all is
// well.
model::Check verdict(const std::vector<model::Check>& checks, const Subject& subject,
                     std::string_view name, const std::string& message);

// What to do about it, for each reason there is; nothing for others.
std::optional<std::string> advice_for(std::string_view reason);

// What a run found.
struct Findings {
    std::vector<model::Check> verdicts;  // one for each thing that was looked at
    std::vector<model::Check> checks;    // what they are made of
};

// What is told of them, the worst first: the verdicts, then what is not ok, or everything.
std::vector<model::Check> told(const Findings& findings, bool all);

model::CheckState worst(const Findings& findings) noexcept;

// "CRITICAL - text | label=value;warning;critical": verdicts for people, all that was measured.
std::string nagios_line(const Findings& findings);

int nagios_code(model::CheckState state) noexcept;

// "36h30m", for messages.
std::string age_text(double seconds);

}  // namespace tow::cvmfs
