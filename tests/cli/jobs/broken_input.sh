# Each names file and line, exits 65, and tells whoever decides that jobs were not seen.
try() { printf "$1" | tow-jobs --from "$2" --columns type,scope,error.kind --only gap; echo "exit $?"; }
try '[\n{"A": 1},\n{"A": }\n]' condor-json
try '[\n{"A": 1}\n' condor-json
try '{"A": 1' condor-json
try '{"A": 1}\nnonsense' condor-jsonl
try 'A = 1\nnonsense\n' condor-long
try '<classads>\n<c>\n<a n="A"><i>1</i></c>' condor-xml
tow-jobs no-such-file --only gap --columns error; echo "exit $?"
