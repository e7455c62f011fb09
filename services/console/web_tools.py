"""Node and npm, and what they run in ``web/``: needed to change the pages, never to serve or check them."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 300.0
"""Seconds for npm to bring what the lock names; a network that swallows packets is not waited for longer."""

NO_REGISTRY = re.compile(
    r"npm (?:error|ERR!) code (E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH|40[1347]|5\d\d)"
    r"|ERR_SOCKET_TIMEOUT)\b"
)
"""npm could reach no registry, or one that does not give the packages out; whatever else it says is wrong here."""


class RegistryAway(Exception):
    """The packages that the lock names could not be brought. Nothing is wrong with the repository."""


class StepFailed(Exception):
    """A step found something wrong; its output says what."""


def is_served(version: str) -> bool:
    """Whether vite runs on this Node (``engines`` in its package.json: ^20.19 or from 22.12 on)."""
    found = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\S*", version.strip())
    at = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= at < (21, 0) or at >= (22, 12)


@dataclass(frozen=True)
class WebTools:
    """``npm``: the program; its ``node`` is the one in the path."""

    npm: str
    web: Path

    @classmethod
    def at_hand(cls, web: Path) -> "WebTools | None":
        """``None`` without npm, or without a Node that is new enough."""
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm is None or node is None:
            return None
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        return cls(npm, web) if is_served(version) else None

    def install(self) -> None:
        """What the lock names into ``node_modules``, unless it is there. Raises ``RegistryAway``, ``StepFailed``."""
        if is_installed(self.web):
            return
        print("正在安装前端工具，约半分钟 · npm ci, half a minute", flush=True)
        command = [self.npm, "ci", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"]
        try:
            done = subprocess.run(command, cwd=self.web, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired as late:
            raise RegistryAway(f"{PATIENCE:.0f} s") from late
        if done.returncode == 0:
            return
        if (away := NO_REGISTRY.search(done.stderr)) is not None:
            raise RegistryAway(away[1])
        raise StepFailed(f"npm ci:\n{done.stderr}")

    def step(self, name: str, *command: str) -> None:
        """One of the tools in ``node_modules``, told on one line. Raises ``StepFailed`` with all it said."""
        began = time.monotonic()
        environment: Mapping[str, str] = {**os.environ, "NO_COLOR": "1", "CI": "1", "TZ": "Asia/Shanghai"}
        done = subprocess.run(
            command, cwd=self.web, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode != 0:
            raise StepFailed(f"{name}:\n{done.stdout}{done.stderr}")
        print(f"  {name} {time.monotonic() - began:.1f} s", flush=True)


def is_installed(web: Path) -> bool:
    """Whether ``node_modules`` holds what the lock names, by the list that npm itself keeps there."""
    wanted, held = _packages(web / "package-lock.json"), _packages(web / "node_modules" / ".package-lock.json")
    wanted.pop("", None)  # these pages themselves
    needed = {name for name, each in wanted.items() if not each.get("optional")}
    return (
        bool(held)
        and needed <= held.keys()
        and all(
            name in wanted and each.get("integrity") == wanted[name].get("integrity") for name, each in held.items()
        )
    )


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    if not lock.is_file():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return found
