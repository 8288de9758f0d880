"""Messages that are read along with: what a hostile peer sends passes untouched, and is named in the row."""
import os
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

UPGRADE = "GET http://127.0.0.1:%d/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
AGREED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
CLOSE = b"\x88\x02\x03\xe8"
CLOSE_MASKED = b"\x88\x82\0\0\0\0\x03\xe8"


class Observe(peers.Case):
    def websocket(self, says, fields=b"", answer=CLOSE_MASKED):
        """What the client gets of a server that says this and waits for the answer; and the row."""
        def talk(peer):
            peer.recv(65536)
            peer.sendall(AGREED + fields + b"\r\n" + says)
            self.heard = peer.recv(65536) if answer else b""
        port = peers.raw_server(talk)
        with self.soth.connect() as s:
            s.sendall((UPGRADE % port).encode())
            got = b""
            while len(got.partition(b"\r\n\r\n")[2]) < len(says):
                got += s.recv(65536)
            s.sendall(answer)
            while (more := s.recv(65536)):
                got += more
        return got.partition(b"\r\n\r\n")[2], self.soth.row()

    def test_a_websocket_that_closes_as_it_should_is_completed(self):
        says = b"\x81\x05Hello\x01\x01a\x89\x00\x80\x01b" + CLOSE
        got, row = self.websocket(says)
        self.assertEqual((got, self.heard), (says, CLOSE_MASKED))
        self.assertEqual((row["status"], row["close"], row["trouble"]), (101, "websocket_completed", ""))

    def test_one_that_just_ends_is_an_error(self):
        got, row = self.websocket(b"\x81\x05Hello", answer=b"")
        self.assertEqual((got, row["close"]), (b"\x81\x05Hello", "websocket_error"))

    def test_what_a_broken_peer_sends_passes_and_the_row_names_the_rule(self):
        for says, section in ((b"\xc1\x01a", "6455 section 5.2"), (b"\x80\x01a", "6455 section 5.4"),
                              (b"\x81\x01\xff", "6455 section 8.1"), (b"\x81\x80\0\0\0\0", "6455 section 5.1"),
                              (b"\x09\x00", "6455 section 5.5"), (b"\x88\x02\x03\xed", "6455 section 7.4")):
            got, row = self.websocket(says + CLOSE)
            self.assertEqual((got, self.heard), (says + CLOSE, CLOSE_MASKED))
            self.assertIn(section, row["trouble"])

    def test_broken_deflate_passes_and_is_named(self):
        says = b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x02\xff\xff" + CLOSE
        got, row = self.websocket(says, b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
        self.assertEqual(got, says)
        self.assertEqual(row["close"], "websocket_completed")
        self.assertIn("7692 section 7.2.2", row["trouble"])

    def test_grpc_that_is_cut_off_passes_and_is_named(self):
        body = b"\0" + struct.pack(">I", 3) + b"abc" + b"\0\0\0"

        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        port = peers.raw_server(talk)
        self.assertEqual(self.curl(f"http://127.0.0.1:{port}/").stdout, body)
        self.assertIn("truncated prefix", self.soth.row()["trouble"])


if __name__ == "__main__":
    unittest.main()
