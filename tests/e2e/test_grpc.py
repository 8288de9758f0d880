"""gRPC through the proxy, with python's grpcio on both sides: over TLS, and with prior knowledge."""
import os
import sys
import unittest
from concurrent import futures

import grpc

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

BIG = 4 << 20
SIZES = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


def raw(x):
    return x


def counts(row):
    return [row["request_messages"], row["response_messages"]]


class Service(grpc.GenericRpcHandler):
    """Bytes in, bytes out."""

    def service(self, details):
        kind = details.method.rsplit("/", 1)[1]
        make = {"Echo": grpc.unary_unary_rpc_method_handler, "Count": grpc.unary_stream_rpc_method_handler,
                "Sum": grpc.stream_unary_rpc_method_handler, "Talk": grpc.stream_stream_rpc_method_handler,
                "Fail": grpc.unary_unary_rpc_method_handler, "Sleep": grpc.unary_unary_rpc_method_handler}.get(kind)
        return make and make(getattr(self, kind), raw, raw)

    def Echo(self, request, context):
        context.send_initial_metadata((("x-first", "yes"),))
        context.set_trailing_metadata((("x-last-bin", b"\x00\xff"), *((k, v) for k, v in context.invocation_metadata()
                                                                      if k == "x-asked")))
        return request

    def Count(self, request, context):
        for n in range(int(request)):
            yield b"%d" % n

    def Sum(self, requests, context):
        return b"%d" % sum(int(r) for r in requests)

    def Talk(self, requests, context):
        for r in requests:
            yield r.upper()

    def Fail(self, request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "no such thing: 100% ☃")

    def Sleep(self, request, context):
        event = peers.threading.Event()
        context.add_callback(event.set)
        event.wait(30)
        return b""


class Grpc(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key = os.path.join(cls.folder.name, "origin.key")
        with open(cls.cert, "rb") as c, open(key, "rb") as k:
            cls.chain = c.read()
            credentials = grpc.ssl_server_credentials([(k.read(), cls.chain)])
        cls.server = grpc.server(futures.ThreadPoolExecutor(8), options=SIZES)
        cls.server.add_generic_rpc_handlers((Service(),))
        cls.plain = cls.server.add_insecure_port("127.0.0.1:0")
        cls.secure = cls.server.add_secure_port("127.0.0.1:0", credentials)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop(None)
        super().tearDownClass()

    def channels(self):
        """Plain and over TLS, each by a soth of its own."""
        plain = self.start("-m", f"reverse:http://127.0.0.1:{self.plain}")
        yield plain, grpc.insecure_channel(plain.address, options=SIZES)
        tls = self.start("-m", f"reverse:https://localhost:{self.secure}")
        with open(tls.ca, "rb") as f:
            trust = grpc.ssl_channel_credentials(f.read())
        yield tls, grpc.secure_channel(tls.address, trust, options=[*SIZES, ("grpc.ssl_target_name_override", "localhost")])

    def test_unary_with_metadata_and_a_row(self):
        for s, channel in self.channels():
            with channel:
                call = channel.unary_unary("/pkg.Test/Echo", raw, raw)
                answer, state = call.with_call(b"hello", metadata=(("x-asked", "this"),), timeout=20)
                self.assertEqual(answer, b"hello")
                self.assertIn(("x-first", "yes"), state.initial_metadata())
                self.assertIn(("x-last-bin", b"\x00\xff"), state.trailing_metadata())
                self.assertIn(("x-asked", "this"), state.trailing_metadata())
            row = s.row()
            self.assertEqual((row["protocol"], row["grpc_status"], row["path"], counts(row)),
                             ("grpc", 0, "/pkg.Test/Echo", [1, 1]))

    def test_streams_of_every_kind(self):
        for s, channel in self.channels():
            with channel:
                self.assertEqual(list(channel.unary_stream("/pkg.Test/Count", raw, raw)(b"100", timeout=20)),
                                 [b"%d" % n for n in range(100)])
                self.assertEqual(channel.stream_unary("/pkg.Test/Sum", raw, raw)(
                    (b"%d" % n for n in range(100)), timeout=20), b"4950")
                self.assertEqual(list(channel.stream_stream("/pkg.Test/Talk", raw, raw)(
                    iter([b"a", b"b", b"c"]), timeout=20)), [b"A", b"B", b"C"])
            rows = [s.row() for _ in range(3)]
            self.assertEqual([counts(r) for r in rows], [[1, 100], [100, 1], [3, 3]])

    def test_each_message_passes_before_the_next_is_sent(self):
        for s, channel in self.channels():
            asked = peers.queue.Queue()
            with channel:
                answers = channel.stream_stream("/pkg.Test/Talk", raw, raw)(iter(asked.get, None), timeout=30)
                for n in range(20):
                    asked.put(b"m%d" % n)
                    self.assertEqual(next(answers), b"M%d" % n)
                asked.put(None)
                self.assertEqual(list(answers), [])

    def test_large_messages_both_ways_and_compressed(self):
        big = os.urandom(BIG - 1000) + b"x" * 1000
        for s, channel in self.channels():
            with channel:
                self.assertEqual(channel.unary_unary("/pkg.Test/Echo", raw, raw)(big, timeout=30), big)
                self.assertEqual(channel.unary_unary("/pkg.Test/Echo", raw, raw)(
                    b"z" * BIG, timeout=30, compression=grpc.Compression.Gzip), b"z" * BIG)

    def test_errors_and_deadlines_arrive_as_they_are(self):
        for s, channel in self.channels():
            with channel:
                with self.assertRaises(grpc.RpcError) as e:
                    channel.unary_unary("/pkg.Test/Fail", raw, raw)(b"", timeout=20)
                self.assertEqual((e.exception.code(), e.exception.details()),
                                 (grpc.StatusCode.NOT_FOUND, "no such thing: 100% ☃"))
                with self.assertRaises(grpc.RpcError) as e:
                    channel.unary_unary("/pkg.Test/Nothing", raw, raw)(b"", timeout=20)
                self.assertEqual(e.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
                with self.assertRaises(grpc.RpcError) as e:
                    channel.unary_unary("/pkg.Test/Sleep", raw, raw)(b"", timeout=0.2)
                self.assertEqual(e.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
                # One stream's end is not the connection's.
                self.assertEqual(channel.unary_unary("/pkg.Test/Echo", raw, raw)(b"still", timeout=20), b"still")
            rows = [s.row() for _ in range(4)]
            self.assertEqual([r["grpc_status"] for r in rows[:2]], [5, 12])


if __name__ == "__main__":
    unittest.main()
