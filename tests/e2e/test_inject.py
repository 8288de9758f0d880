"""Messages put by hand between those of live streams, in either direction."""
import asyncio
import concurrent.futures
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grpc
import h2peer
import peers
import programs
import term
import websockets
from test_edit import Edit
from test_hold_messages import Echo, Talk


class Staying(threading.Thread):
    """A WebSocket client that says one thing, and listens until it hears the last."""

    def __init__(self, url, says, last):
        super().__init__(daemon=True)
        self.url, self.says, self.last, self.heard, self.done = url, says, last, [], threading.Event()
        self.start()

    def run(self):
        asyncio.run(self.talk())

    async def talk(self):
        async with websockets.connect(self.url) as ws:
            await ws.send(self.says)
            while self.heard[-1:] != [self.last]:
                self.heard.append(await ws.recv())
        self.done.set()


class Inject(Edit):
    def messages(self, t, *wanted):
        """In the flow's messages, by hand."""
        t.keys(":view messages\r", lambda s: all(re.search("injected by hand +" + re.escape(w), s) for w in wanted))
        t.keys("q")

    def test_websocket(self):
        t = self.open(self.editor("ed", 'sed -i "s/to the echo/the last/" "$1"'), "-m", f"reverse:http://127.0.0.1:{Echo().port}")
        client = Staying(f"ws://127.0.0.1:{t.port}/", "hello", "the last")
        t.wait("1 live")
        t.wait(lambda s: client.heard)
        t.keys(":inject client from nowhere\r", "to be injected into what the client gets")
        t.wait(lambda s: len(client.heard) == 2)
        t.keys(":inject server to the echo\r", "to be injected into what the server gets")
        t.wait(lambda s: len(client.heard) == 3)
        self.messages(t, "from nowhere", "to the echo")
        t.keys(":inject server\r")
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["hello", "from nowhere", "to the echo", "the last"])
        t.wait("0 live")
        t.keys(":inject client too late\r", "this flow has ended")

    def test_grpc(self):
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Talk()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        # field 1, a text, laid out by its wire types
        t = self.open(self.editor("ed", 'sed -i "s/typed/more/" "$1"'), "-m", f"reverse:h2c://127.0.0.1:{port}")
        says = queue.Queue()
        with grpc.insecure_channel(f"127.0.0.1:{t.port}") as channel:
            heard = channel.stream_stream("/a.b/talk")(iter(says.get, None))
            says.put(b"\x0a\x05typed")
            self.assertEqual(next(heard), b"\x0a\x05typed")
            t.wait("1 live")
            t.keys(":inject client as if from there\r", "to be injected")
            self.assertEqual(next(heard), b"as if from there")
            t.keys(":inject server\r", "to be injected")
            self.assertEqual(next(heard), b"\x0a\x04more")
            t.keys(":inject server to there\r", "to be injected")
            self.assertEqual(next(heard), b"to there")
            says.put(b"last")
            self.assertEqual(next(heard), b"last")
            says.put(None)
            self.assertEqual(list(heard), [])
        server.stop(0).wait()

    def test_events_over_chunks_and_where_it_cannot_be(self):
        go = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            s, _ = listener.accept()
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\n5\r\ndata:\r\n")
            go.wait(20)
            s.sendall(b"6\r\n two\n\n\r\n0\r\n\r\n")
            s.close()
        threading.Thread(target=answer, daemon=True).start()
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{listener.getsockname()[1]}")
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            data = b""
            while b"data:\r\n" not in data:
                data += s.recv(65536)
            t.wait(lambda s: " SSE " in s and "1 live" in s)
            t.keys(":inject client by hand\r", "to be injected")
            t.keys(":inject server nobody listens\r", "to be injected")
            t.keys(":view log\r", "not injected: that side")
            t.keys("q")
            go.set()
            while more := s.recv(65536):
                data += more
        self.assertTrue(data.endswith(b"\r\n5\r\ndata:\r\n6\r\n two\n\n\r\n0f\r\ndata: by hand\n\n\r\n0\r\n\r\n".replace(b"0f", b"f")), data)
        self.messages(t, "by hand")

    def heard(self, said, *args):
        """What a program writes, which says each piece as it has it: until that is there."""
        p = subprocess.Popen(args, stdout=subprocess.PIPE)
        self.addCleanup(p.stdout.close)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        return p, self.heard_more(p, said)

    def heard_more(self, p, said):
        data = b""
        while said not in data:
            more = os.read(p.stdout.fileno(), 65536)
            self.assertTrue(more, data)
            data += more
        return data

    def rest(self, p):
        data = b""
        while more := os.read(p.stdout.fileno(), 65536):
            data += more
        self.assertEqual(p.wait(), 0)
        return data

    def test_a_coded_stream_has_it_in_its_coding(self):
        node = programs.Server("node", programs.JS, "events")
        self.addCleanup(node.stop)
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{node.port}")
        for coding in "gzip", "deflate", "raw", "br":
            for version in "--http1.1", "--http2-prior-knowledge":
                with self.subTest(coding=coding, version=version):
                    p, data = self.heard(b"one\n\n", "curl", "-sN", "--compressed", version, f"http://127.0.0.1:{t.port}/{coding}")
                    t.wait("1 live")
                    t.keys(":inject client by hand\r", "to be injected")
                    data += self.heard_more(p, b"by hand\n\n")
                    t.keys(":inject client again\r", "to be injected")
                    data += self.heard_more(p, b"again\n\n")
                    self.messages(t, "by hand", "again")
                    urllib.request.urlopen(f"http://127.0.0.1:{node.port}/go").read()
                    data += self.rest(p)
                    self.assertEqual(data, b"data: one\n\ndata: by hand\n\ndata: again\n\n"
                                     b"data: two, which refers back to data: one\n\ndata: three\n\n")
                    t.wait("0 live")
                    self.messages(t, "by hand", "again")

    def test_zstd_has_it_too_where_its_frame_has_no_checksum(self):
        def block(data, last=False):
            return (len(data) << 3 | last).to_bytes(3, "little") + data
        go, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            while True:
                s, _ = listener.accept()
                sums = b"sums" in s.recv(65536)
                s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: zstd\r\n\r\n" +
                          b"\x28\xb5\x2f\xfd" + (b"\x04" if sums else b"\0") + b"\0" + block(b"data: one\n\n"))
                go.wait(20)
                s.sendall(block(b"data: two\n\n", True))
                s.close()
        threading.Thread(target=answer, daemon=True).start()
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{listener.getsockname()[1]}")
        p, data = self.heard(b"one\n\n", "curl", "-sN", "--compressed", f"http://127.0.0.1:{t.port}/")
        t.wait("1 live")
        t.keys(":inject client " + 900 * "x" + "\r", "to be injected")
        data += self.heard_more(p, b"x\n\n")
        go.set()
        data += self.rest(p)
        self.assertEqual(data, b"data: one\n\ndata: " + 900 * b"x" + b"\n\ndata: two\n\n")
        go.clear()
        p, data = self.heard(b"(\xb5", "curl", "-sN", "--raw", f"http://127.0.0.1:{t.port}/sums")
        t.wait("1 live")
        t.keys("G")
        t.wait(lambda s: "/sums" in s)
        t.keys(":inject client by hand\r", "to be injected")
        t.keys(":view log\r", "not injected: its zstd frame ends with a checksum of all of it")
        go.set()
        self.rest(p)

    def test_a_throttled_stream_has_it_in_its_turn(self):
        go, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def answer():
            s, _ = listener.accept()
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" +
                      b"data: " + b"x" * 2000 + b"\n\ndata: stop\n\n" + 9 * (b"data: " + b"y" * 2000 + b"\n\n"))
            go.wait(20)
            s.sendall(b"data: last\n\n")
            s.close()
        threading.Thread(target=answer, daemon=True).start()
        rules = os.path.join(self.folder.name, "slow.rules")
        with open(rules, "w") as f:
            f.write("throttle down 5k\n")
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{listener.getsockname()[1]}", "--set", "rules=" + rules)
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while len(data) < 500:
                data += s.recv(65536)
            self.assertLess(len(data), 10000)
            t.wait(lambda s: " SSE " in s and "1 live" in s)
            t.keys(":inject client by hand\r", "to be injected")
            self.messages(t, "by hand")
            go.set()
            while more := s.recv(65536):
                data += more
        self.assertTrue(data.endswith(b"y\n\ndata: by hand\n\ndata: last\n\n"), data[-200:])
        self.messages(t, "by hand")

    def test_a_length_that_was_said_leaves_no_room_over_http_2_either(self):
        go = threading.Event()

        def talk(peer):
            sid = peer.next_request()
            peer.head(sid, [(":status", "200"), ("content-type", "text/event-stream"), ("content-length", "22")])
            peer.data(sid, b"data: one\n\n")
            go.wait(20)
            peer.data(sid, b"data: two\n\n", end=True)
            peer.until_gone()
        t = self.open({}, "-m", f"reverse:http://127.0.0.1:{h2peer.serve(talk)}")
        sock = socket.create_connection(("127.0.0.1", t.port))
        self.addCleanup(sock.close)
        peer = h2peer.Peer(sock, True)
        s = peer.stream(peer.ask())
        peer.until(lambda: s.data)
        t.wait(lambda s: " SSE " in s and "1 live" in s)
        t.keys(":inject client by hand\r", "to be injected")
        t.keys(":view log\r", "not injected: its content-length is said")
        go.set()
        peer.until(lambda: s.over)
        self.assertEqual(bytes(s.data), b"data: one\n\ndata: two\n\n")

    def test_who_it_goes_to_is_asked(self):
        t = self.open({})
        self.ask(t, self.url + "/x").communicate()
        t.wait("Flows 1")
        t.keys(":inject client x\r", "this flow has ended")


for name in [n for n in dir(Edit) if n.startswith("test_")]:
    setattr(Inject, name, None)
del Edit

if __name__ == "__main__":
    unittest.main(verbosity=2)
