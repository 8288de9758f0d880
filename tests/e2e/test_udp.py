"""Datagrams: reverse:udp, SOCKS5 UDP ASSOCIATE, and QUIC that passes unread."""
import os
import socket
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

# RFC 9001 appendix A.2: the client's Initial packet, of example.com.
with open(os.path.join(peers.ROOT, "fuzz/corpus/quic/rfc9001-a2"), "rb") as f:
    INITIAL = f.read()


class Udp(peers.Case):
    def setUp(self):
        self.origin = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.origin.bind(("127.0.0.1", 0))
        self.origin.settimeout(20)
        self.port = self.origin.getsockname()[1]
        self.client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.client.settimeout(20)
        self.addCleanup(self.origin.close)
        self.addCleanup(self.client.close)

    def talk(self, to, *datagrams):
        """Each datagram to soth; what the origin gets, it sends back in capitals."""
        out = []
        for d in datagrams:
            self.client.sendto(d, to)
            got, peer = self.origin.recvfrom(65536)
            self.origin.sendto(got.upper(), peer)
            out.append(self.client.recvfrom(65536)[0])
        return out

    def rows(self, s):
        return [peers.json.loads(line) for line in s.stop()[1].splitlines()]

    def test_datagrams_pass_both_ways_and_are_a_row(self):
        s = self.start("-m", f"reverse:udp://127.0.0.1:{self.port}")
        self.assertEqual(self.talk(("127.0.0.1", s.port), b"one", b"two", b"x" * 60000), [b"ONE", b"TWO", b"X" * 60000])
        row, = self.rows(s)
        self.assertEqual((row["scheme"], row["port"], row["request_bytes"], row["response_bytes"], row["protocol"]),
                         ("udp", self.port, 60006, 60006, "udp"))
        self.assertEqual(row["close"], "relay_eof")

    def test_an_idle_flow_ends_and_the_next_datagram_begins_another(self):
        s = self.start("-m", f"reverse:udp://127.0.0.1:{self.port}", "--set", "tcp-timeout=1")
        self.talk(("127.0.0.1", s.port), b"one")
        self.assertEqual(s.row()["request_bytes"], 3)
        self.talk(("127.0.0.1", s.port), b"again")
        self.assertEqual(s.row()["request_bytes"], 5)

    def test_a_server_that_is_not_there_is_a_row_that_says_so(self):
        self.origin.close()
        s = self.start("-m", f"reverse:udp://127.0.0.1:{self.port}")
        self.client.sendto(b"hello", ("127.0.0.1", s.port))
        row = s.row()
        self.assertEqual(row["close"], "upstream_connect_failed")
        self.assertIn("refused", row["trouble"])

    def test_http3_is_told_by_its_initial_and_passes_untouched(self):
        s = self.start("-m", f"reverse:quic://127.0.0.1:{self.port}")
        self.client.sendto(INITIAL, ("127.0.0.1", s.port))
        self.assertEqual(self.origin.recvfrom(65536)[0], INITIAL)
        row, = self.rows(s)
        self.assertEqual((row["host"], row["protocol"], row["request_bytes"]), ("example.com", "quic", len(INITIAL)))

    def test_quic_is_dropped_where_http3_passthrough_is_off(self):
        s = self.start("-m", f"reverse:quic://127.0.0.1:{self.port}", "--set", "http3-passthrough@example.com=no")
        self.client.sendto(INITIAL, ("127.0.0.1", s.port))
        self.assertEqual(s.row()["close"], "blocked")
        self.client.sendto(b"plain", ("127.0.0.1", s.port))    # the same flow: dropped too
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(other.close)
        other.sendto(b"another", ("127.0.0.1", s.port))
        self.assertEqual(self.origin.recvfrom(65536)[0], b"another")

    def test_what_only_looks_like_quic_is_not(self):
        # A DNS query whose number begins with a one: a long header, as far as RFC 8999 goes.
        query = b"\x9a\x12\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01"
        s = self.start("-m", f"reverse:udp://127.0.0.1:{self.port}", "--set", "http3-passthrough=no")
        self.assertEqual(self.talk(("127.0.0.1", s.port), query), [query.upper()])
        row, = self.rows(s)
        self.assertEqual((row["protocol"], row["request_messages"], row["response_messages"]), ("udp", 1, 1))

    def test_a_name_comes_with_the_initial_that_can_be_read(self):
        s = self.start("-m", f"reverse:quic://127.0.0.1:{self.port}", "--set", "tcp-timeout=1")
        unknown = b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(8) + bytes(1186)
        negotiation = b"\x80\0\0\0\0\0\x08" + bytes(8) + b"\0\0\0\x01"
        for d in (unknown, INITIAL[:-1] + b"?", INITIAL):
            self.client.sendto(d, ("127.0.0.1", s.port))
            got, peer = self.origin.recvfrom(65536)
            self.assertEqual(got, d)
            self.origin.sendto(negotiation, peer)
        row = s.row()
        self.assertEqual((row["host"], row["protocol"], row["request_messages"]), ("example.com", "quic", 3))
        self.assertEqual((row["request_bytes"], row["response_messages"]), (3600, 3))

    def test_another_version_is_dropped_too_where_http3_passthrough_is_off(self):
        s = self.start("-m", f"reverse:quic://127.0.0.1:{self.port}", "--set", "http3-passthrough=no")
        self.client.sendto(b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(1194), ("127.0.0.1", s.port))
        self.assertEqual(s.row()["close"], "blocked")

    def free_port(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    def test_what_would_lead_back_to_a_listener_of_ours_is_refused(self):
        a, b = self.free_port(), self.free_port()
        s = self.start("-m", f"reverse:udp://localhost:{a}@127.0.0.1:{a},reverse:udp://127.0.0.1:{a}@127.0.0.1:{b}")
        for port in (a, b):
            self.client.sendto(b"round and round", ("127.0.0.1", port))
            row = s.row()
            self.assertEqual(row["close"], "upstream_connect_failed")
            self.assertIn("soth itself", row["trouble"])
        self.assertEqual(self.rows(s), [])

    def test_of_two_addresses_of_a_name_the_one_that_answers_is_taken(self):
        found = [a[0] for a in socket.getaddrinfo("localhost", self.port, type=socket.SOCK_DGRAM)]
        if found[0] != socket.AF_INET6 or socket.AF_INET not in found:
            self.skipTest("localhost is not ::1, then 127.0.0.1")
        s = self.start("-m", f"reverse:udp://localhost:{self.port}")
        self.assertEqual(self.talk(("127.0.0.1", s.port), b"one", b"two"), [b"ONE", b"TWO"])

    def associate(self, s):
        c = s.connect()
        self.addCleanup(c.close)
        c.sendall(b"\x05\x01\x00")
        self.assertEqual(c.recv(2), b"\x05\x00")
        c.sendall(b"\x05\x03\x00\x01\0\0\0\0\0\0")
        answer = c.recv(10)
        self.assertEqual(answer[:4], b"\x05\x00\x00\x01")
        return c, (socket.inet_ntoa(answer[4:8]), struct.unpack("!H", answer[8:])[0])

    def test_socks5_udp_associate(self):
        s = self.start("-m", "socks5")
        control, relay = self.associate(s)
        head = b"\0\0\0\x01\x7f\0\0\x01" + struct.pack("!H", self.port)
        self.assertEqual(self.talk(relay, head + b"ping")[0], head + b"PING")
        self.client.sendto(b"\0\0\x01" + head[3:] + b"a fragment", relay)       # is dropped: RFC 1928 section 7
        named = b"\0\0\0\x03\x09localhost" + struct.pack("!H", self.port)
        self.assertEqual(self.talk(relay, named + b"by name")[0], head + b"BY NAME")
        control.close()
        rows = [s.row() for _ in range(3)]
        self.assertEqual(sorted(r["request_bytes"] for r in rows), [0, 4, 7])
        self.assertEqual({r["close"] for r in rows}, {"relay_eof"})


if __name__ == "__main__":
    unittest.main()
