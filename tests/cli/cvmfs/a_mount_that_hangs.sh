# A pipe that nobody writes to hangs whoever opens it, as a mount does whose client is stopped.
mkdir -p base/hang.example.org; mkfifo base/hang.example.org/pipe
start=$SECONDS
tow-cvmfs node --cvmfs-base base hang.example.org --read pipe --deadline 300ms --columns state,reason,message |
  sed 's/after [0-9.]* s/after N s/'
[ $((SECONDS - start)) -lt 3 ] && echo "in time"
