"""Why TLS failed: with whom, for which reason, how sure that is, and what was shown; by real peers, and by broken ones."""
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import programs
import term

STARTED, ESTABLISHED, FAILED, CERTIFICATES = 6, 7, 8, 14
CONNECT = b"CONNECT localhost:%d HTTP/1.1\r\nHost: localhost\r\n\r\n"


def read_head(peer):
    seen = b""
    while b"\r\n\r\n" not in seen:
        more = peer.recv(1)
        if not more:
            break
        seen += more
    return seen


def hello(name="localhost"):
    """A ClientHello in one record, and what goes on from it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(into, out, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read(), tls, into, out


def in_records(record, size):
    """The same message in records of so many bytes each."""
    message = record[5:]
    return b"".join(record[:3] + len(message[i:i + size]).to_bytes(2, "big") + message[i:i + size]
                    for i in range(0, len(message), size))


class Attribution(programs.Case):
    args = ("--header-timeout", "1")

    def steps(self, kind, soth=None):
        """Of that kind, as texts by their names; certificates as a list of bytes."""
        s = soth or self.soth
        s.stop()
        found = []
        for note in peers.notes(s.session):
            if note[0] == 1 and note[7] == kind:
                names = [n.decode() for n in note[8][::2]]
                found.append({n: v.decode() for n, v in zip(names, note[8][1::2]) if n != "certificate"})
                found[-1]["certificates"] = [v for n, v in zip(names, note[8][1::2]) if n == "certificate"]
        return found

    def failed(self, **told):
        """The row of the failure, and what its step tells."""
        row = self.soth.row()
        steps = self.steps(FAILED)
        self.assertEqual(len(steps), 1, steps)
        self.assertEqual({n: steps[0].get(n) for n in told}, told, steps[0])
        self.assertEqual(row["close"], "tls_handshake_failed")
        return steps[0]

    def tunnel(self, data, port=None, soth=None):
        """A tunnel, and in it that."""
        c = (soth or self.soth).connect()
        c.sendall(CONNECT % (port or self.https))
        self.assertIn(b" 200 ", read_head(c))
        c.sendall(data)
        return c

    def all_of(self, c):
        out = b""
        while True:
            try:
                more = c.recv(65536)
            except ConnectionResetError:
                return out
            if not more:
                return out
            out += more

    def url(self):
        return f"https://localhost:{self.https}/"

    # Clients that do not trust soth.

    def test_curl_says_whom_it_does_not_trust(self):
        for version in ("1.2", "1.3"):
            with self.subTest(version):
                self.soth = self.start()
                self.curl("--tls-max", version, self.url(), ca=False)
                step = self.failed(peer="downstream", tls_failure_reason="unknown_ca", source_confidence="authoritative",
                                   alert="48", alert_name="unknown_ca", alert_by="client", sni="localhost",
                                   tls_stage="handshake", version="TLS" + version, tls_ops_provider="gnutls",
                                   negotiated_alpn="http/1.1", alpn_offered="h2,http/1.1")
                self.assertIn("TLS" + version, step["versions_offered"].split(","))
                self.assertRegex(step["ja4"], "^t%sd[0-9]{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$" % version.replace(".", ""))
                self.assertRegex(step["ja3"], "^[0-9a-f]{32}$")
                self.assertIn("GNUTLS_E_FATAL_ALERT_RECEIVED: ", step["raw_provider_error"])

    def test_openssl_says_whom_it_does_not_trust(self):
        subprocess.run(["openssl", "s_client", "-verify_return_error", "-proxy", self.soth.address, "-connect",
                        f"localhost:{self.https}"], stdin=subprocess.DEVNULL, capture_output=True)
        self.failed(peer="downstream", tls_failure_reason="unknown_ca", source_confidence="authoritative", alert="48")

    def test_python_says_whom_it_does_not_trust(self):
        with self.tunnel(b"") as c, self.assertRaises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(c, server_hostname="localhost")
        self.failed(peer="downstream", tls_failure_reason="unknown_ca", source_confidence="authoritative", alert="48")

    def test_python_says_that_the_name_is_another(self):
        context = ssl.create_default_context(cafile=self.soth.ca)
        with self.tunnel(b"") as c, self.assertRaises(ssl.SSLCertVerificationError):
            context.hostname_checks_common_name = False
            tls = context.wrap_socket(c, server_hostname="127.0.0.9", do_handshake_on_connect=False)
            tls.do_handshake()
        self.failed(peer="downstream", tls_failure_reason="cert_validation", source_confidence="authoritative",
                    alert_name="bad_certificate", sni="")

    def node(self, version):
        code = """const net = require("net"), tls = require("tls"), [port, to, max] = process.argv.slice(1);
const c = net.connect(port, "127.0.0.1", () => c.write(`CONNECT localhost:${to} HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n`));
c.once("data", () => tls.connect({ socket: c, servername: "localhost", maxVersion: max })
	.on("error", e => console.log(e.code)));"""
        said = programs.run("node", "-e", code, str(self.soth.port), str(self.https), version)
        self.assertIn("SELF_SIGNED_CERT_IN_CHAIN", said)

    def test_node_closes_without_a_word_and_that_is_inferred(self):
        for version, stage in (("TLSv1.3", "handshake"), ("TLSv1.2", "after_handshake")):
            with self.subTest(version):
                self.soth = self.start()
                self.node(version)
                step = self.failed(peer="downstream", tls_failure_reason="eof_or_reset", source_confidence="inferred",
                                   tls_stage=stage, sni="localhost", alert=None)
                self.assertIn("it may not accept", step["detail"])

    @unittest.skipUnless(shutil.which("gnutls-cli"), "there is no gnutls-cli")
    def test_gnutls_says_that_it_refuses(self):
        port = self.forward()
        subprocess.run(["gnutls-cli", "-p", str(port), "localhost"], stdin=subprocess.DEVNULL, capture_output=True)
        self.failed(peer="downstream", tls_failure_reason="cert_validation", source_confidence="authoritative", alert="42")

    def forward(self):
        """A port that leads through a tunnel."""
        def talk(peer):
            through = self.tunnel(b"")
            pumps = [peers.threading.Thread(target=self.pump, args=ends) for ends in ((peer, through), (through, peer))]
            for pump in pumps:
                pump.start()
            for pump in pumps:
                pump.join()
        return peers.raw_server(talk)

    @staticmethod
    def pump(one, other):
        try:
            while (more := one.recv(65536)):
                other.sendall(more)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @unittest.skipUnless(shutil.which("chromium"), "there is no chromium")
    def test_chromium_says_that_it_refuses(self):
        home = tempfile.mkdtemp(dir=self.folder.name)
        browser = subprocess.Popen(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + home,
                                    "--proxy-server=" + self.soth.address, "--proxy-bypass-list=<-loopback>",
                                    "--dump-dom", self.url()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(browser.wait)
        self.addCleanup(browser.kill)
        while (row := self.soth.row())["host"] != "localhost":
            pass
        step = self.steps(FAILED)[0]
        self.assertEqual([step[n] for n in ("peer", "tls_failure_reason", "source_confidence", "alert_name")],
                         ["downstream", "cert_validation", "authoritative", "certificate_unknown"])
        self.assertEqual(row["close"], "tls_handshake_failed")

    def test_one_that_says_farewell_and_nothing_else_may_not_accept_the_certificate(self):
        context = ssl.create_default_context(cafile=self.soth.ca)
        with self.tunnel(b"") as c:
            context.wrap_socket(c, server_hostname="localhost").unwrap().close()
        self.failed(peer="downstream", tls_failure_reason="eof_or_reset", source_confidence="inferred",
                    tls_stage="after_handshake", raw_provider_error="close_notify", alert_by="client")

    def test_one_whose_like_has_asked_before_has_not_failed(self):
        self.soth = self.start("--workers", "1")        # each has a memory of its own
        context = ssl.create_default_context(cafile=self.soth.ca)
        for asks in (True, False):
            with self.tunnel(b"") as c, context.wrap_socket(c, server_hostname="localhost") as tls:
                if asks:
                    tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    while tls.recv(65536):
                        pass
            self.soth.row()
        self.assertEqual(self.steps(FAILED), [])
        self.assertEqual([s["resumed"] for s in self.steps(ESTABLISHED) if s["peer"] == "downstream"], ["no", "no"])

    def test_one_that_breaks_off_right_behind_its_handshake_has_failed_by_inference(self):
        context = ssl.create_default_context(cafile=self.soth.ca)
        with self.tunnel(b"") as c:
            tls = context.wrap_socket(c, server_hostname="localhost")
            tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            tls.close()
        self.failed(peer="downstream", tls_failure_reason="eof_or_reset", source_confidence="inferred",
                    tls_stage="after_handshake")

    def test_one_that_resumes_and_leaves_has_not_failed(self):
        context = ssl.create_default_context(cafile=self.soth.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.tunnel(b"") as c, context.wrap_socket(c, server_hostname="localhost") as tls:
            session = tls.session
            tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while tls.recv(65536):
                pass
        with self.tunnel(b"") as c, context.wrap_socket(c, server_hostname="localhost", session=session) as tls:
            self.assertTrue(tls.session_reused)
        self.soth.row(), self.soth.row()
        self.assertEqual(self.steps(FAILED), [])

    # Hellos that are none.

    def test_a_hello_in_a_hundred_records_or_a_byte_each_is_a_handshake(self):
        for size in (1, 2, 3, 5):
            with self.subTest(size):
                self.soth = self.start()
                record, tls, into, out = hello()
                pieces = in_records(record, size)
                self.assertGreater(len(pieces) // (size + 5), 60)
                c = self.tunnel(pieces)
                while True:
                    try:
                        tls.do_handshake()
                        break
                    except ssl.SSLWantReadError:
                        into.write(c.recv(65536))
                tls.write(b"GET /split HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                c.sendall(out.read())
                row = self.soth.row()
                self.assertEqual((row["status"], row["path"]), (200, "/split"))
                self.assertEqual(self.steps(STARTED)[-1]["sni"], "localhost")

    def test_a_hello_that_comes_a_byte_at_a_time_is_a_handshake(self):
        record, tls, into, out = hello()
        c = self.tunnel(b"")
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(record)):
            c.sendall(record[i:i + 1])
        self.assertEqual(c.recv(1), b"\x16")

    def hopeless(self, data, answer, words, **told):
        c = self.tunnel(data, peers.raw_server(lambda peer: peer.recv(1)))
        self.assertEqual(self.all_of(c), answer)
        step = self.failed(peer="downstream", **told)
        self.assertIn(words, step["detail"])

    def test_a_hello_that_is_broken_is_refused_and_told(self):
        record = hello()[0]
        sure = {"tls_failure_reason": "handshake", "source_confidence": "authoritative", "tls_stage": "hello"}
        for data, alert, words in (
                (record[:76] + b"\xff\xff" + record[78:], 50, "its parts do not fit into it"),
                (b"\x16\3\1\0\4\2\0\0\0", 10, "another message"),
                (b"\x16\3\1\0\0", 10, "a record is empty"),
                (b"\x16\3\1\x7f\xff" + bytes(100), 22, "a record is longer"),
                (in_records(record, 100)[:105] + b"\x17\3\3\0\1x", 10, "something else follows"),
                (b"\x16\3\1\x40\0\1\1\0\0" + bytes(16380), 50, "longer than 65536"),
                (b"\x80\x1c\1\3\1\0\3\0\0\0\x10\0\0\x2f" + b"0" * 16, 70, "SSLv2")):
            with self.subTest(words):
                self.soth = self.start(*self.args)
                self.hopeless(data, b"\x15\3\3\0\2\2" + bytes([alert]), words, alert=str(alert), alert_by="soth", **sure)

    def test_a_hello_that_breaks_off_is_told(self):
        c = self.tunnel(hello()[0][:100], peers.raw_server(lambda peer: peer.recv(1)))
        c.shutdown(socket.SHUT_WR)
        self.assertEqual(self.all_of(c), b"")
        self.failed(peer="downstream", tls_failure_reason="eof_or_reset", source_confidence="inferred", alert=None)

    def test_a_handshake_that_does_not_go_on_is_given_up_in_time(self):
        record = hello()[0]
        silent = peers.raw_server(lambda peer: peer.recv(1))
        half, alone, whole = self.tunnel(record[:100], silent), self.soth.connect(), self.tunnel(record)
        alone.sendall(record[:100])     # to soth itself
        self.assertEqual([self.all_of(c)[:1] for c in (half, alone, whole)], [b"", b"", b"\x16"])
        for _ in range(3):
            self.assertEqual(self.soth.row()["close"], "tls_handshake_failed")
        steps = self.steps(FAILED)
        for step in steps:
            self.assertEqual((step["peer"], step["tls_failure_reason"], step["source_confidence"], step["tls_stage"]),
                             ("downstream", "timeout", "inferred", "handshake" if "version" in step else "hello"))
        self.assertEqual(sorted(step.get("version", "") for step in steps), ["", "", "TLS1.3"])
        self.assertEqual(sum("did not come to an end in time" in step["detail"] for step in steps), 2)

    def test_http_on_the_port_of_tls_is_a_row(self):
        c = self.tunnel(b"GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.all_of(c)
        self.assertEqual(self.soth.row()["path"], "/plain")

    def test_a_server_that_speaks_http_in_place_of_tls_is_told(self):
        self.curl(f"https://localhost:{self.http}/")
        step = self.failed(peer="upstream", tls_failure_reason="handshake", source_confidence="authoritative", sni="localhost")
        self.assertIn("not TLS", step["detail"])

    # Servers that soth does not believe.

    def test_what_a_refused_server_shows_is_told_whole(self):
        s = self.soth = peers.Soth(tempfile.mkdtemp(dir=self.folder.name))
        self.addCleanup(s.end)
        self.curl("-k", self.url())
        s.row()
        shown = self.steps(CERTIFICATES)
        self.assertEqual(len(shown), 1)
        with open(self.cert) as f:
            self.assertEqual(shown[0]["certificates"], [ssl.PEM_cert_to_DER_cert(f.read())])
        self.assertEqual((shown[0]["peer"], shown[0]["count"]), ("upstream", "1"))
        self.assertIn("localhost", shown[0]["names"])
        step = self.steps(FAILED)[0]
        self.assertEqual([step[n] for n in ("peer", "tls_failure_reason", "source_confidence", "verify_status", "alert_by")],
                         ["upstream", "unknown_ca", "authoritative", "signer_not_found", "soth"])
        self.assertEqual([step["alert_name"], step["sni"], step["version"]], ["unknown_ca", "localhost", "TLS1.3"])
        self.assertEqual(self.found("~cert cn=localhost"), 1)

    def test_the_chain_is_on_the_page_of_the_flow(self):
        self.curl(self.url())
        self.soth.row()
        self.soth.stop()
        t = term.Terminal("-r", self.soth.session)
        self.addCleanup(t.kill)
        t.wait("localhost")
        text = t.keys("llll\tz", "Server side: certificate 1 of 1")
        self.assertRegex(text, r"subject +CN=localhost")
        self.assertRegex(text, r"name +mirrored\.test")
        self.assertRegex(text, r"signed by +ECDSA-SHA256")

    # What is stapled to a certificate.

    def authority(self):
        """An authority, and a certificate of it that must have a staple."""
        folder = tempfile.mkdtemp(dir=self.folder.name)

        def run(*args):
            subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=folder)
        ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        run("req", "-x509", *ec, "-keyout", "ca.key", "-out", "ca.pem", "-days", "9", "-subj", "/CN=staples",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature")
        for name, extra in (("plain", ""), ("must", "tlsfeature=status_request\n")):
            with open(os.path.join(folder, name + ".ext"), "w") as f:
                f.write("subjectAltName=DNS:localhost\n" + extra)
            run("req", *ec, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=localhost")
            run("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "5",
                "-extfile", name + ".ext", "-out", name + ".pem")
        return folder, run

    def staple(self, folder, run, name, state):
        """What an authority says of that certificate; of another one, where `state` is "other"."""
        of = {"plain": "must", "must": "plain"}[name] if state == "other" else name
        serial = subprocess.run(["openssl", "x509", "-serial", "-noout", "-in", of + ".pem"], cwd=folder, text=True,
                                capture_output=True).stdout.strip().split("=")[1]
        with open(os.path.join(folder, "index"), "w") as f:
            f.write({"revoked": "R\t401231235959Z\t250101000000Z"}.get(state, "V\t401231235959Z\t") +
                    f"\t{serial}\tunknown\t/CN=localhost\n")
        run("ocsp", "-index", "index", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-issuer", "ca.pem",
            "-cert", of + ".pem", "-reqout", "req.der")
        run("ocsp", "-index", "index", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-reqin", "req.der",
            "-respout", "staple.der", "-ndays", "2")
        return os.path.join(folder, "staple.der")

    def served(self, folder, name, staple):
        port = peers.free_port()
        p = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-cert", name + ".pem", "-key", name + ".key",
                              "-www", *(("-status_file", staple) if staple else ())], cwd=folder,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(p.stdout.close)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        while b"ACCEPT" not in p.stdout.readline():
            pass
        return port

    def test_what_is_stapled_to_a_certificate_is_told_as_the_library_finds_it(self):
        folder, run = self.authority()
        for name, state, kind, told in (
                ("plain", "good", ESTABLISHED, ("true", "present", "signal_present")),
                ("plain", None, ESTABLISHED, ("false", "missing", "no_signal")),
                ("plain", "revoked", FAILED, ("true", "revoked", "signal_revoked")),
                ("plain", "other", FAILED, ("true", "invalid", "signal_invalid_staple")),
                ("must", "good", ESTABLISHED, ("true", "present", "signal_present")),
                ("must", None, FAILED, ("false", "missing", "signal_missing_staple"))):
            with self.subTest((name, state)):
                port = self.served(folder, name, state and self.staple(folder, run, name, state))
                self.soth = self.start("--set", "ssl-verify-upstream-trusted-ca=" + os.path.join(folder, "ca.pem"))
                self.curl(f"https://localhost:{port}/")
                self.soth.row()
                step = [s for s in self.steps(kind) if s["peer"] == "upstream"][0]
                self.assertEqual((step["upstream_ocsp_staple_present"], step["upstream_ocsp_staple_status"],
                                  step["revocation_decision"]), told, step)
                self.assertEqual(step["revocation_policy_mode"], "passive_observe")
                if kind == FAILED:
                    self.assertEqual(step["tls_failure_reason"], "cert_validation")

    # What is made of it.

    def found(self, which):
        """How many flows of the session that is."""
        out = os.path.join(self.folder.name, "found.soth")
        subprocess.run([peers.SOTH, "convert", "--filter", which, self.soth.session, out], check=True, capture_output=True)
        flows = {n[2] for n in peers.notes(out) if n[0] == 0}
        os.unlink(out)
        return len(flows)

    def test_flows_are_found_by_what_is_told(self):
        self.curl(self.url(), ca=False)
        self.curl(self.url())
        self.soth.row(), self.soth.row()
        self.soth.stop()
        for which, count in (("~alert unknown_ca", 1), ("~alert 48", 1), ("~alert 42", 0), ("~confidence ^authoritative$", 1),
                             ("~confidence inferred", 0), ("~ja4 ^t13d", 2), ("~ja3 ^[0-9a-f]{32}$", 2), ("~alpn ^http/1.1$", 2),
                             ("~cert localhost", 2), ("~alpn h2", 0)):
            self.assertEqual(self.found(which), count, which)


if __name__ == "__main__":
    unittest.main()
