"""Why a database server's certificate was not accepted: libpq only says that it was not."""

import socket
import ssl

import psycopg
from cryptography import x509
from psycopg.conninfo import conninfo_to_dict

from services.chassis.ground.clock import SystemClock
from services.chassis.ground.messages import CHASSIS, Message

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""PostgreSQL's protocol: length and code of a client that asks for TLS."""

PATIENCE = 3.0
"""Seconds to look at the certificate."""


def certificate_trouble(conninfo: str, error: psycopg.Error) -> Message | None:
    """What is wrong with the certificate, if that is what ``error`` is about. Nothing but the certificate is believed or
    sent anything: it is read without being accepted."""
    if "certificate" not in str(error):
        return None
    where = conninfo_to_dict(conninfo)
    # Of several servers the first: libpq does not say which one it was.
    host = str(where.get("hostaddr") or where.get("host") or "localhost").partition(",")[0]
    port = int(str(where.get("port") or 5432).partition(",")[0])
    shown = _shown_by(host, port)
    if shown is not None and shown.not_valid_after_utc < SystemClock().now():
        until = f"{shown.not_valid_after_utc:%Y-%m-%d %H:%M}"
        return CHASSIS.say("database_certificate_expired", host=host, until=until)
    issuer = "?" if shown is None else shown.issuer.rfc4514_string()
    return CHASSIS.say("database_certificate_refused", host=host, issuer=issuer)


def _shown_by(host: str, port: int) -> x509.Certificate | None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), PATIENCE) as plain:
            plain.sendall(SSL_REQUEST)
            if plain.recv(1) != b"S":
                return None
            with context.wrap_socket(plain, server_hostname=host) as safe:
                shown = safe.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    return None if shown is None else x509.load_der_x509_certificate(shown)
