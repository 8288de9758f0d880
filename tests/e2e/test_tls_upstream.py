"""Every way in which TLS with a server can fail, each with a real one: the reason, who said so, and how sure that is."""
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certs
import peers

LATER = ('activation_date = "2050-01-01 00:00:00"', 'expiration_date = "2051-01-01 00:00:00"')
LONG_AGO = ('activation_date = "2020-01-01 00:00:00"', 'expiration_date = "2021-01-01 00:00:00"')


def record(kind, body):
    return bytes([kind, 3, 3]) + struct.pack(">H", len(body)) + body


def alert(number, level=2):
    return record(21, bytes([level, number]))


def says(*said, then=None):
    """Hears the client's first words, and answers these."""
    def talk(peer):
        peer.settimeout(20)
        peer.recv(65536)
        for data in said:
            peer.sendall(data)
        if then:
            then(peer)
    return peers.raw_server(talk)


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def waits(peer):
    while peer.recv(65536):
        pass


def alone(peer):
    """Gives what the client sends no ear: it closes once more came."""
    peer.shutdown(socket.SHUT_WR)
    waits(peer)


class Upstream(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = c = certs.Certs(os.path.join(cls.folder.name, "certs"))
        cls.children = []
        c.key("root"), c.key("other")
        c.key("rsa", "--rsa", "--bits", "2048")
        c.make("root", key="root", ca=True)
        c.make("other", key="other", ca=True)
        c.make("mid", by="root", key="other", ca=True)
        c.make("good", by="root")
        c.make("goodrsa", by="root", key="rsa")

    @classmethod
    def tearDownClass(cls):
        for p in cls.children:
            p.kill()
            p.wait()
        super().tearDownClass()

    def start(self, *args):
        return super().start("--set", "ssl-verify-upstream-trusted-ca=" + self.made.path("root.pem"), "--set", "header-timeout=1", *args)

    def shows(self, name, *lines, key="key", chain=None, **more):
        """A server of python's that has that certificate."""
        path = self.made.make(name, *lines, key=key, **more)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(chain or path, self.made.path(key + ".key"))
        return peers.serve(context=context)

    def openssl(self, *args, cert="good", key="key"):
        port = peers.free_port()
        p = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www", "-cert", self.made.path(cert + ".pem"),
                              "-key", self.made.path(key + ".key"), *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.children.append(p)
        while b"ACCEPT" not in p.stdout.readline():
            self.assertIsNone(p.poll(), args)
        return port

    def gnutls(self, *args, cert="good", key="key"):
        port = peers.free_port()
        p = subprocess.Popen(["gnutls-serv", "-p", str(port), "--x509certfile", self.made.path(cert + ".pem"), "--http",
                              "--x509keyfile", self.made.path(key + ".key"), *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.children.append(p)
        for line in p.stdout:
            if b"listening on" in line and b"..." in line and b"failed" not in line:
                break
        return port

    def ways(self):
        """Name, the server's port, and what soth must say: reason, confidence, words, and the likeliest explanation;
        what it is called by, where that is no name."""
        c, day = self.made, self.shows
        yield "expired", day("expired", *LONG_AGO, by="root"), "cert_validation", "authoritative", "it has expired", "the server's certificate has expired"
        yield "not yet valid", day("future", *LATER, by="root"), "cert_validation", "authoritative", "not yet valid", "the server's certificate is not valid yet"
        yield "for another name", day("elsewhere", by="root", names=["elsewhere.test"]), "cert_validation", "authoritative", "for another name than localhost", "the server's certificate is for another name"
        yield "for no name", day("nameless", by="root", names=[]), "cert_validation", "authoritative", "for another name than localhost", "the server's certificate is for another name"
        yield "for another address", day("address", by="root", names=["127.0.0.9"]), "cert_validation", "authoritative", "for another name than 127.0.0.1", "the server's certificate is for another name", "127.0.0.1"
        yield "signed by itself", day("selfsigned"), "unknown_ca", "authoritative", "not trusted", "the server's certificate is self-signed"
        yield "of an unknown authority", day("stranger", by="other"), "unknown_ca", "authoritative", "not trusted", "the server's chain is incomplete"
        yield "without the one between", day("gap", by="mid", chain=c.path("gap.pem")), "unknown_ca", "authoritative", "not trusted", "the server's chain is incomplete"
        yield "signed by no authority", day("child", by="good"), "unknown_ca", "authoritative", "no authority", "the server's certificate is not for this"
        yield "for clients", day("client", "tls_www_client", by="root", www=False), "cert_validation", "authoritative", "another purpose", "the server's certificate is not for this"
        yield "by SHA-1", day("sha1", by="root", hash="SHA1"), "cert_validation", "authoritative", "insecure algorithm", "the server's certificate is signed unsafely"
        yield "a staple that must be, and is not", day("staple", "tls_feature = 5", by="root"), "cert_validation", "authoritative", "OCSP", "no good OCSP answer"
        yield "TLS 1.0 alone", self.openssl("-tls1", "-cipher", "ALL:@SECLEVEL=0"), "handshake", "authoritative", "version", "it speaks only old TLS"
        yield "TLS 1.1 alone", self.openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), "handshake", "authoritative", "version", "it speaks only old TLS"
        yield "TLS 1.0 alone, of GnuTLS", self.gnutls("--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.0:%VERIFY_ALLOW_BROKEN"), "handshake", "authoritative", "version", "it speaks only old TLS"
        yield "no cipher in common", self.openssl("-tls1_2", "-cipher", "ECDHE-ECDSA-CAMELLIA128-SHA256"), "handshake", "authoritative", "alert 40", "no cipher in common"
        yield "no group in common", self.openssl("-tls1_2", "-groups", "brainpoolP256r1"), "handshake", "authoritative", "alert 40", "no cipher in common"
        yield "wants a certificate, TLS 1.3", self.openssl("-tls1_3", "-Verify", "1", "-verify_return_error"), "handshake", "authoritative", "requires a certificate", "the server wants a client's certificate"
        yield "wants a certificate, TLS 1.2", self.openssl("-tls1_2", "-Verify", "1", "-verify_return_error"), "handshake", "authoritative", "alert 40", "the server wants a client's certificate"
        yield "wants a certificate, GnuTLS", self.gnutls("--require-client-cert"), "handshake", "authoritative", "requires a certificate", "the server wants a client's certificate"
        yield "does not know that name", self.openssl("-servername", "elsewhere.test", "-servername_fatal", "-cert2",
                                                    c.path("good.pem"), "-key2", c.path("key.key")), "handshake", "authoritative", "name asked for", "the server does not know the name"
        yield "no protocol in common", self.openssl("-alpn", "smtp"), "handshake", "authoritative", "protocols offered", "no application protocol in common"
        yield "speaks HTTP", self.http, "handshake", "authoritative", "not TLS", "the server speaks no TLS there"
        yield "speaks SSH", says(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "handshake", "authoritative", "not TLS", "the server speaks no TLS there"
        yield "hangs up", says(), "eof_or_reset", "inferred", "closed the connection", "broken off on the way"
        yield "breaks off", says(then=reset), "eof_or_reset", "inferred", "reset", "broken off on the way"
        yield "hangs up within a record", says(record(22, b"x" * 90)[:50]), "eof_or_reset", "inferred", "closed the connection", "broken off on the way"
        yield "says nothing", says(then=waits), "timeout", "inferred", "too long", "it took too long"
        yield "goes quiet within a record", says(record(22, b"x" * 90)[:50], then=waits), "timeout", "inferred", "too long", "it took too long"
        yield "talks nonsense in a record", says(record(22, b"\x02\0\0\x04\3\3xx"), then=alone), "handshake", "authoritative", "", "the server speaks no TLS there"
        yield "sends a record that is too long", says(b"\x16\x03\x03\xff\xff" + b"x" * 70000, then=alone), "handshake", "authoritative", "", "the server speaks no TLS there"
        yield "sends data before its turn", says(record(23, b"x" * 40), then=alone), "handshake", "authoritative", "", "the server speaks no TLS there"
        for number, reason, title in (
                                    (40, "handshake", "no cipher in common"),
                                    (42, "cert_validation", "the server wants a client's certificate"),
                                    (47, "handshake", "not understood"),
                                    (70, "handshake", "it speaks only old TLS"),
                                    (71, "handshake", "no cipher in common"),
                                    (80, "handshake", "an error of its own"),
                                    (86, "handshake", "it speaks only old TLS"),
                                    (112, "handshake", "the server does not know the name"),
                                    (120, "handshake", "no application protocol in common"),
                                    (49, "handshake", "the server refuses the client's certificate")):
            yield f"alert {number}", says(alert(number), then=alone), reason, "authoritative", f"alert {number},", title
        yield "a warning, then it hangs up", says(alert(112, 1)), "handshake", "authoritative", "alert 112", "the server does not know the name"
        yield "close_notify", says(alert(0, 1)), "eof_or_reset", "authoritative", "alert 0", "broken off on the way"

    def test_each_way(self):
        for name, port, reason, confidence, detail, title, *host in self.ways():
            signal.alarm(30)
            with self.subTest(name):
                self.soth = self.start()
                out = self.curl("-k", "-o", os.devnull, "-w", "%{http_code}", f"https://{(host or ['localhost'])[0]}:{port}/")
                self.assertEqual(out.stdout, b"502")
                f = peers.failures(self.soth).get(port, [{}])[-1]
                self.assertEqual([f.get("peer"), f.get("tls_failure_reason"), f.get("source_confidence")], ["upstream", reason, confidence], f)
                self.assertIn(detail, f["detail"])
                self.assertEqual(peers.explained(self.soth), title)


if __name__ == "__main__":
    unittest.main()
