"""Certificates of clients and of servers, whom to trust, versions and ciphers, keys that are logged."""
import os
import re
import shutil
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
import pki
import term


class Credentials(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = pki.Authority(cls.folder.name, "clients")
        cls.one = cls.authority.sign("one", usage="clientAuth")[2]
        cls.two = cls.authority.sign("two", usage="clientAuth")[2]
        cls.servers = pki.Authority(cls.folder.name, "servers")

    def asking(self, required=True, version=None):
        """A server that asks for a certificate, and says whose it got; its port, and what it saw."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.load_verify_locations(self.authority.cert)
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
        if version:
            context.minimum_version = context.maximum_version = version
        seen = []

        class Asks(peers.Origin):
            def do_GET(handler):
                cert = handler.connection.getpeercert()
                seen.append(dict(x[0] for x in cert["subject"])["commonName"] if cert else None)
                super().do_GET()
        return peers.serve(Asks, context), seen

    def events(self, *args):
        """soth with an event log, and what reads it when soth has ended."""
        log = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "events")
        s = self.start("--event-log", log, *args)

        def read(name, peer):
            if s.p.poll() is None:
                s.stop()
            with open(log) as f:
                lines = [peers.json.loads(line) for line in f][1:]
            return [e["attributes"] for e in lines if e["kind"] == name and e["attributes"].get("peer") == peer]
        return s, read

    def get(self, soth, port, path="/", host="localhost", *args):
        return self.curl(*args, f"https://{host}:{port}{path}", soth=soth)


class ClientCertificates(Credentials):
    def test_a_file_is_given_to_servers_that_ask(self):
        for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            port, seen = self.asking(version=version)
            s, events = self.events("--set", "client-certs=" + self.one)
            self.assertEqual(self.get(s, port).stdout, b"hello /")
            self.assertEqual(self.get(s, self.https).stdout, b"hello /")
            self.assertEqual(seen, ["one"])
            told = [e.get("client_certificate") for e in events("tls_handshake_succeeded", "upstream")]
            self.assertEqual(told, [self.one, None])

    def test_a_file_a_host_and_a_folder_of_them(self):
        port, seen = self.asking()
        s = self.start("--set", f"client-certs=localhost={self.one},*={self.two}")
        self.get(s, port), self.get(s, port, host="127.0.0.1")
        folder = tempfile.mkdtemp(dir=self.folder.name)
        shutil.copy(self.two, os.path.join(folder, "localhost.pem"))
        s = self.start("--set", "client-certs=" + folder)
        self.get(s, port), self.get(s, port, host="127.0.0.1")
        self.assertEqual(seen, ["one", "two", "two"])

    def test_where_one_is_required_and_none_is_there_the_row_says_what_to_do(self):
        for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            port, seen = self.asking(version=version)
            out = self.get(self.soth, port)
            self.assertIn(b"client-certs gives it one, as localhost=FILE.pem", out.stdout)
            row = self.soth.row()
            self.assertIn("client-certs gives it one, as localhost=FILE.pem", row["trouble"])
            self.assertEqual((row["tls_failed"], seen), ("server", []))

    def test_a_server_that_does_not_insist_gets_none_and_that_is_told(self):
        port, seen = self.asking(required=False)
        s, events = self.events()
        self.assertEqual(self.get(s, port).stdout, b"hello /")
        self.assertEqual(seen, [None])
        self.assertEqual([e["client_certificate"] for e in events("tls_handshake_succeeded", "upstream")],
                         ["asked for, none to give (client-certs)"])

    def test_one_that_is_refused_is_named(self):
        stranger = pki.Authority(self.folder.name, "strangers").sign("stranger", usage="clientAuth")[2]
        port, _ = self.asking()
        s = self.start("--set", "client-certs=" + stranger)
        self.assertIn(b"it was given the client certificate of " + stranger.encode(), self.get(s, port).stdout)


class AskedLater(Credentials):
    """Servers that want a client's certificate only for some paths."""

    def test_tls_1_3_within_the_session(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        context.load_verify_locations(self.authority.cert)
        context.verify_mode = ssl.CERT_REQUIRED
        context.post_handshake_auth = True
        seen = []

        class Asks(peers.Origin):
            def do_GET(handler):
                cert = handler.connection.getpeercert()
                seen.append(cert and dict(x[0] for x in cert["subject"])["commonName"])
                if handler.path == "/ask":
                    handler.connection.verify_client_post_handshake()       # goes out with the answer
                super().do_GET()
        port = peers.serve(Asks, context)
        s = self.start("--set", "client-certs=" + self.one)
        out = self.curl(f"https://localhost:{port}/ask", f"https://localhost:{port}/private", soth=s)
        self.assertEqual((out.stdout, seen), (b"hello /askhello /private", [None, "one"]))
        s.stop()
        asked = [str(n) for n in peers.notes(s.session) if "client_certificate" in str(n)]
        self.assertEqual((len(asked), self.one in asked[0]), (1, True))

    def test_tls_1_2_by_another_handshake(self):
        port = peers.free_port()
        p = subprocess.Popen(["openssl", "s_server", "-tls1_2", "-accept", str(port), "-cert", self.cert, "-key", self.key,
                              "-CAfile", self.authority.cert, "-client_renegotiation"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(lambda: (p.kill(), p.communicate()))

        def until(what):
            line = p.stdout.readline()
            while what not in line:
                self.assertTrue(line, what)
                line = p.stdout.readline()
        until(b"ACCEPT")
        s = self.start("-m", f"reverse:tls://localhost:{port}", "--set", "client-certs=" + self.one)
        with s.connect() as c:
            c.sendall(b"before\n")
            until(b"before")
            p.stdin.write(b"R\n")
            p.stdin.flush()
            until(b"CN = one")
            c.sendall(b"after\n")
            until(b"after")
            p.stdin.write(b"answer\n")
            p.stdin.flush()
            self.assertEqual(c.recv(100), b"answer\n")


class ServerCertificates(Credentials):
    def shown(self, soth, host, *args):
        """The subject of the certificate that a client sees, and how many came with it."""
        out = subprocess.run(["openssl", "s_client", "-proxy", soth.address, "-connect", f"localhost:{self.https}",
                              "-servername", host, "-showcerts", *args], input=b"", capture_output=True).stdout.decode()
        subject = [line for line in out.splitlines() if line.startswith("subject=")]
        return subject[0][len("subject="):] if subject else None, out.count("BEGIN CERTIFICATE")

    def test_a_persons_own_goes_before_one_that_is_made(self):
        mine = self.servers.sign("mine", "DNS:a.test", "DNS:localhost")[2]
        other = self.servers.sign("other", "DNS:x.test", key="rsa")[2]
        s = self.start("--set", f"certs=*.b.test={other},b.test={mine}", "-k")
        self.assertEqual(self.shown(s, "b.test")[0], "CN = mine")       # a name before a pattern
        self.assertEqual(self.shown(s, "c.b.test")[0], "CN = other")
        self.assertEqual(self.shown(s, "a.test")[0], "CN = mine")       # its own name
        self.assertEqual(self.shown(s, "d.test")[0], "CN = d.test")     # made
        s, events = self.events("--set", "certs=" + mine)
        self.assertEqual(self.curl("--cacert", self.servers.cert, f"https://localhost:{self.https}/", soth=s, ca=False).stdout,
                         b"hello /")
        self.assertEqual([e["shown_certificate"] for e in events("tls_handshake_succeeded", "downstream")], [mine])

    def test_its_chain_comes_along_in_the_right_order(self):
        mine = self.servers.sign("chained", "DNS:localhost")
        both = os.path.join(self.folder.name, "both.pem")
        with open(os.open(both, os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
            for part in (self.servers.cert, mine[1], mine[0]):          # the authority first
                with open(part) as f:
                    out.write(f.read())
        s = self.start("--set", "certs=" + both)
        self.assertEqual(self.shown(s, "localhost"), ("CN = chained", 2))

    def test_a_key_with_a_passphrase(self):
        crt, key, _ = self.servers.sign("locked", "DNS:localhost")
        locked = os.path.join(self.folder.name, "locked.pem")
        sealed = pki.openssl("pkey", "-in", key, "-aes256", "-passout", "pass:sesame")
        with open(os.open(locked, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out, open(crt, "rb") as f:
            out.write(sealed + f.read())
        s = self.start("--set", "certs=" + locked, "--set", "cert-passphrase=sesame")
        self.assertEqual(self.shown(s, "localhost")[0], "CN = locked")
        self.assertIn("locked.pem, line 1: the key has a passphrase: give it by cert-passphrase", self.refused("certs=" + locked))
        self.assertIn("does not open the key", self.refused("certs=" + locked, "cert-passphrase=wrong"))

    def refused(self, *options):
        out = subprocess.run([peers.SOTH, "dump", "--confdir", tempfile.mkdtemp(dir=self.folder.name), "-l", "127.0.0.1:0",
                              *[word for o in options for word in ("--set", o)]], capture_output=True, timeout=20)
        self.assertEqual(out.returncode, 1)
        return out.stderr.decode()

    def test_a_host_without_a_path(self):
        for option in "certs", "client-certs":
            self.assertIn("'a.test=': expected [HOST=]PATH", self.refused(option + "=a.test="))

    def test_what_is_wrong_with_a_file_is_told_at_the_start(self):
        crt, key, pem = self.servers.sign("wrong", "DNS:localhost")
        other = self.servers.sign("another", "DNS:localhost")[1]

        def file(name, *parts, mode=0o600):
            path = os.path.join(self.folder.name, name)
            with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
                for part in parts:
                    with open(part) as f:
                        out.write(f.read())
            os.chmod(path, mode)
            return path
        for path, words in ((file("open.pem", pem, mode=0o644), "others may read its key (mode 0644), so it is not used: chmod 600"),
                            (file("mixed.pem", other, crt), "the key is not that of the certificate (CN=wrong)"),
                            (file("keyless.pem", crt), "its key is missing"),
                            (file("bare.pem", key), "its certificate is missing"),
                            ("/nowhere.pem", "/nowhere.pem: No such file"),
                            (self.folder.name, "this is a folder")):
            self.assertIn(words, self.refused("certs=" + path))
            if path != self.folder.name:
                self.assertIn(words, self.refused("client-certs=" + path))

    def test_a_client_is_asked_for_a_certificate_and_its_subject_is_shown(self):
        s, events = self.events("--set", "request-client-cert=yes")
        crt, key, _ = self.authority.sign("visitor", usage="clientAuth")
        self.assertEqual(self.get(s, self.https, "/", "localhost", "--cert", crt, "--key", key).stdout, b"hello /")
        self.assertEqual(self.get(s, self.https).stdout, b"hello /")
        told = events("tls_handshake_succeeded", "downstream")
        self.assertEqual([e["client_certificate"] for e in told], ["came: it cannot be passed on", "asked for, none came"])
        self.assertEqual([e.get("subject") for e in told], ["CN=visitor", None])


class OnTheScreen(Credentials):
    def test_what_is_set_holds_from_the_next_connection_on_and_what_is_wrong_changes_nothing(self):
        port, seen = self.asking()
        folder = tempfile.mkdtemp(dir=self.folder.name)
        t = term.Terminal("--confdir", folder, "-p", "0", "--set", "ssl-verify-upstream-trusted-ca=" + self.cert)
        self.addCleanup(t.kill)
        address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))).group(1)

        def get():
            return subprocess.run(["curl", "-s", "-m", "20", "-x", address, "--cacert", folder + "/soth-ca-cert.pem",
                                   f"https://localhost:{port}/"], capture_output=True).stdout
        self.assertIn(b"client-certs gives it one", get())
        t.keys(f":set client-certs={self.one}\r", "set client-certs=")
        self.assertEqual(get(), b"hello /")
        t.keys(":set client-certs=/nowhere.pem\r", "client-certs: /nowhere.pem: No such file or directory")
        t.keys(":set ciphers-server=NULL-NONSENSE\r", "'NULL-NONSENSE': no cipher suite is called so")
        t.keys(f":set client-certs={self.two}\r", "set client-certs=")
        get()
        self.assertEqual(seen, ["one", "two"])
        t.keys("\rz", lambda text: "client certificate:" in text and "/two.pem" in text)
        t.keys("h", lambda text: re.search("client cert +/.*two.pem", text))
        self.assertEqual(t.end(), 0)


class Trust(Credentials):
    def test_a_file_and_a_folder_are_in_place_of_the_systems_and_add_up(self):
        crt, key, _ = self.servers.sign("trusted", "DNS:localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        port = peers.serve(context=context)
        folder = tempfile.mkdtemp(dir=self.folder.name)
        shutil.copy(self.servers.cert, folder)
        both = self.start("--set", "ssl-verify-upstream-trusted-confdir=" + folder)
        self.assertEqual(self.get(both, port).stdout, b"hello /")
        self.assertEqual(self.get(both, self.https).stdout, b"hello /")
        alone = self.start("--set", "ssl-verify-upstream-trusted-ca=", "--set", "ssl-verify-upstream-trusted-confdir=" + folder)
        self.assertEqual(self.get(alone, port).stdout, b"hello /")
        self.assertIn(b"its issuer is not trusted", self.get(alone, self.https).stdout)
        self.assertIn(b"its issuer is not trusted", self.get(self.soth, port).stdout)


class Agreed(Credentials):
    """Versions, ciphers and groups."""

    def server(self, *args):
        """openssl s_server -www; its port."""
        port = peers.free_port()
        p = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-cert", self.cert, "-key", self.key, "-www", *args],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (p.kill(), p.communicate()))
        p.stdout.readline()        # ACCEPT
        return port

    def client(self, soth, *args):
        """What openssl s_client says it has agreed on with soth; None: nothing."""
        out = subprocess.run(["openssl", "s_client", "-proxy", soth.address, "-connect", f"localhost:{self.https}", *args],
                             input=b"", capture_output=True).stdout.decode()
        new = [line for line in out.splitlines() if line.startswith("New, ") and "(NONE)" not in line]
        return new[0] if new else None

    def test_versions_with_clients(self):
        s = self.start("--set", "tls-version-client-max=TLS1_2")
        self.assertIn("TLSv1.2", self.client(s))
        self.assertIsNone(self.client(s, "-tls1_3"))
        s = self.start("--set", "tls-version-client-min=TLS1_3")
        self.assertIsNone(self.client(s, "-tls1_2"))
        self.assertIn("TLSv1.3", self.client(s))
        old = ("-tls1", "-cipher", "ALL:@SECLEVEL=0")
        self.assertIsNone(self.client(self.soth, *old))
        self.assertIsNotNone(self.client(self.start("--set", "tls-version-client-min=TLS1"), *old))

    def test_versions_with_servers(self):
        for version, flag in (("TLS1", "-tls1"), ("TLS1_1", "-tls1_1")):
            port = self.server(flag, "-cipher", "ALL:@SECLEVEL=0")
            self.assertIn(b"tls-version-server-min", self.get(self.soth, port).stdout)
            s, events = self.events("--set", "tls-version-server-min=" + version)
            self.assertIn(b"s_server", self.get(s, port).stdout)
            self.assertEqual([e["version"] for e in events("tls_handshake_succeeded", "upstream")], [version.replace("_", ".").
                             replace("TLS1", "TLS1.0") if version == "TLS1" else "TLS1.1"])
        s, events = self.events("--set", "tls-version-server-max=TLS1_2")
        self.get(s, self.https)
        self.assertEqual([e["version"] for e in events("tls_handshake_succeeded", "upstream")], ["TLS1.2"])

    def test_ciphers_and_groups(self):
        s, events = self.events("--set", "ciphers-client=ECDHE-ECDSA-AES256-GCM-SHA384", "--set",
                                "ciphers-server=TLS_CHACHA20_POLY1305_SHA256",
                                "--set", "tls-ecdh-curve-client=P-384", "--set", "tls-ecdh-curve-server=SECP521R1")
        self.assertIn("TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", self.client(s))
        self.assertIsNone(self.client(s, "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"))
        self.get(s, self.https)
        up = events("tls_handshake_succeeded", "upstream")
        self.assertEqual({(e["version"], e["cipher"], e["group"]) for e in up}, {("TLS1.3", "TLS_CHACHA20_POLY1305_SHA256", "SECP521R1")})
        self.assertEqual({e["group"] for e in events("tls_handshake_succeeded", "downstream")}, {"SECP384R1"})


class Staples(Credentials):
    """What curl and openssl make of an OCSP response beside a certificate of a person's."""

    def status(self, soth, *args):
        out = subprocess.run(["openssl", "s_client", "-status", *args, "-proxy", soth.address, "-connect", f"localhost:{self.https}",
                              "-servername", "localhost", "-CAfile", self.servers.cert], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        return out.stdout.decode()

    def test_it_is_stapled_for_clients_that_ask(self):
        crt, _, pem = self.servers.sign("stapled", "DNS:localhost")
        with open(pem, "a") as out, open(self.servers.cert) as f:       # curl wants it, to know who is asked
            out.write(f.read())
        s = self.start("--set", "certs=" + pem)
        curl = lambda soth: self.curl("-S", "--cacert", self.servers.cert, "--cert-status", f"https://localhost:{self.https}/", soth=soth, ca=False)
        self.assertEqual(curl(s).returncode, 91)         # "SSL server certificate status verification failed"
        self.assertIn("OCSP response: no response sent", self.status(s))
        self.servers.staple(crt, pem + ".ocsp")
        s = self.start("--set", "certs=" + pem)
        out = curl(s)
        self.assertEqual(out.stdout, b"hello /", out.stderr)
        for version in "-tls1_2", "-tls1_3":
            self.assertIn("Cert Status: good", self.status(s, version))
        self.servers.staple(crt, pem + ".ocsp", status="R")         # which is for the client to judge
        s = self.start("--set", "certs=" + pem)
        self.assertEqual(curl(s).returncode, 91)
        self.assertIn("Cert Status: revoked", self.status(s))

    def test_it_is_read_again_when_it_changes(self):
        crt, _, pem = self.servers.sign("renewed", "DNS:localhost")
        s = self.start("--set", "certs=" + pem)
        self.assertIn("no response sent", self.status(s))
        self.servers.staple(crt, pem + ".ocsp.new")
        os.rename(pem + ".ocsp.new", pem + ".ocsp")
        self.assertIn("were read anew", s.p.stderr.readline().decode())
        self.assertIn("Cert Status: good", self.status(s))

    def test_what_will_not_do_is_told(self):
        crt, _, pem = self.servers.sign("ill", "DNS:localhost")
        other = self.servers.sign("well", "DNS:localhost")[0]

        def refused():
            out = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-l", "127.0.0.1:0", "--set", "certs=" + pem],
                                 capture_output=True, timeout=20)
            self.assertEqual(out.returncode, 1)
            return out.stderr.decode()
        self.servers.staple(other, pem + ".ocsp")
        self.assertIn("ill.pem.ocsp: it is about another certificate", refused())
        with open(pem + ".ocsp", "w") as f:
            f.write("nothing")
        self.assertIn("ill.pem.ocsp: this is no OCSP response", refused())
        self.servers.staple(crt, pem + ".ocsp")
        with open(pem + ".ocsp", "r+b") as f:
            der = f.read()
            f.seek(0)
            f.write(re.sub(rb"(\xa0\x11\x18\x0f)20\d\d", rb"\g<1>2020", der))      # nextUpdate
        self.assertRegex(refused(), r"ill.pem.ocsp: it was good until 2020-\d\d-\d\d")
        with open(pem + ".ocsp", "wb") as f:
            f.write(bytes.fromhex("30030a0103"))         # tryLater
        self.assertIn("the authority gave no answer (status 3)", refused())


class KeySize(Credentials):
    def bits(self, soth, *args):
        out = subprocess.run(["openssl", "s_client", "-proxy", soth.address, "-connect", f"localhost:{self.https}", "-CAfile", soth.ca,
                              "-verify_return_error", *args], stdin=subprocess.DEVNULL, capture_output=True, timeout=20).stdout.decode()
        found = re.search(r"Server public key is (\d+) bit", out)
        return int(found.group(1)) if found else None

    def own(self, soth):
        return pki.openssl("x509", "-noout", "-text", "-in", soth.ca).decode()

    def test_rsa_is_for_clients_that_know_nothing_else(self):
        of_old = "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"
        self.assertEqual((self.bits(self.soth), self.bits(self.soth, *of_old)), (256, None))
        self.assertIn("id-ecPublicKey", self.own(self.soth))
        s = self.start("--set", "key-size=2048")
        self.assertEqual((self.bits(s), self.bits(s, *of_old), self.bits(s, "-tls1_3")), (2048, 2048, 2048))
        self.assertEqual(self.bits(s, "-tls1_2", "-cipher", "AES128-GCM-SHA256"), 2048)       # the key exchange too
        self.assertIn("Public-Key: (2048 bit)", self.own(s))
        self.assertEqual(self.get(s, self.https).stdout, b"hello /")

    def test_an_authority_that_is_there_stays(self):
        before = self.own(self.soth)
        folder = os.path.dirname(self.soth.ca)
        self.soth.stop()
        s = peers.Soth(folder, "--set", "ssl-insecure=yes", "--set", "key-size=3072")
        self.addCleanup(s.end)
        self.assertEqual((self.bits(s), self.own(s)), (3072, before))

    def test_a_size_that_will_not_do(self):
        for size in "512", "9000":
            out = subprocess.run([peers.SOTH, "ca", "--confdir", self.folder.name, "--set", "key-size=" + size], capture_output=True, timeout=20)
            self.assertIn(f"key-size: {size}: from 1024 to 8192 bits, or 0 for ECDSA".encode(), out.stderr)
            self.assertEqual(out.returncode, 1)


class KeyLog(Credentials):
    def test_both_sides_are_logged_as_openssl_logs_them(self):
        for version in ("-tls1_3", "-tls1_2"):
            ours, theirs = (os.path.join(self.folder.name, name + version) for name in ("ours", "theirs"))
            s = self.start("--set", "tls-keylog=" + ours, "--set", f"tls-version-server-max=TLS1_{version[-1]}")
            subprocess.run(["openssl", "s_client", version, "-proxy", s.address, "-connect", f"localhost:{self.https}",
                            "-keylogfile", theirs], input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True)
            s.stop()
            self.assertEqual(os.stat(ours).st_mode & 0o777, 0o600)
            with open(ours) as a, open(theirs) as b:
                ours, theirs = set(a.read().splitlines()), {line for line in b.read().splitlines() if not line.startswith("#")}
            self.assertLessEqual(theirs, ours)
            self.assertEqual(len({line.split()[1] for line in ours}), 2)    # the server's side has a random of its own
            with open(s.session, "rb") as f:
                self.assertNotIn(ours.pop().split()[2].encode(), f.read())

    def test_the_environment_names_a_file_too_and_it_is_added_to(self):
        path = os.path.join(self.folder.name, "environment")
        with open(path, "w") as f:
            f.write("# mine\n")
        os.environ["SSLKEYLOGFILE"] = path
        self.addCleanup(os.environ.pop, "SSLKEYLOGFILE", None)
        s = self.start()
        os.environ.pop("SSLKEYLOGFILE")
        self.get(s, self.https)
        s.stop()
        with open(path) as f:
            lines = f.read().splitlines()
        self.assertEqual(lines[0], "# mine")
        self.assertEqual(sum(line.startswith("CLIENT_TRAFFIC_SECRET_0 ") for line in lines), 2)
        self.assertEqual(len(lines), 11)        # nobody else wrote the same once more

    def test_one_that_takes_no_more_is_told_and_traffic_goes_on(self):
        s = self.start("--set", "tls-keylog=/dev/full")
        for _ in range(2):
            self.assertEqual(self.get(s, self.https).stdout, b"hello /")
        said = s.stop()[2]
        self.assertEqual(said.count("soth: tls-keylog: No space left on device: no more keys are written\n"), 1, said)

    def logged(self, path):
        with open(path) as f:
            return [line.split()[1] for line in f if line.startswith("CLIENT_RANDOM ") or line.startswith("CLIENT_TRAFFIC_SECRET_0 ")]

    def test_it_is_set_and_changed_and_taken_away_while_soth_runs(self):
        one, two, no = (os.path.join(self.folder.name, name) for name in ("one", "two", "no/where"))
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", "--set", "ssl-insecure=yes")
        self.addCleanup(t.kill)
        text = t.wait(lambda s: re.search(r"soth\s+127\.0\.0\.1:\d+", s))
        address = re.search(r"127\.0\.0\.1:\d+", text).group(0)
        seen = [0]

        def get():
            seen[0] += 1
            ok = subprocess.run(["curl", "-sk", "--noproxy", "", "-x", address, f"https://localhost:{self.https}/{seen[0]}"],
                                capture_output=True).returncode
            self.assertEqual(ok, 0)
            t.wait(lambda s: re.search(rf"/{seen[0]}\s+200", s))

        get()
        t.keys(f":set tls-keylog={one}\r", "set tls-keylog")
        get()
        self.assertEqual(len(self.logged(one)), 2)      # both sides
        self.assertEqual(os.stat(one).st_mode & 0o777, 0o600)
        t.keys(f":set tls-keylog={no}\r", "No such file or directory")
        get()
        self.assertEqual(len(self.logged(one)), 4)      # the one before stays
        t.keys(f":set tls-keylog={two}\r", lambda s: "set tls-keylog" in s and "/two" in s)
        get()
        self.assertEqual(len(self.logged(two)), 2)
        t.keys(":set tls-keylog=\r", lambda s: re.search(r"tls-keylog=?\s*$", s, re.M) or "/two" not in s)
        get()
        t.keys(f":set tls-keylog={one}\r", lambda s: "/one" in s)
        get()
        self.assertEqual(len(self.logged(one)), 6)
        self.assertEqual(len(self.logged(two)), 2)
        fifo = os.path.join(self.folder.name, "fifo")
        os.mkfifo(fifo)
        t.keys(f":set tls-keylog={fifo}\r", "No such device or address")       # and does not wait for a reader

    @unittest.skipUnless(shutil.which("tshark"), "tshark is not there")
    def test_tshark_reads_with_it_what_passed(self):
        keys, capture = (os.path.join(self.folder.name, name) for name in ("k", "c.pcap"))
        s = self.start("--set", "tls-keylog=" + keys)
        tap = Tap(self.https)
        self.get(s, tap.port, "/behind-tls")
        s.stop()
        tap.write(capture)
        out = subprocess.run(["tshark", "-r", capture, "-o", "tls.keylog_file:" + keys, "-d", f"tcp.port=={tap.port},tls",
                              "-Y", "http.request", "-T", "fields", "-e", "http.request.uri"], capture_output=True)
        self.assertEqual(out.stdout.decode().split(), ["/behind-tls"], out.stderr)


class Tap:
    """Passes bytes on to a port, and writes them as packets: captures on lo want root."""

    def __init__(self, to):
        self.packets = []
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.seq = {0: 1, 1: 1}

        def pass_on(way, a, b):
            while (data := a.recv(1400)):
                self.packets.append((way, data))
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)

        def run():
            a, _ = listener.accept()
            b = socket.create_connection(("127.0.0.1", to))
            threading.Thread(target=pass_on, args=(0, a, b), daemon=True).start()
            pass_on(1, b, a)
        threading.Thread(target=run, daemon=True).start()

    def write(self, path):
        def tcp(way, flags, data):
            ports = (40000, self.port) if way == 0 else (self.port, 40000)
            seq, ack = self.seq[way], self.seq[1 - way]
            head = struct.pack("!HHIIBBHHH", *ports, seq, ack if flags & 16 else 0, 5 << 4, flags, 65535, 0, 0)
            self.seq[way] += len(data) + (flags & 2 > 0)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
            return ip + head + data
        packets = [tcp(0, 2, b""), tcp(1, 18, b""), tcp(0, 16, b"")] + [tcp(way, 24, data) for way, data in self.packets]
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))       # raw IP
            for i, p in enumerate(packets):
                f.write(struct.pack("<IIII", i, 0, len(p), len(p)) + p)


class ParentProxies(Credentials):
    def parent(self, crt, key, ask=None):
        """A proxy that is called by TLS and answers CONNECT; its port."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        if ask:
            context.load_verify_locations(ask)
            context.verify_mode = ssl.CERT_REQUIRED

        def talk(peer):
            try:
                with context.wrap_socket(peer, server_side=True) as s:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += s.recv(4096)
                    self.assertTrue(head.startswith(b"CONNECT "))
                    s.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    host, port = head.split()[1].decode().rsplit(":", 1)
                    with socket.create_connection((host, int(port))) as to:
                        self.splice(s, to)
            except (OSError, ssl.SSLError):
                pass
        return peers.raw_server(talk)

    @staticmethod
    def splice(s, to):
        def back():
            while (data := to.recv(65536)):
                s.sendall(data)
        threading.Thread(target=back, daemon=True).start()
        while (data := s.recv(65536)):
            to.sendall(data)

    def test_it_is_verified_like_a_server_and_gets_its_certificate(self):
        crt, key, _ = self.servers.sign("proxy", "DNS:localhost")
        port = self.parent(crt, key, self.authority.cert)
        trusted = os.path.join(self.folder.name, "trusted.pem")
        with open(trusted, "w") as out:
            for part in (self.cert, self.servers.cert):
                with open(part) as f:
                    out.write(f.read())
        mode = ("-m", f"upstream:https://localhost:{port}", "--set", "ssl-verify-upstream-trusted-ca=" + trusted)
        s = self.start(*mode, "--set", "client-certs=" + self.one)
        self.assertEqual(self.get(s, self.https).stdout, b"hello /")
        s = self.start(*mode)
        out = self.get(s, self.https, "/", "localhost", "-i")
        self.assertIn("the parent proxy requires a certificate of the client", s.row()["trouble"])
        s = self.start("-m", f"upstream:https://localhost:{port}")
        self.get(s, self.https)
        self.assertIn("the parent proxy's certificate is not accepted: its issuer is not trusted", s.row()["trouble"])
        s = self.start(*mode[:1], f"upstream:https://127.0.0.1:{port}", *mode[2:], "--set", "client-certs=" + self.one)
        self.get(s, self.https)
        self.assertIn("it is for another name than 127.0.0.1", s.row()["trouble"])


if __name__ == "__main__":
    unittest.main()
