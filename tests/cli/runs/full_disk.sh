# On a full disk the pipeline runs all the same; that nothing could be kept is said, and is 74.
mkdir disk
cat >mount.sh <<'S'
mount -t tmpfs -o size=128k none disk || exit 99
export TOW_STATE_DIR=disk
tow-run a -- true; echo "exit $?"
dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null
tow-run a -- sh -c 'echo ran >>ran; seq 1 100000' ; echo "exit $?"
tow-run a -- sh -c 'echo ran >>ran; exit 3' 2>&1 | grep -c 'stage 1 of 1 failed'
cat ran
tow-run --status --columns state
rm disk/filler
tow-run a -- true; echo "exit $?"
tow-run --status --columns state,failures
S
unshare --user --map-root-user --mount true 2>/dev/null || { echo "SKIP: no mount namespace for a full disk" >&2; exit 77; }
unshare --user --map-root-user --mount bash -u mount.sh 2>err
sed "s|$PWD|.|g" err >&2
