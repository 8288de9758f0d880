"""Messages that are held: let go as they came, or edited, whatever their coding, their framing and the versions on both sides."""
import gzip
import itertools
import os
import re
import socket
import sys
import threading
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
from test_edit import Edit

OLD, NEW = b'{"a": "old", "n": [1, 2.0, 3e0]}', b'{"a": "much newer", "n": [1, 2.0, 3e0]}'
CODINGS = {
    "": (bytes, bytes),
    "deflate, gzip": (lambda b: gzip.compress(zlib.compress(b)), lambda b: zlib.decompress(gzip.decompress(b))),
}


def chunks(body, trailer):
    return b"5;x=y\r\n" + body[:5] + b"\r\n%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n" + b"X-T: 1\r\n" * trailer + b"\r\n"


def head_of(start, coding):
    return start + b"\r\nContent-Type:  application/json \r\n" + (f"CONTENT-encoding: {coding}\r\n".encode() if coding else b"")


def framed(head, body, framing):
    if framing == "length":
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    if framing == "close":
        return head + b"\r\n" + body
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(body, framing == "trailer")


class Wire:
    """One side of HTTP/1, by hand."""

    def __init__(self, sock):
        self.sock, self.data = sock, b""
        sock.settimeout(20)

    def more(self):
        more = self.sock.recv(65536)
        self.data += more
        return more

    def take(self, n):
        while len(self.data) < n and self.more():
            pass
        taken, self.data = self.data[:n], self.data[n:]
        return taken

    def line(self):
        while b"\r\n" not in self.data and self.more():
            pass
        line, _, self.data = self.data.partition(b"\r\n")
        return line

    def message(self):
        """(head, body, trailers)"""
        lines, body = [], b""
        while line := self.line():
            lines.append(line)
        head = b"\n".join(lines)
        length = re.search(rb"(?i)^content-length: *(\d+)", head, re.M)
        if length:
            return head, self.take(int(length.group(1))), b""
        if not re.search(rb"(?i)^transfer-encoding: *chunked", head, re.M):
            while head.startswith(b"HTTP") and self.more():
                pass
            return head, self.take(len(self.data)), b""
        while size := int(self.line().split(b";")[0], 16):
            body += self.take(size)
            self.line()
        trailers = []
        while line := self.line():
            trailers.append(line)
        return head, body, b"\n".join(trailers)


class Origin:
    """Of one version of HTTP: keeps what it hears, answers as .answer says."""

    def __init__(self, version):
        self.version, self.heard, self.answer = version, [], ("", b"ok", "length")
        self.port = h2peer.peers.raw_server(self.one) if version == 1 else h2peer.serve(self.two)

    def one(self, sock):
        wire = Wire(sock)
        message = wire.message()
        if message[0].startswith(b"PRI"):
            sock.sendall(b"HTTP/1.1 400 what\r\nContent-Length: 0\r\n\r\n")
        elif message[0]:
            self.heard.append(message)
            coding, body, framing = self.answer
            sock.sendall(framed(head_of(b"HTTP/1.1 200 So be  it", coding), body, framing))

    def two(self, peer):
        while True:
            sid = peer.next_request()
            s = peer.stream(sid)
            peer.until(lambda: s.over)
            self.heard.append(two_heads(s))
            coding, body, framing = self.answer
            two_send(peer, sid, [(":status", "200")], coding, body, framing)


def two_send(peer, sid, fields, coding, body, framing):
    fields = fields + [("content-type", "application/json")] + [("content-encoding", coding)] * bool(coding)
    peer.head(sid, fields + [("content-length", str(len(body)))] * (framing == "length"))
    peer.data(sid, body, end=framing != "trailer")
    if framing == "trailer":
        peer.head(sid, [("x-t", "1")], end=True)


def two_heads(s):
    heads = [b"\n".join(f"{k}: {v}".encode() for k, v in head) for head in s.heads]
    return heads[0], bytes(s.data), b"\n".join(heads[1:])


class RoundTrips(Edit):
    def press(self, t, keys, then):
        """Once all of the message has come; what was said before is gone first."""
        late = "it is still coming"
        t.keys(":nothing\r", "no action is called 'nothing'")
        while late in t.keys(keys, lambda s: then in s.split("\n")[-1] or late in s):
            t.keys(":nothing\r", "no action is called 'nothing'")

    def pass_on(self, t, action):
        t.wait("1 held")
        if action == "edit":
            self.press(t, "He", " edited")
        elif action == "change":
            self.press(t, f"H:change body={NEW.decode()}\r", " edited")
        t.keys("Ha")

    def is_right(self, got, coding, body, framing, action):
        head, came, trailers = got
        if action == "pass":
            self.assertEqual(came, body)
        else:
            self.assertEqual(CODINGS[coding][1](came), NEW)
        length = re.search(rb"(?i)^content-length: *(\d+)", head, re.M)
        if length:
            self.assertEqual(int(length.group(1)), len(came))
        self.assertEqual(trailers.lower(), b"x-t: 1" if framing == "trailer" else b"")
        self.assertEqual(b"\ncontent-encoding: " + coding.encode() in head.lower(), bool(coding))

    def each(self, one, *framings):
        for case in itertools.product(CODINGS, framings, ("pass", "edit", "change"), (1, 2)):
            with self.subTest(case=case):
                one(*case)

    def screen(self, origin, intercept):
        scheme = "http" if origin.version == 1 else "h2c"
        return self.open(self.editor("ed", 'sed -i "s/old/much newer/" "$1"'), "-m", f"reverse:{scheme}://127.0.0.1:{origin.port}",
                         "--set", "intercept=" + intercept, "--set", "keep-host-header=true")

    def connect(self, t, client):
        sock = socket.create_connection(("127.0.0.1", int(t.port)))
        self.addCleanup(sock.close)
        return Wire(sock) if client == 1 else h2peer.Peer(sock, True)

    def requests(self, version):
        origin = Origin(version)
        t = self.screen(origin, "~q")

        def one(coding, framing, action, client):
            body = CODINGS[coding][0](OLD)
            peer = self.connect(t, client)
            if client == 1:
                peer.sock.sendall(framed(head_of(b"POST /x HTTP/1.1\r\nHOST: a", coding), body, framing))
                self.pass_on(t, action)
                self.assertIn(b" 200 ", peer.message()[0])
            else:
                peer.next_id += 2
                first = [(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", "/x")]
                two_send(peer, 1, first, coding, body, framing)
                self.pass_on(t, action)
                peer.until(lambda: peer.stream(1).over)
                self.assertEqual(peer.stream(1).status, 200)
            got = origin.heard.pop()
            self.is_right(got, coding, body, framing, action)
            if (version, client) == (1, 1):
                self.assertIn(b"\nHOST: a\n", got[0])
                self.assertIn(b"\nContent-Type:  application/json \n" if action == "pass" else b"\nContent-Type:", got[0])
            t.wait(lambda s: "1 held" not in s)
        self.each(one, "length", "chunks", "trailer")

    def answers(self, version):
        origin = Origin(version)
        t = self.screen(origin, "~s")

        def one(coding, framing, action, client):
            body = CODINGS[coding][0](OLD)
            origin.answer = coding, body, framing
            peer = self.connect(t, client)
            if client == 1:
                peer.sock.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                self.pass_on(t, action)
                got = peer.message()
            else:
                sid = peer.ask()
                self.pass_on(t, action)
                peer.until(lambda: peer.stream(sid).over)
                self.assertTrue(peer.stream(sid).ended)
                got = two_heads(peer.stream(sid))
            self.is_right(got, coding, body, framing, action)
            if (version, client) == (1, 1):
                self.assertTrue(got[0].startswith(b"HTTP/1.1 200 So be  it\n"), got[0])
            t.wait(lambda s: "1 held" not in s)
        self.each(one, "length", "close", "chunks", "trailer")

    def test_the_answer_to_a_head_has_no_body_and_keeps_its_length(self):
        def talk(sock):
            if Wire(sock).message()[0]:
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        port = h2peer.peers.raw_server(talk)
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{port}", "--set", "intercept=~s")
        peer = self.connect(t, 1)
        peer.sock.sendall(b"HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        t.wait("1 held")
        self.press(t, "H:change body=new\r", "no body expected: the answer to a HEAD has none")
        self.press(t, ":change header:x-new=1\r", " edited")
        t.keys("a")
        while peer.more():
            pass
        self.assertEqual(peer.data, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-new: 1\r\n\r\n")

    def test_requests_to_http_1(self):
        self.requests(1)

    def test_requests_to_http_2(self):
        self.requests(2)

    def test_answers_of_http_1(self):
        self.answers(1)

    def test_answers_of_http_2(self):
        self.answers(2)


for name in [n for n in dir(Edit) if n.startswith("test_")]:
    setattr(RoundTrips, name, None)
del Edit

if __name__ == "__main__":
    unittest.main(verbosity=2)
