"""soth ca doctor: what it says of clients that trust us and of those that do not, and that its advice helps."""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import test_ca_install as install

CALLED = {"curl": "curl", "wget": "wget", "openssl": "openssl", "git": "git", "Python: ssl": "python3", "Node.js": "node",
          "Ruby": "ruby", "Go": "go"}
VARIABLES = {"curl": "CURL_CA_BUNDLE", "openssl": "SSL_CERT_FILE", "git": "GIT_SSL_CAINFO", "Python: ssl": "SSL_CERT_FILE",
             "Python: requests": "REQUESTS_CA_BUNDLE", "Node.js": "NODE_EXTRA_CA_CERTS", "Ruby": "SSL_CERT_FILE", "Go": "SSL_CERT_FILE"}


class Doctor(install.Case):
    def doctor(self, rc, **env):
        out = json.loads(self.ca("doctor", "--json", rc=rc, **env))
        self.assertEqual(len({c["client"] for c in out["clients"]}), len(out["clients"]))
        return out["authority"], {c["client"]: c for c in out["clients"]}

    def other(self):
        """Authorities, and ours is none of them."""
        conf = os.path.join(self.folder, "other")
        with open(os.path.join(self.folder, "other.pem"), "wb") as f:
            f.write(subprocess.run([peers.SOTH, "ca", "--pem", "--confdir", conf], capture_output=True, check=True).stdout)
        return f.name

    def test_what_it_advises_helps(self):
        before = {name: self.other() for name in set(VARIABLES.values())}
        _, clients = self.doctor(1, JAVA_HOME=self.folder, **before)
        after, wrong = dict(before), 0
        for name, variable in VARIABLES.items():
            client = clients[name]
            if client["verdict"] == "not found":
                continue
            self.assertEqual((client["verdict"], client["fix"]),
                             ("not trusted", f"export {variable}='{self.conf}/soth-ca-cert.pem'"), name)
            self.assertTrue(client["why"], name)
            self.assertEqual(clients["$" + variable]["verdict"], "not trusted")
            key, value = client["fix"].removeprefix("export ").split("=", 1)
            after[key] = value.strip("'")
            wrong += 1
        self.assertGreaterEqual(wrong, 3)     # curl, openssl and python are always there
        _, clients = self.doctor(1, JAVA_HOME=self.folder, **after)     # for the system's own
        for name, variable in VARIABLES.items():
            self.assertIn(clients[name]["verdict"], ("trusted", "not found"), clients[name])
            self.assertIsNone(clients[name]["fix"])

    def test_what_is_not_there_is_not_found(self):
        for name in ("sh", "curl"):
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        _, clients = self.doctor(1, PATH=self.bin, JAVA_HOME=self.folder)
        for name in (*CALLED, "Python: requests", "Java", "Chromium", "Firefox"):
            self.assertEqual(clients[name]["verdict"] == "not found", name != "curl", name)

    def test_a_client_that_fails_otherwise_is_not_known(self):
        for name, text in (("curl", "echo no such host >&2; exit 6"), ("wget", "exit 4"), ("git", "echo connection refused >&2; exit 128"),
                           ("node", "exec sleep 60")):
            install.program(os.path.join(self.bin, name), text + "\n")
        os.symlink(shutil.which("sleep"), os.path.join(self.bin, "sleep"))
        _, clients = self.doctor(1, PATH=self.bin, JAVA_HOME=self.folder)
        said = {name: (clients[name]["verdict"], clients[name]["why"], clients[name]["fix"]) for name in ("curl", "wget", "git", "Node.js")}
        self.assertEqual(said, {"curl": ("not known", "no such host", None), "wget": ("not known", "it failed without a word", None),
                                "git": ("not known", "connection refused", None), "Node.js": ("not known", "it took too long", None)})

    def test_the_table_for_a_person(self):
        os.symlink(shutil.which("curl"), os.path.join(self.bin, "curl"))
        out = self.ca("doctor", rc=1, PATH=self.bin, JAVA_HOME=self.folder, CURL_CA_BUNDLE=self.other())
        self.assertRegex(out, r"(?m)^no   curl +curl: \(60\).*\n +\$ export CURL_CA_BUNDLE='")
        self.assertRegex(out, r"(?m)^-    Firefox ")
        self.assertRegex(out, r"SHA-256 [0-9A-F:]{95}\nvalid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\nkey in \S+/soth-ca.pem\n")
        out = self.ca("doctor", rc=1, PATH=self.bin, JAVA_HOME=self.folder, CURL_CA_BUNDLE=self.conf + "/soth-ca-cert.pem")
        self.assertRegex(out, r"(?m)^yes  curl +trusted$")

    def test_the_key_is_nobody_else_s(self):
        self.pem()
        os.chmod(self.conf + "/soth-ca.pem", 0o644)
        out = self.ca("doctor", rc=2, PATH=self.bin, JAVA_HOME=self.folder)
        self.assertIn("others may read its key", out)
        subprocess.run(["sh", "-c", out[out.index("chmod"):]], check=True)
        self.assertIsNone(self.doctor(1, PATH=self.bin, JAVA_HOME=self.folder)[0]["trouble"])

    def test_an_authority_that_soon_is_none(self):
        os.mkdir(self.conf)
        key, cert = self.folder + "/key", self.folder + "/cert"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "10",
                        "-subj", "/CN=short", "-keyout", key, "-out", cert], check=True, stderr=subprocess.DEVNULL)
        with open(self.conf + "/soth-ca.pem", "w") as to:
            for path in (key, cert):
                with open(path) as f:
                    to.write(f.read())
        os.chmod(self.conf + "/soth-ca.pem", 0o600)
        self.assertIn("no longer valid from", self.doctor(2, PATH=self.bin, JAVA_HOME=self.folder)[0]["trouble"])
        with open(self.conf + "/soth-ca.pem", "w") as f:
            f.write("none")
        self.assertIn("soth-ca.pem", self.ca("doctor", rc=2))

    @unittest.skipUnless(shutil.which("certutil"), "there is no certutil")
    def test_databases_of_browsers(self):
        db, profile = os.path.join(self.home, ".pki/nssdb"), os.path.join(self.home, ".mozilla/firefox/x.default")
        for path in (db, profile):
            os.makedirs(path)
            self.run_program("certutil", "-N", "-d", "sql:" + path, "--empty-password")
            self.run_program("certutil", "-A", "-d", "sql:" + path, "-t", "C,,", "-n", "soth", "-i", self.other())
        os.symlink(shutil.which("certutil"), os.path.join(self.bin, "certutil"))
        env = {"PATH": self.bin, "JAVA_HOME": self.folder}
        _, clients = self.doctor(1, **env)
        for name, store in (("Chromium", "nss"), ("Firefox", "firefox")):
            self.assertEqual((clients[name]["verdict"], clients[name]["fix"]), ("not trusted", f"soth ca install {store}"))
            self.ca(*clients[name]["fix"].split()[2:], "--yes")
        _, clients = self.doctor(1, **env)
        self.assertEqual([clients[name]["verdict"] for name in ("Chromium", "Firefox")], ["trusted"] * 2)
        # Under a name of a person's own, and for mail alone, which is no trust in servers.
        self.ca("uninstall", "nss", "firefox", "--yes")
        self.run_program("certutil", "-A", "-d", "sql:" + db, "-t", "C,,", "-n", "a name of mine", "-i", self.conf + "/soth-ca-cert.pem")
        self.run_program("certutil", "-A", "-d", "sql:" + profile, "-t", ",C,", "-n", "mail", "-i", self.conf + "/soth-ca-cert.pem")
        _, clients = self.doctor(1, **env)
        self.assertEqual([clients[name]["verdict"] for name in ("Chromium", "Firefox")], ["trusted", "not trusted"])

    @unittest.skipUnless(shutil.which("keytool"), "there is no keytool")
    def test_a_jdk(self):
        jdk, keytool = os.path.join(self.folder, "jdk"), os.path.realpath(shutil.which("keytool"))
        store = os.path.join(jdk, "lib/security/cacerts")
        os.makedirs(os.path.dirname(store))
        os.makedirs(os.path.join(jdk, "bin"))
        os.symlink(keytool, os.path.join(jdk, "bin/keytool"))
        self.run_program(keytool, "-importcert", "-noprompt", "-alias", "kept", "-file", self.other(), "-keystore", store,
                         "-storepass", "changeit")
        before = shutil.copy(store, os.path.join(self.folder, "before"))
        self.ca("install", "java", "--yes", JAVA_HOME=jdk)
        env = {"PATH": self.bin, "JAVA_HOME": jdk}
        self.assertEqual(self.doctor(1, **env)[1]["Java"]["verdict"], "trusted")
        env["JAVA_TOOL_OPTIONS"] = f"-Dx=y -Djavax.net.ssl.trustStore={before} -Dz=1"
        java = self.doctor(1, **env)[1]["Java"]
        self.assertEqual(java["verdict"], "not trusted")
        subprocess.run(["sh", "-c", java["fix"] + " -storepass changeit"], check=True, capture_output=True)
        self.assertEqual(self.doctor(1, **env)[1]["Java"]["verdict"], "trusted")
        self.assertIn(before, java["why"])

    @unittest.skipUnless(install.own_mounts(), "mounts of our own, root and update-ca-certificates are needed")
    def test_the_system_s_store(self):
        """All that have no word of their own trust us once it has the certificate, and doctor ends with 0."""
        self.pem()
        for name in ("certs", "local", "hooks"):
            os.mkdir(os.path.join(self.folder, name))
        with open("/etc/ca-certificates.conf") as f, open(os.path.join(self.folder, "list"), "w") as to:
            to.write(next(line for line in f if line[0] not in "#!"))
        for name in ("curl", "wget", "openssl", "python3", "git", "ruby"):
            if shutil.which(name):
                os.symlink(shutil.which(name, path="/usr/bin:/bin") or shutil.which(name), os.path.join(self.bin, name))
        install.program(os.path.join(self.folder, "all"), f"""
set -e
mount --bind {self.folder}/certs /etc/ssl/certs
mount --bind {self.folder}/local /usr/local/share/ca-certificates
mount --bind {self.folder}/hooks /etc/ca-certificates/update.d
mount --bind {self.folder}/list /etc/ca-certificates.conf
update-ca-certificates >/dev/null 2>&1
doctor() {{ env PATH={self.bin} JAVA_HOME=/none {peers.SOTH} ca doctor --json --confdir {self.conf} || true; }}
doctor >{self.folder}/before
{peers.SOTH} ca install system --yes --confdir {self.conf} >/dev/null 2>&1
doctor >{self.folder}/after
env PATH={self.bin} JAVA_HOME=/none {peers.SOTH} ca doctor --confdir {self.conf} >/dev/null || echo "$?"
""")
        rc, out = self.run_program("unshare", "-m", os.path.join(self.folder, "all"))
        def verdicts(name):
            with open(os.path.join(self.folder, name)) as f:
                return {c["client"]: (c["verdict"], c["fix"]) for c in json.load(f)["clients"] if c["verdict"] != "not found"}
        before, after = verdicts("before"), verdicts("after")
        requests = before.pop("Python: requests", None), after.pop("Python: requests", None)   # it may have its own
        self.assertEqual(before, dict.fromkeys(before, ("not trusted", "soth ca install system")))
        self.assertEqual(after, dict.fromkeys(before, ("trusted", None)))
        self.assertEqual((rc, out), (0, "" if requests[1] in (None, ("trusted", None)) else "1\n"))


if __name__ == "__main__":
    unittest.main()
