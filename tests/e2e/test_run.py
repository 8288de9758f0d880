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

NAME = "mirrored.test"          # of the origin's certificate, and in no name service
PYTHON = "/usr/bin/python3"


def needs(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    return unittest.skipIf(missing, f"there is no {' and no '.join(missing)}")


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

    def until(self, fd, what):
        data = b""
        while what not in data:
            data += os.read(fd, 4096)
        return data

    @needs("bash")
    def test_control_c_is_the_commands_and_soth_ends_with_it(self):
        fd = self.on_terminal(" ".join(self.arguments()) + " -- sh -c \"trap 'echo caught' INT; echo re''ady; sleep 100; exit 5\"; echo ended $?")
        self.until(fd, b"ready")
        os.write(fd, b"\x03")
        self.assertIn(b"caught", self.until(fd, b"ended 5"))

    @needs("bash")
    def test_control_z_stops_both_and_fg_goes_on(self):
        fd = self.on_terminal(" ".join(self.arguments()) + " -- sh -c 'echo re\"\"ady; read x; echo \"$x\" read'")
        self.until(fd, b"ready")
        os.write(fd, b"\x1a")
        self.until(fd, b"Stopped")
        os.write(fd, b"fg\n")
        self.until(fd, b"read x")       # what the shell says of what goes on
        os.write(fd, b"line\n")
        self.until(fd, b"line read")


if __name__ == "__main__":
    unittest.main()
