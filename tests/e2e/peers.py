"""What every end to end test needs: soth itself, and servers to call through it."""
import glob
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import msgpack

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for ignored in signal.SIGINT, signal.SIGHUP, signal.SIGQUIT:       # as behind nohup, and in what a shell puts aside
    if signal.getsignal(ignored) == signal.SIG_IGN:
        signal.signal(ignored, signal.SIG_DFL)

SOTH = os.environ.get("SOTH", os.path.join(ROOT, "build", "soth"))
BIG = os.urandom(300_000)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 2048


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = {"/big": BIG, "/evil": b"\x1b]0;owned\x07\x9b31m"}.get(self.path, b"hello " + self.path.encode())
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("X-MiXed", "Case")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_PURGE = do_GET

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        out = b""
        while (n := int(self.rfile.readline(), 16)):
            out += self.rfile.read(n)
            self.rfile.readline()
        while self.rfile.readline() != b"\r\n":
            pass
        return out

    def do_POST(self):
        body = self.body()
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(body), 7000):
            piece = body[at:at + 7000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\nX-Trailer: yes\r\n\r\n")

    def log_message(self, *args):
        pass


def serve(handler=Origin, context=None):
    """A server on a free port; its address as (host, port)."""
    server = Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def free_port():
    """For servers that must be told one."""
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def wait_for_the_end_of(variable):
    """Of all processes that have it in their environment: a browser's helpers write to its profile to the last."""
    def there():
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as f:
                    if variable.encode() in f.read().split(b"\0"):
                        return True
            except OSError:
                pass                # it ended meanwhile, or is another user's
        return False

    while there():
        time.sleep(0.01)


def raw_server(talk):
    """A socket server: talk(connection) for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=lambda p: (talk(p), p.close()), args=(peer,), daemon=True).start()
    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


def notes(path):
    """The records of a session, as soth-session(5) has them."""
    with open(path, "rb") as f:
        if f.readline() != b"soth session 1\n":
            raise ValueError(path)
        while len(head := f.read(8)) == 8:
            yield msgpack.unpackb(f.read(int.from_bytes(head[:4], "little")), raw=True)


class Soth:
    """A running `soth dump`, on a port of its own, in a folder of its own."""
    said = ""

    def __init__(self, folder, *args):
        self.connections = []
        self.session = os.path.join(folder, "s.soth")
        self.p = subprocess.Popen([SOTH, "dump", "--json", "--confdir", folder, "-l", "127.0.0.1:0",
                                   "-w", self.session, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.p.stderr.readline().decode()
        if not line.startswith("soth: listening on "):
            raise RuntimeError(line)
        self.address = line.split()[-1]
        self.port = int(self.address.rsplit(":", 1)[1])
        self.ca = os.path.join(folder, "soth-ca-cert.pem")

    def row(self):
        """The next flow that ended."""
        return json.loads(self.p.stdout.readline())

    def connect(self):
        return self.keep(socket.create_connection(("127.0.0.1", self.port), 20))

    def keep(self, sock):
        """Closed at the end of the test, if the test does not."""
        self.connections.append(sock)
        return sock

    def ask(self, data):
        """Raw bytes to the proxy; all that comes back until it closes."""
        with self.connect() as s:
            s.sendall(data)
            out = b""
            while (more := s.recv(65536)):
                out += more
            return out

    def stop(self):
        self.p.terminate()
        out, err = self.p.communicate(timeout=20)
        self.said = err.decode()
        return self.p.returncode, out.decode(), self.said

    def end(self):
        """At the end of a test, whatever became of it; what it said of the order of its notes, if anything."""
        if self.p.poll() is None:
            self.stop()
        for f in (self.p.stdout, self.p.stderr, *self.connections):
            f.close()
        return [line for line in self.said.splitlines() if "out of order" in line]


def failures(soth):
    """What its session tells of handshakes that failed, by port of the server; soth is stopped."""
    soth.stop()
    out, port = {}, {}
    for note in notes(soth.session):
        if note[0] == 0:
            port[note[2]] = note[13]
        elif note[0] == 1 and note[7] == 8:
            values = [v.decode(errors="replace") for v in note[8]]
            out.setdefault(port[note[2]], []).append(dict(zip(values[::2], values[1::2])))
    return out


def explained(soth):
    """What `soth tls` says first of why handshakes failed in its session."""
    out = subprocess.run([SOTH, "tls", soth.session], capture_output=True, text=True, timeout=20).stdout
    titles = [line.split(", ")[0].strip() for line in out.splitlines() if line.startswith("  ") and not line.startswith(("  said:", "  reasons:"))]
    return titles[0] if titles else out


class Case(unittest.TestCase):
    args = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.read_back = set()
        cls.cert = os.path.join(cls.folder.name, "origin.pem")
        cls.key = key = os.path.join(cls.folder.name, "origin.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", key, "-out", cls.cert, "-days", "30", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,DNS:mirrored.test,IP:127.0.0.1"],
                       check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.cert, key)
        cls.http = serve()
        cls.https = serve(context=context)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        signal.signal(signal.SIGALRM, self.too_long)
        signal.alarm(30)
        self.addCleanup(signal.alarm, 0)
        self.addCleanup(self.sessions_in_order)
        self.soth = self.start(*self.args)

    @staticmethod
    def too_long(*args):
        raise TimeoutError("what the test waits for does not come")

    def sessions_in_order(self):
        """Every session that this test has left is read back: its notes come as soth-events(7) says."""
        for path in glob.glob(self.folder.name + "/**/*.soth", recursive=True):
            written = (path, os.stat(path).st_mtime_ns)
            if written in self.read_back:
                continue
            self.read_back.add(written)
            out = subprocess.run([SOTH, "dump", "--confdir", self.folder.name, "-r", path], capture_output=True, text=True)
            self.assertNotIn("out of order", out.stderr)

    def start(self, *args):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        s = Soth(folder, "--set", "ssl-verify-upstream-trusted-ca=" + self.cert, *args)
        self.addCleanup(lambda: self.assertEqual(s.end(), []))
        return s

    def curl(self, *args, soth=None, ca=True, **more):
        s = soth or self.soth
        trust = ["--cacert", s.ca] if ca else []
        return subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", s.address, *trust, *args],
                              capture_output=True, **more)
