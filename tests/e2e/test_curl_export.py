"""Commands of curl and HTTPie, made of what soth recorded and run by shells, send the same again."""
import os
import shutil
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

# What a shell, printf, curl, HTTPie or a terminal would obey, were it not quoted.
HOSTILE = [b"'; touch canary; '", b"$(touch canary)", b"`touch canary`", b'"; touch canary; "', b"a\tb'$(touch canary)'", b"%s%n%d%%\\n\\0\\c%",
           b"\\", b"!!", b"it's !x 'and' !\"y", b"@/etc/passwd", b"=1", b"{a,b} [1-3] *?", b"| touch canary", b"\xe6\x97\xa5 'x'", b"$HOME ${IFS} $$",
           b"\xe2\x80\xaebidi", b"\xc2\x9b31m", b"a;b:c=d,e", b"# x", b"~root", b"\\x41\\u0041", b"\xc3\xa9\t)\"; touch canary; (\""]
NOT_UTF8 = [b"\xff\xfe\x80\x81\x82\x83\x84\x85\x86\x87\x88", b"\x80\t '; touch canary; '"]
BODIES = [b"a=b&c=d", b"@/etc/passwd", b"nul \0 1\0001 \0", b'{\n  "a": "it\'s 100% \\n !x $(touch canary)"\n}\n', b"\n\n", b"\\", b"%s%%", b"-n",
          bytes(range(256)), bytes(range(256)) * 9, b"'\n!!\n`touch canary`", os.urandom(50_000), b"x" * 100_000 + b"'"]


class Recorder:
    """An origin that keeps each request: start line, fields in order, body."""

    def __init__(self):
        self.requests = []
        self.port = peers.raw_server(self.talk)

    def talk(self, peer):
        with peer.makefile("rb") as f:
            while (line := f.readline()):
                fields = []
                while (field := f.readline()) not in (b"\r\n", b""):
                    name, value = field.rstrip(b"\r\n").split(b":", 1)
                    fields.append((name.lower(), value.strip(b" \t")))
                body = f.read(int(dict(fields).get(b"content-length", 0)))
                self.requests.append((line, sorted(x for x in fields if x[0] not in (b"connection", b"content-length")), body))
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Export(peers.Case):
    def setUp(self):
        super().setUp()
        self.origin = Recorder()
        self.scratch = os.path.join(self.folder.name, self.id())
        os.mkdir(self.scratch)

    def record(self, method, target, fields, body=b""):
        """Through soth to the origin, as raw bytes."""
        head = b"%s http://127.0.0.1:%d%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % (method, self.origin.port, target, self.origin.port)
        head += b"".join(b"%s: %s\r\n" % x for x in fields)
        if body:
            head += b"Content-Length: %d\r\n" % len(body)
        with self.soth.connect() as s:
            s.sendall(head + b"Connection: close\r\n\r\n" + body)
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass
        self.soth.row()

    def commands(self, to):
        self.soth.stop()
        out = subprocess.run([peers.SOTH, "convert", "--to", to, self.soth.session, "-"], capture_output=True)
        if b"convert" in out.stderr and not out.stdout:
            self.fail(out.stderr)
        return out.stdout

    def sends_the_same(self, script, shells, **environment):
        recorded, path = self.origin.requests[:], os.path.join(self.scratch, "script")
        with open(path, "wb") as f:
            f.write(script)
        self.assertTrue(recorded)
        for shell in shells:
            self.origin.requests.clear()
            out = subprocess.run(f"{shell} {path}", shell=True, cwd=self.scratch, capture_output=True, stdin=subprocess.DEVNULL,
                                 env={**os.environ, "HOME": self.scratch, "HISTFILE": "", "no_proxy": "*", **environment})
            self.assertEqual(len(self.origin.requests), len(recorded), (shell, out.stderr))
            for was, now in zip(recorded, self.origin.requests):
                self.assertEqual(now, was, shell)
            self.assertEqual(os.listdir(self.scratch), ["script"])
            self.assertEqual(out.returncode, 0, out.stderr)

    def test_curl_sends_what_was_recorded(self):
        common = [(b"User-Agent", b"me"), (b"Accept", b"*/*")]
        self.record(b"GET", b"/a?b=1&c=%41", common)
        self.record(b"GET", b"/", [])
        self.record(b"GET", b"/", [(b"User-Agent", HOSTILE[0])] + [(b"X-%d" % i, x) for i, x in enumerate(HOSTILE + NOT_UTF8)])
        self.record(b"PURGE", b"/'$(touch${IFS}canary)`x`/../[1-3]{a,b}", common)
        self.record(b"POST", b"/", [(b"Cookie", b"a=b; c='$(touch canary)'")], b"x")
        self.record(b"GET", b"/", [(b"Cookie", b"/etc/passwd"), (b"X-Empty", b""), (b"Authorization", b"Basic YTpi")])
        for body in BODIES:
            self.record(b"POST", b"/in", common, body)
        self.sends_the_same(self.commands("curl"), ["sh", "bash", "bash --norc -i <"])

    @unittest.skipUnless(shutil.which("http"), "HTTPie is not here")
    def test_httpie_sends_what_was_recorded(self):
        common = [(b"User-Agent", b"me"), (b"Accept", b"*/*"), (b"Accept-Encoding", b"br")]
        self.record(b"GET", b"/a?b=1", common)
        self.record(b"DELETE", b"/a/../b", common)
        self.record(b"GET", b"/", common + [(b"X-%d" % i, x) for i, x in enumerate(HOSTILE)])
        self.record(b"GET", b"/", common + [(b"Cookie", b"a=b; c='$(touch canary)'"), (b"X-Empty", b""), (b"-x", b"-y")])
        for body in BODIES[:8] + BODIES[8:9]:
            self.record(b"POST", b"/in", common + [(b"Content-Type", b"x/y")], body)
        self.sends_the_same(self.commands("httpie"), ["sh", "sh <"], HTTPIE_CONFIG_DIR="/nonexistent")


if __name__ == "__main__":
    unittest.main()
