"""Messages of streams that wait for a person: WebSocket, gRPC, events, and bytes that are nobody's."""
import asyncio
import concurrent.futures
import os
import re
import socket
import subprocess
import sys
import threading
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grpc
import peers
import term
import websockets


class Echo(threading.Thread):
    """A WebSocket server that says everything again."""

    def __init__(self):
        super().__init__(daemon=True)
        self.loop, self.ready = asyncio.new_event_loop(), threading.Event()
        self.start()
        self.ready.wait(10)

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.serve())
        self.loop.run_forever()

    async def serve(self):
        async def echo(ws):
            async for message in ws:
                await ws.send(message)
        server = await websockets.serve(echo, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()


class Talk(grpc.GenericRpcHandler):
    def service(self, details):
        def talk(bodies, call):
            for body in bodies:
                yield body
        return grpc.stream_stream_rpc_method_handler(talk)


class Talking(threading.Thread):
    """A WebSocket client on a thread: what it hears is in .heard."""

    def __init__(self, url, says):
        super().__init__(daemon=True)
        self.url, self.says, self.heard, self.done = url, says, [], threading.Event()
        self.start()

    def run(self):
        asyncio.run(self.talk())

    async def talk(self):
        async with websockets.connect(self.url) as ws:
            for text in self.says:
                await ws.send(text)
            while self.heard[-1:] != self.says[-1:]:
                self.heard.append(await ws.recv())
        self.done.set()


class HoldMessages(peers.Case):
    def setUp(self):
        super().setUp()
        self.terms = []

    def tearDown(self):
        for t in self.terms:
            t.kill()

    def open(self, *args):
        t = term.Terminal("--confdir", self.folder.name, "-p", "0", *args)
        self.terms.append(t)
        text = t.wait(lambda s: re.search(r"127\.0\.0\.1:\d+", s))
        t.port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
        return t

    def test_websocket_messages_are_edited_and_dropped_and_those_behind_can_still_be_read(self):
        t = self.open("-m", f"reverse:http://127.0.0.1:{Echo().port}", "--set", "intercept=~msgs secret")
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["one one", "secret two", "three one", "secret four", "five one one"])
        t.wait("1 held")
        t.keys("H:say new two\r", "edited")
        t.keys("a", lambda s: "1 held" in s and "let go" not in s)
        t.wait("1 held")
        t.keys("\x1b[3~", lambda s: "held   " not in s.split("\n")[0])
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["one one", "new two", "three one", "five one one"])

    def test_what_a_message_was_made_into_has_no_secret_in_a_redacted_session(self):
        path = os.path.join(self.folder.name, "w.soth")
        t = self.open("-m", f"reverse:http://127.0.0.1:{Echo().port}", "--set", "intercept=~msgq ask", "-w", path)
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["ask", "last"])
        t.wait("1 held")
        t.keys('H:say {"password": "hunter2", "user": "ada"}\r', "edited")
        t.keys("a")
        self.assertTrue(client.done.wait(20))
        t.wait("0 live")
        self.assertEqual(t.end(), 0)
        for more, there in ((), True), (("--redact",), False):
            out = subprocess.run([peers.SOTH, "convert", *more, "--to", "session", path, "-"], capture_output=True, timeout=60).stdout
            self.assertIn(b"ada", out)
            self.assertEqual(b"hunter2" in out, there)

    def test_what_a_websocket_client_says_waits_too(self):
        t = self.open("-m", f"reverse:http://127.0.0.1:{Echo().port}", "--set", "intercept=~msgq secret")
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["secret " * 100, "last"])
        t.wait("1 held")
        t.keys("H:say mine\r", "edited")
        t.keys("a")
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["mine", "last"])

    def test_grpc_messages(self):
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Talk()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        t = self.open("-m", f"reverse:h2c://127.0.0.1:{port}", "--set", "intercept=~msgs secret")
        with grpc.insecure_channel(f"127.0.0.1:{t.port}") as channel:
            heard = channel.stream_stream("/a.b/talk")(iter([b"one", b"a secret", b"three"]))
            self.assertEqual(next(heard), b"one")
            t.wait("1 held")
            t.keys("H:say instead of it\r", "edited")
            t.keys("a")
            self.assertEqual(list(heard), [b"instead of it", b"three"])
        server.stop(0).wait()

    def test_edits_of_messages_are_undone_step_by_step(self):
        t = self.open("-m", f"reverse:http://127.0.0.1:{Echo().port}", "--set", "intercept=~msgs secret")
        client = Talking(f"ws://127.0.0.1:{t.port}/", ["secret one", "secret two", "secret three", "last"])
        t.wait("1 held")
        t.keys("H:undo\r", "nothing is to be undone: this is how it was held")
        t.keys("R", "it was not edited")
        for text in "abc":
            t.keys(f":say {text}\r", "edited")
            t.keys("\x1b", lambda s: "edited" not in s.split("\n")[-1])
        t.keys("uu", "undone")
        t.keys("a", "since")
        t.wait(lambda s: len(client.heard) == 1)
        t.keys(":say x\r", "edited")
        t.keys("u", "undone: as it was held")
        t.keys("\x12", "done again")
        t.keys("\x12", "nothing is to be done again")
        t.keys("R", "again as it came")
        t.keys("a")
        t.wait(lambda s: len(client.heard) == 2)
        t.keys(":say y\r", "edited")
        t.keys("R", "again as it came")
        t.keys("u", "undone")
        t.keys("a")
        self.assertTrue(client.done.wait(20))
        self.assertEqual(client.heard, ["a", "secret two", "y", "last"])

    def test_edits_of_grpc_and_of_events_are_taken_back(self):
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Talk()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        t = self.open("-m", f"reverse:h2c://127.0.0.1:{port}", "--set", "intercept=~msgs secret")
        with grpc.insecure_channel(f"127.0.0.1:{t.port}") as channel:
            heard = channel.stream_stream("/a.b/talk")(iter([b"a secret", b"three"]))
            t.wait("1 held")
            t.keys("H:say one\r", "edited")
            t.keys("R", "again as it came")
            t.keys("a")
            self.assertEqual(list(heard), [b"a secret", b"three"])
        server.stop(0).wait()

        def answer(s):
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: a\ndata: secret\n\ndata: three\n\n")
            s.close()
        t = self.open("-m", f"reverse:http://127.0.0.1:{self.serve(answer)}", "--set", "intercept=~msgs secret")
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            t.wait("1 held")
            t.keys("H:say one\r", "edited")
            t.keys(":say two\r", "edited")
            t.keys("uuu", "nothing is to be undone")
            t.keys("\x12", "done again")
            t.keys("a")
            data = b""
            while more := s.recv(65536):
                data += more
        self.assertTrue(data.endswith(b"\r\n\r\ndata: one\n\ndata: three\n\n"), data)

    def serve(self, answer):
        """A server of one connection; what it hears comes back by the event."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        threading.Thread(target=lambda: answer(listener.accept()[0]), daemon=True).start()
        return listener.getsockname()[1]

    def test_events(self):
        def answer(s):
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\ndata: sec")
            s.sendall(b"ret\n\ndata: three\n\n")
            s.close()
        t = self.open("-m", f"reverse:http://127.0.0.1:{self.serve(answer)}", "--set", "intercept=~msgs secret")
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while b"one\n\n" not in data:
                data += s.recv(65536)
            t.wait("1 held")
            t.keys("H\x1b[3~")
            while more := s.recv(65536):
                data += more
        self.assertIn(b"three", data)
        self.assertNotIn(b"secret", data)

    def test_events_behind_gzip(self):
        def answer(s):
            s.recv(65536)
            pack = zlib.compressobj(9, zlib.DEFLATED, 31)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n")
            for event in (b"data: one\n\n", b"data: a secret\n\n", b"data: three\n\n"):
                s.sendall(pack.compress(event) + pack.flush(zlib.Z_SYNC_FLUSH))
            s.sendall(pack.flush())
            s.close()
        for hold, wants in (("~msgs secret", b"data: else\n\n"), ("~u nothing", None)):
            t = self.open("-m", f"reverse:http://127.0.0.1:{self.serve(answer)}", "--set", "intercept=" + hold)
            with socket.create_connection(("127.0.0.1", t.port), 20) as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if wants:
                    t.wait("1 held")
                    t.keys("H:say else\r", "edited")
                    t.keys("a")
                data = b""
                while more := s.recv(65536):
                    data += more
            head, body = data.split(b"\r\n\r\n", 1)
            self.assertEqual(b"gzip" in head, not wants)
            if wants:
                self.assertIn(b"data: one\n\n", body)
                self.assertIn(wants, body)
                self.assertNotIn(b"secret", body)
                t.wait("its content coding is undone")

    def test_bytes_that_are_nobodys(self):
        heard, there = [], threading.Event()

        def answer(s):
            while more := s.recv(65536):
                heard.append(more)
                if b"last" in b"".join(heard):
                    there.set()
        t = self.open("-m", f"reverse:tcp://127.0.0.1:{self.serve(answer)}", "--set", "intercept=~msgq secret")
        with socket.create_connection(("127.0.0.1", t.port), 20) as s:
            s.sendall(b"\0first\n")
            t.wait("Flows 1")
            s.sendall(b"\0secret\n")
            t.wait("1 held")
            s.sendall(b"\0last\n")
            t.keys("H:say else;\r", "edited")
            self.assertFalse(there.is_set())
            t.keys("a")
            self.assertTrue(there.wait(20))
        self.assertEqual(b"".join(heard), b"\0first\nelse;\0last\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
