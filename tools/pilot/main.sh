
# The whole of it, phase by phase.

finish() { # OUTCOME CODE REASON
  trap '' TERM INT HUP USR1; trap - EXIT
  outcome=$1; code=$2; reason=$3; stage=${phase:-start}
  if [ "$code" -eq 0 ]; then end_phase ok; else end_phase failed "$reason"; fi
  if [ -n "$work" ]; then
    tell_jobs; jobs_told=$jobs_ended
    begin_phase shutdown; stop_daemons; tell_jobs; end_leftovers; end_phase ok
    # Of those that were still at work, the history of the startd has only the ones that came to their end.
    evicted=$((jobs_running - (jobs_ended - jobs_told)))
    [ $evicted -le 0 ] || jobs_evicted=$((jobs_evicted + evicted))
    [ "$outcome" != no_work ] || [ "$jobs_ended" -eq 0 ] || outcome=ok
  fi
  report "$outcome" "$code"
  write_xml "$code"
  tell_logs >&2
  [ -z "$work" ] || rm -rf "$work"
  exit "$code"
}

on_signal() { signal=$1; finish removed 143 "SIG$1 from the batch system, while in ${phase:-start}"; }

main() {
  script=$0
  case ${1:-} in
    --version) echo "tow-pilot (aerotow) $tow_pilot_version"; exit ;;
    --help) echo 'usage: tow-pilot [--check] [CONFIGURATION]     see tow-pilot(1)'; exit ;;
    --dump-cli-spec) echo '{"name":"tow-pilot","summary":"what is sent to a resource, joins a pool of HTCondor and pulls jobs"}'; exit ;;
  esac
  only_check=
  [ "${1:-}" != --check ] || { only_check=true; shift; }
  configuration=${1:-tow-pilot.conf}
  [ -n "${1:-}" ] || [ -r "$configuration" ] || configuration=$(dirname "$0")/tow-pilot.conf
  absolute configuration; absolute script; here=${configuration%/*}
  introduce
  trap 'finish broken 70 "tow-pilot itself failed"' EXIT
  trap 'on_signal TERM' TERM; trap 'on_signal INT' INT; trap 'on_signal HUP' HUP; trap 'wants_report=true' USR1
  read_settings "$configuration" || finish broken 70 "$problem"
  enter_cvmfsexec "$configuration"

  begin_phase probe; choose_scratch; probe_node; end_phase ok
  begin_phase validate
  validate || case $failed_check in
    credential) finish credential_failed 11 "$reason" ;;
    *) finish validation_failed 10 "$reason" ;;
  esac
  set_lifetime || case $limited_by in
    credential) failed_check=credential; failed_kind=VO_Proxy; finish credential_failed 11 "$problem" ;;
    *) finish too_short 15 "$problem" ;;
  esac
  end_phase ok
  begin_phase htcondor
  find_htcondor || finish no_htcondor 12 "$problem"
  is_required container; check container $required site WN_Resource check_container
  [ -z "$failed_check" ] || finish validation_failed 10 "$reason"
  [ -z "$only_check" ] || finish no_work 0 'only checked'
  write_configuration || finish validation_failed 10 "scratch: cannot write the configuration"
  end_phase ok
  begin_phase contact; contact; end_phase ok
  begin_phase join; join; end_phase ok
  begin_phase run; watch
}

# Nothing is done before the whole of the file has been read.
main "$@"
