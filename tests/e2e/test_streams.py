"""Event streams, records and other answers that come bit by bit: each seen before the next is sent, and counted."""
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers

EVENTS = {
    "LF": ([b"data: one\n\n", b"event: e\nid: 7\ndata: two\ndata: lines\n\n", b"data\n\n"], 3),
    "CRLF": ([b"data: one\r\n\r\n", b"data: two\r\n\r\n"], 2),
    "CR": ([b"data: one\r\r", b"data: two\r\r", b"data: three\r\r"], 3),
    "BOM": ([b"\xef\xbb\xbfdata: one\n\n", b"data: two\n\n"], 2),
    "no event": ([b": comment\n\n", b"retry: 10\n\n", b"id: 3\n\n", b"data: one\n\n"], 1),
    "unended": ([b"data: one\n\n", b"data: lost\n"], 1),
}


class Case(peers.Case):
    def ask(self, kind, pieces, framing="chunked"):
        """A client that reads each piece before the server sends the next one; all that it read, and the row."""
        seen = threading.Semaphore(0)

        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%s\r\n" % (
                kind, b"Transfer-Encoding: chunked\r\n" if framing == "chunked" else b"Connection: close\r\n"))
            for piece in pieces:
                peer.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if framing == "chunked" else piece)
                if not seen.acquire(timeout=20):
                    return
            peer.sendall(b"0\r\n\r\n" if framing == "chunked" else b"")
        port = peers.raw_server(talk)
        with self.soth.connect() as s:
            s.sendall(f"GET http://127.0.0.1:{port}/s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n".encode())
            out = b""
            for piece in pieces:
                while piece not in out:
                    more = s.recv(65536)
                    self.assertTrue(more, out)
                    out += more
                seen.release()
            return out, self.soth.row()


class Events(Case):
    def check(self, name, framing="chunked"):
        pieces, count = EVENTS[name]
        _, row = self.ask(b"text/event-stream; charset=utf-8", pieces, framing)
        self.assertEqual((row["protocol"], row["response_messages"], row["close"]), ("sse", count, "mitm_http_completed"))
        self.assertEqual(row["response_bytes"], sum(map(len, pieces)))

    def test_lines_that_end_with_lf(self):
        self.check("LF")

    def test_lines_that_end_with_crlf(self):
        self.check("CRLF")

    def test_lines_that_end_with_cr(self):
        self.check("CR")

    def test_a_byte_order_mark(self):
        self.check("BOM")

    def test_blocks_that_dispatch_nothing_are_no_messages(self):
        self.check("no event")

    def test_an_event_that_is_not_ended(self):
        self.check("unended")

    def test_a_body_until_close(self):
        self.check("LF", "close")

    def test_one_byte_at_a_time(self):
        pieces = [bytes([b]) for b in b"data: one\r\n\r\ndata: two\n\ndata: 3\r\r"]
        seen = threading.Semaphore(0)

        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            for piece in pieces:
                peer.sendall(piece)
                seen.acquire(timeout=20)
        port = peers.raw_server(talk)
        with self.soth.connect() as s:
            s.sendall(f"GET http://127.0.0.1:{port}/s HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head, body = b"", b""
            while not head.endswith(b"\r\n\r\n"):
                head += s.recv(1)
            for piece in pieces:
                got = s.recv(1)
                self.assertEqual(got, piece)
                body += got
                seen.release()
        self.assertEqual(body, b"".join(pieces))
        self.assertEqual(self.soth.row()["response_messages"], 3)

    def test_over_http_2(self):
        pieces, count = EVENTS["LF"]
        seen = threading.Semaphore(0)

        def talk(p):
            sid = p.next_request()
            p.answer(sid, fields=[("content-type", "text/event-stream")], end=False)
            for piece in pieces:
                p.data(sid, piece)
                seen.acquire(timeout=20)
            p.data(sid, b"", end=True)
            p.until_gone()
        s = self.start("-m", f"reverse:h2c://127.0.0.1:{h2peer.serve(talk)}")
        c = h2peer.connect(s)
        sid, want = c.ask(), b""
        for piece in pieces:
            want += piece
            c.until(lambda: c.stream(sid).data == want)
            seen.release()
        c.until(lambda: c.stream(sid).over)
        row = s.row()
        self.assertEqual((row["protocol"], row["response_messages"]), ("sse", count))


class Records(Case):
    def test_a_record_a_line(self):
        pieces = [b'{"n": 1}\n', b'{"n": 2}\r\n', b"\n", b'{"n": 3}\n']
        _, row = self.ask(b"application/x-ndjson", pieces)
        self.assertEqual((row["protocol"], row["response_messages"]), ("ndjson", 3))

    def test_a_last_line_without_its_end(self):
        _, row = self.ask(b"application/jsonl", [b'{"n": 1}\n', b'{"n": 2}'])
        self.assertEqual((row["protocol"], row["response_messages"]), ("ndjson", 2))

    def test_records_in_a_request(self):
        body = b'{"a":1}\n{"a":2}\n{"a":3}\n'
        out = self.curl("-H", "Content-Type: application/x-ndjson", "--data-binary", "@-", f"http://127.0.0.1:{self.http}/p",
                        input=body)
        self.assertEqual(out.stdout, body)
        self.assertEqual(self.soth.row()["request_messages"], 3)


if __name__ == "__main__":
    unittest.main()
