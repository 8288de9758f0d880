"""Rules of HTTP/2 that a peer breaks: who is told, by which code, and what the row says."""
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import hyperframe.frame as F
import peers

GET, POST = b"\x82\x86\x84\x41\x01x", b"\x83\x86\x84\x41\x01x"      # :scheme http, :path /, :authority x
FIRST = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x")]


def hello(p):
    while True:
        sid = p.next_request()
        p.until(lambda: p.stream(sid).over)
        p.answer(sid, b"hello")


class Case(peers.Case):
    def between(self, talk=hello, *args):
        s = self.start("-m", f"reverse:h2c://127.0.0.1:{h2peer.serve(talk)}", *args)
        c = h2peer.connect(s)
        self.addCleanup(c.close)
        return s, c


class Streams(Case):
    def broken(self, s, c, sid, section):
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(c.stream(sid).reset, h2peer.PROTOCOL_ERROR, section)
        self.assertIn(f"RFC 9113 section {section}", s.row()["trouble"])

    def test_a_malformed_field_ends_its_stream_and_the_row_names_the_section(self):
        s, c = self.between()
        for fields, section in (([("X-Big", "a")], "8.2.1"), ([("x", "a\nb")], "8.2.1"), ([("connection", "close")], "8.2.2"),
                                ([("transfer-encoding", "chunked")], "8.2.2"), ([("te", "gzip")], "8.2.2"),
                                ([(":late", "x")], "8.3"), ([("host", "elsewhere")], "8.3.1")):
            self.broken(s, c, c.ask(fields=fields), section)
        self.assertEqual(c.get().data, b"hello")

    def test_pseudo_fields_that_lack_or_are_too_many_end_their_stream(self):
        s, c = self.between()
        for fields, section in ((FIRST[1:], "8.3.1"), (FIRST[:1] + FIRST[2:], "8.3.1"), (FIRST[:2] + FIRST[3:], "8.3.1"),
                                ([*FIRST[:2], (":path", ""), FIRST[3]], "8.3.1"), (FIRST[:1] + FIRST, "8.3"),
                                ([*FIRST[:3], ("a", "b"), FIRST[3]], "8.3"), ([*FIRST, (":status", "200")], "8.3")):
            sid, c.next_id = c.next_id, c.next_id + 2
            self.broken(s, c, c.head(sid, fields, end=True), section)
        self.assertEqual(c.get().data, b"hello")

    def test_a_length_that_lies_ends_the_stream(self):
        s, c = self.between()
        for length in ("3", "5"):
            sid = c.ask("POST", fields=[("content-length", length)], end=False)
            c.data(sid, b"four", end=True)
            self.broken(s, c, sid, "8.1.1")
        self.assertEqual(c.get().data, b"hello")

    def test_a_server_s_malformed_answer_ends_its_stream_alone(self):
        answers = {"/case": ([("X-Big", "a")], "8.2.1"), "/connection": ([("connection", "close")], "8.2.2"),
                   "/length": ([("content-length", "9")], "8.1.1")}

        def talk(p):
            while True:
                sid = p.next_request()
                p.answer(sid, b"four", fields=answers.get(p.stream(sid).field(":path"), ([],))[0])
        s, c = self.between(talk)
        for path, (_, section) in answers.items():
            self.broken(s, c, c.ask(path=path), section)
        self.assertEqual(c.get().data, b"four")

    def test_a_header_list_that_is_too_long_is_431_and_its_neighbours_go_on(self):
        s, c = self.between(hello, "--set", "head-size-limit=4k")
        self.assertEqual(c.get(fields=[("x-long", "a" * 5000)]).status, 431)
        row = s.row()
        self.assertEqual(row["status"], 431)
        self.assertIn("RFC 9113 section 10.5.1", row["trouble"])
        self.assertEqual(c.get().data, b"hello")

    def test_what_a_server_refused_is_sent_again(self):
        refused = []

        def talk(p):
            while True:
                sid = p.next_request()
                if refused:
                    p.answer(sid, b"hello")
                else:
                    refused.append(sid)
                    p.reset(sid, h2peer.REFUSED_STREAM)
        s, c = self.between(talk)
        self.assertEqual(c.get().data, b"hello")
        self.assertEqual((s.row()["status"], len(refused)), (200, 1))


class Floods(Case):
    """Frames that cost much and carry nothing: RFC 9113 section 10.5."""

    def flood(self, before, frames):
        s, c = self.between()
        other = h2peer.connect(s)
        self.addCleanup(other.close)
        c.until(lambda: c.settings is not None)
        c.send(*before)

        def pour():
            try:
                for f in frames:
                    c.sock.sendall(f)
            except OSError:
                pass
        pourer = threading.Thread(target=pour, daemon=True)
        pourer.start()
        try:
            c.until(lambda: c.goaway)
        except (h2peer.Gone, ConnectionError):
            pass
        c.close()
        pourer.join(20)
        self.assertEqual(c.goaway and c.goaway[1], h2peer.ENHANCE_YOUR_CALM)
        self.assertEqual(other.get().data, b"hello")

    def many(self, frame):
        return [frame.serialize() * 500] * 100

    def test_pings(self):
        self.flood([], self.many(F.PingFrame(0, opaque_data=b"12345678")))

    def test_settings(self):
        self.flood([], self.many(F.SettingsFrame(0)))

    def test_empty_data(self):
        self.flood([F.HeadersFrame(1, POST, flags=["END_HEADERS"])], self.many(F.DataFrame(1, b"")))

    def test_priorities(self):
        self.flood([], self.many(F.PriorityFrame(1, depends_on=0, stream_weight=1)))

    def test_a_head_in_endless_pieces(self):
        self.flood([F.HeadersFrame(1, GET)], self.many(F.ContinuationFrame(1, b"\0\x01a\x01b")))

    def test_resets(self):
        self.flood([], [F.HeadersFrame(n, POST, flags=["END_HEADERS"]).serialize() +
                        F.RstStreamFrame(n, error_code=h2peer.CANCEL).serialize() for n in range(1, 20001, 2)])


if __name__ == "__main__":
    unittest.main()
