// The causes that are shipped, in the order in which they are tried.
#include "pilotlog/taxonomy.hpp"

namespace tow::pilotlog {

namespace {

constexpr std::string_view kYaml = R"yaml(
causes:
  # Computing elements
  ce.down:
    {where: [events, gridmanager], stage: queue, outcome: never_started, actor: site, contains: [Detected Down, is still down],
     matches: 'Detected Down (Grid|Globus) Resource|resource .* is still down',
     advice: 'the gatekeeper does not answer: look for a downtime, or tell the site',
     examples: ['026 Detected Down Grid Resource', '020 Detected Down Globus Resource', 'resource condor ce.example.org ce.example.org:9619 is still down']}
  ce.no_route:
    {where: hold, stage: queue, outcome: never_started, actor: site, contains: [no matching routes, route job limit, route failure threshold],
     advice: 'the CE has no route for this pilot: compare cores, memory, queue and VO of the entry with its routes',
     examples: ['no matching routes, route job limit, or route failure threshold']}
  ce.refused:
    {where: hold, stage: queue, outcome: never_started, actor: site, contains: [New jobs are not allowed, invalid job universe],
     advice: 'the CE takes no jobs: look for a drain or a downtime', examples: ['New jobs are not allowed to be submitted']}
  ce.lost_job:
    {where: hold, stage: run, outcome: lost, actor: site, contains: [Job disappeared from remote schedd, ARC job failed],
     advice: 'the CE forgot the pilot: ask the site for its history', examples: ['Job disappeared from remote schedd']}
  ce.site_removed:
    {where: hold, stage: run, outcome: killed, actor: site, contains: [Job removed from batch queue manually],
     advice: 'somebody at the site removed it: ask why', examples: ['Job removed from batch queue manually']}
  ce.policy_removed:
    {where: [hold, removal], stage: run, outcome: removed, actor: factory,
     contains: [SYSTEM_PERIODIC_REMOVE, SYSTEM_PERIODIC_HOLD, exceeded allowed walltime],
     advice: 'a policy of the CE ended it: compare its limits with those of the entry',
     examples: ['The system macro SYSTEM_PERIODIC_REMOVE expression evaluated to TRUE', 'job exceeded allowed walltime']}
  ce.status_lost:
    {where: events, stage: run, severity: warning, actor: site, contains: [remote status is unknown],
     advice: 'the CE has not told for a while what its jobs do', examples: ['029 The job''s remote status is unknown']}
  # Batch systems
  batch.bad_queue:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: [Invalid partition name specified, invalid partition specified, Unknown queue],
     advice: 'correct the queue of the entry', examples: ['sbatch: error: invalid partition specified: nosuchqueue']}
  batch.bad_account:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: [Invalid account or account/partition combination],
     advice: 'correct account or project of the entry', examples: ['Invalid account or account/partition combination specified']}
  batch.too_big:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: [Memory specification can not be satisfied, Requested node configuration is not available],
     advice: 'no node has so many cores or so much memory: correct the shape of the pilot',
     examples: ['sbatch: error: Memory specification can not be satisfied']}
  batch.bad_option:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: [Invalid feature specification, unrecognized option],
     advice: 'correct the submit options of the entry', examples: ['sbatch: unrecognized option ''--gpus-per-task''']}
  batch.timeout:
    {where: hold, stage: queue, outcome: never_started, actor: site, contains: [BLAH_JOB_SUBMIT timed out, Socket timed out on send/recv operation],
     advice: 'the batch system is overloaded: submit less, or later', examples: ['Socket timed out on send/recv operation']}
  batch.reject:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: ['submission command failed (exit code =', Attempts to submit failed],
     advice: 'the batch system refused the pilot: its words stand in the reason', examples: ['submission command failed (exit code = 1) (stdout:)']}
  batch.never_start:
    {where: pending, stage: queue, outcome: never_started, actor: factory,
     matches: '^(PartitionTimeLimit|PartitionConfig|PartitionDown|PartitionNodeLimit|BadConstraints|AccountNotAllowed)$',
     advice: 'it can never start as it is: correct the shape or the queue of the entry', examples: [PartitionTimeLimit, BadConstraints]}
  batch.time_limit:
    {where: [err, batch], stage: end, outcome: time_limit, actor: factory, contains: [DUE TO TIME LIMIT, time_limit],
     matches: 'slurmstepd-\S*: error: \*\*\* (JOB|STEP) .* DUE TO TIME LIMIT|^time_limit$',
     advice: 'the site''s time limit is shorter than the life of the pilot: shorten it',
     examples: ['slurmstepd-n1: error: *** JOB 21 ON n1 CANCELLED AT 2026-11-21T19:57:54 DUE TO TIME LIMIT ***', time_limit]}
  batch.cancelled:
    {where: [err, batch], stage: end, outcome: killed, actor: site, contains: [CANCELLED AT, cancelled],
     matches: 'slurmstepd-\S*: error: \*\*\* (JOB|STEP) \S+ ON \S+ CANCELLED AT|^cancelled$',
     advice: 'somebody cancelled it at the batch system: ask the site, unless it was us',
     examples: ['slurmstepd-n2: error: *** JOB 31 ON n2 CANCELLED AT 2026-11-21T19:56:54 ***', cancelled]}
  batch.node_failed:
    {where: [err, batch], stage: end, outcome: killed, actor: site, contains: [node_failed, NODE FAIL, DUE TO NODE FAILURE],
     advice: 'the node went down under it', examples: [node_failed]}
  batch.memory:
    {where: [err, batch], stage: end, outcome: killed, actor: factory, contains: [out_of_memory, oom-kill event, oom_kill event, Out Of Memory],
     advice: 'it used more memory than it had asked for: raise what the entry asks the site for',
     examples: ['slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch', out_of_memory]}
  batch.preempted:
    {where: [err, batch], stage: end, outcome: killed, actor: nobody, severity: warning, contains: [preempted, DUE TO PREEMPTION],
     advice: 'others went first', examples: [preempted]}
  gahp.failed:
    {where: hold, stage: queue, outcome: never_started, actor: factory, contains: [Failed to start GAHP, Unspecified gridmanager error],
     advice: 'look into the GridmanagerLog of the schedd', examples: ['Failed to start GAHP']}
  # Credentials
  cred.missing:
    {where: [hold, err], stage: boot, outcome: credential_failed, actor: factory, contains: [ARC job has no credentials, No valid credential (x509 proxy or idtoken) found],
     advice: 'give the entry a credential of the kind that its resource takes', examples: ['ARC job has no credentials']}
  cred.expiring:
    {where: err, stage: boot, outcome: credential_failed, actor: vo, contains: [Proxy not valid in], matches: 'Proxy not valid in (in )?\d+ hours, only \d+ seconds left',
     advice: 'renew the credential earlier', examples: ['Proxy not valid in in 12 hours, only 3600 seconds left']}
  cred.unreadable:
    {where: err, stage: boot, outcome: credential_failed, actor: factory, contains: [unable to read proxy file, 'proxy: No such file or directory'],
     advice: 'the credential did not come along: look at what the entry transfers', examples: ['unable to read proxy file /tmp/x']}
  cred.rejected:
    {where: [out, err, hold, gridmanager], stage: queue, outcome: credential_failed, actor: vo, contains: [Failed to authenticate using],
     matches: 'Failed to authenticate using (SCITOKENS|IDTOKENS|GSI|SSL)',
     advice: 'look at audience, issuer, scope and expiry of the token', examples: ['AUTHENTICATE:1004:Failed to authenticate using SCITOKENS']}
  # Files
  file.input:
    {where: hold, stage: boot, outcome: held, actor: factory, contains: [Transfer input files failure],
     advice: 'a file that the pilot needs is missing where it is sent from',
     examples: ['Transfer input files failure at access point 127-0-0-1 while sending files']}
  file.output:
    {where: hold, stage: end, outcome: held, actor: factory, contains: [Transfer output files failure],
     advice: 'a file that the pilot was to bring back was not made', examples: ['Transfer output files failure at execution point slot1_5@node']}
  # The start of the pilot
  boot.workdir:
    {where: err, stage: boot, outcome: validation_failed, actor: site, contains: [Cannot create, Startup dir], matches: 'Cannot create (a dir in|''?/)|Startup dir .* not',
     advice: 'the node has no place to work in', examples: ['Cannot create ''/scratch/glide_x''', 'Startup dir /x does not exist, not']}
  boot.disk:
    {where: [out, err, hold, daemon], stage: boot, outcome: validation_failed, actor: site, contains: [No space left on device, errno 28, not enough, too small],
     matches: 'No space left on device|errno 28|Space on ''.*'' not enough|Quota on ''.*'' too small',
     advice: 'the disk of the node is full', examples: ['tar: write error: No space left on device', 'Space on ''/tmp'' not enough', 'Quota on ''.'' too small']}
  boot.download:
    {where: err, stage: boot, outcome: validation_failed, actor: site, contains: [Failed to load file, 'wget ', 'curl '], matches: 'Failed to load file ''.*'' from ''.*''|^(wget|curl) .*failed',
     advice: 'the node does not reach the web server: look at squid and outbound network', examples: ['Failed to load file ''signature.sha1'' from ''http://f.example.org/stage''']}
  boot.corrupt:
    {where: err, stage: boot, outcome: validation_failed, actor: site, contains: [is corrupted., Corrupted signature file],
     advice: 'what was downloaded is not what was published: look at squid', examples: ['File description.cfg is corrupted.']}
  # Validation
  val.banned_node:
    {where: err, stage: validation, outcome: validation_failed, actor: vo, contains: [is in blacklist! Exiting], advice: 'the VO wants no pilots on this node',
     examples: ['My name ''wn7.example.org'' is in blacklist! Exiting.']}
  val.config:
    {where: err, stage: validation, outcome: validation_failed, actor: factory, contains: ['Invalid command line argument: Must be one of'],
     advice: 'correct the configuration that the message names', examples: ['    Invalid command line argument: Must be one of {osg, egi, default}']}
  val.cvmfsexec:
    {where: err, stage: validation, outcome: validation_failed, actor: factory, contains: [no matching cvmfsexec distribution, cvmfsexec_platform_select.sh ===],
     matches: 'no matching cvmfsexec distribution|Validation error in \S*cvmfsexec_platform_select\.sh',
     advice: 'build a cvmfsexec distribution for this platform', examples: ['=== Validation error in /tmp/glide/main/cvmfsexec_platform_select.sh ===']}
  val.cvmfs:
    {where: err, stage: validation, outcome: validation_failed, actor: site,
     contains: [Validating CVMFS, CVMFS is still unavailable, Unable to mount CVMFS, number of repositories mounted does not match],
     matches: 'Validating CVMFS .*(directory empty|does not have)|CVMFS is still unavailable|Unable to mount CVMFS|number of repositories mounted does not match',
     advice: 'CVMFS is not mounted on the node: see tow-cvmfs(1)',
     examples: ['WARNING: Validating CVMFS with oasis.opensciencegrid.org: directory empty or does not have .cvmfsdirtab', 'ERROR: Unable to mount CVMFS']}
  val.container:
    {where: err, stage: validation, outcome: validation_failed, actor: site, contains: [ingularity, pptainer], matches: '([Ss]ingularity|[Aa]pptainer).*(failed|FATAL)',
     advice: 'containers do not start on the node', examples: ['Singularity test failed', 'apptainer exec: FATAL: container creation failed']}
  val.userns:
    {where: err, stage: validation, outcome: validation_failed, actor: site, contains: [nprivileged user namespaces], matches: '[Uu]nprivileged user namespaces (not |un|dis)',
     advice: 'unprivileged user namespaces are off on the node', examples: ['Unprivileged user namespaces not enabled']}
  val.glibc:
    {where: [out, err, daemon], stage: validation, outcome: validation_failed, actor: factory, contains: [GLIBC_], matches: 'version [`'']GLIBC_[0-9.]+'' not found',
     advice: 'the HTCondor that is shipped is too new for the node', examples: ['./condor_master: /lib64/libc.so.6: version `GLIBC_2.34'' not found']}
  val.backoff:
    {where: err, stage: validation, severity: note, actor: nobody, contains: [Sleeping], matches: '^(\w{3} ){2}.* Sleeping \d+', advice: 'it holds the slot so that the node takes no more pilots',
     examples: ['Sat Aug  3 01:16:55 UTC 2024 Sleeping 320']}
  val.script:
    {where: err, stage: validation, outcome: validation_failed, actor: vo, contains: [=== Validation error in], advice: 'read what the script printed before',
     examples: ['=== Validation error in /tmp/glide/client/check_x.sh ===']}
  # Joining the pool
  reg.denied:
    {where: daemon, stage: registration, outcome: never_connected, actor: vo, contains: ['SECMAN:2010:Received "DENIED"', PERMISSION DENIED to],
     matches: 'SECMAN:2010:Received "DENIED" from server for user \S+|PERMISSION DENIED to', advice: 'the pool does not let this identity in: look at scopes and at ALLOW_ADVERTISE_STARTD',
     examples: ['ERROR: SECMAN:2010:Received "DENIED" from server for user pilot@x using method IDTOKENS.']}
  reg.auth:
    {where: daemon, stage: registration, outcome: never_connected, actor: factory, contains: ['AUTHENTICATE:1003:Failed to authenticate with any method'],
     advice: 'the token is expired, forged or for another pool: renew it',
     examples: ['ERROR: AUTHENTICATE:1003:Failed to authenticate with any method|AUTHENTICATE:1004:Failed to authenticate using IDTOKENS']}
  reg.unreachable:
    {where: daemon, stage: registration, outcome: never_connected, actor: site, contains: [attempt to connect to <, 'CEDAR:6001:Failed to connect to', 'SECMAN:2003:TCP connection to'],
     matches: 'attempt to connect to <[^>]*> failed: |CEDAR:6001:Failed to connect to|SECMAN:2003:TCP connection to .* failed',
     advice: 'the node does not reach the collector: look at the firewall',
     examples: ['attempt to connect to <127.0.0.1:9> failed: Connection refused (connect errno = 111).']}
  # Work
  run.lost:
    {where: events, stage: run, severity: warning, actor: site, contains: [disconnected, reconnection failed], matches: '^02[24] .*(disconnected|reconnection failed)',
     advice: 'the schedd lost sight of the job', examples: ['022 Job disconnected, attempting to reconnect']}
  run.unclaimed:
    {where: daemon, stage: run, outcome: no_work, severity: warning, actor: vo, contains: [No resources have been claimed for],
     advice: 'no job came: send fewer pilots, or look at START with tow-why(1)', examples: ['No resources have been claimed for 1200 seconds']}
  run.no_jobs:
    {where: out, stage: run, outcome: no_work, severity: warning, actor: vo, contains: ['Total number of activations/claims: 0'], matches: '^Total number of activations/claims: 0$',
     advice: 'no job came: send fewer pilots, or look at START with tow-why(1)', examples: ['Total number of activations/claims: 0']}
  # Holds that only their number tells
  hold.operator: {where: hold, stage: queue, outcome: held, severity: note, actor: factory, hold_codes: [1, 15], advice: 'somebody held it: release or remove it'}
  hold.policy: {where: hold, stage: run, outcome: held, actor: factory, hold_codes: [3], advice: 'the pilot''s own policy held it'}
  hold.credential: {where: hold, stage: queue, outcome: credential_failed, actor: factory, hold_codes: [4], advice: 'its credential is missing, unreadable or has expired'}
  hold.site_policy: {where: hold, stage: run, outcome: held, actor: site, hold_codes: [5, 26, 27], advice: 'a policy of the schedd or CE held it'}
  hold.execute: {where: hold, stage: boot, outcome: held, actor: factory, hold_codes: [6], advice: 'its program cannot be executed'}
  hold.files: {where: hold, stage: boot, outcome: held, actor: factory, hold_codes: [7, 8, 9, 10, 12, 13, 14, 22], advice: 'a file or folder of its is missing, or cannot be written'}
  hold.memory: {where: hold, stage: run, outcome: held, actor: factory, hold_codes: [34], advice: 'it used more memory than it had asked for'}
  hold.container: {where: hold, stage: boot, outcome: held, actor: site, hold_codes: [35, 45], advice: 'its container does not start'}
  hold.cloud: {where: hold, stage: queue, outcome: held, actor: factory, hold_codes: [37, 38, 39, 40, 41, 42], advice: 'ask the cloud: the instance may still run and cost money'}
  hold.duration: {where: hold, stage: run, outcome: time_limit, actor: factory, hold_codes: [46, 47], advice: 'it ran longer than it was allowed to'}
)yaml";

}  // namespace

std::string_view shipped_taxonomy() noexcept {
    return kYaml;
}

}  // namespace tow::pilotlog
