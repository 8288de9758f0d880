"""Messages that are held, edited by hand in an editor: what the other side gets, and what is said of it."""
import concurrent.futures
import gzip
import http.server
import json
import os
import re
import stat
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grpc
import msgpack
import peers
import term
from test_hold_messages import Echo, Talk, Talking


class Heard(http.server.BaseHTTPRequestHandler):
    """Keeps what it hears; answers with gzipped JSON."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.requestline, dict(self.headers.items()), body))
        answer = gzip.compress(b'{"answer": 1, "deep": [1, 2]}')
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_POST

    def log_message(self, *args):
        pass


class Edit(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []
        self.origin = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Heard)
        self.origin.heard = []
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.origin.server_address[1]}"

    def tearDown(self):
        for t in self.terms:
            t.kill()
        self.origin.shutdown()
        self.origin.server_close()

    def editor(self, name, *lines):
        """An editor that does that with the file $1."""
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as f:
            f.write("#!/bin/sh\n" + "\n".join(lines) + "\n")
        os.chmod(path, stat.S_IRWXU)
        return {"VISUAL": path, "EDITOR": "/nosuch"}

    def open(self, env, *args):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args, env=env)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
        return t

    def ask(self, t, *args):
        return subprocess.Popen(["curl", "-s", "-m", "60", "-x", f"127.0.0.1:{t.port}", *args], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def test_a_request_is_edited_and_its_length_follows(self):
        env = self.editor("ed", r'sed -i -e "s/^POST .*/PUT \/other HTTP\/1.1/" -e "s/^Accept:.*/X-New: yes/" -e "s/old/much newer/" "$1"')
        t = self.open(env, "--set", "intercept=~q")
        one = self.ask(t, "-d", '{"a": "old"}', "-H", "Content-Type: application/json", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "edited: content-length")
        t.keys("a")
        one.communicate()
        line, headers, body = self.origin.heard[0]
        self.assertEqual(line, "PUT /other HTTP/1.1")
        self.assertEqual(headers["X-New"], "yes")
        self.assertNotIn("Accept", headers)
        self.assertEqual(json.loads(body), {"a": "much newer"})

    def test_things_are_changed_one_by_one_compared_and_taken_back(self):
        t = self.open({}, "--set", "intercept=~q")
        one = self.ask(t, "-d", "a=1&b=2", self.url + "/x?page=1")
        t.wait("1 held")
        t.keys("H:change method=PUT\r", "edited")
        t.keys(":change form:b=two words\r", "edited: content-length: 7 -> 17")
        t.keys(":change\rquery:page=\t", "change: query:page=1")
        t.keys("2\r", "edited")
        t.keys(":change -header:accept\r", "edited")
        t.keys(":change nothing=1\r", "nothing: no such thing of a message")
        t.keys("D", lambda s: all(x in s for x in ("edited: by hand, by hand, by hand, by hand", f"- POST {self.url}/x?page=1 HTTP/1.1",
               f"+ PUT {self.url}/x?page=12 HTTP/1.1", "- Accept: */*", "- b=2", "+ b=two words", "Response  as it came")))
        t.keys("qa")
        one.communicate()
        line, headers, body = self.origin.heard[0]
        self.assertEqual((line, body), ("PUT /x?page=12 HTTP/1.1", b"a=1&b=two%20words"))
        self.assertNotIn("Accept", headers)
        one = self.ask(t, "-d", "a=1", self.url + "/y")
        t.wait(lambda s: "1 held   2 flows" in s and re.search(r"‖ .* /y ", s))
        t.keys("HR", "it was not edited")
        t.keys(":change body=else\r", "edited")
        t.keys("R", "again as it came")
        t.keys("a")
        one.communicate()
        self.assertEqual(self.origin.heard[1][0::2], ("POST /y HTTP/1.1", b"a=1"))
        t.keys(":change method=DELETE\r", "sent as flow 3")

    def test_edits_are_undone_step_by_step_and_done_again(self):
        t = self.open({}, "--set", "intercept=~q")
        one = self.ask(t, "-d", "a=1", self.url + "/x")
        t.wait("1 held")
        t.keys("H:change method=PUT\r", "edited")
        t.keys(":change target=/y\r", lambda s: re.search(r"‖ .* PUT .* /y ", s))
        t.keys(":change body=three\r", "edited: content-length: 3 -> 5")
        t.keys("u", "undone")
        t.keys("u", lambda s: re.search(r"‖ .* PUT .* /x ", s))
        t.keys("u", "undone: as it was held")
        t.keys("u", "nothing is to be undone")
        t.keys("\x12\x12", lambda s: re.search(r"‖ .* PUT .* /y ", s))
        t.keys(":change header:x-new=1\r", "edited")
        t.keys("\x12", "nothing is to be done again")
        t.keys("a")
        one.communicate()
        line, headers, body = self.origin.heard[0]
        self.assertEqual((line, headers["x-new"], body), ("PUT /y HTTP/1.1", "1", b"a=1"))

    def test_a_command_of_curl_that_is_pasted_becomes_a_request(self):
        t = self.open(self.editor("ed", r'sed -i -e "s/old/new/" "$1"'))
        t.keys("\x1b[200~not for us\x1b[201~", "no command of curl")
        t.keys(f"\x1b[200~$ curl '{self.url}/x?a=<b>' \\\r  -X PUT \\\r  -H 'X-My: 1 2' --data-raw 'a=old'\r\x1b[201~", "sent as flow 1")
        t.wait("200")
        line, headers, body = self.origin.heard[0]
        self.assertEqual((line, headers["X-My"], body), ("PUT /x?a=<b> HTTP/1.1", "1 2", b"a=new"))
        t.keys(f":compose curl {self.url}/y\r", "sent as flow 2")
        t.keys(":compose wget x\r", "compose takes a command of curl")

    def test_a_request_is_answered_by_hand(self):
        t = self.open(self.editor("ed", r'sed -i -e "s/^HTTP.*/HTTP\/1.1 418 Tea/" "$1"; echo short >>"$1"'), "--set", "intercept=~q")
        one = self.ask(t, "-i", self.url + "/x")
        t.wait("1 held")
        t.keys("H:answer 99\r", "answer takes a status from 200 to 599")
        t.keys(":answer 503 not today\r", "answered")
        out = one.communicate()[0].decode()
        self.assertRegex(out, r"(?s)HTTP/1.1 503 \r.*Content-Length: 9\r\n\r\nnot today$")
        one = self.ask(t, "-i", self.url + "/y")
        t.wait(lambda s: "1 held   2 flows" in s and re.search(r"‖ .* /y ", s))
        t.keys("H:answer\r", "answered")
        out = one.communicate()[0].decode()
        self.assertRegex(out, r"(?s)HTTP/1.1 418 Tea.*\r\n\r\nshort")
        self.assertEqual(self.origin.heard, [])
        t.wait(" 418 ")
        t.keys(":answer 200\r", "this flow is not held")

    def test_an_answer_behind_gzip_is_edited(self):
        t = self.open(self.editor("ed", r'sed -i -e "s/ 200 OK/ 418 Tea/" -e "s/\"answer\": 1/\"answer\": 42/" "$1"'), "--set", "intercept=~s")
        one = self.ask(t, "-i", "--compressed", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "edited")
        t.keys("a")
        out = one.communicate()[0].decode()
        self.assertIn("418 Tea", out)
        self.assertIn('"answer": 42', out)

    def test_msgpack_is_edited_as_text(self):
        t = self.open(self.editor("ed", 'sed -i -e "s/ann/annabel/" "$1"'), "--set", "intercept=~q")
        path = os.path.join(self.folder.name, "body")
        with open(path, "wb") as f:
            f.write(msgpack.packb({"name": "ann", "age": 7, "raw": b"\0\1"}))
        one = self.ask(t, "--data-binary", "@" + path, "-H", "Content-Type: application/msgpack", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "edited")
        t.keys("a")
        one.communicate()
        self.assertEqual(msgpack.unpackb(self.origin.heard[0][2]), {"name": "annabel", "age": 7, "raw": b"\0\1"})

    def test_a_fault_is_told_with_its_line_and_the_text_is_edited_on(self):
        mark = os.path.join(self.folder.name, "again")
        env = self.editor("ed", f'if [ -e {mark} ]; then sed -i "s/^no colon$/X-Good: 1/" "$1"; else sed -i "/^POST/a no colon" "$1"; touch {mark}; fi')
        t = self.open(env, "--set", "intercept=~q")
        one = self.ask(t, "-d", "a=b", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "line ")
        t.keys("e", "edited")
        t.keys("a")
        one.communicate()
        self.assertEqual(self.origin.heard[0][1]["X-Good"], "1")

    def test_what_was_not_touched_goes_on_as_it_came(self):
        t = self.open(self.editor("ed", "true"), "--set", "intercept=~q")
        one = self.ask(t, "-d", "a=b", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "nothing was changed")
        t.keys("a")
        one.communicate()
        self.assertEqual(self.origin.heard[0][2], b"a=b")

    def test_without_an_editor_nothing_is_lost(self):
        t = self.open({"VISUAL": "/nosuch/editor"}, "--set", "intercept=~q")
        one = self.ask(t, "-d", "a=b", self.url + "/x")
        t.wait("1 held")
        t.keys("He", "no editor")
        t.keys("a")
        one.communicate()
        self.assertEqual(self.origin.heard[0][2], b"a=b")

    def test_a_flow_that_is_over_is_sent_again_and_edited_into_a_new_one(self):
        t = self.open(self.editor("ed", r'sed -i -e "s/first/second/" "$1"'))
        self.ask(t, "-d", "the first", "-H", "Content-Type: text/plain", self.url + "/x").communicate()
        t.wait("Flows 1")
        t.keys("r", "sent again")
        t.wait(lambda s: len(re.findall(r"/\w* +200 ", s)) == 2)
        t.keys("e", "sent as flow")
        t.wait(lambda s: len(re.findall(r"/\w* +200 ", s)) == 3)
        self.assertEqual([body for _, _, body in self.origin.heard], [b"the first", b"the first", b"the second"])
        t.keys(":replay 3\r", "3 requests sent again")
        t.keys("q")
        t.wait(lambda s: len(re.findall(r"/\w* +200 ", s)) == 6)
        self.assertEqual(len(self.origin.heard), 6)

    def test_a_request_is_composed(self):
        t = self.open(self.editor("ed", f'sed -i -e "s#https://example.com/#{self.url}/made#" "$1"'))
        t.keys("c", "sent as flow")
        t.wait(lambda s: re.search(r"/made +200 ", s))
        self.assertEqual(self.origin.heard[0][0], "GET /made HTTP/1.1")

    def test_a_websocket_message_is_edited(self):
        t = self.open(self.editor("ed", 'sed -i "s/secret/open/" "$1"'), "-m", f"reverse:http://127.0.0.1:{Echo().port}",
                      "--set", "intercept=~msgs secret")
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["one", "a secret two", "three"])
        t.wait("1 held")
        t.keys("He", "edited")
        t.keys("a")
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["one", "a open two", "three"])

    def test_a_message_of_grpc_is_edited(self):
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Talk()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        t = self.open(self.editor("ed", 'sed -i "s/secret/told/" "$1"'), "-m", f"reverse:h2c://127.0.0.1:{port}", "--set",
                      "intercept=~msgs secret")
        with grpc.insecure_channel(f"127.0.0.1:{t.port}") as channel:
            said = b"\x0a\x08a secret\x10\x07"       # field 1, text; field 2, a number
            heard = channel.stream_stream("/a.b/talk")(iter([said]))
            t.wait("1 held")
            t.keys("He", "edited")
            t.keys("a")
            self.assertEqual(list(heard), [b"\x0a\x06a told\x10\x07"])
        server.stop(0).wait()

    def test_an_http2_request_is_edited_while_another_goes_on(self):
        t = self.open(self.editor("ed", 'sed -i "s/^GET .*/GET \\/edited HTTP\\/2/" "$1"'), "--set", "intercept=~q & ~u held",
                      "-m", f"reverse:http://127.0.0.1:{self.origin.server_address[1]}")
        one = subprocess.Popen(["nghttp", "-n", f"http://127.0.0.1:{t.port}/held", f"http://127.0.0.1:{t.port}/free"],
                               stdout=subprocess.PIPE)
        t.wait("1 held")
        t.wait(lambda s: "/free" in s and " 200 " in s)
        t.keys("He", "edited")
        t.keys("a")
        one.communicate()
        self.assertIn("GET /edited HTTP/1.1", [line for line, _, _ in self.origin.heard])


if __name__ == "__main__":
    unittest.main(verbosity=2)
