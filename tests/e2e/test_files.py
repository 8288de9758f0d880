"""Sessions on the screen: opened from files of any format, several of them, into live traffic, and saved."""
import os
import re
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

DEMO = os.path.abspath("tests/screen/demo.soth")


def convert(*args):
    subprocess.run([peers.SOTH, "convert", *args], check=True, timeout=60)


def dumped(path):
    out = subprocess.run([peers.SOTH, "dump", "-r", path], capture_output=True, timeout=60)
    return out.stdout.decode().splitlines(), out.stderr.decode()


class Files(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args, **how):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args, **how)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+|\.soth", s))
        found = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text)
        t.address = found.group(1) if found else None
        return t

    def ask(self, t, path):
        subprocess.run(["curl", "-s", "-x", t.address, f"http://127.0.0.1:{self.http}{path}"], capture_output=True, timeout=30)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_any_format_is_opened_and_several_are_one_list(self):
        convert(DEMO, self.path("a.har"))
        convert("--filter", "~c 404", DEMO, self.path("b.mitm"))
        t = self.open("-r", self.path("a.har"))
        t.wait("Flows 9")
        t.keys("\r")
        t.wait("Overview")
        t = self.open("-r", self.path("a.har"), "-r", self.path("b.mitm"), "-r", DEMO)
        t.wait("Flows 19")
        t.keys(":filter ~c 404\r")
        t.wait("Flows 3 of 19")

    def test_what_cannot_be_opened_says_why(self):
        with open(self.path("no.har"), "w") as f:
            f.write('{"log": {"entries": [{"request": ')
        t = self.open("-r", self.path("no.har"), "-r", DEMO)
        t.wait("no.har:")
        t.wait("Flows 9")

    def test_a_file_comes_into_the_live_list(self):
        t = self.open()
        self.ask(t, "/one")
        t.wait("Flows 1")
        t.keys(f":open {DEMO}\r")
        t.wait("Flows 10")
        t.wait("demo.soth: 9 flows")
        self.ask(t, "/two")
        t.wait("Flows 11")
        t.keys(":save " + self.path("all.soth") + "\r")
        t.wait("the session goes on in")
        self.ask(t, "/three")
        t.wait("Flows 12")
        t.end()
        lines, err = dumped(self.path("all.soth"))
        self.assertEqual((len(lines), err), (12, ""))
        self.assertEqual(sum("/three" in line for line in lines), 1)

    def test_saving_what_is_recorded_takes_no_copy(self):
        t = self.open("-w", self.path("w.soth"))
        t.keys(":save " + self.path("other.soth") + "\r")
        t.wait("goes on in")
        self.assertTrue(os.path.samefile(self.path("w.soth"), self.path("other.soth")))

    def test_the_oldest_go_where_a_session_has_a_size(self):
        t = self.open("-w", self.path("limited.soth"), "--set", "session-size=1m")
        for n in range(12):
            self.ask(t, "/big")
            self.ask(t, f"/{n}")
        t.wait("gone: session-size 1")
        t.wait(lambda s: re.search(r" /11 .* 200 ", s) and "0 live" in s)
        t.keys("gg")
        t.keys(":save " + self.path("kept.soth") + "\r")
        kept = int(re.search(r"(\d+) flows?", t.wait("saved to")).group(1))
        for n in range(12):
            self.ask(t, "/big")
        t.end()
        self.assertLess(os.stat(self.path("limited.soth")).st_blocks * 512, 1.2 * 1024 * 1024)
        lines, err = dumped(self.path("limited.soth"))
        self.assertEqual((err, 1 <= len(lines) <= 5), ("", True), lines)
        lines, err = dumped(self.path("kept.soth"))
        self.assertEqual((len(lines), err), (kept, ""))
        convert(self.path("limited.soth"), self.path("whole.soth"))
        self.assertEqual(dumped(self.path("whole.soth")), dumped(self.path("limited.soth")))

    def test_what_is_recorded_is_compacted_as_it_is_now(self):
        t = self.open("-w", self.path("now.soth"))
        self.ask(t, "/one")
        t.wait("Flows 1")
        t.keys(":compact " + self.path("less.soth") + "\r")
        t.wait("saved to")
        self.ask(t, "/two")
        t.wait("Flows 2")
        lines, err = dumped(self.path("less.soth"))
        self.assertEqual((len(lines), err), (1, ""))
        t = self.open("-r", self.path("less.soth"))
        t.wait("/one")
        t.keys(":save " + self.path("again.soth") + "\r")
        t.wait("saved to")
        with open(self.path("less.soth"), "rb") as a, open(self.path("again.soth"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_what_is_looked_at_is_copied_whole_and_replaces_what_was_there(self):
        with open(self.path("copy.soth"), "w") as f:
            f.write("old")
        t = self.open("-r", DEMO)
        t.keys(":save " + self.path("copy.soth") + "\r")
        t.wait("saved to")
        with open(DEMO, "rb") as a, open(self.path("copy.soth"), "rb") as b:
            self.assertEqual(a.read(), b.read())
        t.keys(":save /nowhere/x.soth\r")
        t.wait("No such file")
        t.keys(f":open {DEMO}\r")
        t.wait("only looked at")

    def test_what_was_killed_is_offered_and_comes_back(self):
        t = self.open()
        self.ask(t, "/before")
        t.wait("Flows 1")
        with socket.create_connection(("127.0.0.1", int(t.address.split(":")[1])), 20) as s:
            s.sendall(f"GET http://127.0.0.1:{self.http}/slow HTTP/1.1\r\nHost: x\r\n".encode())
            s.sendall(b"Content-Length: 5\r\n\r\n")
            t.wait(lambda text: "Flows 2" in text and "1 live" in text)
            t.kill_only()
        t = self.open()
        t.wait("was not closed")
        t.keys(":recover\r")
        t.wait("/before")
        t.wait(": 2 flows")
        t.wait("0 live")
        self.assertEqual(t.end(), 0)
        t = self.open()
        t.keys(":recover\r")
        t.wait("was closed, or there is none")

    def test_a_full_disk_leaves_what_was_there(self):
        to = self.path("full.soth")
        with open(to, "w") as f:
            f.write("mine")
        t = self.open("-r", DEMO, limit=4096)
        t.keys(f":save {to}\r")
        t.wait("full.soth: ")
        with open(to) as f:
            self.assertEqual(f.read(), "mine")
        self.assertEqual([n for n in os.listdir(self.folder.name) if n.startswith("full")], ["full.soth"])


if __name__ == "__main__":
    unittest.main()
