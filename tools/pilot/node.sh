
# The node: what there is, and what the batch system lets us have of it.

# value: what the file says, up to 256 bytes of its first line; nothing if it cannot be read.
set_value_of() {
  value=
  # shellcheck disable=SC2229 # the name is meant
  { IFS= read -r value <"$1"; } 2>/dev/null || :
}

# Of the cgroup of this process, version 2 or 1: cgroup_version, cgroup_memory (bytes), cgroup_cpus. The limit that
# binds may be that of any group above.
probe_cgroup() {
  cgroup_version=; cgroup_memory=; cgroup_cpus=
  if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
    cgroup_version=2
    group=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
    while :; do
      set_value_of "/sys/fs/cgroup$group/memory.max"; note_limit "$value"
      set_value_of "/sys/fs/cgroup$group/cpu.max"
      case $value in
        max*|'') ;;
        *' '*) quota=$(((${value% *} + ${value#* } - 1) / ${value#* }))
          [ -n "$cgroup_cpus" ] && [ "$cgroup_cpus" -le "$quota" ] || cgroup_cpus=$quota ;;
      esac
      [ -n "$group" ] && [ "$group" != / ] || break
      group=${group%/*}
    done
  elif [ -d /sys/fs/cgroup/memory ]; then
    cgroup_version=1
    group=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup 2>/dev/null)
    for file in "/sys/fs/cgroup/memory$group" /sys/fs/cgroup/memory; do
      set_value_of "$file/memory.limit_in_bytes"; note_limit "$value"
    done
  fi
}

note_limit() { # version 1 says "none" with a number next to 2^63
  case $1 in
    ''|*[!0-9]*|????????????????*) ;;
    *) [ -n "$cgroup_memory" ] && [ "$cgroup_memory" -le "$1" ] || cgroup_memory=$1 ;;
  esac
}

probe_gpus() {
  gpus=0
  for file in /proc/driver/nvidia/gpus/*/information /sys/class/kfd/kfd/topology/nodes/*/gpu_id; do
    [ -r "$file" ] || continue
    case $file in *kfd*) set_value_of "$file"; [ "${value:-0}" != 0 ] || continue ;; esac
    gpus=$((gpus + 1))
  done
}

# outbound: whether the pool's port is reached from here. Without bash nobody here can tell: unknown.
probe_outbound() {
  outbound=
  address=${pilot_collector%%[, ]*}
  host=${address%:*}; port=${address##*:}
  [ "$port" != "$address" ] || port=9618
  case $host$port in *[!A-Za-z0-9.-]*|'') return 0 ;; esac
  command -v bash >/dev/null || return 0
  # shellcheck disable=SC2016 # bash reads them
  if bounded 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$host" "$port" 2>/dev/null; then outbound=true
  else outbound=false; fi
}

probe_node() {
  node_cpus=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
  probe_cgroup
  [ -z "$cgroup_cpus" ] || [ "$cgroup_cpus" -ge "$node_cpus" ] || node_cpus=$cgroup_cpus
  node_memory=$(awk '/^MemTotal:/ {printf "%.0f", $2 * 1024}' /proc/meminfo 2>/dev/null)
  [ -z "$cgroup_memory" ] || [ "$cgroup_memory" -ge "${node_memory:-$cgroup_memory}" ] || node_memory=$cgroup_memory
  node_disk=$(df -Pk "$scratch" 2>/dev/null | awk 'NR == 2 {printf "%.0f", $4 * 1024}')
  probe_gpus
  os=$(sed -n 's/^PRETTY_NAME="*\([^"]*\)"*$/\1/p' /etc/os-release 2>/dev/null)
  if bounded 5 unshare -Ur true >/dev/null 2>&1; then user_namespaces=true; else user_namespaces=false; fi
  probe_outbound
  fields=
  add cpus "$node_cpus"; add memory_bytes "$node_memory"; add disk_bytes "$node_disk"; add gpus "$gpus"
  add_text os "$os"; add_text kernel "$(uname -r)"; add_text arch "$(uname -m)"
  limits="${cgroup_memory:+,\"memory_bytes\":$cgroup_memory}${cgroup_cpus:+,\"cpus\":$cgroup_cpus}"
  [ -z "$cgroup_version" ] || add cgroup "{\"version\":$cgroup_version$limits}"
  add user_namespaces $user_namespaces; add outbound "$outbound"
  tell node "$fields"
}

# batch: the batch system whose job this is, as JSON.
set_batch() {
  fields=
  if [ -n "${SLURM_JOB_ID:-}" ]; then
    add_text system slurm; add_text job "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}"; add_text array_task "${SLURM_ARRAY_TASK_ID:-}"
  elif [ -n "${_CONDOR_JOB_AD:-}" ] && [ -r "$_CONDOR_JOB_AD" ]; then
    add_text system htcondor
    add_text job "$(sed -n 's/^GlobalJobId = "\(.*\)"$/\1/p' "$_CONDOR_JOB_AD")"
  elif [ -n "${PBS_JOBID:-}" ]; then add_text system pbs; add_text job "$PBS_JOBID"
  elif [ -n "${LSB_JOBID:-}" ]; then add_text system lsf; add_text job "$LSB_JOBID"
  elif [ -n "${JOB_ID:-}" ]; then add_text system gridengine; add_text job "$JOB_ID"
  fi
  batch=${fields#,}
}
