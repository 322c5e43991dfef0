# SIGTERM and SIGINT are passed on, waited for, written down; what stays in the group is killed at the end.
export TOW_STATE_DIR=state
for signal in TERM INT; do
  bash -c "trap - INT; exec tow-run a -- sh -c 'trap \"sleep 0.2; echo put down >>log; exit 3\" INT TERM; echo up >>log; sleep 81.$$ & wait'" 2>err &
  until grep -qs up log; do sleep 0.02; done
  kill -$signal $!; wait $!; echo "exit $?"
  sed -E "s/(after|ran) [0-9.]+ s$/\1 N s/; s/81.$$/81.N/" err; cat log; rm log
done
tow-run a -- sh -c 'sleep $0 & :' 81.$$; echo "exit $?"
tow-run a -- sh -c 'setsid sleep $0 & sleep 0.1' 82.$$; echo "exit $?"
sleep 0.1
pgrep -fa "^sleep 8.[.]$$" | cut -d' ' -f2- | sed "s/$$/N/"
pkill -f "^sleep 82[.]$$"
tow-run --status --columns state
