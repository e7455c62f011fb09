"""The certificates in the files that a process uses, and when they end. An authority's file may hold several certificates: it
is good as long as one of them is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from psycopg.conninfo import conninfo_to_dict

from services.chassis.ground.settings import Settings

NEAR = timedelta(days=14)
"""Before its end a certificate is warned of: ordering a new one takes an office days."""


@dataclass(frozen=True, slots=True)
class UsedCertificate:
    """``setting``: which names the file; ``authority``: whether others' certificates are judged by it."""

    setting: str
    file: Path
    authority: bool

    def ends(self) -> datetime:
        """Raises ``OSError`` and ``ValueError``."""
        ends = [each.not_valid_after_utc for each in x509.load_pem_x509_certificates(self.file.read_bytes())]
        return max(ends) if self.authority else ends[0]


def used_certificates(settings: Settings) -> Iterator[UsedCertificate]:
    """Of what this process serves, and of how it asks its peers, Kafka and the database."""
    named = (
        ("LIKA_TLS_CERTFILE", settings.tls_certfile, False),
        ("LIKA_PEERS_CA_FILE", settings.peers_ca_file, True),
        ("LIKA_KAFKA_SSL_CAFILE", settings.kafka_ssl_cafile, True),
        ("LIKA_KAFKA_SSL_CERTFILE", settings.kafka_ssl_certfile, False),
    )
    for setting, file, authority in named:
        if file is not None:
            yield UsedCertificate(setting, file, authority)
    if settings.database_url is not None:
        where = conninfo_to_dict(settings.database_url.get_secret_value())
        for option, authority in (("sslrootcert", True), ("sslcert", False)):
            # "system": libpq takes those that the machine trusts.
            if (path := where.get(option)) not in (None, "", "system"):
                yield UsedCertificate(f"DATABASE_URL {option}", Path(str(path)), authority)
