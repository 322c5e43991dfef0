try() { tow-ad "$@"; echo "exit $?"; }
try
try evl 1
try eval
try eval 1 2
try eval '1 +'
try eval 1 --my none.ad
try match --my x
try refs
try convert --to html
try check none.ad
printf '{"expr":"1"}\n{"expr":1}\n[1]\nx\n{"my":"[a=1]"}\n{"expr":"1","mode":"x"}\n\n{"expr":"2"}' | try batch
