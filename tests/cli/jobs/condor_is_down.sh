FAKE_CONDOR_Q=fail tow-jobs condor; echo "exit $?"
FAKE_CONDOR_Q=denied tow-jobs condor; echo "exit $?"
FAKE_CONDOR_Q=/dev/null tow-jobs condor; echo "an empty queue: exit $?"
