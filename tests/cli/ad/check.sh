cat >slot.ad <<'END'
Cpus = 8
Start = version_gt(CondorVersion, "23") || size(1,2)
A = B + 1
B = A
Big = 99999999999999999999
Done = true junk
cpus = 9

Cpus = 1
END
{ echo 'Fine = 1'; printf 'Long = x'; printf ' || x%.0s' {1..450}; echo; } >long.ad
echo '{"Owner": "ann", "Late": "\/Expr(true ? 1 : 2 nonsense)\/"}' >job.json
printf '<classads>\n<c>\n<a n="Odd"><e>odd()</e></a></c></classads>' >odd.xml
tow-ad check -o table slot.ad long.ad job.json odd.xml; echo "exit $?"
tow-ad check slot.ad --classad-compat 23 | grep circular
tow-ad convert --to new slot.ad | tow-ad check --columns where,problem
echo 'Cpus = 8' | tow-ad check; echo "exit $?"
printf 'Cpus = nope()\n\nCpus = (\n' | tow-ad check; echo "exit $?"
