
# The life in the pool: is it there, are we in it, and until when.

# The last complaint of the daemons about the pool.
set_last_word() {
  last_word=$(grep -hE 'AUTHENTICATE|SECMAN|DENIED|Failed to connect|connect to <|update failed|CEDAR|ERROR' \
    "$work/log/StartLog" "$work/log/MasterLog" 2>/dev/null | tail -n 1 | cut -c 1-500)
  [ -n "$last_word" ] || last_word=$(tail -n 1 "$work/log/pilot.log" 2>/dev/null)
}

check_clock() { # the pool evaluates the condition, by its own clock
  message="within $pilot_clock_skew s of the pool's"
  [ -z "$answer" ] || { message="it differs by more than $pilot_clock_skew s from the pool's"; return 2; }
}

# Is there a pool, does it let us in, and has it our time? What cannot be asked is left to the daemons.
contact() {
  give_up_at=$(($(date +%s) + pilot_join_timeout))
  while :; do
    now=$(date +%s)
    answer=$(condor condor_status -collector -constraint \
      "time() - $now > $pilot_clock_skew || $now - time() > $pilot_clock_skew" -af Name 2>"$work/contact") && break
    last_word=$(tail -n 1 "$work/contact" | cut -c 1-500)
    case $(cat "$work/contact") in
      *AUTHENTICATE*) finish never_connected 13 "$pilot_collector: $last_word" ;;
      *onnect*|*resolv*|*address*|'') ;;
      *) return 0 ;;
    esac
    [ "$(date +%s)" -lt "$give_up_at" ] || finish never_connected 13 "$pilot_collector: ${last_word:-no answer}"
    pause 2
  done
  check clock true site WN_Resource check_clock || finish validation_failed 10 "$reason"
}

join() {
  give_up_at=$(($(date +%s) + pilot_join_timeout))
  start_daemons
  while daemons_live; do
    if is_busy || [ -n "$(condor condor_status -constraint \
        "AerotowPilotId == \"$head_id\" && AerotowRank == $rank" -af Name 2>/dev/null)" ]; then
      connected_at=$(date +%s); return 0
    fi
    [ "$(date +%s)" -lt "$give_up_at" ] || break
    pause 0.5
  done
  set_last_word
  if daemons_live; then finish never_connected 13 "not in the pool after $pilot_join_timeout s: $last_word"; fi
  wait "$master_pid"
  finish htcondor_failed 14 "condor_master ended with status $? before it was in the pool: $last_word"
}

renew_credential() {
  [ -n "$token" ] && [ "$token" -nt "$work/tokens.d/pool" ] || return 0
  (umask 077; cp "$token" "$work/tokens.d/new" && mv "$work/tokens.d/new" "$work/tokens.d/pool") || return 0
  if look_at_credentials; then set_lifetime; renew_policy; fi
}

watch() {
  next_report=$((connected_at + pilot_report_every)); next_beat=$connected_at
  while daemons_live; do
    pause 2
    now=$(date +%s)
    tell_jobs
    renew_credential
    if [ -n "$wants_report" ]; then wants_report=; report; tell_logs >&2; fi
    if [ "$now" -ge "$next_report" ]; then next_report=$((now + pilot_report_every)); report; fi
    if [ "$now" -ge "$next_beat" ]; then next_beat=$((now + 60)); set_report; write_heartbeat; fi
    [ -z "$ends_at" ] || [ "$now" -lt "$ends_at" ] || finish no_work 0 "the end of its life, by its $limited_by"
    is_busy && continue
    [ -z "$retires_at" ] || [ "$now" -lt "$retires_at" ] || finish no_work 0 "retired, by its $limited_by"
    [ -z "$pilot_max_jobs" ] || [ "$jobs_ended" -lt "$pilot_max_jobs" ] || finish no_work 0 "had its $pilot_max_jobs jobs"
  done
  wait "$master_pid"; status=$?
  [ $status -eq 0 ] && finish no_work 0 "idle for $pilot_idle s"
  set_last_word
  finish htcondor_failed 14 "condor_master ended with status $status: $last_word"
}
