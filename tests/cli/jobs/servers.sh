# Servers: what is good comes through, is kept, and is not sent twice; what is hostile is refused with one
# line and little memory.
cat >server.py <<'P'
import http.server, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items(): self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_POST(self):
        call = self.rfile.read(int(self.headers["Content-Length"]))
        good = b'"method":"get_state"' in call
        self.answer(b'{"jsonrpc":"2.0","result":[{"cpus":2,"memory":1000,"count":5}],"id":"1"}' if good else b"{}")
    def do_GET(self):
        if self.path.startswith("/good"):
            if self.headers.get("If-None-Match") == '"1"':
                open("not_modified", "a").write("304\n"); return self.answer(b"", 304)
            return self.answer(b'{"SITE":{"activated":4}}', ETag='"1"')
        if self.path == "/html": return self.answer(b"<html><body>Log in first</body></html>")
        if self.path == "/file": return self.answer(b"", 302, Location="file:///etc/passwd")
        if self.path == "/gone": return self.answer(b"no", 404)
        if self.path == "/slow": threading.Event().wait(20)
        self.send_response(200); self.send_header("Connection", "close"); self.end_headers()
        try:
            self.wfile.write(b'{"SITE":{' if self.path == "/endless" else b'{"SITE":"')
            while True: self.wfile.write((b'"s":1,' if self.path == "/endless" else b"xxxxxx") * 10000)
        except OSError: self.close_connection = True
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True); server.serve_forever()
P
python3 server.py >port & server=$!; trap 'kill $server' EXIT
until [ -s port ]; do sleep 0.05; done; url=http://127.0.0.1:$(cat port)
clean() { sed "s|127.0.0.1:$(cat port)|SERVER|g; s|after [0-9]* milliseconds|in time|"; }
export TOW_CACHE_DIR=cache
tow-jobs "panda:$url/good?token=secret" 2>&1 | jq -c '[.source,.idle_jobs]' | clean
tow-jobs "panda:$url/good?token=secret" | jq -c .idle_jobs; cat not_modified
grep -r secret cache
tow-jobs "pyglidein:$url/jsonrpc" | jq -c '[.idle_jobs,.request.cpus]'
for bad in html file gone endless string slow; do
  python3 - "panda:$url/$bad" >result 2>errors <<'P'
import resource, subprocess, sys
limit = "1s" if sys.argv[1].endswith("slow") else "30s"
code = subprocess.run(["tow-jobs", "--source-timeout", limit, "--only", "gap", "--columns", "error.kind", sys.argv[1]]).returncode
print("exit", code, flush=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
if peak > 200: print("took", peak, "MiB")
P
  clean <errors | sed 's/^/  /'; clean <result
done
tow-jobs "panda:file:///etc/passwd" --only gap --columns error.kind; echo "exit $?"
