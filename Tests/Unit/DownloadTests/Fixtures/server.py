"""A web server on loopback that behaves as badly as it is asked to. Prints its port, then serves until its input ends.

/MODE/NAME?size=N&at=K&times=T: NAME keeps the state of one test apart from another's. The body is the same function of size
for all modes; `at` is where things happen, `times` how often they go wrong before they go right.
"""
import hashlib, http.server, json, os, socketserver, sys, threading, time, urllib.parse

counts, log, lock = {}, [], threading.Lock()


def body(size, salt=b""):
    out, block = bytearray(), hashlib.sha256(b"sentry" + salt).digest()
    while len(out) < size:
        out += block
        block = hashlib.sha256(block).digest()
    return bytes(out[:size])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        query = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
        if parts[0] == "log":
            text = json.dumps([r for r in log if r["name"] == parts[1]]).encode()
            return self.reply(200, {"Content-Length": len(text)}, text)
        name = parts[1] if len(parts) > 1 else ""
        with lock:
            count = counts[(parts[0], name)] = counts.get((parts[0], name), 0) + 1
            log.append({"name": name, "mode": parts[0], "range": self.headers.get("Range"), "if_range": self.headers.get("If-Range")})
        self.close_connection = True
        handler = getattr(self, "mode_" + parts[0].replace("-", "_"), None)
        if handler is None:
            return self.mode_404(name, count, query)
        try:
            handler(name, count, query)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def reply(self, status, headers, *pieces):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, str(value))
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)
        self.wfile.flush()

    def range(self, etag=None):
        """The first byte that is asked for, unless the condition says that it is another file."""
        text = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if not text or (etag and condition and condition != etag):
            return None
        return int(text.split("=")[1].split("-")[0])

    def serve(self, data, etag='"one"', limit=None, headers=(), length=None, start="ask"):
        """data from the range on; `limit` bytes of it at most, then the connection ends."""
        first = self.range(etag) if start == "ask" else start
        head = {"ETag": etag, "Accept-Ranges": "bytes", **dict(headers)} if etag else dict(headers)
        if first is not None and first >= len(data):
            return self.reply(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": 0})
        part = data[first or 0:]
        head["Content-Length"] = len(part) if length is None else length
        if first is not None:
            head["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        self.reply(200 if first is None else 206, head, part if limit is None else part[:limit])

    def size(self, query):
        return int(query.get("size", 100000))

    def mode_good(self, name, count, query):
        self.serve(body(self.size(query)))

    def mode_break(self, name, count, query):
        """Breaks off after `at` bytes, `times` times."""
        broken = count <= int(query.get("times", 1))
        self.serve(body(self.size(query)), limit=int(query["at"]) if broken else None)

    def mode_norange(self, name, count, query):
        """Breaks off once, then answers 200 to a range."""
        self.serve(body(self.size(query)), limit=int(query["at"]) if count == 1 else None, start=None)

    def mode_changed(self, name, count, query):
        """Another file from the second request on; If-Range is honoured."""
        data = body(self.size(query), b"" if count == 1 else b"new")
        self.serve(data, '"one"' if count == 1 else '"two"', limit=int(query["at"]) if count == 1 else None)

    def mode_changed206(self, name, count, query):
        """Another file from the second request on, and the range is served all the same."""
        data = body(self.size(query), b"" if count == 1 else b"new")
        first = None if self.headers.get("Range") is None else int(self.headers["Range"].split("=")[1].split("-")[0])
        self.serve(data, '"one"' if count == 1 else '"two"', limit=int(query["at"]) if count == 1 else None, start=first)

    def mode_shifted(self, name, count, query):
        """Serves a range that nobody asked for."""
        if count == 1:
            return self.serve(body(self.size(query)), limit=int(query["at"]))
        self.serve(body(self.size(query)), start=None if self.headers.get("Range") is None else 7)

    def mode_novalidator(self, name, count, query):
        self.serve(body(self.size(query)), etag=None, limit=int(query["at"]) if count == 1 else None)

    def mode_another(self, name, count, query):
        """The same, and what comes then is another file of the same length."""
        data = body(self.size(query), b"" if count == 1 else b"new")
        self.serve(data, etag=None, limit=int(query["at"]) if count == 1 else None)

    def mode_stall(self, name, count, query):
        """Says nothing more after `at` bytes."""
        self.serve(body(self.size(query)), limit=int(query.get("at", 0)))
        time.sleep(20)

    def mode_silent(self, name, count, query):
        time.sleep(20)

    def mode_drip(self, name, count, query):
        self.serve(body(self.size(query)), limit=0)
        for byte in body(200):
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)

    def mode_long(self, name, count, query):
        """Says more than it sends."""
        data = body(self.size(query))
        first = self.range() or 0
        self.serve(data[first:], length=len(data) - first + 1000, start=None) if first == 0 else self.reply(
            206, {"Content-Range": f"bytes {first}-{len(data) + 999}/{len(data) + 1000}", "Content-Length": len(data) + 1000 - first,
                  "ETag": '"one"'}, data[first:])

    def mode_short(self, name, count, query):
        """Says less than it sends."""
        self.serve(body(self.size(query)), length=self.size(query) - 1000, start=None)

    def mode_endless(self, name, count, query):
        """No length at all: whoever reads must know when it is enough."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(body(10000))

    def mode_nolength(self, name, count, query):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body(self.size(query)))

    def mode_garbage(self, name, count, query):
        self.serve(body(self.size(query), b"garbage"))

    def mode_404(self, name, count, query):
        self.reply(404, {"Content-Length": 9}, b"not found")

    def mode_403(self, name, count, query):
        self.reply(403, {"Content-Length": 2}, b"no")

    def mode_500(self, name, count, query):
        """Goes right after `times` answers of 500."""
        if count <= int(query.get("times", 1000)):
            return self.reply(500, {"Content-Length": 5}, b"error")
        self.serve(body(self.size(query)))

    def mode_503(self, name, count, query):
        if count == 1:
            return self.reply(503, {"Content-Length": 4, "Retry-After": "0"}, b"busy")
        self.serve(body(self.size(query)))

    def mode_loop(self, name, count, query):
        self.reply(302, {"Location": self.path, "Content-Length": 0})

    def mode_redirect(self, name, count, query):
        self.reply(302, {"Location": f"/good/{name}?size={self.size(query)}", "Content-Length": 4}, b"away")

    def mode_elsewhere(self, name, count, query):
        self.reply(302, {"Location": "ftp://127.0.0.1/file", "Content-Length": 0})

    def mode_nonsense(self, name, count, query):
        self.wfile.write(b"this is no HTTP\r\n\r\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # without a look-up of names
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
