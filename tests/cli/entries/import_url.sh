# From the web: a configuration, an error page with status 200, a redirect to a file, no such page.
cat >server.py <<'P'
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = {"/ok": open(sys.argv[1], "rb").read(), "/page": b"<html><body>sorry</body></html>"}.get(self.path, b"")
        self.send_response(302 if self.path == "/away" else 200 if body else 404)
        if self.path == "/away": self.send_header("Location", "file:///etc/passwd")
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port)); os.rename("port.new", "port")
server.serve_forever()
P
python3 server.py "$DATA/foreign/harvester.json" & trap "kill $!" EXIT
until [ -s port ]; do sleep 0.05; done
for page in ok page away gone; do
  tow-entries import harvester "http://127.0.0.1:$(cat port)/$page" -q -o jsonl 2>err | jq -c '[.entry, .backend]'
  echo "exit ${PIPESTATUS[0]}"; sed "s/:$(cat port)/:PORT/g" err
done
