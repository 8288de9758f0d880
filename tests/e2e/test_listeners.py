"""Several listeners at once, their change while soth runs, and switches of single hosts on the command line."""
import os
import re
import resource
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


def said(*args):
    """Exit status, and what soth printed on either side."""
    p = subprocess.run([peers.SOTH, *args], capture_output=True, text=True, timeout=20)
    return p.returncode, p.stdout, p.stderr


class Listeners(peers.Case):
    def setUp(self):
        self.addCleanup(self.sessions_in_order)
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def get(self, *how):
        out = subprocess.run(["curl", "-s", "-m", "20", "--noproxy", "", *how], capture_output=True, text=True)
        return out.stdout if not out.returncode else f"curl: {out.returncode}"

    def url(self, path):
        return f"http://127.0.0.1:{self.http}{path}"

    def open(self, *args):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args)
        self.terms.append(t)
        t.port = int(re.search(r"127\.0\.0\.1:(\d+)", t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))).group(1))
        return t

    def listeners(self, t):
        """The ports that the soth of a terminal listens on."""
        inodes = set()
        for fd in os.listdir(f"/proc/{t.pid}/fd"):
            try:
                inodes.add(os.readlink(f"/proc/{t.pid}/fd/{fd}"))
            except FileNotFoundError:                   # closed meanwhile
                pass
        with open("/proc/net/tcp") as f:
            rows = [line.split() for line in f][1:]
        return {int(r[1].split(":")[1], 16) for r in rows if r[3] == "0A" and f"socket:[{r[9]}]" in inodes}

    def test_a_worker_out_of_descriptors_is_told_once_and_serves_all_when_there_are_some(self):
        s = self.start()
        before = resource.prlimit(s.p.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(s.p.pid, resource.RLIMIT_NOFILE, (3, before[1]))        # what is open stays open
        waiting = [subprocess.Popen(["curl", "-s", "-m", "20", "--noproxy", "", "-x", s.address, self.url(f"/{i}")], stdout=subprocess.PIPE) for i in range(2)]
        self.assertEqual(s.p.stderr.readline(), b"soth: accept: too many open files; trying again\n")
        resource.prlimit(s.p.pid, resource.RLIMIT_NOFILE, before)
        self.assertEqual([p.communicate()[0] for p in waiting], [b"hello /0", b"hello /1"])
        s.end()
        self.assertNotIn("too many", s.said)

    def test_several_modes_listen_at_once(self):
        s = self.start("-m", "regular", "-m", "socks5@0", "-m", f"reverse:http://127.0.0.1:{self.http}@0")
        at = [re.fullmatch(r"soth: (\S+) on 127\.0\.0\.1:(\d+)\n", s.p.stderr.readline().decode()) for _ in range(2)]
        self.assertEqual([m.group(1) for m in at], ["socks5@0", f"reverse:http://127.0.0.1:{self.http}@0"])
        socks, reverse = (m.group(2) for m in at)
        self.assertEqual(self.get("-x", s.address, self.url("/one")), "hello /one")
        self.assertEqual(self.get("--socks5-hostname", f"127.0.0.1:{socks}", self.url("/two")), "hello /two")
        self.assertEqual(self.get(f"http://127.0.0.1:{reverse}/three"), "hello /three")
        self.assertEqual([s.row()["path"] for _ in range(3)], ["/one", "/two", "/three"])
        # The port of SOCKS5 alone speaks nothing else.
        self.assertEqual(self.get("-x", f"127.0.0.1:{socks}", self.url("/")), "curl: 52")

    def test_a_list_with_commas_is_the_same(self):
        s = self.start("--set", f"mode=socks5, reverse:http://127.0.0.1:{self.http}@0")
        self.assertRegex(s.p.stderr.readline().decode(), "^soth: reverse:http://")
        self.assertEqual(self.get("--socks5", s.address, self.url("/a")), "hello /a")

    def test_datagrams_and_connections_share_a_port(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as origin, socket.create_server(("127.0.0.1", 0)) as free:
            origin.bind(("127.0.0.1", 0))
            origin.settimeout(20)
            port = free.getsockname()[1]
            free.close()
            s = self.start("-m", f"regular@{port}", "-m", f"reverse:udp://127.0.0.1:{origin.getsockname()[1]}@{port}")
            self.assertEqual(self.get("-x", s.address, self.url("/tcp")), "hello /tcp")
            origin.sendto(b"udp", ("127.0.0.1", port))
            self.assertEqual(origin.recvfrom(100)[0], b"udp")

    def test_listeners_change_while_the_screen_runs(self):
        t = self.open()
        proxy = f"127.0.0.1:{t.port}"
        self.assertEqual(self.get("-x", proxy, self.url("/before")), "hello /before")
        with socket.create_connection(("127.0.0.1", t.port), 20) as under_way:
            under_way.sendall(f"GET {self.url('/under')} HTTP/1.1\r\n".encode())
            t.keys(":set mode=regular,socks5@0\r", "mode=regular,socks5@0")
            more = set()
            while len(more) != 1:
                t.read(0.05)
                more = self.listeners(t) - {t.port}
            socks = more.pop()
            self.assertEqual(self.get("--socks5", f"127.0.0.1:{socks}", self.url("/socks")), "hello /socks")
            self.assertEqual(self.get("-x", proxy, self.url("/still")), "hello /still")
            # The address of a mode that goes is another's at once.
            t.keys(f":set mode=reverse:http://127.0.0.1:{self.http}\r")
            while self.listeners(t) != {t.port}:
                t.read(0.05)
            self.assertEqual(self.get(f"http://{proxy}/reverse"), "hello /reverse")
            under_way.sendall(b"Host: x\r\nConnection: close\r\n\r\n")
            out = b""
            while (data := under_way.recv(65536)):
                out += data
            self.assertTrue(out.endswith(b"hello /under"), out)
        t.wait(lambda text: all(p in text for p in ("/before", "/socks", "/still", "/reverse", "/under")))
        self.assertEqual(t.end(), 0)

    def test_a_mode_that_cannot_be_leaves_the_listeners_as_they_are(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            t = self.open()
            proxy = f"127.0.0.1:{t.port}"
            t.keys(":set mode=sock5\r", "expected one of regular, socks5, reverse, upstream, transparent")
            t.keys(":set mode=socks5@7,regular@7\r", "both want")
            t.keys(f":set mode=socks5,regular@{taken.getsockname()[1]}\r", "address already in use")
            self.assertEqual(self.listeners(t), {t.port})
            self.assertEqual(self.get("-x", proxy, self.url("/still")), "hello /still")
            t.keys(":set mode\r", "is not known")
            self.assertEqual(t.end(), 0)

    def test_an_unknown_mode_or_switch_lists_the_choices(self):
        for args, status, says in [
                (["dump", "-m", "sock5"], 2, "expected one of regular, socks5, reverse, upstream, transparent"),
                (["dump", "-m", "regular", "-m", "reverse:ftp://x"], 2, "SCHEME one of http, https, h2c, tcp, tls, udp, quic"),
                (["dump", "-m", "upstream:h2c://x"], 2, "SCHEME one of http, https, socks5"),
                (["dump", "-m", "regular,regular"], 1, "both want 127.0.0.1:8080: give one an @[HOST:]PORT"),
                (["dump", "--set", "mode=x"], 2, "expected one of regular"),
                (["dump", "-m"], 2, "-m wants a mode"),
                (["dump", "--http4"], 2, "--http4: no such option (--options lists them)"),
                (["dump", "--set", "http2@a=perhaps"], 2, "expected yes, no or toggle"),
                (["dump", "--set", "http4@a=no"], 2, "expected http2, websocket, http3-passthrough, rawtcp"),
                (["dump", "--http4@a", "no"], 2, "expected http2, websocket, http3-passthrough, rawtcp"),
                (["dump", "--set", "http2@=no"], 2, "expected a host, HOST:PORT, *.example.com, or PROCESS/HOST"),
                (["dump", "--listen@a", "1"], 2, "listen cannot be set for one host alone")]:
            with self.subTest(args=args):
                code, out, err = said("--confdir", self.folder.name, *args)
                self.assertEqual((code, out), (status, ""))
                self.assertIn(says, err)

    def overrides(self, *args):
        """The lines of --options that are of single hosts, and http2's own."""
        code, out, err = said("--confdir", self.folder.name, *args, "--options")
        self.assertEqual((code, err), (0, ""))
        return [line for line in out.splitlines() if not line.startswith("#") and ("@" in line or line.startswith("http2 "))]

    def test_switches_of_single_hosts_on_the_command_line(self):
        for args, want in [
                (["--http2@*.example.com", "no"], ["http2 = yes", "http2@*.example.com = no"]),
                (["--no-http2@host"], ["http2 = yes", "http2@host = no"]),
                (["--http2@host=no"], ["http2 = yes", "http2@host = no"]),
                (["--no-http2", "--http2@host"], ["http2 = no", "http2@host = yes"]),
                (["--http2", "off"], ["http2 = no"]),
                (["--set", "http2@a=no", "--set", "body_size_limit@b=1m"], ["http2 = yes", "http2@a = no", "body-size-limit@b = 1m"]),
                (["--http2@a=no", "--no-http2@b", "--http2@a", "default"], ["http2 = yes", "http2@b = no"])]:
            with self.subTest(args=args):
                self.assertEqual(self.overrides(*args), want)

    def test_switches_of_single_hosts_in_the_config_file(self):
        path = os.path.join(self.folder.name, "config")
        with open(path, "w") as f:
            f.write("# old servers\nhttp2@*.example.com = no\nhttp2@b=off\n")
        self.addCleanup(os.unlink, path)
        self.assertEqual(self.overrides(), ["http2 = yes", "http2@*.example.com = no", "http2@b = no"])
        # The command line comes behind it, and what --options prints is a config file again.
        self.assertEqual(self.overrides("--http2@b", "default", "--no-http2@c"),
                         ["http2 = yes", "http2@*.example.com = no", "http2@c = no"])
        printed = said("--confdir", self.folder.name, "--no-http2@c", "--options")[1]
        with open(path, "w") as f:
            f.write(printed)
        self.assertEqual(said("--confdir", self.folder.name, "--options")[1], printed)
        with open(path, "w") as f:
            f.write("http2@a = no\nlisten@b = :1\n")
        code, _, err = said("--confdir", self.folder.name, "--options")
        self.assertEqual(code, 2)
        self.assertIn("config:2: listen cannot be set for one host alone", err)


if __name__ == "__main__":
    unittest.main()
