"""Streams that were recorded, once more: what clients said to servers, and what servers said to clients, in its time."""
import asyncio
import concurrent.futures
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grpc
import h2peer
import peers
import term
import websockets

GAP = 0.8       # seconds between what is said first and next


class Hearing(threading.Thread):
    """A WebSocket server that says everything again; of each connection it keeps what it heard, and when."""

    def __init__(self):
        super().__init__(daemon=True)
        self.loop, self.ready, self.calls = asyncio.new_event_loop(), threading.Event(), []
        self.answer = lambda message: message
        self.start()
        self.ready.wait(10)

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.serve())
        self.loop.run_forever()

    async def serve(self):
        async def echo(ws):
            call = {"said": [], "code": None, "over": threading.Event()}
            self.calls.append(call)
            try:
                async for message in ws:
                    call["said"].append((time.monotonic(), message))
                    await ws.send(self.answer(message))
            except websockets.ConnectionClosed:
                pass
            finally:
                call["code"] = ws.close_code
                call["over"].set()
        server = await websockets.serve(echo, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()


async def talk(url, *says, close=True):
    """Says these with a gap between; what it hears."""
    ws = await websockets.connect(url)
    heard = []
    for i, text in enumerate(says):
        if i:
            await asyncio.sleep(GAP)
        await ws.send(text)
        heard.append(await ws.recv())
    await ws.close()
    return heard


class Numbers(grpc.GenericRpcHandler):
    def __init__(self):
        self.calls = []

    def service(self, details):
        def talk(bodies, call):
            said = []
            self.calls.append(said)
            for body in bodies:
                said.append((time.monotonic(), body))
                yield body
        return grpc.stream_stream_rpc_method_handler(talk)


def gap(said):
    return said[1][0] - said[0][0]


class StreamsAgain(peers.Case):
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

    def test_what_a_websocket_client_said_is_said_again(self):
        server = Hearing()
        t = self.open("-m", f"reverse:http://127.0.0.1:{server.port}")
        said = ["one", b"\x00two", "three" * 100]
        self.assertEqual(asyncio.run(talk(f"ws://127.0.0.1:{t.port}/", *said)), said)
        t.wait(lambda s: "Flows 1" in s and "0 live" in s)
        t.keys("r", "sent again as flow 2")
        self.assertTrue(server.calls[1]["over"].wait(20))
        self.assertEqual([m for _, m in server.calls[1]["said"]], said)
        self.assertEqual(server.calls[1]["code"], 1000)
        self.assertGreater(gap(server.calls[1]["said"]), GAP * 0.8)
        t.wait(lambda s: len(re.findall(r"WS .* 101 +.*6 msgs", s)) == 2)
        t.keys(":replay speed=0\r", "sent again as flow 3")
        self.assertEqual([m for _, m in server.calls[2]["said"]], said)
        self.assertEqual(server.calls[2]["code"], 1000)
        self.assertLess(gap(server.calls[2]["said"]), GAP * 0.8)
        t.keys(":replay speed=fast\r", "a speed is wanted")

    def test_what_a_websocket_server_says_to_it_is_compared(self):
        server = Hearing()
        t = self.open("-m", f"reverse:http://127.0.0.1:{server.port}")
        server.answer = lambda m: '{"time": "12:01", "of": 1}' if m == "json" else "at 12:01" if m == "when" else m
        asyncio.run(talk(f"ws://127.0.0.1:{t.port}/", "json", "when", "plain"))
        t.wait(lambda s: "Flows 1" in s and "0 live" in s)
        server.answer = lambda m: '{"time": "12:02", "of": 7}' if m == "json" else "at 12:02" if m == "when" else m
        t.keys(":replay speed=0\r", "sent again as flow 2")
        t.keys("P", lambda s: "done" in s and "the same" in s)
        server.answer = lambda m: '{"time": "12:03"}' if m == "json" else "other" if m == "plain" else m
        t.keys("qg:replay speed=0\r", "sent again as flow 3")
        t.keys("P", lambda s: "message 1: $.of" in s)
        t.keys("d", lambda s: re.search(r"message +3\b", s) and "+ other" in s and "- plain" in s)

    def test_what_a_grpc_client_said_is_said_again(self):
        talker = Numbers()
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[talker])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        t = self.open("-m", f"reverse:h2c://127.0.0.1:{port}")

        def says():
            yield b"one"
            time.sleep(GAP)
            yield b"two"
        with grpc.insecure_channel(f"127.0.0.1:{t.port}") as channel:
            self.assertEqual(list(channel.stream_stream("/a.b/talk")(says())), [b"one", b"two"])
        t.wait(lambda s: "GRPC" in s)
        t.keys("r", "sent again as flow 2")
        t.keys(":replay speed=0\r", "sent again as flow 3")
        self.assertEqual([[m for _, m in c] for c in talker.calls], [[b"one", b"two"]] * 3)
        self.assertGreater(gap(talker.calls[1]), GAP * 0.8)
        self.assertLess(gap(talker.calls[2]), GAP * 0.8)
        server.stop(0).wait()

    def over_http2(self, s, last):
        """What a WebSocket over HTTP/2 is told, which says good-bye behind `last`."""
        c = h2peer.connect(s)
        sid = c.next_id
        c.head(sid, [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
                     (":authority", "127.0.0.1"), ("sec-websocket-version", "13")])
        c.until(lambda: c.stream(sid).heads)
        self.assertEqual(c.stream(sid).status, 200)
        c.until(lambda: c.stream(sid).data.endswith(last))
        c.data(sid, b"\x88\x82\0\0\0\0\x03\xe8", end=True)
        c.until(lambda: c.stream(sid).over)
        return bytes(c.stream(sid).data)

    def test_what_was_recorded_over_http2_is_said_to_both(self):
        def talk2(p):
            sid = p.next_request()
            p.head(sid, [(":status", "200")])
            p.data(sid, b"\x81\x02hi")
            p.until(lambda: len(p.stream(sid).data) >= 8)
            p.data(sid, b"\x88\x02\x03\xe8", end=True)
            asked.append((p.stream(sid).field(":method"), p.stream(sid).field(":protocol"), len(p.stream(sid).data)))
            p.until_gone()
        asked = []
        port = h2peer.serve(talk2, settings={h2peer.EXTENDED_CONNECT: 1})
        s = self.start("-m", f"reverse:h2c://127.0.0.1:{port}")
        self.assertEqual(self.over_http2(s, b"hi"), b"\x81\x02hi\x88\x02\x03\xe8")
        s.row()
        s.stop()
        out = subprocess.run([peers.SOTH, "replay", "--confdir", self.folder.name, "--speed", "0", s.session], capture_output=True, timeout=20)
        self.assertEqual((out.returncode, out.stderr, asked), (0, b"", [("CONNECT", "websocket", 8)] * 2), out)
        s = self.start("-S", s.session, "--server-replay-reuse", "--server-replay-extra", "404", "-m", f"reverse:h2c://127.0.0.1:{port}")
        self.assertEqual(self.over_http2(s, b"hi"), b"\x81\x02hi\x88\x02\x03\xe8")
        self.assertEqual(s.row()["close"], "websocket_completed")

        async def listen():
            async with websockets.connect(f"ws://127.0.0.1:{s.port}/") as ws:
                return await ws.recv()
        self.assertEqual(asyncio.run(listen()), "hi")

    def recorded(self, port, play):
        """A session of what play(port of the proxy) did with that server."""
        s = self.start("-m", f"reverse:http://127.0.0.1:{port}")
        play(s.port)
        s.row()
        s.stop()
        path = os.path.join(self.folder.name, "recorded.soth")
        os.rename(s.session, path)
        return "-S", path, "-m", f"reverse:http://127.0.0.1:{port}"

    def test_what_a_websocket_server_said_is_said_again(self):
        server = Hearing()
        said = ["one", "two", b"\x00three"]
        args = self.recorded(server.port, lambda port: asyncio.run(talk(f"ws://127.0.0.1:{port}/", *said)))

        async def listen(port, leave=False):
            heard = []
            async with websockets.connect(f"ws://127.0.0.1:{port}/") as ws:
                async for message in ws:
                    heard.append((time.monotonic(), message))
                    if leave:
                        break
            return heard, ws.close_code
        s = self.start(*args, "--server-replay-reuse")
        heard, code = asyncio.run(listen(s.port))
        self.assertEqual(([m for _, m in heard], code), (said, 1000))
        self.assertGreater(gap(heard), GAP * 0.8)
        self.assertEqual(s.row()["close"], "websocket_completed")
        heard, code = asyncio.run(listen(s.port, leave=True))       # it says good-bye in the middle of it
        self.assertEqual(([m for _, m in heard], code), (said[:1], 1000))
        self.assertEqual(s.row()["close"], "websocket_completed")
        s.stop()
        s = self.start(*args, "--server-replay-speed", "0")
        heard, code = asyncio.run(listen(s.port))
        self.assertEqual(([m for _, m in heard], code), (said, 1000))
        self.assertLess(gap(heard), GAP * 0.8)
        s.stop()
        s = self.start(*args)
        self.assertEqual(self.over_http2(s, b"\x88\x02\x03\xe8"), b"\x81\x03one\x81\x03two\x82\x06\0three\x88\x02\x03\xe8")
        self.assertEqual(s.row()["close"], "websocket_completed")
        self.assertEqual(len(server.calls), 1)
        out = subprocess.run([peers.SOTH, "replay", "--confdir", self.folder.name, "--speed", "0", args[1]], capture_output=True, timeout=60)
        self.assertEqual(out.returncode, 0, out)
        self.assertEqual([m for _, m in server.calls[1]["said"]], said)
        out = subprocess.run([peers.SOTH, "replay", "--confdir", self.folder.name, "--speed=x", args[1]], capture_output=True, timeout=60)
        self.assertIn(b"--speed x: a speed is wanted", out.stderr)

    def test_events_are_said_again(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        body = [b"data: one\n\n", b"event: x\ndata: two\n\n: and a bit"]

        def serve():
            s, _ = listener.accept()
            s.recv(65536)
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body[0])
            time.sleep(GAP)
            s.sendall(body[1])
            s.close()
        threading.Thread(target=serve, daemon=True).start()

        def ask(port):
            heard, data = [], b""
            with socket.create_connection(("127.0.0.1", port), 20) as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                while more := s.recv(65536):
                    data += more
                    heard.append((time.monotonic(), more))
            return data, heard
        args = self.recorded(listener.getsockname()[1], ask)
        s = self.start(*args, "--server-replay-reuse")
        data, heard = ask(s.port)
        self.assertIn(b"\r\nTransfer-Encoding: chunked\r\n", data)
        self.assertTrue(data.endswith(b"\r\n\r\nb\r\ndata: one\n\n\r\n14\r\nevent: x\ndata: two\n\n\r\nb\r\n: and a bit\r\n0\r\n\r\n"), data)
        self.assertGreater(heard[-1][0] - heard[0][0], GAP * 0.8)
        s.stop()
        s = self.start(*args, "--set", "server-replay-speed=0")
        data, heard = ask(s.port)
        self.assertLess(heard[-1][0] - heard[0][0], GAP * 0.8)
        s.stop()
        with self.assertRaisesRegex(RuntimeError, "server-replay-speed: quick: a speed is wanted"):
            self.start(*args, "--server-replay-speed=quick")


if __name__ == "__main__":
    unittest.main(verbosity=2)
