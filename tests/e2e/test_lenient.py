"""What careless peers write: refused, or mended where it was said so, as the peers see it."""
import os
import re
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

LENIENT = ("--set", "validate-inbound-headers=no")
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


def careless(talked, answer):
    """A server that notes what it gets and answers with that; its port."""
    def talk(peer):
        got = b""
        while b"\r\n\r\n" not in got:
            more = peer.recv(65536)
            if not more:
                return
            got += more
        if not got.startswith(b"PRI"):
            talked.append(got)
        peer.sendall(answer)
    return peers.raw_server(talk)


def headers_frame(fields, stream=1):
    """HEADERS that end the stream: literal fields that no table keeps."""
    block = b"".join(b"\0" + bytes([len(n)]) + n + bytes([len(v)]) + v for n, v in fields)
    return len(block).to_bytes(3, "big") + bytes([1, 5]) + stream.to_bytes(4, "big") + block


def frames(data):
    while len(data) >= 9:
        size = int.from_bytes(data[:3], "big")
        yield data[3], data[9:9 + size]
        data = data[9 + size:]


class Lenient(peers.Case):
    def asked(self, s, port, request):
        return s.ask(request.replace(b"HOST", f"127.0.0.1:{port}".encode()))

    def test_a_careless_answer_is_refused_and_the_words_say_what_would_help(self):
        port = careless([], b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi")
        out = self.curl("-w", "%{http_code}", f"http://127.0.0.1:{port}/")
        self.assertIn(b"validate-inbound-headers=no mends that", out.stdout)
        self.assertTrue(out.stdout.endswith(b"502"))

    def test_a_careless_answer_is_mended_and_told(self):
        port = careless([], b"HTTP/1.1 200 OK\nContent-Length: 2\nX-Folded: a\n b\nConnection: close\n\nhi")
        s = self.start(*LENIENT)
        out = self.curl("-i", f"http://127.0.0.1:{port}/", soth=s)
        self.assertEqual((out.returncode, out.stdout.split(b"\r\n\r\n")[1]), (0, b"hi"))
        self.assertIn(b"X-Folded: a b\r\n", out.stdout)
        row = s.row()
        self.assertEqual((row["status"], row["close"]), (200, "mitm_http_completed"))
        s.stop()
        said = "a line ends without CR"
        self.assertIn(said, str(list(peers.notes(s.session))))
        for expression, flows in ((f'~anomaly "{said}"', 1), ("~anomaly folded.over.nothing", 0)):
            out = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-r", s.session, expression],
                                 capture_output=True, text=True)
            self.assertEqual(len(out.stdout.splitlines()), flows, out)

    def test_a_careless_request_is_mended_for_the_server(self):
        talked = []
        port = careless(talked, b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")
        request = b"GET http://HOST/ HTTP/1.1\nHost: HOST\nA: b\n c\nno colon\nConnection: close\n\n"
        self.assertIn(b" 400 ", self.asked(self.soth, port, request))
        self.assertEqual(talked, [])
        self.assertIn(b" 204 ", self.asked(self.start(*LENIENT), port, request))
        self.assertIn(b"\r\nA: b c\r\n", talked[0])
        self.assertNotIn(b"no colon", talked[0])
        self.assertIsNone(re.search(rb"[^\r]\n", talked[0]))

    def test_it_holds_for_the_host_that_was_named_alone(self):
        port = careless([], b"HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nhi")
        s = self.start("--set", "validate-inbound-headers@localhost=no")
        got = [self.curl("-w", "%{http_code}", "-o", os.devnull, f"http://{host}:{port}/", soth=s).stdout
               for host in ("localhost", "127.0.0.1")]
        self.assertEqual(got, [b"200", b"502"])

    def test_what_smuggles_goes_nowhere_either_way(self):
        talked = []
        port = careless(talked, b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")
        begin = b"POST http://HOST/ HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n"
        ways = (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 4\nTransfer-Encoding: chunked\r\n",
                b"Transfer-Encoding:\r\n chunked\r\n", b"Transfer-Encoding : chunked\r\n", b"X: y\rTransfer-Encoding: chunked\r\n",
                b"X: y\r\n Transfer-Encoding: chunked\r\n", b"Transfer-Encoding\x0b: chunked\r\n", b"Transfer-Encoding: \x0bchunked\r\n",
                b"Content-Length: 4\r\nContent-Length: 5\r\n", b"Content-Length: 4\r\nContent-Length: 4\r\n", b"Content-Length: +4\r\n",
                b"Content-Length: 4, 4\r\n", b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: xchunked\r\n",
                b"Host: other\r\n", b"X: y\0\r\n", b"Content-Length\0: 4\r\n", b"\x00Transfer-Encoding: chunked\r\n")
        for s in self.soth, self.start(*LENIENT):
            for way in ways:
                with self.subTest(way):
                    self.assertIn(b" 400 ", self.asked(s, port, begin + way + b"\r\n0\r\n\r\n"))
        self.assertEqual(talked, [])

    def h2(self, s, fields):
        """Over HTTP/2 in the clear: the frames that came until the stream is over."""
        with socket.create_connection(("127.0.0.1", s.port), 20) as c:
            c.sendall(PREFACE + headers_frame(fields))
            got = b""
            while not any(kind in (1, 3, 7) for kind, _ in frames(got)):
                more = c.recv(65536)
                if not more:
                    break
                got += more
            return [kind for kind, _ in frames(got)]

    def test_careless_fields_of_http2_are_mended(self):
        talked = []
        port = careless(talked, b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")
        fields = [(b":method", b"GET"), (b":scheme", b"http"), (b":path", b"/"), (b":authority", f"127.0.0.1:{port}".encode()),
                  (b"X-Upper", b" a "), (b"connection", b"close")]
        mode = ("--mode", f"reverse:http://127.0.0.1:{port}")
        self.assertIn(3, self.h2(self.start(*mode), fields))
        self.assertEqual(talked, [])
        self.assertNotIn(3, self.h2(self.start(*mode, *LENIENT), fields))
        self.assertIn(b"x-upper: a\r\n", talked[0].lower())
        for way in ((b"transfer-encoding", b"chunked"), (b"Transfer-Encoding", b"chunked"), (b"a", b"b\r\nc: d")):
            with self.subTest(way):
                self.assertIn(3, self.h2(self.start(*mode, *LENIENT), fields[:4] + [way]))
        self.assertEqual(len(talked), 1)


if __name__ == "__main__":
    unittest.main()
