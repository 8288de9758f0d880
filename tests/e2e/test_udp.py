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
