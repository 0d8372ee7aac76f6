"""A real IMAP server for a test: Debian's Dovecot, with a configuration of its own in a temporary folder."""

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BINARY = shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")
MISSING = "Dovecot isn't installed (Debian: dovecot-imapd)"
HOST, USER, PASSWORD = "127.0.0.1", "support@example.com", "se/cret:pass"
#: Dovecot refuses to read mail as root, and to let root speak with strangers.
_NOBODY = 65534
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
mail_max_userip_connections = 50
shutdown_clients = yes
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


def why_not() -> str:
    """Why no server can be started here, or nothing: it isn't installed, or who runs the tests has no name for it."""
    if BINARY is None:
        return MISSING
    try:
        _user(_NOBODY if os.getuid() == 0 else os.getuid())
        _group(_NOBODY if os.getuid() == 0 else os.getgid())
    except KeyError:
        return f"Dovecot needs a user and a group with a name, and {os.getuid()}:{os.getgid()} has none"
    return ""


class Dovecot:
    """A running server with one mailbox. `ca` is the file with the root that signed its certificate."""

    def __init__(self, folder: Path, port: int, tls_port: int) -> None:
        self.folder, self.port, self.tls_port = folder, port, tls_port
        self.ca = folder / "root.pem"
        account = f"{quote(USER)}:{quote(PASSWORD, safe='')}"
        self.url = f"imap://{account}@{HOST}:{port}/INBOX"
        self.tls_url = f"imaps://{account}@{HOST}:{tls_port}/INBOX"

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A client of our own that may change things, as a person with a mail program."""
        client = imaplib.IMAP4(HOST, self.port, timeout=20)
        try:
            client.login(USER, PASSWORD)
            client.select(folder)
            yield client
        finally:
            client.logout()

    def append(self, mail: bytes, *, flags: str = "", folder: str = "INBOX", at: datetime | None = None) -> str:
        """Puts a mail into the mailbox; returns its number."""
        with self.client() as client:
            date = imaplib.Time2Internaldate(at) if at else ""
            word, lines = client.append(folder, flags, date, mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert word == "OK", lines
        return str(lines[0], "ascii").split("APPENDUID ")[1].split()[1].rstrip("]")

    def flags(self) -> dict[str, set[str]]:
        """The flags of each mail, by its number; `\\Recent` is the session's own."""
        with self.client() as client:
            _, lines = client.uid("FETCH", "1:*", "(UID FLAGS)")
            found = {}
            for line in (line for line in lines if isinstance(line, bytes)):
                uid = str(line, "ascii").split("UID ")[1].split()[0].rstrip(")")
                flags = {str(flag, "ascii") for flag in imaplib.ParseFlags(line)}
                found[uid] = flags - {"\\Recent"}
        return found

    def uids(self, folder: str = "INBOX") -> list[str]:
        """The numbers of all mails."""
        with self.client(folder) as client:
            return str(client.uid("SEARCH", "ALL")[1][0], "ascii").split()

    def empty(self) -> None:
        """Removes every mail and every folder but the inbox."""
        with self.client() as client:
            _, lines = client.list()
            for line in lines:
                name = str(line, "ascii").rpartition('"." ')[2].strip('"') if isinstance(line, bytes) else ""
                if name and name != "INBOX":
                    client.delete(name)
            client.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
            client.expunge()

    def number_anew(self) -> None:
        """Loses the numbers of the mails, as a server does that was rebuilt: UIDVALIDITY changes."""
        for name in ("dovecot-uidlist", "dovecot-uidvalidity"):
            for file in (self.folder / "mail").glob(f"{name}*"):
                file.unlink()
        for file in (self.folder / "mail").glob("dovecot.index*"):
            file.unlink()
        time.sleep(1.1)  # the validity is a time in seconds

    def sent_to_clients(self) -> int:
        """The bytes that the server wrote for sessions that have ended, as its log says."""
        words = (self.folder / "log").read_text(errors="replace").split()
        return sum(int(word.removeprefix("out=")) for word in words if word.startswith("out="))


@contextmanager
def running() -> Iterator[Dovecot]:
    """Starts a server, and stops it at the end. `BINARY` has to be there."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    server = Dovecot(folder, *_free_ports(2))
    is_root = os.getuid() == 0
    uid, gid = (_NOBODY, _NOBODY) if is_root else (os.getuid(), os.getgid())
    for name in ("mail/cur", "mail/new", "mail/tmp", "home", "state"):
        (folder / name).mkdir(parents=True)
    if is_root:
        for path in (folder / "mail", *(folder / "mail").iterdir(), folder / "home"):
            os.chown(path, uid, gid)
    write_certificates(folder)
    values = {"folder": folder, "host": HOST, "port": server.port, "tls_port": server.tls_port, "uid": uid, "gid": gid}
    names = {"user": _user(uid), "group": _group(gid), "password": PASSWORD}
    (folder / "dovecot.conf").write_text(_CONFIG.format(**values, **names))
    with (folder / "output").open("wb") as output:  # a pipe would hang
        command: Sequence[str] = [str(BINARY), "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def write_certificates(folder: Path) -> None:
    """A root of its own (`root.pem`), and a certificate that it signed for the loopback address."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root of a test")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    root = _certificate(root_name, root_name, root_key, root_key, x509.BasicConstraints(ca=True, path_length=0))
    signed = _certificate(name, root_name, key, root_key, names)
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = made.not_valid_after(now + timedelta(days=2)).add_extension(extension, critical=False)
    return made.sign(signer, hashes.SHA256())


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while True:
        said = (server.folder / "output").read_text() + _log(server.folder)
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        try:
            with server.client():
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)


def _log(folder: Path) -> str:
    log = folder / "log"
    return log.read_text(errors="replace") if log.exists() else ""


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _user(uid: int) -> str:
    import pwd

    return pwd.getpwuid(uid).pw_name


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
