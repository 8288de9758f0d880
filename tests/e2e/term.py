"""soth on a pty, and what a terminal makes of its bytes (pyte)."""
import fcntl
import os
import pty
import resource
import select
import signal
import struct
import termios
import time

import pyte

import peers

PATIENCE = 15


class Terminal:
    """keys() types, wait() returns when the screen shows what it should; .raw is every byte that came."""

    def __init__(self, *args, rows=40, cols=120, env=None, limit=None):
        self.raw = b""
        self.screen = pyte.Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC"})
            os.environ.pop("NO_COLOR", None)
            os.environ.update(env or {})
            if limit:       # of the files it may write, in bytes
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                os.execv(peers.SOTH, [peers.SOTH, *args])
            finally:
                os._exit(127)
        self.resize(rows, cols)

    def resize(self, rows, cols):
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def read(self, seconds):
        """Whether anything came."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, what):
        """Until the text, or what the function of the text says, is there."""
        holds = what if callable(what) else lambda text: what in text
        end = time.monotonic() + PATIENCE
        while not holds(self.text()):
            if time.monotonic() > end:
                raise AssertionError(f"{what!r} did not come; the screen:\n{self.text()}")
            self.read(0.2)
        return self.text()

    def keys(self, keys, then=None):
        os.write(self.fd, keys.encode())
        return self.wait(then) if then else None

    def end(self, keys="Q"):
        """Leaves; the exit status."""
        if keys:
            os.write(self.fd, keys.encode())
        while self.read(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill_only(self):
        """Its end comes without a word."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def kill(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def mode(self):
        return termios.tcgetattr(self.fd)
