"""The delay of requests through soth while its list is filtered by a gigabyte of bodies, beside the same by rows alone.

SIFT_ROUNDS (3), SIFT_SECONDS (5) of load in each. Medians of the rounds.
"""
import itertools
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOTH = os.environ.setdefault("SOTH", os.path.join(ROOT, "build", "soth"))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
import term

number = itertools.count(100)
FLOWS = os.path.join(os.path.dirname(SOTH), "tests", "bench", "flows")
ROUNDS = int(os.environ.get("SIFT_ROUNDS", "3"))
SECONDS = int(os.environ.get("SIFT_SECONDS", "5"))
EACH = 0.7                             # seconds between filters; each is about through by then
COUNT, BODY = 10000, 107374            # 1 GiB
CLIENTS, RATE = 4, 500                 # requests a second, of each client


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port):
    for _ in range(3000):
        with socket.socket() as s:
            if not s.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.01)
    sys.exit("sift: nothing listens")


def load(port, folder, screen, what):
    """Microseconds of each request, while one filter after the other is put on the list."""
    log = os.path.join(folder, "log")
    if os.path.exists(log):
        os.unlink(log)
    p = subprocess.Popen(["h2load", "-c", str(CLIENTS), "-m", "1", "--rps", str(RATE), "-n", str(CLIENTS * RATE * SECONDS),
                          "--log-file", log, f"http://127.0.0.1:{port}/1k"], stdout=subprocess.DEVNULL)
    began = time.monotonic()
    while p.poll() is None:
        if time.monotonic() > began + EACH:
            began = time.monotonic()
            screen.keys(f":filter {what} {next(number)}\r")
        if select.select([screen.fd], [], [], 0.05)[0]:
            os.read(screen.fd, 65536)      # what a terminal would make of it costs more than all the rest
    with open(log) as f:
        return sorted(int(line.split("\t")[2]) for line in f)


def part(took, share):
    return took[min(len(took) - 1, int(len(took) * share))] / 1000


def main():
    folder = tempfile.mkdtemp(prefix="sift-")
    with open(f"{folder}/1k", "wb") as f:
        f.write(os.urandom(1024))
    subprocess.run([FLOWS, "make", f"{folder}/gib.soth", str(COUNT), str(BODY)], check=True)
    origin, port = free_port(), free_port()
    server = subprocess.Popen(["nghttpd", "--no-tls", "-d", folder, str(origin)], stdout=subprocess.DEVNULL)
    wait_port(origin)
    screen = term.Terminal("--confdir", f"{folder}/conf", "-l", f"127.0.0.1:{port}", "-m", f"reverse:h2c://127.0.0.1:{origin}")
    try:
        wait_port(port)
        screen.keys(f":open {folder}/gib.soth\r")
        screen.wait(f": {COUNT} flows")
        load(port, folder, screen, "~c")
        found = {"rows": [], "bodies": []}
        for _ in range(ROUNDS):
            found["rows"].append(load(port, folder, screen, "~c"))
            found["bodies"].append(load(port, folder, screen, "~b nothing.of.it"))
        for name, rounds in found.items():
            figures = [f"p{share * 100:g} {statistics.median(part(r, share) for r in rounds):.3f} ms" for share in (.5, .9, .99, .999)]
            print(f"{name:10} " + "   ".join(figures))
        screen.end()
    finally:
        server.kill()
        shutil.rmtree(folder)


main()
