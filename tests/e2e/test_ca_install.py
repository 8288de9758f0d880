"""soth ca install and uninstall: into databases of a home of the test's own, and a system of its own."""
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers
import term


def program(path, text):
    with open(path, "w") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)


def listing(folder):
    """Every file below, and what is in it."""
    out = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as f:
                out[os.path.relpath(path, folder)] = f.read()
    return out


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.home = os.path.join(self.folder, "home")
        self.bin = os.path.join(self.folder, "bin")
        self.conf = os.path.join(self.folder, "conf")
        os.mkdir(self.home)
        os.mkdir(self.bin)
        self.env = {"HOME": self.home, "PATH": os.environ["PATH"] + ":/usr/sbin", "LANG": "C.UTF-8"}

    def ca(self, *args, rc=0, stdin=subprocess.DEVNULL, prefix=(), **env):
        out = subprocess.run([*prefix, peers.SOTH, "ca", *args, "--confdir", self.conf], stdin=stdin, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=60, env={**self.env, **env})
        self.assertEqual(out.returncode, rc, out.stdout.decode())
        return out.stdout.decode()

    def run_program(self, *args):
        out = subprocess.run(args, capture_output=True, timeout=60, env=self.env)
        return out.returncode, (out.stdout + out.stderr).decode()

    def pem(self):
        self.ca("--pem")
        with open(os.path.join(self.conf, "soth-ca-cert.pem")) as f:
            return f.read()

    def renew(self):
        """Another authority takes the place of the one before, whose label and file this is."""
        self.pem()
        was, kept = self.label(), tempfile.mkdtemp(dir=self.folder)
        os.rename(self.conf, kept + "/conf")
        made = int(time.time())
        while int(time.time()) == made:         # so that it is the newer one: certutil says that first
            time.sleep(0.01)
        self.pem()
        return was, kept + "/conf/soth-ca-cert.pem"

    def stranger(self, subject="/CN=soth 2/O=another"):
        path = tempfile.mkdtemp(dir=self.folder) + "/stranger.pem"
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                         "-keyout", "/dev/null", "-out", path, "-subj", subject)
        return path

    def label(self):
        digits = self.run_program("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
                                  os.path.join(self.conf, "soth-ca-cert.pem"))[1].split("=")[1]
        return "soth-" + digits.replace(":", "")[:8].lower()


class Shown(Case):
    def test_nothing_is_done_before_it_is_asked(self):
        self.assertIn("--yes does it", self.ca("install", "nss", rc=3))
        self.assertEqual(listing(self.home), {})
        for keys, made in (("n\r", False), ("\r", False), ("y\r", True)):
            t = term.Terminal("ca", "install", "nss", "--confdir", self.conf, env=self.env)
            self.addCleanup(t.kill)
            t.wait("[y/N]")
            self.assertIn("certutil -d sql:" + self.home, t.text())
            t.keys(keys, "done")       # or: nothing was done
            self.assertEqual("nothing was done" in t.text(), not made)
            self.assertEqual(os.path.exists(self.home + "/.pki/nssdb/cert9.db"), made)

    def test_a_store_that_there_is_not_is_said(self):
        self.assertIn("system, nss, firefox, java and all", self.ca("install", "windows", rc=2))
        self.assertIn("no profile", self.ca("install", "firefox", "--yes"))

    def test_the_key_is_not_given_away(self):
        self.pem()
        os.remove(os.path.join(self.conf, "soth-ca-cert.pem"))
        os.mkdir(os.path.join(self.conf, "soth-ca-cert.pem"))       # it cannot be written
        self.assertIn("the key is in it too", self.ca("install", "nss", "--yes", rc=1))
        self.assertEqual(listing(self.home), {})


@unittest.skipUnless(shutil.which("certutil"), "there is no certutil")
class Nss(Case):
    def names(self, folder):
        return self.run_program("certutil", "-L", "-d", "sql:" + folder)[1]

    def profile(self, name):
        path = os.path.join(self.home, ".mozilla/firefox", name)
        os.makedirs(path)
        self.assertEqual(self.run_program("certutil", "-N", "-d", "sql:" + path, "--empty-password")[0], 0)
        return path

    def test_chromium_s_database_has_it_and_has_it_no_more(self):
        pem, db = self.pem(), os.path.join(self.home, ".pki/nssdb")
        self.ca("install", "nss", "--yes")
        self.assertRegex(self.names(db), self.label() + r" +C,,")
        self.assertEqual(self.run_program("certutil", "-L", "-d", "sql:" + db, "-n", self.label(), "-a")[1].split(), pem.split())
        before = listing(self.home)
        self.assertIn("has it already", self.ca("install", "nss", "--yes"))
        self.assertEqual(listing(self.home), before)
        self.ca("uninstall", "nss", "--yes")
        self.assertNotIn("soth", self.names(db))
        self.assertIn("nothing to do", self.ca("uninstall", "nss", "--yes"))

    def test_a_database_that_is_there_is_the_one(self):
        db = os.path.join(self.home, ".local/share/pki/nssdb")
        os.makedirs(db)
        self.run_program("certutil", "-N", "-d", "sql:" + db, "--empty-password")
        self.ca("install", "nss", "--yes")
        self.assertIn(self.label(), self.names(db))
        self.assertFalse(os.path.exists(os.path.join(self.home, ".pki")))

    def test_every_profile_of_firefox_and_what_else_is_in_it_stays(self):
        self.pem()
        profiles = [self.profile("a.default"), self.profile("b b'.other")]
        other = os.path.join(self.folder, "other")
        subprocess.run([peers.SOTH, "ca", "--pem", "--confdir", other], stdout=subprocess.DEVNULL, check=True)
        for p in profiles:
            self.run_program("certutil", "-A", "-d", "sql:" + p, "-t", "C,,", "-n", "soth", "-i", other + "/soth-ca-cert.pem")
        self.ca("install", "firefox", "--yes")
        for p in profiles:
            self.assertRegex(self.names(p), self.label() + r" +C,,")
        self.ca("uninstall", "all", "--yes", JAVA_HOME=self.folder, PATH=self.quiet_path())
        for p in profiles:
            self.assertNotIn(self.label(), self.names(p))
            self.assertRegex(self.names(p), r"soth +C,,")

    def test_earlier_authorities_are_told_of_and_go_where_that_is_said(self):
        profile, stranger = self.profile("a.default"), self.stranger()
        self.pem()
        self.ca("install", "firefox", "--yes")
        was, _ = self.renew()
        by_hand = self.renew()[1]        # one that soth made, by another name
        add = lambda name, path: self.run_program("certutil", "-A", "-d", "sql:" + profile, "-t", "C,,", "-n", name, "-i", path)
        add("soth by hand", by_hand)
        add("soth-12345678", stranger)
        self.ca("install", "firefox", "--yes")
        out = self.ca("uninstall", "firefox", rc=3)
        for name in was, "soth by hand":
            self.assertIn(f"{profile} has {name}, an earlier authority of soth's: --earlier takes it away", out)
        self.assertNotIn("12345678", out)
        self.ca("uninstall", "firefox", "--yes")
        self.assertNotIn(self.label(), self.names(profile))
        self.assertIn(was, self.names(profile))
        out = self.ca("uninstall", "--earlier", "firefox", rc=3)
        self.assertIn(f"$ certutil -d sql:{profile} -D -n 'soth by hand'", out)
        self.assertIn(was, self.names(profile))
        self.ca("install", "firefox", "--yes")       # its own goes with them
        self.ca("uninstall", "--earlier", "firefox", "--yes")
        left = self.names(profile)
        self.assertEqual([line.split("  ")[0] for line in left.splitlines() if "C,," in line], ["soth-12345678"])
        self.assertIn("nothing to do", self.ca("uninstall", "--earlier", "firefox"))

    def test_earlier_is_not_for_install(self):
        self.assertIn("--earlier is for uninstall", self.ca("install", "--earlier", "nss", rc=2))

    def quiet_path(self):
        program(os.path.join(self.bin, "update-ca-certificates"), "exit 0\n")
        return self.bin + ":" + self.env["PATH"]

    def test_without_certutil_it_is_said_where_that_is(self):
        self.profile("a.default")
        for name in ("sh", "mkdir"):
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        out = self.ca("install", "nss", "firefox", "--yes", rc=1, PATH=self.bin)
        self.assertEqual(out.count("libnss3-tools"), 2, out)


@unittest.skipUnless(shutil.which("keytool"), "there is no keytool")
class Java(Case):
    def test_a_jdk_has_it_and_has_it_no_more(self):
        self.pem()
        jdk, keytool = os.path.join(self.folder, "jdk"), os.path.realpath(shutil.which("keytool"))
        store = os.path.join(jdk, "lib/security/cacerts")
        os.makedirs(os.path.dirname(store))
        os.makedirs(os.path.join(jdk, "bin"))
        os.symlink(keytool, os.path.join(jdk, "bin/keytool"))
        other = os.path.join(self.folder, "other")
        subprocess.run([peers.SOTH, "ca", "--pem", "--confdir", other], stdout=subprocess.DEVNULL, check=True)
        self.run_program(keytool, "-importcert", "-noprompt", "-alias", "kept", "-file", other + "/soth-ca-cert.pem",
                         "-keystore", store, "-storepass", "changeit")
        aliases = lambda: self.run_program(keytool, "-list", "-keystore", store, "-storepass", "changeit")[1]
        self.assertIn("--yes does it", self.ca("install", "java", rc=3, JAVA_HOME=jdk))
        self.ca("install", "java", "--yes", JAVA_HOME=jdk)
        self.assertIn(self.label(), aliases())
        self.assertIn("has it already", self.ca("install", "java", "--yes", JAVA_HOME=jdk))
        out = self.ca("uninstall", "java", "--yes", JAVA_HOME=jdk)
        self.assertIn(f"{store} has kept, an earlier authority of soth's", out)
        self.assertNotIn(self.label(), aliases())
        self.assertIn("kept", aliases())
        self.ca("install", "java", "--yes", JAVA_HOME=jdk)
        was = self.renew()[0]
        for name, path in ("stranger", self.stranger()), ("debian:soth.pem", other + "/soth-ca-cert.pem"):
            self.run_program(keytool, "-importcert", "-noprompt", "-alias", name, "-file", path, "-keystore", store, "-storepass", "changeit")
        out = self.ca("uninstall", "--earlier", "java", "--yes", JAVA_HOME=jdk)
        self.assertIn(f"-delete -alias {was} ", out)
        left = aliases()
        self.assertEqual([name in left for name in (was, "kept", "stranger", "debian:soth.pem")], [False, False, True, True])


def own_mounts():
    return os.geteuid() == 0 and shutil.which("update-ca-certificates", path=os.environ["PATH"] + ":/usr/sbin") and \
        subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode == 0


class System(Case):
    def test_by_sudo_where_soth_is_not_root(self):
        """And, for it changes nothing of this machine, by programs that only say what they are called with."""
        said = os.path.join(self.folder, "said")
        for name in ("install", "update-ca-certificates"):
            program(os.path.join(self.bin, name), f'echo {name} "$@" >>{said}\n')
        program(os.path.join(self.bin, "sudo"), f'echo sudo >>{said}\nexec "$@"\n')
        pem, prefix, sudo = self.pem(), (), ""
        if os.geteuid() == 0:
            prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            os.chmod(self.folder, 0o777)
            for at, folders, names in os.walk(self.folder):
                for name in folders + names:
                    if stat.S_ISLNK(os.lstat(os.path.join(at, name)).st_mode):
                        continue
                    os.chmod(os.path.join(at, name), 0o777)
        path = self.bin + ":" + self.env["PATH"]
        file = f"/usr/local/share/ca-certificates/{self.label()}.crt"
        out = self.ca("install", "system", rc=3, prefix=prefix, PATH=path)
        self.assertIn(f"$ sudo install -D -m 644 {self.conf}/soth-ca-cert.pem {file}\n  $ sudo update-ca-certificates\n", out)
        self.assertFalse(os.path.exists(said))
        self.ca("install", "system", "--yes", prefix=prefix, PATH=path)
        with open(said) as f:
            self.assertEqual(f.read(), f"sudo\ninstall -D -m 644 {self.conf}/soth-ca-cert.pem {file}\n"
                             "sudo\nupdate-ca-certificates\n")
        self.assertIn("BEGIN CERTIFICATE", pem)

    def test_by_p11_kit_where_debian_s_program_is_not(self):
        program(os.path.join(self.bin, "trust"), f'echo "$@" >{self.folder}/said\n')
        prefix = () if os.geteuid() else ("unshare", "-m", "sh", "-c", "mount --bind /dev/null /usr/sbin/update-ca-certificates "
                                          "&& exec env PATH=$FOUND \"$@\"", "sh")
        if os.geteuid() and os.path.exists("/usr/sbin/update-ca-certificates"):
            self.skipTest("this is Debian, and not ours")
        if prefix and not own_mounts():
            self.skipTest("mounts of our own cannot be had")
        self.pem()
        program(os.path.join(self.bin, "sudo"), 'exec "$@"\n')
        self.ca("install", "system", "--yes", prefix=prefix, FOUND=self.bin)
        with open(f"{self.folder}/said") as f:
            self.assertEqual(f.read(), f"anchor --store {self.conf}/soth-ca-cert.pem\n")

    @unittest.skipUnless(own_mounts(), "mounts of our own, root and update-ca-certificates are needed")
    def test_earlier_ones_of_p11_kit_s_system(self):
        """By a program that says what it is called with, over a bundle of our own."""
        self.pem()
        old = self.renew()[1]
        bundle = os.path.join(self.folder, "bundle")
        with open(bundle, "w") as out:
            for path in self.stranger(), old:
                with open(path) as f:
                    out.write(f.read())
        program(os.path.join(self.bin, "trust"), f'echo "$@" >>{self.folder}/said\n')
        program(os.path.join(self.bin, "sudo"), 'exec "$@"\n')
        prefix = ("unshare", "-m", "sh", "-c", "mount --bind /dev/null /usr/sbin/update-ca-certificates && "
                  f"mount --bind {bundle} /etc/ssl/certs/ca-certificates.crt && exec env PATH=$FOUND \"$@\"", "sh")
        self.assertIn("an earlier authority of soth's", self.ca("uninstall", "system", prefix=prefix, FOUND=self.bin))
        self.ca("uninstall", "--earlier", "system", "--yes", prefix=prefix, FOUND=self.bin)
        key = subprocess.run(["openssl", "x509", "-noout", "-pubkey", "-in", old], capture_output=True, check=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, capture_output=True, check=True).stdout
        uri = "".join(f"%{b:02X}" for b in hashlib.sha1(der).digest())
        with open(f"{self.folder}/said") as f:
            self.assertEqual(f.read(), f"anchor --remove pkcs11:id={uri};type=cert\n")

    @unittest.skipUnless(own_mounts(), "mounts of our own, root and update-ca-certificates are needed")
    def test_debian_s_own_program_in_a_system_of_our_own(self):
        pem = self.pem()
        for name in ("certs", "local", "hooks"):
            os.mkdir(os.path.join(self.folder, name))
        other = os.path.join(self.folder, "other")
        subprocess.run([peers.SOTH, "ca", "--pem", "--confdir", other], stdout=subprocess.DEVNULL, check=True)
        shutil.copy(other + "/soth-ca-cert.pem", os.path.join(self.folder, "local/other.crt"))
        with open("/etc/ca-certificates.conf") as f, open(os.path.join(self.folder, "list"), "w") as to:
            to.write(next(line for line in f if line[0] not in "#!"))   # one is quicker than all
        program(os.path.join(self.folder, "all"), f"""
set -e
mount --bind {self.folder}/certs /etc/ssl/certs
mount --bind {self.folder}/local /usr/local/share/ca-certificates
mount --bind {self.folder}/hooks /etc/ca-certificates/update.d
mount --bind {self.folder}/list /etc/ca-certificates.conf
has() {{ grep -qF "$(sed -n 4p $1/soth-ca-cert.pem)" /etc/ssl/certs/ca-certificates.crt && echo yes || echo no; }}
exec 2>{self.folder}/err
update-ca-certificates >/dev/null
has {self.conf}
{peers.SOTH} ca install system --yes --confdir {self.conf} >/dev/null
has {self.conf}
{peers.SOTH} ca install system --yes --confdir {self.conf} | tail -1
{peers.SOTH} ca uninstall system --yes --confdir {self.conf} >/dev/null
has {self.conf}
has {other}
cp -r {self.folder}/local {self.folder}/before
{peers.SOTH} ca uninstall --earlier system --yes --confdir {self.conf} >/dev/null
has {other}
ls /usr/local/share/ca-certificates
""")
        shutil.copy(self.stranger(), os.path.join(self.folder, "local/stranger.crt"))
        before = listing(os.path.join(self.folder, "local"))
        rc, out = self.run_program("unshare", "-m", os.path.join(self.folder, "all"))
        self.assertEqual((rc, out), (0, "no\nyes\nthere is nothing to do\nno\nyes\nno\nstranger.crt\n"))
        self.assertEqual(listing(os.path.join(self.folder, "before")), before)
        self.assertFalse(os.path.exists(f"/usr/local/share/ca-certificates/{self.label()}.crt"))
        self.assertIn("BEGIN CERTIFICATE", pem)


if __name__ == "__main__":
    unittest.main()
