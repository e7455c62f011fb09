"""Jars brought by Maven from a file of coordinates into a folder, once: Apache Kafka's own from ``deploy/kafka/pom.xml``."""

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path

from services.chassis.ground.messages import CHASSIS, ExplainedError

POM = Path(__file__).parents[3] / "deploy" / "kafka" / "pom.xml"
PATIENCE = 900
"""Seconds for Maven to download forty jars over a slow line."""
CAME_FROM = "pom.xml"
"""A copy beside the jars; jars of another release are fetched anew."""


class BrokerUnavailable(ExplainedError):
    """No broker can be had."""


def java() -> str:
    """The Java runtime. Raises ``BrokerUnavailable``."""
    found = shutil.which("java")
    if found is None:
        raise BrokerUnavailable(CHASSIS.say("broker_needs_java"))
    return found


def jars(folder: Path, pom: Path = POM) -> Path:
    """The folder with the jars of ``pom``, which are fetched where they are missing; processes that start together wait for
    one another. Raises ``BrokerUnavailable``."""
    folder = folder.expanduser().resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / f"{folder.name}.lock", "w") as fetching:
        fcntl.flock(fetching, fcntl.LOCK_EX)
        if not _current(folder, pom):
            _fetch(folder, pom)
    return folder


def version(folder: Path) -> str:
    """``4.3.1``, as the server's jar says."""
    found = sorted(folder.glob("kafka-server-[0-9]*.jar"))
    return found[-1].stem.removeprefix("kafka-server-") if found else "?"


def _current(folder: Path, pom: Path) -> bool:
    came_from = folder / CAME_FROM
    if not came_from.exists():
        return False
    # Without the source tree beside the program the jars that are there are the ones meant.
    return not pom.exists() or came_from.read_bytes() == pom.read_bytes()


def _fetch(folder: Path, pom: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None or not pom.exists():
        raise BrokerUnavailable(CHASSIS.say("broker_jars_missing", folder=folder))
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        done = subprocess.run(
            [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            said = "\n".join(done.stdout.strip().splitlines()[-12:])
            raise BrokerUnavailable(CHASSIS.say("broker_jars_not_fetched"), said)
        shutil.copyfile(pom, unfinished / CAME_FROM)
        unfinished.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
