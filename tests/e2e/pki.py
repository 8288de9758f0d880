"""Certificates for tests, made by openssl: authorities, servers' and clients', good and bad."""
import os
import subprocess


def openssl(*args, **more):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, **more).stdout


class Authority:
    """In a folder of its own; what it signs lies there too."""

    def __init__(self, folder, name="authority"):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.key, self.cert = self.path("ca.key"), self.path("ca.crt")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.key,
                "-out", self.cert, "-days", "30", "-subj", "/CN=" + name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def staple(self, crt, path, status="V"):
        """An OCSP response about that certificate, in that file, for seven days."""
        serial = openssl("x509", "-noout", "-serial", "-in", crt).decode().strip().split("=")[1]
        index = self.path("index.txt")
        revoked = "260101000000Z" if status == "R" else ""
        with open(index, "w") as f:
            f.write(f"{status}\t491231235959Z\t{revoked}\t{serial}\tunknown\t/CN=x\n")
        openssl("ocsp", "-index", index, "-CA", self.cert, "-rsigner", self.cert, "-rkey", self.key, "-issuer", self.cert,
                "-cert", crt, "-respout", path, "-ndays", "7")

    def sign(self, name, *names, days=30, usage="serverAuth", key="ec"):
        """(certificate, key, one file of both) of CN=name, with those names (DNS:x, IP:x) in it."""
        crt, key_file, pem = (self.path(name + end) for end in (".crt", ".key", ".pem"))
        ext = self.path(name + ".ext")
        with open(ext, "w") as f:
            f.write("extendedKeyUsage=" + usage + "\n" + ("subjectAltName=" + ",".join(names) + "\n" if names else ""))
        how = ["-newkey", "rsa:2048"] if key == "rsa" else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        csr = openssl("req", *how, "-nodes", "-keyout", key_file, "-subj", "/CN=" + name[:60])
        openssl("x509", "-req", "-CA", self.cert, "-CAkey", self.key, "-days", str(days), "-extfile", ext, "-out", crt,
                input=csr)
        with open(os.open(pem, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            for part in (key_file, crt):
                with open(part) as f:
                    out.write(f.read())
        return crt, key_file, pem
