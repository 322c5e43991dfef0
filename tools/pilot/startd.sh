
# The startd: its configuration, its start, its end.

# The policy that the planner matched with, and on top of it how long the pilot lives.
write_policy() {
  has_container=false; [ -z "$container" ] || has_container=true
  cat <<X
AerotowPolicy = (${pilot_start:-true})
START = \$(AerotowPolicy)${retires_at:+ && time() < GLIDEIN_ToRetire}${pilot_max_jobs:+ && ifThenElse(isUndefined(JobStarts), 0, JobStarts) < $pilot_max_jobs}${draining:+ && false}
SUSPEND = false
PREEMPT = false
KILL = false
RANK = 0
MAXJOBRETIREMENTTIME = ${draining:+0 *} ${pilot_longest_job:-0}
MachineMaxVacateTime = $((pilot_grace / 3 + 1))
CLAIM_WORKLIFE = $pilot_claim_worklife
STARTD_NOCLAIM_SHUTDOWN = $pilot_idle
AerotowPilotId = $head_pilot
AerotowEntry = $head_entry
AerotowNode = $head_node
AerotowRank = $rank
GLIDEIN_ToRetire = ${retires_at:-undefined}
GLIDEIN_ToDie = ${ends_at:-undefined}
HAS_SINGULARITY = $has_container
X
}

# Fixed slots share evenly; a partitionable one is cut to what each job asks for. An I/O slot is on top of the
# cores: for jobs that wait for other machines most of the time and say so by WantIOSlot.
write_slots() {
  offered=$((cpus * pilot_cpu_percent / 100)); [ $offered -gt 0 ] || offered=1
  mebibytes=$((memory * pilot_memory_percent / 104857600))
  case $pilot_slots in
    partitionable) slots=1; partitionable=true ;;
    *) slots=$pilot_slots; partitionable=false ;;
  esac
  [ "$offered" -ge "$slots" ] || offered=$slots
  cores=$offered; share=$((90 / slots))%; [ "$slots" -le 90 ] || share=auto
  cat <<X
NUM_CPUS = $((offered + pilot_io_slots))
MEMORY = $((mebibytes + pilot_io_slots * 128))
NUM_SLOTS = $((slots + pilot_io_slots))
NUM_SLOTS_TYPE_1 = $slots
SLOT_TYPE_1 = cpus=$((offered / slots)), mem=$((mebibytes / slots)), disk=$share, swap=$share
SLOT_TYPE_1_PARTITIONABLE = $partitionable
X
  [ "$pilot_gpus" -eq 0 ] || echo "MACHINE_RESOURCE_INVENTORY_GPUs = $libexec/condor_gpu_discovery -properties"
  [ "$pilot_io_slots" -eq 0 ] || cat <<X
NUM_SLOTS_TYPE_2 = $pilot_io_slots
SLOT_TYPE_2 = cpus=1, mem=128, disk=1%, swap=1%
SLOT_TYPE_2_PARTITIONABLE = false
SLOT_TYPE_2_AerotowIOSlot = true
SLOT_TYPE_2_START = (\$(START)) && TARGET.WantIOSlot =?= true
X
}

write_configuration() {
  mkdir -p "$work/log" "$work/spool" "$work/execute" "$work/tokens.d" "$work/passwords.d" "$work/conf.d" || return 1
  [ -z "$token" ] || (umask 077; cp "$token" "$work/tokens.d/pool") || return 1
  {
    # What comes first can be said anew below: no attribute can change a setting of ours.
    printf '%s\n' "$pilot_attributes"
    cat <<X
RELEASE_DIR = $prefix
BIN = $bin
SBIN = $sbin
LIB = $prefix/lib
LIBEXEC = $libexec
LOCAL_DIR = $work
LOCAL_CONFIG_FILE =
LOCAL_CONFIG_DIR = $work/conf.d
LOG = $work/log
SPOOL = $work/spool
EXECUTE = $work/execute
RUN = $work/log
LOCK = $work/log
DAEMON_LIST = MASTER, STARTD
COLLECTOR_HOST = $pilot_collector
CONDOR_HOST = ${pilot_collector%%[:, ]*}
USE_SHARED_PORT = false
CCB_ADDRESS = \$(COLLECTOR_HOST)
UID_DOMAIN = pilot.local
FILESYSTEM_DOMAIN = $head_id.pilot.local
STARTD_NAME = tow-$head_id-$rank
MASTER_NAME = \$(STARTD_NAME)
SEC_DEFAULT_AUTHENTICATION = REQUIRED
SEC_DEFAULT_INTEGRITY = REQUIRED
SEC_DEFAULT_AUTHENTICATION_METHODS = IDTOKENS, SCITOKENS, FS
SEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS, SCITOKENS
SEC_TOKEN_DIRECTORY = $work/tokens.d
SEC_TOKEN_SYSTEM_DIRECTORY = $work/tokens.d
SEC_PASSWORD_DIRECTORY = $work/passwords.d
SEC_TOKEN_POOL_SIGNING_KEY_FILE = $work/passwords.d/POOL
SEC_ENABLE_MATCH_PASSWORD_AUTHENTICATION = true
# Beside the pool's own daemons it would take them for its family. Ours know each other by a key that they make.
SEC_USE_FAMILY_SESSION = false
ALLOW_READ = *
ALLOW_DAEMON = submit-side@matchsession, condor@child, condor@password, *@pilot.local
ALLOW_WRITE = \$(ALLOW_DAEMON)
ALLOW_ADMINISTRATOR = condor@child, condor@password, *@pilot.local
STARTD_HISTORY = $work/log/startd_history
MAX_DEFAULT_LOG = $pilot_log_limit
RUNBENCHMARKS = 0
STARTD_CRON_JOBLIST =
MASTER_UPDATE_INTERVAL = 300
UPDATE_INTERVAL = 300
STARTD_ATTRS = \$(STARTD_ATTRS) AerotowPilotId AerotowEntry AerotowNode AerotowRank GLIDEIN_ToRetire GLIDEIN_ToDie HAS_SINGULARITY AerotowIOSlot $pilot_attribute_names
X
    [ -z "$scitoken" ] || echo "SCITOKENS_FILE = $scitoken"
    [ -z "$container" ] || cat <<X
SINGULARITY = $container
SINGULARITY_JOB = !isUndefined(TARGET.SingularityImage) || !isUndefined(TARGET.ContainerImage)
SINGULARITY_IMAGE_EXPR = ifThenElse(isUndefined(TARGET.SingularityImage), TARGET.ContainerImage, TARGET.SingularityImage)
SINGULARITY_IGNORE_MISSING_BIND_TARGET = true
X
    [ -z "$container" ] || [ ! -d "$cvmfs_base" ] || echo "SINGULARITY_BIND_EXPR = \"$cvmfs_base\""
    write_slots
    printf '%s\n' "$pilot_config"
  } >"$work/condor_config" && write_policy >"$work/conf.d/policy"
}

condor() { # PROGRAM ARGUMENT...: within ten seconds, for a signal has to wait so long
  program=$1; shift
  CONDOR_CONFIG=$work/condor_config bounded 10 "$bin/$program" "$@" </dev/null
}

# New figures for a life that goes on, or ends.
renew_policy() {
  write_policy >"$work/policy.new" && mv "$work/policy.new" "$work/conf.d/policy" && kill -HUP "$master_pid" 2>/dev/null
}

start_daemons() {
  # If this script is killed outright, the kernel tells the daemons: nobody else would end them.
  with='setpriv --pdeathsig QUIT'
  $with true 2>/dev/null || with=
  CONDOR_CONFIG=$work/condor_config $with "$sbin/condor_master" -f </dev/null >"$work/log/pilot.log" 2>&1 &
  master_pid=$!
}

daemons_live() { [ -n "$master_pid" ] && kill -0 "$master_pid" 2>/dev/null; }

is_busy() { # every running job has a folder here
  set -- "$work"/execute/dir_*
  [ -e "$1" ]
}

pause() { sleep "$1" & wait $!; }

# Waits until they have ended, so many seconds at most.
await_end() {
  waited=0
  while daemons_live && [ $waited -lt $(($1 * 5)) ]; do sleep 0.2; waited=$((waited + 1)); done
  ! daemons_live
}

# Jobs get the chance to end by themselves in a third of the grace, daemons to say goodbye to the pool in the next.
stop_daemons() {
  jobs_running=0
  daemons_live || return 0
  for file in "$work"/execute/dir_*; do [ ! -e "$file" ] || jobs_running=$((jobs_running + 1)); done
  if is_busy; then
    draining=true; renew_policy
    kill -TERM "$master_pid" 2>/dev/null
    await_end $((pilot_grace / 3 + 1)) && return
  fi
  kill -QUIT "$master_pid" 2>/dev/null
  await_end $((pilot_grace / 3 + 1)) && return
  kill -KILL "$master_pid" 2>/dev/null
}

# Whatever has our folder in its environment is ours, and has outlived its parents.
end_leftovers() {
  for file in $(grep -lsF "$work/" /proc/[0-9]*/environ); do
    file=${file%/environ}; kill -KILL "${file#/proc/}" 2>/dev/null
  done
}
