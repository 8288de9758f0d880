"""soth's own pages, by which clients are given its certificate; each form of it read by OpenSSL."""
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, capture_output=True, timeout=20, check=True).stdout.decode()


def fingerprint(data, *args):
    return openssl("x509", "-noout", "-fingerprint", "-sha256", *args, data=data)


class Pages(peers.Case):
    def pem(self, s=None):
        with open((s or self.soth).ca, "rb") as f:
            return f.read()

    def page(self, url, *args, soth=None):
        """Status, fields, body."""
        head, _, body = self.curl("-i", *args, url, soth=soth).stdout.partition(b"\r\n\r\n")
        while b" 200 Connection established" in head:
            head, _, body = body.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}, body

    def test_each_form_is_the_certificate(self):
        wanted = fingerprint(self.pem())
        status, fields, pem = self.page("http://soth.internal/cert/pem")
        self.assertEqual((status, fields["content-type"]), (200, "application/x-x509-ca-cert"))
        self.assertEqual(fields["content-disposition"], 'attachment; filename="soth-ca-cert.pem"')
        self.assertEqual(fingerprint(pem), wanted)
        _, fields, cer = self.page("http://soth.internal/cert/cer")
        self.assertEqual(fields["content-disposition"], 'attachment; filename="soth-ca-cert.cer"')
        self.assertEqual(fingerprint(cer, "-inform", "der"), wanted)
        _, fields, p12 = self.page("http://soth.internal/cert/p12")
        self.assertEqual(fields["content-type"], "application/x-pkcs12")
        out = openssl("pkcs12", "-passin", "pass:", "-nokeys", data=p12).encode()
        self.assertEqual(fingerprint(out), wanted)
        self.assertNotIn("PRIVATE KEY", openssl("pkcs12", "-passin", "pass:", "-nodes", data=p12))
        _, fields, android = self.page("http://soth.internal/cert/android")
        name = openssl("x509", "-noout", "-subject_hash_old", data=pem).strip() + ".0"
        self.assertEqual(fields["content-disposition"], f'attachment; filename="{name}"')
        self.assertEqual(fingerprint(android), wanted)
        self.assertIn(f"adb push {name} ", self.page("http://soth.internal/")[2].decode())

    def test_browsers_get_a_page_and_terminals_a_text(self):
        status, fields, text = self.page("http://mitm.it/")
        self.assertEqual((status, fields["content-type"]), (200, "text/plain; charset=utf-8"))
        self.assertIn("update-ca-certificates", text.decode())
        self.assertNotIn("<", text.decode())
        status, fields, html = self.page("http://mitm.it/", "-H", "Accept: text/html,*/*;q=0.8")
        self.assertEqual((status, fields["content-type"]), (200, "text/html; charset=utf-8"))
        for path in re.findall(r'href="([^"]*)"', html.decode()):
            self.assertEqual(self.page("http://mitm.it" + path)[0], 200, path)
        self.assertIn("/cert/p12", html.decode())
        self.assertNotIn("<script", html.decode())
        for system in ("Windows", "macOS", "iOS", "Android", "Debian", "Fedora", "Arch", "Firefox", "Chromium", "Java",
                       "Python", "Node.js", "Docker"):
            self.assertIn(system, html.decode())
            self.assertIn(system, text.decode())

    def test_there_is_nothing_else(self):
        self.assertEqual(self.page("http://soth.internal/cert/")[0], 404)
        self.assertEqual(self.page("http://soth.internal/cert/pem/x")[0], 404)
        self.assertEqual(self.page("http://soth.internal/cert/key")[0], 404)
        status, fields, _ = self.page("http://soth.internal/", "-d", "x=1")
        self.assertEqual((status, fields["allow"]), (405, "GET, HEAD"))
        head = self.curl("-I", "http://soth.internal/cert/cer").stdout.decode()
        self.assertIn("content-length: " + str(len(self.page("http://soth.internal/cert/cer")[2])), head.lower())

    def test_whatever_way_it_is_asked(self):
        s = self.start("-m", "regular", "-m", "socks5@0", "-m", f"reverse:http://127.0.0.1:{self.http}@0",
                       "-m", f"upstream:http://127.0.0.1:{peers.free_port()}@0")
        at = {}
        for _ in range(3):
            mode, address = re.match(r"soth: ([a-z0-9]+)\S* on (\S+)", s.p.stderr.readline().decode()).groups()
            at[mode] = address
        with open(s.ca) as f:
            pem = f.read()

        def ask(*args):
            out = subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "--cacert", s.ca, *args],
                                 capture_output=True, timeout=30).stdout.decode()
            return out, s.row()
        for args in (["-x", s.address, "http://soth.internal/cert/pem"],
                     ["-x", s.address, "-p", "http://mitm.it/cert/pem"],
                     ["-x", s.address, "https://soth.internal/cert/pem"],
                     ["--socks5-hostname", at["socks5"], "http://mitm.it/cert/pem"],
                     ["--socks5-hostname", at["socks5"], "https://mitm.it/cert/pem"],
                     ["-x", at["upstream"], "http://soth.internal/cert/pem"],
                     ["-x", at["upstream"], "https://soth.internal/cert/pem"],
                     ["-H", "Host: soth.internal", f"http://{at['reverse']}/cert/pem"],
                     [f"http://{s.address}/cert/pem"],
                     [f"https://{s.address}/cert/pem"]):
            out, row = ask(*args)
            self.assertEqual(out, pem, args)
            self.assertEqual((row["status"], row["onboarding"], row["close"]), (200, True, "mitm_http_completed"), row)
        out, row = ask(f"http://{at['reverse']}/cert/pem")
        self.assertEqual((out, row["onboarding"]), ("hello /cert/pem", False))

    def test_who_takes_the_proxy_for_a_site_is_told_how_to_use_it(self):
        def ask(*args):
            return subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "*", f"http://{self.soth.address}/", *args],
                                  capture_output=True, timeout=30).stdout.decode()
        self.assertIn(f"export http_proxy=http://{self.soth.address} ", ask())
        self.assertIn("http://192.0.2.7:8080", ask("-H", "Host: 192.0.2.7:8080"))
        html = ask("-H", "Accept: text/html", "-H", "Host: a\"<b>:80")
        self.assertNotIn("<b>:80", html)
        self.assertNotIn('a"<', html)

    def test_it_can_be_switched_off_and_named_otherwise(self):
        off = self.start("--no-onboarding")
        direct = off.ask(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertTrue(direct.startswith(b"HTTP/1.1 400 "), direct)
        self.assertFalse(off.row()["onboarding"])
        self.assertEqual(self.page("http://soth.internal/", soth=off)[0], 502)      # such a host there is not
        self.assertIn("soth.internal", off.row()["trouble"])
        named = self.start("--onboarding-host", "127.0.0.1,proxy.test")
        self.assertEqual(self.page("http://proxy.test/", soth=named)[0], 200)
        self.assertTrue(named.row()["onboarding"])
        self.assertEqual(self.page(f"http://127.0.0.1:{self.http}/", soth=named)[0], 200)
        self.assertTrue(named.row()["onboarding"])
        self.assertEqual(self.page(f"http://127.0.0.2:{self.http}/", soth=named)[0], 502)
        self.assertFalse(named.row()["onboarding"])

    def test_the_list_says_who_answered(self):
        t = term.Terminal("--confdir", os.path.join(self.folder.name, "t"), "-p", "0")
        self.addCleanup(t.kill)
        address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", t.wait(lambda s: re.search(r"soth\s+127\.0\.0\.1:\d+", s) and s)).group(1)
        subprocess.run(["curl", "-s", "-x", address, "http://soth.internal/"], capture_output=True, timeout=20)
        t.wait("soth itself answered: no server was asked")
        self.assertIn("⌂", t.text())

    @unittest.skipUnless(shutil.which("zbarimg"), "there is no zbarimg")
    def test_a_qr_code_is_read_back(self):
        def read(text):
            """What zbarimg makes of the half blocks, as a picture."""
            rows = [line.strip("\n") for line in text.splitlines() if set(line.strip()) <= set("█▀▄ ") and len(line) > 20]
            width = max(map(len, rows))
            light = [[c in lit for c in row.ljust(width)] for row in rows for lit in ("█▀", "█▄")]
            pixels = b"".join(bytes(255 * p for p in row for _ in range(6)) * 6 for row in light)
            path = os.path.join(self.folder.name, "qr.pgm")
            with open(path, "wb") as f:
                f.write(b"P5 %d %d 255\n" % (width * 6, len(light) * 6) + pixels)
            return subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, timeout=20).stdout.decode().strip()
        ca = ["ca", "--qr", "--confdir", os.path.join(self.folder.name, "qr")]
        out = subprocess.run([peers.SOTH, *ca, "-l", "192.0.2.7:8123"], capture_output=True, timeout=20).stdout.decode()
        self.assertEqual(read(out), "http://192.0.2.7:8123/")
        out = subprocess.run([peers.SOTH, *ca], capture_output=True, timeout=20).stdout.decode()
        self.assertEqual(read(out), "http://soth.internal/")
        self.assertIn("from this machine alone", out)
        for listen in ("127.0.0.1:0", "0.0.0.0:0"):
            t = term.Terminal("--confdir", os.path.join(self.folder.name, "qr"), "-l", listen)
            self.addCleanup(t.kill)
            port = t.wait(lambda s: re.search(r"soth\s+[0-9.]+:(\d+)", s) and s)
            port = re.search(r"soth\s+[0-9.]+:(\d+)", port).group(1)
            t.keys(":qr\r")
            t.wait("http://")
            shown = read("\n".join(line[1:] for line in t.text().splitlines()))
            if listen.startswith("127"):
                self.assertEqual(shown, "http://soth.internal/")
                self.assertIn("from this machine alone", t.text())
            else:
                self.assertRegex(shown, rf"^http://\S+:{port}/$")
                self.assertNotIn("127.0.0.1", shown)


if __name__ == "__main__":
    unittest.main()
