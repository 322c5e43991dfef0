// The mapping that is there without a file: the same YAML that tow-metrics --mapping reads. What
// each key means is in tow-metrics(5); the table of metrics there is checked against this text.
#include "metrics/mapping.hpp"

namespace tow::metrics {

namespace {

constexpr std::string_view kMapping = R"yaml(tow_jobs:
  help: jobs of users, by what they do
  from: {record: job_group, labels: {source: source, group: group}, by: state,
         values: {idle: idle_jobs, running: running_jobs, held: held_jobs}}
tow_jobs_oldest_idle_seconds:
  help: the longest that one of the idle jobs has been idle
  from: {record: job_group, labels: {source: source, group: group}, value: oldest_idle_seconds, add: max}
tow_jobs_unmatched:
  help: idle jobs that match no entry
  from: {record: job_class, labels: {group: group}, where: {entries: []}, value: idle_jobs}
tow_entry_state:
  help: 1 for the state that an entry is in, 0 for the others
  from: {record: entry, labels: {entry: entry}, by: state, value: state,
         states: [in_service, draining, downtime, disabled], add: last}
tow_entry_info:
  help: where an entry is, always 1
  from: {record: entry, labels: {entry: entry, site: site, backend: backend}, value: 1, add: last}
tow_entry_cores:
  help: cores of one pilot of an entry
  from: {record: entry, labels: {entry: entry}, value: pilot.cpus, times: pilot.nodes, add: last}
tow_entry_limit_pilots:
  help: limits of an entry, in pilots
  from: {record: entry, labels: {entry: entry}, by: limit, add: last,
         values: {max_pilots: limits.max_pilots, max_pending: limits.max_pending, max_held: limits.max_held,
                  max_submit: limits.max_submit, max_remove: limits.max_remove}}
tow_entry_tier:
  help: tier of an entry, lower ones are filled first
  from: {record: entry, labels: {entry: entry}, value: tier, add: last}
tow_entry_core_cost:
  help: price of one core for an hour
  from: {record: entry, labels: {entry: entry, currency: cost.currency}, value: cost.per_core_hour, add: last}
tow_entry_live_cores:
  help: cores of the resource behind an entry, as it says itself
  from: {record: entry, labels: {entry: entry}, by: state, add: last,
         values: {total: live.total_cpus, free: live.free_cpus, used: live.used_cpus, other: live.other_cpus}}
tow_entry_problems:
  help: what entries say and can hardly mean
  from: {record: entry_problem, labels: {entry: entry, rule: rule}, value: 1}
tow_pilots:
  help: pilots that this host sent, by state
  from: {record: pilot_count, labels: {entry: entry, group: group}, by: state,
         values: {pending: pending, running: running, held: held, removing: removing}}
tow_pilots_connected:
  help: running pilots of which the pool shows slots
  from: {record: pilot_count, labels: {entry: entry, group: group}, value: connected}
tow_pilot_cores:
  help: cores of running pilots, as the pool sees them
  from: {record: pilot_count, labels: {entry: entry, group: group}, by: state,
         values: {busy: busy_cores, idle: idle_cores}}
tow_pilots_oldest_pending_seconds:
  help: the longest that a pilot has been pending
  from: {record: pilot_count, labels: {entry: entry, group: group}, value: oldest_pending_seconds, add: max}
tow_pilots_newest_start_timestamp_seconds:
  help: when a pilot of the entry last started
  from: {record: pilot_count, labels: {entry: entry, group: group}, value: newest_start_at, add: max}
tow_pilots_ended_total:
  kind: counter
  help: pilots that ended, by how
  from: {record: pilot, labels: {entry: entry, group: group, state: state},
         where: {state: [done, failed, lost]}, value: 1, once: [pilot]}
tow_pilot_start_latency_seconds:
  kind: histogram
  help: from the submission of a pilot to its start
  buckets: [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400]
  from: {record: pilot, labels: {entry: entry}, value: started_at, minus: submitted_at, once: [pilot]}
tow_pilot_lifetime_seconds:
  kind: histogram
  help: from the start of a pilot to its end
  buckets: [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600]
  from: {record: pilot, labels: {entry: entry}, value: ended_at, minus: started_at, once: [pilot]}
tow_pilot_outcomes_total:
  kind: counter
  help: pilots whose output was read, by what became of them, why, and who should act
  from: {record: pilot_log, labels: {entry: entry, outcome: outcome, cause: cause, actor: actor},
         unless: {outcome: [waiting, running]}, require: pilot, value: 1, once: [pilot]}
tow_pilot_wall_seconds_total:
  kind: counter
  help: how long these pilots ran
  from: {record: pilot_log, labels: {entry: entry, outcome: outcome},
         unless: {outcome: [waiting, running]}, require: pilot, value: wall_seconds, once: [pilot]}
tow_pilot_core_seconds_total:
  kind: counter
  help: the same times their cores, of those that told what of it they wasted
  from: {record: pilot_log, labels: {entry: entry, outcome: outcome},
         unless: {outcome: [waiting, running]}, require: [pilot, wasted_core_seconds], value: wall_seconds, times: cores,
         once: [pilot]}
tow_pilot_wasted_core_seconds_total:
  kind: counter
  help: core seconds of these that went into no good job
  from: {record: pilot_log, labels: {entry: entry, outcome: outcome},
         unless: {outcome: [waiting, running]}, require: pilot, value: wasted_core_seconds, once: [pilot]}
tow_pilot_log_summary_pilots:
  help: pilots of a group of tow-logs summary, all and those that ended well
  from: {record: pilot_summary, labels: {grouped_by: by, group: group}, by: state,
         values: {all: pilots, good: good}, add: last}
tow_pilot_log_summary_waste_ratio:
  help: share of the core seconds of such a group that went into no good job
  from: {record: pilot_summary, labels: {grouped_by: by, group: group}, value: waste_ratio, add: last}
tow_demand_jobs:
  help: idle jobs for an entry; share counts each job once over all entries
  from: {record: demand, labels: {entry: entry}, by: kind, add: last,
         values: {matching: jobs_matching, only_here: jobs_only_here, share: jobs_share,
                  running_matching: running_matching}}
tow_demand_cores:
  help: cores that the share of an entry asks for
  from: {record: demand, labels: {entry: entry}, value: cores_share, add: last}
tow_demand_pilots:
  help: pilots that have as many cores as the share of an entry asks for
  from: {record: demand, labels: {entry: entry}, value: pilots_share, add: last}
tow_plan_pilots:
  help: pilots that the decision sends or takes back
  from: {record: request, labels: {entry: entry, group: group}, by: action,
         values: {submit: submit, remove: remove}}
tow_plan_step:
  help: the step of the decision that had the last word, always 1
  from: {record: request, labels: {entry: entry, group: group, step: because.-1.step}, value: 1, add: last}
tow_entry_breaker_state:
  help: 0 closed, 1 half open, 2 open; an open breaker sends no pilots
  from: {record: memory, labels: {entry: entry}, value: breaker, words: {half_open: 1, open: 2}, absent: 0, add: last}
tow_pilots_submitted_total:
  kind: counter
  help: pilots that were sent
  from: {record: submission, labels: {entry: entry}, unless: {dry_run: true}, value: sent, once: [request]}
tow_submissions_failed_total:
  kind: counter
  help: requests that could not be carried out, by the class of the error
  from: {record: submission, labels: {entry: entry, kind: error.kind}, require: error.kind,
         unless: {dry_run: true}, value: 1, once: [request]}
tow_pilots_removed_total:
  kind: counter
  help: pilots that were asked to end
  from: {record: removal, labels: {entry: entry}, unless: {dry_run: true}, value: removed, once: [request]}
tow_removals_failed_total:
  kind: counter
  help: requests to remove that could not be carried out, by the class of the error
  from: {record: removal, labels: {entry: entry, kind: error.kind}, require: error.kind,
         unless: {dry_run: true}, value: 1, once: [request]}
tow_held_actions_total:
  kind: counter
  help: what was done about held pilots; counted each time that it is read
  from: {record: held, labels: {entry: entry, action: action, code: hold_code},
         where: {action: [release, remove]}, unless: {dry_run: true}, value: 1}
tow_pilots_held:
  help: held pilots that were looked at, by hold code
  from: {record: held, labels: {entry: entry, code: hold_code}, value: 1}
tow_used_core_seconds_total:
  kind: counter
  help: core seconds that pilots used
  from: {record: usage, each: days, labels: {entry: entry}, value: .core_seconds, once: [.day]}
tow_used_pilots_total:
  kind: counter
  help: pilots that started
  from: {record: usage, each: days, labels: {entry: entry}, value: .pilots, once: [.day]}
tow_cost_total:
  kind: counter
  help: what pilots cost
  from: {record: usage, each: days, labels: {entry: entry, currency: currency}, value: .cost, once: [.day]}
tow_committed_core_seconds:
  help: core seconds of living pilots from now to the end of their wall time
  from: {record: usage, labels: {entry: entry}, value: committed.core_seconds}
tow_committed_cost:
  help: what living pilots will cost to the end of their wall time
  from: {record: usage, labels: {entry: entry, currency: currency}, value: committed.cost}
tow_overrides:
  help: overrides by operators that hold
  from: {record: override, forbid: lifted_at, value: 1}
tow_gaps:
  help: what could not be seen, by source
  from: {record: gap, labels: {scope: scope, source: source, kind: error.kind}, value: 1}
tow_observed_timestamp_seconds:
  help: when the oldest of the observations was made that a decision rests on
  from:
    - {record: job_group, labels: {record: =job_group, source: source}, value: observed_at, add: min}
    - {record: entry, labels: {record: =entry}, value: observed_at, add: min}
    - {record: pilot_count, labels: {record: =pilot_count}, value: observed_at, add: min}
    - {record: usage, labels: {record: =usage}, value: observed_at, add: min}
    - {record: check, labels: {record: =check}, value: observed_at, add: min}
tow_check_state:
  help: 0 ok, 1 warning, 2 critical, 3 unknown
  from: {record: check, labels: {check: check, target: target, server: server, proxy: proxy}, value: state,
         words: {ok: 0, warning: 1, critical: 2, unknown: 3}, add: max}
tow_check_value:
  help: what a check measured, where it is a plain number
  from: {record: check, labels: {check: check, target: target, server: server, proxy: proxy},
         forbid: unit, value: value, add: last}
tow_check_value_seconds:
  help: what a check measured
  from: {record: check, labels: {check: check, target: target, server: server, proxy: proxy},
         where: {unit: seconds}, value: value, add: last}
tow_check_value_bytes:
  help: what a check measured
  from: {record: check, labels: {check: check, target: target, server: server, proxy: proxy},
         where: {unit: bytes}, value: value, add: last}
tow_check_value_ratio:
  help: what a check measured
  from: {record: check, labels: {check: check, target: target, server: server, proxy: proxy},
         where: {unit: ratio}, value: value, add: last}
tow_last_success_timestamp_seconds:
  help: when the last run of a pipeline began that was done
  from: {record: run, labels: {pipeline: name}, value: last_success_at, add: max}
tow_last_run_timestamp_seconds:
  help: when the last run of a pipeline began
  from: {record: run, labels: {pipeline: name}, value: started_at, add: max}
tow_run_duration_seconds:
  help: how long the last run of a pipeline took
  from: {record: run, labels: {pipeline: name}, value: seconds, add: last}
tow_run_exit_status:
  help: exit code of the last run of a pipeline
  from: {record: run, labels: {pipeline: name}, value: exit_code, add: last}
tow_run_failures:
  help: runs of a pipeline in a row, up to the last, that were not done
  from: {record: run, labels: {pipeline: name}, value: failures, add: last}
tow_run_stage_duration_seconds:
  help: how long the slowest command of a stage took
  from: {record: run, each: stages, labels: {pipeline: name, stage: .stage}, value: .seconds, add: max}
tow_runs_total:
  kind: counter
  help: runs of pipelines that were seen, by how they ended
  from: {record: run, labels: {pipeline: name, state: state}, where: {state: [done, failed, timeout, interrupted, killed]},
         value: 1, once: [started_at]}
tow_records:
  help: records in the stream, by type
  from: {record: any, labels: {record: type}, value: 1}
)yaml";

}  // namespace

std::string_view builtin_mapping() noexcept {
    return kMapping;
}

}  // namespace tow::metrics
