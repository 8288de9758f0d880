"""Messages of HTTP/2 that are typed field by field: what arrives is what was typed, and nothing else."""
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers
import programs
import term
from test_edit import Edit
from test_raw import Listening

WRONG = rb""":path: /typed
X-Upper: As  Typed 
x-upper: again
connection: keep-alive, x
Transfer-Encoding: chunked
content-length: 99
:method: PUT
:method: POST
:status: 200
a name: of two words
empty:
"": "\x00\r\n\xff\\\""
:path: /other
#! trailers
X-Sum: 1
:late: pseudo

"""

FIELDS = [
    (b":path", b"/typed"), (b"X-Upper", b"As  Typed "), (b"x-upper", b"again"), (b"connection", b"keep-alive, x"),
    (b"Transfer-Encoding", b"chunked"), (b"content-length", b"99"), (b":method", b"PUT"), (b":method", b"POST"),
    (b":status", b"200"), (b"a name", b"of two words"), (b"empty", b""), (b"", b"\x00\r\n\xff\\\""), (b":path", b"/other"),
]
TRAILER = [(b"X-Sum", b"1"), (b":late", b"pseudo")]


class Exact(h2peer.Peer):
    """Its heads are lists of bytes."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.decoder.max_header_list_size = 1 << 22

    def block_done(self, f):
        if "END_HEADERS" in f.flags:
            sid, data, end = self.block
            s = self.stream(sid)
            s.heads.append([tuple(field) for field in self.decoder.decode(data, raw=True)])
            s.ended = s.ended or end


class Origin:
    """Of HTTP/2 alone: keeps what comes on each stream; then `then` has it, or it is answered."""

    def __init__(self, then=None, settings=None):
        self.settings = settings
        self.then = then or (lambda peer, sid: peer.answer(sid, b"ok", fields=[("x-origin", "1")]))
        self.heard, self.connections = [], 0
        self.port = peers.raw_server(self.run)

    def run(self, sock):
        self.connections += 1
        try:
            peer = Exact(sock, False, settings=self.settings)
            while True:
                sid = peer.next_request()
                s = peer.stream(sid)
                peer.until(lambda: s.over)
                self.heard.append((s.heads, bytes(s.data)))
                self.then(peer, sid)
        except (h2peer.Gone, OSError):
            pass


class Fields(Edit):
    def typing(self, data):
        """An editor that leaves those bytes, whatever was there; what was is kept."""
        path = os.path.join(self.folder.name, "typed")
        with open(path, "wb") as f:
            f.write(data)
        return self.editor("ed", f'cp "$1" {self.folder.name}/was', f'cat {path} > "$1"')

    def was(self):
        with open(os.path.join(self.folder.name, "was"), "rb") as f:
            return f.read()

    def edit(self, t, keys, then="edited, and goes raw"):
        """The message that is held, once all of it has come."""
        late = "it is still coming"
        while late in t.keys(keys, lambda s: then in s or late in s):
            t.keys(":nothing\r", lambda s: late not in s)

    def client(self, t, kind=h2peer.Peer):
        s = socket.create_connection(("127.0.0.1", int(t.port)))
        self.addCleanup(s.close)
        return kind(s, True)

    def reverse(self, env, port, expression, *more):
        return self.open(env, "--set", f"intercept={expression}", "-m", f"reverse:http://127.0.0.1:{port}", *more)

    def test_a_held_request_is_typed_with_all_that_is_wrong_in_it(self):
        origin = Origin()
        t = self.reverse(self.typing(WRONG + b"a body\nof two lines"), origin.port, "~q & ~m POST")
        peer = self.client(t)
        one = peer.ask("POST", "/x?y=1", [("x-a", "1"), ("cookie", "a=b")], end=False)
        peer.data(one, b"old", end=True)
        t.wait("1 held")
        self.edit(t, "H:edit raw\r")
        t.keys("a", lambda s: "sent raw: as the bytes" in s)
        peer.until(lambda: peer.stream(one).over)
        self.assertEqual((peer.stream(one).status, bytes(peer.stream(one).data)), (200, b"ok"))
        self.assertEqual(self.was(), b":method: POST\n:scheme: http\n:authority: 127.0.0.1\n:path: /x?y=1\nx-a: 1\ncookie: a=b\n\nold")
        self.assertEqual(origin.heard, [([FIELDS, TRAILER], b"a body\nof two lines")])
        # The connection goes on, and what is not typed is as ever.
        self.assertEqual(peer.get(path="/next").status, 200)
        self.assertEqual(origin.connections, 1)
        self.assertIn((b":path", b"/next"), origin.heard[1][0][0])
        t.resize(90, 120)
        t.keys("gg\r", lambda s: all(x in s for x in ("raw: 15 fields and 19 bytes of body as they were typed", "As typed",
                                                       ":path: /typed", "X-Upper: As  Typed", "a name: of two words", ":late: pseudo")))

    def test_no_pseudo_field_no_body_and_a_reset_is_the_answer(self):
        origin = Origin(lambda peer, sid: peer.reset(sid, h2peer.PROTOCOL_ERROR))
        t = self.reverse(self.typing(b"X: 1\n\n"), origin.port, "~q")
        peer = self.client(t)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw\r")
        t.keys("a")
        peer.until(lambda: peer.stream(one).over)
        self.assertEqual(peer.stream(one).reset, h2peer.PROTOCOL_ERROR)
        self.assertEqual(origin.heard, [([[(b"X", b"1")]], b"")])
        t.keys("\r", "the server reset the stream: PROTOCOL_ERROR")

    def test_many_at_once_over_a_connection_that_takes_one_at_a_time(self):
        go = threading.Event()

        def then(peer, sid):
            go.wait(20)
            peer.answer(sid, b"ok")
        origin = Origin(then, settings={h2peer.STREAMS: 1})
        t = self.reverse(self.editor("ed", r'sed -i "s/^x-a: /X-A: /" "$1"'), origin.port, "~q")
        peer = self.client(t)
        asked = [peer.ask(path=f"/{n}", fields=[("x-a", str(n))]) for n in range(6)]
        t.wait("6 held")
        for n in range(6):
            self.edit(t, "H:edit raw\r")
            t.keys(":nothing\r", lambda s: "edited, and goes raw" not in s)
        t.keys("A", lambda s: "6 held" not in s)
        peer.until(lambda: True)
        peer.reset(asked[3])        # it waits for its turn
        t.wait(lambda s: "5 live" in s)
        go.set()
        peer.until(lambda: all(peer.stream(sid).over for sid in asked if sid != asked[3]))
        self.assertTrue(all(peer.stream(sid).status == 200 for sid in asked if sid != asked[3]))
        paths = {dict(heads[0])[b":path"]: dict(heads[0]).get(b"X-A") for heads, _ in origin.heard}
        self.assertEqual(paths, {b"/%d" % n: b"%d" % n for n in range(6) if n != 3})

    def test_a_goaway_is_the_answer(self):
        origin = Origin(lambda peer, sid: (peer.leave(sid, h2peer.PROTOCOL_ERROR), peer.close()))
        t = self.reverse(self.typing(b":method: GET\n\n"), origin.port, "~q")
        peer = self.client(t)
        one = peer.ask("POST")
        t.wait("1 held")
        self.edit(t, "H:edit raw\r")
        t.keys("a")
        peer.until(lambda: peer.stream(one).over)
        self.assertIsNotNone(peer.stream(one).reset)
        t.keys("\r", "the server is going away: PROTOCOL_ERROR")

    def test_an_answer_is_typed(self):
        origin = Origin()
        t = self.reverse(self.typing(b"X-First: 1\n:status: 7\n:status: 200\nConnection: close\ncontent-length: 1\n#! trailers\nT: 1\n\nmore than one"),
                         origin.port, "~s")
        peer = self.client(t, Exact)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw\r")
        t.keys("a", "sent raw")
        s = peer.stream(one)
        peer.until(lambda: s.over)
        self.assertEqual(s.heads, [[(b"X-First", b"1"), (b":status", b"7"), (b":status", b"200"), (b"Connection", b"close"),
                                    (b"content-length", b"1")], [(b"T", b"1")]])
        self.assertEqual(bytes(s.data), b"more than one")
        self.assertEqual(self.was(), b":status: 200\nx-origin: 1\n\nok")

    def test_a_body_larger_than_every_window_and_a_head_larger_than_a_frame(self):
        body = os.urandom(3 << 20)
        typed = b":method: POST\nX-Long: " + b"y" * 60000 + b"\n\n" + body
        origin = Origin()
        t = self.reverse(self.typing(typed), origin.port, "~q")
        peer = self.client(t)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw\r")
        t.keys("a")
        peer.until(lambda: peer.stream(one).over)
        self.assertEqual(peer.stream(one).status, 200)
        self.assertEqual(origin.heard, [([[(b":method", b"POST"), (b"X-Long", b"y" * 60000)]], body)])

    def test_a_fault_is_shown_with_its_line_and_the_text_stays(self):
        origin = Origin()
        t = self.reverse(self.editor("ed", 'cat "$1" >> $1.was', r"""if ! grep -q good "$1"; then printf ':method: GET\nno colon\ngood: 1\n\n' > "$1"; else sed -i 's/^no colon/no: colon/' "$1"; fi"""),
                         origin.port, "~q")
        peer = self.client(t)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw\r", "line 2, column 1: a field expected")
        t.keys("e", "edited, and goes raw")
        t.keys("a")
        peer.until(lambda: peer.stream(one).over)
        self.assertEqual(origin.heard[0][0], [[(b":method", b"GET"), (b"no", b"colon"), (b"good", b"1")]])

    def test_what_is_refused_is_forced(self):
        origin = Origin()
        t = self.reverse(self.editor("ed", r'sed -i "s/^x-a: 1/Connection: close/" "$1"'), origin.port, "~q")
        peer = self.client(t)
        one = peer.ask(fields=[("x-a", "1")])
        t.wait("1 held")
        self.edit(t, "He", "no such field in HTTP/2 expected; raw mode sends it (e edits on; or :edit raw)")
        t.keys(":edit raw\r", "edited, and goes raw")
        t.keys("a", "sent raw")
        peer.until(lambda: peer.stream(one).over)
        self.assertIn((b"connection", b"close"), origin.heard[0][0][0])

    def test_a_request_is_composed_edited_again_and_sent_again(self):
        typed = b":method: GET\nX: y\n:path: /z\n\nleft over"
        origin = Origin()
        t = self.open(self.typing(typed))
        t.keys(f":compose raw h2 http://127.0.0.1:{origin.port}/a?b\r", "sent raw as flow 1")
        t.wait("raw: 3 fields and 9 bytes of body as they were typed")
        t.wait(lambda s: re.search(r"Sent by +soth, and no replay of a flow", s) and "Replay of flow" not in s)
        self.assertEqual(self.was(), f":method: GET\n:scheme: http\n:authority: 127.0.0.1:{origin.port}\n:path: /a?b\n\n".encode())
        self.assertTrue(origin.heard)
        with open(os.path.join(self.folder.name, "typed"), "wb") as f:
            f.write(typed + b"!")
        t.keys(":edit raw\r", "sent raw as flow 2")
        t.wait(lambda s: re.search(r"Flow\s+2", s) or "flow 2" in s)
        self.assertEqual(self.was(), typed)
        t.keys("ggr", lambda s: "3 flows" in s)
        heads = [[(b":method", b"GET"), (b"X", b"y"), (b":path", b"/z")]]
        t.wait(lambda s: len(origin.heard) == 3)
        self.assertEqual(origin.heard, [(heads, b"left over"), (heads, b"left over!"), (heads, b"left over")])

    def test_as_much_as_can_be_sent_is_sent_and_more_is_a_fault(self):
        origin = Origin()
        value = b"y" * ((1 << 20) - 4 * 12 - len(b":methodGET" + b"X-A" + b"x-bz"))
        t = self.open(self.typing(b":method: GET\nX-A: " + value + b"\nx-b: z\n#! trailers\nt: " + b"t" * 1000000 + b"\n\n"))
        t.keys(f":compose raw h2 http://127.0.0.1:{origin.port}/\r", "sent raw as flow 1")
        t.wait(" 200 ")
        self.assertEqual(origin.heard[0][0], [[(b":method", b"GET"), (b"X-A", value), (b"x-b", b"z")], [(b"t", b"t" * 1000000)]])
        t = self.open(self.typing(b":method: GET\nX-A: " + value + b"\nx-b: zz\n\n"))
        t.keys(f":compose raw h2 http://127.0.0.1:{origin.port}/\r", "line 3, column 1: fields of no more than 1 MiB expected")

    def test_what_was_typed_is_in_the_session_and_not_in_a_redacted_one(self):
        path = os.path.join(self.folder.name, "w.soth")
        t = self.open(self.typing(b":method: GET\nAuthorization: Bearer hunter2\nX-Here: yes\n\n"), "-w", path)
        t.keys(f":compose raw h2 http://127.0.0.1:{Origin().port}/\r", "sent raw as flow 1")
        t.wait(" 200 ")
        self.assertEqual(t.end(), 0)
        for more, there in ((), True), (("--redact",), False):
            out = subprocess.run([peers.SOTH, "convert", *more, "--to", "session", path, "-"], capture_output=True, timeout=60).stdout
            self.assertIn(b"X-Here: yes", out)
            self.assertEqual(b"hunter2" in out, there)
        t = term.Terminal("-r", path)
        self.terms.append(t)
        t.keys("\r", lambda s: "As typed" in s and "Authorization: Bearer hunter2" in s)

    def test_a_client_of_http_1_may_be_heard_over_http_2(self):
        origin = Origin()
        t = self.open(self.typing(b":method: GET\n:path: /q\nBoth: yes\n\n"), "--set", "intercept=~u held")
        one = self.ask(t, "-i", f"http://127.0.0.1:{origin.port}/held")
        t.wait("1 held")
        self.edit(t, "H:edit raw h2\r")
        t.keys("a", "sent raw")
        out = one.communicate()[0]
        self.assertTrue(out.startswith(b"HTTP/1.1 200"), out)
        self.assertTrue(out.endswith(b"\r\n\r\nok"), out)
        self.assertEqual(origin.heard, [([[(b":method", b"GET"), (b":path", b"/q"), (b"Both", b"yes")]], b"")])

    def test_what_the_client_of_http_1_asks_behind_it_goes_as_ever(self):
        both = socket.create_server(("127.0.0.1", 0))       # HTTP/2 with prior knowledge, and HTTP/1
        self.addCleanup(both.close)
        heard = []

        def talk():
            while True:
                s, _ = both.accept()
                threading.Thread(target=one, args=(s,), daemon=True).start()

        def one(s):
            first = s.recv(65536, socket.MSG_PEEK)
            if first.startswith(b"PRI"):
                peer = Exact(s, False)
                sid = peer.next_request()
                peer.answer(sid, b"two")
                heard.append(2)
                peer.until_gone()
            while first := s.recv(65536):
                heard.append(1)
                s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
        threading.Thread(target=talk, daemon=True).start()
        t = self.open(self.typing(b":method: GET\n:path: /q\n\n"), "--set", "intercept=~u held")
        url = f"http://127.0.0.1:{both.getsockname()[1]}"
        asks = self.ask(t, url + "/1", "--next", "-s", "-x", f"127.0.0.1:{t.port}", url + "/held", "--next", "-s", "-x",
                        f"127.0.0.1:{t.port}", url + "/2")
        t.wait("1 held")
        t.keys("H:edit raw h2\r", "edited, and goes raw")
        t.keys("a", "sent raw")
        self.assertEqual(asks.communicate()[0], b"onetwoone")
        self.assertEqual(heard, [1, 2, 1])

    def test_a_server_of_http_1_is_no_place_for_them(self):
        origin = Listening(10)
        t = self.open(self.typing(b":method: GET\n\n"))
        t.keys(f":compose raw h2 http://127.0.0.1:{origin.port}/\r", "sent raw as flow 1")
        t.wait("HTTP/2")
        t.wait("502")
        self.assertTrue(all(h.startswith(h2peer.PREFACE[:10]) for h in origin.heard), origin.heard)

    def test_bytes_may_be_typed_for_the_http_1_of_a_client_of_http_2(self):
        typed = b"GET /y HTTP/1.1\r\nHOST: x\r\n\r\n"
        t = self.open(self.typing(typed), "--set", "intercept=~q", "-m", f"reverse:http://127.0.0.1:{self.origin.server_address[1]}")
        peer = self.client(t)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw h1\r")
        t.keys("a", "sent raw: as the bytes")
        peer.until(lambda: peer.stream(one).over)
        self.assertEqual(peer.stream(one).status, 200)
        self.assertEqual(self.origin.heard[0][0], "GET /y HTTP/1.1")

    def test_an_answer_to_http_2_is_no_bytes(self):
        origin = Origin()
        t = self.reverse(self.typing(b"x"), origin.port, "~s")
        peer = self.client(t)
        one = peer.ask()
        t.wait("1 held")
        self.edit(t, "H:edit raw h1\r", "its client speaks HTTP/2: raw h2 types the fields it gets")
        t.keys("a")
        peer.until(lambda: peer.stream(one).over)


class Programs(programs.Case):
    """What others make of it."""

    typing, editor, open = Fields.typing, Fields.editor, Fields.open

    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def sent(self, typed, port):
        t = self.open(self.typing(typed))
        t.keys(f":compose raw h2 http://127.0.0.1:{port}/\r", "sent raw as flow 1")
        return t

    def nghttpd(self):
        server = programs.Server("nghttpd", "-v", "--no-tls", "-a", "127.0.0.1", "-d", self.folder.name, str(peers.free_port()))
        self.addCleanup(server.stop)
        return server.port

    def test_nghttpd_resets_what_is_wrong_and_answers_what_is_not(self):
        port = self.nghttpd()
        t = self.sent(b":method: GET\n:scheme: http\n:path: /\n:authority: a\nX-Upper: 1\n\n", port)
        t.wait("the server reset the stream: PROTOCOL_ERROR")
        t = self.sent(b":path: /nothing\n:authority: a\n:scheme: http\n:method: GET\nx-a: 1\nx-a: 1\n\n", port)
        t.wait(" 404 ")

    def test_over_tls_and_where_tls_agrees_on_http_1(self):
        port = self.serve("h2server", self.cert, self.key)
        t = self.open(self.typing(b":method: GET\n:scheme: https\n:path: /n\n:authority: a\nx-y: 1\n\n"), "--set", "ssl-insecure=true")
        t.keys(f":compose raw h2 https://localhost:{port}/\r", "sent raw as flow 1")
        t.wait(" 200 ")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.set_alpn_protocols(["http/1.1"])
        heard = []

        def talk(sock):
            with context.wrap_socket(sock, server_side=True) as s:
                heard.append(s.recv(65536))
        t.keys(f":compose raw h2 https://localhost:{peers.raw_server(talk)}/\r", "sent raw as flow 2")
        t.wait("the server speaks HTTP/1, and what was typed are fields of HTTP/2: nothing was sent")
        t.wait("0 live")
        self.assertEqual([h for h in heard if h], [])

    def test_node_answers_and_resets(self):
        port = self.serve("h2cserver")
        t = self.sent(b":method: GET\n:scheme: http\n:path: /n\n:authority: a\n\n", port)
        t.wait(" 200 ")
        t = self.sent(b":method: GET\n:scheme: http\n:path: /n\n:path: /m\n:authority: a\n\n", port)
        t.wait("the server reset the stream: PROTOCOL_ERROR")


for name in [n for n in dir(Edit) if n.startswith("test_")]:
    setattr(Fields, name, None)
del Edit

if __name__ == "__main__":
    unittest.main(verbosity=2)
