"""soth diff, on two HAR files that are made here: what it says, and how it ends."""
import json
import os
import pty
import subprocess
import tempfile
import unittest

SOTH = os.environ.get("SOTH", "build/soth")
DEMO = "tests/screen/demo.soth"
API = "https://api.example.com"


def entry(path, body=None, status=200, ms=10, kind="application/json", **fields):
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": kind, **fields}
    return {
        "startedDateTime": "2026-11-26T10:00:00.000Z", "time": ms, "cache": {},
        "request": {
            "method": "GET", "url": API + path, "httpVersion": "HTTP/1.1", "headers": [], "queryString": [],
            "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
            "headers": [{"name": n, "value": v} for n, v in headers.items()], "headersSize": -1, "bodySize": len(text),
            "content": {"size": len(text), "mimeType": kind, "text": text}},
        "timings": {"send": 0, "wait": ms, "receive": 0}}


def users(first, age, **fields):
    return [entry(f"/users/{first + i}?page={i}", {"users": [{"id": i, "age": age}]}, **fields) for i in range(3)]


WAS = [*users(1, 30), entry("/gone"), entry("/slow", ms=30), entry("/text", "a\nb\nc\n", kind="text/plain")]
IS = [*users(70, "30", Via="proxy"), entry("/new"), entry("/slow", ms=300), entry("/text", "a\nB\nc\n", 500, kind="text/plain")]


class Diff(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.was, self.now = self.har("was", WAS), self.har("is", IS)

    def har(self, name, entries):
        path = os.path.join(self.folder.name, name + ".har")
        with open(path, "w") as f:
            json.dump({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries}}, f)
        return path

    def diff(self, status, *args, **more):
        out = subprocess.run([SOTH, "diff", *args], capture_output=True, timeout=60, **more)
        self.assertEqual(out.returncode, status, out)
        return out.stdout.decode()

    def fails(self, words, *args):
        out = subprocess.run([SOTH, "diff", *args], capture_output=True, timeout=60)
        self.assertEqual((out.returncode, out.stdout), (2, b""))
        self.assertIn(words, out.stderr.decode())

    def test_two_sessions(self):
        self.assertEqual(self.diff(1, self.was, self.now), """\
GET api.example.com/text  1 -> 1 flows
  status   200 x1 -> 500 x1
- GET api.example.com/gone  1 -> 0 flows
  gone     200 x1
+ GET api.example.com/new  0 -> 1 flows
  new      200 x1
GET api.example.com/users/{n}?page  3 -> 3 flows
  schema   $.users[].age: number -> string
  headers  + via
GET api.example.com/slow  1 -> 1 flows
  slower   first byte: 30.0 ms -> 300.0 ms (10x)
  slower   total: 30.0 ms -> 300.0 ms (10x)

1 status, 1 gone, 1 new, 1 schema, 1 headers, 2 slower; 0 shapes the same; 6 and 6 flows
""")

    def test_the_same_is_no_difference(self):
        self.diff(0, self.was, self.was)
        self.diff(0, DEMO, DEMO)
        self.diff(0, f"{self.was}#1", f"{self.was}#1")

    def test_what_counts_and_which_flows_can_be_chosen(self):
        self.assertEqual(self.diff(1, "--only", "new", self.was, self.now).count("api.example.com"), 1)
        self.diff(0, "--only", "new,larger", "--filter", "~u slow", self.was, self.now)
        self.diff(1, "--only", "slower", self.was, self.now)
        self.diff(0, "--only", "slower", "--slower", "10.5x", self.was, self.now)
        self.diff(0, "--only", "slower", "--floor", "271ms", self.was, self.now)

    def test_a_session_and_a_har_of_it_are_the_same(self):
        session = os.path.join(self.folder.name, "was.soth")
        subprocess.run([SOTH, "convert", self.was, session], check=True, timeout=60)
        self.diff(0, session, self.was)
        with open(self.was, "rb") as f:
            self.diff(0, session, "-", input=f.read())

    def test_another_host_can_be_the_same(self):
        with open(self.was) as f:
            text = f.read().replace("api.example.com", "staging.example.com")
        staging = self.har("staging", json.loads(text)["log"]["entries"])
        self.assertIn("4 gone, 4 new", self.diff(1, self.was, staging).replace("  ", " "))
        self.diff(0, "--any-host", self.was, staging)

    def test_two_flows(self):
        self.assertEqual(self.diff(1, f"{self.was}#6", f"{self.now}#6"), """\
GET api.example.com/text
  status   status: 200 -> 500
  body     lines
           @@ -1,3 +1,3 @@
            a
           -b
           +B
            c

1 status, 1 body
""")
        self.assertIn("$.users[0].age: 30 -> \"30\"", self.diff(1, f"{self.was}#1", f"{self.now}#1"))
        self.assertIn("target: /users/1?page=0 -> /users/2?page=1", self.diff(1, f"{self.was}#1", f"{self.was}#2"))

    def test_json_for_programs(self):
        told = json.loads(self.diff(1, "--json", self.was, self.now))
        self.assertEqual((told["same"], told["flows"], told["found"]["slower"]), (False, [6, 6], 2))
        self.assertIn(
            {"kind": "schema", "side": "response", "status": "2xx", "where": "$.users[].age", "was": "number", "is": "string"},
            [c for g in told["groups"] for c in g["changes"]])
        self.assertEqual(json.loads(self.diff(0, "--json", self.was, self.was))["groups"], [])

    def test_colours_are_for_terminals(self):
        for no_color, coloured in ("", True), ("1", False):
            main, side = pty.openpty()
            subprocess.run(
                [SOTH, "diff", self.was, self.now], stdout=side, env={**os.environ, "NO_COLOR": no_color}, timeout=60)
            os.close(side)
            out = b""
            try:
                while more := os.read(main, 65536):
                    out += more
            except OSError:
                pass
            os.close(main)
            self.assertEqual(b"\x1b[32m" in out, coloured, out)
            self.assertIn(b"GET api.example.com/new", out)

    def test_trouble_is_said(self):
        self.fails("usage: soth diff", self.was)
        self.fails("No such file", self.was, self.was + "x")
        self.fails("there is no flow 7", self.was + "#7", self.now + "#1")
        self.fails("flows are numbered from 1", self.was + "#0", self.now + "#1")
        self.fails("a flow is compared with a flow", self.was + "#1", self.now)
        self.fails("'newer': no kind of difference", "--only", "new,newer", self.was, self.now)
        self.fails("--slower 1x: how many times as much", "--slower", "1x", self.was, self.now)
        self.fails("--floor 5s: milliseconds", "--floor", "5s", self.was, self.now)
        self.fails("and not both", "-", "-")
        self.fails("does not take flow 1", "--filter", "~c 404", self.was + "#1", self.now + "#1")

    def test_a_file_that_is_cut_is_trouble_though_the_rest_is_the_same(self):
        with open(DEMO, "rb") as f:
            demo = f.read()
        cut = os.path.join(self.folder.name, "cut.soth")
        with open(cut, "wb") as f:
            f.write(demo[:-10])
        out = subprocess.run([SOTH, "diff", "--only", "new", DEMO, cut], capture_output=True, timeout=60)
        self.assertEqual(out.returncode, 2, out)
        self.assertIn(cut, out.stderr.decode())

    def test_a_file_with_a_number_sign_in_its_name_is_that_file(self):
        odd = self.har("x", WAS)
        os.rename(odd, odd + "#1")
        self.diff(0, odd + "#1", self.was)


if __name__ == "__main__":
    unittest.main()
