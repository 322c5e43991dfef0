#!/bin/bash
# Whose jobs no entry takes, since when, and what would help: for a daily mail. Silent if there are none.
set -euo pipefail
{ tow-jobs condor; tow-entries; } | tow-why --unmatched | jq -rs '
  (map(select(.type == "job_group")) | INDEX(.id)) as $groups
  | map(select(.type == "reason" and .order == 1))[]
  | $groups[.job] as $group
  | "\(.idle_jobs) jobs of \($group.users // ["?"] | join(", ")), \(($group.oldest_idle_seconds // 0) / 3600 | floor) h idle:",
    "    \(.clause)\(if .together then " (and what stands together with it)" else "" end)",
    (.would_match_if // empty | "    would match if  \(.)")'
