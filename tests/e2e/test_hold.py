"""Messages that wait for a person: held by an expression, let go, broken off, said on the screen."""
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


class Hold(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text).group(1)
        return t

    def ask(self, t, path, *args):
        return subprocess.Popen(["curl", "-s", "-m", "60", "-x", t.address, *args, f"http://127.0.0.1:{self.http}{path}"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_what_is_held_waits_and_goes_on(self):
        t = self.open()
        t.keys("i~u held\r", "holding what it takes")
        free = self.ask(t, "/free").communicate()[0]
        self.assertIn(b"/free", free)
        one = self.ask(t, "/held")
        t.wait("1 held")
        self.assertIsNone(one.poll())
        t.keys("HA", lambda s: "1 held" in s and "Response held" in s)       # now its answer is
        self.assertIsNone(one.poll())
        t.keys("a", lambda s: "1 held" not in s)
        self.assertIn(b"/held", one.communicate()[0])
        t.keys("a", "not held")

    def test_a_held_flow_is_broken_off_and_its_client_may_leave(self):
        t = self.open("--set", "intercept=~q & ~u held")
        one = self.ask(t, "/held")
        t.wait("1 held")
        t.keys("HX", lambda s: "1 held" not in s)
        one.communicate()
        self.assertNotEqual(one.returncode, 0)
        two = self.ask(t, "/held")
        t.wait("1 held")
        two.kill()
        two.communicate()
        t.keys("H", "the client has left meanwhile")

    def test_it_is_broken_off_by_a_reset_or_an_alert(self):
        t = self.open("--set", "intercept=~q", "--set", "ssl-insecure=yes")
        host, port = t.address.split(":")
        with socket.create_connection((host, int(port)), 20) as s:
            s.sendall(f"GET http://127.0.0.1:{self.http}/x HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            t.wait("1 held")
            t.keys("H:kill reset\r")
            with self.assertRaises(ConnectionResetError):
                s.recv(1)
        t.wait(lambda text: "1 held" not in text)
        one = subprocess.Popen(["curl", "-sSk", "-m", "20", "-x", t.address, f"https://127.0.0.1:{self.https}/"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        t.wait("1 held")
        t.keys("H:kill alert 40\r")
        self.assertIn(b"alert", one.communicate()[0].lower())

    def test_only_the_next_is_held(self):
        t = self.open()
        t.keys(":hold_next\r", "the next request will be held")
        one = self.ask(t, "/one")
        t.wait("1 held")
        self.assertIn(b"/two", self.ask(t, "/two").communicate()[0])
        t.keys("A", lambda s: "1 held" not in s)
        self.assertIn(b"/one", one.communicate()[0])

    def test_it_can_be_turned_off_for_a_while(self):
        t = self.open("--set", "intercept=~q & ~u held", "--set", "intercept-active=no")
        self.assertIn(b"/held", self.ask(t, "/held").communicate()[0])
        t.keys("I", "holding again")
        one = self.ask(t, "/held")
        t.wait("1 held")
        t.keys("A")
        one.communicate()
        t.keys("I", "nothing is held for now")
        self.assertIn(b"/held", self.ask(t, "/held").communicate()[0])

    def test_an_expression_that_is_none_is_refused(self):
        r = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-p", "0", "--set", "intercept=~q ~nosuch"],
                           capture_output=True, timeout=20)
        self.assertNotEqual(r.returncode, 0)
        self.assertIn(b"intercept, byte", r.stderr)
        t = self.open()
        t.keys(":set intercept=(~q\r", "intercept, byte")
        t.keys("i~nosuch\r", "intercept, byte")

    def test_limits_let_go_and_say_so(self):
        t = self.open("--set", "intercept=~q & ~u held", "--set", "hold-count=1", "--set", "hold-age=1")
        one = self.ask(t, "/held/1")
        t.wait("1 held")
        self.assertIn(b"/held/2", self.ask(t, "/held/2").communicate()[0])
        self.assertIn(b"/held/1", one.communicate()[0])
        t.keys("g", "hold-age")
        t.keys("j", "hold-count")

    def test_a_thousand_are_let_go_at_once(self):
        t = self.open("--set", "intercept=~q", "--set", "hold-count=0")
        host, port = t.address.split(":")
        clients = []
        for i in range(1000):
            s = socket.create_connection((host, int(port)), 20)
            s.sendall(f"GET http://127.0.0.1:{self.http}/n{i} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            clients.append(s)
        t.wait(lambda s: re.search(r"1[ ,]?000 held", s))
        t.keys("A")
        answered = []

        def read(i, s):
            data = b""
            while more := s.recv(65536):
                data += more
            answered.append(f"/n{i}".encode() in data)
        threads = [threading.Thread(target=read, args=a) for a in enumerate(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(answered.count(True), 1000)
        for s in clients:
            s.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
