
# What is told at the end, and now and then before.

# User jobs that have ended, from the history that the startd keeps: one line each, and the sums.
tell_jobs() {
  size=$(wc -c 2>/dev/null <"$work/log/startd_history") || size=0
  [ "$size" -gt "$history_size" ] || return 0
  history_size=$size
  awk -v told="$jobs_ended" '
    function text(line) { sub(/^[^=]*= "?/, "", line); sub(/"$/, "", line); gsub(/[^A-Za-z0-9@._#:-]/, "", line); return line }
    function number(line) { line = text(line); return line ~ /^[0-9]+(\.[0-9]+)?$/ ? line + 0 : 0 }
    /^GlobalJobId = / { id = text($0) }
    /^RemoteHost = / { slot = text($0); sub(/@.*/, "", slot) }
    /^JobStartDate = / { if (!start) start = number($0) }
    /^JobCurrentStartExecutingDate = / { start = number($0) }
    /^CompletionDate = / { ended = number($0) }
    /^JobDuration = / { duration = number($0) }
    /^CpusProvisioned = / { cpus = number($0) }
    /^ExitCode = / { code = text($0) }
    /^ExitSignal = / { signal = text($0) }
    /^ExitBySignal = true/ { by_signal = 1 }
    /^JobState = / { state = text($0) }
    /^\*\*\* / {
      if (match($0, / CurrentTime = [0-9]+/)) now = substr($0, RSTART + 15, RLENGTH - 15)
      if (++count > told) {
        split(id, part, "#")
        if (!ended || ended < start) ended = now
        if (!duration) duration = start ? ended - start : 0
        good = state == "Exited" && code == "0" && !by_signal
        how = state == "Exited" ? (good ? "succeeded" : "failed") : "evicted"
        printf "%s %d %d %d ", how, duration * cpus * 100 + 0.5, start, ended
        printf ",\"job\":\"%s\",\"schedd\":\"%s\",\"slot\":\"%s\" ", part[2], part[1], slot
        printf ",\"seconds\":%.2f,\"cpus\":%d", duration, cpus
        if (state == "Exited" && by_signal) printf ",\"signal\":%d", signal
        else if (state == "Exited") printf ",\"exit_code\":%d", code
        printf ",\"end\":\"%s\"\n", state == "Exited" ? "exited" : "evicted"
      }
      id = slot = code = signal = state = ""; start = ended = duration = cpus = by_signal = 0
    }' "$work/log/startd_history" >"$work/jobs.new"
  while read -r how hundredths start ended fields more; do
    jobs_ended=$((jobs_ended + 1)); busy_hundredths=$((busy_hundredths + hundredths))
    case $how in
      succeeded) jobs_succeeded=$((jobs_succeeded + 1)) ;;
      failed) jobs_failed=$((jobs_failed + 1)) ;;
      *) jobs_evicted=$((jobs_evicted + 1)) ;;
    esac
    [ -n "$first_job_at" ] && [ "$first_job_at" -le "$start" ] || first_job_at=$start
    set_date "$start"; fields="$fields,\"started_at\":\"$date_text\""
    set_date "$ended"; fields="$fields,\"ended_at\":\"$date_text\""
    tell job "$fields$more"
  done <"$work/jobs.new"
}

add_time() { [ -z "$2" ] || { set_date "$2"; fields="$fields,\"$1\":\"$date_text\""; }; }

set_report() { # OUTCOME and CODE, or nothing if it goes on
  since "$start_clock"; life=$seconds
  set_seconds "$busy_hundredths"
  fields=
  if [ -n "${1:-}" ]; then add final true; add_text outcome "$1"; add exit_code "$2"; else add final false; fi
  add_text stage "$stage"; add_text reason "$reason"; add_text failed_check "$failed_check"; add_text signal "$signal"
  add_time started_at "$started"; add_time connected_at "$connected_at"; add_time first_job_at "$first_job_at"
  add_time retires_at "$retires_at"; add_time expires_at "$ends_at"; add_text expires_by "$limited_by"
  fields="$fields,\"seconds\":$life,\"phases\":{$phases},\"cores\":$cores"
  fields="$fields,\"jobs\":{\"ended\":$jobs_ended,\"succeeded\":$jobs_succeeded,\"failed\":$jobs_failed,\"evicted\":$jobs_evicted}"
  fields="$fields,\"busy_core_seconds\":$seconds"
  add_text htcondor "$htcondor_version"
}

report() { set_report "$@"; tell report "$fields"; write_heartbeat; }

# For sites where nothing but a shared file system leads outside: the newest report, whole or not at all.
write_heartbeat() {
  [ -n "$pilot_heartbeat" ] || return 0
  beat=$pilot_heartbeat/$head_id.$node.$rank.json
  tell report "$fields" 2>/dev/null >"$beat.new" && mv "$beat.new" "$beat" 2>/dev/null
}

set_xml() { # xml: the text as XML
  xml=$(printf %s "$1" | tr -d '\000-\010\013-\037' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g')
}

# The OSG test result, for tools that know GlideinWMS.
write_xml() { # CODE
  set_xml "$reason"; detail=$xml; set_xml "$failed_check"; id=$xml; set_xml "$node"
  begun=$(date -d "@$started" +%Y-%m-%dT%H:%M:%S%:z); now=$(date +%Y-%m-%dT%H:%M:%S%:z)
  status=OK; failure=
  if [ "$1" -ne 0 ]; then status=ERROR; failure="    <metric name=\"failure\" ts=\"$now\" uri=\"local\">${failed_kind:-Unknown}</metric>$newline"; fi
  [ -z "$id" ] || failure="$failure    <metric name=\"TestID\" ts=\"$now\" uri=\"local\">$id</metric>$newline"
  cat <<X
=== XML description of glidein activity ===
<?xml version="1.0"?>
<OSGTestResult id="tow-pilot" version="4.3.1">
  <operatingenvironment>
    <env name="glidein_entry">$entry</env>
    <env name="glidein_uuid">$head_id</env>
    <env name="hostname">$xml</env>
  </operatingenvironment>
  <test>
    <cmd>tow-pilot</cmd>
    <tStart>$begun</tStart>
    <tEnd>$now</tEnd>
  </test>
  <result>
    <status>$status</status>
    <metric name="outcome" ts="$now" uri="local">$outcome</metric>
$failure  </result>
  <detail>$detail</detail>
</OSGTestResult>
=== End XML description of glidein activity ===
X
}

# A log, its end if it is long, in lines that can be put together whatever stands between them.
tell_file() { # NAME FILE
  [ -s "$2" ] || return 0
  bytes=$(wc -c <"$2")
  kept=$bytes; [ "$kept" -le "$pilot_log_limit" ] || kept=$pilot_log_limit
  tail -c "$kept" "$2" >"$work/telling" 2>/dev/null && from=$work/telling || from=$2  # a disk that is full
  encoded=$(tail -c "$kept" "$from" | gzip -c | base64 -w 3000)
  sum=$(tail -c "$kept" "$from" | sha256sum); sum=${sum%% *}
  set_json "$1"; file_head=",\"name\":$json"
  set -f; IFS=$newline
  # shellcheck disable=SC2086 # lines
  set -- $encoded
  unset IFS; set +f
  parts=$#; part=0
  for chunk; do
    part=$((part + 1)); last=
    [ $part -lt $parts ] || last=",\"sha256\":\"$sum\""
    tell file "$file_head,\"part\":$part,\"parts\":$parts,\"bytes\":$kept,\"skipped_bytes\":$((bytes - kept)),\"encoding\":\"gzip+base64\"$last,\"data\":\"$chunk\""
  done
}

tell_logs() {
  [ -n "$work" ] || return 0
  for file in MasterLog StartLog; do tell_file $file "$work/log/$file"; done
  for file in "$work"/log/StarterLog.slot* "$work/log/pilot.log"; do
    [ ! -e "$file" ] || tell_file "${file##*/}" "$file"
  done
}
