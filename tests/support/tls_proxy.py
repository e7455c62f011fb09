"""TLS before a PostgreSQL that has none (the embedded one is built without): what a server elsewhere looks like to a client."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""First bytes of a client that asks for TLS (PostgreSQL's protocol, "SSLRequest")."""

PEM = serialization.Encoding.PEM


class Authority:
    """A certificate authority with its own certificate in ``file``."""

    def __init__(self, file: Path) -> None:
        self.file, self._key = file, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, file.stem)])
        built = self._builder(self._name, timedelta(days=1)).public_key(self._key.public_key())
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        file.write_bytes(built.sign(self._key, hashes.SHA256()).public_bytes(PEM))

    def issue(self, valid_for: timedelta) -> Path:
        """A server's key and certificate in one file; a negative time has passed already."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "database")])
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
        built = self._builder(name, valid_for).public_key(key.public_key()).add_extension(address, critical=False)
        private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        made = self.file.with_name(f"{self.file.stem}-{valid_for.days}.pem")
        made.write_bytes(private + built.sign(self._key, hashes.SHA256()).public_bytes(PEM))
        return made

    def _builder(self, subject: x509.Name, valid_for: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        named = x509.CertificateBuilder(subject_name=subject, issuer_name=self._name)
        numbered = named.serial_number(x509.random_serial_number())
        return numbered.not_valid_before(now - timedelta(days=30)).not_valid_after(now + valid_for)


@contextmanager
def tls_before(unix_socket: Path, certificate: Path) -> Iterator[int]:
    """Accept TLS on a free port, and hand on to a server's socket."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server((HOST, 0)) as listener, ExitStack() as stack:

        def accept() -> None:
            with suppress(OSError):  # the listener is closed at the end
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_serve, args=(client, context, unix_socket), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        stack.callback(accepting.join)
        stack.callback(listener.shutdown, socket.SHUT_RDWR)
        yield listener.getsockname()[1]


def _serve(client: socket.socket, context: ssl.SSLContext, unix_socket: Path) -> None:
    with client, suppress(OSError):  # a client that refuses the certificate hangs up
        if client.recv(len(SSL_REQUEST)) != SSL_REQUEST:
            return
        client.sendall(b"S")
        with context.wrap_socket(client, server_side=True) as safe, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(unix_socket))
            back = threading.Thread(target=_pump, args=(server, safe), daemon=True)
            back.start()
            _pump(safe, server)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
