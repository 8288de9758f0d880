"""Bodies on the screen, through a real client: chains, exact bytes, what is remembered, and bodies larger than a person reads."""
import base64
import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

USERS = json.dumps([{"id": n, "name": f"user {n}", "tags": ["a", "b\u2028"], "big": 10 ** 30} for n in range(50)]).encode()
LINE = b'{"n": %d, "pad": "0123456789012345678901234567890123456789"},\n'
LARGE = b"[" + b"".join(LINE % n for n in range(300_000)) + b"0]"
BOMB = gzip.compress(bytes(32 << 20)) * 40


class Bodies(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    step = threading.Event()

    def do_GET(self):
        kind, coding, body = {
            "/users": ("application/json", "gzip", gzip.compress(USERS)),
            "/other": ("application/json", "gzip", gzip.compress(b'{"other": 1}')),
            "/large": ("application/json", None, LARGE),
            "/bomb": ("text/plain", "gzip", BOMB),
            "/odd": ("application/octet-stream", None, bytes(range(256)) * 4),
        }.get(self.path.split("?")[0], ("text/plain", None, b"hello"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if coding:
            self.send_header("Content-Encoding", coding)
        if self.path == "/slow":
            return self.slow()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def slow(self):
        """Grows when it is told to."""
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for n in range(3):
            piece = b"piece %d\n" % n
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.step.wait(20)
            self.step.clear()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass


class Screen(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []
        self.port = peers.serve(Bodies)

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args, **how):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", "--set", "store-streamed-bodies=yes", *args, **how)
        self.terms.append(t)
        t.address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))).group(1)
        return t

    def ask(self, t, path):
        subprocess.run(["curl", "-s", "-o", "/dev/null", "-x", t.address, f"http://127.0.0.1:{self.port}{path}"],
                       check=True, timeout=60)
        t.wait(path)

    def copied(self, t, keys):
        """What the terminal's clipboard was given."""
        t.raw = b""
        t.keys(keys, "copied")
        return base64.b64decode(re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", t.raw)[-1])

    def test_the_chain_is_walked_and_the_raw_bytes_are_a_key_away(self):
        t = self.open()
        self.ask(t, "/users")
        t.keys(":view content\r", "gzip")
        t.wait('"name": "user 0"')
        t.keys("[", '[{"id": 0, "name": "user 0"')          # what gzip gave out
        t.keys("[", "00000000  1f 8b 08")                   # as it was recorded
        t.keys("]", '[{"id": 0, "name": "user 0"')
        t.keys("]", '"id": 0,')
        t.keys("x", "00000000  1f 8b 08")
        t.keys("x", '"id": 0,')
        self.assertEqual(t.end("Q"), 0)

    def test_copies_and_files_have_exactly_those_bytes(self):
        t = self.open()
        self.ask(t, "/users")
        t.keys(":view content\r", '"name": "user 0"')
        t.keys(":path $[7].tags\r", '"name": "user 7"')
        self.assertEqual(self.copied(t, "y"), b'["a", "b\\u2028"]')
        t.keys("Y", "copied $[7].tags")
        name = os.path.join(self.folder.name, "saved")
        t.keys(f":save_part {name}\r", "wrote")
        with open(name, "rb") as f:
            self.assertEqual(f.read(), b'["a", "b\\u2028"]')
        t.keys(f":save_body {name}\r", f"wrote {len(USERS):,}".replace(",", " "))
        with open(name, "rb") as f:
            self.assertEqual(f.read(), USERS)
        t.keys("x")
        t.wait(lambda text: "1f 8b 08" in text and "wrote" not in text)
        t.keys(f"b{name}\r", "wrote")                       # raw: as it was recorded
        with open(name, "rb") as f:
            self.assertEqual(gzip.decompress(f.read()), USERS)
        t.keys(":save_body /nonexistent/file\r", "No such file")
        self.assertEqual(t.end("Q"), 0)

    def test_a_choice_is_remembered_for_its_host_and_path_alone(self):
        t = self.open()
        self.ask(t, "/users")
        t.keys(":view content\r", '"name": "user 0"')
        t.keys("mhex\r", "00000000  5b 7b 22 69")
        t.wait("hex*")
        self.assertEqual(t.end("Q"), 0)
        t = self.open()                                     # another day
        self.ask(t, "/users?page=2")
        self.ask(t, "/other")
        t.keys("g:view content\r", "00000000  5b 7b 22 69")
        t.keys("J", '"other": 1')
        t.keys("K", "hex*")
        t.keys("mauto\r", '"name": "user 0"')
        self.assertEqual(t.end("Q"), 0)
        t = self.open()
        self.ask(t, "/users")
        t.keys(":view content\r", '"name": "user 0"')
        self.assertEqual(t.end("Q"), 0)

    def test_a_coding_or_a_charset_can_be_chosen(self):
        t = self.open()
        self.ask(t, "/odd")
        t.keys(":view content\r", "00000000  00 01 02")
        t.keys("mlatin1\r", "latin1*")
        t.wait("ÀÁÂÃ")
        t.keys("mgzip\r")
        t.wait("incorrect header check")
        self.assertEqual(t.end("Q"), 0)

    def test_a_large_body_is_read_from_both_ends(self):
        t = self.open()
        self.ask(t, "/large")
        t.keys(":view content\r", '"n": 0,')
        t.keys("G", '"n": 299999,')                         # followed to the end, if it is not there yet
        t.wait(lambda text: "reading" not in text)
        t.keys(":path $[150000].n\r", '"n": 150000,')
        t.keys("/\"n\": 200123,\r", '"n": 200123,')
        t.keys("g ", "1200001 lines")                       # all of it, folded
        t.keys(" ", '"n": 0,')
        status = dict(line.split(":", 1) for line in open(f"/proc/{t.pid}/status"))
        if os.path.basename(os.path.dirname(peers.SOTH)) == "build":    # sanitizers have memory of their own
            self.assertLess(int(status["RssAnon"].split()[0]), 64 * 1024)
        self.assertEqual(t.end("Q"), 0)

    def test_a_bomb_is_shown_up_to_the_limit_and_marked(self):
        t = self.open("--set", "unpack-limit=4m")
        self.ask(t, "/bomb")
        t.keys(":view content\r", "stopped at")
        t.wait("✗ gzip")
        self.assertEqual(t.end("Q"), 0)

    def test_a_body_grows_under_the_eyes(self):
        t = self.open()
        Bodies.step.clear()
        client = subprocess.Popen(["curl", "-sN", "-o", "/dev/null", "-x", t.address, f"http://127.0.0.1:{self.port}/slow"])
        self.addCleanup(client.kill)
        t.wait("/slow")
        t.keys(":view content\r", "piece 0")
        Bodies.step.set()
        t.wait("piece 1")
        Bodies.step.set()
        t.wait("piece 2")
        Bodies.step.set()
        client.wait(20)
        t.wait("chunked 24")
        self.assertEqual(t.end("Q"), 0)


if __name__ == "__main__":
    unittest.main()
