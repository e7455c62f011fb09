"""What an operator may set, from environment variables ``LIKA_*`` (and the usual ``DATABASE_URL``)."""

import base64
import binascii
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.ground.key_files import read_or_create
from services.chassis.ground.limits import Limits

KEY_BYTES = 32
"""Length of the key-encryption key (AES-256) and of the keys of keyed digests (HMAC-SHA-256)."""


OPERATIONS_OFFSET, LAST_PORT = 10_000, 65_535
"""Services at 8000 have their operations at 18000: nothing else that runs beside them is used to that port."""


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


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


def _numbered_keys(text: str) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        number, separator, key = part.strip().partition(":")
        if not separator or not number.isdecimal() or int(number) < 1 or int(number) in keys:
            raise ValueError("keys are written 1:base64,2:base64 with different numbers from 1")
        keys[int(number)] = _key(key)
    return keys


class Settings(BaseSettings):
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
    kafka: bool = False
    """Whether services read one another through Kafka; otherwise beside one another's databases."""
    kafka_bootstrap_servers: str | None = Field(default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    """``host:port`` of a Kafka elsewhere, to use instead of the embedded one."""
    kafka_jars: Path | None = None
    """Where Apache Kafka's jars are or shall be; without it in ``data_dir``."""
    kafka_retention_hours: int = Field(default=168, ge=1)
    """How long a topic made by us keeps records: a cache setting, older entries are read over HTTP."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)

    operations_host: str = "127.0.0.1"
    operations_port: int | None = Field(default=None, ge=0, le=65535)
    """Where ``/metrics`` and the process's health are read, apart from the services; without it ``OPERATIONS_OFFSET`` above
    their port."""
    tls_certfile: Path | None = None
    """Certificate chain (PEM) for ``host``; with ``tls_keyfile``. Without both, what stands before Lika has to bring TLS."""
    tls_keyfile: Path | None = None

    jwks_url: str | None = Field(default=None, pattern=r"^https?://")
    """Public keys of the identity provider (https, unless it is on this machine); or ``jwks_file``; or neither: a local key
    in ``data_dir`` signs tokens."""
    jwks_file: Path | None = None
    token_issuer: str = "lika"
    token_audience: str = "lika"
    token_max_hours: float = Field(default=12, gt=0, le=24 * 31)
    """Longest life of a token that is accepted."""
    security_log: str | None = None
    """File of the security log, or ``stdout``; without it ``security.log`` in ``data_dir``."""

    province: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    """Code of the province this installation belongs to; without it that of the first division declared. Whoever's area
    lies in another one is not served."""
    directory: Literal["enforced", "recorded"] = "recorded"
    """``enforced``: roles and area of a token must be covered by a post that its account holds today, or stands in for.
    ``recorded``: the staff directory is kept and shown, and admits everybody."""

    kek: SecretStr | None = None
    """Key-encryption key of the vault, 32 bytes in base64; without it one is made in ``data_dir``."""
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
        if value is not None and not value.startswith("https://") and not _is_here(urlsplit(value).hostname or ""):
            raise ValueError("LIKA_JWKS_URL begins with https://, unless the provider is on this machine")
        return value

    @field_validator("kek")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _key(value.get_secret_value())
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
    def security_log_file(self) -> Path | None:
        """``None`` for standard output."""
        return None if self.security_log == "stdout" else Path(self.security_log or self.data_dir / "security.log")

    @property
    def keys_dir(self) -> Path:
        """Folder of key files (0700), to be backed up apart from the data."""
        return self.data_dir / "keys"

    def load_kek(self) -> bytes:
        """32 bytes. Raises ``KeyFileExposed``."""
        if self.kek is not None:
            return _key(self.kek.get_secret_value())
        return read_or_create(self.keys_dir / "kek.key", lambda: secrets.token_bytes(KEY_BYTES))

    def load_index_keys(self) -> dict[int, bytes]:
        """Every active digest key by its number; files are ``index-N.key``. Raises ``KeyFileExposed``."""
        if self.index_keys is not None:
            return _numbered_keys(self.index_keys.get_secret_value())
        read_or_create(self.keys_dir / "index-1.key", lambda: secrets.token_bytes(KEY_BYTES))
        found = sorted(self.keys_dir.glob("index-[1-9]*.key"))
        return {int(path.stem.removeprefix("index-")): read_or_create(path, bytes) for path in found}
