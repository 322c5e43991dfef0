#!/bin/bash
# An operator's loop: cap entries with the ticket that asks for it, see what that changes in the next
# decision, and how to end it. Nothing is sent or taken back here: the next cycle does that.
# usage: cap.sh PATTERN KEY=VALUE UNTIL WHY        cap.sh 'T2_*' max_pilots=10 4h 'ticket 1234'
set -euo pipefail
pattern=${1:?usage: cap.sh PATTERN KEY=VALUE UNTIL WHY}; value=$2; until=$3; why=$4
decide() {
  { tow-jobs condor || :; tow-entries; tow-pilots --dry-run || :; } | tow-demand | tow-plan -o csv --columns entry,submit,remove
}

before=$(decide)
id=$(tow-override set "$pattern" "$value" --until "$until" --why "$why" -o jsonl | jq -r .override)
if diff <(echo "$before") <(decide); then echo "no difference in the next decision"; fi
tow-override list -o table
echo "to end it now: tow-override lift $id"
