"""B: a browser that goes through soth and believes it, with nothing set by hand."""
import os
import shutil
import socket
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

FAKE = """#!/bin/sh
printf '%s\\n' "$@" >"$FAKE_SAYS.new" && mv "$FAKE_SAYS.new" "$FAKE_SAYS"
{}
"""


class Case(peers.Case):
    def setUp(self):
        peers.signal.signal(peers.signal.SIGALRM, self.too_long)
        peers.signal.alarm(100)
        self.addCleanup(peers.signal.alarm, 0)
        self.dir = tempfile.mkdtemp(dir=self.folder.name)
        self.bin = os.path.join(self.dir, "bin")
        self.says = os.path.join(self.dir, "says")
        self.port = peers.free_port()
        os.mkdir(self.bin)

    def fake(self, *names, then="exec sleep 100"):
        for name in names:
            path = os.path.join(self.bin, name)
            with open(path, "w") as f:
                f.write(FAKE.format(then))
            os.chmod(path, 0o755)

    def tools(self, *names):
        for name in names:
            if not os.path.lexists(os.path.join(self.bin, name)):
                os.symlink(shutil.which(name), os.path.join(self.bin, name))

    def screen(self, *args, env=None, only_fakes=True):
        if only_fakes:
            self.tools("sh", "mv", "sleep")
        env = {"DISPLAY": ":99", "WAYLAND_DISPLAY": "", "FAKE_SAYS": self.says, **({"PATH": self.bin} if only_fakes else {}), **(env or {})}
        t = term.Terminal("--confdir", self.dir, "-l", f"127.0.0.1:{self.port}", "--set",
                          "ssl-verify-upstream-trusted-ca=" + self.cert, *args, env=env, cols=180)
        self.addCleanup(t.kill)
        t.wait("127.0.0.1:")
        return t

    def told(self):
        """The words that the fake browser was started with."""
        while not os.path.exists(self.says):
            time.sleep(0.01)        # it is a file that comes, and no event of ours
        with open(self.says) as f:
            words = f.read().splitlines()
        os.unlink(self.says)
        return words


class Started(Case):
    def test_the_first_that_is_there_goes_through_soth(self):
        self.fake("google-chrome", "firefox")
        t = self.screen()
        t.keys("B", "google-chrome starts")
        words = self.told()
        self.assertIn(f"--proxy-server=http://127.0.0.1:{self.port}", words)
        self.assertIn(f"--user-data-dir={self.dir}/browser/google-chrome-{self.port}", words)
        self.assertEqual(words[-1], "about:blank")
        t.keys(":browser stop\r", "1 browser was told to end")
        t.end()

    def test_the_one_that_is_named_gets_the_words_behind_it(self):
        self.fake("chromium", "vivaldi")
        t = self.screen()
        t.keys(":browser viv https://one.test/ --kiosk\r", "vivaldi starts")
        self.assertEqual(self.told()[-2:], ["https://one.test/", "--kiosk"])
        t.end()

    def test_it_stays_when_soth_leaves(self):
        self.fake("chromium", then="trap 'echo ended >\"$FAKE_SAYS\"; exit' TERM HUP; while :; do sleep 0.1; echo $$ >\"$FAKE_SAYS.now\" && mv \"$FAKE_SAYS.now\" \"$FAKE_SAYS.on\"; done")
        t = self.screen()
        t.keys("B", "chromium starts")
        self.told()
        t.end()
        on = self.says + ".on"
        if os.path.exists(on):
            os.unlink(on)
        while not os.path.exists(on):
            time.sleep(0.01)
        self.assertFalse(os.path.exists(self.says))
        with open(on) as f:
            os.killpg(int(f.read()), peers.signal.SIGKILL)

    def test_one_that_ends_badly_says_why(self):
        self.fake("chromium", then="echo first; echo no such luck >&2; exit 3")
        t = self.screen()
        t.keys("B")
        t.wait("chromium ended with 3: no such luck")
        t.end()

    @unittest.skipUnless(shutil.which("certutil"), "there is no certutil")
    def test_firefox_has_settings_and_a_database_of_its_own(self):
        self.fake("firefox")
        self.tools("certutil")
        t = self.screen()
        t.keys("B", "firefox starts")
        words = self.told()
        profile = words[words.index("--profile") + 1]
        with open(os.path.join(profile, "user.js")) as f:
            settings = f.read()
        self.assertIn(f'"network.proxy.ssl_port", {self.port})', settings)
        listed = peers.subprocess.run(["certutil", "-L", "-d", "sql:" + profile], capture_output=True, text=True).stdout
        self.assertRegex(listed, r"soth +C,,")
        t.end()


class Faults(Case):
    def test_none_is_there(self):
        t = self.screen()
        t.keys("B", "no browser: none of chromium")
        t.keys(":browser firefox\r", "browser: firefox is not in PATH")
        t.keys(":browser lynx\r", "browser: 'lynx': there are chromium")
        t.end()

    def test_no_display(self):
        self.fake("chromium")
        t = self.screen(env={"DISPLAY": ""})
        t.keys("B", "no display: neither DISPLAY nor WAYLAND_DISPLAY")
        t.end()

    def test_firefox_without_certutil(self):
        self.fake("firefox")
        t = self.screen()
        t.keys("B", "certutil alone: Debian's libnss3-tools")
        t.end()

    def test_no_mode_is_a_proxy(self):
        self.fake("chromium")
        t = self.screen("-m", "reverse:http://127.0.0.1:1")
        t.keys("B", "none of the modes is a proxy for a browser")
        t.end()


class Real(Case):
    """The page comes, for the certificate is believed."""

    def visit(self, program, options):
        if not shutil.which(program):
            self.skipTest(f"there is no {program}")
        home = tempfile.mkdtemp(dir=self.dir)
        t = self.screen(only_fakes=False, env={"DISPLAY": "", "HOME": home, "XDG_RUNTIME_DIR": home})
        t.keys(f":browser {program} {options} https://localhost:{self.https}/page\r", f"{program} starts")
        t.keys("f~u /page\r")
        t.wait(lambda text: "/page" in text and " 200 " in text)
        t.keys(":browser stop\r", "1 browser was told to end")
        t.end()
        peers.wait_for_the_end_of(f"HOME={home}")

    def test_chromium(self):
        self.visit("chromium", "--headless=new --disable-gpu")

    @unittest.skipUnless(shutil.which("certutil"), "there is no certutil")
    def test_firefox(self):
        self.visit("firefox-esr", "--headless")


if __name__ == "__main__":
    unittest.main()
