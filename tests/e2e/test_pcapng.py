"""What tshark makes of a capture file: it comes from tests/unit/test_pcapng, which writes it where it is told to."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOTH = os.environ.get("SOTH", os.path.join(ROOT, "build", "soth"))
MAKER = os.path.join(os.path.dirname(SOTH), "tests", "unit", "test_pcapng")
TSHARK = shutil.which("tshark")
CHECKED = [word for layer in ("ip", "tcp", "udp") for word in ("-o", f"{layer}.check_checksum:TRUE")]


@unittest.skipUnless(TSHARK, "tshark is not here: nothing is said of how it reads capture files")
@unittest.skipUnless(os.path.exists(MAKER), f"{MAKER} is not built")
class Tshark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.dir.cleanup)
        cls.file = os.path.join(cls.dir.name, "x.pcapng")
        subprocess.run([MAKER, cls.file], check=True, timeout=60)

    def fields(self, which, *names, more=()):
        """Of each packet that the filter lets through, those fields."""
        args = [TSHARK, "-n", "-r", self.file, *more, "-Y", which, "-T", "fields"]
        for name in names:
            args += ["-e", name]
        run = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        return [line.split("\t") for line in run.stdout.splitlines()]

    def test_nothing_is_wrong_with_the_packets(self):
        self.assertGreater(len(self.fields("ip", "frame.number", more=CHECKED)), 100)
        for wrong in ("tcp.analysis.flags", "tcp.checksum.status == 0", "ip.checksum.status == 0",
                      "udp.checksum.status == 0", "_ws.malformed && !quic"):
            self.assertEqual(self.fields(wrong, "frame.number", "frame.protocols", more=CHECKED), [], wrong)

    def test_http_1(self):
        self.assertEqual(self.fields("http.request", "http.request.method", "http.request.uri"), [
            ["GET", "/socket"], ["GET", "/chat/rooms/lobby"], ["POST", "/v1/messages"], ["GET", "/tail"]])
        self.assertEqual(self.fields("http.response", "http.response.code"), [["101"], ["101"], ["200"], ["200"]])

    def test_http_2(self):
        self.assertEqual(self.fields("http2.headers.method", "http2.headers.method", "http2.headers.authority",
                                     "http2.headers.path"), [
            ["GET", "api.example.com", "/v2/users?page=4"], ["GET", "cdn.example.com", "/app/assets/bundle.min.js"],
            ["POST", "api.example.com", "/pkg.Users/List"], ["POST", "api.example.com", "/pkg.Prices/Watch"]])
        self.assertEqual([r[0] for r in self.fields("http2.headers.status", "http2.headers.status")],
                         ["404", "200", "200", "200"])
        self.assertEqual(self.fields("json && http2", "json.key"), [["error"]])

    def test_grpc(self):
        self.assertEqual([r[0] for r in self.fields("grpc", "grpc.message_length")], ["7", "9"] + ["2"] * 12)
        self.assertEqual(self.fields('http2.header.name == "grpc-status"', "http2.header.value")[0][0].split(",")[0], "7")

    def test_websocket(self):
        rows = self.fields("websocket", "websocket.opcode", "websocket.mask")
        self.assertEqual([r[0] for r in rows], "1 1 1 1 1 9 10 2 1 8 8 1 1 9 8".split())
        self.assertEqual({r[1] for r in rows}, {"0", "1"})
        text = self.fields("websocket && data-text-lines", "text")
        self.assertIn('{"op":"subscribe","channel":"prices"}', text[0][0])

    def test_other_protocols(self):
        self.assertEqual(self.fields("dns", "dns.qry.name"), [["example.com"], ["example.com"]])
        self.assertEqual(self.fields("smtp.req.command", "smtp.req.command"), [["EHLO"]])

    def test_comments(self):
        first = self.fields("frame.comment && tcp.flags.syn == 1", "frame.comment")
        self.assertEqual(len(first), 9)
        self.assertTrue(first[0][0].startswith("flow 1: GET https://api.example.com/v2/users?page=4 404"), first[0])

    def test_names(self):
        run = subprocess.run([TSHARK, "-N", "n", "-r", self.file, "-Y", "smtp"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, timeout=120)
        self.assertIn("mail.example.com", run.stdout)


if __name__ == "__main__":
    unittest.main()
