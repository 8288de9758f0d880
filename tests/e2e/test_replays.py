"""Requests sent again from the screen: the table of what came of them, and what is different in their answers."""
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


class Counting(http.server.BaseHTTPRequestHandler):
    """JSON with a count in it. /odd has another member each third time; /gate answers when the test says so."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        s = self.server
        with s.lock:
            s.asked += 1
            n = s.asked
            s.at_once += 1
            s.most = max(s.most, s.at_once)
            if s.at_once == 7:
                s.seven.set()
        if self.path == "/gate" and n > 1:
            s.gate.acquire(timeout=20)
        with s.lock:
            s.at_once -= 1
        said = {"count": n, "name": "ann"}
        if self.path == "/odd" and n % 3 == 0:
            said["error"] = "no more"
        body = json.dumps(said).encode()
        self.send_response(500 if self.path == "/fails" and n > 1 else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Request-Id", f"{n:08x}-7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Replays(peers.Case):
    def setUp(self):
        super().setUp()
        self.origin = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
        self.origin.lock, self.origin.gate = threading.Lock(), threading.Semaphore(0)
        self.origin.seven = threading.Event()
        self.origin.asked = self.origin.at_once = self.origin.most = 0
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.origin.server_address[1]}"
        self.editor = os.path.join(self.folder.name, "editor")
        with open(self.editor, "w") as f:
            f.write(f"#!/bin/sh\necho the editor is open\ncat < {self.editor}.done\n")
        os.chmod(self.editor, 0o755)
        if not os.path.exists(self.editor + ".done"):
            os.mkfifo(self.editor + ".done")
        self.t = term.Terminal("--confdir", self.folder.name, "-p", "0", cols=140, env={"VISUAL": self.editor})
        text = self.t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        self.port = re.search(r"127\.0\.0\.1:(\d+)", text).group(1)

    def tearDown(self):
        self.origin.gate.release(1000)
        self.t.kill()
        self.origin.shutdown()
        self.origin.server_close()

    def ask(self, path):
        subprocess.run(["curl", "-s", "-x", f"127.0.0.1:{self.port}", self.url + path], stdout=subprocess.DEVNULL, check=True)
        self.t.wait(lambda s: re.search(re.escape(path) + " +200 ", s))

    def test_each_has_its_line_with_what_came_then_and_now(self):
        t = self.t
        self.ask("/odd")
        t.keys(":replay 5\r", lambda s: "Replays  5 of 5 sent  2 different  3 the same" in s)
        lines = [line for line in t.text().splitlines() if "done" in line]
        self.assertEqual(len(lines), 5)
        self.assertRegex(lines[0], r"^ +1 1→2 +GET 127\.0\.0\.1/odd +done +200 +\S+ +27 +the same")
        self.assertRegex(lines[1], r"\$\.error: was not there")
        t.keys("jd", lambda s: "Answers of flow 1 and flow 3" in s and "different" in s)
        text = t.text()
        self.assertRegex(text, r'body +\$\.error\n +\+ "no more"')
        self.assertRegex(text, r"body +\$\.count +\(comes anew\)\n +- 1\n +\+ 3")
        self.assertRegex(text, r"headers +x-request-id +\(comes anew\)")
        t.keys("q", "Replays  5 of 5 sent")
        t.keys("\r", lambda s: re.search(r"Flow +3\b", s) and "Began" in s)
        t.keys("q", "Replays  5 of 5 sent")
        t.keys("q", "Flows 6")
        t.keys("P", "2 different  3 the same")

    def test_one_by_one_and_parallel_and_no_more(self):
        t = self.t
        self.ask("/gate")
        t.keys(":replay 4\r", lambda s: "1 of 4 sent" in s and "1 running" in s and s.count("waits") == 3)
        self.origin.gate.release()
        t.wait(lambda s: "2 of 4 sent" in s and s.count("done") == 1 and s.count("running") == 2)  # the title's, and a line's
        t.keys(":replay stop\r", lambda s: s.count("not sent") == 2 and "stopped" in s)
        self.origin.gate.release()
        t.wait("2 requests sent again")
        self.assertEqual(self.origin.most, 1)
        t.keys("q:replay 30 parallel=7\r", lambda s: "7 of 30 sent" in s and "7 running" in s)
        self.assertTrue(self.origin.seven.wait(20))
        self.origin.gate.release(30)
        t.wait("30 requests sent again")
        self.assertEqual(self.origin.most, 7)
        self.assertEqual(self.origin.asked, 33)

    def test_it_goes_on_while_an_editor_has_the_screen(self):
        t = self.t
        self.ask("/gate")
        t.keys(":replay 20\r", lambda s: "1 of 20 sent" in s)
        t.keys(":compose\r", "the editor is open")
        self.origin.gate.release(1000)
        while self.origin.asked < 21:       # the alarm of peers.Case ends it
            time.sleep(0.01)
        self.assertIn("the editor is open", t.text())
        with open(self.editor + ".done", "w"):
            pass
        t.wait(lambda s: "20 of 20 sent" in s and "20 the same" in s)

    def test_what_fails_says_so_and_several_are_sent(self):
        t = self.t
        self.ask("/fails")
        self.ask("/x")
        t.keys("%r", lambda s: "2 of 2 sent" in s and "200→500" in s and re.search(r"done +200 ", s))
        t.wait(lambda s: "status: was 200, is 500" in s and "1 different  1 the same" in s)
        self.origin.shutdown()
        self.origin.server_close()
        t.keys("qU:replay 2\r", "2 different")
        t.keys("q:replay nonsense\r", "replay takes how often")
        t.keys(":replay 10001\r", "replay takes how often")
        t.keys(":replay parallel=1001\r", "replay takes how often")
        t.keys(":replay stop\r", "nothing more is to be sent again")

    def test_only_one_that_was_sent_again_can_be_compared(self):
        t = self.t
        self.ask("/x")
        t.keys("d", "compare takes two flows that are selected, or one that was sent again")
        t.keys("r", "sent again as flow 2")
        t.keys("Gd", lambda s: "Answers of flow 1 and flow 2" in s and "the same, but for what comes anew" in s)


if __name__ == "__main__":
    unittest.main(verbosity=2)
