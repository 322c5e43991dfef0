# What a node is told of by both shells, with what check scripts print, however hostile; and configurations that are
# wrong. The last column is the exit status.
pilot=$(dirname "$(command -v tow)")/../libexec/tow-pilot
mkdir -p htc/bin htc/sbin scratch
printf '#!/bin/sh\necho "\\$CondorVersion: 25.1.0 2026-01-01 \\$"\n' >htc/bin/condor_version
printf '#!/bin/sh\n' | tee htc/sbin/condor_master >htc/sbin/condor_startd; chmod +x htc/*/*
printf '#!/bin/sh\nprintf '\''a "quoted" \\\\ back\\001slash \\377, \\303\\251 <tag>\\nsecond line\\n'\''; exit %s\n' "$(printf 1)" >mild; chmod +x mild
sed 's/exit 1/exit 2/' mild >bad; chmod +x bad
claims() { printf '%s' "$1" | base64 -w 0 | tr '+/' '-_' | tr -d =; }
echo "e30.$(claims '{"exp":32503680000}').c2ln" >token; echo "e30.$(claims '{"exp":1000}').c2ln" >expired; echo secret >none
printf 'pilot_%s\n' collector=127.0.0.1:1 "htcondor_paths=$PWD/htc" "scratch=$PWD/scratch" min_disk=1 "check_scripts='mild'" >good.conf
run() { # SHELL CONFIGURATION TOKEN
  AEROTOW_PILOT_ID=P AEROTOW_ENTRY='E@1:2+x<"' AEROTOW_IDTOKEN_FILE=$3 $1 "$pilot" --check "$2" >out 2>err; echo "$1 $2 $3 $?"
  grep '^{' out | jq -c 'if .type == "pilot_check" and .check != "shape" and .check != "user_namespaces" and .check != "outbound" then
      [.check, .state, (.message | sub("^[0-9]+ MiB.*"; "MiB"))]
    elif .type == "pilot_report" then [.entry, .outcome, .exit_code, .reason, .failed_check, .expires_at] else empty end' | sed "s|$PWD|HERE|g"
  grep -c 'XML description' out; cat err; ls scratch
}
for shell in dash 'bash --posix' bash; do run "$shell" good.conf token; done
# CVMFS as a shell sees it; and what mounts it for the pilot, here a stand-in that takes the arguments of cvmfsexec.
mkdir -p cvmfs/full.repo cvmfs/empty.repo; touch cvmfs/full.repo/file; export CVMFS_MOUNT_DIR=$PWD/cvmfs
cat >mounter <<'X'
#!/bin/sh
echo "mounts $1 $2"; mkdir -p "$CVMFS_MOUNT_DIR/$2"; touch "$CVMFS_MOUNT_DIR/$2/file"; shift 3; exec "$@"
X
chmod +x mounter
for shell in dash bash; do
  { cat good.conf; echo "pilot_cvmfs='full.repo empty.repo'"; } >cvmfs.conf; run $shell cvmfs.conf token
  { cat good.conf; echo "pilot_cvmfs='full.repo late.repo'"; echo "pilot_cvmfsexec='$PWD/mounter'"; } >exec.conf
  run $shell exec.conf token; grep mounts out; grep -c pilot_start out; rm -r cvmfs/late.repo
done
unset CVMFS_MOUNT_DIR
for shell in dash bash; do
  run $shell good.conf expired; run $shell good.conf none; run $shell good.conf missing
  sed 's/mild/bad/' good.conf >bad.conf; run $shell bad.conf token
  { cat good.conf; echo 'pilot_idle=soon'; } >words.conf; run $shell words.conf token
  { cat good.conf; echo "pilot_start='"; } >broken.conf; run $shell broken.conf token
  run $shell absent.conf token
done
grep -l secret out err; for file in out err; do grep -c c2ln $file; done
