"""Certificates of a test: an authority, and what it vouches for."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.chassis.ground.clock import SystemClock

LIVES = timedelta(days=7)


@dataclass(frozen=True)
class Authority:
    """``file``: its own certificate, PEM."""

    key: EllipticCurvePrivateKey
    name: x509.Name
    file: Path

    @classmethod
    def make(cls, file: Path) -> "Authority":
        key, name = generate_private_key(SECP256R1()), _name(file.stem)
        built = _builder(name, name, key, LIVES).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        file.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
        return cls(key, name, file)

    def issue(self, file: Path, address: str = "127.0.0.1", until: timedelta = LIVES) -> Path:
        """A file with a new key and its certificate, PEM; ``until``: from now on, negative for one that has expired."""
        key = generate_private_key(SECP256R1())
        named = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        built = _builder(_name(file.stem), self.name, key, until).add_extension(named, False)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + built.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))
        return file


def _name(of: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, of)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, until: timedelta
) -> x509.CertificateBuilder:
    now = SystemClock().now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * LIVES)
        .not_valid_after(now + until)
    )
