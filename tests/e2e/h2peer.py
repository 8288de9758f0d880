"""A peer that speaks HTTP/2, of either role, whose every frame the test decides: frames and HPACK, and no rules."""
import socket
import ssl

import hpack
import hyperframe.frame as F
import peers

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FRAME_SIZE_ERROR = 0, 1, 2, 6
REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM = 7, 8, 11
STREAMS, WINDOW, FRAME_SIZE, EXTENDED_CONNECT = 3, 4, 5, 8


class Gone(Exception):
    """The other side has closed the connection."""


class Stream:
    """What came on a stream so far."""

    def __init__(self):
        self.heads = []         # lists of (name, value): each 1xx, the head, the trailer
        self.data = bytearray()
        self.ended = False
        self.reset = None       # the code
        self.window = None      # for what is sent; None: as the settings say at first

    def field(self, name, head=0):
        return dict(self.heads[head]).get(name)

    @property
    def status(self):
        """Of the last head that has one."""
        found = [dict(h)[":status"] for h in self.heads if ":status" in dict(h)]
        return int(found[-1]) if found else None

    @property
    def over(self):
        return self.ended or self.reset is not None


class Peer:
    """reads: what comes is given back to the window at once; otherwise the test says so, with give()."""

    def __init__(self, sock, client, settings=None, reads=True):
        self.sock, self.client, self.reads = sock, client, reads
        sock.settimeout(20)
        self.coder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.closed = False
        self.streams, self.settings = {}, None
        self.window, self.first_window, self.largest = 65535, 65535, 16384
        self.goaway, self.pongs = None, []
        self.next_id = 1 if client else 2
        self.block, self.buffer, self.started = None, b"", client
        if client:
            sock.sendall(PREFACE)
        self.send(F.SettingsFrame(0, settings=settings or {}))

    def send(self, *frames):
        if not self.closed:
            self.sock.sendall(b"".join(f.serialize() for f in frames))

    def stream(self, sid):
        return self.streams.setdefault(sid, Stream())

    # What is sent.

    def head(self, sid, fields, end=False):
        f = F.HeadersFrame(sid, self.coder.encode(fields), flags=["END_HEADERS"] + ["END_STREAM"] * end)
        self.send(f)
        self.stream(sid)
        return sid

    def ask(self, method="GET", path="/", fields=(), end=True, authority="127.0.0.1", scheme="http"):
        sid, self.next_id = self.next_id, self.next_id + 2
        first = [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)]
        return self.head(sid, first + list(fields), end)

    def answer(self, sid, body=b"", status=200, fields=(), end=True):
        self.head(sid, [(":status", str(status)), *fields], end and not body)
        if body:
            self.data(sid, body, end)

    def data(self, sid, body, end=False):
        """Within the other side's windows: waits until there is room."""
        s = self.stream(sid)
        while True:
            self.until(lambda: self.settings is not None)
            s.window = self.first_window if s.window is None else s.window
            n = min(len(body), self.largest, self.window, s.window)
            if n or not body:
                last = n == len(body)
                self.send(F.DataFrame(sid, body[:n], flags=["END_STREAM"] * (end and last)))
                self.window -= n
                s.window -= n
                body = body[n:]
                if last:
                    return
            else:
                self.until(lambda: (min(self.window, s.window) > 0 or s.reset is not None))
                if s.reset is not None:
                    return

    def reset(self, sid, code=CANCEL):
        self.send(F.RstStreamFrame(sid, error_code=code))

    def leave(self, last, code=NO_ERROR):
        self.send(F.GoAwayFrame(0, last_stream_id=last, error_code=code))

    def ping(self, data=b"12345678"):
        self.send(F.PingFrame(0, opaque_data=data))

    def give(self, sid, n):
        self.send(F.WindowUpdateFrame(sid, window_increment=n))

    def close(self):
        self.sock.close()

    # What comes.

    def until(self, done):
        """Reads on until that is so."""
        while not done():
            self.read()

    def until_gone(self):
        try:
            while True:
                self.read()
        except (Gone, ConnectionError, ssl.SSLError):
            self.closed = True

    def get(self, *args, **more):
        """A request, and its whole answer."""
        sid = self.ask(*args, **more)
        s = self.stream(sid)
        self.until(lambda: s.over)
        return s

    def next_request(self):
        """The head of a request that has not been handed out yet; its stream's number."""
        def fresh():
            return [i for i, s in self.streams.items() if s.heads and not hasattr(s, "taken")]
        self.until(fresh)
        sid = fresh()[0]
        self.streams[sid].taken = True
        return sid

    def read(self):
        more = self.sock.recv(65536)
        if not more:
            raise Gone()
        self.take(more)

    def take(self, more):
        self.buffer += more
        if not self.started and len(self.buffer) >= len(PREFACE):
            assert self.buffer.startswith(PREFACE), self.buffer
            self.buffer, self.started = self.buffer[len(PREFACE):], True
        at = 0
        while self.started and len(self.buffer) >= at + 9:
            frame, length = F.Frame.parse_frame_header(memoryview(self.buffer[at:at + 9]))
            if len(self.buffer) < at + 9 + length:
                break
            frame.parse_body(memoryview(self.buffer[at + 9:at + 9 + length]))
            at += 9 + length
            getattr(self, "on_" + type(frame).__name__, lambda f: None)(frame)
        self.buffer = self.buffer[at:]

    def on_HeadersFrame(self, f):
        self.block = (f.stream_id, f.data, "END_STREAM" in f.flags)
        self.block_done(f)

    def on_ContinuationFrame(self, f):
        sid, data, end = self.block
        self.block = (sid, data + f.data, end)
        self.block_done(f)

    def block_done(self, f):
        if "END_HEADERS" in f.flags:
            sid, data, end = self.block
            s = self.stream(sid)
            s.heads.append([(str(k), str(v)) for k, v in self.decoder.decode(data)])
            s.ended = s.ended or end

    def on_DataFrame(self, f):
        s = self.stream(f.stream_id)
        s.data += f.data
        s.ended = s.ended or "END_STREAM" in f.flags
        if self.reads and f.flow_controlled_length:
            self.give(0, f.flow_controlled_length)
            if not s.ended:
                self.give(f.stream_id, f.flow_controlled_length)

    def on_RstStreamFrame(self, f):
        self.stream(f.stream_id).reset = f.error_code

    def on_GoAwayFrame(self, f):
        self.goaway = (f.last_stream_id, f.error_code)

    def on_WindowUpdateFrame(self, f):
        if f.stream_id == 0:
            self.window += f.window_increment
            return
        s = self.stream(f.stream_id)
        s.window = (self.first_window if s.window is None else s.window) + f.window_increment

    def on_SettingsFrame(self, f):
        if "ACK" in f.flags:
            return
        self.settings = {**(self.settings or {}), **f.settings}
        grown = self.settings.get(WINDOW, 65535) - self.first_window
        self.first_window += grown
        for s in self.streams.values():
            s.window = None if s.window is None else s.window + grown
        self.send(F.SettingsFrame(0, flags=["ACK"]))

    def on_PingFrame(self, f):
        if "ACK" in f.flags:
            self.pongs.append(f.opaque_data)
        else:
            self.send(F.PingFrame(0, opaque_data=f.opaque_data, flags=["ACK"]))


def connect(soth, **more):
    """A client with prior knowledge, of a soth in reverse mode."""
    return Peer(soth.connect(), True, **more)


def connect_tls(soth, host, port, **more):
    """A client through CONNECT, whose ALPN is h2."""
    context = ssl.create_default_context(cafile=soth.ca)
    context.set_alpn_protocols(["h2"])
    s = soth.connect()
    s.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += s.recv(1)
    assert head.startswith(b"HTTP/1.1 200"), head
    s = soth.keep(context.wrap_socket(s, server_hostname=host))
    assert s.selected_alpn_protocol() == "h2"
    return Peer(s, True, **more)


def serve(talk, context=None, **more):
    """A server on a free port: talk(peer) for each connection; the connection ends with it."""
    def run(sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(sock, server_side=True) if context else sock as inner:
                talk(Peer(inner, False, **more))
        except (Gone, OSError):
            pass
    return peers.raw_server(run)
