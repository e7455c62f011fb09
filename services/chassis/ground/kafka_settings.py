"""What an operator may set about Kafka. Names of TLS and SASL are the client library's, in capitals."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

HOST_AND_PORT = r"[^\s,]+:[0-9]{1,5}"


class KafkaSettings(BaseSettings):
    """A part of ``Settings``."""

    kafka: bool = False
    """Whether services read one another through Kafka; otherwise beside one another's databases."""
    kafka_bootstrap_servers: str | None = Field(
        default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS", pattern=rf"^{HOST_AND_PORT}(,\s*{HOST_AND_PORT})*$"
    )
    """``host:port`` of a Kafka elsewhere, several separated by commas, to use instead of the embedded one."""
    kafka_jars: Path | None = None
    """Where Apache Kafka's jars are or shall be; without it in ``data_dir``."""
    kafka_retention_hours: int = Field(default=168, ge=1)
    """How long a topic made by us keeps records: a cache setting, older entries are read over HTTP."""

    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How to speak with the Kafka elsewhere; the embedded one listens on this machine only."""
    kafka_ssl_cafile: Path | None = None
    """Certificates of the authorities that may vouch for brokers, PEM; without it those that the system trusts."""
    kafka_ssl_certfile: Path | None = None
    """Our own certificate, for brokers that ask for one; with ``kafka_ssl_keyfile``."""
    kafka_ssl_keyfile: Path | None = None
    kafka_ssl_password: SecretStr | None = None
    """Of the key file."""
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_plain_username: str | None = None
    kafka_sasl_plain_password: SecretStr | None = None
    """Account and password of either mechanism."""

    @property
    def kafka_tls(self) -> bool:
        return self.kafka_security_protocol.endswith("SSL")

    @property
    def kafka_sasl(self) -> bool:
        return self.kafka_security_protocol.startswith("SASL")

    @model_validator(mode="after")
    def _kafka_settings_fit_together(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        own = self.kafka_ssl_certfile, self.kafka_ssl_keyfile
        account = self.kafka_sasl_mechanism, self.kafka_sasl_plain_username, self.kafka_sasl_plain_password
        # A setting that nothing reads would leave the operator in the belief that it protects.
        if not self.kafka_tls and (self.kafka_ssl_cafile or any(own)):
            raise ValueError("LIKA_KAFKA_SSL_* needs LIKA_KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL")
        if any(own) and not all(own):
            raise ValueError("LIKA_KAFKA_SSL_CERTFILE and _KEYFILE belong together")
        if self.kafka_sasl != all(account) or any(account) != all(account):
            raise ValueError(
                "LIKA_KAFKA_SECURITY_PROTOCOL=SASL_SSL, LIKA_KAFKA_SASL_MECHANISM, _SASL_PLAIN_USERNAME and"
                " _SASL_PLAIN_PASSWORD belong together"
            )
        if self.kafka_security_protocol == "SASL_PLAINTEXT" and self.kafka_sasl_mechanism == "PLAIN":
            raise ValueError("LIKA_KAFKA_SASL_MECHANISM=PLAIN shows the password to the line: use SASL_SSL, or SCRAM")
        if self.kafka_security_protocol != "PLAINTEXT" and self.kafka_bootstrap_servers is None:
            raise ValueError("LIKA_KAFKA_SECURITY_PROTOCOL needs KAFKA_BOOTSTRAP_SERVERS")
        return self
