"""Certificates and keys whose files change while soth runs: read again, or told of and left as they were."""
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import pki
import term


class Reread(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.servers = pki.Authority(cls.folder.name, "servers")
        cls.clients = pki.Authority(cls.folder.name, "clients")

    def put(self, path, data, mode=0o600):
        """As editors and programs that renew certificates do it: another file takes its place."""
        with open(os.open(path + ".new", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as out:
            out.write(data)
        os.rename(path + ".new", path)

    def copy(self, source, path):
        with open(source, "rb") as f:
            self.put(path, f.read())

    def says(self, soth, words):
        """Until it does; what it says before that is a mistake."""
        line = soth.p.stderr.readline().decode()
        self.assertIn(words, line)

    def subject(self, address, host="localhost", of="-subject"):
        out = subprocess.run(["openssl", "s_client", "-proxy", address, "-connect", f"{host}:{self.https}", "-servername", host],
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=20).stdout
        return subprocess.run(["openssl", "x509", "-noout", of], input=out, capture_output=True, timeout=20).stdout.decode().strip()

    def test_a_server_certificate(self):
        mine = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "mine.pem")
        self.copy(self.servers.sign("first", "DNS:localhost")[2], mine)
        s = self.start("--set", "certs=" + mine)
        self.assertEqual(self.subject(s.address), "subject=CN = first")
        self.copy(self.servers.sign("second", "DNS:localhost")[2], mine)
        self.says(s, "certificates and keys have changed on disk, and were read anew")
        self.assertEqual(self.subject(s.address), "subject=CN = second")
        self.put(mine, b"no certificate\n")
        self.says(s, f"certs: {mine}: no PEM in it")
        self.assertEqual(self.subject(s.address), "subject=CN = second")     # which stays
        self.copy(self.servers.sign("third", "DNS:localhost")[2], mine)
        self.says(s, "were read anew")
        self.assertEqual(self.subject(s.address), "subject=CN = third")
        os.chmod(mine, 0o644)
        self.says(s, "others may read its key")

    def test_client_certificates_of_a_folder(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.load_verify_locations(self.clients.cert)
        context.verify_mode = ssl.CERT_OPTIONAL
        seen = []

        class Asks(peers.Origin):
            def do_GET(handler):
                cert = handler.connection.getpeercert()
                seen.append(dict(x[0] for x in cert["subject"])["commonName"] if cert else None)
                super().do_GET()
        port = peers.serve(Asks, context)
        folder = tempfile.mkdtemp(dir=self.folder.name)
        s = self.start("--set", "client-certs=" + folder)
        self.curl(f"https://localhost:{port}/", soth=s)
        self.copy(self.clients.sign("one", usage="clientAuth")[2], os.path.join(folder, "localhost.pem"))
        self.says(s, "were read anew")
        self.curl(f"https://localhost:{port}/", soth=s)
        self.copy(self.clients.sign("two", usage="clientAuth")[2], os.path.join(folder, "localhost.pem"))
        self.says(s, "were read anew")
        self.curl(f"https://localhost:{port}/", soth=s)
        self.assertEqual(seen, [None, "one", "two"])

    def test_whom_to_trust(self):
        trusted = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "trusted.pem")
        shutil.copy(self.servers.cert, trusted)
        s = self.start("--set", "ssl-verify-upstream-trusted-ca=" + trusted)
        self.assertIn(b"502", self.curl("-i", f"https://localhost:{self.https}/", soth=s).stdout)
        self.copy(self.cert, trusted)
        self.says(s, "were read anew")
        self.assertEqual(self.curl(f"https://localhost:{self.https}/", soth=s).stdout, b"hello /")

    def authority(self, name):
        one = pki.Authority(tempfile.mkdtemp(dir=self.folder.name), name)
        with open(one.key, "rb") as key, open(one.cert, "rb") as cert:
            return key.read() + cert.read()

    def test_the_authority(self):
        s = self.start()
        folder = os.path.dirname(s.ca)
        kept = s.connect()      # a connection of before goes on
        kept.sendall(f"CONNECT localhost:{self.https} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.assertIn(b"200", kept.recv(4096))
        context = ssl.create_default_context(cafile=s.ca)
        before = s.keep(context.wrap_socket(kept, server_hostname="localhost"))
        self.assertEqual(self.subject(s.address, of="-issuer"), "issuer=CN = soth")
        self.put(os.path.join(folder, "soth-ca.pem"), self.authority("mine"))
        self.says(s, "the authority has changed on disk, and was read anew")
        self.assertEqual(self.subject(s.address, of="-issuer"), "issuer=CN = mine")
        self.assertEqual(self.curl(f"https://localhost:{self.https}/", soth=s).stdout, b"hello /")      # soth-ca-cert.pem is its own
        self.assertIn(b"CERTIFICATE", self.curl("http://soth.internal/cert/pem", soth=s).stdout)
        before.sendall(b"GET /kept HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertIn(b"200", before.recv(4096))
        self.put(os.path.join(folder, "soth-ca.pem"), b"-----BEGIN nothing\n")
        self.says(s, "soth-ca.pem")
        self.assertEqual(self.subject(s.address, of="-issuer"), "issuer=CN = mine")
        os.unlink(os.path.join(folder, "soth-ca.pem"))
        self.says(s, "the authority's file is gone")
        self.assertEqual(self.subject(s.address, "127.0.0.1", of="-issuer"), "issuer=CN = mine")
        self.assertFalse(os.path.exists(os.path.join(folder, "soth-ca.pem")))       # and none is made meanwhile

    def test_what_a_command_was_given(self):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        command = f"""curl -s https://localhost:{self.https}/one || exit 1
            was=$(cksum <"$CURL_CA_BUNDLE"); echo ready
            while [ "$was" = "$(cksum <"$CURL_CA_BUNDLE")" ]; do sleep 0.1; done
            curl -s https://localhost:{self.https}/two"""
        p = subprocess.Popen([peers.SOTH, "run", "--confdir", folder, "--set", "ssl-verify-upstream-trusted-ca=" + self.cert, "--", "sh", "-c", command],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(p.kill)
        self.assertEqual(p.stdout.readline(), b"hello /oneready\n")
        self.put(os.path.join(folder, "soth-ca.pem"), self.authority("mine"))
        out, err = p.communicate(timeout=20)
        self.assertEqual((out, p.returncode), (b"hello /two", 0), err)
        self.assertIn(b"the authority has changed on disk", err)

    def test_on_the_screen(self):
        mine = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "mine.pem")
        self.copy(self.servers.sign("first", "DNS:localhost")[2], mine)
        t = term.Terminal("--confdir", tempfile.mkdtemp(dir=self.folder.name), "-p", "0", "--set", "ssl-insecure=yes", "--set", "certs=" + mine)
        self.addCleanup(t.kill)
        address = re.search(r"127\.0\.0\.1:\d+", t.wait(lambda s: re.search(r"soth\s+127\.0\.0\.1:\d+", s))).group(0)
        self.assertEqual(self.subject(address), "subject=CN = first")
        self.copy(self.servers.sign("second", "DNS:localhost")[2], mine)
        t.wait("certificates and keys have changed on disk, and were read anew")
        self.assertEqual(self.subject(address), "subject=CN = second")
        self.put(mine, b"")
        t.wait("no PEM in it")
        self.assertEqual(self.subject(address), "subject=CN = second")


if __name__ == "__main__":
    unittest.main()
