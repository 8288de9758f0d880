"""Policy: what is intercepted, what passes unread, and what is blocked."""
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


def client_hello(name):
    """The bytes of one, as Python's OpenSSL says them."""
    out = ssl.MemoryBIO()
    context = ssl.create_default_context()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        return out.read()


class Policy(peers.Case):
    def url(self, host="localhost", scheme="https"):
        return f"{scheme}://{host}:{self.https if scheme == 'https' else self.http}/x"

    def passed(self, s, *args, url=None):
        """The client sees the server's own certificate, and the row is a tunnel; the row."""
        out = subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", s.address, "--cacert", self.cert, *args,
                              url or self.url()], capture_output=True)
        self.assertEqual((out.returncode, out.stdout), (0, b"hello /x"))
        row = s.row()
        self.assertEqual(row["action"], "tunnel")
        self.assertEqual(row["status"], 0)
        return row

    def read(self, s, url=None):
        out = self.curl(url or self.url(), soth=s)
        self.assertEqual((out.returncode, out.stdout), (0, b"hello /x"))
        row = s.row()
        self.assertEqual((row["action"], row["status"]), ("intercept", 200))
        return row

    def refused(self, s, *args, status="403"):
        out = self.curl("-o", os.devnull, "-w", "%{http_connect} %{http_code}", *args, soth=s)
        self.assertIn(status, out.stdout.decode())
        row = s.row()
        self.assertEqual((row["action"], row["close"]), ("block", "blocked"))
        return row

    def test_ignore_hosts_passes_on_what_a_regex_finds(self):
        s = self.start("--ignore-hosts", "nothing", "--ignore-hosts", f"^LOCALHOST:{self.https}$")
        row = self.passed(s)
        self.assertEqual(row["reason"], "ignored_host")
        self.assertGreater(min(row["request_bytes"], row["response_bytes"]), 200)

    def test_hellos_of_a_tunnel_are_told_as_they_pass(self):
        s = self.start("--ignore-hosts", "localhost")
        for most, agreed in ("1.3", "TLS1.3"), ("1.2", "TLS1.2"):
            self.passed(s, "--tlsv1.2", "--tls-max", most)
        s.stop()
        seen = [dict(f) for n in peers.notes(s.session) if n[0] == 1 for f in [self.fields(n)] if f.get("versions_offered") or f.get("cipher")]
        self.assertEqual([(f.get("sni"), f["versions_offered"]) if "sni" in f else f["version"] for f in seen],
                         [("localhost", "TLS1.3,TLS1.2"), "TLS1.3", ("localhost", "TLS1.2"), "TLS1.2"])
        self.assertRegex(seen[0]["alpn_offered"], "http/1.1")
        self.assertRegex(seen[0]["ja4"], "^t13d")

    @staticmethod
    def fields(note):
        """The values of a step."""
        flat = note[8]
        return {flat[i].decode(): flat[i + 1].decode("latin-1") for i in range(0, len(flat) - 1, 2)}

    def test_the_address_of_a_name_counts_too(self):
        s = self.start("--ignore-hosts", r"^127\.0\.0\.1:")
        self.assertEqual(self.passed(s)["reason"], "ignored_host")

    def test_the_name_in_the_hello_counts_too(self):
        s = self.start("--ignore-hosts", "^mirrored.test")
        with s.connect() as plain:
            plain.sendall(f"CONNECT 127.0.0.1:{self.https} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            self.assertIn(b"200", plain.recv(4096))
            context = ssl.create_default_context(cafile=self.cert)
            with context.wrap_socket(plain, server_hostname="mirrored.test") as t:
                t.sendall(b"GET /x HTTP/1.1\r\nHost: mirrored.test\r\nConnection: close\r\n\r\n")
                self.assertIn(b"hello /x", b"".join(iter(lambda: t.recv(4096), b"")))
        row = s.row()
        self.assertEqual((row["action"], row["reason"]), ("tunnel", "ignored_host"))

    def test_allow_hosts_passes_on_all_others(self):
        s = self.start("--allow-hosts", "localhost")
        self.read(s)
        self.assertEqual(self.passed(s, url=self.url("127.0.0.1"))["reason"], "passthrough_unlisted")

    def test_plain_requests_are_read_whatever_is_ignored(self):
        s = self.start("--ignore-hosts", "localhost")
        self.assertEqual(self.curl(self.url(scheme="http"), soth=s).stdout, b"hello /x")
        self.assertEqual(s.row()["status"], 200)

    def test_block_hosts_refuses_tunnels_and_requests(self):
        s = self.start("--block-hosts", "localhost")
        self.assertIn("block-hosts:1", self.refused(s, self.url())["trouble"])
        self.refused(s, self.url(scheme="http"))
        self.refused(s, "-p", self.url(scheme="http"))
        out = self.curl(self.url(scheme="http"), soth=s)
        self.assertIn(b"blocked_host: block-hosts:1", out.stdout)

    def test_no_server_of_what_is_blocked_is_called(self):
        calls = []
        port = peers.raw_server(lambda c: calls.append(c))
        s = self.start("--block-hosts", f":{port}$")
        self.refused(s, f"https://localhost:{port}/")
        self.refused(s, f"http://localhost:{port}/")
        self.assertEqual(calls, [])

    def test_a_blocked_name_in_the_hello_gets_an_alert(self):
        s = self.start("--block-hosts", "bank.example")
        with s.connect() as c:
            c.sendall(f"CONNECT 127.0.0.1:{self.https} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.assertIn(b"200", c.recv(4096))
            c.sendall(client_hello("www.bank.example"))
            self.assertEqual(b"".join(iter(lambda: c.recv(4096), b"")), b"\x15\x03\x03\0\2\2\x31")
        self.assertEqual((row := s.row())["action"], "block")
        self.assertEqual(row["host"], "127.0.0.1")

    def test_openssl_says_what_the_alert_is(self):
        s = self.start("--block-hosts", "bank.example")
        out = subprocess.run(["openssl", "s_client", "-proxy", s.address, "-connect", f"127.0.0.1:{self.https}",
                              "-servername", "bank.example"], stdin=subprocess.DEVNULL, capture_output=True)
        self.assertIn(b"access denied", out.stderr)
        self.assertEqual(s.row()["close"], "blocked")

    def test_socks_is_told_that_it_is_not_allowed(self):
        s = self.start("--block-hosts", "localhost")
        out = subprocess.run(["curl", "-sS", "-m", "20", "--noproxy", "", "--socks5-hostname", s.address, self.url()],
                             capture_output=True, text=True)
        self.assertEqual(out.returncode, 97)
        self.assertIn("(2)", out.stderr)		# RFC 1928: not allowed by ruleset
        self.assertEqual(s.row()["close"], "blocked")

    def test_socks_passes_what_is_ignored(self):
        s = self.start("--ignore-hosts", "localhost")
        out = subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "--socks5-hostname", s.address, "--cacert", self.cert,
                              self.url()], capture_output=True)
        self.assertEqual(out.stdout, b"hello /x")
        self.assertEqual(s.row()["reason"], "ignored_host")

    def test_policy_of_one_host(self):
        s = self.start("--policy@localhost", "tunnel")
        self.assertEqual(self.passed(s)["reason"], "compat_override_force_tunnel")
        self.read(s, self.url("127.0.0.1"))

    def test_policy_of_one_program(self):
        s = self.start("--policy@curl/*", "tunnel")
        self.assertEqual(self.passed(s)["reason"], "compat_override_force_tunnel")
        with s.connect() as plain:
            plain.sendall(f"CONNECT localhost:{self.https} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.assertIn(b"200", plain.recv(4096))
            with ssl.create_default_context(cafile=s.ca).wrap_socket(plain, server_hostname="localhost") as t:
                t.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                self.assertIn(b"hello /x", b"".join(iter(lambda: t.recv(4096), b"")))
        self.assertEqual(s.row()["action"], "intercept")

    def test_any_switch_of_one_program(self):
        s = self.start("--ssl-insecure@curl/localhost", "yes", "--set", "ssl-verify-upstream-trusted-ca=")
        self.assertEqual(self.read(s)["reason"], "compat_override")
        s = self.start("--ssl-insecure@wget/localhost", "yes", "--set", "ssl-verify-upstream-trusted-ca=")
        self.assertEqual(self.curl("-o", os.devnull, "-w", "%{http_code}", self.url(), soth=s).stdout, b"502")

    def test_policy_of_all_but_one(self):
        s = self.start("--policy", "block", "--policy@localhost", "intercept")
        self.assertEqual(self.read(s)["reason"], "compat_override")
        self.assertEqual(self.refused(s, self.url("127.0.0.1"))["reason"], "destination_not_allowed")

    def test_reverse_passes_tls_to_its_server(self):
        s = self.start("-m", f"reverse:https://localhost:{self.https}", "--policy", "tunnel")
        context = ssl.create_default_context(cafile=self.cert)
        with context.wrap_socket(s.connect(), server_hostname="localhost") as t:
            t.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertIn(b"hello /x", b"".join(iter(lambda: t.recv(4096), b"")))
        self.assertEqual(s.row()["action"], "tunnel")

    def test_a_parent_proxy_is_asked_for_what_passes(self):
        s = self.start("-m", "upstream:http://" + self.soth.address, "--ignore-hosts", "localhost")
        self.curl(self.url(), soth=s, ca=False)
        out = subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", s.address, "--cacert", self.soth.ca, self.url()],
                             capture_output=True)
        self.assertEqual(out.stdout, b"hello /x")
        self.assertEqual(s.row()["action"], "tunnel")

    def test_datagrams_to_what_is_blocked_are_dropped(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as origin:
            origin.bind(("127.0.0.1", 0))
            port = origin.getsockname()[1]
            s = self.start("-m", f"reverse:udp://127.0.0.1:{port}", "--block-hosts", f":{port}$")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as c:
                c.sendto(b"hello", ("127.0.0.1", s.port))
                row = s.row()
            self.assertEqual((row["action"], row["close"]), ("block", "blocked"))
            origin.setblocking(False)
            with self.assertRaises(BlockingIOError):
                origin.recv(10)

    def test_a_regex_that_is_none_is_refused_at_the_start(self):
        out = subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-l", "127.0.0.1:0", "--ignore-hosts", "a("],
                             capture_output=True, text=True)
        self.assertEqual(out.returncode, 1)
        self.assertIn("ignore-hosts: regex 1, byte 3", out.stderr)

    def test_ssl_insecure_for_one_host_alone(self):
        s = self.start("--set", "ssl-verify-upstream-trusted-ca=", "--ssl-insecure@localhost", "yes")
        self.assertEqual(self.read(s)["reason"], "compat_override")
        out = self.curl("-o", os.devnull, "-w", "%{http_code}", self.url("127.0.0.1"), soth=s)
        self.assertEqual(out.stdout, b"502")


class Learning(peers.Case):
    args = ("--learn-passthrough", "yes")

    def distrusting(self, s, host="localhost", port=None):
        """curl, which believes the server's authority and not ours: its status."""
        return subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", s.address, "--cacert", self.cert, "-o", os.devnull,
                               f"https://{host}:{port or self.https}/"]).returncode

    def audits(self, s):
        """What the event log says of failures that were looked at, when all is over."""
        s.stop()
        log = os.path.join(self.folder.name, "events")
        subprocess.run([peers.SOTH, "dump", "--confdir", self.folder.name, "-r", s.session, "--event-log", log],
                       check=True, capture_output=True)
        with open(log) as f:
            return [e["attributes"] for e in map(json.loads, f) if e.get("kind") == "tls_learning_audit"]

    def test_who_refuses_our_certificate_by_an_alert_fails_once_and_then_passes(self):
        s = self.soth
        self.assertNotEqual(self.distrusting(s), 0)
        self.assertEqual(s.row()["tls_failed"], "client")
        self.assertEqual(self.distrusting(s), 0)
        row = s.row()
        self.assertEqual((row["action"], row["reason"]), ("tunnel", "learned"))
        self.assertNotEqual(self.distrusting(s, "127.0.0.1"), 0)	# another host
        a = self.audits(s)
        self.assertEqual([x["tls_learning_decision"] for x in a], ["applied", "applied"])
        self.assertEqual((a[0]["signal_host"], a[0]["signal_source"], a[0]["signal_inferred"], a[0]["override_rule_id"],
                          a[0]["tls_learning_applied_count"]), ("localhost", "downstream", "false", "learned:1", "1"))

    def test_openssl_teaches_it_too(self):
        s = self.soth
        ask = ["openssl", "s_client", "-proxy", s.address, "-connect", f"127.0.0.1:{self.https}", "-servername", "localhost",
               "-verify_return_error", "-CAfile", self.cert, "-brief"]
        for status, action in (1, "intercept"), (0, "tunnel"):
            out = subprocess.run(ask, stdin=subprocess.DEVNULL, capture_output=True)
            self.assertEqual(out.returncode, status, out.stderr)
            self.assertEqual(s.row()["action"], action)

    def test_what_one_program_taught_is_for_it_alone(self):
        s = self.soth
        self.assertNotEqual(self.distrusting(s), 0)
        s.row()
        subprocess.run(["openssl", "s_client", "-proxy", s.address, "-connect", f"127.0.0.1:{self.https}", "-servername", "localhost",
                        "-CAfile", s.ca, "-brief"], stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual(s.row()["action"], "intercept")
        self.assertEqual(self.distrusting(s), 0)
        self.assertEqual(s.row()["reason"], "learned")

    def test_who_just_leaves_teaches_nothing(self):
        s = self.soth
        for _ in range(2):
            with s.connect() as c:
                c.sendall(f"CONNECT localhost:{self.https} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                self.assertIn(b"200", c.recv(4096))
                c.sendall(client_hello("localhost"))
                self.assertEqual(c.recv(1), b"\x16")
            self.assertEqual(s.row()["action"], "intercept")
        a = self.audits(s)
        self.assertEqual([(x["tls_learning_decision"], x["tls_learning_reason_code"]) for x in a],
                         [("ignored", "inferred_signal")] * 2)
        self.assertEqual(a[1]["tls_learning_ignored_count"], "2")

    def test_servers_teach_nothing(self):
        s = self.start("--learn-passthrough", "yes", "--set", "ssl-verify-upstream-trusted-ca=")
        for _ in range(2):
            self.curl("-o", os.devnull, f"https://localhost:{self.https}/", soth=s)
            self.assertEqual(s.row()["action"], "intercept")
        self.assertEqual({x["tls_learning_reason_code"] for x in self.audits(s)}, {"upstream_failure"})

    def test_nothing_is_learned_while_it_is_off(self):
        s = self.start()
        for _ in range(2):
            self.assertNotEqual(self.distrusting(s), 0)
            self.assertEqual(s.row()["action"], "intercept")
        self.assertEqual(self.audits(s), [])


class Screen(peers.Case):
    def open(self, *args, **how):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", "--set", "ssl-verify-upstream-trusted-ca=" + self.cert,
                          *args, **how)
        self.addCleanup(t.kill)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.address = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text).group(1)
        return t

    def ask(self, t, trust=None, host="localhost"):
        """What came of a request, and whose certificate was believed for it: ours, or the server's."""
        ca = {"soth": os.path.join(self.folder.name, "soth-ca-cert.pem"), "server": self.cert}[trust or "soth"]
        return subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", "-x", t.address, "--cacert", ca, "-o", os.devnull,
                               "-w", "%{http_connect} %{http_code}", f"https://{host}:{self.https}/"],
                              capture_output=True, text=True).stdout

    def top(self, t, what):
        return t.wait(lambda s: re.search(what, s.split("\n")[0]))

    def test_a_host_is_passed_on_for_minutes_counted_down_and_taken_back(self):
        t = self.open(cols=200)
        self.assertEqual(self.ask(t), "200 200")
        t.wait("1 flow")
        t.keys(":tunnel 15\r", "for 15 minutes connections to localhost pass unread")
        self.top(t, r"tunnel localhost 1[45]:\d\d")
        self.assertEqual(self.ask(t), "200 000")		# not our certificate
        self.assertEqual(self.ask(t, "server"), "200 200")
        self.top(t, r"tunnel localhost 14:[0-5]\d")
        t.keys(":policy_undo\r", "connections to localhost are as all others again")
        self.top(t, r"^(?!.*tunnel localhost)")
        self.assertEqual(self.ask(t), "200 200")
        t.keys(":policy_undo\r", "nothing is said of localhost alone")

    def test_a_host_is_blocked_until_it_is_read_again(self):
        t = self.open()
        t.keys(":block *.0.0.1\r", "connections to *.0.0.1 are refused")
        self.assertEqual(self.ask(t, host="127.0.0.1"), "403 000")
        t.keys("", "⊘")
        self.top(t, "policy block")
        t.keys(":inspect 1 127.0.0.1\r", "for 1 minute connections to 127.0.0.1 are read")
        self.assertEqual(self.ask(t, host="127.0.0.1"), "200 200")
        t.keys(":block curl-of-nobody/localhost\r", "connections to localhost by curl-of-nobody are refused")
        self.assertEqual(self.ask(t), "200 200")

    def test_what_was_learned_is_shown_counted_down_and_taken_back(self):
        t = self.open("--learn-passthrough", "yes", "--learn-minutes", "7", cols=200)
        self.assertEqual(self.ask(t, "server"), "200 000")
        self.top(t, r"tunnel localhost [67]:\d\d")
        self.assertEqual(self.ask(t, "server"), "200 200")
        t.keys("\x10", "Policy")		# <C-p>
        text = t.wait(lambda s: re.search(r"tunnel +6:\d\d +localhost .* 1 alert unknown_ca \(48\) by client, flow 1", s))
        self.assertRegex(text, r"learned +\d\d:\d\d:\d\d +localhost .* authoritative: ")
        self.assertIn("learning: 1 applied, 0 ignored", text)
        lines = text.split("\n")
        row = lambda what: next(y for y, line in enumerate(lines) if re.search(what, line))
        t.keys("j" * (row("tunnel +6:") - row("For a time")) + "u", "connections to localhost are as all others again")
        self.top(t, r"^(?!.*tunnel localhost)")
        self.assertEqual(self.ask(t, "server"), "200 000")

    def test_rules_are_listed_and_taken_back(self):
        t = self.open("--ignore-hosts", "first", "--ignore-hosts", "^second$", "--policy@curl/*.bank.example", "block",
                      "--http2@old.example", "no", cols=160)
        t.keys(":policy\r", "Policy")
        text = t.wait("http2@old.example")
        self.assertRegex(text, r"block +\*\.bank\.example +curl +policy@curl/\*\.bank\.example")
        self.assertRegex(text, r"tunnel +first +ignore-hosts:1\n.*tunnel +\^second\$ +ignore-hosts:2\n.*intercept +all others")
        t.keys("jjju", lambda s: "curl/*" not in s)
        t.keys("u", lambda s: not re.search("tunnel +first", s))
        t.keys("", "ignore-hosts:1")
        t.keys(":set ignore-hosts\r")
        t.keys("gu", "nothing on this line can be taken back")

    def test_what_no_host_is_named_for_is_refused(self):
        t = self.open()
        t.keys(":tunnel\r", "no flow with a host is under the cursor")
        t.keys(":tunnel 0 a.test\r", "expected minutes from 1")
        t.keys(":tunnel 5 curl/\r", "expected a host")

    def test_what_is_unsafe_is_red_at_the_top(self):
        t = self.open("--ssl-insecure@localhost", "yes", cols=160)
        self.top(t, "unsafe: ssl-insecure on localhost")
        at = t.text().split("\n")[0].index("unsafe")
        self.assertEqual(t.screen.buffer[0][at].bg, "af0000")		# the nearest of 256
        t.keys(":set ssl-insecure@localhost=default\r")
        self.top(t, "^(?!.*unsafe)")
        t.keys(":set validate-inbound-headers@localhost=no\r")
        self.top(t, "unsafe: strict headers off localhost")
        t.keys(":set validate-inbound-headers@localhost=default\r")
        self.top(t, "^(?!.*unsafe)")
        t.keys(":set tls-version-server-min=TLS1\r")
        self.top(t, "unsafe: tls-version-server-min TLS1")
        t.keys(":set tls-version-server-min=TLS1_2\r")
        t.keys(":set tls-version-client-min=tls1_1\r")
        self.top(t, "unsafe: tls-version-client-min tls1_1")
        t.keys(":set tls-version-client-min=TLS1_2\r")
        self.top(t, "^(?!.*unsafe)")


if __name__ == "__main__":
    unittest.main()
