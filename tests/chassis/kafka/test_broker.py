"""The embedded Apache Kafka: durable, on the same address in every life, shared, and clear about what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from services.chassis.ground.settings import Settings
from services.chassis.kafka.broker import EmbeddedKafka, used_cluster
from services.chassis.kafka.cluster import KafkaUnusable
from services.chassis.kafka.jars import POM, BrokerUnavailable, jars, version
from tests.support.kafka import kafka_jars, own_kafka
from tests.support.topics import Topics


@pytest.fixture(scope="module")
def own() -> Iterator[EmbeddedKafka]:
    with own_kafka() as kafka:
        yield kafka


def written(topic: Topics) -> list[bytes]:
    return [record.value for record in topic.records()]


@pytest.mark.long_run
def test_what_was_acknowledged_survives_a_kill_and_the_address_stays(own: EmbeddedKafka) -> None:
    topic = Topics(own.start().cluster, "kept")
    topic.create()
    topic.put_records([(b"one", []), (b"two", [])])
    own.kill()
    assert not topic.cluster.answers()
    assert own.start().cluster == topic.cluster
    topic.put_records([(b"three", [])])
    assert written(topic) == [b"one", b"two", b"three"]
    assert topic.cluster.name.startswith("Apache Kafka 4.")


@pytest.mark.long_run
def test_a_broker_that_outlived_its_process_is_found_again(own: EmbeddedKafka) -> None:
    own.start()
    says = (
        "import os, signal, sys; from pathlib import Path; from services.chassis.kafka.broker import EmbeddedKafka;"
        "EmbeddedKafka(Path(sys.argv[1]), Path(sys.argv[2])).start(); print(os.getpid(), flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    serves = processes(own)
    killed = subprocess.run(
        [sys.executable, "-c", says, str(own.folder), str(kafka_jars())], capture_output=True, text=True, check=False
    )
    assert (killed.returncode, killed.stdout.strip().isdecimal()) == (-9, True), killed.stderr
    assert processes(own) == serves
    # Nor does one that stops take it from another that uses it.
    with EmbeddedKafka(own.folder, kafka_jars()) as second:
        assert second.cluster == own.cluster
    assert processes(own) == serves
    assert own.cluster.answers()


@pytest.mark.long_run
def test_the_last_to_stop_takes_it_down(own: EmbeddedKafka) -> None:
    own.start()
    own.stop()
    assert processes(own) == set()


@pytest.mark.long_run
@pytest.mark.parametrize("end", [EmbeddedKafka.stop, EmbeddedKafka.kill])
def test_a_broker_ends_though_whoever_launched_it_lives_on(
    own: EmbeddedKafka, end: Callable[[EmbeddedKafka], None]
) -> None:
    own.kill()
    says = (
        "import sys; from pathlib import Path; from services.chassis.kafka.broker import EmbeddedKafka;"
        "kafka = EmbeddedKafka(Path(sys.argv[1]), Path(sys.argv[2])).start(); print('serves', flush=True); input();"
        "kafka.stop(); print('left', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", says, str(own.folder), str(kafka_jars())],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as launcher:  # fmt: skip
        assert launcher.stdin is not None
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "serves\n"
        own.start()
        print(file=launcher.stdin, flush=True)
        assert launcher.stdout.readline() == "left\n"
        assert own.cluster.answers()
        end(own)
        assert (processes(own), launcher.poll()) == (set(), None)
        print(file=launcher.stdin, flush=True)


def test_java_that_is_missing_is_told_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerUnavailable, match="KAFKA_BOOTSTRAP_SERVERS") as told:
        EmbeddedKafka(tmp_path, tmp_path)
    assert ("安装" in told.value.message.zh, "install" in told.value.message.en) == (True, True)
    with pytest.raises(BrokerUnavailable, match="LIKA_KAFKA_JARS"):
        jars(tmp_path / "jars")


def test_a_maven_that_fails_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text("#!/bin/sh\necho no route; exit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{maven.parent}:{os.defpath}")
    with pytest.raises(BrokerUnavailable, match="no route"):
        jars(tmp_path / "kafka" / "jars")
    assert [p.name for p in (tmp_path / "kafka").iterdir()] == ["jars.lock"]


def test_jars_of_another_release_are_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "jars"
    folder.mkdir()
    (folder / "kafka-server-3.9.0.jar").touch()
    (folder / "pom.xml").write_text("<project/>")
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text('#!/bin/sh\nfor last; do :; done\ntouch "${last#*=}/kafka-server-4.9.9.jar"\n')
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{maven.parent}:{os.defpath}")
    assert version(jars(folder)) == "4.9.9"
    assert (folder / "pom.xml").read_bytes() == POM.read_bytes()
    maven.unlink()
    assert version(jars(folder)) == "4.9.9"


def test_a_folder_in_which_no_broker_can_start_says_what_the_broker_said(tmp_path: Path) -> None:
    (tmp_path / "jars").mkdir()
    with pytest.raises(BrokerUnavailable, match="StorageTool"):
        EmbeddedKafka(tmp_path / "kafka", tmp_path / "jars").start()


@pytest.mark.long_run
def test_bootstrap_servers_win_and_must_answer(own: EmbeddedKafka, tmp_path: Path) -> None:
    own.start()
    settings = Settings(data_dir=tmp_path, kafka_bootstrap_servers=own.cluster.bootstrap)
    with used_cluster(settings, ["kept"]) as used:
        assert used.bootstrap == own.cluster.bootstrap
    assert not (tmp_path / "kafka").exists()
    own.kill()
    with pytest.raises(KafkaUnusable, match="KAFKA_BOOTSTRAP_SERVERS"), used_cluster(settings, ["kept"]):
        pass


def test_without_bootstrap_servers_an_apache_kafka_of_our_own_runs(own: EmbeddedKafka, tmp_path: Path) -> None:
    own.kill()
    with used_cluster(Settings(data_dir=tmp_path, kafka_jars=kafka_jars(), kafka_bootstrap_servers=None), []) as used:
        assert used.name == f"Apache Kafka {version(kafka_jars())}"
        assert used.answers()
    shutil.rmtree(tmp_path / "kafka")


def test_without_java_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerUnavailable, match="KAFKA_BOOTSTRAP_SERVERS"):
        with used_cluster(Settings(data_dir=tmp_path, kafka_bootstrap_servers=None), []):
            pass


def processes(kafka: EmbeddedKafka) -> set[int]:
    wanted = str(kafka.folder / "server.properties")
    return {p.pid for p in psutil.process_iter(["cmdline"]) if wanted in (p.info["cmdline"] or ())}
