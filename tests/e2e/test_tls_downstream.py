"""Every way in which TLS with a client can fail, each with a real one: the reason, who said so, and how sure that is."""
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

NODE = """const s = require("net").connect({door}, "127.0.0.1", () => require("tls").connect({{socket: s, servername: "localhost"{more}}})
.on("error", () => process.exit(1)))"""
JAVA = """public class Call {{ public static void main(String[] a) throws Exception {{
    new java.net.URL("https://localhost:{door}/").openStream().read(); }} }}"""


GO = """package main
import "net/http"
func main() {{ http.Get("https://localhost:{door}/") }}
"""


def hello(maximum=ssl.TLSVersion.TLSv1_3):
    """The first bytes of a client that OpenSSL speaks for."""
    context = ssl.create_default_context()
    context.maximum_version = maximum
    going = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), going, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        return going.read()


def alert(number, level=2):
    return bytes([21, 3, 3, 0, 2, level, number])


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hears(peer):
    """Until there is no more."""
    try:
        while peer.recv(65536):
            pass
    except OSError:
        pass


def says(*said, then=hears):
    """A client that says these, the second when it was answered."""
    def talk(peer):
        for i, data in enumerate(said):
            if i:
                peer.recv(65536)
            peer.sendall(data)
        then(peer)
    return talk


def python(**more):
    def talk(peer):
        context = ssl.create_default_context()
        for name, value in more.items():
            setattr(context, name, value)
        try:
            context.wrap_socket(peer, server_hostname="localhost").recv(1)
        except OSError:
            pass
    return talk


def pinned(peer):
    """Looks at the certificate, and goes."""
    context = ssl._create_unverified_context()
    with context.wrap_socket(peer, server_hostname="localhost") as s:
        assert s.getpeercert(True)


class Downstream(peers.Case):
    def setUp(self):
        super().setUp()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        self.context = context

    def connect(self, port):
        peer = self.soth.connect()
        peer.sendall(b"CONNECT localhost:%d HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % (port, port))
        while b"\r\n\r\n" not in peer.recv(65536):
            pass
        return peer

    def door(self, port):
        """A port that leads to that one, through soth: for those who know no proxies."""
        def pump(a, b):
            try:
                while data := a.recv(65536):
                    b.sendall(data)
                b.shutdown(socket.SHUT_WR)
            except OSError:            # what breaks off is over for both
                for s in a, b:
                    try:
                        s.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass

        def talk(client):
            peer = self.connect(port)
            other = threading.Thread(target=pump, args=(peer, client), daemon=True)
            other.start()
            pump(client, peer)
            other.join()
        return peers.raw_server(talk)

    def ways(self):
        """Name, how the client calls (a command, or a function of its connection), reason, confidence, alert, and the likeliest explanation."""
        openssl = "openssl s_client -connect localhost:{door} -servername localhost "
        yield "curl", "curl -s https://localhost:{door}/", "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "curl, TLS 1.2", "curl -s --tls-max 1.2 https://localhost:{door}/", "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "curl, a pinned key", "curl -s --cacert {ca} --pinnedpubkey sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= https://localhost:{door}/", \
            "eof_or_reset", "inferred", 0, "soth's authority is not trusted"
        yield "openssl", openssl + "-verify_return_error", "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "openssl, another name", openssl + "-verify_return_error -CAfile {ca} -verify_hostname elsewhere.test", \
            "cert_validation", "authoritative", 42, "soth's authority is not trusted"
        yield "openssl, another time", openssl + "-verify_return_error -CAfile {ca} -attime 4000000000", "cert_validation", \
            "authoritative", 45, "the certificate is refused"
        yield "openssl, TLS 1.2", openssl + "-tls1_2 -verify_return_error", "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "openssl, TLS 1.1 alone", openssl + "-tls1_1 -cipher ALL:@SECLEVEL=0", "handshake", "authoritative", 70, "it speaks only old TLS"
        yield "openssl, TLS 1.0 alone", openssl + "-tls1 -cipher ALL:@SECLEVEL=0", "handshake", "authoritative", 70, "it speaks only old TLS"
        yield "openssl, no cipher in common", openssl + "-tls1_2 -cipher NULL:@SECLEVEL=0", "handshake", "authoritative", 40, "no cipher in common"
        yield "openssl, no group in common", openssl + "-tls1_2 -groups brainpoolP256r1", "handshake", "authoritative", 40, "no cipher in common"
        yield "openssl, no signature in common", openssl + "-tls1_3 -sigalgs rsa_pss_pss_sha512", "handshake", "authoritative", 40, "no cipher in common"
        yield "gnutls-cli", "gnutls-cli -p {door} localhost", "cert_validation", "authoritative", 42, "soth's authority is not trusted"
        yield "gnutls-cli, TLS 1.2", "gnutls-cli -p {door} --priority NORMAL:-VERS-TLS1.3 localhost", "cert_validation", "authoritative", 42, "soth's authority is not trusted"
        yield "gnutls-cli, TLS 1.1 alone", "gnutls-cli -p {door} --priority NORMAL:-VERS-ALL:+VERS-TLS1.1 localhost", "handshake", \
            "authoritative", 70, "it speaks only old TLS"
        yield "wget", "wget -qO- https://localhost:{door}/", "eof_or_reset", "inferred", None, "soth's authority is not trusted"
        yield "node", ["node", "-e", NODE.replace("{more}", "")], "eof_or_reset", "inferred", None, "soth's authority is not trusted"
        yield "node, no cipher in common", ["node", "-e", NODE.replace("{more}", ", minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_SHA256'")], \
            "handshake", "authoritative", 40, "no cipher in common"
        yield "java", ["java", "Call.java"], "cert_validation", "authoritative", 46, "soth's authority is not trusted"
        yield "go", ["go", "run", "call.go"], "cert_validation", "authoritative", 42, "soth's authority is not trusted"
        yield "ruby", ["ruby", "-ropen-uri", "-e", "URI.open('https://localhost:{door}/').read"], "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "git", "git ls-remote https://localhost:{door}/", "eof_or_reset", "inferred", 0, "soth's authority is not trusted"
        yield "chromium", "chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " \
            "--disable-component-update --disable-sync --user-data-dir={folder}/profile --dump-dom https://localhost:{door}/", \
            "cert_validation", "authoritative", 46, "soth's authority is not trusted"
        yield "firefox", "firefox-esr --headless --no-remote --profile {folder} --screenshot {folder}/shot.png https://localhost:{door}/", \
            "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "python", python(), "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "python, TLS 1.2", python(maximum_version=ssl.TLSVersion.TLSv1_2), "unknown_ca", "authoritative", 48, "soth's authority is not trusted"
        yield "a program with a pin", pinned, "eof_or_reset", "inferred", None, "soth's authority is not trusted"
        yield "hangs up after its hello", says(hello(), then=lambda peer: None), "eof_or_reset", "inferred", None, "the client gave up"
        yield "breaks off after its hello", says(hello(), then=reset), "eof_or_reset", "inferred", None, "the client gave up"
        yield "hangs up within its hello", says(hello()[:100], then=lambda peer: None), "eof_or_reset", "inferred", None, "the client gave up"
        yield "hangs up when it was answered", says(hello(), b"", then=lambda peer: None), "eof_or_reset", "inferred", None, "soth's authority is not trusted"
        yield "goes quiet within its hello", says(hello()[:100]), "timeout", "inferred", None, "it took too long"
        yield "goes quiet when it was answered", says(hello()), "timeout", "inferred", None, "it took too long"
        yield "a hello of nonsense", says(b"\x16\3\1\0\x08\1\0\0\4abcd"), "handshake", "authoritative", 50, "what arrived was damaged"
        yield "a record that is too long", says(b"\x16\3\1\xff\xff" + b"x" * 70000), "handshake", "authoritative", 22, "what arrived was damaged"
        yield "a hello without end", says(b"\x16\3\1\x40\0\1\xff\xff\xff" + b"x" * 16380 + (b"\x16\3\1\x40\0" + b"x" * 16384) * 5), \
            "handshake", "authoritative", 50, "what arrived was damaged"
        for number, reason, title in (
                                    (42, "cert_validation", "soth's authority is not trusted"),
                                    (43, "cert_validation", "the certificate is refused"),
                                    (44, "cert_validation", "the certificate is refused"),
                                    (45, "cert_validation", "the certificate is refused"),
                                    (46, "cert_validation", "soth's authority is not trusted"),
                                    (48, "unknown_ca", "soth's authority is not trusted"),
                                    (40, "handshake", "no cipher in common"),
                                    (80, "handshake", "an error of its own"),
                                    (90, "handshake", "the client gave up")):
            yield f"answers with alert {number}", says(hello(ssl.TLSVersion.TLSv1_2), alert(number)), reason, "authoritative", number, title

    def over(self, port):
        """Waits for the end of a flow to there."""
        while self.soth.row()["port"] != port:
            pass

    def call(self, how, port):
        """Until the client has given up."""
        if callable(how):
            with self.connect(port) as peer:
                how(peer)
            self.over(port)
            return
        door, folder = self.door(port), tempfile.mkdtemp(dir=self.folder.name)
        for name, text in ("Call.java", JAVA), ("call.go", GO):
            with open(os.path.join(folder, name), "w") as f:
                f.write(text.format(door=door))
        words = how.split() if isinstance(how, str) else how
        p = subprocess.Popen([w.format(door=door, ca=self.soth.ca, folder=folder) if "{" in w else w for w in words],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
                             env={**os.environ, "HOME": folder, "GOCACHE": os.path.join(self.folder.name, "go")})
        if words[0] != "firefox-esr":
            p.wait()
        self.over(port)
        p.kill()
        p.wait()

    def test_each_way(self):
        left_out = []
        for name, how, reason, confidence, alert, title in self.ways():
            signal.alarm(60)
            if not callable(how) and not shutil.which((how.split() if isinstance(how, str) else how)[0]):
                left_out.append(name)
                continue
            with self.subTest(name):
                self.soth = self.start(*(["--set", "header-timeout=1"] if reason == "timeout" else []))
                # a server that is silent, where the client shall be gone before it has an answer
                port = peers.raw_server(hears) if name.endswith("after its hello") else peers.serve(context=self.context)
                self.call(how, port)
                f = peers.failures(self.soth).get(port, [{}])[0]
                self.assertEqual([f.get("peer"), f.get("tls_failure_reason"), f.get("source_confidence"), f.get("alert")],
                                 ["downstream", reason, confidence, None if alert is None else str(alert)], f)
                self.assertEqual(peers.explained(self.soth), title)
        if left_out:
            self.skipTest("not here: " + ", ".join(left_out))


if __name__ == "__main__":
    unittest.main()
