"""Certificates made for one test run with the openssl command; nothing of it is kept."""

import subprocess
from pathlib import Path


def openssl(*arguments, **options):
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, stdin=subprocess.DEVNULL, **options
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Certificate:
    """PEM files: `certificate`, with its chain, and `key`."""

    def __init__(self, folder, name):
        self.name = name
        self.certificate, self.key = Path(folder, f"{name}.crt"), Path(folder, f"{name}.key")

    @property
    def files(self):
        """As the configuration names them."""
        return {"certificate": str(self.certificate), "key": str(self.key)}

    @property
    def fingerprint(self):
        line = openssl("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha256")
        return line.decode().strip().split("=")[1].replace(":", "").lower()


class Authority(Certificate):
    """Issues certificates."""

    def __init__(self, folder, name="ca"):
        super().__init__(folder, name)
        self.folder = folder
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", self.key, "-out", self.certificate, "-days", "30"),
            *("-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )

    def issue(self, name, san, subject=None, days=20, usage="serverAuth"):
        """`san` as OpenSSL writes it: DNS:a.test,IP:127.0.0.1; with `days` below 0 it has
        expired already."""
        made = Certificate(self.folder, name)
        request, extensions = Path(self.folder, f"{name}.csr"), Path(self.folder, f"{name}.ext")
        extensions.write_text(f"subjectAltName={san}\nextendedKeyUsage={usage}\n")
        openssl(
            *("req", "-utf8", "-new", "-nodes", "-newkey", "ec"),
            *("-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-keyout", made.key, "-out", request, "-subj", subject or f"/CN={name}"),
        )
        openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key),
            *("-CAcreateserial", "-days", days, "-extfile", extensions, "-out", made.certificate),
        )
        return made

    def issue_until(self, name, san, end):
        """A client's, that runs out at `end` (YYYYMMDDHHMMSSZ)."""
        made = self.issue(name, san, usage="clientAuth")
        folder = Path(self.folder)
        (folder / "index").write_text("")
        (folder / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={folder}/index\nnew_certs_dir={folder}\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n"
            "[any]\ncommonName=supplied\n"
        )
        openssl(
            *("ca", "-batch", "-notext", "-config", folder / "ca.cnf"),
            *("-in", folder / f"{name}.csr", "-out", made.certificate, "-enddate", end),
            *("-cert", self.certificate, "-keyfile", self.key),
            *("-extfile", folder / f"{name}.ext"),
        )
        return made
