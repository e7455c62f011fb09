"""Apache Kafka's own jars, brought by Maven from ``deploy/kafka/pom.xml`` into a folder, once."""

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path

POM = Path(__file__).parents[3] / "deploy" / "kafka" / "pom.xml"
PATIENCE = 900
"""Seconds for Maven to download forty jars over a slow line."""
CAME_FROM = "pom.xml"
"""A copy beside the jars; jars of another release are fetched anew."""


class BrokerUnavailable(RuntimeError):
    """No broker can be had; the message tells the operator what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def java() -> str:
    """The Java runtime. Raises ``BrokerUnavailable``."""
    found = shutil.which("java")
    if found is None:
        raise BrokerUnavailable(
            "运行 Apache Kafka 需要 Java 17 或更新版本：请安装（Debian：apt-get install default-jre-headless），"
            "或设置 KAFKA_BOOTSTRAP_SERVERS 使用已有的 Kafka。",
            "Apache Kafka needs Java 17 or newer: install it (Debian: apt-get install default-jre-headless), "
            "or set KAFKA_BOOTSTRAP_SERVERS to use a Kafka elsewhere.",
        )
    return found


def jars(folder: Path) -> Path:
    """The folder with the jars, which are fetched where they are missing; processes that start together wait for one
    another. Raises ``BrokerUnavailable``."""
    folder = folder.expanduser().resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / f"{folder.name}.lock", "w") as fetching:
        fcntl.flock(fetching, fcntl.LOCK_EX)
        if not _current(folder):
            _fetch(folder)
    return folder


def version(folder: Path) -> str:
    """``4.3.1``, as the server's jar says."""
    found = sorted(folder.glob("kafka-server-[0-9]*.jar"))
    return found[-1].stem.removeprefix("kafka-server-") if found else "?"


def _current(folder: Path) -> bool:
    came_from = folder / CAME_FROM
    if not came_from.exists():
        return False
    # Without the source tree beside the program the jars that are there are the ones meant.
    return not POM.exists() or came_from.read_bytes() == POM.read_bytes()


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None or not POM.exists():
        raise BrokerUnavailable(
            f"没有 Apache Kafka 的程序文件（{folder}）。请安装 Maven（Debian：apt-get install maven），"
            "或用 LIKA_KAFKA_JARS 指定已有的文件夹，或设置 KAFKA_BOOTSTRAP_SERVERS。",
            f"Apache Kafka's jars are missing ({folder}). Install Maven (Debian: apt-get install maven), "
            "or name a folder that has them in LIKA_KAFKA_JARS, or set KAFKA_BOOTSTRAP_SERVERS.",
        )
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        done = subprocess.run(
            [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            said = "\n".join(done.stdout.strip().splitlines()[-12:])
            raise BrokerUnavailable(
                "Maven 未能取得 Apache Kafka 的程序文件，请检查其网络或镜像设置。原始输出见下。",
                f"Maven could not fetch Apache Kafka's jars; check its network or mirror settings.\n{said}",
            )
        shutil.copyfile(POM, unfinished / CAME_FROM)
        unfinished.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
