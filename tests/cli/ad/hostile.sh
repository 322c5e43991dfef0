# Whatever the input is, there is an answer, soon: a second of an optimised build, and much less than the
# limit here of one that is not.
python3 - <<'END'
def deep(opening, inner, closing, times=200000):
    return opening * times + inner + closing * times
files = {
    "parentheses": "A = " + deep("(", "1", ")"),
    "lists": "A = " + deep("{", "1", "}"),
    "signs": "A = " + "- " * 500000 + "1",
    "chain": "A = " + " || ".join(["x"] * 300000),
    "wide": "A = {" + ",".join(["1"] * 900000) + "}",
    "line": "A = \"" + "x" * (17 << 20) + "\"",
    "names": "".join(f"a{i} = a{i + 1} + a{i + 1}\n" for i in range(20000)),
    "array": deep("[", "", "]"),
    "objects": deep('{"a":', "1", "}"),
    "xml": "<classads><c><a n=\"x\">" + deep("<l>", "", "</l>") + "</a></c></classads>",
    "entities": "<!DOCTYPE c [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><c><a n=\"x\"><s>&b;</s></a></c>",
    "commas": "[" + "," * 1000000,
    "comment": "[ a = 1 ] /*" + "*" * 1000000,
}
for name, text in files.items():
    with open(name, "w") as file:
        file.write(text + "\n")
with open("bytes", "wb") as file:
    file.write(bytes(range(256)) * 4000)
with open("nul", "wb") as file:
    file.write(b"A = 1\0\nB\0 = 2\n\nC = \"\0\"\n\n[\0]\n{\0}\n")
END
for file in *; do
  [ -f "$file" ] || continue
  for verb in convert check "eval A --my" "refs A --my" batch; do
    ( ulimit -t 20; exec tow-ad $verb "$file" ) >/dev/null 2>err; code=$?
    case $code in 0|1|65) ;; *) echo "$file $verb: exit $code" ;; esac
    [ "$code" != 65 ] || grep -q ': error: [^ ]*:[0-9]*: ' err || echo "$file $verb: $(cut -c 1-200 err)"
  done
done
cat >evil.jsonl <<'END'
{"expr":"regexp(\"(a+)+$\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\")"}
{"expr":"regexp(\"(((((((((((((((((((((a{1,999}){1,999}\", \"a\")"}
{"expr":"a","my":"[a=strcat(b,b);b=strcat(c,c);c=strcat(d,d);d=strcat(e,e);e=strcat(f,f);f=strcat(g,g);g=strcat(h,h);h=strcat(i,i);i=strcat(j,j);j=strcat(k,k);k=\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]"}
{"expr":"a","my":"[a=b+b;b=c+c+c+c;c=d+d+d+d;d=e+e+e+e;e=f+f+f+f;f=g+g+g+g;g=h+h+h+h;h=i+i+i+i;i=j+j+j+j;j=k+k+k+k;k=l+l+l+l;l=m+m+m+m;m=n+n+n+n;n=1]"}
{"expr":"\u0000"}
{"expr":"\"\udcff\udc80\" == \"\ud83d\ude00\""}
END
tow-ad batch evil.jsonl | python3 -c 'import json,sys
for line in sys.stdin: print(json.loads(line)["result"][:40])'
