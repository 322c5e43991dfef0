# Port 1 of this host: nothing listens there.
tow-cvmfs server http://127.0.0.1:1 --repo test.example.org --key "$DATA/cvmfs/keys" --columns state,target,server,reason,advice
echo "exit $?"
tow-cvmfs server http://127.0.0.1:1 --key "$DATA/cvmfs/keys" --nagios | sed 's/after [0-9]* ms/after N ms/'
