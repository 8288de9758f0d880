"""gRPC through the proxy, with grpc's own client and server: every kind of call, over h2c, TLS and CONNECT."""
import concurrent.futures
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import grpc
import peers

KIND = {(False, False): "unary_unary", (False, True): "unary_stream", (True, False): "stream_unary", (True, True): "stream_stream"}


class Calls(grpc.GenericRpcHandler):
    """Methods of bytes: what they take and give is theirs alone."""

    def __init__(self):
        self.cancelled = threading.Event()
        self.taken = threading.Semaphore(0)

    def service(self, details):
        method = getattr(self, details.method.rsplit("/", 1)[1])
        takes, gives = {"echo": (0, 0), "count": (0, 1), "join": (1, 0), "talk": (1, 1), "fail": (0, 0), "hang": (0, 0),
                        "forever": (0, 1)}[method.__name__]
        return getattr(grpc, KIND[bool(takes), bool(gives)] + "_rpc_method_handler")(method)

    def echo(self, body, call):
        call.send_initial_metadata((("x-first", "head"),))
        call.set_trailing_metadata((("x-last", "trailer"), ("x-raw-bin", b"\0\xff")) + tuple(
            (k, v) for k, v in call.invocation_metadata() if k.startswith("x-")))
        return body

    def count(self, body, call):
        for n in range(int(body)):
            yield b"%d" % n
            self.taken.acquire(timeout=20)      # the next only when the client has this one

    def join(self, bodies, call):
        return b"".join(bodies)

    def talk(self, bodies, call):
        for body in bodies:
            yield body.upper()

    def fail(self, body, call):
        call.set_trailing_metadata((("grpc-status-details-bin", b"\x08\x05details"),))
        call.abort(grpc.StatusCode.NOT_FOUND, "nöthing\nhere 100%")

    def hang(self, body, call):
        call.add_callback(self.cancelled.set)
        self.cancelled.wait(20)
        return b""

    def forever(self, body, call):
        call.add_callback(self.cancelled.set)
        n = 0
        while not self.cancelled.is_set():
            yield b"%d" % n
            n += 1
            self.taken.acquire(timeout=20)


class Kinds:
    """What is asked of each way through the proxy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = Calls()
        cls.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8), handlers=[cls.calls])
        with open(cls.key, "rb") as key, open(cls.cert, "rb") as cert:
            tls = grpc.ssl_server_credentials([(key.read(), cert.read())])
        cls.plain = cls.server.add_insecure_port("127.0.0.1:0")
        cls.tls = cls.server.add_secure_port("127.0.0.1:0", tls)
        cls.server.start()
        cls.addClassCleanup(lambda: cls.server.stop(0).wait())

    def setUp(self):
        super().setUp()
        self.calls.cancelled.clear()
        self.channel = self.channel_through()
        self.addCleanup(self.channel.close)

    def secure(self, s, target, **more):
        with open(s.ca, "rb") as ca:
            return grpc.secure_channel(target, grpc.ssl_channel_credentials(ca.read()), **more)

    def call(self, name, takes=False, gives=False, **more):
        return getattr(self.channel, KIND[takes, gives])("/soth.test.Calls/" + name)

    def row(self, status=0, messages=(1, 1)):
        row = self.soth.row()
        self.assertEqual((row["protocol"], row["grpc_status"]), ("grpc", status))
        self.assertEqual((row["request_messages"], row["response_messages"]), messages)
        return row

    def test_unary_with_metadata(self):
        body, call = self.call("echo").with_call(b"abc", metadata=(("x-ask", "1"), ("x-ask", "2"), ("x-b-bin", b"\1\xfe")),
                                                 timeout=20)
        self.assertEqual(body, b"abc")
        self.assertIn(("x-first", "head"), call.initial_metadata())
        trailing = [tuple(m) for m in call.trailing_metadata()]
        for m in (("x-last", "trailer"), ("x-raw-bin", b"\0\xff"), ("x-ask", "1"), ("x-ask", "2"), ("x-b-bin", b"\1\xfe")):
            self.assertIn(m, trailing)
        self.assertEqual(self.row()["path"], "/soth.test.Calls/echo")

    def test_server_streaming_message_by_message(self):
        seen = []
        for body in self.call("count", gives=True)(b"5", timeout=20):
            seen.append(body)
            self.calls.taken.release()
        self.assertEqual(seen, [b"0", b"1", b"2", b"3", b"4"])
        self.row(messages=(1, 5))

    def test_client_streaming(self):
        self.assertEqual(self.call("join", takes=True)(iter([b"a", b"", b"bc"]), timeout=20), b"abc")
        self.row(messages=(3, 1))

    def test_both_ways_message_by_message(self):
        answered = threading.Semaphore(1)

        def asked():
            for body in (b"one", b"two", b"three"):
                answered.acquire(timeout=20)            # not before the last one was answered
                yield body
        seen = []
        for body in self.call("talk", takes=True, gives=True)(asked(), timeout=20):
            seen.append(body)
            answered.release()
        self.assertEqual(seen, [b"ONE", b"TWO", b"THREE"])
        self.row(messages=(3, 3))

    def test_an_error_with_details(self):
        with self.assertRaises(grpc.RpcError) as e:
            self.call("fail")(b"", timeout=20)
        self.assertEqual(e.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertEqual(e.exception.details(), "nöthing\nhere 100%")
        self.assertIn(("grpc-status-details-bin", b"\x08\x05details"), [tuple(m) for m in e.exception.trailing_metadata()])
        self.row(status=5, messages=(1, 0))

    def test_a_method_that_is_not_there(self):
        with self.assertRaises(grpc.RpcError) as e:
            self.channel.unary_unary("/soth.test.Calls/echo/")(b"", timeout=20)
        self.assertNotEqual(e.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(self.soth.row()["protocol"], "grpc")

    def test_a_deadline_ends_the_call_on_both_sides(self):
        with self.assertRaises(grpc.RpcError) as e:
            self.call("hang")(b"", timeout=0.3)
        self.assertEqual(e.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertTrue(self.calls.cancelled.wait(20))
        self.assertEqual(self.soth.row()["protocol"], "grpc")

    def test_a_cancelled_call_ends_and_its_neighbour_goes_on(self):
        call = self.call("forever", gives=True)(b"", timeout=20)
        neighbour = self.call("count", gives=True)(b"2", timeout=20)
        self.assertEqual((next(call), next(neighbour)), (b"0", b"0"))
        call.cancel()
        self.assertTrue(self.calls.cancelled.wait(20))
        self.calls.taken.release()
        self.calls.taken.release()
        self.assertEqual(next(neighbour), b"1")
        self.calls.taken.release()
        self.assertEqual(list(neighbour), [])

    def test_four_mebibytes_both_ways(self):
        body = os.urandom(1 << 20) * 4
        self.assertEqual(self.call("echo")(body, timeout=20), body)
        row = self.row()
        self.assertEqual((row["request_bytes"], row["response_bytes"]), (len(body) + 5, len(body) + 5))

    def test_gzip_both_ways(self):
        self.assertEqual(self.call("echo")(b"z" * 100_000, compression=grpc.Compression.Gzip, timeout=20), b"z" * 100_000)
        self.assertLess(self.row()["request_bytes"], 10_000)

    def test_many_calls_at_once(self):
        echo = self.call("echo")
        waiting = [echo.future(b"%d" % n, timeout=20) for n in range(100)]
        self.assertEqual([w.result() for w in waiting], [b"%d" % n for n in range(100)])
        self.assertEqual({self.soth.row()["grpc_status"] for _ in waiting}, {0})


class ReverseH2c(Kinds, peers.Case):
    def channel_through(self):
        self.soth = self.start("-m", f"reverse:http://127.0.0.1:{self.plain}")
        return grpc.insecure_channel(self.soth.address)


class ReverseTls(Kinds, peers.Case):
    def channel_through(self):
        self.soth = self.start("-m", f"reverse:https://localhost:{self.tls}")
        return self.secure(self.soth, f"localhost:{self.soth.port}")


class Connect(Kinds, peers.Case):
    def channel_through(self):
        return self.secure(self.soth, f"localhost:{self.tls}", options=[("grpc.http_proxy", "http://" + self.soth.address)])


class ConnectPlain(Kinds, peers.Case):
    """CONNECT, and prior knowledge inside it."""

    def channel_through(self):
        return grpc.insecure_channel(f"127.0.0.1:{self.plain}", options=[("grpc.http_proxy", "http://" + self.soth.address)])


if __name__ == "__main__":
    unittest.main()
