"""Ways to come in and ways to go out: SOCKS5, parent proxies, bytes; and who may."""
import os
import socket
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers


def read_until(s, end):
    seen = b""
    while end not in seen:
        more = s.recv(65536)
        if not more:
            break
        seen += more
    return seen


def echo(peer):
    while (data := peer.recv(65536)):
        peer.sendall(data.upper())


def greeter(peer):
    """As SMTP or SSH: the server has the first word."""
    peer.sendall(b"220 ready\r\n")
    echo(peer)


def url(port, tls=False, path="/"):
    return f"https://localhost:{port}{path}" if tls else f"http://127.0.0.1:{port}{path}"


class Socks(peers.Case):
    args = ("-m", "socks5")

    def socks(self, *args, soth=None, user=""):
        s = soth or self.soth
        return subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", f"socks5h://{user}{s.address}",
                               "--cacert", s.ca, *args], capture_output=True)

    def test_http_and_https_by_name_and_by_address(self):
        for tls in (False, True):
            port = self.https if tls else self.http
            for host in ("localhost", "127.0.0.1"):
                out = self.socks(f"http{'s' * tls}://{host}:{port}/s")
                self.assertEqual(out.stdout, b"hello /s")
                row = self.soth.row()
                self.assertEqual((row["scheme"], row["host"], row["port"], row["status"], row["path"]),
                                 ("https" if tls else "http", host, port, 200, "/s"))

    def test_ipv6_literals(self):
        class Six(peers.http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
        server = Six(("::1", 0), peers.Origin)
        peers.threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.assertEqual(self.socks(f"http://[::1]:{server.server_address[1]}/6").stdout, b"hello /6")
        self.assertEqual(self.soth.row()["host"], "::1")

    def test_what_speaks_no_socks_is_let_go_and_a_row_says_why(self):
        self.soth.ask(b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n")
        row = self.soth.row()
        self.assertEqual(row["close"], "connect_parse_failed")
        self.assertIn("RFC 1928", row["trouble"])

    def test_a_server_that_cannot_be_had_is_a_socks_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.assertEqual(self.socks(f"http://127.0.0.1:{port}/").returncode, 97)
        self.assertEqual(self.soth.row()["close"], "upstream_connect_failed")

    def test_only_who_knows_the_password_comes_in(self):
        s = self.start("-m", "socks5", "--set", "proxyauth=me:secret")
        self.assertEqual(self.socks(url(self.http), soth=s, user="me:secret@").stdout, b"hello /")
        self.assertEqual(s.row()["status"], 200)
        for user in ("me:wrong@", "", "you:secret@"):
            self.assertEqual(self.socks(url(self.http), soth=s, user=user).returncode, 97)
            row = s.row()
            self.assertEqual(row["close"], "connect_parse_failed")
            self.assertIn("RFC 192", row["trouble"])


class OnePort(peers.Case):
    def test_first_bytes_tell_socks_http_connect_and_tls_apart(self):
        plain, tls = url(self.http), url(self.https, True)
        self.assertEqual(self.curl(plain).stdout, b"hello /")
        self.assertEqual(self.curl(tls).stdout, b"hello /")
        self.assertEqual(self.curl("-p", plain).stdout, b"hello /")
        for target in (plain, tls):
            self.assertEqual(self.curl("-x", f"socks5h://{self.soth.address}", target).stdout, b"hello /")
        self.assertEqual(self.curl("-x", f"https://localhost:{self.soth.port}", "--proxy-cacert", self.soth.ca,
                                   plain).stdout, b"hello /")
        self.assertEqual(self.curl("-x", f"https://localhost:{self.soth.port}", "--proxy-cacert", self.soth.ca,
                                   tls).stdout, b"hello /")
        rows = [self.soth.row() for _ in range(7)]
        self.assertEqual([r["scheme"] for r in rows], ["http", "https", "http", "http", "https", "http", "https"])
        self.assertEqual([r["status"] for r in rows], [200] * 7)

    def test_proxyauth_of_http_is_407_with_a_challenge(self):
        s = self.start("--set", "proxyauth=me:secret")
        for target in (url(self.http), url(self.https, True)):
            out = self.curl("-i", target, soth=s)
            self.assertIn(b"407", out.stdout.splitlines()[0])
            self.assertIn(b"proxy-authenticate: basic", out.stdout.lower())
            self.assertEqual(s.row()["status"], 407)
            self.assertIn(b" 407 ", self.curl("-i", "-U", "me:wrong", target, soth=s).stdout.splitlines()[0] + b" ")
            self.assertEqual(s.row()["status"], 407)
            self.assertEqual(self.curl("-U", "me:secret", target, soth=s).stdout, b"hello /")
            self.assertEqual(s.row()["status"], 200)

    def test_a_servers_first_word_comes_through_connect(self):
        port = peers.raw_server(greeter)
        with self.soth.connect() as c:
            c.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.assertTrue(read_until(c, b"220 ready\r\n").startswith(b"HTTP/1.1 200 "))
            c.sendall(b"helo me")
            self.assertEqual(read_until(c, b"HELO ME"), b"HELO ME")
        row = self.soth.row()
        self.assertEqual((row["scheme"], row["protocol"], row["close"]), ("tcp", "tcp", "relay_eof"))
        self.assertEqual((row["request_bytes"], row["response_bytes"]), (7, 18))

    def test_settings_that_a_server_says_first_are_http_2_all_the_same(self):
        said = peers.threading.Event()

        def talk(p):
            said.set()          # SETTINGS went out before
            p.answer(p.next_request(), b"of a stream")
            p.until_gone()
        port = h2peer.serve(talk)
        c = self.soth.connect()
        self.addCleanup(c.close)
        c.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.assertEqual(read_until(c, b"\r\n\r\n"), b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.assertTrue(said.wait(20))
        self.assertEqual(h2peer.Peer(c, True).get().data, b"of a stream")
        self.assertEqual(self.soth.row()["request_version"], "HTTP/2")

    def test_half_of_a_tunnel_may_end_before_the_other(self):
        def count(peer):
            n = 0
            while (more := peer.recv(65536)):
                n += len(more)
            peer.sendall(b"%d" % n)
        port = peers.raw_server(count)
        with self.soth.connect() as c:
            c.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            read_until(c, b"\r\n\r\n")
            c.sendall(b"\0" * 100_000)
            c.shutdown(socket.SHUT_WR)
            self.assertEqual(read_until(c, b"100000"), b"100000")


class Reverse(peers.Case):
    def test_reverse_tcp_passes_bytes_and_a_servers_first_word(self):
        for talk, first in ((greeter, b"220 ready\r\n"), (echo, b"")):
            s = self.start("-m", f"reverse:tcp://127.0.0.1:{peers.raw_server(talk)}")
            with s.connect() as c:
                if first:
                    self.assertEqual(read_until(c, first), first)
                c.sendall(b"get / http")
                self.assertEqual(read_until(c, b"GET / HTTP"), b"GET / HTTP")
            row = s.row()
            self.assertEqual((row["scheme"], row["response_bytes"]), ("tcp", 10 + len(first)))

    def test_reverse_tls_is_bytes_over_tls_to_the_server(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, os.path.join(self.folder.name, "origin.key"))

        def talk(peer):
            with context.wrap_socket(peer, server_side=True) as inner:
                echo(inner)
        port = peers.raw_server(talk)
        s = self.start("-m", f"reverse:tls://localhost:{port}")
        ours = ssl.create_default_context(cafile=s.ca)
        with s.connect() as c:          # what comes in clear goes on by TLS
            c.sendall(b"in clear")
            self.assertEqual(read_until(c, b"IN CLEAR"), b"IN CLEAR")
        self.assertEqual(s.row()["response_bytes"], 8)
        with ours.wrap_socket(s.connect(), server_hostname="localhost") as c:
            c.sendall(b"in tls")
            self.assertEqual(read_until(c, b"IN TLS"), b"IN TLS")
        self.assertEqual(s.row()["response_bytes"], 6)


class Upstream(peers.Case):
    """Another soth is the parent."""
    def through(self, scheme, *args, parent=()):
        up = self.start("-m", "socks5" if scheme == "socks5" else "regular", *parent)
        host = "localhost" if scheme == "https" else "127.0.0.1"
        # The parent looks inside too: its authority is not one that soth knows.
        return up, self.start("-m", f"upstream:{scheme}://{host}:{up.port}", "-k", *args)

    def fetch(self, s, tls):
        return self.curl("-i", url(self.https if tls else self.http, tls), soth=s).stdout

    def test_plain_and_tls_by_way_of_each_kind_of_parent(self):
        for scheme in ("http", "https", "socks5"):
            for auth in (False, True):
                up, s = self.through(scheme, *(["--set", "upstream-auth=me:secret"] if auth else []),
                                     parent=["--set", "proxyauth=me:secret"] if auth else [])
                for tls in (False, True):
                    out = self.fetch(s, tls)
                    self.assertTrue(out.endswith(b"hello /"), (scheme, auth, tls, out))
                    for each in (s, up):
                        row = each.row()
                        self.assertEqual((row["scheme"], row["status"], row["port"]),
                                         ("https" if tls else "http", 200, self.https if tls else self.http))

    def test_a_parent_that_refuses_is_named_with_its_answer(self):
        for scheme, words in (("http", "407"), ("https", "407"), ("socks5", "refused user and password")):
            up, s = self.through(scheme, "--set", "upstream-auth=me:wrong",
                                 parent=["--set", "proxyauth=me:secret"])
            for tls in (False, True):
                out = self.fetch(s, tls)
                row = s.row()
                if scheme != "socks5" and not tls:      # asked as it is: the parent's answer is the answer
                    self.assertEqual(row["status"], 407)
                    continue
                self.assertIn(b"502", out)
                self.assertEqual(row["status"], 502)
                self.assertIn(words, row["trouble"])
                self.assertIn(f":{up.port}", row["trouble"])
                self.assertIn("upstream-auth", row["trouble"])

    def test_a_parent_that_is_not_there_is_502(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        for scheme in ("http", "https", "socks5"):
            s = self.start("-m", f"upstream:{scheme}://127.0.0.1:{port}")
            self.assertIn(b"502", self.curl("-i", url(self.http), soth=s).stdout)
            self.assertEqual(s.row()["close"], "upstream_connect_failed")


class Unknown(unittest.TestCase):
    def test_what_a_mode_may_be_is_said(self):
        for mode, words in (("sideways", "regular, socks5, reverse, upstream, transparent"),
                            ("reverse:gopher://x", "http, https, h2c, tcp, tls"),
                            ("upstream:tcp://x:1", "http, https, socks5"),
                            ("reverse:tcp://x", "tcp needs a port")):
            out = subprocess.run([peers.SOTH, "dump", "-m", mode], capture_output=True, text=True, timeout=20)
            self.assertNotEqual(out.returncode, 0)
            self.assertIn(words, out.stderr)


if __name__ == "__main__":
    unittest.main()
