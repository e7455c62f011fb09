"""A real Apache Kafka in a data folder: one node, broker and controller in one process, durable, and started anew or
attached to as ``embedded`` does with PostgreSQL.

The folder holds ``data``, ``server.properties``, ``server.log``, ``ports`` and two lock files. The broker listens on this
machine only. It acknowledges what the kernel holds: a killed broker loses nothing, and what a power cut takes the relay
sends again, because the log is the truth.
"""

import base64
import math
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.settings import Settings
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.jars import BrokerUnavailable, jars, java, version
from services.chassis.kafka.topic import require_topics
from services.chassis.postgres.use_lock import UseLock

PATIENCE = 180
"""Seconds until a broker answers: three, and what recovery after a kill takes."""
LEAVES = 30
"""Seconds for an orderly end."""

JVM = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Small, and ready in three seconds: on one node with one partition a log the broker is never what one waits for."""

PROPERTIES: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "inter.broker.listener.name": "CLIENT",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.dedupe.buffer.size": "2097152",
    "num.io.threads": "4",
    "num.network.threads": "2",
    # A broker that comes back from a kill is let in when its former life has timed out.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
}


class EmbeddedKafka:
    """One node in one folder, shared by every process that starts it there; the last to stop takes it down.

    ``start`` is idempotent and attaches to a broker that outlived a killed process. Raises ``BrokerUnavailable``.
    """

    def __init__(self, folder: Path, libraries: Path, properties: Mapping[str, str] | None = None) -> None:
        """``properties``: further ones of the broker; of a list, its further items."""
        self.folder = folder.expanduser().resolve()
        self._jars = libraries
        self._java, self._more = java(), properties or {}
        self._properties = self.folder / "server.properties"
        self._use = UseLock(self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def cluster(self) -> Cluster:
        return Cluster(f"127.0.0.1:{self._port}", f"Apache Kafka {version(self._jars)}")

    def start(self) -> Self:
        if self._use.entered:
            return self
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with self._use.entering():
            if self._running() is None:
                self._configure()
                self._format()
                self._launch()
            else:
                self._port = self._ports()[0]
            self._await()
        return self

    def stop(self) -> None:
        """Take the broker down, unless another process still uses it."""
        with self._use.leaving() as last:
            if not last:
                return
            if (running := self._running()) is not None:
                running.terminate()
                if not _ended(running, LEAVES):
                    running.kill()
                    _ended(running)
            self._reap()

    def kill(self) -> None:
        """SIGKILL, for the tests of faults; ``start`` of another instance brings the broker back."""
        if (running := self._running()) is not None:
            running.kill()
            _ended(running)
        self._reap()
        self._use.forget()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _running(self) -> psutil.Process | None:
        """The broker of this folder, whoever started it."""
        for process in psutil.process_iter(["cmdline"]):
            asked = process.info["cmdline"] or ()
            if "kafka.Kafka" in asked and str(self._properties) in asked:
                return process
        return None

    def _reap(self) -> None:
        """Hear of the end of a broker that this process launched; one that another launched is that one's to reap."""
        if self._process is not None and self._running() is None:
            self._process.wait()

    def _ports(self) -> tuple[int, int]:
        """Those of the former life, as long as nobody else took them."""
        kept = self.folder / "ports"
        found = tuple(map(int, kept.read_text().split())) if kept.exists() else ()
        if len(found) == 2 and (self._running() is not None or all(map(_free, found))):
            return found[0], found[1]
        chosen = _free_ports()
        kept.write_text(f"{chosen[0]} {chosen[1]}\n")
        return chosen

    def _configure(self) -> None:
        self._port, controller = self._ports()
        properties = {
            **PROPERTIES,
            "listeners": f"CLIENT://127.0.0.1:{self._port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"CLIENT://127.0.0.1:{self._port}",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "log.dirs": str(self.folder / "data"),
        }
        for name, value in self._more.items():
            properties[name] = f"{properties[name]},{value}" if name in properties else value
        self._properties.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))

    def _format(self) -> None:
        if (self.folder / "data" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "A")
        with open(self.folder / "server.log", "ab") as said:
            done = subprocess.run(
                [*self._program("kafka.tools.StorageTool"), "format", "-t", cluster, "-c", str(self._properties)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False,
            )  # fmt: skip
        if done.returncode:
            raise self._failed()

    def _launch(self) -> None:
        with open(self.folder / "server.log", "ab") as said:
            self._process = subprocess.Popen(
                [*self._program("kafka.Kafka"), str(self._properties)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder, start_new_session=True,
            )  # fmt: skip

    def _program(self, main: str) -> list[str]:
        return [self._java, *JVM, "-Dorg.apache.logging.log4j.level=WARN", "-cp", f"{self._jars}/*", main]

    def _await(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (not _free(self._port) and self.cluster.answers()):
            gone = self._running() is None if self._process is None else self._process.poll() is not None
            if gone or time.monotonic() > deadline:
                raise self._failed()
            time.sleep(0.05)

    def _failed(self) -> BrokerUnavailable:
        log = self.folder / "server.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
        return BrokerUnavailable(CHASSIS.say("broker_not_started", folder=self.folder), tail)


@contextmanager
def used_cluster(settings: Settings, logs: Sequence[str]) -> Iterator[Cluster]:
    """The Kafka through which these logs can be relayed: that of ``KAFKA_BOOTSTRAP_SERVERS``, else an Apache Kafka of our
    own. Raises ``KafkaUnusable``, ``BrokerUnavailable``."""
    if (elsewhere := settings.kafka_bootstrap_servers) is not None:
        given = Cluster(elsewhere, f"Kafka ({settings.kafka_security_protocol})", settings)
        require_topics(given, logs, settings.kafka_retention_hours, make=False)
        yield given
        return
    folder = settings.data_dir / "kafka"
    with EmbeddedKafka(folder, jars(settings.kafka_jars or folder / "jars")) as own:
        yield own.cluster


def _ended(process: psutil.Process, within: float = math.inf) -> bool:
    """Wait until it serves nobody any more. Whoever launched it may live on without reaping it, and psutil's own
    waiting counts what has ended and was not reaped as running."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
