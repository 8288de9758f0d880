"""Connections that the kernel turns to soth: nftables' redirect, in a network of the test's own."""
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

V4, V6, PORT = "192.0.2.7", "2001:db8::7", 8080
INSIDE = "SOTH_TEST_NETWORK"
# As soth(1) has them, with the ports of this test: all that is not of soth's own user.
RULES = f"""
table inet soth {{
    chain output {{
        type nat hook output priority -100;
        meta skuid != {os.getuid()} tcp dport {{ 80, 443, 25 }} redirect to :{PORT}
    }}
}}
"""
READ_FIRST = """
import socket, sys
s = socket.create_connection((sys.argv[1], 25), 20)
greeting = s.recv(100)
s.sendall(b"QUIT\\r\\n")
print(greeting + s.recv(100))
"""


def missing():
    """Why it cannot be tested here; None: it can."""
    if os.getuid():
        return "only root may make a network of its own"
    for name in ("unshare", "ip", "nft"):
        if not shutil.which(name):
            return f"there is no {name}"
    ends = subprocess.run(["unshare", "-n", "nft", "-f", "-"], input=RULES, capture_output=True, text=True)
    return ends.stderr.strip().splitlines()[0] if ends.returncode else None


class V6Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


def greet(listener):
    while True:
        peer, _ = listener.accept()
        peer.sendall(b"220 first\r\n")
        peer.sendall(b"221 " + peer.recv(100))
        peer.close()


@unittest.skipUnless(os.environ.get(INSIDE), "not in a network of its own")
class Transparent(peers.Case):
    args = ("-m", f"transparent@{PORT}", "-m", f"transparent@[::1]:{PORT}")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for command in (["ip", "link", "set", "lo", "up"], ["ip", "address", "add", V4, "dev", "lo"],
                        ["ip", "-6", "address", "add", V6, "dev", "lo"]):
            subprocess.run(command, check=True)
        subprocess.run(["nft", "-f", "-"], input=RULES, text=True, check=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.cert, os.path.join(cls.folder.name, "origin.key"))
        for family, host in ((http.server.ThreadingHTTPServer, V4), (V6Server, V6)):
            for port in (80, 443):
                server = family((host, port), peers.Origin)
                server.daemon_threads = True
                if port == 443:
                    server.socket = context.wrap_socket(server.socket, server_side=True)
                threading.Thread(target=server.serve_forever, daemon=True).start()
        threading.Thread(target=greet, args=(socket.create_server((V4, 25)),), daemon=True).start()

    def setUp(self):
        os.chmod(self.folder.name, 0o755)
        super().setUp()

    def start(self, *args):
        s = super().start(*args)
        os.chmod(os.path.dirname(s.ca), 0o755)          # curl, as another user, reads the authority's certificate
        return s

    def other_user(self, *command):
        return subprocess.run(command, capture_output=True, text=True, timeout=30,
                              user="nobody", group="nogroup", extra_groups=[])

    def get(self, *how):
        out = self.other_user("curl", "-s", "-m", "20", "--noproxy", "*", "--cacert", self.soth.ca, *how)
        self.assertEqual(out.returncode, 0, out)
        return out.stdout

    def row(self, *names):
        row = self.soth.row()
        return tuple(row[n] for n in names)

    def test_http(self):
        self.assertEqual(self.get(f"http://{V4}/four"), "hello /four")
        self.assertEqual(self.row("scheme", "host", "port", "path", "status"), ("http", V4, 80, "/four", 200))

    def test_http_over_ipv6(self):
        self.assertEqual(self.get(f"http://[{V6}]/six"), "hello /six")
        self.assertEqual(self.row("scheme", "host", "port", "path", "status"), ("http", V6, 80, "/six", 200))
        self.soth.stop()
        out = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-r", self.soth.session],
                             capture_output=True, text=True, timeout=30)
        self.assertIn(f" http://[{V6}]/six ", out.stdout, out)

    def test_one_listener_for_both(self):
        self.soth.stop()
        self.soth = self.start("-m", f"transparent@[::]:{PORT}")
        for host, address in ((V4, V4), (V6, f"[{V6}]")):
            self.assertEqual(self.get(f"http://{address}/both"), "hello /both")
            self.assertEqual(self.row("host", "port", "status"), (host, 80, 200))

    def test_soth_answers_to_names_of_its_own(self):
        with open(self.soth.ca) as f:
            pem = f.read()
        for url, port in (("http://mitm.it/cert/pem", 80), ("https://soth.internal/cert/pem", 443)):
            name = url.split("/")[2]
            self.assertEqual(self.get("--resolve", f"{name}:{port}:{V4}", url), pem)
            self.assertEqual(self.row("host", "status", "onboarding", "close"), (name, 200, True, "mitm_http_completed"))

    def test_https_is_decrypted_and_goes_where_the_client_went(self):
        for address in (V4, f"[{V6}]"):
            self.assertEqual(self.get("--resolve", f"mirrored.test:443:{address}", "https://mirrored.test/tls"), "hello /tls")
            self.assertEqual(self.row("scheme", "host", "port", "path", "status"), ("https", "mirrored.test", 443, "/tls", 200))

    def test_a_server_that_cannot_be_verified_is_refused_but_with_k(self):
        how = ("--resolve", f"other.test:443:{V4}", "https://other.test/k")
        out = self.other_user("curl", "-s", "-m", "20", "--noproxy", "*", "--cacert", self.soth.ca, *how)
        self.assertNotIn("hello", out.stdout)
        self.soth.stop()
        self.soth = self.start("-k", *self.args)
        self.assertEqual(self.get(*how), "hello /k")

    def test_a_server_that_speaks_first(self):
        out = self.other_user("/usr/bin/python3", "-c", READ_FIRST, V4)
        self.assertEqual(out.stdout, "b'220 first\\r\\n221 QUIT\\r\\n'\n", out)
        self.assertEqual(self.row("scheme", "host", "port", "response_bytes", "close"), ("tcp", V4, 25, 21, "relay_eof"))

    def test_soths_own_user_is_not_turned(self):
        out = subprocess.run(["curl", "-s", "--noproxy", "*", f"http://{V4}/own"], capture_output=True, text=True, timeout=30)
        self.assertEqual(out.stdout, "hello /own")
        self.assertEqual(self.soth.stop()[1], "")

    def test_a_client_that_calls_soth_itself_is_told_so(self):
        for address in ("127.0.0.1", "[::1]"):
            out = self.other_user("curl", "-s", "-m", "20", "--noproxy", "*", f"http://{address}:{PORT}/direct")
            self.assertNotIn("hello", out.stdout)
            self.assertIn("the client called soth itself", self.soth.row()["trouble"])


if __name__ == "__main__":
    if not os.environ.get(INSIDE):
        why = missing()
        if why:
            print(f"skipped: {why}")
            sys.exit(0)
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])
    unittest.main()
