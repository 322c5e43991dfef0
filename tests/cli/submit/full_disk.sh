# A full disk is 74; the state stays readable, and what was sent is known.
mkdir disk
cat >mount.sh <<'S'
mount -t tmpfs -o size=96k none disk || exit 99
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["true"]}}'
id() { printf '%026d' "$1"; }
req() { printf '%s\n{"type":"request","v":1,"request":"%s","plan":"%s","entry":"A","submit":1}\n' "$entry" "$(id $1)" "$(id 99)"; }
req 1 | tow-submit --state disk --only submission --columns asked,sent
dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null
req 2 | tow-submit --state disk --only none; echo "exit $?"
tow-pilots --state disk --dry-run --only pilot --columns entry,state; echo "exit $?"
rm disk/filler
req 2 | tow-submit --state disk --only submission --columns asked,sent; echo "exit $?"
S
unshare --user --map-root-user --mount true 2>/dev/null || { echo "SKIP: no mount namespace for a full disk" >&2; exit 77; }
unshare --user --map-root-user --mount bash -u mount.sh 2>err
sed "s|$PWD|.|g" err >&2
