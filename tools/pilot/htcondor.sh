
# HTCondor: one that is there already, or one that is fetched; and what containers there are to run jobs in.

# prefix, sbin, bin, libexec, htcondor_version: those of the HTCondor in this folder, if it runs here.
use_htcondor() { # FOLDER
  prefix=$1; sbin=$1/sbin; bin=$1/bin; libexec=$1/libexec
  [ -x "$sbin/condor_master" ] && [ -x "$sbin/condor_startd" ] || return 1
  [ ! -d "$1/libexec/condor" ] || libexec=$1/libexec/condor
  # shellcheck disable=SC2016 # that is what it prints
  htcondor_version=$(bounded 30 "$bin/condor_version" 2>/dev/null | sed -n 's/^\$CondorVersion: \([0-9.]*\) .*/\1/p')
  [ -n "$htcondor_version" ]
}

fetch() { # URL FILE
  case $1 in
    /*) cp "$1" "$2" ;;
    *) if command -v curl >/dev/null; then
         bounded 600 curl -sSfL --proto '=http,https' --retry 2 --connect-timeout 20 --max-filesize 2000000000 -o "$2" "$1"
       else
         bounded 600 wget -q --tries=3 --timeout=20 -O "$2" "$1"
       fi ;;
  esac
}

# A tarball is only believed by its checksum: who could change it would own the jobs.
fetch_htcondor() {
  mkdir "$work/htcondor" &&
    fetch "$pilot_htcondor_tarball" "$work/htcondor.tar" 2>"$work/fetch.log" ||
    { problem="$pilot_htcondor_tarball: $(tail -n 1 "$work/fetch.log")"; return 1; }
  sum=$(sha256sum <"$work/htcondor.tar"); sum=${sum%% *}
  [ "$sum" = "$pilot_htcondor_sha256" ] || { problem="$pilot_htcondor_tarball has the checksum $sum"; return 1; }
  bounded 300 tar -xf "$work/htcondor.tar" -C "$work/htcondor" 2>"$work/fetch.log" ||
    { problem="tar: $(tail -n 1 "$work/fetch.log")"; return 1; }
  rm -f "$work/htcondor.tar"
  for folder in "$work/htcondor" "$work/htcondor"/*; do use_htcondor "$folder" && return 0; done
  problem="$pilot_htcondor_tarball holds no HTCondor that runs here"; return 1
}

find_htcondor() {
  problem='none is installed'
  set -f; IFS=$newline
  for folder in $pilot_htcondor_paths; do
    unset IFS; set +f
    use_htcondor "$folder" && return 0
    problem="$folder holds no HTCondor that runs here"
  done
  unset IFS; set +f
  if [ -n "$pilot_htcondor_tarball" ]; then fetch_htcondor; return; fi
  [ -z "$pilot_htcondor_paths" ] || return 1
  master=$(command -v condor_master) && use_htcondor "$(cd "$(dirname "$master")/.." && pwd)"
}

# container, container_version: the first apptainer that really runs something here. To be there is not enough: it
# may be set up for other users, or the kernel may refuse.
check_container() {
  container=; container_version=; message='neither apptainer nor singularity is there'
  image=$pilot_container_image; expected=0; in_it=/bin/true
  [ -n "$image" ] || { image=$libexec/singularity_test_sandbox; expected=37; in_it=/exit_37; }
  for candidate in "$pilot_apptainer" apptainer singularity "$cvmfs_base/oasis.opensciencegrid.org/mis/apptainer/bin/apptainer"; do
    [ -n "$candidate" ] && candidate=$(command -v "$candidate") || continue
    answer=$(bounded 20 "$candidate" exec --contain "$image" "$in_it" 2>&1 </dev/null); status=$?
    if [ "$status" -eq "$expected" ]; then
      container=$candidate
      container_version=$(bounded 10 "$candidate" --version 2>/dev/null | sed -n '1s/.*[ -]\([0-9][0-9.]*\).*/\1/p')
      message="$candidate $container_version"
      return 0
    fi
    message="$candidate: status $status, $(printf '%s' "$answer" | tail -n 1)"
  done
  return 2
}

# Where a repository is not mounted, cvmfsexec can mount it for us and ours: the pilot begins once more inside.
enter_cvmfsexec() { # CONFIGURATION
  [ -n "$pilot_cvmfsexec" ] && [ -z "${TOW_PILOT_CVMFSEXEC:-}" ] || return 0
  missing=
  for repository in $pilot_cvmfs; do cvmfs_is_there "$repository" || missing=$repository; done
  [ -n "$missing" ] && [ -x "$pilot_cvmfsexec" ] || return 0
  export TOW_PILOT_CVMFSEXEC=1
  # shellcheck disable=SC2086 # a list of words
  exec "$pilot_cvmfsexec" $pilot_cvmfs -- /bin/sh "$script" ${only_check:+--check} "$1"
}
