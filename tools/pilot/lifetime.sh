
# How long: what ends first of the batch job, the credential and what the entry allows.
#
#     now ........ retires_at ......... ends_at ..... the limit
#      jobs are taken   the longest job    the grace, for ending and telling

# expiry: when the token ends, in seconds since 1970; nothing if it says nothing. Its content goes through pipes
# only. Status 1: it is no token.
set_token_expiry() {
  expiry=
  claims=$(cut -s -d. -f2 <"$1" 2>/dev/null | head -n 1 | tr -d '\r\n' | tr '_-' '/+' |
    awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d 2>/dev/null | tr -d '\000-\037')
  case $claims in '{'*'}') ;; *) claims=; return 1 ;; esac
  expiry=$(printf %s "$claims" | sed -n 's/.*"exp"[ ]*:[ ]*\([0-9][0-9]*\).*/\1/p'); claims=
  set_number "$expiry"; expiry=$number
}

# The same of an X.509 proxy. Without openssl it is unknown.
set_proxy_expiry() {
  expiry=
  command -v openssl >/dev/null || return 0
  end=$(openssl x509 -noout -enddate -in "$1" 2>/dev/null) || return 1
  expiry=$(date -d "${end#notAfter=}" +%s 2>/dev/null) || expiry=
}

# The limit of one more kind, if it is the first to end.
limit_by() { # NAME SECONDS_SINCE_1970
  set_number "$2"
  [ -n "$number" ] && [ "$number" -gt 0 ] || return 0
  [ -n "$limit_at" ] && [ "$limit_at" -le "$number" ] || { limit_at=$number; limited_by=$1; }
}

limit_by_batch() {
  set_number "${AEROTOW_WALLTIME_SECONDS:-}"
  [ -z "$number" ] || limit_by walltime $((started + number))
  limit_by walltime "${SLURM_JOB_END_TIME:-}"
  set_number "${PBS_WALLTIME:-}"
  [ -z "$number" ] || limit_by walltime $((started + number))
  # Machine/Job Features (HSF-TN-2016-02)
  for file in "${JOBFEATURES:-/none}/wall_limit_secs" "${MACHINEFEATURES:-/none}/shutdowntime"; do
    [ -r "$file" ] || continue
    set_value_of "$file"; set_number "$value"
    case $file in *wall_limit_secs) [ -z "$number" ] || limit_by walltime $((started + number)) ;; *) limit_by walltime "$number" ;; esac
  done
}

# Sets ends_at and retires_at; nothing: never. Why not, in `problem`, and status 1.
set_lifetime() {
  limit_at=; limited_by=; ends_at=; retires_at=; problem=
  now=$(date +%s)
  limit_by_batch
  [ -z "$credential_expiry" ] || limit_by credential "$credential_expiry"
  if [ -n "$limit_at" ]; then
    ends_at=$((limit_at - pilot_grace))
    # A job of unknown length may be anything: a tenth of the life is kept free for it.
    retires_at=$((ends_at - ${pilot_longest_job:-$(((ends_at - started) / 10))}))
  fi
  if [ -n "$pilot_retire_after" ]; then
    at=$((started + pilot_retire_after))
    [ -n "$retires_at" ] && [ "$retires_at" -le $at ] || { retires_at=$at; limited_by=lifetime; }
    at=$((at + ${pilot_longest_job:-$((pilot_retire_after / 10))}))
    [ -n "$ends_at" ] && [ "$ends_at" -le $at ] || ends_at=$at
  fi
  # Pilots that began together shall not end together.
  if [ -n "$retires_at" ] && [ "$pilot_retire_spread" -gt 0 ]; then
    [ -n "$spread" ] || spread=$(($(od -An -N2 -tu2 /dev/urandom) % pilot_retire_spread))
    retires_at=$((retires_at - spread)); ends_at=$((ends_at - spread))
  fi
  [ -n "$retires_at" ] && [ "$retires_at" -le "$now" ] || return 0
  problem="$((limit_at - now)) s are left, of which the longest job needs $((ends_at - retires_at)) and the end $pilot_grace"
  return 1
}

# Looks at what the pilot carries: credential_expiry is the first to end. Status 1 and why in `problem`.
look_at_credentials() {
  credential_expiry=; problem=
  now=$(date +%s)
  [ -n "$token$scitoken$proxy" ] || { problem='no credential came along'; return 1; }
  for file in "$token" "$scitoken" "$proxy"; do
    [ -n "$file" ] || continue
    [ -s "$file" ] && [ -r "$file" ] || { problem="${file##*/} is missing, empty or unreadable"; return 1; }
    if [ "$file" != "$proxy" ]; then
      set_token_expiry "$file" || { problem="${file##*/} is no token"; return 1; }
    else
      set_proxy_expiry "$file" || { problem="${file##*/} is no X.509 proxy"; return 1; }
    fi
    [ -n "$expiry" ] || continue
    [ "$expiry" -gt "$now" ] || { set_date "$expiry"; problem="${file##*/} expired at $date_text"; return 1; }
    [ -n "$credential_expiry" ] && [ "$credential_expiry" -le "$expiry" ] || credential_expiry=$expiry
  done
}
