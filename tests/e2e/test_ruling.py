"""Rules on messages that pass: what each side gets, and what is said of it."""
import asyncio
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers
import term
import websockets
from test_hold_messages import Echo, Talking
from test_streams_again import Hearing


class Heard(http.server.BaseHTTPRequestHandler):
    """Keeps what it hears; answers with JSON, or so many bytes."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.path, dict(self.headers.items()), body))
        n = re.search(r"bytes=(\d+)", self.path)
        answer = b"x" * int(n.group(1)) if n else json.dumps({"path": self.path, "old": 1}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if n else "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_PUT = do_GET

    def log_message(self, *args):
        pass


class Ruling(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []
        self.origin = peers.Server(("127.0.0.1", 0), Heard)
        self.origin.heard = []
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.origin.server_address[1]}"

    def tearDown(self):
        for t in self.terms:
            t.kill()
        self.origin.shutdown()
        self.origin.server_close()

    def rules(self, *lines):
        path = os.path.join(self.folder.name, "r.rules")
        with open(path, "w") as f:
            f.write("\n".join(lines) + "\n")
        return path

    def open(self, *lines, more=()):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", "--set", "rules=" + self.rules(*lines), *more)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
        return t

    def curl(self, t, *args):
        r = subprocess.run(["curl", "-s", "-i", "-m", "20", "-x", f"127.0.0.1:{t.port}", *args], capture_output=True, timeout=60)
        return r.stdout.decode()

    def test_fields_bodies_and_where_it_goes(self):
        t = self.open("set-header request x-from soth", 'replace-body request "secret" "*****" if ~u hide',
                      'replace-body response "\\"old\\"" "\\"new\\"" if ~u body', "set-header response x-to you", "map-remote /moved /there")
        out = self.curl(t, self.url + "/moved/a")
        self.assertIn("/there/a", out)
        self.assertIn("x-to: you", out.lower())
        self.assertEqual(self.origin.heard[0][1]["x-from"], "soth")
        self.curl(t, "-d", "my secret is secret", self.url + "/hide")
        self.assertEqual(self.origin.heard[1][2], b"my ***** is *****")
        self.assertIn('"new": 1', self.curl(t, self.url + "/body"))
        self.assertIn('"old": 1', self.curl(t, self.url + "/else"))
        t.keys("g", "Request edited")
        t.wait("rule")

    def test_answers_of_its_own_and_none(self):
        t = self.open("respond 201 'hello there' if ~u made", "block 403 if ~u blocked", "block 444 if ~u gone",
                      "redirect .*away https://example.com/x")
        out = self.curl(t, self.url + "/made")
        self.assertIn("201", out)
        self.assertIn("hello there", out)
        self.assertIn("403", self.curl(t, self.url + "/blocked"))
        self.assertEqual(self.curl(t, self.url + "/gone"), "")
        self.assertIn("https://example.com/x", self.curl(t, self.url + "/away"))
        self.assertIn("hello there", self.curl(t, "-d", "a body", self.url + "/made"))
        self.assertEqual(self.origin.heard, [])

    def test_delays_and_throttles(self):
        t = self.open("delay 300ms if ~u late", "throttle down 100k if ~u slow")
        self.curl(t, self.url + "/warm")
        began = time.monotonic()
        self.curl(t, self.url + "/late")
        self.assertGreater(time.monotonic() - began, 0.3)
        began = time.monotonic()
        out = self.curl(t, self.url + "/slow?bytes=60000")
        self.assertGreater(time.monotonic() - began, 0.3)
        self.assertEqual(len(out.split("\r\n\r\n")[1]), 60000)

    def test_events_in_gzip_pass_as_they_come_where_a_rule_has_their_head(self):
        go, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        packer = zlib.compressobj(wbits=31)
        sent = packer.compress(b"data: one\n\n") + packer.flush(zlib.Z_SYNC_FLUSH)
        rest = packer.compress(b"data: two\n\n") + packer.flush()

        def answer():
            s, _ = listener.accept()
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n" + sent)
            go.wait(20)
            s.sendall(rest)
            s.close()
        threading.Thread(target=answer, daemon=True).start()
        t = self.open("set-header response x-to you", more=["-m", f"reverse:http://127.0.0.1:{listener.getsockname()[1]}"])
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while not data.endswith(sent):
                data += s.recv(65536)
            self.assertIn(b"x-to: you", data)
            go.set()
            while more := s.recv(65536):
                data += more
        self.assertTrue(data.endswith(sent + rest), data)

    def test_events_that_are_throttled_go_on_before_their_stream_ends(self):
        go, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            s, _ = listener.accept()
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for size in 5000, 3, 4000, 1:
                s.sendall(b"data: " + b"x" * size + b"\n\n")
            go.wait(20)
            s.close()
        threading.Thread(target=answer, daemon=True).start()
        t = self.open("throttle down 100k", more=["-m", f"reverse:http://127.0.0.1:{listener.getsockname()[1]}"])
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while not data.endswith(b"\n\ndata: x\n\n"):
                more = s.recv(65536)
                self.assertTrue(more, data[-100:])
                data += more
            go.set()

    def test_faults(self):
        t = self.open("fault truncate 10 if ~u short", "fault reset 0 if ~u reset")
        out = self.curl(t, self.url + "/short?bytes=100")
        self.assertEqual(out.split("\r\n\r\n")[1], "x" * 10)
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(f"GET {self.url}/reset HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            with self.assertRaises(ConnectionResetError):
                while s.recv(65536):
                    pass

    def closing(self, port, says):
        """A WebSocket client's: what it heard, and how it was closed."""
        async def talk():
            heard = []
            async with websockets.connect(f"ws://127.0.0.1:{port}/bye") as ws:
                try:
                    for text in says:
                        await ws.send(text)
                        heard.append(await ws.recv())
                    await ws.recv()
                except websockets.ConnectionClosed:
                    pass
                return heard, ws.close_code
        return asyncio.run(talk())

    def test_a_websocket_is_closed_with_a_code(self):
        server = Hearing()
        t = self.open("fault close-code 1012 if ~u bye & ~d nowhere", "fault close-code 4001 if ~msgq secret",
                      "fault close-code 4002 if ~msgs told", more=("-m", f"reverse:http://127.0.0.1:{server.port}"))
        self.assertEqual(self.closing(t.port, ["one", "a secret", "three"]), (["one"], 4001))
        self.assertEqual(self.closing(t.port, ["one", "is told", "three"]), (["one"], 4002))
        self.rules("fault close-code 1012 if ~u bye")
        t.wait("rules: read anew")
        self.assertEqual(self.closing(t.port, [])[1], 1012)
        for call, code, said in zip(server.calls, (4001, 4002, 1012), (["one"], ["one", "is told"], [])):
            self.assertTrue(call["over"].wait(20))
            self.assertEqual((call["code"], [m for _, m in call["said"]]), (code, said))
        t.wait(lambda s: s.count(" 101 ") == 3 and "0 live" in s)

    def test_a_message_is_delayed(self):
        t = self.open("delay 600ms if ~msgs late", more=("-m", f"reverse:http://127.0.0.1:{Echo().port}"))
        began = time.monotonic()
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["one", "is late", "three"])
        self.assertTrue(client.done.wait(20))
        self.assertGreater(time.monotonic() - began, 0.6)
        self.assertEqual(client.heard, ["one", "is late", "three"])

    def goaway(self, rule):
        """With a stream under way and one that the rule takes: the peer, and what the first one got."""
        def talk(p):
            sid = p.next_request()
            self.asked.set()
            self.assertTrue(self.go.wait(20))
            p.answer(sid, b"the first")
        self.asked, self.go = threading.Event(), threading.Event()
        t = self.open(rule, more=("-m", f"reverse:h2c://127.0.0.1:{h2peer.serve(talk)}"))
        c = h2peer.Peer(socket.create_connection(("127.0.0.1", t.port), 20), True)
        self.addCleanup(c.close)
        first = c.ask()
        self.assertTrue(self.asked.wait(20))
        c.ask(path="/goaway")
        c.until(lambda: c.goaway is not None)
        self.go.set()
        return t, c, first

    def test_goaway_without_an_error_lets_what_is_under_way_end(self):
        t, c, first = self.goaway("fault goaway 0 if ~u goaway")
        self.assertEqual(c.goaway, (first, 0))
        c.until(lambda: c.stream(first).over)
        self.assertEqual(bytes(c.stream(first).data), b"the first")
        with self.assertRaises(h2peer.Gone):
            c.until(lambda: False)
        self.assertFalse(c.stream(first + 2).heads)
        t.wait("a fault that a rule asked for")

    def test_goaway_with_an_error_ends_all(self):
        t, c, first = self.goaway("fault goaway 11 if ~u goaway")
        self.assertEqual(c.goaway, (first, 11))
        with self.assertRaises(h2peer.Gone):
            c.until(lambda: False)
        self.assertFalse(c.stream(first).heads)

    def test_messages(self):
        t = self.open('replace-body response "secret" "open"', more=("-m", f"reverse:http://127.0.0.1:{Echo().port}"))
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["one", "a secret two", "three"])
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["one", "a open two", "three"])

    def test_a_changed_file_is_read_anew_and_a_wrong_one_is_not(self):
        t = self.open("set-header response x-rule one")
        self.assertIn("x-rule: one", self.curl(t, self.url).lower())
        t.wait("Flows 1")
        self.rules("set-header response x-rule two")
        t.wait("rules: read anew")
        self.assertIn("x-rule: two", self.curl(t, self.url).lower())
        self.rules("set-header response x-rule three", "nosuch action")
        t.wait("r.rules:2:")
        self.assertIn("x-rule: two", self.curl(t, self.url).lower())
        t.keys(":view rules\r", "HITS")
        self.assertRegex(t.text(), r"2 +1 +set-header response x-rule two")

    def named(self, text):
        path = os.path.join(self.folder.name, "named.txt")
        with open(path, "w") as f:
            f.write(text)
        return path

    def test_files_that_rules_name_are_read_anew_when_they_change(self):
        path = self.named("one")
        t = self.open(f"set-header response x-rule @{path}", f"map-local /file {path}")
        self.assertIn("x-rule: one", self.curl(t, self.url).lower())
        self.assertTrue(self.curl(t, self.url + "/file").endswith("one"))
        self.named("second")
        t.wait("rules: read anew")
        self.assertIn("x-rule: second", self.curl(t, self.url).lower())
        self.assertTrue(self.curl(t, self.url + "/file").endswith("second"))

    def test_files_that_rules_name_are_read_anew_without_a_screen(self):
        path = self.named("one")
        s = self.start("-H", f"/~s/x-rule/@{path}")
        self.assertIn("x-rule: one", self.curl(s, self.url).lower())
        self.named("second")
        while "x-rule: one" in (now := self.curl(s, self.url).lower()):
            s.row()                    # else it would wait until its words are read
        self.assertIn("x-rule: second", now)
        os.unlink(path)
        while "x-rule" in (now := self.curl(s, self.url).lower()):
            s.row()
        self.assertIn("200 ok", now)

    def test_a_wrong_file_is_told_at_the_start(self):
        r = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-p", "0", "--set",
                            "rules=" + self.rules("block 403", "", "block what")], capture_output=True, timeout=20)
        self.assertNotEqual(r.returncode, 0)
        self.assertIn(b"r.rules:3:", r.stderr)

    def test_a_folder_answers_as_it_is_by_then(self):
        folder = os.path.join(self.folder.name, "site")
        os.makedirs(os.path.join(folder, "sub"))

        def put(name, text):
            with open(os.path.join(folder, name), "w") as f:
                f.write(text)
        put("a.json", "[1]")
        put("sub/index.html", "sub")
        s = self.start("--map-local", f"|/site|{folder}")
        get = lambda path, *more: self.curl(s, self.url + "/site" + path, *more)
        self.assertRegex(get("/a.json"), r"(?s)^HTTP/1.1 200 .*application/json.*\r\n\r\n\[1\]$")
        put("a.json", "[2]")
        self.assertTrue(get("/a.json").endswith("\r\n\r\n[2]"))
        self.assertTrue(get("/sub/", "-d", "a body").endswith("\r\n\r\nsub"))
        self.assertTrue(get("/none").startswith("HTTP/1.1 404 "))
        self.assertTrue(get("/%2e%2e/rules").startswith("HTTP/1.1 404 "))
        put("new.txt", "new")
        many = subprocess.run(["curl", "-s", "-Z", "--parallel-max", "50", "-x", s.address, self.url + "/site/new.txt?[1-200]"],
                              capture_output=True, text=True, timeout=25)
        self.assertEqual(many.stdout, "new" * 200)
        self.assertEqual(self.origin.heard, [])

    def test_options_of_mitmproxy(self):
        local = os.path.join(self.folder.name, "local.txt")
        with open(local, "w") as f:
            f.write("from a file")
        s = self.start("-H", "/~q/X-One/1", "-H", "|~q|X-Two|2", "--modify-headers", ":User-Agent:", "-B", "/~q/old/new", "-B",
                       "/~s/path/way", "-M", f"|/moved|/x?there", "--map-local", f"|/file|{local}", "--block-list", "/~u ads/418",
                       "--set", "block_list=/~u shut/444", "--rules", self.rules("set-header request X-One 0"))
        out = self.curl(s, self.url + "/moved", "-d", "old thing").split("\r\n\r\n")[-1]
        self.assertEqual(json.loads(out)["way"], "/x?there")
        path, headers, body = self.origin.heard[0]
        self.assertEqual((path, headers["X-One"], headers["X-Two"], body), ("/x?there", "1", "2", b"new thing"))
        self.assertNotIn("User-Agent", headers)
        self.assertTrue(self.curl(s, self.url + "/file").endswith("\r\n\r\nfrom a file"))
        self.assertTrue(self.curl(s, self.url + "/ads").startswith("HTTP/1.1 418 "))
        self.assertEqual(self.curl(s, self.url + "/shut"), "")
        self.assertEqual(len(self.origin.heard), 1)

    def test_options_of_mitmproxy_change_while_it_runs(self):
        t = self.open(more=("-H", "/~q/X-One/1"))
        asks = ["curl", "-s", "-x", f"127.0.0.1:{t.port}", self.url + "/x"]
        subprocess.run(asks, stdout=subprocess.DEVNULL)
        t.keys(":set modify-headers=/~q/X-Two/2\r", lambda s: "modify-headers" in s.split("\n")[-1])
        subprocess.run(asks, stdout=subprocess.DEVNULL)
        t.keys(":set map-remote=xyz\r", "/filter/what/with is meant")
        t.keys(":view rules\r", lambda s: "add-header both 'X-One' '1'" in s and "add-header both 'X-Two' '2'" in s)
        t.keys("q:set modify-headers=\r", lambda s: "modify-headers" in s.split("\n")[-1])
        subprocess.run(asks, stdout=subprocess.DEVNULL)
        self.assertEqual([("X-One" in h, "X-Two" in h) for _, h, _ in self.origin.heard], [(True, False), (True, True), (False, False)])

    def test_an_option_of_mitmproxy_that_is_wrong_is_told_at_the_start(self):
        for option, words in (("--modify-body=/a(/b", "modify-body: missing closing parenthesis"), ("-Hx", "modify-headers"),
                              ("--map-local=xyz", "/filter/what/with is meant"), ("--block-list=/~d x/y", "is meant here")):
            done = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-p", "0", option], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, timeout=20)
            self.assertEqual(done.returncode, 1, option)
            self.assertIn(words, done.stdout)

    def test_what_rules_would_have_done(self):
        path = self.rules("set-header response x-y z if ~c 404", "block 403 if ~u nosuch.of.it")
        r = subprocess.run([peers.SOTH, "rules", path, "tests/screen/demo.soth"], capture_output=True, timeout=20)
        self.assertEqual(r.returncode, 0)
        self.assertRegex(r.stdout.decode(), r"\n\d+ flows? would have been touched\n")
        self.assertIn("line 1", r.stdout.decode().lower())
        self.assertNotIn("line 2", r.stdout.decode().lower())
        self.rules("nosuch")
        r = subprocess.run([peers.SOTH, "rules", path], capture_output=True, timeout=20)
        self.assertEqual(r.returncode, 1)
        self.assertIn(b"r.rules:1:1:", r.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
