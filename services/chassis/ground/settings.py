"""What an operator may set, from environment variables ``LIKA_*`` (and the usual ``DATABASE_URL``)."""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from services.chassis.ground.kafka_settings import KafkaSettings
from services.chassis.ground.key_files import read_or_create, read_whole
from services.chassis.ground.limits import Limits
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.provider_addresses import is_encrypted_or_here

KEY_BYTES = 32
"""Length of the key-encryption key (AES-256) and of the keys of keyed digests (HMAC-SHA-256)."""


OPERATIONS_OFFSET, LAST_PORT = 10_000, 65_535
"""Services at 8000 have their operations at 18000: nothing else that runs beside them is used to that port."""


def database_name(service: str) -> str:
    """Each service has its own database, on the embedded server as on a server elsewhere."""
    return f"lika_{service}"


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("a key is base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key is {KEY_BYTES} bytes in base64")
    return key


def key_encryption_keys(text: str) -> dict[int, bytes]:
    """``1:base64,2:base64``, or one key alone, which is number 1. Raises ``ValueError``, which quotes nothing."""
    return _numbered_keys(text) if ":" in text else {1: _key(text.strip())}


def _numbered_keys(text: str) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        number, separator, key = part.strip().partition(":")
        if not separator or not number.isdecimal() or int(number) < 1 or int(number) in keys:
            raise ValueError("keys are written 1:base64,2:base64 with different numbers from 1")
        keys[int(number)] = _key(key)
    return keys


_PEER = re.compile(r"(?P<name>[a-z]+)=(?P<address>https?://[^/?#\s]+)/?")


def addresses(text: str) -> dict[str, str]:
    """Name → base address, of ``registry=http://…,vault=http://…``. Raises ``ValueError``."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        peer = _PEER.fullmatch(part)
        if peer is None or peer["name"] in found:
            raise ValueError(
                "peers are written registry=http://host:port,vault=https://host, each once, without a path"
            )
        if peer["name"] == "vault" and not is_encrypted_or_here(peer["address"]):
            # Data keys go this way, with tokens of whoever may ask for them.
            raise ValueError("the vault's address begins with https://, unless it or a proxy to it is on this machine")
        found[peer["name"]] = peer["address"]
    return found


class Settings(KafkaSettings):
    """Frozen. Secrets are ``SecretStr`` and never printed, not even in the error for a wrong one."""

    model_config = SettingsConfigDict(
        env_prefix="LIKA_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True,
        populate_by_name=True,
    )  # fmt: skip

    data_dir: Path = Path("data")
    """Embedded database, keys and evidence."""
    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """A server to use instead of the embedded one: for the whole house an administrator's account, which makes a database
    per service (``database_name``) and the accounts of each; for a service in a process of its own that service's account in
    its own database."""
    migrator_url: SecretStr | None = None
    """The migrator's account of that one database: brings it up to date when the service starts."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)

    operations_host: str = "127.0.0.1"
    operations_port: int | None = Field(default=None, ge=0, le=65535)
    """Where ``/metrics`` and the process's health are read, apart from the services; without it ``OPERATIONS_OFFSET`` above
    their port."""
    tls_certfile: Path | None = None
    """Certificate chain (PEM) for ``host``; with ``tls_keyfile``. Without both, what stands before Lika has to bring TLS."""
    tls_keyfile: Path | None = None
    peers: Annotated[Mapping[str, str], NoDecode] = {}
    """Base addresses of the other services, where each is a process of its own: ``registry=http://host:port,…``, no path.
    Their routes lie under their names (``/registry/log/head``)."""
    peers_ca_file: Path | None = None
    """Certificates (PEM) of the authority that signed those of the peers; without it the machine's."""
    service_key_file: Path | None = None
    """Private key (Ed25519, JWK) by which this service proves to its peers which one it is; without it ``service.jwk`` in
    the folder of keys."""
    services_jwks_file: Path | None = None
    """Public keys of the installation's services, each with its service's name as ``kid``. Read again when it changes: a key
    taken out of it is refused from then on."""

    jwks_url: str | None = Field(default=None, pattern=r"^https?://")
    """Public keys of the identity provider (https, unless it is on this machine); or ``jwks_file``; or neither: a local key
    in ``data_dir`` signs tokens."""
    jwks_file: Path | None = None
    token_issuer: str = "lika"
    token_audience: str = "lika"
    token_max_hours: float = Field(default=12, gt=0, le=24 * 31)
    """Longest life of a token that is accepted."""
    oidc: OidcSettings = Field(default_factory=OidcSettings)
    security_log: str | None = None
    """File of the security log, or ``stdout``; without it ``security.log`` in ``data_dir``."""

    province: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    """Code of the province this installation belongs to; without it that of the first division declared. Whoever's area
    lies in another one is not served."""
    directory: Literal["enforced", "recorded"] = "recorded"
    """``enforced``: roles and area of a token must be covered by a post that its account holds today, or stands in for.
    ``recorded``: the staff directory is kept and shown, and admits everybody."""

    kek: SecretStr | None = None
    """Key-encryption keys of the vault, each 32 bytes in base64: one, or ``1:base64,2:base64``, of which the highest number
    wraps. Without it and ``kek_file`` one is made in ``data_dir``."""
    kek_file: Path | None = None
    """A file (0600) with the same, a key on each line; it belongs outside ``data_dir``."""
    index_keys: SecretStr | None = None
    """Keys of keyed digests, ``1:base64,2:base64``; the highest number is the newest."""

    log_format: Literal["console", "json"] = "console"
    log_level: Literal["INFO", "WARNING"] = "WARNING"
    """``INFO`` writes a line per request."""
    evidence_scan_command: str | None = None
    """A malware scanner: gets each file on standard input, like ``clamdscan --no-summary -``; any exit but zero refuses it."""
    evidence_scan_seconds: float = Field(default=60, gt=0, le=600)
    evidence_s3_bucket: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]{2,62}$")
    """Where evidence lies instead of ``data_dir``: a bucket of an S3-compatible store; with it the next four."""
    evidence_s3_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    evidence_s3_region: str = "us-east-1"
    evidence_s3_access_key: str | None = None
    evidence_s3_secret_key: SecretStr | None = None
    limits: Limits = Field(default_factory=Limits)
    dry_run_persons_per_day: int = Field(default=20_000, ge=1)
    """How many persons an account may name in dry runs of one day: the forms of a large township, tried several times."""
    searches_per_day: int = Field(default=200, ge=1)
    """How many searches by ID number or full name an account has on one day."""
    village_searches_per_day: int = Field(default=20, ge=1)
    """How many searches by phone or part of a name, each of which opens the values of a village."""
    comparison_share: float = Field(default=0.01, gt=0, le=1)
    """Share of the time that a service compares older entries with their digests."""
    pool_min_size: int = Field(default=1, ge=0, le=100)
    """Connections per service and pool."""
    pool_max_size: int = Field(default=8, ge=1, le=100)

    @field_validator("database_url", "migrator_url")
    @classmethod
    def _is_a_connection_string(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                conninfo_to_dict(value.get_secret_value())
            except ProgrammingError:
                # The library's own message may quote the password.
                raise ValueError("not a PostgreSQL connection string") from None
        return value

    @field_validator("jwks_url")
    @classmethod
    def _is_encrypted_on_its_way(cls, value: str | None) -> str | None:
        # Whoever stands in between could put in a key of theirs, and sign in as anybody.
        if value is not None and not is_encrypted_or_here(value):
            raise ValueError("LIKA_JWKS_URL begins with https://, unless the provider is on this machine")
        return value

    @field_validator("peers", mode="before")
    @classmethod
    def _are_addresses(cls, value: object) -> object:
        return addresses(value) if isinstance(value, str) else value

    @field_validator("kek")
    @classmethod
    def _are_key_encryption_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            key_encryption_keys(value.get_secret_value())
        return value

    @field_validator("index_keys")
    @classmethod
    def _are_numbered_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _numbered_keys(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.jwks_url and self.jwks_file:
            raise ValueError("set LIKA_JWKS_URL or LIKA_JWKS_FILE, not both")
        if self.oidc.issuer and not self.has_provider:
            raise ValueError("with LIKA_OIDC_ISSUER set LIKA_JWKS_URL: tokens are the provider's")
        if self.kek and self.kek_file:
            raise ValueError("set LIKA_KEK or LIKA_KEK_FILE, not both")
        store = (
            self.evidence_s3_bucket,
            self.evidence_s3_endpoint,
            self.evidence_s3_access_key,
            self.evidence_s3_secret_key,
        )
        if any(store) and not all(store):
            raise ValueError("LIKA_EVIDENCE_S3_BUCKET, _ENDPOINT, _ACCESS_KEY and _SECRET_KEY belong together")
        if (self.tls_certfile is None) != (self.tls_keyfile is None):
            raise ValueError("LIKA_TLS_CERTFILE and LIKA_TLS_KEYFILE belong together")
        if self.pool_min_size > self.pool_max_size:
            raise ValueError("LIKA_POOL_MIN_SIZE exceeds LIKA_POOL_MAX_SIZE")
        return self

    def operations_port_beside(self, port: int) -> int:
        """Where operations are listened to when the services are at ``port``; 0 for any."""
        if self.operations_port is not None or port == 0:
            return self.operations_port or 0
        return port + OPERATIONS_OFFSET if port + OPERATIONS_OFFSET <= LAST_PORT else port - OPERATIONS_OFFSET

    @property
    def has_provider(self) -> bool:
        """Whether tokens are signed elsewhere than on this machine."""
        return self.jwks_url is not None or self.jwks_file is not None

    @property
    def security_log_file(self) -> Path | None:
        """``None`` for standard output."""
        return None if self.security_log == "stdout" else Path(self.security_log or self.data_dir / "security.log")

    @property
    def keys_dir(self) -> Path:
        """Folder of key files (0700), to be backed up apart from the data."""
        return self.data_dir / "keys"

    def load_index_keys(self) -> dict[int, bytes]:
        """Every active digest key by its number; files are ``index-N.key``. Raises ``KeyFileExposed``
        and ``KeyFileDamaged``."""
        if self.index_keys is not None:
            return _numbered_keys(self.index_keys.get_secret_value())
        read_or_create(self.keys_dir / "index-1.key", lambda: secrets.token_bytes(KEY_BYTES))
        found = sorted(self.keys_dir.glob("index-[1-9]*.key"))
        return {int(path.stem.removeprefix("index-")): read_whole(path, KEY_BYTES) for path in found}

    @property
    def service_key(self) -> Path:
        """Where the private key of this service is, or shall be."""
        return self.service_key_file or self.keys_dir / "service.jwk"

    @property
    def has_index_keys(self) -> bool:
        """Whether there are keys of keyed digests already."""
        return self.index_keys is not None or any(self.keys_dir.glob("index-[1-9]*.key"))
