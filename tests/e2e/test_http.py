"""HTTP/1.1 through the proxy, with real clients and hand-written bytes."""
import os
import socket
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers


class Http(peers.Case):
    def url(self, path, tls=False):
        return f"https://localhost:{self.https}{path}" if tls else f"http://127.0.0.1:{self.http}{path}"

    def test_bodies_are_the_same_both_ways_plain_and_over_tls(self):
        for tls in (False, True):
            self.assertEqual(self.curl(self.url("/big", tls)).stdout, peers.BIG)
            posted = os.path.join(self.folder.name, "posted")
            with open(posted, "wb") as f:
                f.write(peers.BIG)
            self.assertEqual(self.curl("--data-binary", "@" + posted, self.url("/p", tls)).stdout, peers.BIG)
            self.assertEqual(self.curl("-H", "Transfer-Encoding: chunked", "--data-binary", "@" + posted,
                                       self.url("/p", tls)).stdout, peers.BIG)
            rows = [self.soth.row() for _ in range(3)]
            self.assertEqual([r["method"] for r in rows], ["GET", "POST", "POST"])
            self.assertEqual([r["response_bytes"] for r in rows], [len(peers.BIG)] * 3)
            self.assertEqual(rows[0]["scheme"], "https" if tls else "http")

    def test_pipelined_requests_are_answered_in_order(self):
        req = "GET http://127.0.0.1:%d/%s HTTP/1.1\r\nHost: x\r\n%s\r\n"
        out = self.soth.ask((req % (self.http, "one", "") + req % (self.http, "two", "") +
                             req % (self.http, "three", "Connection: close\r\n")).encode())
        self.assertLess(out.index(b"hello /one"), out.index(b"hello /two"))
        self.assertLess(out.index(b"hello /two"), out.index(b"hello /three"))

    def test_head_has_no_body_and_unknown_methods_pass(self):
        self.assertIn(b"Content-Length: 300000", self.curl("-I", self.url("/big")).stdout)
        self.assertEqual(self.curl("-X", "PURGE", self.url("/x")).stdout, b"hello /x")

    def test_field_names_keep_their_case_and_trailers_come_through(self):
        out = self.soth.ask(f"POST http://127.0.0.1:{self.http}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                            "Connection: close\r\n\r\nhi".encode())
        self.assertTrue(out.endswith(b"0\r\nX-Trailer: yes\r\n\r\n"), out[-60:])
        self.assertIn(b"X-MiXed: Case", self.curl("-i", self.url("/")).stdout)

    def test_interim_answers_are_forwarded(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        port = peers.raw_server(talk)
        out = self.soth.ask(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        self.assertTrue(out.startswith(b"HTTP/1.1 103 Early Hints\r\n"))
        self.assertIn(b"HTTP/1.1 200 OK", out)

    def test_events_arrive_one_by_one(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for n in range(3):
                peer.sendall(b"9\r\ndata: %d\n\n\r\n" % n)
                peer.recv(1)        # waits until the client says it has seen the event
            peer.sendall(b"0\r\n\r\n")
        port = peers.raw_server(talk)
        with self.soth.connect() as s:
            s.sendall(f"POST http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n".encode())
            seen = b""
            for n in range(3):
                while b"data: %d" % n not in seen:
                    seen += s.recv(65536)
                s.sendall(b".")

    def test_what_follows_an_upgrade_passes_both_ways(self):
        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nfirst")
            peer.sendall(peer.recv(10).upper())
        port = peers.raw_server(talk)
        with self.soth.connect() as s:
            s.sendall(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n"
                      "Upgrade: echo\r\n\r\n".encode())
            seen = b""
            while b"first" not in seen:
                seen += s.recv(65536)
            s.sendall(b"abc")
            while b"ABC" not in seen:
                seen += s.recv(65536)

    def test_what_a_server_says_unasked_is_nobody_s_answer(self):
        answered, let_go = threading.Event(), threading.Event()

        def talk(peer):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            answered.wait(20)
            peer.sendall(b"HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n")
            peer.recv(1)            # soth lets go of this connection
            let_go.set()
        port = peers.raw_server(talk)
        other = f"GET http://127.0.0.1:{self.http}/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with self.soth.connect() as s:
            s.sendall(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            seen = b""
            while b"ok" not in seen:
                seen += s.recv(65536)
            answered.set()
            self.assertTrue(let_go.wait(20))
            s.sendall(other.encode())
            while (more := s.recv(65536)):
                seen += more
        self.assertNotIn(b"soth: ", seen)
        self.assertIn(b"hello /other", seen)

    def test_a_body_until_close_is_complete(self):
        port = peers.raw_server(lambda p: (p.recv(65536), p.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + peers.BIG)))
        self.assertEqual(self.curl(f"http://127.0.0.1:{port}/").stdout, peers.BIG)

    def test_a_half_closed_client_gets_its_answer(self):
        with self.soth.connect() as s:
            s.sendall(f"GET http://127.0.0.1:{self.http}/half HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            s.shutdown(socket.SHUT_WR)
            out = b""
            while (more := s.recv(65536)):
                out += more
        self.assertIn(b"hello /half", out)


class Refusals(peers.Case):
    def test_malformed_requests_are_400_and_a_row_that_says_why(self):
        for request, why in (
                (b"GET http://x/ HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", "field 2 has no valid name (RFC 9112 section 5.1)"),
                (b"GET http://x/ HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "folded"),
                (b"GET http://x/ HTTP/1.1\r\n\r\n", "no host field"),
                (b"POST http://x/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                 "content-length and transfer-encoding"),
                (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "names no host")):
            self.assertTrue(self.soth.ask(request).startswith(b"HTTP/1.1 400 "), request)
            self.assertIn(why, self.soth.row()["trouble"])

    def test_a_head_too_large_is_431(self):
        s = self.start("--set", "head-size-limit=2k")
        out = s.ask(b"GET http://x/ HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 3000 + b"\r\n\r\n")
        self.assertTrue(out.startswith(b"HTTP/1.1 431 "), out[:60])

    def test_servers_that_cannot_be_had_are_502_and_ourselves_508(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.assertIn(b"502 Bad Gateway", self.curl(f"http://127.0.0.1:{port}/").stdout)
        self.assertEqual(self.soth.row()["close"], "upstream_connect_failed")
        self.assertIn(b"508 Loop Detected", self.curl(f"http://{self.soth.address}/").stdout)

    def test_a_body_over_the_limit_is_413(self):
        s = self.start("--set", "body-size-limit=1k")
        out = self.curl("-i", "--data", "x" * 2000, f"http://127.0.0.1:{self.http}/", soth=s).stdout
        self.assertIn(b"413", out)

    def test_large_bodies_pass_whole_and_are_recorded_in_part(self):
        s = self.start("--set", "stream-large-bodies=1k")
        self.assertEqual(self.curl(f"http://127.0.0.1:{self.http}/big", soth=s).stdout, peers.BIG)
        self.assertEqual(s.row()["response_bytes"], len(peers.BIG))
        s.stop()
        self.assertLess(os.path.getsize(s.session), 10_000)


class Reverse(peers.Case):
    def test_reverse_mode_puts_the_server_s_name_unless_told_not_to(self):
        hosts = []

        class Host(peers.Origin):
            def do_GET(self):
                hosts.append(self.headers["Host"])
                super().do_GET()
        port = peers.serve(Host)
        for more in ((), ("--keep-host-header",)):
            s = self.start("-m", f"reverse:http://127.0.0.1:{port}", *more)
            out = peers.subprocess.run(["curl", "-s", "-H", "Host: mine", f"http://{s.address}/r"], capture_output=True)
            self.assertEqual(out.stdout, b"hello /r")
        self.assertEqual(hosts, [f"127.0.0.1:{port}", "mine"])

    def test_reverse_https_with_tls_on_both_sides(self):
        s = self.start("-m", f"reverse:https://localhost:{self.https}")
        out = peers.subprocess.run(["curl", "-s", "--cacert", s.ca, f"https://{s.address}/r"], capture_output=True)
        self.assertEqual(out.stdout, b"hello /r")


if __name__ == "__main__":
    unittest.main()
