"""Requests that soth itself sends, out of files of several formats, to servers of several kinds."""
import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import programs


class Echo(http.server.BaseHTTPRequestHandler):
    """Says what it was asked, and keeps it."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, list(self.headers.items()), body))
        self.server.hook(self)
        out = json.dumps({"path": self.path, "n": len(self.server.heard), **self.server.more}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(out)

    do_POST = do_PUT = do_HEAD = do_PATCH = do_GET

    def log_message(self, *args):
        pass


def echo(case):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    server.heard, server.status, server.more, server.hook = [], 200, {}, lambda handler: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    server.port = server.server_address[1]
    return server


class Case(programs.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.h2 = cls.serve("h2server", cls.cert, cls.key)

    def setUp(self):
        super().setUp()
        self.dir = tempfile.mkdtemp(dir=self.folder.name)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def soth_run(self, *args, **more):
        return subprocess.run([peers.SOTH, *args], capture_output=True, timeout=25, **more)

    def replay(self, *args, status=0):
        out = self.soth_run("replay", "--confdir", self.dir, "--set", "ssl-verify-upstream-trusted-ca=" + self.cert, *args)
        self.assertEqual(out.returncode, status, out)
        return out.stdout.decode()

    def rows(self, path, *filter):
        out = self.soth_run("dump", "--confdir", self.dir, "--json", "-r", path, *filter)
        return [json.loads(line) for line in out.stdout.splitlines()]

    def captured(self, *requests):
        """A session of what curl asked through soth."""
        for args in requests:
            self.curl(*args)
            self.soth.row()
        self.soth.stop()
        return self.soth.session


class Replay(Case):
    def test_a_session_is_sent_again_and_recorded(self):
        e = echo(self)
        url = f"http://127.0.0.1:{e.port}"
        s = self.captured((url + "/a?b=c", "-H", "X-MiXed: Case"), (url + "/post", "-d", "x=1"))
        out = self.replay("-w", self.path("out.soth"), s)
        self.assertEqual([line.split()[1:4] for line in out.splitlines()[:2]],
                         [["GET", url + "/a?b=c", "200"], ["POST", url + "/post", "200"]])
        self.assertIn("requests  2 in ", out)
        self.assertIn("status    200: 2  failed: 0\n", out)
        self.assertRegex(out, r"time      min \S+  median \S+  p95 \S+  max \S+\n")
        self.assertEqual([r["path"] for r in self.rows(self.path("out.soth"), "~replay")], ["/a?b=c", "/post"])
        self.assertEqual(self.rows(self.path("out.soth"), "! ~replayq"), [])
        self.assertEqual(self.rows(s, "~replay"), [])

    def test_what_arrives_is_what_was_sent_before(self):
        e = echo(self)
        s = self.captured((f"http://127.0.0.1:{e.port}/a", "-H", "X-MiXed: Case", "-d", "é=1"))
        first = e.heard[:]
        self.replay(s)
        method, path, fields, body = e.heard[1]
        self.assertEqual((method, path, body), (first[0][0], first[0][1], first[0][3]))
        self.assertEqual(fields, first[0][2])

    def test_over_tls_http2_is_spoken_where_the_server_does(self):
        s = self.captured(("--http2", f"https://localhost:{self.h2}/n"), ("--http1.1", f"https://localhost:{self.h2}/o"))
        self.replay("-w", self.path("out.soth"), s)
        self.assertEqual([(r["status"], r["response_version"]) for r in self.rows(self.path("out.soth"))],
                         [(200, "HTTP/2"), (200, "HTTP/2")])

    def test_without_tls_http2_is_spoken_where_it_was(self):
        with open(self.path("f"), "w") as f:
            f.write("body")
        server = programs.Server("nghttpd", "-v", "--no-tls", "-a", "127.0.0.1", "-d", self.dir, str(peers.free_port()))
        self.addCleanup(server.stop)
        self.write("two.http", f"GET http://127.0.0.1:{server.port}/f HTTP/2\n")
        self.replay("-w", self.path("out.soth"), self.path("two.http"))
        self.assertEqual([(r["status"], r["response_version"], r["response_bytes"]) for r in self.rows(self.path("out.soth"))],
                         [(200, "HTTP/2", 4)])

    def test_certificates_are_verified_and_k_does_not(self):
        self.write("tls.http", f"GET https://127.0.0.1:{self.https}/\n")
        out = self.soth_run("replay", "--confdir", self.dir, self.path("tls.http"))
        self.assertEqual(out.returncode, 1)
        self.assertIn(b"failed: 1", out.stdout)
        self.assertEqual(self.soth_run("replay", "--confdir", self.dir, "-k", self.path("tls.http")).returncode, 0)

    def test_check_finds_what_is_different_and_not_what_comes_anew(self):
        e = echo(self)
        s = self.captured((f"http://127.0.0.1:{e.port}/a",), (f"http://127.0.0.1:{e.port}/b",))
        self.assertIn("the same: 2  different: 0", self.replay("--check", s))
        e.more = {"new": 1}
        out = self.replay("--check", s, status=1)
        self.assertIn("different from flow 1: $.new: was not there\n", out)
        self.assertIn("the same: 0  different: 2", out)
        e.more, e.status = {}, 500
        self.assertIn("status: was 200, is 500", self.replay("--check", s + "#2", status=1))

    def test_words_of_a_text_count_and_numbers_and_dates_do_not(self):
        said = [b"<p>Thu, 26 Nov 2026 order 17a of 3</p>", b"<p>Fri, 1 Jan 2027 order 9 of 12</p>", b"<p>Fri, 1 Jan 2027 order 9 off 12</p>"]

        def talk(peer):
            peer.recv(4096)
            body = said.pop(0)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        s = self.captured((f"http://127.0.0.1:{peers.raw_server(talk)}/",))
        self.replay("--check", s)
        self.assertIn("the body is another", self.replay("--check", s, status=1))

    def test_an_answer_that_does_not_come_is_waited_for_as_long_as_tcp_timeout_says(self):
        hung = peers.raw_server(lambda p: [None for _ in iter(lambda: p.recv(65536), b"")])
        self.write("hung.http", f"GET http://127.0.0.1:{hung}/\n")
        out = self.replay("--set", "tcp-timeout=1", self.path("hung.http"), status=1)
        self.assertIn("nothing moved for as long as tcp-timeout says", out)

    def test_many_at_once_many_times(self):
        e = echo(self)
        all_there = threading.Barrier(4, timeout=10)
        e.hook = lambda handler: all_there.wait()
        self.write("one.http", f"GET http://127.0.0.1:{e.port}/x\n")
        out = self.replay("-j", "4", "-n", "8", self.path("one.http"))
        self.assertIn("requests  8 in ", out)
        self.assertIn("200: 8  failed: 0", out)

    def test_one_after_the_other_with_a_pause(self):
        e = echo(self)
        now, most = [], []
        e.hook = lambda handler: (now.append(1), most.append(len(now)), now.pop())
        self.write("one.http", f"GET http://127.0.0.1:{e.port}/x\n")
        out = self.replay("-n", "3", "--delay", "150ms", self.path("one.http"))
        self.assertEqual(most, [1, 1, 1])
        self.assertGreater(float(out.split(" in ")[1].split("s")[0]), 0.29)

    def test_an_answer_that_does_not_end_is_recorded_until_it_is_stopped(self):
        told = threading.Event()

        def talk(peer):
            peer.recv(4096)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
            told.set()
            peer.recv(1)
        self.write("sse.http", f"GET http://127.0.0.1:{peers.raw_server(talk)}/\n")
        p = subprocess.Popen([peers.SOTH, "replay", "--confdir", self.dir, "-w", self.path("out.soth"), self.path("sse.http")],
                             stdout=subprocess.PIPE)
        self.assertTrue(told.wait(10))
        while not any(r["response_bytes"] for r in self.rows(self.path("out.soth"))):
            pass
        p.send_signal(signal.SIGINT)
        out, _ = p.communicate(timeout=10)
        self.assertEqual(p.returncode, 1)
        self.assertIn(b"text/event-stream 9 ", out)

    def test_switches_hold_and_what_clients_must_know_does_not(self):
        self.write("tls.http", f"GET https://localhost:{self.h2}/n HTTP/2\n")
        for more, version in ((), "HTTP/2"), (("--set", "http2@localhost=no"), "HTTP/1.1"), (("--proxyauth", "me:pass"), "HTTP/2"):
            self.replay("-w", self.path("out.soth"), *more, self.path("tls.http"))
            self.assertEqual([(r["status"], r["response_version"]) for r in self.rows(self.path("out.soth"))], [(200, version)])

    def test_another_proxy_is_gone_through(self):
        e = echo(self)
        self.write("up.http", f"GET http://127.0.0.1:{e.port}/plain\n###\nGET https://localhost:{self.h2}/tls\n")
        self.replay("-k", "-m", f"upstream:http://{self.soth.address}", self.path("up.http"))
        self.assertEqual(sorted(self.soth.row()["path"] for _ in range(2)), ["/plain", "/tls"])

    def test_what_cannot_be_sent_is_left_out_and_said(self):
        e = echo(self)
        self.write("ws.http", f"GET http://127.0.0.1:{e.port}/\nUpgrade: websocket\n###\nGET http://127.0.0.1:{e.port}/ok\n")
        out = self.soth_run("replay", "--confdir", self.dir, self.path("ws.http"))
        self.assertIn(b"flow 1 is left out: a WebSocket cannot be sent again", out.stderr)
        self.assertIn(b"200: 1  failed: 0  left out: 1", out.stdout)
        self.assertEqual([h[1] for h in e.heard], ["/ok"])

    def test_a_filter_or_a_number_says_which(self):
        e = echo(self)
        self.write("three.http", "\n###\n".join(f"GET http://127.0.0.1:{e.port}/{n}\n" for n in "abc"))
        self.replay("--filter", "~u /b", self.path("three.http"))
        self.replay(self.path("three.http") + "#3")
        self.assertEqual([h[1] for h in e.heard], ["/b", "/c"])

    def test_wrong_command_lines(self):
        for args, words in (((), "usage: soth replay"), (("-j", "0", "x"), "--jobs 0"), (("--delay", "x", "y"), "--delay x"),
                            (("nowhere.soth",), "nowhere.soth: No such file")):
            out = self.soth_run("replay", *args)
            self.assertIn(out.returncode, (1, 2))
            self.assertIn(words, out.stderr.decode())


class Formats(Case):
    def test_a_file_of_requests_is_sent(self):
        e = echo(self)
        with open(self.path("body.bin"), "wb") as f:
            f.write(b"\0\xff")
        self.write("r.http", f"@u = http://127.0.0.1:{e.port}\n### one\nPOST {{{{u}}}}/a\n  ?x=1\nX-A: {{{{u}}}}\n\nhello\n\n"
                   "### two\nPUT {{u}}/b\n\n< body.bin\n")
        self.replay(self.path("r.http"))
        self.assertEqual([(h[0], h[1], h[3]) for h in e.heard], [("POST", "/a?x=1", b"hello"), ("PUT", "/b", b"\0\xff")])
        self.assertIn(("X-A", f"http://127.0.0.1:{e.port}"), e.heard[0][2])

    def test_a_pasted_command_is_sent_as_curl_sends_it(self):
        e = echo(self)
        command = (f"curl 'http://127.0.0.1:{e.port}/p?q=1' -X PUT -A me -H $'x-odd: \\u00e9 \\'q\\'' -b 'a=1; b=2' -u me:pass \\\n"
                   "  --data-raw $'{\"a\":\\n1}' -H 'content-type: application/json' --compressed -s")
        subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL, check=True)
        out = self.soth_run("convert", "--from", "curl", "-", self.path("p.http"), input=command.encode())
        self.assertEqual((out.returncode, out.stderr), (0, b""))
        self.replay(self.path("p.http"))
        (m1, p1, f1, b1), (m2, p2, f2, b2) = e.heard
        self.assertEqual((m1, p1, b1), (m2, p2, b2))
        plain = [sorted((n.lower(), v) for n, v in f if n.lower() != "accept-encoding") for f in (f1, f2)]
        self.assertEqual(*plain)

    def programs_send(self, to, suffix, run, exact):
        """What was captured, written in that format, and run."""
        e = echo(self)
        u = f"http://127.0.0.1:{e.port}"
        with open(self.path("b"), "wb") as f:
            f.write(bytes(range(256)) * 3)
        s = self.captured((u + "/get?a=%20b", "-H", "X-Quote: \"a\\b'"), (u + "/json", "--json", '{"a": "é\n"}'),
                          (u + "/bin", "--data-binary", "@" + self.path("b"), "-H", "Cookie: a=1", "-H", "Content-Type: a/b"))
        first, e.heard = e.heard, []
        out = self.path("out" + suffix)
        self.assertEqual(self.soth_run("convert", "--to", to, s, out).returncode, 0)
        done = subprocess.run([*run, out], capture_output=True, timeout=20)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(first), len(e.heard))
        for was, now in zip(first, e.heard):
            self.assertEqual((was[0], was[1], was[3]), (now[0], now[1], now[3]))
            names = [n.lower() for n, _ in was[2]] if exact else ["x-quote", "content-type", "cookie"]
            field = [{n.lower(): v for n, v in h[2]} for h in (was, now)]
            self.assertEqual(*[{n: f[n] for n in names if n in f} for f in field])

    def test_python_sends_the_same(self):
        self.programs_send("python", ".py", [sys.executable], True)

    def test_fetch_sends_the_same(self):
        self.programs_send("fetch", ".mjs", ["node"], False)


class ServerReplay(Case):
    def setUp(self):
        super().setUp()
        self.e = echo(self)
        self.url = f"http://127.0.0.1:{self.e.port}"

    def recorded(self, *requests):
        """Of which the server then forgets."""
        s = self.captured(*requests)
        self.e.heard.clear()
        self.e.more = {"live": 1}
        return s

    def answers(self, s, *requests):
        """How often the server was asked, and what came."""
        out = [self.curl(*args, soth=s).stdout.decode() for args in requests]
        return len(self.e.heard), [o and "live" not in o for o in out]

    def test_requests_are_answered_once_each_in_order_and_then_by_the_server(self):
        r = self.recorded((self.url + "/a",), (self.url + "/a",), (self.url + "/b", "-d", "x"))
        s = self.start("-S", r)
        got = [json.loads(self.curl(self.url + "/a", soth=s).stdout) for _ in range(3)]
        self.assertEqual([g["n"] for g in got], [1, 2, 1])
        self.assertEqual(self.answers(s, (self.url + "/b", "-d", "other"), (self.url + "/b", "-d", "x")), (2, [False, True]))
        for _ in range(5):
            s.row()
        s.stop()
        self.assertEqual([x["id"] for x in self.rows(s.session, "~replays")], [1, 2, 5])

    def test_again_and_again(self):
        s = self.start("-S", self.recorded((self.url + "/a",)), "--server-replay-reuse")
        self.assertEqual(self.answers(s, *[(self.url + "/a",)] * 3), (0, [True] * 3))

    def test_what_is_left_to_requests_that_were_not_recorded(self):
        r = self.recorded((self.url + "/a",))
        for extra, status in ("404", "404"), ("204", "204"), ("500", "500"), ("400", "400"), ("kill", "000"), ("forward", "200"):
            s = self.start("-S", r, "--set", "server-replay-extra=" + extra)
            out = self.curl("-w", "%{http_code}", "-o", "/dev/null", self.url + "/none", soth=s).stdout
            self.assertEqual(out.decode(), status, extra)
        self.assertEqual(len(self.e.heard), 1)
        out = self.soth_run("dump", "--confdir", self.dir, "-S", r, "--set", "server-replay-extra=x")
        self.assertIn(b"server-replay-extra: forward, kill", out.stderr)

    def test_what_need_not_be_the_same(self):
        r = self.recorded((self.url + "/a?x=1&t=1", "-d", "a=1&t=1"))
        port = peers.free_port()
        for option, same, other in (
                ("server-replay-ignore-params=t,u", self.url + "/a?x=1&t=2", self.url + "/a?x=2&t=1"),
                ("server-replay-ignore-content=yes", None, None),
                ("server-replay-ignore-payload-params=t", None, None),
                ("server-replay-ignore-host=yes", f"http://localhost:{self.e.port}/a?x=1&t=1", self.url + "/b?x=1&t=1"),
                ("server-replay-ignore-port=yes", f"http://127.0.0.1:{port}/a?x=1&t=1", self.url + "/b?x=1&t=1")):
            s = self.start("-S", r, "--server-replay-reuse", "--set", option, "--set", "server-replay-extra=404")
            url, body = self.url + "/a?x=1&t=1", "a=1&t=1"
            other_body = "a=1&t=2"
            if same:
                self.assertEqual(self.answers(s, (same, "-d", body), (other, "-d", body))[1][0], True, option)
                self.assertIn("404", self.curl(other, "-d", body, soth=s).stdout.decode())
            else:
                self.assertNotIn("404 ", self.curl(url, "-d", other_body, soth=s).stdout.decode(), option)
            plain = self.start("-S", r, "--server-replay-reuse", "--set", "server-replay-extra=404")
            self.assertIn("404 ", self.curl(same or url, "-d", body if same else other_body, soth=plain).stdout.decode(), option)
        self.assertEqual(self.e.heard, [])

    def test_fields_that_must_be_the_same(self):
        r = self.recorded((self.url + "/a", "-H", "X-Key: 1"))
        s = self.start("-S", r, "--server-replay-reuse", "--set", "server-replay-use-headers=x-key")
        self.assertEqual(self.answers(s, (self.url + "/a", "-H", "X-Key: 1"), (self.url + "/a", "-H", "X-Key: 2"))[1], [True, False])

    def test_dates_become_later(self):
        date = "Sun, 06 Nov 1994 08:49:37 GMT"

        def talk(peer):
            peer.recv(4096)
            peer.sendall(f"HTTP/1.1 200 OK\r\nLast-Modified: {date}\r\nSet-Cookie: a=1; Expires={date}; Path=/\r\n"
                         "Content-Length: 2\r\n\r\nok".encode())
        url = f"http://127.0.0.1:{peers.raw_server(talk)}/"
        self.curl(url)
        r = self.soth.row()
        self.soth.stop()
        threading.Event().wait(max(0, 2.1 - (time.time() - r["begun_us"] / 1e6)))
        for refresh, same in ("yes", False), ("no", True):
            s = self.start("-S", self.soth.session, "--set", "server-replay-refresh=" + refresh)
            out = self.curl("-i", url, soth=s).stdout.decode()
            self.assertEqual(f"Last-Modified: {date}" in out, same)
            self.assertEqual(f"a=1; Expires={date}; Path=/" in out, same)
            self.assertRegex(out, r"Last-Modified: Sun, 06 Nov 1994 08:\d\d:\d\d GMT")
            self.assertRegex(out, r"a=1; Expires=Sun, 06 Nov 1994 08:\d\d:\d\d GMT; Path=/")

    def test_over_tls_the_server_need_not_be_there(self):
        server = programs.Server("node", programs.JS, "h2server", self.cert, self.key)
        url = f"https://localhost:{server.port}/n"
        r = self.captured((url,))
        server.stop()
        s = self.start("-S", r, "--server-replay-reuse")
        self.assertIn(b"hello /n", self.curl(url, soth=s).stdout)
        self.assertIn(b"502", self.curl("-i", url + "x", soth=s).stdout)

    def test_a_large_body_is_looked_at_whole_and_answered(self):
        body = self.path("big")
        with open(body, "wb") as f:
            f.write(os.urandom(3_000_000))
        r = self.recorded((self.url + "/big", "--data-binary", "@" + body))
        s = self.start("-S", r, "--server-replay-reuse")
        self.assertEqual(self.answers(s, (self.url + "/big", "--data-binary", "@" + body)), (0, [True]))
        with open(body, "r+b") as f:
            f.seek(2_999_999)
            f.write(b"!" if f.read(1) != b"!" else b"?")
        self.assertEqual(self.answers(s, (self.url + "/big", "--data-binary", "@" + body)), (1, [False]))

    def test_over_http2_bodies_longer_than_its_windows_are_looked_at(self):
        with open(self.path("big"), "wb") as f:
            f.write(os.urandom(1_000_000))
        ask = ("--http2", "--data-binary", "@" + self.path("big"), f"https://localhost:{self.h2}/echo")
        r = self.captured(ask)
        s = self.start("-S", r, "--set", "server-replay-extra=404")
        got = self.curl(*ask, "-w", " %{http_version} %{http_code}", soth=s).stdout
        with open(self.path("big"), "rb") as f:
            self.assertEqual(got, f.read() + b" 2 200")
        self.assertEqual(s.row()["response_bytes"], 1_000_000)
        self.replay("--check", r)        # and sent again, as long as it is
        self.assertTrue(self.curl(*ask, "-w", " %{http_version} %{http_code}", soth=s).stdout.endswith(b" 2 404"))


if __name__ == "__main__":
    unittest.main()
