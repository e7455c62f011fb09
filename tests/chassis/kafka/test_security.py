"""A Kafka that asks for TLS and an account, and what is said where they are wrong: on the real broker."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.chassis.following.sources import LocalSource
from services.chassis.ground.settings import Settings
from services.chassis.kafka import cluster as cluster_module
from services.chassis.kafka.broker import used_cluster
from services.chassis.kafka.cluster import Cluster, KafkaUnusable
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.relay import Relay
from services.chassis.kafka.topic import name_of
from tests.chassis.conftest import OpenStore
from tests.chassis.kafka.relays import UnreachableSource, running_relays
from tests.chassis.kafka.secured_broker import OUTSIDER, SCRAM, SECRET, SecuredBroker, secured_broker
from tests.chassis.sample import append_households
from tests.support.eventually import eventually
from tests.support.topics import Topics

SECONDS = 15
"""In which a start says what is wrong; a busy machine may need most of them."""


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    with secured_broker(tmp_path_factory.mktemp("secured")) as running:
        yield running


def cluster_of(settings: Settings) -> Cluster:
    with used_cluster(settings, []) as cluster:
        return cluster


WAYS_IN: dict[str, Callable[[SecuredBroker], Settings]] = {
    "PLAIN": lambda broker: broker.login("PLAIN"),
    **{mechanism: lambda broker, m=mechanism: broker.login(m) for mechanism in SCRAM},  # type: ignore[misc]
    "a certificate": lambda broker: broker.settings(
        "mutual", "SSL", ssl_certfile=broker.folder / "client.pem", ssl_keyfile=broker.folder / "client.pem"
    ),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_a_log_is_relayed_and_read_over_tls_with(way: str, secured: SecuredBroker, open_store: OpenStore) -> None:
    cluster, store = cluster_of(WAYS_IN[way](secured)), open_store(f"log{uuid4().hex[:8]}")
    append_households(store, 300)
    with running_relays(relay := Relay(store, cluster)):
        eventually(lambda: relay.acknowledged == 300)
    with closing(KafkaSource(store.name, cluster, UnreachableSource(store))) as source:
        assert source.read(0, 500).entries == tuple(store.page(0, 500)[0])


REFUSED: list[tuple[str, Callable[[SecuredBroker], Settings]]] = [
    ("kafka_certificate_expired", lambda broker: broker.settings("expired", "SSL")),
    ("kafka_certificate_of_another", lambda broker: broker.settings("another", "SSL")),
    ("kafka_certificate_unknown", lambda broker: broker.login("PLAIN", ssl_cafile=broker.folder / "stranger.pem")),
    ("kafka_login_refused", lambda broker: broker.login("PLAIN", password="wrong")),
    ("kafka_login_refused", lambda broker: broker.login("SCRAM-SHA-512", user=OUTSIDER)),  # not registered for it
    ("kafka_no_tls", lambda broker: broker.settings("plain", "SSL")),
    ("kafka_not_understood", lambda broker: broker.settings("mutual", "SSL")),
    ("kafka_tls_files", lambda broker: broker.settings("mutual", "SSL", ssl_cafile=broker.folder / "missing.pem")),
    ("kafka_topic_missing", lambda broker: broker.login("PLAIN", OUTSIDER)),
]


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_a_start_says_within_seconds_what_is_wrong_and_changes_nothing(
    code: str, given: Callable[[SecuredBroker], Settings], secured: SecuredBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_MS", 1500)
    started, log, threads = time.monotonic(), uuid4().hex, threading.active_count()
    with pytest.raises(KafkaUnusable) as told, used_cluster(given(secured), [log]):
        pass
    assert (told.value.message.code, time.monotonic() - started < SECONDS) == (code, True)
    assert ("未作任何改动" in told.value.message.zh, "nothing was changed" in told.value.message.en) == (True, True)
    assert SECRET not in str(told.value)
    assert threading.active_count() <= threads  # the library would leave one behind; former tests' may end meanwhile
    with closing(secured.kafka.cluster.admin()) as admin:
        assert name_of(log) not in admin.list_topics()


def test_a_running_service_goes_on_without_a_topic_that_it_may_not_make(
    secured: SecuredBroker, open_store: OpenStore
) -> None:
    store, cluster = open_store(f"log{uuid4().hex[:8]}"), cluster_of(secured.login("PLAIN", OUTSIDER))
    append_households(store, 10)
    with closing(KafkaSource(store.name, cluster, LocalSource(store))) as source:
        with running_relays(relay := Relay(store, cluster)):
            eventually(lambda: relay.waits_for == "kafka_topic_missing")
            append_households(store, 10)
            assert (len(source.read(0, 500).entries), relay.lag()) == (20, 20)
            Topics(secured.kafka.cluster, store.name).create()
            # It is there now, and the account may still not see it.
            assert relay.waits_for == "kafka_topic_missing"


def test_a_topic_of_several_partitions_is_refused(secured: SecuredBroker) -> None:
    log = uuid4().hex
    with closing(secured.kafka.cluster.admin()) as admin:
        admin.create_topics({name_of(log): {"num_partitions": 3}}, wait_for_metadata=True)
    with pytest.raises(KafkaUnusable, match="3 partitions"), used_cluster(secured.login("PLAIN"), [log]):
        pass


@pytest.mark.parametrize(
    "given",
    [
        {"kafka_ssl_cafile": "ca.pem"},
        {"kafka_sasl_plain_password": SECRET},
        {"kafka_security_protocol": "SASL_SSL", "kafka_sasl_mechanism": "PLAIN"},
        {"kafka_security_protocol": "SSL", "kafka_ssl_certfile": "client.pem"},
        {
            "kafka_security_protocol": "SASL_PLAINTEXT", "kafka_sasl_mechanism": "PLAIN",
            "kafka_sasl_plain_username": "u", "kafka_sasl_plain_password": SECRET,
        },
        {"kafka_bootstrap_servers": "no-port"},
    ],
)  # fmt: skip
def test_settings_that_would_not_protect_are_refused(given: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as told:
        Settings(data_dir=tmp_path, **{"kafka_bootstrap_servers": "127.0.0.1:9092", **given})  # type: ignore[arg-type]
    assert SECRET not in str(told.value)


def test_tls_without_a_kafka_to_speak_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="KAFKA_BOOTSTRAP_SERVERS"):
        Settings(data_dir=tmp_path, kafka_bootstrap_servers=None, kafka_security_protocol="SSL")
