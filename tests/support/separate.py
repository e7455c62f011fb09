"""The services as processes of their own, started with the very commands of deploy/separate/README.md: each from a folder that
holds nothing but its own secrets and what is public."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.tokens import SIGNING_KEY, LocalKey
from tests.support.eventually import eventually

README = Path(__file__).parents[2] / "deploy" / "separate" / "README.md"
CONSOLE = "console"
SERVICES = ("registry", "assistance", "monitoring", "audit", "vault", CONSOLE)
PORTS = {"registry": 8001, "assistance": 8002, "monitoring": 8003, "audit": 8004, "vault": 8005, CONSOLE: 8006}
"""Of the README."""
START_SECONDS = 300.0
"""A machine with other work takes its time; a start by itself takes five."""


def commands() -> list[str]:
    """The README's blocks: keys, settings, six starts, a person's token and request, the sample, accounts, an account."""
    found = re.findall(r"^```sh\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(found) == 7
    return found


KEYS, SETTINGS, STARTS, PERSON, SAMPLE, ACCOUNTS, ACCOUNT = commands()


class Separate:
    """``home``: service → the folder it is started in, with ``separate/SERVICE`` and the public keys."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self._folder, self._database = folder, database
        self._ports = {service: _free_port() for service in SERVICES}
        self.urls = {service: f"http://127.0.0.1:{port}" for service, port in self._ports.items()}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ready_ones: tuple[str, ...] = ()

    def make_secrets(self) -> None:
        """As one machine's operator does, who then hands out what belongs to each service."""
        self.run(KEYS)
        if self._database is not None:
            self.run(ACCOUNTS.replace("postgresql://postgres@127.0.0.1/postgres", shlex.quote(self._database)))
        for service in SERVICES:
            own = self.home(service) / "separate"
            own.mkdir(parents=True)
            self.home(service).chmod(0o711)
            shutil.move(self._folder / "separate" / service, own / service)
            for public in ("services.jwks", "persons.jwks"):
                shutil.copy(self._folder / "separate" / public, own)

    def home(self, service: str) -> Path:
        return self._folder / f"home-{service}"

    @property
    def persons(self) -> LocalKey:
        return LocalKey.at(self._folder / "separate" / "persons" / "keys" / SIGNING_KEY)

    def key(self, service: str) -> ServiceKey:
        return ServiceKey.at(self.home(service) / "separate" / service / "keys" / "service.jwk", service)

    def start(self, service: str, options: str = "", variables: str = "") -> None:
        """Without waiting until it answers. ``variables``: further settings, as ``NAME=value``."""
        (start,) = (line for line in STARTS.splitlines() if f" serve {service} " in line)
        with open(self._log(service), "ab") as log:
            self._running[service] = subprocess.Popen(
                ["bash", "-c", self._script(f"{SETTINGS}{self._account(service)}exec env {variables} {start} {options}")],
                cwd=self.home(service), env=environment(self.home(service)), stdout=log, stderr=log,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        eventually(lambda: all(map(self._ready, self._running)), START_SECONDS)
        self._ready_ones = tuple(self._running)

    def run(self, script: str) -> str:
        """One block in the folder of all; its standard output."""
        done = subprocess.run(
            ["bash", "-euc", self._script(script)], cwd=self._folder, env=environment(self._folder),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def settings(self, service: str) -> dict[str, str]:
        """The settings of a service as the README's commands make them, for who starts it otherwise."""
        shown = subprocess.run(
            ["bash", "-euc", self._script(f"{SETTINGS}{self._account(service)}env")], cwd=self.home(service),
            env=environment(self.home(service)), capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        found = dict(line.split("=", 1) for line in shown.splitlines() if line.startswith(("LIKA_", "DATABASE_URL")))
        return {**found, "LIKA_DATA_DIR": f"separate/{service}"}

    def stop(self, *services: str) -> None:
        """SIGTERM to these, or to all, as a service manager does; each ends by itself, and well if it had started."""
        stopping = {service: self._running.pop(service) for service in services or tuple(self._running)}
        for process in stopping.values():
            process.terminate()
        ended = {service: process.wait(60) for service, process in stopping.items()}
        assert [service for service, code in ended.items() if service in self._ready_ones and code != 0] == []

    def log(self, service: str) -> str:
        return self._log(service).read_text(encoding="utf-8")[-4000:]

    def _log(self, service: str) -> Path:
        return self._folder / f"{service}.log"

    def _account(self, service: str) -> str:
        return f"SERVICE={service}\n{ACCOUNT}" if self._database is not None and service != CONSOLE else ""

    def _script(self, script: str) -> str:
        for service, port in PORTS.items():
            script = script.replace(str(port), str(self._ports[service]))
        if self._database is not None:
            host = re.search(r"host=(\S+)", self._database)
            assert host is not None
            script = script.replace("host=127.0.0.1", f"host={host[1]}")
        return script

    def _ready(self, service: str) -> bool:
        assert self._running[service].poll() is None, self.log(service)
        root = "console/bff" if service == CONSOLE else service
        try:
            return httpx.get(f"{self.urls[service]}/{root}/health/ready").is_success
        except httpx.HTTPError:
            return False


def environment(home: Path) -> Mapping[str, str]:
    """Nothing of this process's own settings."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LIKA_OPERATIONS_PORT": "0",
    }


@contextmanager
def separate(folder: Path, database: str | None = None, options: str = "", variables: str = "") -> Iterator[Separate]:
    """All six, running. ``database``: connection string of an administrator's account; without it each has a server of its
    own."""
    services = Separate(folder, database)
    services.make_secrets()
    with ExitStack() as stack:
        stack.callback(services.stop)
        for service in SERVICES:
            services.start(service, options, variables)
        services.wait_until_ready()
        yield services


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
