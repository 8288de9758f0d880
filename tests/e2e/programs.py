"""Other programs as peers: node's in peer.js, and what says its port on a line."""
import os
import re
import subprocess
import threading

import peers

JS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.js")


def run(*args):
    """To its end; all that it wrote."""
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace").stdout


def node(*args):
    return run("node", JS, *map(str, args))


class Server:
    """Says its port on its first line; what it says behind that is read away."""

    def __init__(self, *args):
        self.p = subprocess.Popen(args, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"(\d+)$", self.p.stdout.readline().strip()).group(1))
        self.rest = threading.Thread(target=self.p.stdout.read, daemon=True)
        self.rest.start()

    def stop(self):
        self.p.kill()
        self.p.wait()
        self.rest.join()
        self.p.stdout.close()


class Case(peers.Case):
    """With servers of node's."""

    @classmethod
    def serve(cls, name, *args):
        server = Server("node", JS, name, *args)
        cls.addClassCleanup(server.stop)
        return server.port
