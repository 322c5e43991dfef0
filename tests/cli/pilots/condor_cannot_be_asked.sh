# The schedd is down, or does not trust us: a gap, one line, and the exit status says which.
printf 'entries:\n  CE: {backend: condor, pilot: {memory: 1 GiB}, target: {argv: [/opt/pilot]}}\n' >e.yaml
for how in fail denied; do
  FAKE_CONDOR_Q=$how tow-pilots --config /dev/null --state state e.yaml --only gap; echo "exit $?"
done
