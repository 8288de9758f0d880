"""The TLS view: what real peers do to handshakes, what is made of it, and what its keys do about it."""
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import pki
import term


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class TlsView(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expired = cls.certificate("expired", "DNS:localhost,IP:127.0.0.2", -1)
        cls.wrong = cls.certificate("wrong", "DNS:other.test,IP:192.0.2.1", 30)
        cls.alone = cls.certificate("alone", "IP:127.0.0.4", 30)
        cls.trusted = os.path.join(cls.folder.name, "trusted.pem")
        with open(cls.trusted, "w") as out:     # all but the last: what is wrong with those is not their authority
            for path in cls.cert, cls.expired, cls.wrong:
                with open(path) as one:
                    out.write(one.read())

    @classmethod
    def certificate(cls, name, names, days):
        """Self-signed, for so many days; key and certificate in one file."""
        path, request, ext = (os.path.join(cls.folder.name, name + end) for end in (".pem", ".csr", ".ext"))
        openssl("req", "-new", "-key", cls.key, "-subj", f"/CN={name}", "-out", request)
        with open(ext, "w") as f:
            f.write(f"subjectAltName={names}\nbasicConstraints=critical,CA:TRUE\n")
        openssl("x509", "-req", "-in", request, "-signkey", cls.key, "-days", str(days), "-extfile", ext, "-out", path)
        return path

    def setUp(self):
        super().setUp()
        self.terms = []
        self.addCleanup(lambda: [t.kill() for t in self.terms])

    def open(self, *args, **size):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", "--set", "ssl-verify-upstream-trusted-ca=" + self.trusted, *args, **size)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text).group(1)
        t.ca = os.path.join(self.folder.name, "soth-ca-cert.pem")
        return t

    def through(self, t, url, *args, ca=True):
        return subprocess.run(["curl", "-sS", "--suppress-connect-headers", "-m", "20", "--noproxy", "", "-x", t.address, *(["--cacert", t.ca] if ca else []), *args, url],
                              capture_output=True)

    def server(self, cert, host, how=lambda context: None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, self.key)
        how(context)
        server = peers.Server((host, 0), peers.Origin)
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    def test_curl_that_does_not_trust_soth_is_told_how(self):
        t = self.open()
        self.assertNotEqual(self.through(t, f"https://127.0.0.1:{self.https}/", ca=False).returncode, 0)
        t.wait("the client does not trust")
        text = t.keys("L", "soth's authority is not trusted")
        self.assertIn("alert 48, unknown_ca", text)
        self.assertRegex(text, rf"127\.0\.0\.1:{self.https}\s.*client\s+unknown_ca\s+untrusted")
        self.assertIn(f"CURL_CA_BUNDLE='{t.ca}'", t.keys("\t/CURL_CA\r", "CURL_CA_BUNDLE"))

    def test_one_host_alone_is_pinned(self):
        t = self.open()
        self.assertEqual(self.through(t, f"https://127.0.0.1:{self.https}/").returncode, 0)
        self.assertNotEqual(self.through(t, f"https://localhost:{self.https}/", ca=False).returncode, 0)
        t.wait("the client does not trust")
        t.keys("L", "its certificate is pinned")
        t.keys("\r", lambda s: "~tlsfail & ~side client" in s and "1 of 2" in s and "the client does not trust" in s)

    def test_one_program_has_a_trust_store_of_its_own(self):
        t = self.open()
        url = f"https://127.0.0.1:{self.https}/"
        self.assertEqual(self.through(t, url, "--interface", "127.0.0.5").returncode, 0)     # another, by its address too
        host, port = t.address.split(":")
        with socket.create_connection((host, int(port)), 20) as s:
            s.sendall(f"CONNECT 127.0.0.1:{self.https} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.assertIn(b"200", s.recv(4096))
            with self.assertRaises(ssl.SSLCertVerificationError):
                ssl.create_default_context().wrap_socket(s, server_hostname="127.0.0.1")
        t.wait("the client does not trust")
        t.keys("L", lambda s: "a trust store of its own" in s and re.search("got through to this very host", s))
        t.keys("\r", lambda s: "Flows 1 of" in s and "~process" in s)  # its own, and not the other program's

    def test_a_client_of_old(self):
        t = self.open()
        host, port = t.address.split(":")
        subprocess.run(["openssl", "s_client", "-proxy", t.address, "-connect", f"127.0.0.1:{self.https}", "-tls1",
                        "-cipher", "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        t.wait(" fail ")
        t.keys("L", "it speaks only old TLS")
        t.keys(":set tls-version-client-min=TLS1\r", "set tls-version-client-min")

    def test_a_client_that_hangs_up(self):
        t = self.open()
        host, port = t.address.split(":")
        hello = ssl.MemoryBIO()
        out = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(ssl.MemoryBIO(), hello, server_hostname="127.0.0.1")
        with self.assertRaises(ssl.SSLWantReadError):
            out.do_handshake()
        with socket.create_connection((host, int(port)), 20) as s:
            s.sendall(f"CONNECT 127.0.0.1:{self.https} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.assertIn(b"200", s.recv(4096))
            s.sendall(hello.read())
            self.assertTrue(s.recv(4096))
        t.wait(" fail ")
        t.keys("L", lambda text: "eof_or_reset" in text and "closed the connection" in text)

    def test_servers_whose_certificates_will_not_do(self):
        for cert, host, words, name, wrong in ((self.expired, "127.0.0.2", "has expired", "expired", "expired 1 day ago"),
                                               (self.wrong, "127.0.0.3", "for another name", "wrong name", "other.test, 192.0.2.1"),
                                               (self.alone, "127.0.0.4", "is self-signed", "self-signed", "signed by itself")):
            with self.subTest(name):
                t = self.open()
                port = self.server(cert, host)
                self.assertIn(b"502", self.through(t, f"https://{host}:{port}/", "-i").stdout[:20])
                t.wait("502")
                t.keys("L", lambda s: words in s and re.search(re.escape(f"{host}:{port}") + r"\s.*server\s.*" + name, s))
                t.keys("\t/SHA-256\r", lambda s: "SHA-256" in s and wrong in s and "✗" in s)
                t.keys("\tu", lambda s: "holds: u takes it back" in s)
                self.assertIn(b"hello /", self.through(t, f"https://{host}:{port}/").stdout)
                t.wait(lambda s: re.search(r"server .*1/2", s))
                t.keys("u", lambda s: "holds: u takes it back" not in s)
                self.assertIn(b"502", self.through(t, f"https://{host}:{port}/", "-i").stdout[:20])

    def test_a_server_that_speaks_no_tls(self):
        t = self.open()
        self.assertIn(b"502", self.through(t, f"https://127.0.0.1:{self.http}/", "-i").stdout[:20])
        t.wait("502")
        t.keys("L", "speaks no TLS")

    def test_a_host_is_passed_on_unread_for_a_while(self):
        t = self.open()
        url = f"https://127.0.0.1:{self.https}/"
        own = "--cacert", self.cert         # the server's own certificate, which soth does not show
        self.assertNotEqual(self.through(t, url, *own, ca=False).returncode, 0)
        t.wait(" fail ")
        t.keys("L", "t  pass this host on unread")
        t.keys("t", lambda s: re.search(r"holds, 1[45]:\d\d left: t takes it back", s) and re.search(r"✓ 127\.0\.0\.1:\d+ .* tunnel 1[45]:", s))
        self.assertIn(b"hello /", self.through(t, url, *own, ca=False).stdout)
        t.wait(lambda s: re.search(r"holds, 14:[0-4]\d left", s) or re.search(r"holds, 14:5[0-8] left", s))     # it counts
        t.keys("t", lambda s: "takes it back" not in s)
        self.assertNotEqual(self.through(t, url, *own, ca=False).returncode, 0)
        t.keys("T", "holds: T takes it back")
        self.assertIn(b"hello /", self.through(t, url, *own, ca=False).stdout)
        t.keys("T", lambda s: "takes it back" not in s)
        t.keys(":remedy block\r", "b takes it back")
        self.assertIn(b"403", self.through(t, url, "-v", *own, ca=False).stderr)

    def test_remedies_are_about_one_port(self):
        t = self.open()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        other = f"https://127.0.0.1:{peers.serve(context=context)}/"
        url, own = f"https://127.0.0.1:{self.https}/", ("--cacert", self.cert)
        self.assertNotEqual(self.through(t, url, *own, ca=False).returncode, 0)
        t.wait(" fail ")
        for key in "tT":
            t.keys("L" if key == "t" else "", "t  pass this host on unread")
            t.keys(key, f"{key} takes it back")
            self.assertIn(b"hello /", self.through(t, url, *own, ca=False).stdout)
            self.assertEqual(self.through(t, other).returncode, 0)      # with soth's certificate
            t.keys(key, lambda s: "takes it back" not in s)
        t.keys(f":set policy@127.0.0.1:{self.https}=block\r", "b takes it back")
        self.assertIn(b"403", self.through(t, url, "-v", *own, ca=False).stderr)
        self.assertEqual(self.through(t, other).returncode, 0)
        t.keys("b", lambda s: "takes it back" not in s)
        t.keys(":set policy@127.0.0.1=block\r", "b takes it back")
        self.assertIn(b"403", self.through(t, other, "-v").stderr)
        t.keys("b", lambda s: "takes it back" not in s)
        self.assertEqual(self.through(t, other).returncode, 0)

    def test_remedies_are_about_one_process_where_that_is_said(self):
        t = self.open(rows=44)
        url = f"https://127.0.0.1:{self.https}/"
        own = "--cacert", self.cert
        other = lambda: subprocess.run(["openssl", "s_client", "-proxy", t.address, "-connect", f"127.0.0.1:{self.https}", "-CAfile", t.ca,
                                        "-verify_return_error"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20).returncode
        self.assertNotEqual(self.through(t, url, *own, ca=False).returncode, 0)
        t.wait(" fail ")
        t.keys("L", "P  do it for curl alone: these keys are about all processes")
        t.keys("P", "these keys are about curl alone")
        t.keys("t", lambda s: re.search(r"holds, 1[45]:\d\d left: t takes it back", s) and re.search(r"✓ 127\.0\.0\.1:\d+ +curl .* tunnel 1[45]:", s))
        self.assertIn(b"hello /", self.through(t, url, *own, ca=False).stdout)
        self.assertEqual(other(), 0)        # which sees soth's certificate, and not the server's
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+ +openssl +client", s))
        self.assertIsNone(re.search(r"✓ 127\.0\.0\.1:\d+ +openssl", text))
        t.keys("t", lambda s: "takes it back" not in s)
        self.assertNotEqual(self.through(t, url, *own, ca=False).returncode, 0)
        t.keys("b", "holds: b takes it back")
        self.assertIn(b"403", self.through(t, url, "-v", *own, ca=False).stderr)
        self.assertEqual(other(), 0)
        t.keys("P", "holds for it alone: see P")
        t.keys("Pb", lambda s: "takes it back" not in s)
        self.assertNotIn(b"403", self.through(t, url, "-v", *own, ca=False).stderr)

    def test_a_host_is_read_whatever_a_list_says(self):
        t = self.open("--set", "learn-passthrough=no")
        url = f"https://127.0.0.1:{self.https}/"
        self.assertEqual(self.through(t, url).returncode, 0)
        t.keys("L", "All went well")
        t.keys(":set ignore-hosts=127.0.0.1\r", "set ignore-hosts")
        self.assertNotEqual(self.through(t, url).returncode, 0)      # it passes unread, and shows what soth's authority has not signed
        t.keys("i", "i takes it back")
        self.assertEqual(self.through(t, url).returncode, 0)
        t.keys("i", lambda s: "takes it back" not in s)
        self.assertNotEqual(self.through(t, url).returncode, 0)

    def refuses(self, name):
        def told(connection, asked, context):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if asked == name else None
        return told

    def test_servers_that_will_not_talk(self):
        def old(c):
            c.set_ciphers("ALL:@SECLEVEL=0")
            c.minimum_version, c.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

        def asks(c):
            c.verify_mode = ssl.CERT_REQUIRED
            c.load_verify_locations(self.cert)

        def unknown(c):
            c.sni_callback = self.refuses("localhost")

        for host, how, words in (("127.0.0.6", old, "speaks only old TLS"), ("127.0.0.7", asks, "wants a client's certificate"),
                                 ("localhost", unknown, "does not know the name")):
            with self.subTest(words):
                t = self.open("--set", "ssl-insecure=yes")
                port = self.server(self.cert, host if host[0].isdigit() else "127.0.0.1", how)
                self.through(t, f"https://{host}:{port}/")
                t.wait("⚠")
                t.keys("L", lambda s: words in s and re.search(re.escape(f"{host}:{port}") + r"\s.*server\s+(handshake|cert_validation)", s))

    def test_a_server_that_hangs_up_and_one_that_hangs(self):
        def hangs_up(peer):
            peer.recv(4096)

        def hangs(peer):
            peer.recv(4096)
            peer.recv(4096)

        for talk, words, reason in ((hangs_up, "broken off on the way", "eof_or_reset"), (hangs, "it took too long", "timeout")):
            with self.subTest(words):
                t = self.open("--set", "header-timeout=1")
                self.through(t, f"https://127.0.0.1:{peers.raw_server(talk)}/")
                t.wait("⚠")
                t.keys("L", lambda s: words in s and re.search(r"server\s+" + reason, s))

    def told(self, s):
        """What `soth tls` makes of the session: the likeliest explanation of each line, by host, client and side."""
        s.stop()
        out = subprocess.run([peers.SOTH, "tls", "--confdir", self.folder.name, s.session], capture_output=True, text=True, check=True).stdout
        found, line = {}, None
        for text in out.splitlines():
            if not text.startswith(" "):
                host, process, side, *_ = text.split(" ")
                line = found.setdefault((host.rsplit(":", 1)[0], side), [])
            elif re.match(r"  \S.*, (certain|likely|possible): ", text):
                line.append(text.strip().rsplit(", ", 1)[0] if ": " not in text else text.strip().split(": ")[0])
        return {of: lines[0] if lines else "" for of, lines in found.items()}

    def test_chains_without_an_end(self):
        """Without a screen: a company's authority, and a server that sends its own certificate alone."""
        top = pki.Authority(self.folder.name, "top")
        crt, key, both = top.sign("inside.example", "IP:127.0.0.11", "IP:127.0.0.12")
        chain = os.path.join(self.folder.name, "chain.pem")
        with open(chain, "w") as out:
            for path in crt, top.cert:
                with open(path) as one:
                    out.write(one.read())
        for host, cert in (("127.0.0.11", crt), ("127.0.0.12", chain)):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            server = peers.Server((host, 0), peers.Origin)
            server.daemon_threads = True
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.curl(f"https://{host}:{server.server_address[1]}/")
        told = self.told(self.soth)
        self.assertEqual(told["127.0.0.11", "server"], "the server's chain is incomplete, likely")
        self.assertEqual(told["127.0.0.12", "server"], "the server's authority is not known, likely")
        self.assertEqual(told["127.0.0.11", "client"], "")

    def test_two_ports_of_a_host_have_lines_of_their_own(self):
        t = self.open()
        well, ill = self.https, self.server(self.expired, "127.0.0.1")
        self.assertEqual(self.through(t, f"https://127.0.0.1:{well}/").returncode, 0)
        self.through(t, f"https://127.0.0.1:{ill}/")
        t.wait("⚠")
        t.keys("L", lambda s: re.search(rf"⚠ 127\.0\.0\.1:{ill} .*server .*wrong name|⚠ 127\.0\.0\.1:{ill} .*server .*expired", s) and
               re.search(rf"  127\.0\.0\.1:{well} .*server ", s) and "1 failing of" in s)
        t.keys("\r", lambda s: "Flows 1 of" in s)       # and not the flow to the other port

    def test_counts_by_reason_in_text_and_in_json(self):
        self.curl(f"https://127.0.0.1:{self.https}/")
        for _ in range(2):
            self.curl(f"https://127.0.0.1:{self.server(self.alone, '127.0.0.1')}/")
        self.assertNotEqual(subprocess.run(["curl", "-sS", "-m", "20", "--noproxy", "", "-x", f"127.0.0.1:{self.soth.port}",
                                            f"https://127.0.0.1:{self.https}/"], capture_output=True).returncode, 0)
        self.soth.stop()
        run = lambda *args: subprocess.run([peers.SOTH, "tls", "--confdir", self.folder.name, *args, self.soth.session],
                                           capture_output=True, text=True, check=True).stdout
        lines = [json.loads(line) for line in run("--json").splitlines()]
        ours = {(line["port"], line["side"]): line for line in lines}
        refused = ours[self.https, "client"]
        self.assertEqual(refused["total"]["by_reason"], {"unknown_ca": 1, "cert_validation": 0, "handshake": 0, "timeout": 0,
                                                         "eof_or_reset": 0, "other": 0})
        self.assertEqual(refused["total"], refused["rolling"])
        self.assertEqual((refused["total"]["successes"], refused["rolling_seconds"], refused["reason"]), (1, 300, "unknown_ca"))
        self.assertTrue(refused["explanations"][0]["title"])
        self.assertEqual(ours[self.https, "server"]["total"]["by_reason"]["unknown_ca"], 0)
        self.assertIn("  reasons: unknown_ca 1; in the last 5 minutes: unknown_ca 1\n", run())

    def test_what_is_no_session_has_a_reason(self):
        for args, says in ((["tls"], "usage"), (["tls", "/nowhere/x.soth"], "/nowhere/x.soth")):
            out = subprocess.run([peers.SOTH, *args], capture_output=True, text=True)
            self.assertNotEqual(out.returncode, 0)
            self.assertIn(says, out.stderr)

    def test_http_1_for_one_host(self):
        t = self.open()
        self.assertEqual(self.through(t, f"https://127.0.0.1:{self.https}/").returncode, 0)
        t.keys("L", "TLS1.3")
        t.keys("p", "speak HTTP/1.1 with this host")
        t.keys("S", "127.0.0.1")
        t.keys("qp", "no longer")

    def test_without_a_handshake_it_says_so(self):
        t = self.open()
        t.keys("L", "There was no handshake of TLS yet")
        t.keys("u", "no line of TLS is looked at")


if __name__ == "__main__":
    unittest.main()
