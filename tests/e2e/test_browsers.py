"""Browsers believe the certificates that soth makes, for every kind of name, and complain where they should."""
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import pki

NAMES = {       # as a person types them, and as they go on the wire
    "plain.test": "plain.test",
    "one.wild.test": "one.wild.test",
    "127.0.0.1": "127.0.0.1",
    "[::1]": "::1",
    "b\u00fccher.test": "xn--bcher-kva.test",
    "a" * 40 + "." + "b" * 40 + ".test": "a" * 40 + "." + "b" * 40 + ".test",
}
SECONDS = 60    # browsers begin slowly


class Origin(peers.Origin):
    """A page with a picture of each of the names; soth's rows say which were asked for."""

    def do_GET(self):
        pictures = "".join(f'<img src="https://{name}/picture">' for name in NAMES) if self.path == "/page" else ""
        body = f'<!doctype html><meta charset="utf-8"><title>here</title>{pictures}'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Browser:
    """Through soth and a parent proxy, which has one server for all names, and nothing else."""

    @classmethod
    def setUpClass(cls):
        if not (shutil.which(cls.browser) and shutil.which("certutil")):
            raise unittest.SkipTest(f"{cls.browser} is not there, or certutil")
        super().setUpClass()
        authority = pki.Authority(cls.folder.name, "origins")
        names = [("IP:" if name in ("127.0.0.1", "::1") else "DNS:") + name for name in NAMES.values() if name != "one.wild.test"]
        cls.cert = authority.cert
        cls.good = cls.origin(authority.sign("good", *names, "DNS:*.wild.test"))
        cls.bad = cls.origin(authority.sign("bad", "DNS:elsewhere.test"))
        cls.parent = peers.raw_server(cls.connect)

    @staticmethod
    def origin(files):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files[0], files[1])
        return peers.serve(Origin, context)

    @classmethod
    def connect(cls, peer):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := peer.recv(4096)):
                return
            head += more
        host = head.split()[1].decode().rsplit(":", 1)[0].strip("[]")
        port = cls.good if host in NAMES.values() else cls.bad if host == "bad.test" else None
        if not port:
            peer.sendall(b"HTTP/1.1 502 Not Here\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", port)) as to:
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

            threading.Thread(target=cls.splice, args=(to, peer), daemon=True).start()
            cls.splice(peer, to)

    @staticmethod
    def splice(a, b):
        try:
            while (data := a.recv(65536)):
                b.sendall(data)
        except OSError:
            pass        # either end has gone

    def setUp(self):
        super().setUp()
        peers.signal.alarm(SECONDS)

    def through_soth(self):
        return self.start("-m", f"upstream:http://127.0.0.1:{self.parent}")

    def home(self, soth, trusted):
        """A folder that is the browser's alone, with its database of authorities."""
        home = tempfile.mkdtemp(dir=self.folder.name)
        base = self.base(home)
        os.makedirs(base, exist_ok=True)
        subprocess.run(["certutil", "-d", "sql:" + base, "-N", "--empty-password"], check=True)
        if trusted:
            subprocess.run(["certutil", "-d", "sql:" + base, "-A", "-t", "C,,", "-n", "soth", "-i", soth.ca], check=True)
        return home

    def visit(self, url, until, trusted=True):
        """What came of it: (host, path, status), or (host, "failed") of a handshake that the browser broke off.
        Until all of `until` is there; a browser that fails may stay for ever."""
        soth = self.start("-m", f"upstream:http://127.0.0.1:{self.parent}")
        home = self.home(soth, trusted)
        p = subprocess.Popen(self.command(soth, home, url), cwd=home, env={**os.environ, "HOME": home},
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(peers.wait_for_the_end_of, f"HOME={home}")
        self.addCleanup(p.wait)
        self.addCleanup(os.killpg, p.pid, peers.signal.SIGKILL)
        seen = set()
        while not until <= seen:
            row = soth.row()
            if row["host"] in {*NAMES.values(), "bad.test"}:     # browsers have business of their own
                seen.add((row["host"], "failed") if row["tls_failed"] == "client" else (row["host"], row["path"], row["status"]))
        return seen

    def test_every_kind_of_name_is_accepted(self):
        wanted = {(name, "/picture", 200) for name in NAMES.values()} | {("plain.test", "/page", 200)}
        seen = self.visit("https://plain.test/page", wanted)
        self.assertEqual([s for s in seen if "failed" in s], [])

    def test_an_authority_that_is_not_trusted_is_refused_and_the_row_says_so(self):
        seen = self.visit("https://plain.test/page", {("plain.test", "failed")}, trusted=False)
        self.assertEqual(seen, {("plain.test", "failed")})

    def test_a_server_that_soth_refuses_is_no_page_but_502(self):
        seen = self.visit("https://bad.test/page", {("bad.test", "/page", 502)})
        self.assertEqual({s[-1] for s in seen}, {502})


class Chromium(Browser, peers.Case):
    browser = "chromium"

    def base(self, home):
        return os.path.join(home, ".pki", "nssdb")

    def command(self, soth, home, url):
        return ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--user-data-dir=" + os.path.join(home, "profile"),
                "--proxy-server=http://" + soth.address, "--proxy-bypass-list=<-loopback>", "--dump-dom", url]


class Firefox(Browser, peers.Case):
    browser = "firefox-esr"
    prefs = {"network.proxy.type": 1, "network.proxy.no_proxies_on": "", "network.proxy.allow_hijacking_localhost": True,
             "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
             "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
             "app.update.auto": False, "browser.aboutwelcome.enabled": False, "toolkit.telemetry.enabled": False,
             "browser.safebrowsing.update.enabled": False, "services.settings.server": "", "extensions.update.enabled": False,
             "security.OCSP.enabled": 0, "security.enterprise_roots.enabled": False}

    def base(self, home):
        return os.path.join(home, "profile")

    def command(self, soth, home, url):
        host, port = soth.address.rsplit(":", 1)
        prefs = {**self.prefs, **{f"network.proxy.{kind}{what}": value for kind in ("http", "ssl")
                                  for what, value in (("", host), ("_port", int(port)))}}
        with open(os.path.join(home, "profile", "user.js"), "w") as f:
            f.writelines(f'user_pref("{name}", {peers.json.dumps(value)});\n' for name, value in prefs.items())
        return ["firefox-esr", "--headless", "--no-remote", "--profile", os.path.join(home, "profile"),
                "--screenshot", os.path.join(home, "shot.png"), url]


if __name__ == "__main__":
    unittest.main()
