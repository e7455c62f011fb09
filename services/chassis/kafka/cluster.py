"""The way to a Kafka: the client library with one set of options, and in the operator's words what is wrong where there is
no way."""

import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaConnectionError, KafkaError, SaslAuthenticationFailedError, UnsupportedSaslMechanismError

from services.chassis.ground.kafka_settings import KafkaSettings
from services.chassis.ground.messages import CHASSIS, ExplainedError, Message

REACH = 1.0
"""Seconds for a broker to accept a connection, and as many for its certificate."""
CONNECT_MS = 3_000
"""How long a broker may take to let us in, before it counts as away."""
ANSWER_MS = 5_000
"""The same for its answer to one request."""
LARGEST_REQUEST = (1 << 20) + (64 << 10)
FETCH = 2 << 20
"""Bytes of one answer."""

EXPIRED, NOT_YET_VALID, OTHER_NAME, OTHER_ADDRESS = 10, 9, 62, 64
"""OpenSSL's codes of what is wrong with a certificate; what is left is an unknown authority."""


class KafkaUnusable(ExplainedError):
    """No way to the Kafka; ``message`` says why and what to do. Nothing was changed."""


AWAY = (KafkaError, KafkaUnusable)
"""For ``except``: what goes through Kafka goes on without it."""


class _Failures(logging.Handler):
    """What ended the library's last connection. It tries again until its time is over and then says only that it is; the
    reason stands in its log alone."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last: KafkaError | None = None

    def forget(self) -> None:
        self.last = None

    def emit(self, record: logging.LogRecord) -> None:
        for said in record.args if isinstance(record.args, tuple) else ():
            if isinstance(said, KafkaConnectionError | SaslAuthenticationFailedError | UnsupportedSaslMechanismError):
                self.last = said


@cache
def _failures() -> _Failures:
    """All else that the library logs reaches us as an exception, and is told once, by who reads or relays the log. What it
    logs in detail holds passwords and payloads."""
    handler = _Failures()
    library = logging.getLogger("kafka")
    library.addHandler(handler)
    library.setLevel(logging.WARNING)
    library.propagate = False
    return handler


@dataclass(frozen=True, slots=True)
class Cluster:
    """``bootstrap``: ``host:port`` of brokers, separated by commas; ``name`` for people: which Kafka it is. Without
    ``settings`` it is spoken to in the clear, as the embedded one is, which listens on this machine only."""

    bootstrap: str
    name: str = "Kafka"
    settings: KafkaSettings | None = field(default=None, repr=False)

    def consumer(self, client_id: str) -> KafkaConsumer:
        """A consumer that keeps no offsets and makes no topics. Raises ``KafkaUnusable``."""
        return self._connected(
            KafkaConsumer, client_id, group_id=None, enable_auto_commit=False, auto_offset_reset="none",
            allow_auto_create_topics=False, max_partition_fetch_bytes=FETCH, max_poll_records=16,
        )  # fmt: skip

    def producer(self, client_id: str) -> KafkaProducer:
        """An idempotent producer that waits for every replica in sync. Raises ``KafkaUnusable``."""
        return self._connected(
            KafkaProducer, client_id, acks="all", enable_idempotence=True, linger_ms=0, allow_auto_create_topics=False,
            max_block_ms=CONNECT_MS, delivery_timeout_ms=2 * ANSWER_MS, max_request_size=LARGEST_REQUEST,
        )  # fmt: skip

    def admin(self) -> KafkaAdminClient:
        """Raises ``KafkaUnusable``."""
        return self._connected(KafkaAdminClient, "lika-admin")

    def answers(self) -> bool:
        try:
            self.admin().close()
        except KafkaUnusable:
            return False
        return True

    def _connected(self, kind: Any, client_id: str, **more: Any) -> Any:
        secured, failures, begun = self._reach(), _failures(), []

        def connection(**given: Any) -> Any:
            begun.append(kind.DEFAULT_CONFIG["kafka_client"](**given))
            return begun[-1]

        failures.forget()
        try:
            return kind(**self._options(client_id, secured), **more, kafka_client=connection)
        except KafkaError as failed:
            for each in begun:
                each.close()  # the library leaves its thread behind
            raise self._explained(failures.last) from failed

    def _options(self, client_id: str, secured: ssl.SSLContext | None) -> dict[str, Any]:
        given = self.settings
        options: dict[str, Any] = {
            "bootstrap_servers": [server.strip() for server in self.bootstrap.split(",")],
            "client_id": client_id, "bootstrap_timeout_ms": CONNECT_MS, "request_timeout_ms": ANSWER_MS,
            "reconnect_backoff_max_ms": 1_000,
        }  # fmt: skip
        if given is not None:
            options |= {"security_protocol": given.kafka_security_protocol, "ssl_context": secured}
            if given.kafka_sasl:
                assert given.kafka_sasl_plain_password is not None
                options |= {
                    "sasl_mechanism": given.kafka_sasl_mechanism,
                    "sasl_plain_username": given.kafka_sasl_plain_username,
                    "sasl_plain_password": given.kafka_sasl_plain_password.get_secret_value(),
                }
        return options

    def _reach(self) -> ssl.SSLContext | None:
        """Whether anybody listens, and whom the certificate names; what to secure the connection with. The library would
        try again and again, as long as it may, and not say why. Raises ``KafkaUnusable``."""
        secured = self._tls()
        trouble = KafkaUnusable(CHASSIS.say("kafka_silent", servers=self.bootstrap))
        for host, port in self._addresses():
            try:
                with socket.create_connection((host, port), REACH) as line:
                    if secured is not None:
                        secured.wrap_socket(line, server_hostname=host).close()
                    return secured
            except ssl.SSLCertVerificationError as wrong:
                trouble = KafkaUnusable(_certificate(wrong, f"{host}:{port}"), wrong.verify_message)
            except ssl.SSLError as wrong:
                trouble = KafkaUnusable(CHASSIS.say("kafka_no_tls", server=f"{host}:{port}"), str(wrong.reason))
            except OSError:
                continue
        raise trouble

    def _addresses(self) -> Iterator[tuple[str, int]]:
        for server in self.bootstrap.split(","):
            host, _, port = server.strip().rpartition(":")
            yield host.strip("[]"), int(port)

    def _tls(self) -> ssl.SSLContext | None:
        given = self.settings
        if given is None or not given.kafka_tls:
            return None
        files = [
            f for f in (given.kafka_ssl_cafile, given.kafka_ssl_certfile, given.kafka_ssl_keyfile) if f is not None
        ]
        try:
            context = ssl.create_default_context(cafile=given.kafka_ssl_cafile)
            if given.kafka_ssl_certfile is not None:
                password = given.kafka_ssl_password
                context.load_cert_chain(
                    given.kafka_ssl_certfile, given.kafka_ssl_keyfile,
                    # Without one OpenSSL would ask at the terminal.
                    password=lambda: password.get_secret_value() if password else "",
                )  # fmt: skip
        except OSError as wrong:
            raise KafkaUnusable(
                CHASSIS.say("kafka_tls_files", files=[str(f) for f in files]), type(wrong).__name__
            ) from wrong
        return context

    def _explained(self, cause: KafkaError | None) -> KafkaUnusable:
        """Somebody listens and, where there is to be TLS, has the right certificate."""
        given = self.settings
        # Who refuses an account ends the connection with the answer, which is then lost as often as not.
        if given is not None and given.kafka_sasl and cause is not None:
            mechanism = given.kafka_sasl_mechanism
            return KafkaUnusable(CHASSIS.say("kafka_login_refused", servers=self.bootstrap, mechanism=mechanism))
        protocol = "PLAINTEXT" if given is None else given.kafka_security_protocol
        return KafkaUnusable(CHASSIS.say("kafka_not_understood", servers=self.bootstrap, protocol=protocol))


def _certificate(wrong: ssl.SSLCertVerificationError, server: str) -> Message:
    match wrong.verify_code:
        case code if code in (EXPIRED, NOT_YET_VALID):
            return CHASSIS.say("kafka_certificate_expired", server=server)
        case code if code in (OTHER_NAME, OTHER_ADDRESS):
            return CHASSIS.say("kafka_certificate_of_another", server=server)
    return CHASSIS.say("kafka_certificate_unknown", server=server)
