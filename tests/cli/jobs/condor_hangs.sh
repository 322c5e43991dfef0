# The deadline is exact, what could not be seen is told, and nothing is left running.
begin=$(date +%s%N)
FAKE_CONDOR_Q=hang tow-jobs condor --timeout 0.2s; echo "exit $?"
took=$(( ($(date +%s%N) - begin) / 1000000 )); [ $took -lt 500 ] || echo "took $took ms"
sleep 0.1; kill -0 "$(cat fake.pid)" 2>/dev/null && echo "condor_q is still there"
:
