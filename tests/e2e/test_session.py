"""TLS and its failures, sessions that are kept, and the command line."""
import json
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers


class Tls(peers.Case):
    def test_a_client_that_does_not_trust_us_is_a_row_that_says_so(self):
        self.assertEqual(self.curl(f"https://localhost:{self.https}/", ca=False).returncode, 60)
        row = self.soth.row()
        self.assertEqual((row["tls_failed"], row["close"]), ("client", "tls_handshake_failed"))
        self.assertIn("unknown_ca", row["trouble"])

    def test_a_server_that_is_not_believed_is_502_unless_k(self):
        s = self.start("--set", "ssl-verify-upstream-trusted-ca=")
        self.assertIn(b"502 Bad Gateway", self.curl(f"https://localhost:{self.https}/", soth=s).stdout)
        self.assertEqual(s.row()["tls_failed"], "server")
        s = self.start("--set", "ssl-verify-upstream-trusted-ca=", "-k")
        self.assertEqual(self.curl(f"https://localhost:{self.https}/", soth=s).stdout, b"hello /")

    def test_certificates_have_the_server_s_names(self):
        out = self.curl("--connect-to", f"mirrored.test:443:localhost:{self.https}", "-v",
                        f"https://localhost:{self.https}/")
        self.assertEqual(out.returncode, 0)
        text = subprocess.run(
            f"openssl s_client -proxy {self.soth.address} -connect localhost:{self.https} -servername localhost "
            "</dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName", shell=True, capture_output=True)
        self.assertIn(b"mirrored.test", text.stdout)


class Sessions(peers.Case):
    def ask(self, times):
        for n in range(times):
            self.curl(f"http://127.0.0.1:{self.http}/{n}")
            self.soth.row()

    def dump(self, *args):
        return subprocess.run([peers.SOTH, "dump", "--json", "--confdir", self.folder.name, "-r", *args],
                              capture_output=True, text=True)

    def test_an_end_by_signal_leaves_a_whole_session(self):
        self.ask(3)
        code, _, _ = self.soth.stop()
        self.assertEqual(code, 0)
        again = self.dump(self.soth.session)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual([json.loads(l)["path"] for l in again.stdout.splitlines()], ["/0", "/1", "/2"])

    def test_a_killed_soth_loses_nothing_that_was_written(self):
        self.ask(3)
        self.soth.p.send_signal(signal.SIGKILL)
        self.soth.p.wait()
        self.assertEqual(len(self.dump(self.soth.session).stdout.splitlines()), 3)

    def test_a_cut_session_is_read_to_the_cut_and_says_so(self):
        self.ask(3)
        self.soth.stop()
        with open(self.soth.session, "r+b") as f:
            f.truncate(os.path.getsize(self.soth.session) - 5)
        again = self.dump(self.soth.session)
        self.assertEqual(again.returncode, 3)
        self.assertIn("cut off at byte", again.stderr)
        self.assertEqual(len(again.stdout.splitlines()), 3)

    def test_the_oldest_flows_go_and_one_that_goes_on_keeps_what_it_began_with(self):
        s = self.start("--set", "session-size=8k")
        with s.connect() as c:
            c.sendall(f"POST http://127.0.0.1:{self.http}/long HTTP/1.1\r\nHost: x\r\n".encode())
            c.sendall(b"Content-Length: 4000\r\n\r\n" + b"x" * 1000)
            for n in range(25):
                self.curl(f"http://127.0.0.1:{self.http}/{n}", soth=s)
                self.assertEqual(s.row()["path"], f"/{n}")
                c.sendall(b"y" * 100)
            c.sendall(b"z" * 500)
            self.assertIn(b"200 OK", c.recv(65536))
        self.assertEqual(s.row()["path"], "/long")
        s.stop()
        again = self.dump(s.session)
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        rows = [json.loads(line) for line in again.stdout.splitlines()]
        self.assertTrue(1 < len(rows) < 20, rows)
        self.assertEqual((rows[0]["path"], rows[0]["request_bytes"]), ("/long", 4000))
        self.assertEqual(rows[-1]["path"], "/24")

    def test_a_compacted_session_is_the_same(self):
        self.ask(3)
        self.soth.stop()
        small = os.path.join(self.folder.name, "small.soth")
        made = subprocess.run([peers.SOTH, "compact", self.soth.session, small], capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.dump(small).stdout, self.dump(self.soth.session).stdout)
        with open(self.soth.session, "r+b") as f:
            f.truncate(os.path.getsize(self.soth.session) - 5)
        made = subprocess.run([peers.SOTH, "compact", self.soth.session, small], capture_output=True, text=True)
        self.assertEqual(made.returncode, 3)
        self.assertIn("cut off at byte", made.stderr)
        self.assertEqual(len(self.dump(small).stdout.splitlines()), 3)

    def test_some_flows_of_a_connection_keep_its_steps(self):
        url = f"https://localhost:{self.https}/"
        self.curl(url + "1", url + "2", url + "3")
        self.soth.stop()
        some, all_of_it = (os.path.join(self.folder.name, name) for name in ("some.soth", "all.soth"))
        steps = {}
        for path, which in ((some, "~u /[23]$"), (all_of_it, "~all")):
            subprocess.run([peers.SOTH, "convert", "--filter", which, self.soth.session, path], check=True)
            steps[path] = [(n[2], n[7]) for n in peers.notes(path) if n[0] == 1]
        self.assertIn((1, 7), steps[some])
        self.assertEqual(steps[some], steps[all_of_it])
        clean = os.path.join(self.folder.name, "clean.soth")
        subprocess.run([peers.SOTH, "convert", "--redact", "--filter", "~u /[23]$", self.soth.session, clean], check=True)
        for path in some, clean:
            rows = [json.loads(line) for line in self.dump(path, "~tlsver . & ~conn 1").stdout.splitlines()]
            self.assertEqual([(r["id"], r["path"]) for r in rows], [(1, "/2"), (2, "/3")])

    def test_what_is_no_session_is_refused(self):
        again = self.dump(self.cert)
        self.assertEqual(again.returncode, 1)
        self.assertIn("in no format that soth reads", again.stderr)

    def test_a_full_disk_stops_recording_and_not_the_traffic(self):
        s = self.start_limited(64 * 1024)
        for n in range(3):
            self.assertEqual(self.curl(f"http://127.0.0.1:{self.http}/big", soth=s).stdout, peers.BIG)
            self.assertEqual(s.row()["status"], 200)
        _, _, said = s.stop()
        self.assertIn("recording has stopped", said)

    def start_limited(self, size):
        """A soth whose files may not grow past `size` bytes."""
        import resource
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            return self.start()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


class CommandLine(peers.Case):
    def soth_says(self, *args):
        return subprocess.run([peers.SOTH, *args], capture_output=True, text=True)

    def test_a_port_in_use_names_who_has_it(self):
        out = self.soth_says("dump", "--confdir", self.folder.name, "-l", self.soth.address)
        self.assertEqual(out.returncode, 1)
        self.assertIn(f"address already in use (by soth, pid {self.soth.p.pid})", out.stderr)

    def test_a_config_error_names_file_and_line(self):
        with open(os.path.join(self.folder.name, "config"), "w") as f:
            f.write("# mine\nworkers = 1\nno-such = 2\n")
        out = self.soth_says("dump", "--confdir", self.folder.name)
        os.unlink(os.path.join(self.folder.name, "config"))
        self.assertEqual(out.returncode, 2)
        self.assertIn("/config:3: no option is called 'no-such'", out.stderr)

    def test_options_are_listed_as_they_are_set(self):
        out = self.soth_says("--options", "--confdir", self.folder.name, "--set", "body_size_limit=3m", "-p", "81")
        self.assertIn("body-size-limit = 3m", out.stdout)
        self.assertIn("listen = 127.0.0.1:81", out.stdout)

    def test_ca_prints_the_certificate(self):
        out = self.soth_says("ca", "--pem", "--confdir", self.folder.name)
        self.assertTrue(out.stdout.startswith("-----BEGIN CERTIFICATE-----"))
        self.assertIn("soth-ca-cert.pem", self.soth_says("ca", "--confdir", self.folder.name).stdout)


if __name__ == "__main__":
    unittest.main()
