"""soth itself, killed under load: what it said is over, and what came before what is there, is there.

KILLS and SEED in the environment say how often, and from which number on.
"""
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

KILLS = int(os.environ.get("KILLS", 3))
SEED = int(os.environ.get("SEED", time.time()))
CLIENTS, LEAST, MOST = 3, 20, 300


class Client(threading.Thread):
    """One exchange after the other on one connection, until soth is gone; those that came back whole."""

    def __init__(self, soth, name):
        super().__init__(daemon=True)
        self.soth, self.own, self.seen = soth, name, []
        self.start()

    def run(self):
        c = http.client.HTTPConnection("127.0.0.1", self.soth.port, timeout=20)
        try:
            while True:
                path = f"/{self.own}/{len(self.seen)}"
                c.request("GET", path)
                if c.getresponse().read() != b"hello " + path.encode():
                    return
                self.seen.append(path)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            c.close()


class Origin(peers.Origin):
    def handle(self):
        try:
            super().handle()
        except OSError:
            pass


class Killed(peers.Case):
    def setUp(self):
        super().setUp()
        self.http = peers.serve(Origin)

    def load(self, soth):
        """Many more, of which nobody asks what became of them."""
        p = subprocess.Popen(["h2load", "--h1", "-n", "100000", "-c", "4", f"http://127.0.0.1:{soth.port}/load"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)

    def rows(self, path):
        out = subprocess.run([peers.SOTH, "dump", "--json", "--confdir", self.folder.name, "-r", path],
                             capture_output=True, text=True)
        self.assertRegex(out.stderr, r"\A(soth: \S+: (cut off|damaged) at byte \d+.*\n)?\Z")
        return [json.loads(line) for line in out.stdout.splitlines()]

    def round(self, chance):
        signal.alarm(60)
        soth = self.start("--set", "workers=1", "-m", f"reverse:http://127.0.0.1:{self.http}")
        clients = [Client(soth, f"c{i}") for i in range(CLIENTS)]
        self.load(soth)
        said, least = [], chance.randint(LEAST, MOST)
        while len(said) < least or not any(row["path"] == "/load" for row in said):
            said.append(soth.row())
        time.sleep(chance.random() / 50)
        soth.p.send_signal(signal.SIGKILL)
        said += [json.loads(line) for line in soth.p.stdout.read().splitlines(True) if line.endswith(b"\n")]
        soth.p.wait()
        for c in clients:
            c.join()
        self.check(said, clients, self.rows(soth.session))

    def check(self, said, clients, rows):
        there = {row["id"]: row for row in rows}
        for row in said:
            self.assertEqual(there.get(row["id"]), row)
        over = {row["path"]: row for row in rows if row["ended_us"]}
        begun = {row["path"] for row in rows}
        for c in clients:
            # The client asked for the next one only when it had this one, and notes come in order.
            for one, next_ in zip(c.seen, c.seen[1:] + [None]):
                if next_ in begun:
                    self.assertEqual(over[one]["response_bytes"], len("hello " + one))

    def test_what_was_said_to_be_over_outlives_a_kill(self):
        print(f"SEED={SEED} KILLS={KILLS}", flush=True)
        chance = random.Random(SEED)
        for _ in range(KILLS):
            self.round(chance)


if __name__ == "__main__":
    unittest.main()
