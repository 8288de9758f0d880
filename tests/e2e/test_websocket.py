"""WebSockets through the proxy: node's and Python's clients and servers, plain and over TLS, HTTP/1.1 and HTTP/2."""
import asyncio
import os
import socket
import ssl
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import h2peer
import peers
import programs
import websockets
import websockets.exceptions


async def echo(ws, path=None):
    """Sends back what comes; leaves, drops or says when told to."""
    try:
        async for m in ws:
            if m == "leave":
                await ws.close(4001, "as told")
            elif m == "drop":
                ws.transport.abort()
            else:
                await ws.send(m)
    except websockets.exceptions.ConnectionClosed:
        pass


class Server(threading.Thread):
    """Python's, in a thread of its own; ports of plain and TLS."""

    def __init__(self, context):
        super().__init__(daemon=True)
        self.context, self.ready = context, threading.Event()
        self.start()
        self.ready.wait(20)

    def run(self):
        asyncio.run(self.main())

    async def main(self):
        async with websockets.serve(echo, "127.0.0.1", 0, max_size=None) as plain, \
                websockets.serve(echo, "127.0.0.1", 0, ssl=self.context, max_size=None) as tls:
            self.plain, self.tls = (s.sockets[0].getsockname()[1] for s in (plain, tls))
            self.ready.set()
            await asyncio.Future()


class Case(programs.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.cert, cls.key)
        cls.python = Server(context)

    def reverse(self, port, scheme="http"):
        return self.start("-m", f"reverse:{scheme}://{'localhost' if scheme == 'https' else '127.0.0.1'}:{port}")

    def through(self, soth, port, talk, tls=False, tunnel=True, **more):
        """Runs talk(ws) on a connection through CONNECT, or straight to soth."""
        s = soth.connect()
        if tunnel:
            s.sendall(f"CONNECT localhost:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += s.recv(1)
            self.assertTrue(head.startswith(b"HTTP/1.1 200"), head)
        s.setblocking(False)
        if tls:
            more.update(ssl=ssl.create_default_context(cafile=soth.ca), server_hostname="localhost")

        async def run():
            url = f"{'wss' if tls else 'ws'}://localhost:{port}/chat?x=1"
            async with websockets.connect(url, sock=s, max_size=None, **more) as ws:
                return await asyncio.wait_for(talk(ws), 30)
        return asyncio.run(run())

    def row(self, soth, messages):
        row = soth.row()
        self.assertEqual((row["protocol"], row["status"], row["close"]), ("websocket", 101, "websocket_completed"))
        self.assertEqual((row["request_messages"], row["response_messages"]), messages)
        return row


async def all_kinds(ws):
    for m in ("héllo", b"\0\xff\1", "", b"", "x" * (1 << 20), os.urandom(1 << 20)):
        await ws.send(m)
        assert await ws.recv() == m
    await ws.send(["in ", "three ", "pieces"])
    assert await ws.recv() == "in three pieces"
    await (await ws.ping("sonar"))


class Python(Case):
    def test_through_connect(self):
        self.through(self.soth, self.python.plain, all_kinds)
        self.row(self.soth, (7, 7))

    def test_through_connect_over_tls(self):
        self.through(self.soth, self.python.tls, all_kinds, tls=True)
        self.assertEqual(self.row(self.soth, (7, 7))["scheme"], "https")

    def test_reverse(self):
        s = self.reverse(self.python.plain)
        self.through(s, self.python.plain, all_kinds, tunnel=False)
        self.row(s, (7, 7))

    def test_reverse_over_tls(self):
        s = self.reverse(self.python.tls, "https")
        self.through(s, self.python.tls, all_kinds, tls=True, tunnel=False)
        self.row(s, (7, 7))

    def test_without_compression(self):
        async def talk(ws):
            assert not ws.extensions
            await all_kinds(ws)
        self.through(self.soth, self.python.plain, talk, compression=None)
        self.row(self.soth, (7, 7))

    def test_compression_with_every_parameter(self):
        from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
        for no_server, no_client, server_bits, client_bits in ((True, True, 9, 9), (False, False, 15, 15), (True, False, 12, 10),
                                                               (False, True, 10, 12)):
            async def talk(ws):
                assert ws.extensions
                for n in range(20):
                    m = f"message {n} " * 200
                    await ws.send(m)
                    assert await ws.recv() == m
            self.through(self.soth, self.python.plain, talk, compression=None, extensions=[ClientPerMessageDeflateFactory(
                no_server, no_client, server_bits, client_bits)])
            self.row(self.soth, (20, 20))

    def test_the_server_s_close_code_and_reason(self):
        async def talk(ws):
            await ws.send("leave")
            await ws.wait_closed()
            return ws.close_code, ws.close_reason
        self.assertEqual(self.through(self.soth, self.python.plain, talk), (4001, "as told"))
        self.row(self.soth, (1, 0))

    def test_the_client_s_close_code_and_reason(self):
        async def talk(ws):
            await ws.close(4002, "enough")
            return ws.close_code
        self.assertEqual(self.through(self.soth, self.python.plain, talk), 4002)
        self.row(self.soth, (0, 0))

    def test_a_server_that_drops_the_connection(self):
        async def talk(ws):
            await ws.send("drop")
            await ws.wait_closed()
            return ws.close_code
        self.assertEqual(self.through(self.soth, self.python.plain, talk), 1006)
        self.assertEqual(self.soth.row()["close"], "websocket_error")

    def test_a_subprotocol_and_a_refusal(self):
        port = peers.serve()
        with self.assertRaises(websockets.exceptions.InvalidStatusCode):
            self.through(self.soth, port, all_kinds)
        row = self.soth.row()
        self.assertEqual((row["protocol"], row["status"]), ("http", 200))


class Node(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.node = cls.serve("wsserver")

    def test_node_to_node(self):
        for deflate in ("deflate", "no"):
            s = self.reverse(self.node)
            self.assertEqual(programs.node("wsclient", f"ws://{s.address}/", deflate), "ok\n")
            self.row(s, (5, 4))

    def test_node_to_python(self):
        s = self.reverse(self.python.plain)
        self.assertEqual(programs.node("wsclient", f"ws://{s.address}/", "deflate"), "ok\n")
        self.row(s, (5, 4))

    def test_python_to_node(self):
        self.through(self.soth, self.node, all_kinds)
        self.row(self.soth, (7, 7))


class OneByOne(Case):
    """Frame by frame: a message passes when it comes, and as it came."""

    HELLO = (b"GET /w HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    WELCOME = (b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")

    def between(self):
        """Both ends' sockets, opened."""
        taken = []
        ready, over = threading.Event(), threading.Event()

        def talk(peer):
            head = b""
            while b"\r\n\r\n" not in head:
                head += peer.recv(65536)
            peer.sendall(self.WELCOME)
            taken.append(peer)
            ready.set()
            over.wait(60)
        self.addCleanup(over.set)
        s = self.reverse(peers.raw_server(talk))
        c = s.connect()
        self.addCleanup(c.close)
        c.sendall(self.HELLO)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += c.recv(1)
        self.assertTrue(head.startswith(b"HTTP/1.1 101"), head)
        self.assertTrue(ready.wait(20))
        taken[0].settimeout(20)
        return s, c, taken[0]

    def part(self, c, server):
        """Both let go."""
        server.shutdown(socket.SHUT_RDWR)
        self.assertEqual(c.recv(1), b"")
        c.close()

    def passes(self, a, b, data):
        a.sendall(data)
        got = b""
        while len(got) < len(data):
            more = b.recv(65536)
            self.assertTrue(more, got)
            got += more
        self.assertEqual(got, data)

    def test_each_piece_passes_before_the_next_is_sent(self):
        s, c, server = self.between()
        self.passes(server, c, b"\x01\x03one")                  # a text in three pieces, a ping within
        self.passes(server, c, b"\x89\x01p")
        self.passes(c, server, b"\x8a\x81\0\0\0\0p")
        self.passes(server, c, b"\x00\x03two")
        self.passes(server, c, b"\x80\x05three")
        for byte in b"\x81\x85\1\2\3\4" + bytes(a ^ b for a, b in zip(b"bytes", b"\1\2\3\4\1")):
            self.passes(c, server, bytes([byte]))               # and one cut at every byte
        self.passes(c, server, b"\x88\x82\0\0\0\0\x03\xe8")
        self.passes(server, c, b"\x88\x02\x03\xe8")
        self.part(c, server)
        self.row(s, (1, 1))

    def test_what_breaks_the_rules_passes_and_is_told(self):
        s, c, server = self.between()
        self.passes(server, c, b"\x83\x01x")                    # opcode 3
        self.passes(server, c, b"\x81\x02ok")
        self.passes(c, server, b"\x81\x02no")                   # not masked
        self.part(c, server)
        row = s.row()
        self.assertEqual(row["close"], "websocket_error")
        self.assertRegex(row["trouble"], r"RFC 6455|section")

    def test_text_that_is_no_utf_8_passes_and_is_told(self):
        s, c, server = self.between()
        self.passes(server, c, b"\x81\x02\xc3\x28")
        self.part(c, server)
        self.assertIn("UTF-8", s.row()["trouble"])

    def test_one_side_may_close_before_the_other(self):
        s, c, server = self.between()
        self.passes(c, server, b"\x88\x82\0\0\0\0\x03\xe8")
        for n in range(3):
            self.passes(server, c, b"\x81\x01%d" % n)           # the server goes on until it has said all
        self.passes(server, c, b"\x88\x02\x03\xe8")
        self.part(c, server)
        self.row(s, (0, 3))


class Http2(Case):
    """RFC 8441: a WebSocket is a stream."""

    def test_extended_connect_to_an_http_1_server(self):
        s = self.reverse(self.python.plain)
        c = h2peer.connect(s)
        c.until(lambda: c.settings is not None)
        self.assertEqual(c.settings.get(h2peer.EXTENDED_CONNECT), 1)
        sid = self.open(c)
        self.assertEqual(c.stream(sid).status, 200)
        c.data(sid, b"\x81\x85\0\0\0\0hello")
        c.until(lambda: c.stream(sid).data == b"\x81\x05hello")
        self.assertEqual(c.get(path="/neighbour").status, 426)  # what this server says to plain requests
        c.data(sid, b"\x88\x82\0\0\0\0\x03\xe8")
        c.until(lambda: c.stream(sid).over)
        c.data(sid, b"", end=True)
        self.assertEqual(bytes(c.stream(sid).data), b"\x81\x05hello\x88\x02\x03\xe8")
        rows = {r["protocol"]: r for r in (s.row(), s.row())}
        self.assertEqual((rows["websocket"]["request_messages"], rows["websocket"]["response_messages"]), (1, 1))

    def open(self, c):
        sid, c.next_id = c.next_id, c.next_id + 2
        c.head(sid, [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/w"),
                     (":authority", "127.0.0.1"), ("sec-websocket-version", "13")])
        c.until(lambda: c.stream(sid).heads)
        return sid

    def test_extended_connect_to_an_http_2_server(self):
        def talk(p):
            sid = p.next_request()
            self.assertEqual((p.stream(sid).field(":method"), p.stream(sid).field(":protocol")), ("CONNECT", "websocket"))
            p.head(sid, [(":status", "200")])
            p.until(lambda: p.stream(sid).data.endswith(b"hello"))
            p.data(sid, b"\x81\x02hi")
            p.until(lambda: p.stream(sid).ended)
            p.data(sid, b"\x88\x02\x03\xe8", end=True)
            p.until_gone()
        s = self.start("-m", f"reverse:h2c://127.0.0.1:{h2peer.serve(talk, settings={h2peer.EXTENDED_CONNECT: 1})}")
        c = h2peer.connect(s)
        sid = self.open(c)
        c.data(sid, b"\x81\x85\0\0\0\0hello")
        c.until(lambda: c.stream(sid).data == b"\x81\x02hi")
        c.data(sid, b"\x88\x82\0\0\0\0\x03\xe8", end=True)
        c.until(lambda: c.stream(sid).over)
        self.assertEqual(s.row()["protocol"], "websocket")

    def test_an_http_1_client_of_an_http_2_server(self):
        def talk(p):
            sid = p.next_request()
            p.head(sid, [(":status", "200")])
            p.until(lambda: len(p.stream(sid).data) == 11)
            p.data(sid, b"\x81\x02hi\x88\x02\x03\xe8", end=True)
            p.until_gone()
        s = self.start("-m", f"reverse:h2c://127.0.0.1:{h2peer.serve(talk, settings={h2peer.EXTENDED_CONNECT: 1})}")

        async def hello(ws):
            await ws.send("hello")
            return await ws.recv()
        self.assertEqual(self.through(s, s.port, hello, tunnel=False, compression=None), "hi")
        self.assertEqual(s.row()["protocol"], "websocket")


if __name__ == "__main__":
    unittest.main()
