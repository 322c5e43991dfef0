
# Settings are assignments to pilot_* in a file beside this script, which tow-submit writes: pilot_idle=1200. These
# are the defaults; tow-pilot(1) says what they mean.
set_defaults() {
  pilot_collector='' pilot_start='' pilot_attributes='' pilot_attribute_names='' pilot_config=''
  pilot_htcondor_paths='' pilot_htcondor_tarball='' pilot_htcondor_sha256='' pilot_scratch='' pilot_heartbeat=''
  pilot_require='' pilot_check_scripts='' pilot_cvmfs='' pilot_cvmfsexec='' pilot_apptainer='' pilot_container_image=''
  pilot_slots=partitionable pilot_longest_job='' pilot_retire_after='' pilot_max_jobs=''
  pilot_idle=1200 pilot_grace=60 pilot_retire_spread=0 pilot_claim_worklife=3600 pilot_join_timeout=300
  pilot_check_timeout=300 pilot_clock_skew=300 pilot_min_disk=1073741824 pilot_gpus=0 pilot_io_slots=0
  pilot_cpu_percent=100 pilot_memory_percent=100 pilot_report_every=600 pilot_log_limit=4194304
}

# Status 1 and `problem`: the configuration is wrong.
read_settings() { # FILE
  set_defaults
  [ -r "$1" ] || { problem="there is no configuration: $1"; return 1; }
  sh -n "$1" 2>/dev/null || { problem="$1 is no file of assignments"; return 1; }
  # shellcheck source=/dev/null
  . "$1"
  for name in longest_job retire_after max_jobs idle grace retire_spread claim_worklife join_timeout check_timeout \
    clock_skew min_disk gpus io_slots cpu_percent memory_percent report_every log_limit; do
    eval "value=\$pilot_$name"
    set_number "$value"
    case $name$number in
      longest_job|retire_after|max_jobs) [ -z "$value" ] ;;
      *) [ -n "$number" ] ;;
    esac || { problem="$name: expected a whole number, not $value"; return 1; }
    eval "pilot_$name=\$number"
  done
  [ "$pilot_slots" = partitionable ] || { set_number "$pilot_slots"; pilot_slots=${number:-1}; }
  [ "$pilot_slots" != 0 ] || pilot_slots=1
  [ -n "$pilot_collector" ] || { problem='collector: not set'; return 1; }
  [ -z "$pilot_htcondor_tarball" ] || [ -n "$pilot_htcondor_sha256" ] ||
    { problem='htcondor_sha256: a tarball needs its checksum'; return 1; }
}

absolute() { # VARIABLE: a path of ours, before we go elsewhere
  eval "case \$$1 in ''|/*) ;; *) $1=\$PWD/\$$1 ;; esac"
}

introduce() {
  head_id=${AEROTOW_PILOT_ID:-unknown}; entry=${AEROTOW_ENTRY:-unknown}; rank=${SLURM_PROCID:-0}
  # Names have only these characters; they go into files of HTCondor and into XML.
  head_id=$(printf %s "$head_id" | tr -cd 'A-Za-z0-9_.-'); entry=$(printf %s "$entry" | tr -cd 'A-Za-z0-9_.+@:-')
  rank=$(printf %s "$rank" | tr -cd 0-9)
  node=$(uname -n | tr -cd 'A-Za-z0-9_.-')
  set_json "$head_id"; head_pilot=$json; set_json "$entry"; head_entry=$json; set_json "$node"; head_node=$json
  token=${AEROTOW_IDTOKEN_FILE:-} scitoken=${BEARER_TOKEN_FILE:-} proxy=${X509_USER_PROXY:-}
  absolute token; absolute scitoken; absolute proxy
  set_number "${AEROTOW_CPUS:-1}"; cpus=${number:-1}; cores=$cpus
  set_number "${AEROTOW_MEMORY_BYTES:-}"; memory=${number:-1073741824}
  started=$(date +%s); set_clock; start_clock=$clock
  phases=; phase_clock=; phase=; stage=start; reason=; outcome=; signal=; failed_check=; failed_kind=; spread=; draining=
  work=; master_pid=; container=; htcondor_version=; credential_expiry=; ends_at=; retires_at=; limited_by=
  jobs_ended=0; jobs_succeeded=0; jobs_failed=0; jobs_evicted=0; busy_hundredths=0; history_size=0; first_job_at=; connected_at=
  wants_report=; cvmfs_base=${CVMFS_MOUNT_DIR:-/cvmfs}
  set_batch; fields=
  add_text version "$tow_pilot_version"; add pid $$; add_text user "$(id -un 2>/dev/null || id -u)"; add batch "{$batch}"
  set_number "${AEROTOW_WALLTIME_SECONDS:-}"; add walltime_seconds "$number"
  add cpus "$cpus"; add memory_bytes "$memory"
  [ -n "${TOW_PILOT_CVMFSEXEC:-}" ] || tell start "$fields"  # it was told outside
}
