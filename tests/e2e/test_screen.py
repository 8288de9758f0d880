"""The screen, on a pty: what a person sees, what the terminal gets, and that neither stalls the other."""
import http.client
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

CONTROLS = bytes(range(1, 32)) + b"\x7f" + bytes(range(0x80, 0xa0))
HOSTILE = (b"\x1b]0;owned\x07\x1b[31mred\x1b[0m\x1bP1$r\x1b\\\x9b5i\x90q\x9c\x1bc\x1b]52;c;aGk=\x07" + CONTROLS.replace(b"\r", b"").replace(b"\n", b"") +
           "\u202eevil\u202c\u200b\u2066\u0085 e\u0301 日本語 \U0001f600".encode())


class Hostile:
    """Answers with controls in the reason, a field and the body; as HTTP allows none of them, also without."""

    @staticmethod
    def talk(peer):
        peer.recv(65536)
        text = HOSTILE.replace(b"\0", b"")
        allowed = bytes(c for c in text if c >= 0x20 and c != 0x7f)
        body = text + b"\n" + b"plain end\n"
        peer.sendall(b"HTTP/1.1 200 " + allowed + b"\r\nX-Evil: " + allowed + b"\r\nContent-Type: text/plain\r\n"
                     b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))


def png(colours, side):
    """Columns of these colours, each so many pixels wide."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    row = b"\0" + b"".join(bytes.fromhex(c) * side for c in colours)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", len(colours) * side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * side)) + chunk(b"IEND", b""))


class Image:
    """Answers with a picture of three columns, 2 x 4 cells each."""

    @staticmethod
    def talk(peer):
        peer.recv(65536)
        body = png(["ff0000", "00ff00", "0000ff"], 8)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" %
                     (len(body), body))


class Screen(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args, **how):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args, **how)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+|\.soth", s))
        found = re.search(r"soth\s+(127\.0\.0\.1:\d+)", text)
        t.address = found.group(1) if found else None
        return t

    def ask(self, t, path="/", *more):
        return subprocess.run(["curl", "-s", "-x", t.address, f"http://127.0.0.1:{self.http}{path}", *more],
                              capture_output=True, timeout=30)

    def session(self, paths):
        """A recorded session's file."""
        path = os.path.join(self.folder.name, "made.soth")
        if os.path.exists(path):
            os.unlink(path)
        s = self.start("-w", path)
        for p in paths:
            self.curl(f"http://127.0.0.1:{self.http}{p}", soth=s)
        s.stop()
        return path

    def test_requests_show_as_they_come_and_open(self):
        t = self.open()
        self.assertIn("Nothing has come yet", t.text())
        self.assertIn("curl -x " + t.address, t.text())
        self.ask(t, "/first")
        t.wait("/first")
        self.ask(t, "/second?a=b%20c")
        text = t.wait(lambda text: re.search(r"GET +127\.0\.0\.1:\d+ +/second\S* +200 +text", text))
        self.assertLess(text.index("/first"), text.index("/second"))
        t.wait("2 flows")
        t.keys("\r")                                    # Enter: into the flow
        t.keys("l", "Host: 127.0.0.1")                  # the request
        t.wait("a = b c")
        t.keys("l", "X-MiXed: Case")
        t.wait("hello /second?a=b%20c")
        t.keys("l", "response complete")
        t.keys("l", "No TLS")
        t.keys("q")                                     # back to the list
        t.keys("k", "127.0.0.1:")
        self.assertEqual(t.end("Q"), 0)

    def test_a_session_opens_again_with_everything_in_it(self):
        t = self.open("-r", self.session(["/one", "/two"]))
        t.wait("made.soth")
        t.wait("2 flows")
        t.keys("gll", "hello /one")
        t.keys("j", "hello /two")
        self.assertEqual(t.end("q"), 0)

    def test_keys_search_help_commands(self):
        t = self.open("-r", self.session(["/needle", "/two", "/three"]))
        t.keys("?", "Keys and actions")
        t.keys("/save_scr\r", "save_screen")
        t.keys("q", "Flows 3")
        t.keys("/needle\r")
        t.keys("\r", "Overview")
        t.keys(":vie\tcontent\r", "Response body")
        t.wait("hello /needle")
        t.keys("mhex\r", "68 65 6c 6c 6f")
        t.keys("mauto\r", "text 13")
        t.keys(":nonsense\r", "no action is called 'nonsense'")
        t.keys(":set nonsense=1\r", "no option is called 'nonsense'")
        t.keys(":set workers=2\r", "only when soth starts")
        t.keys(":bind * <F5> help\r")
        t.keys("\x1b[15~", "Keys and actions")
        path = os.path.join(self.folder.name, "screen.txt")
        t.keys(f":save_screen {path}\r", "the screen is in")
        with open(path, encoding="utf-8") as f:
            self.assertIn("Keys and actions", f.read())

    def test_a_paste_does_nothing_but_type(self):
        t = self.open("-r", self.session(["/one"]))
        t.keys("\x1b[200~Q\rq\x1b[201~")
        t.keys(":", ":")
        t.keys("\x1b[200~view\rhelp\x1b[201~", ":view help")
        t.keys("\r", "Keys and actions")

    def test_set_reaches_the_workers(self):
        t = self.open()
        self.assertEqual(self.ask(t, "/", "-d", "x" * 3000).returncode, 0)
        t.wait("1 flow")
        t.keys(":set body-size-limit=1k\r", "set body-size-limit=1k")
        out = self.ask(t, "/limited", "-d", "x" * 3000, "-w", "%{http_code}")
        self.assertTrue(out.stdout.endswith(b"413"), out.stdout)
        t.wait("413")

    def test_switches_turn_over_and_stand_in_the_top_line(self):
        t = self.open()
        top = lambda: t.text().split("\n")[0]
        self.assertNotIn("http2", top())
        t.keys("S", "all at their defaults")
        t.keys(" ", "set http2=no")
        self.assertIn("http2 off", top())
        t.keys(":set rawtcp@*.example.com=off\r", "2 not at the default")
        self.assertIn("http2 off, rawtcp off *.example.com", top())
        t.keys("jjjjjj\r", "set stream-large-bodies=32m")  # asks, with what it is
        t.keys("\x15stream-large-bodies=1m\r", "set stream-large-bodies=1m")
        t.wait(lambda s: "3 switches" in s.split("\n")[0] or "stream 1m" in s.split("\n")[0])
        t.resize(10, 40)
        t.keys("\x0c")
        t.wait(lambda s: "3 switches" in s.split("\n")[0])
        t.resize(24, 200)
        t.keys("\x0c")
        t.wait(lambda s: "http2 off, stream 1m, rawtcp off *.example.com" in s.split("\n")[0])
        t.keys("gg ", "set http2=yes")
        t.wait(lambda s: "http2" not in s.split("\n")[0])
        t.keys("q", "Nothing has come yet")

    def test_kill_breaks_a_flow_off(self):
        done = threading.Event()
        port = peers.raw_server(lambda p: (p.recv(9999), p.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"), done.wait(20)))
        t = self.open()
        p = subprocess.Popen(["curl", "-s", "-x", t.address, f"http://127.0.0.1:{port}/endless"], stdout=subprocess.PIPE)
        t.wait("/endless")
        t.wait("1 live")
        t.keys("X")
        self.assertNotEqual(p.wait(timeout=15), 0)
        done.set()
        t.wait("0 live")
        p.stdout.close()

    def test_options_of_the_screen(self):
        path = self.session(["/" + "long" * 60])
        t = self.open("-r", path, "--theme", "mono", rows=24, cols=80)
        t.keys("ll", "hello")
        self.assertNotIn(b"38;5;", t.raw)
        t.keys("\rGk")
        wrapped = t.text().count("longlong")
        t.keys("w", "cut")
        t.wait(lambda s: s.count("longlong") < wrapped)
        t = self.open("-r", path, "--theme", "dark")
        t.wait("Flows 1")
        self.assertIn(b"38;5;", t.raw)
        t = self.open("-r", path, env={"NO_COLOR": "1"})
        t.wait("Flows 1")
        self.assertNotIn(b"38;5;", t.raw)
        t = self.open("-r", path, env={"COLORTERM": "truecolor"})
        t.wait("Flows 1")
        self.assertIn(b"38;2;", t.raw)
        t = self.open("-r", path, "--no-console-focus-follow")
        t.wait("Flows 1")
        self.assertNotIn("following", t.text())
        bad = os.path.join(self.folder.name, "bad.theme")
        with open(bad, "w", encoding="utf-8") as f:
            f.write("# mine\ntext #zzz default\n")
        t.keys(f":theme {bad}\r", 'bad.theme:2: "#zzz": expected a foreground')

    def test_the_list_is_sorted_by_a_part_of_the_query_while_flows_come(self):
        t = self.open("--set", "columns=path query:at")
        t.keys(":sort query:at\r", "by query:at")
        for at in (9, 10, 2):
            self.ask(t, f"/a?at={at}")
        self.ask(t, "/none")
        order = r"(?s)/a\?at=2 .*/a\?at=9 .*/a\?at=10 .*/none"
        t.wait(lambda s: re.search(order, s))
        t.keys(":sort query:at\r", lambda s: re.search(r"(?s)by -query:at.*/a\?at=10 .*/a\?at=9 .*/a\?at=2 .*/none", s))

    def test_what_is_polled_is_one_line_and_the_cursor_stays_on_its_flow(self):
        t = self.open("--set", "fold=yes")
        for i in range(3):
            self.ask(t, f"/poll?at={i}")
        t.wait(lambda s: re.search(r"/poll +×3 since", s) and re.search(r"^── 3  GET ", s, re.M))     # it follows the newest
        t.keys("F", "staying here")
        for i in range(3, 7):
            self.ask(t, f"/poll?at={i}")
        t.wait("/poll  ×7")
        self.assertRegex(t.text(), r"(?m)^── 3  GET ")
        t.keys(" ", "/poll?at=6")
        self.assertRegex(t.text(), r"(?m)^── 3  GET ")
        self.ask(t, "/other")
        self.ask(t, "/poll?at=7")
        t.wait("/poll?at=7")
        t.keys(" ", "/poll  ×7")
        self.assertRegex(t.text(), r"(?m)^── 3  GET ")
        t.keys("Z", "each flow has its line")
        t.wait("/poll?at=2")
        self.assertRegex(t.text(), r"(?m)^── 3  GET ")

    def test_the_tree_grows_with_what_comes_and_only_this_is_a_filter(self):
        t = self.open()
        self.ask(t, "/one/a")
        t.wait("/one/a")
        t.keys("T", "Tree by host and path, 1 flows")
        self.ask(t, "/two")
        t.wait("Tree by host and path, 2 flows")
        t.keys("\r", "▸ /one")
        self.ask(t, "/one/b")
        t.wait("3 flows")
        t.keys("j+", "/one")
        t.wait("Tree by host and path, 2 flows")
        self.ask(t, "/one/c")
        self.ask(t, "/three")
        t.wait("Tree by host and path, 3 flows")
        t.keys("q", "Flows 3 of 5")
        self.assertIn("/one/c", t.text())
        self.assertNotIn("/three", t.text())

    def test_every_size_draws(self):
        t = self.open("-r", self.session(["/one", "/two"]))
        for rows, cols in (24, 80), (10, 40), (50, 200), (3, 20), (100, 300), (1, 1), (2, 5), (40, 120):
            t.resize(rows, cols)
            t.keys("\x0c")
            if rows >= 10:
                t.wait("/two")
        t.keys("\r", "Overview")

    def look(self, **env):
        """A terminal that shows the picture, and the row where it begins."""
        port = peers.raw_server(Image.talk)
        t = self.open(env=env)
        subprocess.run(["curl", "-s", "-o", "/dev/null", "-x", t.address, f"http://127.0.0.1:{port}/"], timeout=30)
        t.wait("200")
        t.keys("\rllz", "PNG, 8 bit RGB")
        t.wait(lambda text: "bytes " in text)
        y = next(i for i, line in enumerate(t.text().split("\n")) if line.startswith(" bytes ")) + 2
        return t, y

    def colours(self, t, y):
        """Of the rows of a picture, in the middle of each column: what is said of text and behind it."""
        return [[(t.screen.buffer[y + row][1 + x].fg, t.screen.buffer[y + row][1 + x].bg) for x in (1, 9, 20)] for row in range(4)]

    def test_a_picture_has_its_own_colours(self):
        t, y = self.look(COLORTERM="truecolor")
        self.assertEqual(self.colours(t, y), [[("ff0000", "ff0000"), ("00ff00", "00ff00"), ("0000ff", "0000ff")]] * 4)
        self.assertIn("▀" * 24, t.text())
        self.assertEqual(t.screen.buffer[y][1 + 24].bg, "default")
        t.keys("h", "Proxy-Connection")
        self.assertNotIn("▀", t.text())
        for private in re.findall(rb"\xf4[\x80-\xbf]{3}", t.raw):
            self.fail(f"{private} reached the terminal")
        self.assertEqual(t.end(), 0)

    def test_a_picture_has_the_nearest_colours_of_256(self):
        t, y = self.look(COLORTERM="")
        self.assertEqual(self.colours(t, y), [[("ff0000", "ff0000"), ("00ff00", "00ff00"), ("0000ff", "0000ff")]] * 4)
        self.assertEqual(t.end(), 0)

    def test_a_picture_without_colours_is_shades(self):
        t, y = self.look(NO_COLOR="1")
        self.assertEqual(t.text().split("\n")[y].rstrip(), " " + "░" * 8 + "▓" * 8)
        self.assertEqual(t.end(), 0)

    def test_hostile_bytes_never_reach_the_terminal(self):
        port = peers.raw_server(Hostile.talk)
        t = self.open()
        subprocess.run(["curl", "-s", "-o", "/dev/null", "-x", t.address, f"http://127.0.0.1:{port}/" ,
                        "-H", b"X-Mine: \xc2\x9b31m\xe2\x80\xae".decode("utf-8", "surrogateescape")], timeout=30)
        t.wait("200")
        before = len(t.raw)
        t.keys("\r")
        for key in "lllll":
            t.keys(key)
        t.keys("ll", "<202e>")
        t.keys(":view content\r", "plain end")
        t.keys("mhex\r", "1b 5d 30 3b")
        t.keys("mtext\r", "^[]0;owned^G")
        t.wait("\\x9b")
        t.wait("日本語")
        self.assertEqual(t.end("Q"), 0)
        self.assertGreater(len(t.raw), before)
        self.check_sequences(t.raw)

    def check_sequences(self, raw):
        """Nothing but the sequences that we and curses make, and printable UTF-8 without C1, bidi or invisible."""
        mine = rb"\x1b\[\??[0-9;]*[A-Za-ln-z@`]|\x1b\[[0-9;]*m|\x1b\([0B]|\x1b[78=>M]"
        rest = re.sub(mine, b"", raw)
        self.assertNotIn(b"\x1b", rest, rest[max(0, rest.find(b"\x1b") - 30):][:60])
        text = rest.decode("utf-8")                     # strict: no stray bytes
        bad = [c for c in text if (ord(c) < 32 and c not in "\r\n\b\t") or 0x7f <= ord(c) < 0xa0 or c in "\u202e\u202c\u200b\u2066"]
        self.assertEqual(bad, [])
        for private in re.findall(rb"\x1b\[\?([0-9;]+)[hl]", raw):
            self.assertIn(private, (b"1049", b"25", b"2026", b"2004", b"1", b"7", b"12", b"1000", b"1006", b"12;25"))
        self.assertFalse(re.search(rb"\x1b\[[0-9;]*[cnitq]", raw.replace(b"\x1b[22;0;0t", b"").replace(b"\x1b[23;0;0t", b"")))

    def tunnel(self, t, server):
        """A connection to what `server` talks, through the proxy: bytes that are nothing it knows."""
        port = peers.raw_server(server)
        s = socket.create_connection(tuple(t.address.split(":")), timeout=20)
        self.addCleanup(s.close)
        s.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: h\r\n\r\n" % port)
        return s

    def test_messages_come_live_and_are_followed_until_one_stays(self):
        def echo(peer):
            peer.sendall(b"220 ready\r\n")
            while line := peer.recv(100):
                peer.sendall(b"250 " + line)
        t = self.open(rows=24, cols=100)
        s = self.tunnel(t, echo)
        t.wait(" 11 ")                                 # what the server said first is there
        t.keys("\r", "Overview")
        t.keys("lll", "220 ready")
        for n in range(40):
            s.sendall(b"line %d\r\n" % n)
            t.wait("250 line %d" % n)
        self.assertNotIn("220 ready", t.text())         # it has scrolled away
        t.wait("81 messages")
        t.keys("g", "220 ready")
        s.sendall(b"later\r\n")
        t.wait("83 messages")
        t.wait("220 ready")
        t.keys(" ", "text 11")
        t.keys("F", "250 later")
        t.keys("gg ")
        t.wait(lambda text: "text 11" not in text)
        self.assertEqual(t.end("Q"), 0)

    def test_hostile_messages_never_reach_the_terminal(self):
        done = threading.Event()
        self.addCleanup(done.set)
        t = self.open()
        self.tunnel(t, lambda p: (p.sendall(HOSTILE), p.recv(9), done.wait(20)))
        t.wait(f" {len(HOSTILE)} ")
        t.keys("\r", "Overview")
        t.keys("lll", "1b 5d 30 3b")
        t.keys(" mtext\r", "^[]0;owned^G")
        t.wait("\\x9b")
        t.keys(":view messages\r")
        t.keys(" mtext\r", "日本語")
        t.keys("mhex\r", "00000000  1b 5d 30 3b")
        t.keys("gg\r", "message 1 of")
        t.keys("mtext\r", "text*")
        t.wait("^[]0;owned^G")
        self.assertEqual(t.end("Q"), 0)
        self.check_sequences(t.raw)

    def test_the_terminal_is_as_it_was_after_quit_and_crash(self):
        path = self.session(["/one"])
        for how in "Q", signal.SIGTERM, signal.SIGSEGV:
            t = self.open("-r", path)
            t.wait("/one")
            raw = t.mode()
            self.assertFalse(raw[3] & term.termios.ECHO)
            if how == "Q":
                self.assertEqual(t.end("Q"), 0)
            else:
                os.kill(t.pid, how)
                self.assertEqual(t.end(None), 0 if how == signal.SIGTERM else -signal.SIGSEGV)
            self.assertIn(b"\x1b[?1049l", t.raw[-300:])
            self.assertIn(b"\x1b[?2004l", t.raw[-300:])
            self.assertTrue(t.mode()[3] & term.termios.ECHO)

    def test_control_z_stops_and_fg_goes_on(self):
        """Under a shell with job control, as a person has it."""
        path = self.session(["/one"])
        t = term.Terminal.__new__(term.Terminal)
        soth, peers.SOTH = peers.SOTH, "/bin/bash"
        try:
            t.__init__("--norc", "--noprofile", "-i", env={"PS1": "ready$ "})
        finally:
            peers.SOTH = soth
        self.terms.append(t)
        t.wait("ready$")
        t.keys(f"{peers.SOTH} --confdir {self.folder.name} -r {path}\r", "Flows 1")
        t.keys("\x1a", "Stopped")
        self.assertIn(b"\x1b[?1049l", t.raw)
        t.keys("echo it is $((40+2))\r", "it is 42")
        t.keys("fg\r", "Flows 1")
        t.keys("Q", "ready$")

    def test_a_terminal_that_takes_nothing_stalls_no_traffic(self):
        t = self.open()
        self.ask(t)
        t.wait("1 flow")
        # Nobody reads the pty from here on: whole frames fill what it holds, and the rest waits.
        t.keys("\x0c" * 100)
        proxy = http.client.HTTPConnection(t.address, timeout=20)
        for n in range(2000):
            proxy.request("GET", f"http://127.0.0.1:{self.http}/{n}")
            answer = proxy.getresponse()
            self.assertEqual((answer.status, answer.read()), (200, b"hello /%d" % n))
            if n % 20 == 0:
                t.keys("\x0c")
        proxy.close()
        t.wait("2 001 flows")
        self.assertEqual(t.end("Q"), 0)

    def test_a_theme_that_cannot_be_read_starts_nothing(self):
        bad = os.path.join(self.folder.name, "bad.theme")
        with open(bad, "w", encoding="utf-8") as f:
            f.write("key red default\nkee red default\n")
        folder = os.path.join(self.folder.name, "untouched")
        t = term.Terminal("--confdir", folder, "-p", "0", "--theme", bad)
        self.terms.append(t)
        self.assertEqual(t.end(None), 2)
        self.assertIn("bad.theme:2: \"kee\": expected a role", t.text().replace("\n", ""))
        self.assertFalse(os.path.exists(folder))

    def test_without_a_terminal_it_says_what_to_use(self):
        out = subprocess.run([peers.SOTH, "--confdir", self.folder.name], capture_output=True, text=True,
                             stdin=subprocess.DEVNULL)
        self.assertEqual(out.returncode, 2)
        self.assertIn("use `soth dump`", out.stderr)


if __name__ == "__main__":
    unittest.main()
