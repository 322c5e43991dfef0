# Every answer that HTCondor gave is ours too, but for \u escapes behind ASCII, which it garbles.
for file in public public_extra; do
  tow-ad batch "$DATA/classad/$file.jsonl" >"$file.out" || echo "exit $?"
done
tow-ad batch --classad-compat 23 "$DATA/classad/public.jsonl" >v23.out
python3 - "$DATA" <<'END'
import json, sys
def lines(name):
    with open(name) as file:
        return [json.loads(line) for line in file]
def compare(corpus, seen, wanted):
    corpus, seen = lines(f"{sys.argv[1]}/classad/{corpus}.jsonl"), lines(seen)
    assert len(corpus) == len(seen)
    different = 0
    for line, answer in zip(corpus, seen):
        result, kind = wanted(line)
        if result != "<hang>" and (answer["result"] != result or kind not in (None, answer["type"])):
            different += 1
            print(f"{line} is answered {answer['result']!r}")
        assert {key: value for key, value in answer.items() if key not in ("result", "type")} == \
               {key: value for key, value in line.items() if key not in ("result", "type")}
    print(f"{len(corpus)} lines, {different} different")
def older(line):
    return (line["v23_9_6"], None) if "v23_9_6" in line else (line["result"], line["type"])
compare("public", "public.out", lambda line: (line["result"], line["type"]))
compare("public_extra", "public_extra.out", lambda line: (line["result"], line["type"]))
compare("public", "v23.out", older)
END
