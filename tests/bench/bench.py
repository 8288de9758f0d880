"""What soth costs beside nginx, nghttpx and mitmdump, in one run on loopback: the program under test has a core of its own.

BENCH_ROUNDS (3), BENCH_SECONDS (3) of load in each, BENCH_CASES (rev con h2 ws delay big start rows),
BENCH_FLOWS (100000).
The rounds go in turn, program by program; figures are medians. CPU seconds per 1,000 requests is the steadiest.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import delays

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOTH = os.environ.get("SOTH", os.path.join(ROOT, "build", "soth"))
WSLOAD = os.path.join(os.path.dirname(SOTH), "tests", "bench", "wsload")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
FLOWS = int(os.environ.get("BENCH_FLOWS", "100000"))
CASES = os.environ.get("BENCH_CASES", "rev con h2 ws delay big start rows").split()
CONNECTIONS = 32
GIB = 1 << 30
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
HERE, THERE = CORES[0], CORES[-1]                       # the program under test; load and origin


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port, process):
    for _ in range(3000):
        with socket.socket() as s:
            if not s.connect_ex(("127.0.0.1", port)):
                return
        if process.poll() is not None:
            sys.exit(f"bench: {process.args} ended at once")
        time.sleep(0.01)
    sys.exit(f"bench: {process.args} does not listen")


def proc(path):
    """Empty of a process that has ended: nghttpx has some that live for a moment."""
    try:
        with open("/proc/" + path) as f:
            return f.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Process:
    """A program on one core, with what it has used so far."""

    def __init__(self, args, core, port):
        self.p = subprocess.Popen(["taskset", "-c", str(core), *args], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        self.port = port
        wait_port(port, self.p)

    def pids(self):
        found, at = [self.p.pid], 0
        while at < len(found):
            found += map(int, proc(f"{found[at]}/task/{found[at]}/children").split())
            at += 1
        return found

    def cpu(self):
        stats = filter(None, (proc(f"{pid}/stat") for pid in self.pids()))
        return sum(int(n) for stat in stats for n in stat.rsplit(")", 1)[1].split()[11:13]) / TICKS

    def resident(self, peak=False):
        memory = r"VmHWM:\s+(\d+)" if peak else r"VmRSS:\s+(\d+)"
        return sum(int(n) for pid in self.pids() for n in re.findall(memory, proc(f"{pid}/status"))) * 1024

    def stop(self):
        for pid in reversed(self.pids()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self.p.wait(20)


NGINX = """daemon off; worker_processes 1; pid {dir}/{name}.pid; error_log /dev/null crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path {dir}/body;
  proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  {more}
  server {{
    listen 127.0.0.1:{port} {tls} backlog=4096; ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem;
    location / {{ {what} }}
  }}
}}"""


def nginx(folder, name, core, what, more="", tls="ssl"):
    port = free_port()
    conf = os.path.join(folder, name + ".conf")
    with open(conf, "w") as f:
        f.write(NGINX.format(dir=folder, name=name, port=port, what=what, more=more, tls=tls))
    return Process(["nginx", "-e", "/dev/null", "-c", conf], core, port)


def start(who, folder, origin, mode):
    """The program as a proxy before the origin: reverse, or regular."""
    if who == "nginx":
        return nginx(folder, "proxy", HERE, 'proxy_pass https://origin; proxy_http_version 1.1; proxy_set_header Connection "";'
                     ' proxy_max_temp_file_size 0;',
                     f"upstream origin {{ server 127.0.0.1:{origin}; keepalive 64; }}")
    port = free_port()
    spec = f"reverse:https://127.0.0.1:{origin}" if mode == "reverse" else "regular"
    if who == "mitmdump":
        args = ["mitmdump", "-q", "-k", "--set", f"confdir={folder}/mitm", "--listen-host", "127.0.0.1", "-p", str(port), "-m", spec,
                "--set", "stream_large_bodies=1m"]
    else:
        args = [SOTH, "dump", "-q", "-k", "--workers", "1", "--confdir", f"{folder}/soth", "-l", f"127.0.0.1:{port}", "-m", spec,
                "-w", f"{folder}/bench.soth"]
    return Process(args, HERE, port)


def load(args):
    return subprocess.run(["taskset", "-c", str(THERE), *args], capture_output=True, text=True).stdout


def wrk(p, seconds):
    out = load(["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{int(seconds)}s", f"https://127.0.0.1:{p.port}/1k"])
    return int(re.search(r"(\d+) requests in", out).group(1)), float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def curls(p, origin, count):
    out = load(["curl", "-s", "-k", "-Z", "--parallel-max", str(CONNECTIONS), "-x", f"127.0.0.1:{p.port}", "-o", "/dev/null",
                "-w", "%{http_code}\n", f"https://127.0.0.1:{origin}/1k?[1-{count}]"])
    return out.count("200\n")


def requests(who, folder, origin, mode):
    p = start(who, folder, origin, mode)
    try:
        if mode == "reverse":
            wrk(p, 1)
            before, begun = p.cpu(), time.monotonic()
            count, _ = wrk(p, SECONDS)
        else:
            curls(p, origin, 500)
            before, begun = p.cpu(), time.monotonic()
            count = curls(p, origin, int(SECONDS * (500 if who == "mitmdump" else 4000)))
        took = time.monotonic() - begun
        return {"cpu s/1k": (p.cpu() - before) / count * 1000, "req/s": count / took}
    finally:
        p.stop()


def big(who, folder, origin):
    p = start(who, folder, origin, "reverse")
    try:
        begun = time.monotonic()
        got = load(["curl", "-s", "-k", "-o", "/dev/null", "-w", "%{size_download}", f"https://127.0.0.1:{p.port}/big"])
        took = time.monotonic() - begun
        assert int(got) == GIB, f"{who}: {got} bytes"
        return {"MiB/s": 1024 / took, "cpu s/GiB": p.cpu(), "peak MiB": p.resident(peak=True) / (1 << 20)}
    finally:
        p.stop()


class Origin:
    """A server of a case's own, beside nginx."""

    def __init__(self, args):
        self.args = args

    def __enter__(self):
        port = free_port()
        self.process = Process([a.format(port=port) for a in self.args], THERE, port)
        return port

    def __exit__(self, *args):
        self.process.stop()


def reverse(who, folder, spec):
    """soth in reverse mode, or the one that is held beside it."""
    port = free_port()
    host = spec.split("://")[1]
    if who == "nghttpx":
        args = ["nghttpx", "--conf=/dev/null", "-n1", "-k", "--backend-connections-per-host=100",
                f"-f127.0.0.1,{port}", f"-b{host.replace(':', ',')};;proto=h2;tls", f"{folder}/key.pem", f"{folder}/cert.pem"]
    else:
        args = [SOTH, "dump", "-q", "-k", "--workers", "1", "--confdir", f"{folder}/soth", "-l", f"127.0.0.1:{port}", "-m",
                f"reverse:{spec}", "-w", f"{folder}/bench.soth"]
    return Process(args, HERE, port)


def h2load(p, count):
    out = load(["h2load", "-n", str(count), "-c", "10", "-m", "10", f"https://127.0.0.1:{p.port}/1k"])
    return int(re.search(r"(\d+) succeeded", out).group(1))


def http2(who, folder, _):
    with Origin(["nghttpd", "-d", f"{folder}/www", "-a", "127.0.0.1", "{port}", f"{folder}/key.pem", f"{folder}/cert.pem"]) as origin:
        p = reverse(who, folder, f"https://127.0.0.1:{origin}")
        try:
            h2load(p, 3000)
            before, begun = p.cpu(), time.monotonic()
            count = h2load(p, int(SECONDS * 10000))
            took = time.monotonic() - begun
            return {"cpu s/1k": (p.cpu() - before) / count * 1000, "req/s": count / took}
        finally:
            p.stop()


WEBSOCKETS = 'proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;' \
    ' proxy_set_header Connection "upgrade";'


def wsload(port, messages):
    out = load([WSLOAD, "load", str(port), "4", "32", str(messages)])
    return int(out.split()[0])


def websockets(who, folder, _):
    with Origin([WSLOAD, "serve", "{port}"]) as origin:
        if who == "nginx":
            p = nginx(folder, "proxy", HERE, WEBSOCKETS.format(port=origin), tls="")
        else:
            p = reverse(who, folder, f"http://127.0.0.1:{origin}")
        try:
            wsload(p.port, 2000)
            before, begun = p.cpu(), time.monotonic()
            count = wsload(p.port, int(SECONDS * 25000))
            took = time.monotonic() - begun
            return {"cpu s/1k": (p.cpu() - before) / count * 1000, "messages/s": count / took}
        finally:
            p.stop()


def delay(who, folder, _):
    """Milliseconds from the sending of one message to its reading."""
    found = {}
    for kind, messages in delays.KINDS.items():
        with messages() as origin:
            if who == "soth":
                p = reverse(who, folder, f"http://127.0.0.1:{origin.port}")
                try:
                    found[f"{kind} ms"] = origin.median(p.port)
                finally:
                    p.stop()
            else:
                found[f"{kind} ms"] = origin.median(origin.port)
    return found


def starting(who, folder, origin):
    port = free_port()
    begun = time.monotonic()
    p = subprocess.Popen([SOTH, "dump", "--confdir", f"{folder}/soth", "-l", f"127.0.0.1:{port}", "-w", f"{folder}/bench.soth"],
                         stderr=subprocess.PIPE)
    p.stderr.readline()
    took = time.monotonic() - begun
    p.terminate()
    p.communicate()
    return {"ms": took * 1000}


def rows(who, folder, origin):
    p = start(who, folder, origin, "reverse")
    try:
        wrk(p, 1)
        before, count = p.resident(), 0
        while count < FLOWS:
            count += wrk(p, 2)[0]
        return {"bytes/flow": (p.resident() - before) / count}
    finally:
        p.stop()


RUNS = {
    "rev": ("TLS to TLS, reverse, 1 KiB, 32 connections", ["soth", "nginx", "mitmdump"],
            lambda *a: requests(*a, "reverse"), "cpu s/1k"),
    "con": ("the same through CONNECT, intercepted", ["soth", "mitmdump"], lambda *a: requests(*a, "regular"), "cpu s/1k"),
    "h2": ("HTTP/2, TLS to TLS, reverse, 1 KiB, 10 connections of 10 streams", ["soth", "nghttpx"], http2, "cpu s/1k"),
    "ws": ("WebSocket, 100 bytes there and back, reverse, 4 connections of 32 under way", ["soth", "nginx"], websockets,
           "cpu s/1k"),
    "delay": ("from the sending of a message to its reading, one at a time, medians", ["soth", "direct"], delay, "sse ms"),
    "big": ("1 GiB, TLS to TLS", ["soth", "nginx", "mitmdump"], big, "MiB/s"),
    "start": ("from the start to listening", ["soth"], starting, "ms"),
    "rows": ("memory while recording flows of 1 KiB", ["soth"], rows, "bytes/flow"),
}


def show(name, results, key):
    print(f"\n{name}: {RUNS[name][0]}; medians of {ROUNDS}")
    for who, rounds in results.items():
        line = [f"{k} {statistics.median(r[k] for r in rounds):.4g}" for k in rounds[0]]
        print(f"  {who:9} " + "   ".join(line), end="")
        if who != "soth":
            ratio = statistics.median(a[key] / b[key] for a, b in zip(results["soth"], rounds))
            print(f"   soth is {ratio:.3f} of it in {key}", end="")
        print(flush=True)


def main():
    folder = tempfile.mkdtemp(prefix="bench-")
    os.mkdir(f"{folder}/soth")
    os.mkdir(f"{folder}/www")
    with open(f"{folder}/www/1k", "wb") as f:
        f.write(os.urandom(1024))
    with open(f"{folder}/www/big", "wb") as f:
        f.truncate(GIB)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    f"{folder}/key.pem", "-out", f"{folder}/cert.pem", "-days", "30", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
    os.chmod(folder, 0o755)
    origin = nginx(folder, "origin", THERE, f"root {folder}/www;")
    try:
        starting("soth", folder, origin.port)           # makes the authority
        for name in CASES:
            _, programs, run, key = RUNS[name]
            results = {who: [] for who in programs}
            for _ in range(ROUNDS):
                for who in programs:
                    results[who].append(run(who, folder, origin.port))
                    if os.path.exists(f"{folder}/bench.soth"):
                        os.unlink(f"{folder}/bench.soth")
            show(name, results, key)
    finally:
        origin.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
