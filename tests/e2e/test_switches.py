"""Switches: what each changes, for all hosts and for one."""
import os
import queue
import ssl
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers
from test_events import websocket_server, frame, read_frame, read_head


def announces(value):
    class Origin(peers.Origin):
        def end_headers(self):
            for v in value:
                self.send_header("Alt-Svc", v)
            super().end_headers()
    return peers.serve(Origin)


def hello(p):
    """Says each body back, or hello."""
    while True:
        sid = p.next_request()
        s = p.stream(sid)
        p.until(lambda: s.ended)
        p.answer(sid, bytes(s.data) or b"hello")


class Switches(peers.Case):
    def h2(self, talk=hello, alpn=("h2", "http/1.1")):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.set_alpn_protocols(list(alpn))
        return h2peer.serve(talk, context)

    def version(self, soth, host, port):
        return self.curl("--http2", "-o", os.devnull, "-w", "%{http_version}", f"https://{host}:{port}/", soth=soth).stdout

    def blocked(self, s, name):
        """The session says that this switch did something."""
        s.stop()
        return any(n[0] == 1 and n[7] == 10 and name.encode() in n[8] for n in peers.notes(s.session))

    def test_http2_no_is_http_1_on_both_sides(self):
        port = self.h2()
        self.assertEqual(self.version(self.soth, "localhost", port), b"2")
        self.assertEqual(self.soth.row()["status"], 200)
        s = self.start("--set", "http2=no")
        self.assertEqual(self.version(s, "localhost", self.https), b"1.1")
        self.assertEqual(s.row()["status"], 200)

    def test_http2_no_refuses_prior_knowledge(self):
        s = self.start("--set", "http2=no")
        self.assertEqual(s.ask(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"), b"")
        row = s.row()
        self.assertEqual(row["close"], "blocked")
        self.assertIn("http2", row["trouble"])
        self.assertTrue(self.blocked(s, "http2"))

    def test_http2_no_for_one_host_alone(self):
        port = self.h2()
        s = self.start("--set", "http2@localhost=no")
        self.assertEqual(self.version(s, "127.0.0.1", port), b"2")
        self.assertEqual(s.row()["status"], 200)
        self.assertEqual(self.version(s, "localhost", self.https), b"1.1")
        self.assertEqual(self.version(s, "127.0.0.1", port), b"2")

    def test_websocket_no_passes_messages_as_bytes(self):
        port = peers.raw_server(websocket_server)
        for args in ((), ("--set", "websocket=no"), ("--set", "websocket@127.0.0.1=no")):
            s = self.start(*args)
            with s.connect() as c:
                c.sendall(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
                read_head(c)
                for opcode, text in ((1, b"hi"), (8, b"\x03\xe8")):
                    c.sendall(frame(opcode, text, True))
                    self.assertEqual(read_frame(c), (opcode, text))
            row = s.row()
            self.assertEqual(row["status"], 101)
            self.assertGreaterEqual(row["response_bytes"], 2)
            self.assertEqual([row["request_messages"], row["response_messages"]], [0, 0] if args else [1, 1])
            self.assertEqual(self.blocked(s, "websocket"), bool(args))

    def test_http3_passthrough_no_takes_what_announces_it(self):
        h3, other = announces(['h3=":443"; ma=86400']), announces(['h2="alt.example:443"'])
        url = "http://127.0.0.1:%d/"
        self.assertIn(b'Alt-Svc: h3=":443"', self.curl("-i", url % h3).stdout)
        s = self.start("--set", "http3-passthrough=no")
        out = self.curl("-i", url % h3, soth=s).stdout
        self.assertNotIn(b"alt-svc", out.lower())
        self.assertTrue(out.endswith(b"hello /"))
        self.assertIn(b"Alt-Svc: h2=", self.curl("-i", url % other, soth=s).stdout)
        self.assertTrue(self.blocked(s, "http3-passthrough"))

    def test_http3_passthrough_no_over_http_2(self):
        def talk(p):
            p.answer(p.next_request(), fields=[("alt-svc", 'h3=":443"')])
            p.until_gone()
        port = self.h2(talk)
        for value, there in (("yes", True), ("no", False)):
            s = self.start("--set", "http3-passthrough@localhost=" + value)
            out = self.curl("-i", "--suppress-connect-headers", "--http2", f"https://localhost:{port}/", soth=s).stdout
            self.assertTrue(out.startswith(b"HTTP/2 200"))
            self.assertEqual(b"alt-svc" in out, there)

    def test_rawtcp_no_closes_what_is_not_http(self):
        seen = queue.Queue()

        def talk(peer):
            seen.put(peer.recv(100))
            peer.sendall(b"pong")
        port = peers.raw_server(talk)
        ask = f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for args, answer in (((), b"pong"), (("--set", "rawtcp=no"), b""), (("--set", "rawtcp@127.0.0.1=no"), b"")):
            s = self.start(*args)
            with s.connect() as c:
                c.sendall(ask)
                read_head(c)
                c.sendall(b"\x00\x01 not http\r\n")
                self.assertEqual(c.recv(100), answer)
            row = s.row()
            self.assertEqual(row["close"], "relay_eof" if answer else "blocked")
            self.assertEqual(seen.get(timeout=20), b"" if args else b"\x00\x01 not http\r\n")
            if args:
                self.assertTrue(self.blocked(s, "rawtcp"))
        s = self.start("--set", "rawtcp=no")    # HTTP and TLS go on
        self.assertEqual(self.curl(f"https://localhost:{self.https}/", soth=s).stdout, b"hello /")

    def test_stream_large_bodies_for_one_host_and_store_streamed_bodies(self):
        def recorded(*args):
            s = self.start(*args)
            for host in ("127.0.0.1", "localhost"):
                self.assertEqual(self.curl(f"http://{host}:{self.http}/big", soth=s).stdout, peers.BIG)
                self.assertEqual(s.row()["response_bytes"], len(peers.BIG))
            s.stop()
            return round(os.path.getsize(s.session) / len(peers.BIG))
        self.assertEqual(recorded(), 2)
        self.assertEqual(recorded("--set", "stream-large-bodies=1k"), 0)
        self.assertEqual(recorded("--set", "stream-large-bodies@localhost=1k"), 1)
        self.assertEqual(recorded("--set", "stream-large-bodies=1k", "--set", "store-streamed-bodies=yes"), 2)
        self.assertEqual(recorded("--set", "stream-large-bodies=1k", "--set", "store-streamed-bodies@localhost=yes"), 1)

    def test_body_size_limit_for_all_and_for_one_host(self):
        s = self.start("--set", "body-size-limit@localhost=1k")
        for host, code in (("localhost", b"502"), ("127.0.0.1", b"200")):
            self.assertEqual(self.curl("-o", os.devnull, "-w", "%{http_code}", f"http://{host}:{self.http}/big",
                                       soth=s).stdout, code)
            row = s.row()
            self.assertEqual((row["status"], "body-size-limit" in row["trouble"]), (int(code), code == b"502"))
        for host, code in (("localhost", b"413"), ("127.0.0.1", b"200")):
            self.assertEqual(self.curl("-o", os.devnull, "-w", "%{http_code}", "--data", "x" * 2000,
                                       f"http://{host}:{self.http}/", soth=s).stdout, code)
        port = self.h2()
        s = self.start("--set", "body-size-limit=1k")
        c = h2peer.connect_tls(s, "localhost", port)
        sid = c.ask("POST", fields=[("content-length", "2000")], end=False, scheme="https", authority=f"localhost:{port}")
        c.until(lambda: c.stream(sid).reset is not None)        # and no more of it is wanted
        self.assertEqual((c.stream(sid).status, c.stream(sid).ended, c.stream(sid).reset), (413, True, h2peer.NO_ERROR))
        row = s.row()
        self.assertEqual(row["status"], 413)
        self.assertIn("body-size-limit", row["trouble"])


if __name__ == "__main__":
    unittest.main()
