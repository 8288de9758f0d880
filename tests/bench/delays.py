"""Servers that send a message when told to, and clients that see when it is there: an event, a WebSocket message, gRPC's."""
import concurrent.futures
import queue
import socket
import statistics
import threading
import time

COUNT = 400


class Messages:
    """send(): one message goes out, and the time when it did is queued."""

    def __init__(self):
        self.go, self.sent = threading.Semaphore(0), queue.SimpleQueue()

    def stamp(self):
        self.go.acquire()
        self.sent.put(time.perf_counter())

    def median(self, port):
        took = []
        for read in self.reading(port):
            self.go.release()
            read()
            took.append(time.perf_counter() - self.sent.get())
        return statistics.median(took[COUNT // 10:]) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass


class Raw(Messages):
    """An HTTP/1 server whose answer goes on; its head and one message are bytes."""

    def __init__(self):
        super().__init__()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        s, _ = self.listener.accept()
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.recv(65536)
        s.sendall(self.head)
        try:
            for _ in range(COUNT):
                self.stamp()
                s.sendall(self.message)
            s.recv(1)
        except OSError:
            pass
        s.close()

    def reading(self, port):
        with socket.create_connection(("127.0.0.1", port)) as s:
            s.sendall(self.ask)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += s.recv(1)

            def read():
                left = len(self.message)
                while left:
                    left -= len(s.recv(left))
            for _ in range(COUNT):
                yield read

    def __exit__(self, *args):
        self.listener.close()


class Events(Raw):
    ask = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    message = b"10\r\ndata: an event\n\n\r\n"


class WebSocket(Raw):
    ask = (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    head = (b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    message = b"\x81\x64" + b"w" * 100


class Grpc(Messages):
    def __init__(self):
        super().__init__()
        import grpc
        self.grpc = grpc

        class Handler(grpc.GenericRpcHandler):
            def service(_, details):
                return grpc.unary_stream_rpc_method_handler(self.messages)
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Handler()])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def messages(self, body, call):
        for _ in range(COUNT):
            self.stamp()
            yield b"g" * 100

    def reading(self, port):
        with self.grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            call = channel.unary_stream("/soth.bench/Messages")(b"")
            for _ in range(COUNT):
                yield lambda: next(call)

    def __exit__(self, *args):
        self.server.stop(0).wait()


KINDS = {"sse": Events, "websocket": WebSocket, "grpc": Grpc}
