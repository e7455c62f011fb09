"""An Apache Kafka with a listener for each way of being secured, and accounts that may everything or nothing."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kafka.admin import UserScramCredentialUpsertion

from services.chassis.ground.settings import Settings
from services.chassis.kafka.broker import EmbeddedKafka
from tests.chassis.kafka.certificates import Authority
from tests.support.kafka import own_kafka

LISTENERS = {"login": "SASL_SSL", "expired": "SSL", "another": "SSL", "mutual": "SSL"}
"""``login`` asks for an account, ``mutual`` for a certificate; the other two have certificates that are wrong."""
SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")
SECRET = "s3cret-of-the-test"
RELAY, OUTSIDER = "relay", "outsider"
"""An account that may everything, and one that may nothing but sign in."""


@dataclass(frozen=True)
class SecuredBroker:
    """``folder``: where the certificates are."""

    kafka: EmbeddedKafka
    folder: Path
    ports: dict[str, int]

    def settings(self, listener: str, protocol: str, **more: Any) -> Settings:
        """Those of an installation that trusts the right authority; ``more``: ``ssl_cafile=…``."""
        given = {"ssl_cafile": self.folder / "authority.pem"} if protocol.endswith("SSL") else {}
        return Settings(
            data_dir=self.folder / "data",
            kafka_bootstrap_servers=f"127.0.0.1:{self.ports[listener]}",
            kafka_security_protocol=protocol,
            **{f"kafka_{name}": value for name, value in (given | more).items()},
        )

    def login(self, mechanism: str, user: str = RELAY, password: str = SECRET, **more: Any) -> Settings:
        account = {"sasl_mechanism": mechanism, "sasl_plain_username": user, "sasl_plain_password": password}
        return self.settings("login", "SASL_SSL", **account, **more)


@contextmanager
def secured_broker(folder: Path) -> Iterator[SecuredBroker]:
    authority = Authority.make(folder / "authority.pem")
    Authority.make(folder / "stranger.pem")
    authority.issue(folder / "login.pem")
    authority.issue(folder / "mutual.pem")
    authority.issue(folder / "client.pem")
    authority.issue(folder / "expired.pem", until=timedelta(days=-1))
    authority.issue(folder / "another.pem", address="192.0.2.1")
    ports = dict(zip(LISTENERS, free_ports(len(LISTENERS)), strict=True))
    with own_kafka(properties(folder, ports)) as kafka:
        kafka.start()
        with closing(kafka.cluster.admin()) as admin:
            for mechanism in SCRAM:
                admin.alter_user_scram_credentials([UserScramCredentialUpsertion(RELAY, mechanism, SECRET)])
        plain = int(kafka.cluster.bootstrap.rpartition(":")[2])
        yield SecuredBroker(kafka, folder, {**ports, "plain": plain})


def properties(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    listeners = ",".join(f"{name.upper()}://127.0.0.1:{port}" for name, port in ports.items())
    login = "listener.name.login"
    modules = "org.apache.kafka.common.security"
    accounts = f'user_{RELAY}="{SECRET}" user_{OUTSIDER}="{SECRET}"'
    found = {
        "listeners": listeners,
        "advertised.listeners": listeners,
        "listener.security.protocol.map": ",".join(f"{name.upper()}:{how}" for name, how in LISTENERS.items()),
        f"{login}.sasl.enabled.mechanisms": ",".join(("PLAIN", *SCRAM)),
        f"{login}.plain.sasl.jaas.config": f"{modules}.plain.PlainLoginModule required {accounts};",
        "listener.name.mutual.ssl.client.auth": "required",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:ANONYMOUS;User:{RELAY};User:CN=client",
    }
    for mechanism in SCRAM:
        found[f"{login}.{mechanism.lower()}.sasl.jaas.config"] = f"{modules}.scram.ScramLoginModule required;"
    for name in LISTENERS:
        of = f"listener.name.{name}.ssl"
        found |= {f"{of}.keystore.type": "PEM", f"{of}.keystore.location": str(folder / f"{name}.pem")}
        found |= {f"{of}.truststore.type": "PEM", f"{of}.truststore.location": str(folder / "authority.pem")}
    return found


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
