# What pilots take along says what tow-cvmfs says, and needs no library.
node=$(dirname "$(command -v tow-cvmfs)")/../libexec/aerotow/tow-cvmfs-node
mkdir -p base/empty.example.org base/dir.example.org; echo content >base/dir.example.org/file
for options in '' --all --nagios '--read dir.example.org:file'; do
  # shellcheck disable=SC2086 # a list of words
  diff <(tow-cvmfs node --cvmfs-base base empty.example.org dir.example.org $options) \
    <("$node" --cvmfs-base base $options empty.example.org dir.example.org) && echo "the same with ${options:-no option}"
done
CVMFS_MOUNT_DIR=$PWD/base "$node" --nagios dir.example.org | sed "s|$PWD|PWD|"; echo "exit ${PIPESTATUS[0]}"
"$node" --cvmfs-base none; echo "exit $?"
"$node" --cvmfs-base none --nagios; echo "exit $?"
"$node" ../etc; echo "exit $?"
"$node" --deadline; echo "exit $?"
"$node" --deadline soon a; echo "exit $?"
"$node" --help | head -n 1
"$node" --all a >/dev/full; echo "exit $?"
mkdir -p base/hang.example.org; mkfifo base/hang.example.org/pipe
"$node" --cvmfs-base base --read pipe --deadline 300ms hang.example.org | grep -o '"reason":"hung"'
