"""soth convert, and the filters of the command line, on a session that is in the tree."""
import base64
import gzip
import json
import os
import subprocess
import tempfile
import unittest

SOTH = os.environ.get("SOTH", "build/soth")
SHARED = "../shared/data"
DEMO = "tests/screen/demo.soth"


def soth(*args, **more):
    return subprocess.run([SOTH, *args], capture_output=True, timeout=60, **more)


def rows(path, *args):
    out = soth("dump", "--json", "-r", path, *args)
    return [json.loads(line) for line in out.stdout.splitlines()]


def exchange(row):
    """A connection without a request has a method in some formats."""
    names = ("method",) if row["status"] else ()
    return [row[name] for name in names + ("host", "path", "status", "request_bytes", "response_bytes")]


class Convert(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def fails(self, status, words, *args, **more):
        out = soth("convert", *args, **more)
        self.assertEqual(out.returncode, status, out.stderr)
        self.assertIn(words, out.stderr.decode())

    def test_a_session_is_the_same_behind_a_pipe(self):
        with open(DEMO, "rb") as f:
            demo = f.read()
        out = soth("convert", "--to", "session", "-", "-", input=demo)
        self.assertEqual((out.returncode, out.stdout), (0, demo))

    def test_a_filter_takes_some_of_it_and_they_are_numbered_anew(self):
        to = self.path("some.soth")
        self.assertEqual(soth("convert", "--filter", "~m POST | ~c 404", DEMO, to).returncode, 0)
        some = rows(to)
        self.assertEqual([(r["id"], r["status"]) for r in some], [(1, 404), (2, 200)])
        was = {r["path"]: r for r in rows(DEMO)}
        for r in some:
            self.assertEqual({**was[r["path"]], "id": r["id"]}, r)
        self.assertEqual(soth("dump", "-r", to).stderr, b"")

    def test_other_formats_come_back_the_same(self):
        for suffix in "har", "mitm":
            there, back = self.path("x." + suffix), self.path(suffix + ".soth")
            self.assertEqual(soth("convert", DEMO, there).returncode, 0)
            self.assertEqual(soth("convert", there, back).returncode, 0)
            self.assertEqual([exchange(r) for r in rows(back)], [exchange(r) for r in rows(DEMO)], suffix)

    @unittest.skipUnless(os.path.isdir(SHARED), "../shared/data is not here: files of browsers are not read")
    def test_what_browsers_wrote(self):
        for name, count in ("chrome", 3), ("firefox", 14), ("with-bom", 1):
            out = soth("convert", f"{SHARED}/har/{name}.har", self.path("x.soth"))
            self.assertEqual((out.returncode, out.stderr), (0, b""))
            self.assertEqual(len(rows(self.path("x.soth"))), count)

    def test_raw_is_what_the_sockets_said(self):
        out = soth("convert", "--to", "raw", "--filter", "~c 404", DEMO, "-").stdout
        self.assertTrue(out.startswith(b"GET http://127.0.0.1:9292/404 HTTP/1.1\r\n"), out)
        self.assertIn(b"\r\n\r\nHTTP/1.1 404 Not Found\r\n", out)
        self.assertTrue(out.endswith(b"\r\n\r\nnope"), out)

    def test_the_name_of_a_file_says_its_format_and_from_and_to_say_it_too(self):
        self.assertEqual(soth("convert", "--from", "session", "--to", "raw", DEMO, self.path("a.soth")).returncode, 0)
        with open(self.path("a.soth"), "rb") as f:
            self.assertTrue(f.read().startswith(b"GET "))
        self.fails(1, "not a soth session", "--from", "session", "README.md", self.path("b.soth"))
        self.fails(2, "no such format", "--to", "nosuch", DEMO, self.path("b"))
        self.fails(2, "--to does", DEMO, self.path("b"))
        self.fails(1, "in no format that soth reads", "Makefile", self.path("b.soth"))
        self.fails(1, "can be written, but not read", "--from", "raw", DEMO, self.path("b.soth"))
        self.fails(2, "usage", DEMO)
        self.assertEqual(os.listdir(self.folder.name), ["a.soth"])

    def test_dump_prints_what_can_be_read(self):
        for form in ("har", "mitm"):
            to = self.path("printed." + form)
            soth("convert", DEMO, to)
            self.assertEqual([exchange(r) for r in rows(to)], [exchange(r) for r in rows(DEMO)], form)
        with open(to, "rb") as f:
            out = soth("dump", "--json", "-r", "-", input=f.read())
        self.assertEqual(len(out.stdout.splitlines()), len(rows(to)))

    def test_what_is_damaged_is_read_as_far_as_it_goes(self):
        with open(DEMO, "rb") as f:
            cut = f.read()[:-100]
        out = soth("convert", "-", self.path("cut.soth"), input=cut)
        self.assertEqual(out.returncode, 3)
        self.assertIn(b"cut off", out.stderr)
        self.assertEqual(len(rows(self.path("cut.soth"))), len(rows(DEMO)))

    def test_a_file_that_cannot_be_written_stays_as_it_was(self):
        to = self.path("full.soth")
        with open(to, "w") as f:
            f.write("mine")
        out = subprocess.run(["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", SOTH, "convert", DEMO, to],
                             capture_output=True, timeout=60)
        self.assertEqual(out.returncode, 1, out.stderr)
        self.assertEqual(os.listdir(self.folder.name), ["full.soth"])
        with open(to) as f:
            self.assertEqual(f.read(), "mine")
        self.fails(1, "/nowhere/x.soth", DEMO, "/nowhere/x.soth")


SECRETS = ["hunter2", "K123456", "tok.en.value", "abc123secret", "topsecret"]


def har_of_secrets():
    body = base64.b64encode(gzip.compress(b'{"access_token": "abc123secret", "user": "ada"}')).decode()
    return {"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [{
        "startedDateTime": "2026-11-26T14:00:00.000Z", "time": 1, "timings": {"send": 0, "wait": 1, "receive": 0}, "cache": {},
        "request": {"method": "POST", "url": "https://example.com/login?api_key=K123456&page=2", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": "Host", "value": "example.com"},
                                {"name": "Authorization", "value": "Bearer tok.en.value"},
                                {"name": "Content-Type", "value": "application/x-www-form-urlencoded"},
                                {"name": "Content-Length", "value": "25"}],
                    "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "user=ada&password=hunter2"}},
        "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1",
                     "headers": [{"name": "Content-Type", "value": "application/json"},
                                 {"name": "Content-Encoding", "value": "gzip"},
                                 {"name": "Set-Cookie", "value": "sid=topsecret; Path=/"}],
                     "content": {"size": 40, "mimeType": "application/json", "text": body, "encoding": "base64"}}}] * 2}}


class Redaction(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.har = os.path.join(self.folder.name, "secrets.har")
        with open(self.har, "w") as f:
            json.dump(har_of_secrets(), f)

    def test_no_format_has_a_secret_and_the_rest_is_there(self):
        for to in "session", "har", "mitm", "raw", "curl", "markdown":
            out = soth("convert", "--redact", "--to", to, self.har, "-")
            self.assertEqual(out.returncode, 0, out.stderr)
            for secret in SECRETS:
                self.assertNotIn(secret.encode(), out.stdout, to)
            self.assertIn(b"[redacted:password:1]", out.stdout, to)
        plain = soth("convert", "--to", "raw", self.har, "-").stdout
        self.assertIn(b"hunter2", plain)

    def test_a_value_has_one_placeholder_and_lengths_are_right(self):
        out = soth("convert", "--redact", "--to", "raw", self.har, "-").stdout.decode()
        self.assertEqual(out.count("user=ada&password=[redacted:password:1]"), 2)
        self.assertEqual(out.count("Content-Length: 39"), 2)
        self.assertEqual(out.count('{"access_token": "[redacted:access_token:1]", "user": "ada"}'), 2)
        self.assertIn("/login?api_key=[redacted:apikey:1]&page=2", out)
        self.assertNotIn("Content-Encoding", out)

    def test_what_would_go_is_said_before_it_goes_and_the_names_can_be_chosen(self):
        out = soth("convert", "--redact", self.har)
        self.assertEqual(out.returncode, 0)
        told = {line.split()[0]: line.split()[1] for line in out.stdout.decode().splitlines()[1:]}
        self.assertEqual(told["password"], "2")
        for secret in SECRETS:
            self.assertNotIn(secret.encode(), out.stdout)
        self.assertEqual(os.listdir(self.folder.name), ["secrets.har"])
        out = soth("convert", "--redact", "--redact-fields", "user", "--to", "raw", self.har, "-").stdout
        self.assertIn(b"user=[redacted:user:1]&password=hunter2", out)


class Filters(unittest.TestCase):
    def test_dump_prints_what_an_expression_takes(self):
        self.assertEqual({r["status"] for r in rows(DEMO, "~c 404")}, {404})
        self.assertEqual(rows(DEMO, "--filter", "~c 404"), rows(DEMO, "~c 404"))
        self.assertEqual(len(rows(DEMO, "!~c 404")) + 1, len(rows(DEMO)))

    def test_what_is_wrong_has_a_caret_under_it(self):
        out = soth("dump", "-r", DEMO, "~m POST & ~nosuch")
        self.assertEqual(out.returncode, 2)
        lines = out.stderr.decode().split("\n")
        self.assertIn("no term", lines[0])
        self.assertEqual(lines[1][lines[2].index("^"):], "~nosuch")


if __name__ == "__main__":
    unittest.main()
