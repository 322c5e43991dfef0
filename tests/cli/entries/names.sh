# Names become file names, arguments, labels: one set of characters, no surprises.
try() { printf 'entries:\n  %s: {backend: local, pilot: {memory: 1 GiB}, target: {argv: [x]}}\n' "$1" | tow-entries --columns entry --only entry; echo "exit $?"; }
try T2_US_Wisconsin-1.2+x@y:z
try '../../etc/passwd'
try '"a\"b"'
try '"two\nlines"'
try "' '"
try '.hidden'
try '-n'
try 'a/b'
try "$(printf 'x%.0s' {1..129})"
