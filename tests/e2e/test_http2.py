"""HTTP/2 on either side and both, with programs that speak it, and frame by frame."""
import os
import socket
import ssl
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import hyperframe.frame as F
import peers
import programs

MIB = 1 << 20
GET = b"\x82\x86\x84\x01\x01x"        # a head that leaves the table alone: GET, http, /, authority x


class Case(programs.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.h2 = cls.serve("h2server", cls.cert, cls.key)
        cls.h2c = cls.serve("h2cserver")

    def reverse(self, scheme, port, *more):
        host = "localhost" if scheme == "https" else "127.0.0.1"
        return self.start("-m", f"reverse:{scheme}://{host}:{port}", *more)

    def nghttpd(self, name, body):
        """nghttpd with one file to give; its port."""
        with open(os.path.join(self.folder.name, name), "wb") as f:
            f.write(body)
        server = programs.Server("nghttpd", "-v", "--no-tls", "-m", "1000", "-a", "127.0.0.1", "-d", self.folder.name,
                                 str(peers.free_port()))
        self.addCleanup(server.stop)
        return server.port

    def versions(self, row):
        return row["request_version"], row["response_version"]


class Programs(Case):
    def test_nghttp_over_tls(self):
        s = self.reverse("https", self.h2)
        out = programs.run("nghttp", "-v", "--no-dep", f"https://{s.address}/hints")
        self.assertIn(":status: 103", out)
        self.assertIn("hinted", out)
        self.assertEqual(self.versions(s.row()), ("HTTP/2", "HTTP/2"))

    def test_nghttp_with_prior_knowledge(self):
        s = self.reverse("http", self.h2c)
        self.assertIn("hello /n 2.0", programs.run("nghttp", f"http://{s.address}/n"))
        self.assertEqual(self.versions(s.row()), ("HTTP/2", "HTTP/2"))

    def test_nghttp_posts_and_waits_for_100(self):
        s = self.reverse("https", self.h2)
        body = os.path.join(self.folder.name, "body")
        with open(body, "wb") as f:
            f.write(b"p" * 300_000)
        out = programs.run("nghttp", "-v", "--expect-continue", "-d", body, f"https://{s.address}/echo")
        self.assertIn(":status: 100", out)
        self.assertIn("x-sum: 300000", out)
        row = s.row()
        self.assertEqual((row["request_bytes"], row["response_bytes"]), (300_000, 300_000))

    def test_h2load_over_tls(self):
        s = self.reverse("https", self.h2)
        out = programs.run("h2load", "-n", "600", "-c", "3", "-m", "50", f"https://{s.address}/l")
        self.assertIn("600 succeeded", out)
        self.assertEqual({s.row()["status"] for _ in range(600)}, {200})

    def test_h2load_with_prior_knowledge(self):
        s = self.reverse("http", self.h2c)
        self.assertIn("600 succeeded", programs.run("h2load", "-n", "600", "-c", "3", "-m", "50", f"http://{s.address}/l"))

    def test_nghttpd_as_the_origin(self):
        s = self.reverse("h2c", self.nghttpd("page", peers.BIG))
        sid = (c := h2peer.connect(s)).ask(path="/page")
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(c.stream(sid).data, peers.BIG)

    def test_curl_through_connect(self):
        out = self.curl("--http2", "-w", " %{http_version}", f"https://localhost:{self.h2}/c")
        self.assertEqual(out.stdout, b"hello /c 2.0  2")
        self.assertEqual(self.versions(self.soth.row()), ("HTTP/2", "HTTP/2"))

    def test_curl_posts_through_connect(self):
        body = os.path.join(self.folder.name, "posted")
        with open(body, "wb") as f:
            f.write(peers.BIG)
        out = self.curl("--http2", "--data-binary", "@" + body, f"https://localhost:{self.h2}/echo")
        self.assertEqual(out.stdout, peers.BIG)

    def test_curl_with_prior_knowledge(self):
        s = self.reverse("http", self.h2c)
        out = programs.run("curl", "-s", "--http2-prior-knowledge", f"http://{s.address}/k")
        self.assertIn("hello /k 2.0", out)

    def test_node_over_tls(self):
        s = self.reverse("https", self.h2)
        self.assertEqual(programs.node("h2client", f"https://localhost:{s.port}", s.ca), "ok\n")

    def test_node_with_prior_knowledge(self):
        s = self.reverse("http", self.h2c)
        self.assertEqual(programs.node("h2client", f"http://127.0.0.1:{s.port}"), "ok\n")

    def test_node_through_connect(self):
        out = programs.node("h2client", f"https://localhost:{self.h2}", self.soth.ca, self.soth.port)
        self.assertEqual(out, "ok\n")
        self.assertEqual({self.soth.row()["status"] for _ in range(40)}, {200})


class Mixed(Case):
    """One version on one side, the other on the other."""

    def post(self, s, *args):
        return self.curl("--data-binary", "abc", "--trace-ascii", "-", *args, soth=s).stdout

    def test_an_http_1_client_of_an_http_2_server(self):
        s = self.reverse("h2c", self.h2c)
        out = s.ask(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close, x-hop\r\n"
                    b"X-Hop: 1\r\nTE: trailers\r\nTrailer: x-sent\r\n\r\n3\r\nabc\r\n0\r\nX-Sent: there\r\n\r\n")
        self.assertTrue(out.startswith(b"HTTP/1.1 200 "), out)
        self.assertIn(b"abc", out)
        self.assertIn(b"x-sum: 3\r\n", out.lower())
        self.assertIn(b"x-sent: there\r\n", out.lower())
        self.assertEqual(self.versions(s.row()), ("HTTP/1.1", "HTTP/2"))

    def test_pipelined_requests_to_an_http_2_server_are_answered_in_order(self):
        s = self.reverse("h2c", self.h2c)
        out = s.ask(b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /big HTTP/1.1\r\nHost: x\r\n\r\n"
                    b"GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertLess(out.index(b"hello /one"), out.index(b"bbbb"))
        self.assertLess(out.rindex(b"bbbb"), out.index(b"hello /two"))

    def test_an_http_2_client_of_an_http_1_server(self):
        s = self.reverse("http", self.http)
        c = h2peer.connect(s)
        sid = c.ask("POST", "/p", [("content-length", "5")], end=False)
        c.data(sid, b"hello", end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual((c.stream(sid).status, c.stream(sid).data), (200, b"hello"))
        self.assertEqual(c.stream(sid).field("x-trailer", -1), "yes")
        self.assertEqual(self.versions(s.row()), ("HTTP/2", "HTTP/1.1"))

    def test_a_body_of_unknown_length_becomes_chunked(self):
        s = self.reverse("http", self.http)
        c = h2peer.connect(s)
        sid = c.ask("POST", "/p", end=False)
        c.data(sid, peers.BIG, end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(c.stream(sid).data, peers.BIG)

    def test_many_streams_to_an_http_1_server(self):
        s = self.reverse("http", self.http)
        c = h2peer.connect(s)
        asked = {c.ask(path=f"/{n}"): n for n in range(60)}
        c.until(lambda: all(c.stream(sid).over for sid in asked))
        for sid, n in asked.items():
            self.assertEqual(c.stream(sid).data, b"hello /%d" % n)

    def test_an_http_2_client_of_an_http_1_server_over_tls(self):
        out = self.curl("--http2", f"https://localhost:{self.https}/big")
        self.assertEqual(out.stdout, peers.BIG)
        self.assertEqual(self.soth.row()["response_version"], "HTTP/1.1")

    def test_cookies_in_pieces_are_one_field_to_an_http_1_server(self):
        seen = []

        class Cookies(peers.Origin):
            def do_GET(self):
                seen.append((self.headers.get_all("cookie"), self.headers.get_all("host")))
                super().do_GET()
        s = self.reverse("http", peers.serve(Cookies), "--keep-host-header")
        c = h2peer.connect(s)
        c.get(fields=[("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")], authority="mine.test")
        self.assertEqual(seen, [(["a=1; b=2"], ["mine.test"])])

    def test_what_is_http_1_alone_is_not_in_an_http_2_answer(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nConnection: x-hop, keep-alive\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\n"
                         b"Proxy-Connection: keep-alive\r\nX-MiXed: Case\r\nTransfer-Encoding: chunked\r\n\r\n"
                         b"2\r\nok\r\n0\r\n\r\n")
        s = self.reverse("http", peers.raw_server(talk))
        got = h2peer.connect(s).get()
        names = {name for name, _ in got.heads[0]}
        self.assertEqual((got.data, got.field("x-mixed")), (b"ok", "Case"))
        self.assertFalse(names & {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "x-hop"}, names)

    def test_an_interim_answer_of_an_http_1_server(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        s = self.reverse("http", peers.raw_server(talk))
        got = h2peer.connect(s).get()
        self.assertEqual([dict(h)[":status"] for h in got.heads], ["103", "200"])
        self.assertEqual(got.field("link"), "</a>")

    def test_an_http_1_server_that_breaks_off_at_the_preface(self):
        for linger in (b"\1\0\0\0\0\0\0\0", b"\0" * 8):       # by a reset, and in good order
            def talk(peer):
                head = b""
                while b"\r\n\r\n" not in head:
                    head += peer.recv(65536)
                if head.startswith(b"PRI "):
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                else:
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                    peer.recv(1)
            s = self.reverse("http", peers.raw_server(talk))
            self.assertEqual(h2peer.connect(s).get().data, b"ok")

    def test_an_http_1_answer_that_is_cut_off_is_a_reset(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        s = self.reverse("http", peers.raw_server(talk))
        c = h2peer.connect(s)
        got = c.get()
        self.assertIsNotNone(got.reset)
        self.assertEqual(got.data, b"half")
        self.assertIn("trouble", s.row())
        self.assertEqual(c.get().reset is None and c.goaway, False)


class Streams(Case):
    """Frame by frame, HTTP/2 on both sides."""

    def between(self, talk, **more):
        """A client of a soth in front of a server that does that with each connection."""
        s = self.reverse("h2c", h2peer.serve(talk))
        return s, h2peer.connect(s, **more)

    def test_trailers_pass_both_ways(self):
        seen = []

        def talk(p):
            sid = p.next_request()
            p.until(lambda: p.stream(sid).ended)
            seen.extend(p.stream(sid).heads[1:])
            p.answer(sid, b"body", end=False)
            p.head(sid, [("grpc-status", "0"), ("x-after", "all")], end=True)
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask("POST", end=False)
        c.data(sid, b"up")
        c.head(sid, [("x-sent", "behind")], end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(seen, [[("x-sent", "behind")]])
        self.assertEqual(c.stream(sid).heads[1], [("grpc-status", "0"), ("x-after", "all")])

    def test_an_answer_that_is_trailers_alone(self):
        def talk(p):
            p.answer(p.next_request(), fields=[("grpc-status", "5"), ("content-type", "application/grpc")])
            p.until_gone()
        s, c = self.between(talk)
        got = c.get("POST", fields=[("content-type", "application/grpc"), ("te", "trailers")])
        self.assertEqual((len(got.heads), got.field("grpc-status"), got.ended), (1, "5", True))
        self.assertEqual(s.row()["grpc_status"], 5)

    def test_te_trailers_passes(self):
        seen = []

        def talk(p):
            sid = p.next_request()
            seen.append(p.stream(sid).field("te"))
            p.answer(sid)
            p.until_gone()
        s, c = self.between(talk)
        c.get(fields=[("te", "trailers")])
        self.assertEqual(seen, ["trailers"])

    def test_interim_answers_come_before_the_body_is_asked_for(self):
        def talk(p):
            sid = p.next_request()
            p.head(sid, [(":status", "100")])
            p.until(lambda: p.stream(sid).ended)
            p.head(sid, [(":status", "103"), ("link", "</a>")])
            p.answer(sid, p.stream(sid).data)
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask("POST", fields=[("expect", "100-continue")], end=False)
        c.until(lambda: c.stream(sid).status == 100)
        c.data(sid, b"now", end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual([dict(h)[":status"] for h in c.stream(sid).heads], ["100", "103", "200"])
        self.assertEqual(c.stream(sid).data, b"now")

    def test_an_answer_may_end_before_the_request_does(self):
        uploaded = []

        def talk(p):
            sid = p.next_request()
            p.answer(sid, b"early")
            p.until(lambda: p.stream(sid).over)
            uploaded.append(p.stream(sid).data)
            p.answer(p.next_request(), b"second")
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask("POST", end=False)
        c.until(lambda: c.stream(sid).ended)
        self.assertEqual(c.stream(sid).data, b"early")
        c.data(sid, b"late", end=True)
        self.assertEqual(c.get().data, b"second")
        self.assertEqual(uploaded, [b"late"])

    def test_no_more_of_a_request_is_wanted(self):
        def talk(p):
            sid = p.next_request()
            p.answer(sid, b"enough")
            p.reset(sid, h2peer.NO_ERROR)
            p.answer(p.next_request(), b"second")
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask("POST", end=False)
        c.until(lambda: c.stream(sid).reset is not None)
        self.assertEqual((c.stream(sid).data, c.stream(sid).ended, c.stream(sid).reset), (b"enough", True, 0))
        self.assertEqual(c.get().data, b"second")

    def test_a_client_s_reset_is_not_the_connection_s_end(self):
        heard = []

        def talk(p):
            first, second = p.next_request(), p.next_request()
            p.answer(first, b"begun", end=False)
            p.until(lambda: p.stream(first).reset is not None)
            heard.append(p.stream(first).reset)
            p.answer(second, b"second")
            p.until_gone()
        s, c = self.between(talk)
        first, second = c.ask(), c.ask()
        c.until(lambda: c.stream(first).data == b"begun")
        c.reset(first)
        c.until(lambda: c.stream(second).over)
        self.assertEqual((heard, c.stream(second).data, c.goaway), ([h2peer.CANCEL], b"second", None))
        rows = [s.row(), s.row()]
        self.assertEqual([r["close"] == "mitm_http_completed" for r in rows], [False, True])
        self.assertIn("CANCEL", rows[0]["trouble"])

    def test_a_server_s_reset_keeps_its_code_and_its_neighbours(self):
        def talk(p):
            first, second = p.next_request(), p.next_request()
            p.reset(first, h2peer.INTERNAL_ERROR)
            p.answer(second, b"second")
            p.until_gone()
        s, c = self.between(talk)
        first, second = c.ask(), c.ask()
        c.until(lambda: c.stream(first).over and c.stream(second).over)
        self.assertEqual((c.stream(first).reset, c.stream(second).data), (h2peer.INTERNAL_ERROR, b"second"))
        self.assertIn("INTERNAL_ERROR", s.row()["trouble"])

    def test_what_is_under_way_goes_on_behind_a_server_s_goaway(self):
        connections = []

        def talk(p):
            connections.append(p)
            sid = p.next_request()
            if len(connections) == 1:
                p.leave(sid)
                p.answer(sid, b"half ", end=False)
                p.until(lambda: p.stream(sid).ended)
                p.data(sid, b"whole", end=True)
            else:
                p.answer(sid, b"whole")
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask("POST", end=False)
        c.until(lambda: c.stream(sid).data == b"half ")
        c.data(sid, b"rest", end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(c.stream(sid).data, b"half whole")
        self.assertEqual(c.get().data, b"whole")
        self.assertEqual(len(connections), 2)

    def test_what_a_goaway_leaves_out_may_be_sent_again(self):
        connections = []

        def talk(p):
            connections.append(p)
            sid = p.next_request()
            if len(connections) == 1:
                p.leave(0)
                p.until_gone()
            p.answer(sid, b"at last")
            p.until_gone()
        s, c = self.between(talk)
        got = c.get()
        self.assertTrue(got.data == b"at last" or got.reset == h2peer.REFUSED_STREAM, (got.heads, got.reset))

    def test_a_server_that_goes_away_in_mid_answer_resets_the_stream_alone(self):
        connections = []

        def talk(p):
            connections.append(p)
            sid = p.next_request()
            if len(connections) > 1:
                p.answer(sid, b"second")
                p.until_gone()
            p.answer(sid, b"half", end=False)
        s, c = self.between(talk)
        got = c.get()
        self.assertIsNotNone(got.reset)
        self.assertEqual(got.data, b"half")
        self.assertEqual(c.get().data, b"second")

    def test_a_client_that_leaves_gets_its_answers(self):
        def talk(p):
            p.answer(p.next_request(), b"answered")
            p.until_gone()
        s, c = self.between(talk)
        sid = c.ask()
        c.leave(0)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(c.stream(sid).data, b"answered")

    def test_soth_ends_with_goaway(self):
        def talk(p):
            p.answer(p.next_request(), b"answered")
            p.until_gone()
        s, c = self.between(talk)
        c.get()
        s.stop()
        c.until_gone()
        self.assertTrue(c.closed)

    def test_pings_are_answered_by_soth(self):
        s, c = self.between(lambda p: p.until_gone())
        c.ping(b"abcdefgh")
        c.until(lambda: c.pongs)
        self.assertEqual(c.pongs, [b"abcdefgh"])

    def test_a_slow_client_slows_the_origin_and_no_neighbour(self):
        sent, whole = [0], 13107 * 1000

        def talk(p):
            slow = p.next_request()
            p.head(slow, [(":status", "200")])
            threading.Thread(target=feed, args=(p, slow), daemon=True).start()
            while True:
                p.answer(p.next_request(), b"neighbour")

        def feed(p, sid):
            piece = b"s" * 13107         # a fifth of the first window
            while sent[0] < whole:
                with lock:
                    s = p.stream(sid)
                    room = min(p.window, p.first_window if s.window is None else s.window)
                    if room < len(piece):
                        moved.wait(20)
                        continue
                    p.data(sid, piece, end=sent[0] + len(piece) == whole)
                    sent[0] += len(piece)
        lock = threading.RLock()
        moved = threading.Condition(lock)

        class Locked(h2peer.Peer):
            def on_WindowUpdateFrame(self, f):
                with lock:
                    super().on_WindowUpdateFrame(f)
                    moved.notify()

            def send(self, *frames):
                with lock:
                    super().send(*frames)

        def run(sock):
            try:
                talk(Locked(sock, False))
            except (h2peer.Gone, OSError):
                pass
        s = self.reverse("h2c", peers.raw_server(run))
        c = h2peer.connect(s, reads=False)
        c.give(0, 1 << 30)
        slow = c.ask(path="/slow")
        c.until(lambda: len(c.stream(slow).data) == 65535)
        for _ in range(50):
            self.assertEqual(c.get().data, b"neighbour")
        self.assertLess(sent[0], 4 * MIB)
        c.give(slow, 1 << 30)
        c.until(lambda: c.stream(slow).ended)
        self.assertEqual(len(c.stream(slow).data), whole)

    def test_a_slow_server_slows_the_client_and_no_neighbour(self):
        go_on = threading.Event()

        def talk(p):
            first = p.next_request()
            p.give(0, 1 << 30)
            while not go_on.is_set():
                sid = p.next_request()
                p.answer(sid, b"neighbour")
                if p.stream(sid).field(":path") == "/last":
                    break
            p.give(first, 1 << 30)
            p.until(lambda: p.stream(first).ended)
            p.answer(first, str(len(p.stream(first).data)).encode())
            p.until_gone()
        s = self.reverse("h2c", h2peer.serve(talk, reads=False))
        c = h2peer.connect(s)
        slow, sent = c.ask("POST", "/slow", end=False), 0
        c.until(lambda: c.settings is not None)
        for n in range(50):                     # whatever room there is, then what a neighbour needs
            c.stream(slow).window = c.first_window if c.stream(slow).window is None else c.stream(slow).window
            room = min(c.window, c.stream(slow).window)
            c.data(slow, b"u" * room)
            sent += room
            self.assertEqual(c.get(path="/last" if n == 49 else "/n").data, b"neighbour")
        self.assertLess(sent, 4 * MIB)
        c.data(slow, b"u" * (8 * MIB - sent), end=True)
        c.until(lambda: c.stream(slow).over)
        self.assertEqual(c.stream(slow).data, str(8 * MIB).encode())

    def test_a_thousand_streams_with_slow_readers_stay_within_their_windows(self):
        # Not node's: it may end a stream by a reset, once all is sent.
        s = self.reverse("h2c", self.nghttpd("big", b"b" * 150_000))
        c = h2peer.connect(s, settings={h2peer.WINDOW: 100}, reads=False)
        c.give(0, 1 << 30)
        c.until(lambda: c.settings is not None)
        before = self.memory(s)
        asked = [c.ask(path="/big") for _ in range(1000)]
        c.until(lambda: all(len(c.stream(sid).data) == 100 for sid in asked))
        self.assertLess(self.memory(s) - before, 160 * MIB)
        for sid in asked:
            c.give(sid, 1 << 20)
        c.until(lambda: all(c.stream(sid).over for sid in asked))
        self.assertEqual({len(c.stream(sid).data) for sid in asked}, {150_000})

    def memory(self, s):
        with open(f"/proc/{s.p.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) * 1024


class Hostile(Case):
    """Clients that would wear soth out: their connection ends, and no other."""

    def setUp(self):
        super().setUp()
        self.s = self.reverse("h2c", self.h2c)
        self.other = h2peer.connect(self.s)
        self.other.get()
        self.c = h2peer.connect(self.s)

    def ended(self, *codes):
        if self.c.goaway:
            self.assertIn(self.c.goaway[1], codes)
        self.assertIn(b"hello", self.other.get().data)

    def attack(self, piece):
        """On and on, until soth has enough of it; what it says meanwhile is read."""
        came = []

        def listen():
            try:
                while (more := self.c.sock.recv(65536)):
                    came.append(more)
            except OSError:
                pass
        listener = threading.Thread(target=listen)
        listener.start()
        try:
            for n in range(100_000):
                if not listener.is_alive():     # soth has said its last word
                    break
                self.c.sock.sendall(piece(n))
            else:
                self.fail("soth takes anything")
        except ConnectionError:
            pass
        finally:
            self.c.sock.settimeout(0.01)
            listener.join()
        self.c.closed = True
        self.c.take(b"".join(came))

    def test_rapid_reset(self):
        def piece(n):
            return (F.HeadersFrame(2 * n + 1, GET, flags=["END_HEADERS", "END_STREAM"]).serialize() +
                    F.RstStreamFrame(2 * n + 1, error_code=h2peer.CANCEL).serialize())
        self.attack(piece)
        self.ended(h2peer.ENHANCE_YOUR_CALM, h2peer.PROTOCOL_ERROR, h2peer.INTERNAL_ERROR)

    def test_continuation_flood(self):
        self.c.send(F.HeadersFrame(1, GET))
        flood = F.ContinuationFrame(1, b"\x00\x01a\x01b" * 100).serialize()
        self.attack(lambda n: flood)
        self.ended(h2peer.ENHANCE_YOUR_CALM, h2peer.PROTOCOL_ERROR, h2peer.INTERNAL_ERROR)

    def test_settings_flood(self):
        flood = F.SettingsFrame(0, settings={h2peer.WINDOW: 65535}).serialize() * 100
        self.attack(lambda n: flood)
        self.ended(h2peer.ENHANCE_YOUR_CALM, h2peer.PROTOCOL_ERROR, h2peer.INTERNAL_ERROR)

    def test_a_header_bomb_is_refused(self):
        # One field of 4,000 bytes in the table, named again and again: 40 bytes more each time it is unpacked.
        self.c.until(lambda: self.c.settings is not None)
        field = b"\x40\x01a" + b"\x7f\xa1\x1e" + b"x" * 4000    # literal with indexing, 4,000 bytes as they are
        self.c.send(F.HeadersFrame(1, GET + field + b"\xbe" * 12_000,
                                   flags=["END_HEADERS", "END_STREAM"]))
        self.c.until(lambda: self.c.stream(1).over or self.c.goaway)
        s = self.c.stream(1)
        self.assertTrue(self.c.goaway or s.reset is not None or s.status == 431, s.heads)
        self.assertIn(b"hello", self.other.get().data)

    def test_a_broken_head_ends_its_stream_alone(self):
        for fields in ([("bad name", "x")], [("UPPER", "x")], [("connection", "close")], [("x", "a\r\nb")], [("te", "gzip")],
                       [(":late", "x")], [("transfer-encoding", "chunked")]):
            sid = self.c.ask(fields=fields)
            self.c.until(lambda: self.c.stream(sid).over)
            s = self.c.stream(sid)
            self.assertTrue(s.reset == h2peer.PROTOCOL_ERROR or s.status == 400, (fields, s.reset, s.heads))
        self.assertIn(b"hello", self.c.get().data)

    def test_a_frame_too_large_ends_the_connection(self):
        self.c.until(lambda: self.c.settings is not None)
        self.c.send(F.HeadersFrame(1, GET, flags=["END_HEADERS"]))
        self.c.send(F.DataFrame(1, b"x" * (self.c.settings.get(h2peer.FRAME_SIZE, 16384) + 1)))
        self.c.until_gone()
        self.ended(h2peer.FRAME_SIZE_ERROR)


class BrokenServers(Case):
    def answer(self, talk):
        s = self.reverse("h2c", h2peer.serve(talk))
        return s, h2peer.connect(s).get()

    def test_a_server_s_broken_head_is_not_passed_on(self):
        for fields in ([("bad name", "x")], [("UPPER", "x")], [("connection", "close")], [("x", "a\nb")]):
            def talk(p):
                p.answer(p.next_request(), b"body", fields=fields)
                p.until_gone()
            s, got = self.answer(talk)
            self.assertTrue(got.reset is not None or got.status == 502, (fields, got.heads))
            self.assertRegex(s.row()["trouble"], r"RFC 9113|section")

    def test_a_server_that_breaks_the_connection_s_rules(self):
        def talk(p):
            p.next_request()
            p.sock.sendall(b"\0\0\x09\0\0\0\0\0\0no stream")       # DATA on stream 0
            p.until_gone()
        s, got = self.answer(talk)
        self.assertTrue(got.reset is not None or got.status == 502, got.heads)
        self.assertNotEqual(s.row()["trouble"], "")

    def test_a_server_that_speaks_no_http_2(self):
        s = self.reverse("h2c", peers.raw_server(lambda p: (p.recv(65536), p.sendall(b"SSH-2.0-what\r\n"))))
        got = h2peer.connect(s).get()
        self.assertTrue(got.reset is not None or got.status == 502, got.heads)
        self.assertNotEqual(s.row()["trouble"], "")


class Tls(Case):
    def test_a_raw_client_through_connect(self):
        c = h2peer.connect_tls(self.soth, "localhost", self.h2)
        self.assertIn(b"hello /t", c.get(path="/t", scheme="https", authority=f"localhost:{self.h2}").data)

    def test_the_server_s_own_choice_is_what_the_client_is_offered(self):
        for offered, chosen in ((["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], None)):
            context = ssl.create_default_context(cafile=self.soth.ca)
            if offered:
                context.set_alpn_protocols(offered)
            with self.soth.connect() as raw:
                raw.sendall(f"CONNECT localhost:{self.h2} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.assertTrue(raw.recv(200).startswith(b"HTTP/1.1 200"))
                with context.wrap_socket(raw, server_hostname="localhost") as s:
                    self.assertEqual(s.selected_alpn_protocol(), chosen)


if __name__ == "__main__":
    unittest.main()
