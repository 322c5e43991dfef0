#include "pilotlog/verdict.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pilotlog/account.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::pilotlog {

namespace {

using model::PilotOutcome;

constexpr std::size_t kReason = 300;

std::optional<std::string> known(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{base::repair_utf8(text)};
}

std::string one_line(std::string_view text) {
    return base::cut_to_width(base::printable(base::trim(text.substr(0, 4 * kReason))), kReason);
}

// Takes the facts to one outcome, the one that says most first.
class Verdict {
  public:
    Verdict(const PilotCase& pilot, const Taxonomy& taxonomy, model::PilotLog& log)
        : taxonomy_(taxonomy),
          log_(log),
          job_(pilot.job ? &*pilot.job : nullptr),
          output_(pilot.output ? &*pilot.output : nullptr),
          is_finished_(pilot.is_finished) {}

    void decide() {
        if (by_hold() || by_batch_system() || by_own_report() || by_daemons() || by_output() ||
            by_queue() || by_hits()) {
            return;
        }
        by_exit();
    }

  private:
    void set(PilotOutcome outcome, const Rule* rule, std::string_view reason) {
        log_.outcome = rule != nullptr && rule->outcome ? *rule->outcome : outcome;
        if (rule != nullptr) {
            explain(*rule);
        }
        if (!reason.empty()) {
            log_.reason = one_line(reason);
        }
    }

    void set_only(PilotOutcome outcome, std::string_view cause, std::string_view reason) {
        if (const auto* rule = taxonomy_.find(cause)) {
            explain(*rule);
        } else if (!cause.empty()) {
            log_.cause = std::string(cause);
        }
        log_.outcome = outcome;
        if (!reason.empty()) {
            log_.reason = one_line(reason);
        }
    }

    void explain(const Rule& rule) {
        log_.cause = rule.name;
        log_.severity = rule.severity;
        log_.actor = rule.actor;
        log_.advice = known(rule.advice);
    }

    void add_evidence(std::string_view file, std::string_view text, const Rule* rule) {
        log_.evidence.push_back(
            {std::string(file), 0, one_line(text), rule != nullptr ? rule->name : ""});
    }

    bool has_closing() const noexcept { return output_ != nullptr && output_->has_end; }

    // Of the rules that something in the output hit, the first of this stage that has an outcome.
    const Rule* hit_of(std::initializer_list<Stage> stages) const {
        if (output_ == nullptr) {
            return nullptr;
        }
        for (const auto& rule : taxonomy_.rules()) {
            if (rule.outcome && std::ranges::find(stages, rule.stage) != stages.end() &&
                output_->hit(rule.name) != nullptr) {
                return &rule;
            }
        }
        return nullptr;
    }

    const std::string& evidence_text(const Rule* rule) const {
        static const std::string none;
        if (rule == nullptr || output_ == nullptr) {
            return none;
        }
        const auto found =
            std::ranges::find(output_->evidence, rule->name, &model::Evidence::cause);
        return found == output_->evidence.end() ? none : found->text;
    }

    // A pilot that is held tells why; one that was removed while it was held, too.
    bool by_hold() {
        if (job_ == nullptr || !job_->is_held) {
            return false;
        }
        const auto* rule = taxonomy_.classify(Place::Hold, job_->hold_reason);
        if (rule == nullptr && job_->hold_code) {
            rule = taxonomy_.by_hold_code(*job_->hold_code);
        }
        set(PilotOutcome::Held, rule, job_->hold_reason);
        add_evidence("hold", job_->hold_reason, rule);
        return true;
    }

    // Those who ended it know best, whatever exit code others make of it.
    bool by_batch_system() {
        if (job_ == nullptr || job_->end < JobEnd::TimeLimit) {
            return false;
        }
        const auto word = job_end_name(job_->end);
        const auto* rule = taxonomy_.classify(Place::Batch, word);
        set(PilotOutcome::Killed, rule, job_->end_reason.empty() ? word : job_->end_reason);
        add_evidence("batch", job_->state.empty() ? word : job_->state, rule);
        return true;
    }

    bool by_own_report() {
        if (output_ == nullptr || output_->nodes.empty()) {
            return false;
        }
        const auto* worst = &output_->nodes.begin()->second;
        bool all_final = true;
        for (const auto& [key, node] : output_->nodes) {
            all_final = all_final && node.is_final;
            const auto is_better = [](const NodeReport& one) {
                const auto outcome = model::outcome_named(one.outcome);
                return outcome && model::is_good(*outcome);
            };
            if (is_better(*worst) && !is_better(node)) {
                worst = &node;
            }
        }
        if (!all_final) {
            return by_missing_end(worst->stage);
        }
        const auto outcome = model::outcome_named(worst->outcome).value_or(PilotOutcome::Failed);
        const auto* rule = model::is_good(outcome) && outcome != PilotOutcome::NoWork
                               ? nullptr
                               : rule_for_own(outcome);
        set_only(outcome, rule != nullptr ? rule->name : "", worst->reason);
        name_check(*worst);
        return true;
    }

    const Rule* rule_for_own(PilotOutcome outcome) const {
        for (const auto& rule : taxonomy_.rules()) {
            if (rule.outcome == outcome && output_->hit(rule.name) != nullptr) {
                return &rule;
            }
        }
        return nullptr;
    }

    void name_check(const NodeReport& node) {
        if (node.failed_check.empty()) {
            return;
        }
        log_.cause = "check." + node.failed_check;
        log_.severity = "error";
        if (const auto actor = output_->header.find("check_actor");
            actor != output_->header.end() && !actor->second.empty()) {
            log_.actor = actor->second;
        }
        if (const auto message = output_->header.find("check_message");
            message != output_->header.end() && !message->second.empty()) {
            add_evidence("out", message->second, nullptr);
            log_.evidence.back().cause = *log_.cause;
        }
    }

    // HTCondor's own logs without the pilot around them.
    bool by_daemons() {
        if (output_ == nullptr || output_->has_start || output_->has_end ||
            (!output_->daemons.startd_ran && !output_->daemons.first_at)) {
            return false;
        }
        by_registration();
        return true;
    }

    // The last word on whether the collector could be told: failures that were over in the first
    // half of its life were overcome.
    bool was_cut_off_from_pool() const noexcept {
        const auto& daemons = output_->daemons;
        if (daemons.was_claimed || !daemons.failed_at || !daemons.first_at || !daemons.last_at) {
            return false;
        }
        return *daemons.failed_at - *daemons.first_at >= *daemons.last_at - *daemons.failed_at;
    }

    // It came as far as HTCondor: was it in the pool, and did jobs come?
    void by_registration() {
        const auto claims = log_.claims;
        if (claims.value_or(0) > 0 || log_.jobs_run.value_or(0) > 0 ||
            output_->daemons.was_claimed) {
            set(PilotOutcome::Ok, nullptr, "");
            return;
        }
        if (const auto* rule = hit_of({Stage::Registration});
            rule != nullptr && (was_cut_off_from_pool() || !output_->daemons.first_at)) {
            set(PilotOutcome::NeverConnected, rule, evidence_text(rule));
            return;
        }
        if (const auto* rule = hit_of({Stage::Run})) {
            set(PilotOutcome::NoWork, rule, evidence_text(rule));
            return;
        }
        if (claims == 0) {
            set_only(PilotOutcome::NoWork, "run.no_jobs", "");
            return;
        }
        set(PilotOutcome::Unproven, nullptr, "nothing tells whether jobs came");
    }

    bool by_output() {
        if (output_ == nullptr || !output_->has_start) {
            return has_closing() && by_closing();
        }
        return has_closing() ? by_closing() : by_missing_end("");
    }

    bool by_closing() {
        const auto code = output_->exit_code.value_or(0);
        const bool reached_condor = output_->condor_started_at || output_->condor_seconds;
        if (reached_condor) {
            if (code == 0 || hit_of({Stage::Registration}) != nullptr) {
                by_registration();
            }
            if (code != 0 && log_.outcome != PilotOutcome::NeverConnected) {
                set_only(PilotOutcome::Failed, "end.failed", fmt::format("exit code {}", code));
            }
            return true;
        }
        const bool failed_script = !output_->failed_script.empty();
        if (code != 0 || failed_script) {
            by_validation(code, failed_script);
            return true;
        }
        // Only a glidein that ran no script at all may end well without HTCondor.
        if (output_->last_script.empty()) {
            set(PilotOutcome::Ok, nullptr, "");
        } else {
            set_only(PilotOutcome::Failed, "end.failed", "it ended before HTCondor started");
        }
        return true;
    }

    void by_validation(std::int64_t code, bool failed_script) {
        const auto* rule = hit_of({Stage::Queue, Stage::Boot, Stage::Validation});
        const bool saw_scripts = failed_script || !output_->last_script.empty() ||
                                 rule != nullptr || output_->failure.has_value();
        if (!saw_scripts) {
            set_only(PilotOutcome::Failed, "end.failed", fmt::format("exit code {}", code));
            return;
        }
        const auto reason = failed_script                 ? "failed: " + output_->failed_script
                            : evidence_text(rule).empty() ? fmt::format("exit code {}", code)
                                                          : evidence_text(rule);
        set(PilotOutcome::ValidationFailed, rule, reason);
        if (rule == nullptr) {
            log_.cause = "val.script";
        }
    }

    // It began to talk and never came to its closing word.
    bool by_missing_end(std::string_view stage) {
        if (!has_ended()) {
            set(PilotOutcome::Running, nullptr, "");
            return true;
        }
        if (const auto* rule = hit_of({Stage::End})) {
            set(PilotOutcome::Killed, rule, evidence_text(rule));
            return true;
        }
        if (job_ != nullptr && job_->end == JobEnd::Removed) {
            set_only(PilotOutcome::Removed, "", job_->end_reason);
            return true;
        }
        const auto where = stage.empty() ? std::string() : fmt::format(" in phase {}", stage);
        set_only(PilotOutcome::Killed, "end.killed",
                 "its output breaks off without a closing word" + where);
        log_.severity = "error";
        log_.actor = "site";
        return true;
    }

    bool has_ended() const noexcept {
        return (job_ != nullptr && job_->end != JobEnd::None) || (job_ == nullptr && is_finished_);
    }

    // Nothing came from the pilot itself: only the queue can tell.
    bool by_queue() {
        if (job_ == nullptr) {
            return false;
        }
        const bool ran = job_->started_at.has_value();
        if (job_->end == JobEnd::Removed) {
            by_removal(ran);
            return true;
        }
        if (job_->end != JobEnd::None) {
            return false;
        }
        if (!ran && job_->resource_is_down) {
            set_only(PilotOutcome::NeverStarted, "ce.down", "its resource does not answer");
            add_evidence("events", job_->grid_resource, taxonomy_.find("ce.down"));
        } else if (const auto* rule = taxonomy_.classify(Place::Pending, job_->pending_reason);
                   rule != nullptr && !ran) {
            set(PilotOutcome::NeverStarted, rule, job_->pending_reason);
        } else {
            set(ran ? PilotOutcome::Running : PilotOutcome::Waiting, nullptr, "");
        }
        return true;
    }

    void by_removal(bool ran) {
        const auto* rule = taxonomy_.classify(Place::Removal, job_->end_reason);
        if (!ran && job_->resource_is_down) {
            set_only(PilotOutcome::NeverStarted, "ce.down", "its resource did not answer; removed");
            add_evidence("events", job_->grid_resource, taxonomy_.find("ce.down"));
        } else if (!ran && rule == nullptr) {
            set_only(PilotOutcome::NeverStarted, "",
                     "removed before it started: " + job_->end_reason);
        } else {
            set(PilotOutcome::Removed, rule, job_->end_reason);
        }
        add_evidence("removal", job_->end_reason, rule);
    }

    // Standard error alone, or output whose beginning is lost: what its lines say has to do.
    bool by_hits() {
        if (!is_finished_ && job_ == nullptr) {
            return false;
        }
        for (const auto stage :
             {Stage::End, Stage::Queue, Stage::Boot, Stage::Validation, Stage::Registration}) {
            if (const auto* rule = hit_of({stage})) {
                set(PilotOutcome::Failed, rule, evidence_text(rule));
                return true;
            }
        }
        return false;
    }

    void by_exit() {
        if (job_ == nullptr) {
            set(is_finished_ ? PilotOutcome::Unproven : PilotOutcome::Running, nullptr,
                is_finished_ ? "its output tells nothing" : "");
        } else if (job_->end == JobEnd::Vanished) {
            set_only(PilotOutcome::Lost, "end.lost", "its batch system does not know it any more");
        } else if (job_->end == JobEnd::Signalled) {
            set_only(PilotOutcome::Killed, "end.signal",
                     fmt::format("signal {}", job_->signal.value_or(0)));
        } else if (job_->exit_code.value_or(0) != 0 || job_->state.starts_with("FAILED")) {
            set_only(PilotOutcome::Failed, "end.failed",
                     fmt::format("exit code {}", job_->exit_code.value_or(0)));
        } else if (job_->grid_resource.empty()) {
            set(PilotOutcome::Ok, nullptr, "");
        } else {
            set_only(PilotOutcome::Unproven, "end.unproven",
                     "exit code 0 of a grid job proves nothing, and there is no output");
        }
    }

    const Taxonomy& taxonomy_;
    model::PilotLog& log_;
    const JobFacts* job_;
    const OutputFacts* output_;
    bool is_finished_;
};

}  // namespace

model::PilotLog judge(const PilotCase& pilot, const Taxonomy& taxonomy) {
    model::PilotLog log;
    log.pilot = known(pilot.pilot);
    log.entry = known(pilot.entry);
    if (pilot.job) {
        take_job(*pilot.job, log);
    }
    if (pilot.output) {
        take_output(*pilot.output, log);
    }
    Verdict(pilot, taxonomy, log).decide();
    return log;
}

}  // namespace tow::pilotlog
