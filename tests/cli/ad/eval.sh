cat >job.ad <<'END'
RequestMemory = 2000
Requirements = TARGET.Memory > RequestMemory
Owner = "ann"
END
printf 'Memory = 4096\nName = "one"\n\nMemory = 1024\nName = "two"\n' >slots.ad
try() { tow-ad "$@"; echo "exit $?"; }
try eval '1 + 1'
try eval 'strcat(Owner, "!")' --my job.ad
try eval Requirements --my job.ad --target slots.ad
try eval Requirements --my - --target slots.ad -o table <job.ad
try eval 'TARGET.Memory' --my job.ad --target slots.ad -o jsonl
try eval '1 == 1' --test
try eval 'Memory > 2000' --my slots.ad --test
try eval '"a\nb"' --lexer old
try eval 'undefined ?: 1 + 1'
try eval 'undefined ?: 1 + 1' --classad-compat 23
try eval 'nope(1) || true ? 1 : 99999999999999999999 junk'
try eval 'a' --my <(printf 'a = b\nb = a\n')
try eval 'random(0)'
try eval 'random(0)' -o jsonl
try eval -- -1
try eval Name --my slots.ad --columns result
try eval Name --my slots.ad -o csv
