# Entries of living services get downtimes, prices and allocations as those of files do, from servers too: what
# did not change is not sent twice, what is hostile costs one line and little memory, and only on demand does the
# last answer stand in for one that failed.
export FAKE_CONDOR_STATUS=slots.json TOW_CACHE_DIR=cache
echo '[{"Name": "slot1@n1.example.org", "State": "Unclaimed", "Cpus": 8, "Memory": 16000, "TotalSlotCpus": 8, "TotalSlotMemory": 16000},
{"Name": "slot1@glidein_7@wn1", "State": "Claimed", "Cpus": 1, "Memory": 2500, "GLIDEIN_Entry_Name": "TEST_SITE_1", "GLIDEIN_Site": "Test_Site_1"}]' >slots.json
cat >server.py <<'P'
import http.server, os
NEWS = b"""BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:cooling\r\nLOCATION:Test_Site_*\r\nDTSTART:20261121T110000Z\r
DTEND:20261121T140000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:power\r\nLOCATION:condor\r\nDTSTART:20261122T000000Z\r
DTEND:20261123T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items(): self.send_header(name, value)
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self):
        mode = open("mode").read().strip()
        if mode == "sorry": return self.answer(b"<html><body>back soon</body></html>")
        if mode == "broken": return self.answer(b"", 503)
        if mode == "away": return self.answer(b"", 302, Location="file:///etc/passwd")
        if mode == "good" and self.headers.get("If-None-Match") == '"1"':
            open("not_modified", "a").write("304\n"); return self.answer(b"", 304)
        if mode == "good": return self.answer(NEWS, ETag='"1"')
        self.send_response(200); self.send_header("Connection", "close"); self.end_headers()
        try:
            self.wfile.write(b"BEGIN:VCALENDAR\r\n")
            while True: self.wfile.write(b"X" * 65536)
        except OSError: self.close_connection = True
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port)); os.rename("port.new", "port")
server.serve_forever()
P
echo good >mode; python3 server.py & trap "kill $!" EXIT
until [ -s port ]; do sleep 0.05; done
url="http://127.0.0.1:$(cat port)/news?token=secret"
printf 'entry,price_per_core_hour,currency\nTEST_SITE_1,0.01,EUR\nOWN,0.02,EUR\n' >prices.csv
printf 'account,hours_left\nm1,7\n' >left.csv; touch -d 2026-11-21T09:00:00Z left.csv
printf 'entries:\n  OWN: {backend: local, site: Test_Site_2, pilot: {memory: 1 GiB}, allocation: {account: m1}}\n' >own.yaml
show() { jq -c '[.entry, .state, .stale, .cost.per_core_hour, .allocation.left_seconds, (.downtime // [] | map(.reason)), .source, .error.kind]'; }
look() { tow-entries "$@" --downtimes "$url" --prices prices.csv --allocations left.csv 2>err >seen; echo "exit $?"; show <seen; sed "s/:$(cat port)/:PORT/g" err; }
look own.yaml condor
echo "--- again"; look condor | head -n 1; cat not_modified; grep -r secret cache
for mode in sorry broken away endless; do
  echo "--- $mode"; echo $mode >mode
  tow-entries own.yaml --downtimes "$url" 2>err | jq -c '[.entry, .state, .error.kind]'; echo "exit ${PIPESTATUS[0]}"; sed "s/:$(cat port)/:PORT/g" err
done
echo "--- an old answer, if that is wanted"; echo sorry >mode
TOW_NOW=2026-11-21T12:30:00Z look own.yaml --max-stale 1h
export FAKE_CONDOR_STATUS=hang TOW_NOW=2026-11-21T12:10:00Z
look condor --max-stale 1h --source-timeout 0.5s
