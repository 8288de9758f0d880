"""What a cold handshake costs: a client and a server that soth has not met, TLS with each, one request; beside nginx.

HANDSHAKE_ROUNDS (3), HANDSHAKES (1000) in each, HOSTS (10000) for memory. nginx neither makes certificates nor keeps what passed.
The rounds go in turn; figures are medians, ratios those of the rounds. CPU seconds are those of the program under test, which has a core of its own.
"""
import os
import shutil
import socket
import ssl
import statistics
import subprocess
import tempfile
import time

import bench

ROUNDS = int(os.environ.get("HANDSHAKE_ROUNDS", "3"))
COUNT = int(os.environ.get("HANDSHAKES", "1000"))
HOSTS = int(os.environ.get("HOSTS", "10000"))
COLD = "ssl_session_cache off; ssl_session_tickets off; ssl_protocols TLSv1.2 TLSv1.3;"
PASS_ON = ("proxy_pass https://127.0.0.1:{origin}; proxy_ssl_session_reuse off; proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_http_version 1.1; "
           'proxy_set_header Connection "";')
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def visit(port, host, through):
    """Seconds of the whole of it."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)         # as browsers and curl do
        if through:
            s.sendall(f"CONNECT 127.0.0.1:{through} HTTP/1.1\r\nHost: 127.0.0.1:{through}\r\n\r\n".encode())
            s.recv(4096)
        with context.wrap_socket(s, server_hostname=host) as t:
            t.sendall(f"GET /1k HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            if not (got := t.recv(65536)).startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{host}: {got[-200:]}")
    return time.monotonic() - began


def visits(p, through, first, count):
    cpu = p.cpu()
    took = [visit(p.port, f"h{first + i}.cold.test", through) for i in range(count)]
    return {"ms CPU": (p.cpu() - cpu) / count * 1000, "ms": statistics.median(took) * 1000}


def soth(folder, origin, mode, *args):
    port = bench.free_port()
    spec = f"reverse:https://127.0.0.1:{origin}" if mode == "reverse" else "regular"
    return bench.Process([bench.SOTH, "dump", "-q", "--workers", "1", "--confdir", f"{folder}/soth", "-l", f"127.0.0.1:{port}", "-m", spec,
                          "-w", f"{folder}/bench.soth", *args], bench.HERE, port)


def programs(folder, origin):
    """Name, how it is started, and the port that its clients name; None: they name none."""
    trusted = ("--set", f"ssl-verify-upstream-trusted-ca={folder}/cert.pem")
    return {
        "nginx": (lambda: bench.nginx(folder, "proxy", bench.HERE, PASS_ON.format(origin=origin), COLD), None),
        "soth, reverse": (lambda: soth(folder, origin, "reverse", "-k"), None),
        "soth, CONNECT": (lambda: soth(folder, origin, "regular", "-k"), origin),
        "soth, CONNECT, verified": (lambda: soth(folder, origin, "regular", *trusted), origin),
        "soth, CONNECT, met before": (lambda: soth(folder, origin, "regular", "-k"), origin),
    }


def compare(folder, origin):
    found = {}
    for r in range(ROUNDS):
        for name, (start, through) in programs(folder, origin).items():
            p = start()
            visits(p, through, 0, 50)
            found.setdefault(name, []).append(visits(p, through, 0 if "before" in name else 1000, 50 if "before" in name else COUNT))
            p.stop()
    for name, rounds in found.items():
        cpu, ms = (statistics.median(r[key] for r in rounds) for key in ("ms CPU", "ms"))
        ratio = statistics.median(a["ms CPU"] / b["ms CPU"] for a, b in zip(rounds, found["nginx"]))
        print(f"{name:28} {cpu:6.2f} ms CPU  {ratio:5.2f} of nginx   {ms:6.2f} ms", flush=True)


def memory(folder, origin):
    p = soth(folder, origin, "regular", "-k")
    steps = [f"{p.resident() / 1e6:.0f}"]
    for first in range(0, HOSTS, HOSTS // 5):
        visits(p, origin, first, HOSTS // 5)
        steps.append(f"{p.resident() / 1e6:.0f}")
    print(f"MB resident, from 0 to {HOSTS} hosts: {' '.join(steps)}", flush=True)
    p.stop()


def main():
    os.sched_setaffinity(0, {bench.THERE})
    folder = tempfile.mkdtemp(prefix="bench-")
    os.chmod(folder, 0o755)         # nginx's worker is somebody else
    os.makedirs(f"{folder}/www")
    with open(f"{folder}/www/1k", "wb") as f:
        f.write(b"x" * 1024)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:*.cold.test,IP:127.0.0.1",
                    "-addext", "extendedKeyUsage=serverAuth", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
                   check=True, stderr=subprocess.DEVNULL)
    origin = bench.nginx(folder, "origin", bench.THERE, f"root {folder}/www;", COLD)
    try:
        compare(folder, origin.port)
        memory(folder, origin.port)
    finally:
        origin.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
