"""Who sent it: the process at the other end of a connection, before anything is decided."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

TRIES = 4                              # on a busy machine it may not be known in time

PYTHON = """import sys, urllib.request
ask = urllib.request.build_opener(urllib.request.ProxyHandler({"http": "http://" + sys.argv[1]})).open
for _ in range(3):
    ask(sys.argv[2]).read()
"""
NODE = """const http = require("http"), [host, port] = process.argv[1].split(":");
http.get({host, port, path: process.argv[2]}, r => r.resume())"""


class Processes(peers.Case):
    def steps(self, soth=None):
        """The processes that the session names, by the flows' targets."""
        s = soth or self.soth
        s.stop()
        out, path = {}, {}
        for note in peers.notes(s.session):
            if note[0] == 1 and note[7] == 16:
                values = [v.decode() for v in note[8]]
                out[note[2]] = dict(zip(values[::2], values[1::2]))
            elif note[0] == 2 and note[1] == 0 and note[7] == 1:
                path[note[2]] = note[9].split()[1].decode().rsplit("/", 1)[-1]
        return {path[flow]: step for flow, step in out.items() if flow in path}

    def url(self, name):
        return f"http://127.0.0.1:{self.http}/{name}"

    def test_each_program_is_named(self):
        python = subprocess.Popen([sys.executable, "-c", PYTHON, self.soth.address, self.url("python")])
        nodes = [subprocess.Popen(["node", "-e", NODE, self.soth.address, self.url("node")]) for _ in range(TRIES)]
        for _ in range(TRIES):
            self.curl(self.url("curl"))
        for p in python, *nodes:
            self.assertEqual(p.wait(20), 0)
        who = self.steps()
        self.assertEqual({name: step["name"] for name, step in who.items()},
                         {"curl": "curl", "node": "node", "python": os.path.basename(os.path.realpath(sys.executable))})
        self.assertEqual(who["python"]["pid"], str(python.pid))
        self.assertIn(who["node"]["pid"], [str(p.pid) for p in nodes])
        self.assertIn(f"({os.getpid()})", who["curl"]["parents"])
        self.assertIn("/curl", who["curl"]["command"])
        self.assertTrue(who["curl"]["user"])

    def test_what_is_inside_tls_and_socks_has_it_too(self):
        s = self.start("--set", "mode=socks5")
        for _ in range(TRIES):
            subprocess.run(["curl", "-s", "--socks5-hostname", s.address, "--cacert", s.ca, f"https://localhost:{self.https}/inside"],
                           stdout=subprocess.DEVNULL)
        self.assertEqual(self.steps(s)["inside"]["name"], "curl")

    def test_flows_are_told_apart_by_it(self):
        session = os.path.join(self.folder.name, "told.soth")
        told = lambda: [json.loads(line) for line in subprocess.run([peers.SOTH, "dump", "--json", "-r", session, "~process ."],
                                                                    capture_output=True, text=True).stdout.splitlines()]
        while True:
            s = self.start()
            self.curl(self.url("one"), self.url("two"), soth=s)
            subprocess.run([sys.executable, "-c", PYTHON, s.address, self.url("python")], check=True)
            s.stop()
            shutil.copy(s.session, session)
            if len(rows := told()) == 5:
                break
        rows = [r for r in rows if r["process"] == "curl"]
        self.assertEqual([r["path"] for r in rows], ["/one", "/two"])
        self.assertEqual(rows[0]["pid"], rows[1]["pid"])
        t = term.Terminal("--confdir", self.folder.name, "-r", session, rows=60, cols=120)
        self.addCleanup(t.end)
        t.wait("/python")
        t.keys(":group process\r", lambda text: re.search(r"curl +2 ", text) and re.search(r"python[0-9.]+ +3 ", text))
        t.keys("q:set columns=process path\r", lambda text: re.search(r"curl +/two", text))
        t.keys("gg", lambda text: re.search(r"Process +curl \([0-9]+\)", text) and "Came of" in text)

    def datagrams(self, *args, connected):
        """What a flow of datagrams is told to be of, from a socket that is connected, or not."""
        origin = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        origin.bind(("127.0.0.1", 0))
        self.addCleanup(origin.close)
        s = self.start("-m", f"reverse:udp://127.0.0.1:{origin.getsockname()[1]}", *args)
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(client.close)
        if connected:
            client.connect(("127.0.0.1", s.port))
        for _ in range(TRIES):
            client.sendto(b"one", ("127.0.0.1", s.port)) if not connected else client.send(b"one")
        return s

    def test_datagrams_have_theirs(self):
        for connected in True, False:
            s = self.datagrams(connected=connected)
            who = None
            while not who:                  # it comes when it is known
                who = self.recorded(s)
            s.stop()
            self.assertEqual(who["pid"], str(os.getpid()))

    def recorded(self, s):
        """The process that a running session names by now."""
        try:
            for note in peers.notes(s.session):
                if note[0] == 1 and note[7] == 16:
                    values = [v.decode() for v in note[8]]
                    return dict(zip(values[::2], values[1::2]))
        except ValueError:                  # it is being written
            pass
        return None

    def test_datagrams_of_a_program_may_be_blocked(self):
        name = os.path.basename(os.path.realpath(sys.executable))
        s = self.datagrams("--set", f"policy@{name}/*=block", connected=True)
        self.assertEqual(s.row()["close"], "blocked")

    def test_it_can_be_turned_off(self):
        s = self.start("--set", "process-lookup=no")
        self.assertEqual(self.curl(self.url("curl"), soth=s).returncode, 0)
        self.assertEqual(self.steps(s), {})

    def test_a_program_has_a_policy_of_its_own(self):
        s = self.start("--set", "policy@curl/*=block")
        while b"403" not in self.curl("-i", self.url("curl"), soth=s).stdout:
            pass                       # nobody waits for long until it is known
        subprocess.run([sys.executable, "-c", PYTHON, s.address, self.url("python")], check=True)


if __name__ == "__main__":
    unittest.main()
