cat >ads.long <<'END'
# two ads
Name = "slot1@a.example"
Cpus = 8
Load = 0.5
Start = TARGET.RequestCpus <= Cpus && (Owner =?= "ann\b")
List = { 1,"two",Cpus }
Nested = [ No = true; Deep = { undefined,1.0E+30 } ]
When = absTime("2026-11-21T12:00:00Z")
Gone = undefined

Broken = (

Cpus = 1
Text = "tab	, \"quote\", back\slash, caf√© £ "
END
printf 'Bytes = "\xff\xfe"\n' >>ads.long
for to in long json jsonl new xml yaml; do
  echo "== $to"
  tow-ad convert --to $to ads.long | tee out.$to; echo "exit ${PIPESTATUS[0]}"
done
echo "== and back"
for from in json jsonl new xml; do
  tow-ad convert --to long out.$from | grep -v ^Bytes | cmp - <(tow-ad convert --to long out.new | grep -v ^Bytes)
done
tow-ad convert --to long <out.new | tow-ad convert --from long --to new | cmp - out.new
tow-ad convert --to json </dev/null
tow-ad convert --to xml </dev/null
printf 'A = 1\n' | tow-ad convert - out.jsonl --to new --out all.new; wc -l <all.new
printf '[ s = "a\\nb" ]' | tow-ad convert --to long
printf '[{"a":1},{"a":' | tow-ad convert; echo "exit $?"
printf '[{"a":1},' | tow-ad convert; echo "exit $?"
printf '<classads>\n<c><a n="a"><i>1</i></a></c>\n<c><b/></c></classads>' | tow-ad convert; echo "exit $?"
