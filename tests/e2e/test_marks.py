"""Marks, comments and selections of live traffic: kept in the session, and written into files."""
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


def dumped(path, *args):
    out = subprocess.run([peers.SOTH, "dump", "-r", path, *args], capture_output=True, timeout=60)
    return out.stdout.decode().splitlines(), out.stderr.decode()


class Marks(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+|\.soth", s))
        found = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text)
        t.address = found.group(1) if found else None
        return t

    def ask(self, t, path):
        subprocess.run(["curl", "-s", "-x", t.address, f"http://127.0.0.1:{self.http}{path}"], capture_output=True, timeout=30)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def three(self):
        t = self.open("-w", self.path("w.soth"))
        for n, path in enumerate(("/one", "/two", "/three")):
            self.ask(t, path)
            t.wait(f"Flows {n + 1}")
        return t

    def test_what_is_said_of_live_flows_is_there_the_next_time(self):
        t = self.three()
        t.keys("gjm")
        t.wait("marked 1 flow")
        t.keys(";look at this\r")
        t.wait("the comment is on 1 flow")
        t.keys(":filter ~comment look\r")
        t.wait("Flows 1 of 3")
        t.end()
        lines, err = dumped(self.path("w.soth"), "--filter", "~marked & ~comment look")
        self.assertEqual((len(lines), err), (1, ""))
        self.assertIn("/two", lines[0])

    def test_an_opened_session_is_written_on(self):
        self.three().end()
        t = self.open("-r", self.path("w.soth"))
        t.wait("Flows 3")
        t.keys("%:mark green\r")
        t.wait("marked 3 flows: green")
        t.end()
        lines, err = dumped(self.path("w.soth"), "--filter", "~marker green")
        self.assertEqual((len(lines), err), (3, ""))

    def test_where_it_cannot_be_written_that_is_said(self):
        other = self.three()
        t = self.open("-r", self.path("w.soth"))
        t.wait("Flows 3")
        t.keys("gm")
        t.wait("not in the file")
        t.wait("●")
        other.end()

    def test_those_that_are_selected_are_written_and_appended(self):
        t = self.three()
        t.keys("g,,")
        t.wait("2 selected")
        t.keys("E" + self.path("two.har") + "\r")
        t.wait("2 flows in " + self.path("two.har"))
        with open(self.path("two.har")) as f:
            self.assertEqual(len(json.load(f)["log"]["entries"]), 2)
        t.keys(":append " + self.path("kept.soth") + "\r")
        t.wait("2 flows in " + self.path("kept.soth"))
        t.keys("~:append " + self.path("kept.soth") + "\r")
        t.wait("1 flow behind those in")
        lines, err = dumped(self.path("kept.soth"))
        self.assertEqual((len(lines), err), (3, ""))
        self.assertIn("/three", lines[2])

    def test_the_file_that_is_recorded_is_not_replaced(self):
        t = self.three()
        t.keys("g,:save_flows " + self.path("w.soth") + "\r")
        t.wait("a session is being written to it")
        t.keys(":append " + self.path("w.soth") + "\r")
        t.wait("a session is being written to it")


if __name__ == "__main__":
    unittest.main()
