"""soth run: programs of many kinds are seen, decrypted, with nothing set by hand; and it is as if they ran without soth."""
import json
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term

NAME = "mirrored.test"          # of the origin's certificate, and in no name service
PYTHON = "/usr/bin/python3"


def has(module):
    return not subprocess.run([PYTHON, "-c", "import " + module], capture_output=True).returncode


def works(*command):
    """A program that is there may be one that only says where it could be had."""
    return bool(shutil.which(command[0])) and not subprocess.run(command, capture_output=True).returncode


def needs(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    return unittest.skipIf(missing, f"there is no {' and no '.join(missing)}")


GRPC_SERVER = """
import concurrent.futures, grpc, sys
class Greeter(grpc.GenericRpcHandler):
    def service(self, call):
        return grpc.unary_unary_rpc_method_handler(lambda request, context: b"hello " + request)
server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Greeter()])
pair = [open(path, "rb").read() for path in sys.argv[1:]]
print(server.add_secure_port("localhost:0", grpc.ssl_server_credentials([pair])), flush=True)
server.start()
sys.stdin.read()
"""
GRPC_CLIENT = """
import grpc, sys
with grpc.secure_channel(sys.argv[1], grpc.ssl_channel_credentials()) as channel:
    print(channel.unary_unary("/test.Greeter/Hello")(b"client", timeout=20).decode())
"""


def parent(port):
    """A proxy for whom every name is that port here: for programs that let this machine's names pass by a proxy."""
    def talk(peer):
        head = b""
        while b"\r\n\r\n" not in head and (more := peer.recv(4096)):
            head += more
        with socket.create_connection(("127.0.0.1", port)) as server:
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            other = {peer: server, server: peer}
            while True:
                for s in select.select(list(other), [], [])[0]:
                    if not (data := s.recv(65536)):
                        return
                    other[s].sendall(data)
    return peers.raw_server(talk)


class Case(peers.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent = parent(cls.https)
        cls.url = f"https://localhost:{cls.https}"

    def setUp(self):
        signal.signal(signal.SIGALRM, self.too_long)
        signal.alarm(120)
        self.addCleanup(signal.alarm, 0)
        self.addCleanup(self.sessions_in_order)
        self.dir = tempfile.mkdtemp(dir=self.folder.name)
        self.runtime = tempfile.mkdtemp(dir=self.folder.name)
        self.log = os.path.join(self.dir, "log")

    def arguments(self, *options):
        return [peers.SOTH, "run", "--confdir", self.dir, "--json", "--log", self.log,
                "--set", "ssl-verify-upstream-trusted-ca=" + self.cert, *options]

    def environment(self, env):
        usual = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and "CERT" not in k and "CA_" not in k}
        return {**usual, "XDG_RUNTIME_DIR": self.runtime, **(env or {})}

    def run_it(self, *command, options=(), env=None, **more):
        """What the command said and how it ended; the flows there were."""
        done = subprocess.run([*self.arguments(*options), "--", *command], capture_output=True, text=True, timeout=100,
                              env=self.environment(env), **more)
        self.assertEqual(os.listdir(self.runtime), [], "a folder was left")
        return done, self.flows()

    def flows(self):
        with open(self.log) as f:
            return [json.loads(line) for line in f]

    def seen(self, command, path, host="localhost", **more):
        """It got its answer, and the flow was decrypted."""
        done, flows = self.run_it(*command, **more)
        self.assertIn("hello " + path, done.stdout + done.stderr, done)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(("https", host, path, 200), [(f["scheme"], f["host"], f["path"], f["status"]) for f in flows])
        return done

    def seen_away(self, command, path, **more):
        self.seen(command, path, host=NAME, options=("-m", f"upstream:http://127.0.0.1:{self.parent}"), **more)

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w") as f:
            f.write(text)
        return path


class Programs(Case):
    def test_curl(self):
        self.seen(["curl", "-s", self.url + "/curl"], "/curl")

    @needs("wget")
    def test_wget_has_what_a_person_set_for_it_too(self):
        own = self.file("own", "user_agent = mine")
        self.seen(["wget", "-qO-", self.url + "/wget"], "/wget", env={"WGETRC": own})
        with open(self.file("show.sh", "cat $WGETRC")) as f:
            done, _ = self.run_it("sh", f.name, env={"WGETRC": own})
        self.assertIn("user_agent = mine\n", done.stdout)

    def test_python_urllib(self):
        self.seen([PYTHON, "-c", f"import urllib.request as u; print(u.urlopen('{self.url}/urllib').read().decode())"], "/urllib")

    @unittest.skipIf(subprocess.run([PYTHON, "-c", "import requests"], capture_output=True).returncode, "there is no requests")
    def test_python_requests(self):
        self.seen([PYTHON, "-c", f"import requests; print(requests.get('{self.url}/requests').text)"], "/requests")

    @unittest.skipIf(subprocess.run([PYTHON, "-c", "import httpx"], capture_output=True).returncode, "there is no httpx")
    def test_python_httpx(self):
        self.seen([PYTHON, "-c", f"import httpx; print(httpx.get('{self.url}/httpx').text)"], "/httpx")

    @unittest.skipIf(subprocess.run([PYTHON, "-c", "import aiohttp"], capture_output=True).returncode, "there is no aiohttp")
    def test_python_aiohttp(self):
        self.seen([PYTHON, "-c", f"""import aiohttp, asyncio
async def main():
    async with aiohttp.ClientSession(trust_env=True) as s, s.get('{self.url}/aiohttp') as r:
        print(await r.text())
asyncio.run(main())"""], "/aiohttp")

    @needs("node")
    def test_node_https(self):
        for agent in ("undefined", "new https.Agent({ keepAlive: true })", "false"):
            self.seen(["node", "-e", f"""const https = require('https'), agent = {agent};
                https.get('{self.url}/node', {{ agent }}, r => {{ r.pipe(process.stdout); r.on('end', () => agent && agent.destroy()) }})"""],
                "/node")

    @needs("node")
    def test_node_http(self):
        done, flows = self.run_it("node", "-e", f"require('http').get('http://localhost:{self.http}/plain', r => r.pipe(process.stdout))")
        self.assertEqual(done.stdout, "hello /plain")
        self.assertEqual([(f["scheme"], f["path"]) for f in flows], [("http", "/plain")])

    @needs("node")
    def test_node_fetch(self):
        self.seen(["node", "-e", f"fetch('{self.url}/fetch').then(r => r.text()).then(console.log)"], "/fetch")

    @needs("node")
    def test_node_keeps_its_options(self):
        done, _ = self.run_it("node", "-p", "process.execArgv.concat(process.env.NODE_OPTIONS)", env={"NODE_OPTIONS": "--no-warnings"})
        self.assertIn("--no-warnings --require", done.stdout)

    @needs("ruby")
    def test_ruby(self):
        self.seen_away(["ruby", "-rnet/http", "-e", f"puts Net::HTTP.get(URI('https://{NAME}/ruby'))"], "/ruby")

    @needs("go")
    def test_go(self):
        source = self.file("main.go", f"""package main
import ("fmt"; "io"; "net/http"; "os")
func main() {{
	r, err := http.Get("https://{NAME}/go")
	if err != nil {{ fmt.Println(err); os.Exit(1) }}
	b, _ := io.ReadAll(r.Body)
	fmt.Println(string(b))
}}
""")
        program = os.path.join(self.dir, "main")
        cache = os.path.join(tempfile.gettempdir(), f"soth-go-cache-{os.getuid()}")
        subprocess.run(["go", "build", "-o", program, source], check=True, env={**os.environ, "GOCACHE": cache, "GO111MODULE": "off"})
        self.seen_away([program], "/go")

    @needs("java")
    def test_java(self):
        for name, get in (("Old", "new String(new java.net.URL(u).openStream().readAllBytes())"),
                          ("New", "java.net.http.HttpClient.newHttpClient().send(java.net.http.HttpRequest.newBuilder(java.net.URI.create(u)).build(),"
                                  " java.net.http.HttpResponse.BodyHandlers.ofString()).body()")):
            source = self.file(name + ".java", f"""class {name} {{ public static void main(String[] a) throws Exception {{
                String u = "{self.url}/java"; System.out.println({get}); }} }}""")
            self.seen(["java", source], "/java")

    @needs("git")
    def test_git(self):
        served = os.path.join(self.dir, "repo")
        for command in (["init", "-q", served], ["-C", served, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
                        ["-C", served, "update-server-info"]):
            subprocess.run(["git", *command], check=True)

        class Files(peers.http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args):
                super().__init__(*args, directory=served)

            def log_message(self, *args):
                pass
        context = peers.ssl.SSLContext(peers.ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        port = peers.serve(Files, context)
        done, flows = self.run_it("git", "clone", "-q", f"https://localhost:{port}/.git", os.path.join(self.dir, "clone"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("/.git/HEAD", [f["path"] for f in flows])

    @needs("cargo")
    def test_cargo(self):
        """A registry that answers anything at all: what counts is that it was asked, and believed."""
        os.mkdir(os.path.join(self.dir, "src"))
        self.file("src/lib.rs", "")
        self.file("Cargo.toml", '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nb = { version = "1", registry = "r" }\n')
        home = tempfile.mkdtemp(dir=self.folder.name)
        done, flows = self.run_it("cargo", "fetch", cwd=self.dir, env={
            "CARGO_HOME": home, "CARGO_REGISTRIES_R_INDEX": f"sparse+{self.url}/index/", "CARGO_NET_RETRY": "0",
            "CARGO_HTTP_TIMEOUT": "10"})
        self.assertIn(("/index/config.json", 200), [(f["path"], f["status"]) for f in flows], done.stderr)

    @needs("npm", "node")
    def test_npm(self):
        """A registry that answers anything at all, as above."""
        done, flows = self.run_it("npm", "view", "something", "--registry", self.url + "/npm", "--fetch-retries", "0", env={"HOME": self.dir})
        self.assertIn(("https", "/npm/something", 200), [(f["scheme"], f["path"], f["status"]) for f in flows], done)

    @unittest.skipUnless(works("deno", "--version"), "there is no deno")
    def test_deno(self):
        source = self.file("main.ts", f"console.log(await (await fetch('{self.url}/deno')).text())")
        self.seen(["deno", "run", "--allow-net", source], "/deno", env={"DENO_DIR": self.dir})

    @unittest.skipUnless(works("bun", "--version"), "there is no bun")
    def test_bun(self):
        source = self.file("main.js", f"console.log(await (await fetch('{self.url}/bun')).text())")
        self.seen(["bun", "run", source], "/bun")

    @unittest.skipUnless(has("grpc"), "there is no python3-grpcio")
    def test_grpc(self):
        server = subprocess.Popen([PYTHON, "-c", GRPC_SERVER, self.key, self.cert], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (server.stdin.close(), server.stdout.close(), server.wait()))
        target = "localhost:" + server.stdout.readline().strip()
        done, flows = self.run_it(PYTHON, "-c", GRPC_CLIENT, target)
        self.assertEqual((done.stdout, done.returncode), ("hello client\n", 0), done)
        self.assertEqual([(f["scheme"], f["path"], f["status"], f["grpc_status"]) for f in flows if f["path"]],
                         [("https", "/test.Greeter/Hello", 200, 0)])

    @unittest.skipUnless(has("boto3"), "there is no python3-boto3")
    def test_boto3(self):
        self.seen([PYTHON, "-c", f"""import boto3
s3 = boto3.client("s3", "eu-west-1", endpoint_url="{self.url}", aws_access_key_id="a", aws_secret_access_key="b")
print(s3.get_object(Bucket="bucket", Key="boto")["Body"].read().decode())"""], "/bucket/boto", env={"HOME": self.dir})

    @unittest.skipUnless(works("aws", "--version"), "there is no awscli")
    def test_aws(self):
        path = os.path.join(self.dir, "got")
        done, flows = self.run_it("aws", "s3api", "get-object", "--endpoint-url", self.url, "--bucket", "bucket", "--key", "aws", path, env={
            "HOME": self.dir, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "eu-west-1"})
        with open(path) as f:
            self.assertEqual(f.read(), "hello /bucket/aws", done)
        self.assertIn(("https", "/bucket/aws", 200), [(f["scheme"], f["path"], f["status"]) for f in flows])

    @needs("perl")
    def test_perl(self):
        if subprocess.run(["perl", "-MHTTP::Tiny", "-MIO::Socket::SSL", "-e", "1"], capture_output=True).returncode:
            self.skipTest("perl has no IO::Socket::SSL")
        self.seen(["perl", "-MHTTP::Tiny", "-e", f"print HTTP::Tiny->new(verify_SSL => 1)->get('{self.url}/perl')->{{content}}"], "/perl")

    @needs("perl")
    def test_perl_lwp(self):
        if subprocess.run(["perl", "-MLWP::Protocol::https", "-e", "1"], capture_output=True).returncode:
            self.skipTest("perl has no LWP for https")
        self.seen(["perl", "-MLWP::UserAgent", "-e", f"print LWP::UserAgent->new->get('{self.url}/lwp')->content"], "/lwp")

    @needs("php")
    def test_php_streams(self):
        self.seen_away(["php", "-r", f"""$c = stream_context_create(['http' => ['proxy' => str_replace('http', 'tcp', getenv('https_proxy'))]]);
            echo file_get_contents('https://{NAME}/streams', false, $c);"""], "/streams")

    @needs("php")
    def test_php_curl(self):
        if subprocess.run(["php", "-r", "exit(!function_exists('curl_init'));"]).returncode:
            self.skipTest("php has no curl")
        self.seen(["php", "-r", f"""$c = curl_init('{self.url}/php'); curl_setopt($c, CURLOPT_RETURNTRANSFER, true);
            echo curl_exec($c), curl_error($c);"""], "/php")


class Command(Case):
    def test_its_exit_status_is_that_of_soth(self):
        self.assertEqual(self.run_it("sh", "-c", "exit 7")[0].returncode, 7)

    def test_a_command_that_is_not_there_is_127_and_one_that_cannot_run_126(self):
        done, _ = self.run_it("/no/such")
        self.assertEqual((done.returncode, done.stderr), (127, "soth: /no/such: No such file or directory\n"))
        self.assertEqual(self.run_it("/")[0].returncode, 126)

    def test_a_signal_that_ends_it_ends_soth(self):
        self.assertEqual(self.run_it("sh", "-c", "kill -KILL $$")[0].returncode, -signal.SIGKILL)

    def test_its_words_are_its_own_without_dashes_before_them_too(self):
        done = subprocess.run([*self.arguments(), "echo", "-n", "--json", "x"], capture_output=True, text=True, env=self.environment(None))
        self.assertEqual(done.stdout, "--json x")

    def test_what_it_reads_and_writes_passes_as_it_is(self):
        done, _ = self.run_it("sh", "-c", "cat; echo wrong >&2", input="as it is")
        self.assertEqual((done.stdout, done.stderr), ("as it is", "wrong\n"))

    def test_nothing_of_soth_is_left_in_it(self):
        command = ["sh", "-c", "ls /proc/self/fd | wc -l; ulimit -n; grep 'Sig[BI]' /proc/self/status"]
        alone = subprocess.run(command, capture_output=True, text=True).stdout
        self.assertEqual(self.run_it(*command)[0].stdout, alone)

    def test_quiet_tells_the_session_alone(self):
        done = subprocess.run([peers.SOTH, "run", "-q", "--confdir", self.dir, "-k", "--", "curl", "-s", self.url + "/told"],
                              capture_output=True, text=True, env=self.environment(None))
        self.assertEqual(done.stdout, "hello /told")
        self.assertRegex(done.stderr, r"^soth: 1 flow: soth -r .*\.soth\n$")

    def test_flows_are_told_on_standard_error_and_the_session_is_kept(self):
        done = subprocess.run([peers.SOTH, "run", "--confdir", self.dir, "-k", "--", "curl", "-s", self.url + "/told"],
                              capture_output=True, text=True, env=self.environment(None))
        self.assertEqual(done.stdout, "hello /told")
        self.assertRegex(done.stderr, rf"GET https://localhost:{self.https}/told 200 text/plain.*\nsoth: 1 flow: soth -r .*\.soth\n$")
        session = done.stderr.split()[-1]
        back = subprocess.run([peers.SOTH, "dump", "--confdir", self.dir, "-r", session], capture_output=True, text=True)
        self.assertIn("/told 200", back.stdout)

    def test_no_traffic_is_said(self):
        done = subprocess.run([peers.SOTH, "run", "--confdir", self.dir, "true"], capture_output=True, text=True, env=self.environment(None))
        self.assertIn("--isolate", done.stderr)

    def test_only_flows_of_a_filter_are_told(self):
        _, flows = self.run_it("curl", "-s", self.url + "/one", self.url + "/two", options=("--filter", "~u two"))
        self.assertEqual([f["path"] for f in flows], ["/two"])

    def test_the_port_is_the_one_that_was_asked_for(self):
        port = peers.free_port()
        done, _ = self.run_it("sh", "-c", "echo $https_proxy", options=("-p", str(port)))
        self.assertEqual(done.stdout, f"http://127.0.0.1:{port}\n")

    def test_a_password_of_the_proxy_is_given_on(self):
        self.seen(["curl", "-s", self.url + "/auth"], "/auth", options=("--proxyauth", "me:p@ss/word"))

    @needs("node")
    def test_node_gives_the_password_too(self):
        self.seen(["node", "-e", f"require('https').get('{self.url}/auth', r => r.pipe(process.stdout))"], "/auth",
                  options=("--proxyauth", "me:p@ss/word"))

    def test_a_mode_that_is_no_proxy_is_a_fault(self):
        done, _ = self.run_it("true", options=("-m", "reverse:https://localhost"))
        self.assertEqual(done.returncode, 125)
        self.assertIn("none of the modes is a proxy", done.stderr)

    def test_without_a_command_it_says_how(self):
        for words in ([], ["--"]):
            done = subprocess.run([peers.SOTH, "run", *words], capture_output=True, text=True)
            self.assertIn("command", done.stderr)
            self.assertNotEqual(done.returncode, 0)

    def test_env_serves_a_soth_that_listens(self):
        s = peers.Soth(self.dir, "--set", "ssl-verify-upstream-trusted-ca=" + self.cert)
        self.addCleanup(s.end)
        shell = f'eval "$({peers.SOTH} run --env --confdir {self.dir} -l {s.address})"; curl -s {self.url}/shell'
        done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, env=self.environment(None))
        self.assertEqual((done.stdout, done.stderr), ("hello /shell", ""))
        self.assertEqual(s.row()["path"], "/shell")


class Signals(Case):
    def begin(self, *command):
        p = subprocess.Popen([*self.arguments(), "--", *command], stdout=subprocess.PIPE, text=True, env=self.environment(None))
        self.addCleanup(p.stdout.close)
        self.assertEqual(p.stdout.readline(), "ready\n")
        return p

    def test_what_is_sent_to_soth_is_passed_on(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            name = signal.Signals(number).name[3:]
            p = self.begin("sh", "-c", f"trap 'echo got; exit 3' {name}; echo ready; while :; do sleep 0.05; done")
            p.send_signal(number)
            self.assertEqual((p.wait(20), p.stdout.read()), (3, "got\n"))

    def test_one_that_it_dies_of_is_how_soth_ends(self):
        p = self.begin("sh", "-c", "echo ready; exec sleep 100")
        p.send_signal(signal.SIGTERM)
        self.assertEqual(p.wait(20), -signal.SIGTERM)

    def on_terminal(self, shell):
        """A shell with job control, on a terminal of its own."""
        pid, fd = pty.fork()
        if not pid:
            os.execvpe("bash", ["bash", "--norc", "-i"], self.environment({"PS1": "$ "}))
        self.addCleanup(os.close, fd)
        self.addCleanup(lambda: (os.kill(pid, signal.SIGKILL), os.waitpid(pid, 0)))
        os.write(fd, shell.encode() + b"\n")
        return fd

    rest = b""

    def until(self, fd, what):
        """What came before it, and since the last time."""
        data = self.rest
        while what not in data:
            data += os.read(fd, 4096)
        said, self.rest = data.split(what, 1)
        return said

    @needs("bash")
    def test_control_c_is_the_commands_and_soth_ends_with_it(self):
        fd = self.on_terminal(" ".join(self.arguments()) + " -- sh -c \"trap 'echo caught; exit 5' INT; echo re''ady; while :; do sleep 0.05; done\"; echo ended $?")
        self.until(fd, b"ready")
        os.write(fd, b"\x03")
        self.assertIn(b"caught", self.until(fd, b"ended 5"))

    @needs("bash")
    def test_control_z_stops_both_and_fg_goes_on(self):
        fd = self.on_terminal(" ".join(self.arguments()) + " -- sh -c 'echo re\"\"ady; read x; echo \"$x\" read'")
        self.until(fd, b"ready")
        os.write(fd, b"\x1a")
        self.until(fd, b"Stopped")
        self.until(fd, b"$ ")
        os.write(fd, b"fg\n")
        self.until(fd, b"fg\r\n")
        self.until(fd, b"read x")       # what the shell says of what goes on
        os.write(fd, b"line\n")
        self.until(fd, b"line read")


class Screen(Case):
    def begin(self, *command, options=(), env=None):
        t = term.Terminal("run", "--screen", "--confdir", self.dir, "--set", "ssl-verify-upstream-trusted-ca=" + self.cert, *options,
                          "--", *command, env={"XDG_RUNTIME_DIR": self.runtime, **(env or {})})
        self.addCleanup(t.kill)
        return t

    def test_the_command_is_beside_the_screen_and_its_words_come_behind_it(self):
        t = self.begin("sh", "-c", f"curl -s {self.url}/shown; read x || echo no input; exit 6")
        t.wait("sh ended with 6")
        t.wait("/shown")
        self.assertEqual(t.end(), 6)
        self.assertIn(b"hello /shownno input\r\n", t.raw)
        self.assertIn(b"1 flow: soth -r ", t.raw)
        self.assertEqual(os.listdir(self.runtime), [])

    def test_its_words_are_shown_by_the_pager(self):
        read = self.file("pager", '#!/bin/sh\ncp "$1" "$0.saw"\n')
        os.chmod(read, 0o755)
        t = self.begin("echo", "words", env={"PAGER": read})
        t.wait("echo has ended well")
        t.keys(":output\r", lambda text: os.path.exists(read + ".saw"))
        with open(read + ".saw") as f:
            self.assertEqual(f.read(), "words\n")
        self.assertEqual(t.end(), 0)

    def test_leaving_ends_the_command(self):
        t = self.begin("sh", "-c", "trap 'echo over; exit 1' HUP; while :; do sleep 0.05; done")
        t.wait("sh runs")
        self.assertEqual(t.end(), 0)
        self.assertIn(b"over\r\n", t.raw)

    def test_no_command_is_there_without(self):
        t = term.Terminal("--confdir", self.dir, "-l", "127.0.0.1:0")
        self.addCleanup(t.kill)
        t.wait("127.0.0.1:")
        t.keys(":output\r", "no command runs here")
        t.end()

    def test_without_a_terminal_it_is_a_fault(self):
        done = subprocess.run([peers.SOTH, "run", "--screen", "true"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 125)
        self.assertIn("no terminal", done.stderr)


def forbidden():
    """Why no network of its own can be had here; None: it can."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run([peers.SOTH, "run", "--isolate", "--confdir", home, "true"], capture_output=True, text=True)
    return done.stderr.strip() if "isolate: " in done.stderr else None


WHY_NOT = forbidden()
TALK = """
import socket, ssl, sys
family, host, port = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, sys.argv[1], int(sys.argv[2])
with socket.socket(family) as raw:
    raw.connect((host, port))
    with ssl.create_default_context().wrap_socket(raw, server_hostname="localhost") as s:
        s.sendall(b"GET /raw HTTP/1.0\\r\\n\\r\\n")
        while data := s.recv(65536):
            sys.stdout.write(data.decode())
"""
ASK = """
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(20)
    s.sendto(b"question", (sys.argv[1], 53))
    print(s.recvfrom(100))
"""
REFUSED = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(20)
    s.connect(("192.0.2.9", 443))
    s.send(b"an Initial")
    s.recv(100)
"""
INNER = """
import socket, threading
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=lambda: listener.accept()[0].sendall(b"from within")).start()
with socket.create_connection(listener.getsockname()) as s:
    print(s.recv(100).decode())
"""


class V6(peers.Server):
    address_family = socket.AF_INET6


@unittest.skipIf(WHY_NOT, WHY_NOT)
class IsolatedScreen(Screen):
    def begin(self, *command, options=(), **more):
        return super().begin(*command, options=("--isolate", *options), **more)

    def test_a_program_that_knows_of_no_proxy_is_on_the_screen(self):
        t = self.begin(PYTHON, "-c", TALK, "127.0.0.1", str(self.https))
        t.wait(lambda text: "/raw" in text and "has ended well" in text)
        self.assertEqual(t.end(), 0)
        self.assertIn(b"hello /raw", t.raw)

    def test_what_it_asks_is_held_and_goes_on(self):
        t = self.begin("curl", "-s", "--noproxy", "*", self.url + "/held", options=("--set", "intercept=~q & ~u held"))
        t.wait("1 held")
        t.keys("a", "curl has ended well")
        self.assertEqual(t.end(), 0)
        self.assertIn(b"hello /held", t.raw)


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Isolated(Case):
    def arguments(self, *options):
        return super().arguments("--isolate", *options)

    def has(self, flows, *wanted):
        self.assertIn(wanted, [(f["scheme"], f["host"], f["path"], f["status"]) for f in flows])

    def test_a_program_that_wants_no_proxy_is_seen(self):
        for name in ("localhost", "127.0.0.1"):
            done, flows = self.run_it("curl", "-s", "--noproxy", "*", f"https://{name}:{self.https}/isolated")
            self.assertEqual((done.stdout, done.returncode), ("hello /isolated", 0))
            self.has(flows, "https", name, "/isolated", 200)

    def test_which_of_its_programs_it_was_is_told(self):
        for url in (self.url, f"http://127.0.0.1:{self.http}"):
            done, flows = self.run_it("sh", "-c", f"for i in 1 2 3 4; do curl -s {url}/who; done; true")
            self.assertEqual(done.stdout, "hello /who" * 4)
            self.assertIn("curl", [f.get("process") for f in flows], flows)      # on a busy machine not each in time

    def test_a_program_that_knows_of_none_is_seen(self):
        done, flows = self.run_it(PYTHON, "-c", TALK, "127.0.0.1", str(self.https))
        self.assertIn("hello /raw", done.stdout, done.stderr)
        self.has(flows, "https", "localhost", "/raw", 200)

    def test_ipv6(self):
        server = V6(("::1", 0), peers.Origin)
        server.daemon_threads = True
        peers.threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        done, flows = self.run_it("curl", "-s", f"http://[::1]:{server.server_address[1]}/six")
        self.assertEqual(done.stdout, "hello /six", done)
        self.has(flows, "http", "::1", "/six", 200)

    def test_a_proxy_of_the_environment_is_not_used(self):
        done, flows = self.run_it("sh", "-c", f"echo $https_proxy; curl -s {self.url}/x", env={"https_proxy": "http://127.0.0.1:1"})
        self.assertEqual(done.stdout, "\nhello /x")

    @needs("node", "java")
    def test_programs_that_bring_their_own_trust(self):
        self.seen(["node", "-e", f"fetch('{self.url}/fetch').then(r => r.text()).then(console.log)"], "/fetch")
        source = self.file("A.java", f"""class A {{ public static void main(String[] a) throws Exception {{
            System.out.println(new String(new java.net.URL("{self.url}/java").openStream().readAllBytes())); }} }}""")
        self.seen(["java", source], "/java")

    @unittest.skipIf(os.getuid(), "only root may have port 53")
    def test_questions_of_names_go_to_whom_they_are_for(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.9.9.9", 53))
            thread = peers.threading.Thread(target=lambda: s.sendto(b"answer to " + (q := s.recvfrom(100))[0], q[1]))
            thread.start()
            done, flows = self.run_it(PYTHON, "-c", ASK, "127.9.9.9")
            thread.join()
        self.assertEqual(done.stdout, "(b'answer to question', ('127.9.9.9', 53))\n", done.stderr)
        self.assertEqual([(f["scheme"], f["host"], f["port"]) for f in flows], [("udp", "127.9.9.9", 53)])

    def test_other_datagrams_are_refused_at_once(self):
        done, flows = self.run_it(PYTHON, "-c", REFUSED)
        self.assertIn("ConnectionRefusedError", done.stderr)
        self.assertEqual(flows, [])

    def test_what_listens_within_is_reached_within(self):
        done, flows = self.run_it(PYTHON, "-c", INNER)
        self.assertEqual((done.stdout, flows), ("from within\n", []), done.stderr)

    def test_nobody_outside_is_taken_for_its_client(self):
        """A connection out here has the same addresses and ports as the one in there."""
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as here:
            here.bind(("127.0.0.1", 0))
            here.connect(listener.getsockname())
            port, to = here.getsockname()[1], listener.getsockname()[1]
            session = os.path.join(self.dir, "one.soth")
            self.run_it(PYTHON, "-c", f"import socket; s = socket.create_connection(('127.0.0.1', {to}), 20, ('127.0.0.1', {port}))",
                        options=("-w", session))
        told = repr(list(peers.notes(session)))
        self.assertIn(f"127.0.0.1:{port}'", told)
        self.assertNotIn(f"b'{os.getpid()}'", told)

    def test_what_is_not_there_is_refused_by_name(self):
        port = peers.free_port()
        done, flows = self.run_it("curl", "-s", f"http://127.0.0.1:{port}/")
        self.assertEqual([f["status"] for f in flows], [502])
        self.assertIn("Connection refused", flows[0]["trouble"])

    def test_the_user_and_the_exit_status_are_as_they_were(self):
        done, _ = self.run_it("sh", "-c", "id -u; id -g; exit 9")
        self.assertEqual((done.stdout, done.returncode), (f"{os.getuid()}\n{os.getgid()}\n", 9))
        self.assertEqual(self.run_it("/no/such")[0].returncode, 127)

    def test_it_cannot_get_out_by_an_interface(self):
        done, _ = self.run_it(PYTHON, "-c", "import socket; print([name for _, name in socket.if_nameindex() if name == 'eth0'])")
        self.assertEqual(done.stdout, "[]\n", done.stderr)

    @unittest.skipIf(os.getuid(), "only root can be another user")
    def test_another_user_needs_no_privileges(self):
        program = shutil.copy(peers.SOTH, os.path.join(self.dir, "soth"))
        for path, mode in ((self.folder.name, 0o755), (self.dir, 0o777), (program, 0o755), (self.cert, 0o644)):
            os.chmod(path, mode)
        home = tempfile.mkdtemp(dir=self.dir)
        os.chmod(home, 0o777)
        command = [program, *self.arguments()[1:], "--confdir", os.path.join(home, "conf"), "curl", "-s", "--noproxy", "*", self.url + "/user"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=home, user="nobody", group="nogroup", extra_groups=[],
                              env={**self.environment(None), "XDG_RUNTIME_DIR": home})
        if "isolate: " in done.stderr:
            self.skipTest(done.stderr.strip())
        self.assertEqual((done.stdout, done.returncode), ("hello /user", 0), done)
        self.has(self.flows(), "https", "localhost", "/user", 200)

    @needs("unshare")
    def test_where_it_is_forbidden_it_is_said_what_would_allow_it(self):
        forbid = "echo 0 >/proc/sys/user/max_net_namespaces && echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\""
        done = subprocess.run(["unshare", "-Ur", "sh", "-c", forbid, "sh", *self.arguments(), "true"], capture_output=True, text=True,
                              env=self.environment(None))
        self.assertEqual(done.returncode, 125)
        self.assertIn("isolate: a user and a network namespace: No space left on device; as root: sysctl user.max_user_namespaces",
                      done.stderr)


if __name__ == "__main__":
    unittest.main()
