
# May jobs come here: each check says ok, warning, failed or skipped, and one line. What is required and fails
# ends the pilot.

# check: a function that says its line in `message` and answers with its status: 0 ok, 1 warning, 3 skipped, else
# failed, which is only a warning where the check is not required. Class: who acts. Kind: the word of GlideinWMS for the class of the failure.
check() { # NAME true|false CLASS KIND FUNCTION [ARGUMENT]
  set_clock; check_clock=$clock; message=; required=$2; class=$3; kind=$4; name=$1
  if "$5" ${6:+"$6"}; then status=0; else status=$?; fi
  case $status$required in 0*) state=ok ;; 1*|[!3]*false) state=warning ;; 3*) state=skipped ;; *) state=failed ;; esac
  since "$check_clock"
  fields=; add_text message "$message"
  set_json "$name"
  tell check ",\"check\":$json,\"state\":\"$state\",\"required\":$required$fields,\"seconds\":$seconds,\"class\":\"$class\",\"kind\":\"$kind\""
  if [ $state = failed ] && [ -z "$failed_check" ]; then
    failed_check=$name; failed_kind=$kind; reason="$name: $message"
  fi
  [ $state = ok ]
}

# The first place where files can be made; `work` is our folder there. HTCondor and jobs live in it.
choose_scratch() {
  work=; scratch_problem='there is no place'
  for scratch in "$pilot_scratch" "${_CONDOR_SCRATCH_DIR:-}" "${SLURM_TMPDIR:-}" "${TMPDIR:-}" /tmp; do
    [ -n "$scratch" ] || continue
    if work=$(umask 077; mktemp -d "$scratch/tow-pilot-XXXXXX" 2>&1); then
      if head -c 1048576 /dev/zero 2>/dev/null >"$work/try" && [ "$(wc -c <"$work/try")" -eq 1048576 ]; then
        rm -f "$work/try"; return 0
      fi
      scratch_problem="$scratch: no room for 1 MiB"
      rm -rf "$work"
    else
      scratch_problem=$work
    fi
    work=
    [ "$scratch" != "$pilot_scratch" ] || return 1  # said by the entry: there or nowhere
  done
  return 1
}

check_scratch() {
  [ -n "$work" ] || { message=$scratch_problem; return 2; }
  message="$((${node_disk:=0} / 1048576)) MiB free in $scratch"
  [ "$node_disk" -ge "$pilot_min_disk" ] || { message="$message, $((pilot_min_disk / 1048576)) are needed"; return 2; }
  # HTCondor makes sockets below it, whose names have at most 107 bytes.
  [ ${#work} -le 75 ] || { message="$message: the name of the folder is too long"; return 2; }
}

check_credential() {
  look_at_credentials || { message=$problem; return 2; }
  message='without an end'
  [ -z "$credential_expiry" ] || { set_date "$credential_expiry"; message="good until $date_text"; }
}

# What the batch system was asked for is there, or jobs will be killed for what they were promised.
check_shape() {
  message="$node_cpus cores, $((${node_memory:-0} / 1048576)) MiB, $gpus GPUs; promised: $cpus, $((memory / 1048576)), $pilot_gpus"
  [ "$gpus" -ge "$pilot_gpus" ] || return 2
  [ "$node_cpus" -ge "$cpus" ] && [ "${node_memory:-$memory}" -ge "$memory" ] || return 1
}

check_user_namespaces() { [ "$user_namespaces" = true ] || { message='the kernel refuses them'; return 2; }; }

check_outbound() {
  message=$pilot_collector
  case $outbound in true) ;; false) message="$message is not reached"; return 2 ;; *) return 3 ;; esac
}

cvmfs_is_there() { # REPOSITORY: a mount that hangs is none
  [ -n "$(bounded 10 ls -A "$cvmfs_base/$1" 2>/dev/null)" ]
}

# The binary that is shipped with the pilot knows much more than whether there is something.
check_cvmfs() { # REPOSITORY
  node_tool=$here/tow-cvmfs-node
  [ -x "$node_tool" ] || chmod u+x "$node_tool" 2>/dev/null
  if [ -x "$node_tool" ] && "$node_tool" --help >/dev/null 2>&1; then
    answer=$(bounded 15 "$node_tool" --nagios --cvmfs-base "$cvmfs_base" --deadline 10s "$1" 2>&1)
    status=$?; message=${answer%%[|"$newline"]*}
    [ "$status" -ne 3 ] || status=2  # could not be looked at
    return "$status"
  fi
  message=$cvmfs_base/$1
  cvmfs_is_there "$1" || { message="$message is empty, not there or does not answer"; return 2; }
}

# Of the site or the experiment: exit status 0 ok, 1 warning, anything else failed; the first line it prints says why.
check_script() { # FILE, beside the configuration
  [ -x "$here/$1" ] || chmod u+x "$here/$1" 2>/dev/null
  # Not in $(...): a signal for the pilot is not answered before that has ended.
  (cd "$work" && TMPDIR=$work/ exec timeout -k 2 "$pilot_check_timeout" "$here/$1") >"$work/answer" 2>&1 </dev/null &
  wait $!; status=$?
  message=$(head -c 1000 "$work/answer" | head -n 1)
  [ "$status" -ne 124 ] || message="no answer in $pilot_check_timeout s"
  [ "$status" -ne 3 ] || status=2
  return "$status"
}

is_required() { # CHECK
  case " $pilot_require " in *" $1 "*) required=true ;; *) required=false ;; esac
}

validate() {
  failed_check=; failed_kind=
  check scratch true site WN_Resource check_scratch
  check credential true factory VO_Proxy check_credential
  is_required shape; [ "$pilot_gpus" -eq 0 ] || required=true
  check shape $required site WN_Resource check_shape
  is_required user_namespaces; check user_namespaces $required site WN_Resource check_user_namespaces
  is_required outbound; check outbound $required site Network check_outbound
  for repository in $pilot_cvmfs; do check "cvmfs:$repository" true site WN_Resource check_cvmfs "$repository"; done
  [ -n "$work" ] || return 1
  set -f; IFS=$newline
  for file in $pilot_check_scripts; do
    unset IFS; check "script:$file" true vo VO_Config check_script "$file"
  done
  unset IFS; set +f
  [ -z "$failed_check" ]
}
