# One line each.
try() { tow-entries import "$@" -o jsonl; echo "exit $?"; }
try
try gmws x
try gwms
try gwms /nonexistent.xml
printf '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><glidein>&b;</glidein>' >bomb.xml; try gwms bomb.xml
python3 -c 'print("<glidein>" + "<a>" * 100 + "</a>" * 100 + "</glidein>")' >deep.xml; try gwms deep.xml
echo '<html><body>502 Bad Gateway</body></html>' >page; try gwms page; try cric page; try apf page; try tardis page; try hepcloud page
printf '<glidein><entries><entry name="A"' >cut.xml; try gwms cut.xml
python3 -c 'print("[" * 100000)' >deep.json; try cric deep.json
printf '[DEFAULT]\na=%%(b)s%%(b)s\nb=%%(c)s%%(c)s\nc=%%(a)s\n[Q]\nbatchsubmitplugin=%%(a)s\n' >loop.conf; try apf loop.conf
try gwms file:///etc/passwd
try gwms http://127.0.0.1:1/factory.xml 2>&1 | sed 's/: [^:]*$//'
