"""What a person's own files hold on the screen: the history of questions, saved views, colours of flows."""
import os
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


class Kept(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args):
        args = args or ("-r", os.path.abspath("tests/screen/demo.soth"))
        t = term.Terminal("--confdir", self.folder.name, *args)
        self.terms.append(t)
        t.wait("soth")
        return t

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def put(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def colours(self, t, what):
        """Of the letters of the row with that text."""
        y = next((i for i, line in enumerate(t.screen.display) if what in line), None)
        return set() if y is None else {t.screen.buffer[y][x].fg for x in range(3, t.screen.columns) if t.screen.display[y][x] not in " ▂█"}

    def test_what_was_typed_is_there_the_next_time(self):
        t = self.open()
        t.keys("f~c 404\r", "1 of 9")
        t.keys(":sort -took\r", "by -took")
        self.assertEqual(t.end(), 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("history")).st_mode), 0o600)
        t = self.open()
        t.keys("f\x1b[A", "filter: ~c 404")
        t.keys("\r", "1 of 9")
        t.keys(":\x1b[A", ":sort -took")

    def test_a_view_is_saved_and_brought_back_the_next_time(self):
        self.put("views", "# mine\n2 wrong sort=nothing\n")
        t = self.open()
        t.wait("views:2:14: the list is not sorted by 'nothing'")
        t.keys(":filter ~m POST\r", "1 of 9")
        t.keys("!", "8 of 9")
        t.keys(":columns time path\r", lambda s: "METHOD" not in s)
        t.keys("\x13\x15" + "1 not posts\r", "1 brings this view back")
        self.assertEqual(t.end(), 0)
        with open(self.path("views")) as f:
            self.assertEqual(f.read(), "# mine\n2 wrong sort=nothing\n1 \"not posts\" columns=\"time path\" inverted filter=~m POST\n")
        t = self.open()
        t.keys("1", "[1 not posts] 8 of 9")
        t.wait(lambda s: "METHOD" not in s)
        t.keys("0", lambda s: "METHOD" in s and "Flows 9" in s)
        t.keys("V", "not posts")
        t.keys("\r", "[1 not posts] 8 of 9")

    def test_flows_have_the_colours_of_rules(self):
        self.put("colours", "magenta ~m POST\n#ff8700 ~bs user\nnothing ~m GET\n")
        t = self.open()
        t.wait("colours:3:1:")
        t.wait(lambda s: self.colours(t, "/json?page=4") == {"ff8700"} and self.colours(t, "/json/login") == {"magenta"})
        self.put("colours", "red ~c 404\n")
        t.keys(":colours\r", "1 rule of colour")
        t.wait(lambda s: self.colours(t, "/404") == {"red"})
        t.wait(lambda s: "red" not in self.colours(t, "/json/login"))

    def test_a_flow_that_comes_has_its_colour_when_its_answer_is_there(self):
        self.put("colours", "red ~c 200 & ~b .\n")
        t = self.open("-p", "0")
        address = t.wait("Listening on").split("Listening on ")[1].split(".  ")[0].split(" ")[0].rstrip(".")
        subprocess.run(["curl", "-s", "-x", address, f"http://127.0.0.1:{self.http}/echo"], capture_output=True, timeout=30)
        t.wait("Flows 1")
        t.wait(lambda s: self.colours(t, "/echo") == {"red"})


if __name__ == "__main__":
    unittest.main()
