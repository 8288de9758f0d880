"""Options that change what soth does over time, and how much it keeps."""
import os
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers


class Options(peers.Case):
    def closes(self, s, sent):
        """All that comes back, once soth closes by itself."""
        with s.connect() as c:
            c.sendall(sent)
            out = b""
            while (more := c.recv(65536)):
                out += more
            return out

    def test_a_head_that_does_not_end_is_408(self):
        s = self.start("--set", "header-timeout=1")
        self.assertTrue(self.closes(s, b"GET http://x/ HTTP/1.1\r\nHost:").startswith(b"HTTP/1.1 408 "))
        self.assertEqual(s.row()["close"], "stream_stage_timeout")

    def test_a_connection_on_which_nothing_moves_is_closed(self):
        hung = peers.raw_server(lambda p: [None for _ in iter(lambda: p.recv(65536), b"")])
        s = self.start("--set", "tcp-timeout=1")
        self.closes(s, f"GET http://127.0.0.1:{hung}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.assertEqual(s.row()["close"], "idle_watchdog_timeout")

    def test_a_server_that_never_takes_the_connection_is_504(self):
        # A listener whose queue is full lets no connection be made.
        full = socket.socket()
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(3):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(full.getsockname())
            waiting.append(s)
        soth = self.start("--set", "connect-timeout=1")
        out = self.curl("-m", "6", "-w", "%{http_code}", f"http://127.0.0.1:{full.getsockname()[1]}/", soth=soth)
        self.assertTrue(out.stdout.endswith(b"504"), out)
        self.assertEqual(soth.row()["status"], 504)
        for s in (*waiting, full):
            s.close()

    def test_workers_are_threads(self):
        def threads(n):
            s = self.start("--set", f"workers={n}")
            return len(os.listdir(f"/proc/{s.p.pid}/task"))
        self.assertEqual(threads(3) - threads(1), 2)

    def test_a_quiet_dump_records_and_prints_nothing(self):
        for word in "-q", "--quiet":
            s = self.start(word)
            self.assertEqual(self.curl(f"http://127.0.0.1:{self.http}/page", soth=s).stdout, b"hello /page")
            self.assertEqual(s.stop()[:2], (0, ""))
            out = subprocess.run([peers.SOTH, "dump", "-r", s.session], capture_output=True, text=True).stdout
            self.assertIn("/page 200", out)
            self.assertEqual(subprocess.run([peers.SOTH, "dump", word, "-r", s.session], capture_output=True).stdout, b"")

    def test_only_the_newest_sessions_are_kept(self):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        for _ in range(4):
            p = subprocess.Popen([peers.SOTH, "dump", "--confdir", folder, "-l", "127.0.0.1:0",
                                  "--set", "sessions-kept=2"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            p.stderr.readline()
            p.terminate()
            p.communicate(timeout=20)
        # Two earlier ones, and the one that was just written.
        self.assertEqual(len(os.listdir(os.path.join(folder, "sessions"))), 3)


if __name__ == "__main__":
    unittest.main()
