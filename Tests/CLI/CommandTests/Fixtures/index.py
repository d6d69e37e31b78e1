"""A package index on loopback with one project, toy-weights, in as many states as there are modes.

index.py                 prints its port, then serves /MODE/simple/toy-weights/ until its input ends
index.py write MODE DIR  writes the wheel and the files of a mode into a folder
"""
import hashlib, http.server, io, os, socketserver, sys, threading, time, zipfile

FILES = {"first.bin": b"first weights\n" * 10000, "second.bin": b"second weights\n", "own.bin": b"own weights\n"}
NAME = "toy_weights-1.0-cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


def wheel(mode):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            if name == "own.bin" or (mode == "nomember" and name == "second.bin"):
                continue
            if mode == "other" and name == "second.bin":
                content = b"Second weights\n"
            archive.writestr("toy_weights/data/" + name, content)
        archive.writestr("toy_weights/__init__.py", b"")
        archive.writestr("toy_weights/noise.bin", os.urandom(100000) if mode == "stall" else b"noise")
    data = out.getvalue()
    return data[: len(data) - 100] if mode == "truncated" else data


lock, wheels, counts = threading.Lock(), {}, {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, kind, data, length=None, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(data)
        self.wfile.flush()

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        mode = parts[0]
        with lock:
            data = wheels.setdefault(mode, wheel(mode))
            count = counts[self.path] = counts.get(self.path, 0) + 1
        try:
            if parts[1:] == ["count"]:
                return self.reply(200, "text/plain", str(counts.get(f"/{mode}/files/{NAME}", 0)).encode())
            if mode == "down":
                return self.reply(503, "text/plain", b"busy")
            if parts[1:3] == ["simple", "toy-weights"]:
                return self.reply(200, "text/html", self.page(mode, data).encode())
            if len(parts) == 3 and parts[1] == "files":
                return self.file(mode, data, count)
            self.reply(404, "text/plain", b"not found")
        except (BrokenPipeError, ConnectionResetError):
            pass

    def page(self, mode, data):
        digest = hashlib.sha256(b"x" if mode == "badhash" else data).hexdigest()
        names = [] if mode == "empty" else [
            NAME.replace("1.0", "2.0"), "toy_weights-1.0.tar.gz", NAME.replace("manylinux_2_17_x86_64.manylinux2014_x86_64", "win_amd64"), NAME
        ]
        links = "".join(
            f'<a href="../../files/{name}#sha256={digest}" data-requires-python="&gt;=3.8">{name}</a><br/>\n' for name in names
        )
        return f"<!DOCTYPE html>\n<html><body><h1>Links for toy-weights</h1>\n{links}</body></html>\n"

    def file(self, mode, data, count):
        start = int(self.headers["Range"].split("=")[1].split("-")[0]) if self.headers.get("Range") else None
        if start is not None:
            head = [("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}"), ("ETag", '"one"')]
            return self.reply(206, "application/zip", data[start:], headers=head)
        if mode == "stall" and count == 1:
            self.reply(200, "application/zip", data[:50000], len(data), [("ETag", '"one"')])
            return time.sleep(20)
        if mode == "slow":
            time.sleep(0.5)
        self.reply(200, "application/zip", data, headers=[("ETag", '"one"')])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # without a look-up of names
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


if len(sys.argv) == 4:
    os.makedirs(sys.argv[3], exist_ok=True)
    with open(os.path.join(sys.argv[3], NAME), "wb") as out:
        out.write(wheel(sys.argv[2]))
    for name, content in FILES.items():
        with open(os.path.join(sys.argv[3], name), "wb") as out:
            out.write(content)
    sys.exit(0)
server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
