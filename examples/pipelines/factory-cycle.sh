#!/bin/bash
# One cycle of a factory, for cron: look, decide, act. The decision is kept for replay.sh.
# Settings: tow-config(5). Nothing is printed if all is well.
set -euo pipefail
keep=${TOW_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/aerotow}/last-decision.jsonl
mkdir -p "$(dirname "$keep")"

# A source that fails says so in the stream, and tow-plan takes it into account: the cycle goes on.
{ tow-jobs condor || :; tow-entries; tow-pilots || :; } |
  tow-demand | tow-plan | tee "$keep" |
  tow-remove | tow-submit >/dev/null
