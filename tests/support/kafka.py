"""Apache Kafka for tests: one broker per session, shared by its workers, and brokers of their own for tests that kill them."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import services
from services.chassis.kafka.broker import EmbeddedKafka
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.jars import jars
from tests.support.run_folder import run_folder

PREFIX = "lika-test-kafka-"
CACHE = Path(services.__file__).parent.parent / "build" / "kafka" / "jars"
"""Maven runs once for all tests of this source tree."""


def kafka_jars() -> Path:
    """The folder of Apache Kafka's jars. Fails, never skips."""
    install_java_and_maven()
    return jars(Path(os.environ.get("LIKA_KAFKA_JARS", CACHE)))


def install_java_and_maven() -> None:
    """Where they are missing and this process may."""
    wanted = [package for program, package in (("java", "default-jre-headless"), ("mvn", "maven"))
              if shutil.which(program) is None]  # fmt: skip
    if wanted and os.geteuid() == 0 and shutil.which("apt-get") is not None:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with open(Path(tempfile.gettempdir()) / f"{PREFIX}apt", "w") as installing:
            fcntl.flock(installing, fcntl.LOCK_EX)
            for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *wanted]):
                subprocess.run(["apt-get", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def own_kafka(properties: Mapping[str, str] | None = None) -> Iterator[EmbeddedKafka]:
    """A broker for one test, which starts it and may kill it; ``properties``: further ones."""
    with _folder(uuid4().hex) as folder:
        kafka = EmbeddedKafka(folder, kafka_jars(), properties)
        try:
            yield kafka
        finally:
            kafka.kill()


@contextmanager
def shared_kafka(session: str) -> Iterator[Cluster]:
    """The session's broker, or the one that ``KAFKA_BOOTSTRAP_SERVERS`` names."""
    if given := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield Cluster(given)
        return
    with _folder(session) as folder, EmbeddedKafka(folder, kafka_jars()) as kafka:
        yield kafka.cluster


def _folder(name: str) -> AbstractContextManager[Path]:
    return run_folder(PREFIX, name, _kill)


def _kill(folder: Path) -> None:
    if (folder / "server.properties").exists():
        EmbeddedKafka(folder, CACHE).kill()
