"""WebSockets through the proxy: python's websockets on both sides, and HTTP/2's (RFC 8441) by hand."""
import asyncio
import base64
import os
import socket
import ssl
import sys
import threading
import unittest

import h2.config
import h2.connection
import h2.events
import h2.settings
import websockets

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers


async def echo(ws, path=None):
    try:
        async for message in ws:
            if message == "close":
                await ws.close(4001, "as asked")
            else:
                await ws.send(message)
    except websockets.ConnectionClosed:
        pass


class WebSocket(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loop = asyncio.new_event_loop()
        threading.Thread(target=cls.loop.run_forever, daemon=True).start()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.cert, os.path.join(cls.folder.name, "origin.key"))

        async def serve(**how):
            server = await websockets.serve(echo, "127.0.0.1", 0, max_size=None, **how)
            return server.sockets[0].getsockname()[1]
        run = lambda c: asyncio.run_coroutine_threadsafe(c, cls.loop).result(20)
        cls.ws = run(serve())
        cls.wss = run(serve(ssl=context))

    @classmethod
    def tearDownClass(cls):
        cls.loop.call_soon_threadsafe(cls.loop.stop)
        super().tearDownClass()

    def tunnel(self, s, port):
        """A socket to the server, through CONNECT."""
        c = s.connect()
        c.sendall(f"CONNECT localhost:{port} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += c.recv(1)
        self.assertIn(b" 200 ", head)
        return c

    def talk(self, conversation, s, tls=False, **how):
        """Runs it on a WebSocket through soth."""
        async def run():
            context = ssl.create_default_context(cafile=s.ca) if tls else None
            port = self.wss if tls else self.ws
            if tls:
                how["server_hostname"] = "localhost"
            async with websockets.connect(f"{'wss' if tls else 'ws'}://localhost:{port}/chat", ssl=context, max_size=None,
                                          sock=self.tunnel(s, port), **how) as ws:
                return await asyncio.wait_for(conversation(ws), 30)
        return asyncio.run(run())

    def counts(self, row):
        return [row["request_messages"], row["response_messages"]]

    def test_messages_pass_and_are_counted_plain_and_over_tls(self):
        async def conversation(ws):
            for message in ("hello", "ünïcode ☃", b"\x00\xff", "x" * 70000, b""):
                await ws.send(message)
                self.assertEqual(await ws.recv(), message)
            await (await ws.ping(b"are you there"))
        for tls in (False, True):
            for compression in ("deflate", None):
                self.talk(conversation, self.soth, tls, compression=compression)
                row = self.soth.row()
                self.assertEqual((row["protocol"], row["status"], self.counts(row), row["close"], row["trouble"]),
                                 ("websocket", 101, [5, 5], "websocket_completed", ""))

    def test_each_message_passes_before_the_next_is_sent_and_fragments_stay(self):
        async def conversation(ws):
            for n in range(50):
                await ws.send(str(n))
                self.assertEqual(await ws.recv(), str(n))
            await ws.send(iter(["frag", "men", "ted"]))
            self.assertEqual(await ws.recv(), "fragmented")
        self.talk(conversation, self.soth)
        self.assertEqual(self.counts(self.soth.row()), [51, 51])

    def test_large_messages(self):
        big = os.urandom(1 << 20)

        async def conversation(ws):
            await ws.send(big)
            self.assertEqual(await ws.recv(), big)
        self.talk(conversation, self.soth, True)
        row = self.soth.row()
        self.assertEqual(self.counts(row), [1, 1])
        self.assertGreaterEqual(row["request_bytes"], len(big))

    def test_the_servers_close_code_and_reason_arrive(self):
        async def conversation(ws):
            await ws.send("close")
            await ws.wait_closed()
            return ws.close_code, ws.close_reason
        self.assertEqual(self.talk(conversation, self.soth), (4001, "as asked"))
        self.assertEqual(self.soth.row()["close"], "websocket_completed")

    def test_with_the_switch_off_messages_pass_as_bytes(self):
        async def conversation(ws):
            await ws.send("hello")
            self.assertEqual(await ws.recv(), "hello")
        s = self.start("--set", "websocket=no")
        self.talk(conversation, s)
        row = s.row()
        self.assertEqual(self.counts(row), [0, 0])
        self.assertGreater(row["response_bytes"], 5)

    def test_a_broken_peer_is_shown_and_not_mended(self):
        sent = b"\x81\x02ab"            # a client's frame that is not masked
        got = []

        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
            got.append(peer.recv(65536))
        port = peers.raw_server(talk)
        with self.soth.connect() as c:
            c.sendall(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                      "Sec-WebSocket-Version: 13\r\n\r\n".encode())
            while b"\r\n\r\n" not in (c.recv(65536)):
                pass
            c.sendall(sent)
            while c.recv(65536):
                pass
        self.assertEqual(got, [sent])
        self.assertIn("RFC 6455 section 5.1", self.soth.row()["trouble"])

    def extended(self, s):
        """A WebSocket on a stream of HTTP/2 with prior knowledge."""
        sock = s.connect()
        self.addCleanup(sock.close)
        c = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8", validate_outbound_headers=False))
        c.initiate_connection()
        sock.sendall(c.data_to_send())
        while c.remote_settings.enable_connect_protocol != 1:
            c.receive_data(sock.recv(65536))
        c.send_headers(1, [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/chat"),
                           (":authority", "localhost"), ("sec-websocket-version", "13")])
        sock.sendall(c.data_to_send())
        return sock, c

    def events(self, sock, c, kind):
        while True:
            data = sock.recv(65536)
            self.assertTrue(data)
            for e in c.receive_data(data):
                if isinstance(e, kind):
                    return e
            sock.sendall(c.data_to_send())

    def test_a_websocket_on_a_stream_of_http2_to_a_server_of_http1(self):
        s = self.start("-m", f"reverse:http://127.0.0.1:{self.ws}")
        sock, c = self.extended(s)
        headers = dict(self.events(sock, c, h2.events.ResponseReceived).headers)
        self.assertEqual(headers[":status"], "200")
        self.assertNotIn("sec-websocket-accept", headers)
        mask = b"\x01\x02\x03\x04"
        c.send_data(1, b"\x81\x85" + mask + bytes(a ^ b for a, b in zip(b"hello", mask + mask)))
        sock.sendall(c.data_to_send())
        self.assertEqual(self.events(sock, c, h2.events.DataReceived).data, b"\x81\x05hello")
        c.send_data(1, b"\x88\x82" + mask + bytes(a ^ b for a, b in zip(b"\x03\xe8", mask)))
        sock.sendall(c.data_to_send())
        self.assertEqual(self.events(sock, c, h2.events.DataReceived).data, b"\x88\x02\x03\xe8")
        c.end_stream(1)
        sock.sendall(c.data_to_send())
        row = s.row()
        self.assertEqual((row["protocol"], self.counts(row), row["close"]), ("websocket", [1, 1], "websocket_completed"))


if __name__ == "__main__":
    unittest.main()
