"""The event log: the same traffic gives the same bytes, and each event says what the manual says."""
import json
import os
import re
import socket
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

OBSERVERS = os.path.exists(os.path.join(peers.ROOT, "src", "proto", "observe.c"))
ENVELOPE = ["attributes", "client_addr", "flow_id", "flow_sequence_id", "kind", "protocol", "sequence_id",
            "server_host", "server_port"]


def read_head(peer):
    seen = b""
    while b"\r\n\r\n" not in seen:
        more = peer.recv(65536)
        if not more:
            break
        seen += more
    return seen


def exactly(peer, n):
    out = b""
    while len(out) < n:
        more = peer.recv(n - len(out))
        if not more:
            raise EOFError
        out += more
    return out


def frame(opcode, payload, masked, fin=True):
    """RFC 6455 section 5.2, with a mask that is always the same."""
    head = bytes([opcode | 0x80 * fin])
    n = len(payload)
    head += bytes([n | 0x80 * masked]) if n < 126 else bytes([126 | 0x80 * masked]) + struct.pack(">H", n)
    if not masked:
        return head + payload
    mask = b"\x11\x22\x33\x44"
    return head + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(payload))


def read_frame(peer):
    first, length = exactly(peer, 2)
    n = length & 0x7f
    if n == 126:
        n, = struct.unpack(">H", exactly(peer, 2))
    mask = exactly(peer, 4) if length & 0x80 else b"\0\0\0\0"
    return first & 15, bytes(c ^ mask[i % 4] for i, c in enumerate(exactly(peer, n)))


def websocket_server(peer):
    """Says each message back, a long one in two frames; answers ping and close."""
    read_head(peer)
    peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    while True:
        opcode, payload = read_frame(peer)
        if opcode == 9:
            peer.sendall(frame(10, payload, False))
        elif len(payload) > 125 and opcode < 8:
            peer.sendall(frame(opcode, payload[:10], False, fin=False) + frame(0, payload[10:], False))
        else:
            peer.sendall(frame(opcode, payload, False))
        if opcode == 8:
            return


def event_server(peer):
    read_head(peer)
    body = (b": a comment\n\nid: 7\nevent: greeting\ndata: one\ndata: two\n\n", b"retry: 250\r\n", b"data: h\xc3\xa4\r", b"\r")
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in (*body, b""):
        peer.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))


def echo(peer):
    while (more := peer.recv(65536)):
        peer.sendall(more)


class Events(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.websocket = peers.raw_server(websocket_server)
        cls.sse = peers.raw_server(event_server)
        cls.echo = peers.raw_server(echo)
        with socket.create_server(("127.0.0.1", 0)) as gone:
            cls.refused = gone.getsockname()[1]

    def log(self, script, *args):
        """What the log has after the script: its bytes."""
        path = os.path.join(self.folder.name, "events.jsonl")
        s = self.last = self.start("--event-log", path, *args)
        script(s)
        self.assertEqual(s.stop()[0], 0)
        with open(path, "rb") as f:
            return f.read()

    def events(self, script, *args):
        schema, *events = map(json.loads, self.log(script, *args).splitlines())
        self.assertEqual(schema, {"schema": "soth-event-log", "version": 1})
        return events

    def plain(self, s):
        self.curl(f"http://127.0.0.1:{self.http}/big", soth=s)
        s.row()

    def upload(self, s):
        self.curl("-H", "Transfer-Encoding: chunked", "-d", "x" * 70000, f"http://127.0.0.1:{self.http}/up", soth=s)
        s.row()

    def tls(self, s):
        self.curl(f"https://localhost:{self.https}/secret", f"https://localhost:{self.https}/more", soth=s)
        s.row(), s.row()

    def mistrust(self, s):
        self.curl(f"https://localhost:{self.https}/", soth=s, ca=False)
        s.row()

    def refusal(self, s):
        self.curl(f"http://127.0.0.1:{self.refused}/", soth=s)
        s.row()

    def nonsense(self, s):
        s.ask(b"GET http://x/ HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n")
        s.row()

    def tunnel(self, s):
        with s.connect() as c:
            c.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: x\r\n\r\n" % self.echo)
            read_head(c)
            c.sendall(b"\0\1\2 not http")
            exactly(c, 12)
            c.shutdown(socket.SHUT_WR)
            while c.recv(65536):
                pass
        s.row()

    def stream(self, s):
        self.curl(f"http://127.0.0.1:{self.sse}/live", soth=s)
        s.row()

    def socket(self, s):
        with s.connect() as c:
            c.sendall(b"GET http://127.0.0.1:%d/chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                      b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % self.websocket)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += exactly(c, 1)
            for opcode, payload, answers in ((1, b"hello", 1), (9, b"?", 1), (2, bytes(300), 2), (1, b"", 1),
                                             (8, struct.pack(">H", 1000) + b"bye", 1)):
                c.sendall(frame(opcode, payload, True))
                for _ in range(answers):
                    read_frame(c)
            while c.recv(65536):
                pass
        s.row()

    def everything(self, s):
        for part in (self.plain, self.upload, self.tls, self.mistrust, self.refusal, self.nonsense, self.tunnel,
                     self.stream, self.socket):
            part(s)

    def test_the_same_traffic_gives_the_same_bytes(self):
        once = self.log(self.everything)
        self.assertEqual(once, self.log(self.everything))
        self.assertEqual(once, self.log(self.everything, "--set", "workers=1"))

    def test_a_session_gives_the_log_that_was_written_beside_it(self):
        live = self.log(self.everything)
        path = os.path.join(self.folder.name, "again.jsonl")
        out = peers.subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-r", self.last.session,
                                    "--event-log", path], capture_output=True, text=True)
        self.assertEqual((out.returncode, out.stderr), (0, ""))
        with open(path, "rb") as f:
            self.assertEqual(f.read(), live)
        out = peers.subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-r", self.last.session,
                                    "--event-log", self.last.session], capture_output=True, text=True)
        self.assertEqual(out.returncode, 1)
        self.assertIn("is a session, and stays one", out.stderr)

    def test_events_are_numbered_and_have_what_the_manual_says(self):
        with open(os.path.join(peers.ROOT, "man", "soth-events.7")) as f:
            page = f.read()
        told = {}
        for item in page[page.index(".Ss Events"):page.index(".Ss Turns")].split("\n.It Sy ")[1:]:
            name, _, text = item.partition("\n")
            told[name] = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"^\.Sy (.*)$", text, re.M))))
        events = self.events(self.everything)
        self.assertEqual([e["sequence_id"] for e in events], list(range(1, len(events) + 1)))
        self.assertEqual(sorted({e["flow_id"] for e in events}), list(range(1, max(e["flow_id"] for e in events) + 1)))
        for flow in {e["flow_id"] for e in events}:
            mine = [e for e in events if e["flow_id"] == flow]
            self.assertEqual([e["flow_sequence_id"] for e in mine], list(range(1, len(mine) + 1)))
            self.assertEqual([e["kind"] == "stream_closed" for e in mine], [False] * (len(mine) - 1) + [True])
        for e in events:
            self.assertEqual(list(e), ENVELOPE)
            self.assertEqual(list(e["attributes"]), sorted(e["attributes"]))
            self.assertEqual(e["client_addr"], "127.0.0.1")
            self.assertIn(e["kind"], told)
            if e["kind"] != "tls_handshake_succeeded":      # a certificate's own names
                self.assertLessEqual(set(e["attributes"]), told[e["kind"]], e)

    def kinds(self, events, flow=1):
        return [e["kind"] for e in events if e["flow_id"] == flow]

    def one(self, events, kind):
        found = [e for e in events if e["kind"] == kind]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_a_request_and_its_answer(self):
        events = self.events(self.upload)
        self.assertEqual(self.kinds(events), ["request_headers", "request_body_chunk", "response_headers",
                                              "response_body_chunk", "stream_closed"])
        self.assertEqual(events[0]["attributes"]["target"], f"http://127.0.0.1:{self.http}/up")
        self.assertEqual([events[i]["attributes"]["bytes"] for i in (1, 3)], ["70000", "70000"])
        self.assertEqual({e["protocol"] for e in events}, {"http1"})
        self.assertEqual(events[4]["attributes"], {"reason_code": "mitm_http_completed", "reason_detail": "",
                                                   "bytes_from_client": "70000", "bytes_from_server": "70000"})

    def test_a_tunnel_that_is_looked_into(self):
        events = self.events(self.tls)
        self.assertEqual(self.kinds(events), [
            "connect_received", "connect_decision", "tls_handshake_started", "tls_handshake_succeeded",
            "tls_handshake_started", "tls_handshake_succeeded", "request_headers", "response_headers",
            "response_body_chunk", "stream_closed"])
        self.assertEqual([e["attributes"]["peer"] for e in events[2:6]], ["upstream"] * 2 + ["downstream"] * 2)
        self.assertEqual([e["protocol"] for e in events[:7]], ["tunnel"] * 6 + ["http1"])
        self.assertEqual(self.kinds(events, 2), ["request_headers", "response_headers", "response_body_chunk",
                                                 "stream_closed"])

    def test_a_handshake_that_fails_has_a_class_and_a_source(self):
        failed = self.one(self.events(self.mistrust), "tls_handshake_failed")["attributes"]
        for of in "host", "source", "reason":
            self.assertEqual(failed[f"tls_failure_{of}_rolling_count"], failed[f"tls_failure_{of}_count"])     # all of it is of late
        self.assertEqual([failed[n] for n in ("tls_failure_reason", "tls_failure_source", "source_confidence",
                                              "provider_identity")],
                         ["unknown_ca", "downstream", "authoritative", "gnutls"])

    def test_what_cannot_be_had_and_what_is_no_request(self):
        closed = self.one(self.events(self.refusal), "stream_closed")["attributes"]
        self.assertEqual(closed["reason_code"], "upstream_connect_failed")
        events = self.events(self.nonsense)
        self.assertIn("no valid name", self.one(events, "connect_parse_failed")["attributes"]["parse_error_detail"])
        self.assertEqual(self.one(events, "stream_closed")["attributes"]["reason_code"], "connect_parse_failed")

    def test_a_tunnel_of_bytes_has_no_bodies(self):
        events = self.events(self.tunnel)
        self.assertEqual(self.kinds(events), ["connect_received", "connect_decision", "stream_closed"])
        self.assertEqual({e["protocol"] for e in events}, {"tunnel"})
        self.assertEqual(events[2]["attributes"]["bytes_from_server"], "12")

    def test_events_of_a_stream(self):
        events = [e["attributes"] for e in self.events(self.stream) if e["kind"] == "sse_event"]
        self.assertEqual(events, [
            {"sequence_no": "1", "event": "greeting", "id": "7", "retry_ms": "", "data": "one\ntwo", "data_len": "7",
             "data_line_count": "2"},
            {"sequence_no": "2", "event": "message", "id": "7", "retry_ms": "250", "data": "hä", "data_len": "3",
             "data_line_count": "1"}])

    @unittest.skipUnless(OBSERVERS, "nothing reads messages yet")
    def test_frames_and_turns_of_a_websocket(self):
        events = [e for e in self.events(self.socket) if e["kind"].startswith("websocket")]
        frames = [e["attributes"] for e in events if e["kind"] == "websocket_frame"]
        self.assertEqual([(f["direction"][0], f["opcode_label"], f["fin"], f["payload_len"], f["frame_len"])
                          for f in frames], [
            ("c", "text", "true", "5", "11"), ("s", "text", "true", "5", "7"),
            ("c", "ping", "true", "1", "7"), ("s", "pong", "true", "1", "3"),
            ("c", "binary", "true", "300", "308"), ("s", "binary", "false", "10", "12"),
            ("s", "continuation", "true", "290", "294"),
            ("c", "text", "true", "0", "6"), ("s", "text", "true", "0", "2"),
            ("c", "close", "true", "5", "11"), ("s", "close", "true", "5", "7")])
        turns = [e["attributes"] for e in events if e["kind"] == "websocket_turn_completed"]
        self.assertEqual([(t["turn_id"], t["initiated_by"], t["first_frame_sequence_no"], t["last_frame_sequence_no"],
                           t["client_byte_count"], t["server_byte_count"], t["flush_reason"]) for t in turns], [
            ("1", "client", "1", "2", "5", "5", "next_turn"), ("2", "client", "5", "7", "300", "300", "next_turn"),
            ("3", "client", "8", "9", "0", "0", "close_frame")])
        self.assertEqual((events[0]["kind"], events[-1]["kind"]), ("websocket_opened", "websocket_closed"))
        self.assertEqual(events[-1]["attributes"]["close_reason"], "1000")
        self.assertEqual(events[-1]["attributes"]["reason_detail"], "bye")

    def test_a_log_that_cannot_be_written(self):
        out = peers.subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-l", "127.0.0.1:0",
                                    "--event-log", self.folder.name], capture_output=True, text=True)
        self.assertEqual(out.returncode, 1)
        self.assertIn("event-log: " + self.folder.name, out.stderr)
        s = self.start("--event-log", "/dev/full")
        self.assertEqual(self.curl(f"http://127.0.0.1:{self.http}/", soth=s).stdout, b"hello /")
        self.assertEqual(s.row()["status"], 200)
        code, _, said = s.stop()
        self.assertEqual(code, 0)
        self.assertIn("the event log has stopped: /dev/full: No space left on device", said)


if __name__ == "__main__":
    unittest.main()
