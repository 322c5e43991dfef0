# What cannot be understood is refused, and nothing is run.
export TOW_STATE_DIR=state
try() { tow-run "$@"; echo "exit $?"; }
try
try a
try a --
try a b -- touch x
try -- touch x
try ../a -- touch x
try "$(printf '%065d' 0)" -- touch x
try a -- '|' touch x
try a -- touch x '|'
try a -- touch x ';' '|' cat
try a --deadline soon -- touch x
try a --max-age 1h -- touch x
try --status -- touch x
try --status a/b
try a touch x
ls
