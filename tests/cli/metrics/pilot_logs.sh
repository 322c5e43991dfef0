# What tow-logs tells of pilots: each counts once, however often it is told; one that lives does not count.
log() { # PILOT OUTCOME CAUSE ACTOR WALL WASTED
  printf '{"type":"pilot_log","v":1,"pilot":"%s","entry":"A","outcome":"%s","cause":"%s","actor":"%s","cores":4,"wall_seconds":%s,"wasted_core_seconds":%s}\n' "$@"
}
stream() {
  log P1 ok none nobody 1000 400; log P2 validation_failed site.cvmfs site 60 240; log P3 validation_failed site.cvmfs site 40 160
  log P4 running none nobody 7 28
  # Its output is lost: it wasted nobody knows how much.
  echo '{"type":"pilot_log","v":1,"pilot":"P5","entry":"A","outcome":"lost","wall_seconds":500}'
}
show() { tow-metrics --text prometheus | grep -E '^tow_pilot_' ; }
stream | show; echo; stream | show | cksum; stream | show | cksum
echo; echo "more output of P2 was found"
log P2 validation_failed site.cvmfs site 70 280 | show | grep -E 'validation'
echo; echo '{"type":"pilot_summary","v":1,"by":"day","group":"2026-11-21T00:00:00Z","pilots":5,"good":2,"wall_seconds":10,"core_seconds":40,"waste_ratio":0.25,"jobs_run":1}' | show | grep summary
