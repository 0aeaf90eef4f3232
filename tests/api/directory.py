"""An LDAP directory for tests: a real slapd on this machine, with people, groups, a service account and TLS."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from setup.directory import NEEDED, has_library, missing

BASE = "dc=corp,dc=example"
SERVICE, SERVICE_PASSWORD = f"cn=reader,{BASE}", "service pass word"
PASSWORD = "pa(ss)*wörd 密码"
SALES, ODD = f"cn=Sales,ou=Groups,{BASE}", f"cn=Odd \\2C Group,ou=Groups,{BASE}"
SCHEMAS = ("core", "cosine", "inetorgperson")
START_S = 30

_CONF = """
{schemas}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{base}"
directory {folder}/data
rootdn "cn=admin,{base}"
index uid,mail eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by * none
"""
_ENTRIES = """
dn: {base}
objectClass: dcObject
objectClass: organization
o: corp
dc: corp

dn: {service}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {service_password}

dn: ou=People,{base}
objectClass: organizationalUnit
ou: People

dn: uid=chen,ou=People,{base}
objectClass: inetOrgPerson
uid: chen
cn: Chen Chen
sn: Chen
mail: Chen@corp.example
userPassword: {password}
memberOf: {sales}

dn: uid=sales,ou=People,{base}
objectClass: inetOrgPerson
uid: sales
cn: Sales of the starter
sn: Sales
mail: sales@example.com
userPassword: {password}

dn: uid=star*,ou=People,{base}
objectClass: inetOrgPerson
uid: star*
cn: Star
sn: Star
mail: star@corp.example
userPassword: {password}

dn: uid=twin1,ou=People,{base}
objectClass: inetOrgPerson
uid: twin1
cn: Twin
sn: Twin
mail: twin@corp.example
userPassword: {password}

dn: uid=twin2,ou=People,{base}
objectClass: inetOrgPerson
uid: twin2
cn: Twin
sn: Twin
mail: twin@corp.example
userPassword: {password}

dn: uid=nomail,ou=People,{base}
objectClass: inetOrgPerson
uid: nomail
cn: No Mail
sn: Mail
userPassword: {password}
"""


@dataclass(frozen=True)
class Directory:
    """Where the directory listens: plain (and StartTLS), and with TLS from the start. ca: whom to trust for its certificate."""

    port: int
    tls_port: int
    ca: str


@contextlib.contextmanager
def open_directory() -> Iterator[Directory]:
    """Give a running slapd for a block; a machine without it fails the test and says what to run."""
    if missing() or not has_library():
        pytest.fail(f"no LDAP directory to test against: run `python setup/directory.py` (needs {', '.join(NEEDED)})")
    authority = trustme.CA()
    with tempfile.TemporaryDirectory(prefix="dougong-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        certificate = authority.issue_cert("127.0.0.1", "localhost")
        authority.cert_pem.write_to_path(folder / "ca.pem")
        certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
        certificate.private_key_pem.write_to_path(folder / "key.pem")
        schemas = "\n".join(f"include /etc/ldap/schema/{schema}.schema" for schema in SCHEMAS)
        (folder / "slapd.conf").write_text(_CONF.format(schemas=schemas, folder=folder, base=BASE, service=SERVICE))
        people = _ENTRIES.format(base=BASE, service=SERVICE, service_password=SERVICE_PASSWORD, password=PASSWORD, sales=SALES)
        loaded = subprocess.run(
            ["/usr/sbin/slapadd", "-f", str(folder / "slapd.conf")], input=people, text=True, capture_output=True, check=False
        )
        assert loaded.returncode == 0, loaded.stderr
        port, tls_port = _free_port(), _free_port()
        process = subprocess.Popen(
            ["/usr/sbin/slapd", "-d", "0", "-f", str(folder / "slapd.conf"), "-h", f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(process, port)
            yield Directory(port, tls_port, authority.cert_pem.bytes().decode())
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the directory takes connections."""
    for _ in range(100_000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), START_S):
            return
        if process.poll() is not None:
            break
    pytest.fail(f"slapd has not started: {process.communicate(timeout=20)[0]!r}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
