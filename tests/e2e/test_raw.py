"""Messages that are typed byte by byte: what arrives is what was typed, and nothing else."""
import http.server
import os
import re
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term
from test_edit import Edit


class Listening:
    """Keeps each connection's bytes as they come; answers once it has so many of them."""

    def __init__(self, *wanted, answer=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):
        self.wanted, self.answer, self.heard, self.connections = list(wanted), answer, [], 0
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.done = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while self.wanted:
            peer, _ = self.sock.accept()
            self.connections += 1
            peer.settimeout(20)
            while self.wanted:
                data = b""
                while len(data) < self.wanted[0]:
                    more = peer.recv(65536)
                    if not more:
                        break
                    data += more
                if not data:
                    break
                self.heard.append(data)
                self.wanted.pop(0)
                peer.sendall(self.answer)
            peer.close()
        self.done.set()


class Raw(Edit):
    def typing(self, data):
        """An editor that leaves those bytes, whatever was there; what was is kept."""
        path = os.path.join(self.folder.name, "typed")
        with open(path, "wb") as f:
            f.write(data)
        return self.editor("ed", f'cp "$1" {self.folder.name}/was', f'cat {path} > "$1"')

    def was(self):
        with open(os.path.join(self.folder.name, "was"), "rb") as f:
            return f.read()

    def test_a_held_request_is_typed_and_its_connection_takes_no_other(self):
        typed = b"POST  /x HTTP/1.1\r\nHost: here\nContent-Length: 2\r\nContent-Length: 77\r\nTransfer-Encoding: Chunked, bad\r\n\r\nabc\x00\xff"
        origin = Listening(len(typed), 20)
        t = self.open(self.typing(typed), "--set", "intercept=~q & ~m POST")
        one = self.ask(t, "-d", "a=b", f"http://127.0.0.1:{origin.port}/x?y=1")
        t.wait("1 held")
        t.keys("H:edit raw\r", "edited, and goes raw")
        t.keys("a", lambda s: "sent raw: as the bytes" in s and " 200 " in s)
        self.assertEqual(one.communicate()[0], b"ok")
        self.assertEqual(origin.heard[0], typed)
        self.assertRegex(self.was().decode(), r"^POST /x\?y=1 HTTP/1\.1\r\nHost: [^\n]+\r\n(.*\r\n)+\r\na=b$")
        self.ask(t, f"http://127.0.0.1:{origin.port}/next").communicate()
        self.assertEqual(origin.connections, 2)
        self.assertTrue(origin.heard[1].startswith(b"GET /next HTTP/1.1\r\n"))

    def test_chunks_are_there_to_be_typed_and_a_plain_message_keeps_the_connection(self):
        typed = b"PUT /y HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\none\r\n0\r\nT: 1\r\n\r\n"
        origin = Listening(len(typed.replace(b"T: 1\r\n", b"")), 20)
        t = self.open(self.typing(typed.replace(b"T: 1\r\n", b"")), "--set", "intercept=~q & ~m POST")
        one = subprocess.Popen(["curl", "-s", "-x", f"127.0.0.1:{t.port}", "-H", "Transfer-Encoding: chunked", "-d", "abc",
                                f"http://127.0.0.1:{origin.port}/x", "--next", "-x", f"127.0.0.1:{t.port}", "-s",
                                f"http://127.0.0.1:{origin.port}/z"], stdout=subprocess.PIPE)
        t.wait("1 held")
        t.keys("H:edit raw\r", "edited, and goes raw")
        t.keys("a")
        self.assertEqual(one.communicate()[0], b"okok")
        self.assertTrue(self.was().endswith(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), self.was())
        self.assertEqual(origin.connections, 1)
        t.keys("gg\r", lambda s: "raw: " in s and re.search(r"Request body +3 bytes", s))

    def test_chunks_that_cannot_be_read_are_recorded_as_they_were_typed(self):
        typed = b"PUT /y HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none\r\n0\r\n\r\n"
        origin = Listening(len(typed))
        t = self.open(self.typing(typed), "--set", "intercept=~q & ~m POST")
        one = self.ask(t, "-d", "abc", f"http://127.0.0.1:{origin.port}/x")
        t.wait("1 held")
        t.keys("H:edit raw\r", "edited, and goes raw: recorded with its chunk marks: chunk 1 is not 9 bytes long")
        t.keys("a", lambda s: "raw: " in s and re.search(r"Request body +13 bytes", s))
        one.communicate()
        self.assertEqual(origin.heard, [typed])

    def test_what_is_refused_is_forced(self):
        origin = Listening(40)
        t = self.open(self.editor("ed", r'sed -i "s/^Content-Length: [0-9]*/Content-Length: 99/" "$1"'), "--set", "intercept=~q & ~m POST")
        one = self.ask(t, "-d", "a=b", f"http://127.0.0.1:{origin.port}/x")
        t.wait("1 held")
        t.keys("He", "content-length: 99 contradicts the body of 3 bytes; raw mode sends it so (e edits on; or :edit raw)")
        t.keys(":edit raw\r", "edited, and goes raw: content-length: 99, but the body has 3 bytes")
        t.keys("a", "sent raw")
        one.communicate()
        self.assertIn(b"\r\nContent-Length: 99\r\n", origin.heard[0])
        self.assertTrue(origin.heard[0].endswith(b"\r\n\r\na=b"))

    def test_an_answer_is_typed(self):
        t = self.open(self.typing(b"HTTP/1.1 299 what\nSet: \x01\r\n\r\nit is"), "--set", "intercept=~s")
        s = socket.create_connection(("127.0.0.1", int(t.port)))
        s.settimeout(20)
        s.sendall(f"GET {self.url}/x HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        t.wait("1 held")
        t.keys("H:edit raw\r", "edited, and goes raw: not a head")
        t.keys("a", "sent raw")
        heard = b""
        while more := s.recv(65536):
            heard += more
        self.assertEqual(heard, b"HTTP/1.1 299 what\nSet: \x01\r\n\r\nit is")
        s.close()

    def test_a_request_is_composed_and_sent_again_raw(self):
        typed = b"GET / HTTP/1.1\r\n\r\nleft over"
        origin = Listening(len(typed), len(typed))
        t = self.open(self.typing(typed))
        t.keys(f":compose raw http://127.0.0.1:{origin.port}/a?b\r", "sent raw as flow 1")
        t.wait("raw: 27 bytes as they were typed")
        self.assertEqual(self.was(), f"GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:{origin.port}\r\n\r\n".encode())
        t.keys("r", "sent again as flow 2")
        self.assertTrue(origin.done.wait(20))
        self.assertEqual(origin.heard, [typed, typed])
        t.keys(":compose raw nowhere\r", "a URL is wanted")

    def test_what_was_typed_is_sent_again_by_one_key(self):
        typed = b"POST /x HTTP/1.1\r\nHost: a\r\nhost : b\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab\xffcd\r\n0\r\n\r\n"
        origin = Listening(len(typed), len(typed))
        t = self.open(self.typing(typed))
        t.keys(f":compose raw http://127.0.0.1:{origin.port}/\r", "sent raw as flow 1")
        t.wait(f"raw: {len(typed)} bytes as they were typed")
        t.keys("r", "sent again as flow 2")
        t.keys("J")
        t.wait(f"raw: {len(typed)} bytes as they were typed")
        self.assertTrue(origin.done.wait(20))
        self.assertEqual(origin.heard, [typed] * 2)
        t.keys(":edit raw\r", "nothing was changed")       # it begins with what was typed
        self.assertEqual(self.was(), typed)


    def test_a_redacted_session_has_nothing_of_what_was_typed(self):
        typed = b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer hush-hush-4711\r\n\r\n"
        origin = Listening(len(typed))
        path = os.path.join(self.folder.name, "typed.soth")
        t = self.open(self.typing(typed), "-w", path)
        t.keys(f":compose raw http://127.0.0.1:{origin.port}/\r", "sent raw as flow 1")
        t.wait(" 200 ")
        t.end()
        with open(path, "rb") as f:
            self.assertEqual(f.read().count(b"hush-hush-4711"), 2)       # the head, and the bytes
        subprocess.run([peers.SOTH, "convert", "--redact", path, path + ".redacted.soth"], check=True, capture_output=True)
        with open(path + ".redacted.soth", "rb") as f:
            self.assertNotIn(b"hush-hush", f.read())


for name in [n for n in dir(Edit) if n.startswith("test_")]:
    setattr(Raw, name, None)
del Edit

if __name__ == "__main__":
    unittest.main(verbosity=2)
