# A backend that is not there and a state file that is none: gaps, never zero pilots.
printf 'entries:\n  A: {backend: slrm, pilot: {memory: 1 GiB}}\n  B: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
tow-pilots --state state e.yaml --only gap; echo "exit $?"
mkdir broken; echo "not a database, but long enough to be looked at as one" >broken/state.sqlite
tow-pilots --state broken e.yaml 2>&1 | sed "s|$PWD|.|g"; echo "exit ${PIPESTATUS[0]}"
