# On a full disk an override or a memory that cannot be kept is 74, nothing is sent, and what was there stays.
mkdir disk
cat >mount.sh <<'S'
mount -t tmpfs -o size=128k none disk || exit 99
export TOW_STATE_DIR=disk TOW_CONFIG=c.yaml
set_it() { tow-override set A "$1" --until 1h --why w --author ada --columns values; echo "exit $?"; }
set_it tier=1
dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null
set_it tier=2
id=$(printf '%026d' 1)
{ echo '{"type":"memory","v":1,"plan":"'"$id"'","entry":"A","pending":0,"running":0}'
  echo '{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["true"]}}'
  echo '{"type":"request","v":1,"request":"'"$id"'","plan":"'"$id"'","entry":"A","submit":1}'; } >stream
tow-submit stream --only submission; echo "exit $?"
ls disk/local 2>/dev/null
tow-override list --columns values
rm disk/filler
set_it tier=2
tow-override list --columns values
S
printf 'entries: [e.yaml]\n' >c.yaml
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
unshare --user --map-root-user --mount true 2>/dev/null || { echo "SKIP: no mount namespace for a full disk" >&2; exit 77; }
unshare --user --map-root-user --mount bash -u mount.sh 2>err
sed "s|$PWD|.|g" err >&2
