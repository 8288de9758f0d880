"""Certificates of every kind, by certtool: what a test wants of one stands in its template."""
import os
import subprocess

CA = ["ca", "cert_signing_key", "crl_signing_key"]


def certtool(*args):
    subprocess.run(["certtool", *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Certs:
    """In a folder: NAME.key, NAME.pem, and NAME.chain, which is the certificate and those above it but the root's."""

    def __init__(self, folder):
        self.folder = folder
        self.keys, self.above = {}, {}
        os.makedirs(folder, exist_ok=True)
        self.key("key")

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, name, *how):
        certtool("--generate-privkey", "--outfile", self.path(name + ".key"), *(how or ("--ecc", "--curve", "secp256r1")))

    def make(self, name, *lines, by=None, key="key", names=("localhost",), ca=False, www=True, hash=None):
        """Signed by `by`, else by itself; its template has these lines. Its chain's file."""
        template = [f'cn = "{name}"', *lines, *(CA if ca else ["signing_key"] + ["tls_www_server"] * www)]
        template += [f'dns_name = "{n}"' for n in names if not ca and not n[0].isdigit()]
        template += [f'ip_address = "{n}"' for n in names if not ca and n[0].isdigit()]
        if not any(line.startswith("expiration") for line in lines):
            template += ["expiration_days = 90"]
        with open(self.path(name + ".tmpl"), "w") as f:
            f.write("\n".join(template) + "\n")
        how = ["--generate-self-signed"] if not by else \
            ["--generate-certificate", "--load-ca-certificate", self.path(by + ".pem"), "--load-ca-privkey", self.path(self.keys[by] + ".key")]
        certtool(*how, "--load-privkey", self.path(key + ".key"), "--template", self.path(name + ".tmpl"), "--outfile",
                 self.path(name + ".pem"), *(["--hash", hash] if hash else []))
        self.keys[name] = key
        self.above[name] = by
        return self.chain(name)

    def chain(self, name):
        """The file with the chain that a server should send: all but the root."""
        text, at = "", name
        while at and (at == name or self.above[at]):
            with open(self.path(at + ".pem")) as f:
                text += f.read()
            at = self.above[at]
        with open(self.path(name + ".chain"), "w") as f:
            f.write(text)
        return self.path(name + ".chain")
