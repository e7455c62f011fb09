"""The security log: who was refused, who signed in, who saw personal data, what operators did. One JSON object a line, in a
stream of its own that is only appended to.

No value that a caller chose gets into a line, but for an account (which is no name), an address, and an id that is a UUID.
A flood is summed up, and the file has a largest size: nobody can fill the disk with it.
"""

import hashlib
import json
import logging
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from services.chassis.ground.clock import SystemClock
from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.ground.metrics import security_log_failures
from services.chassis.ground.networks import network_of

LINES_PER_SOURCE = 120
"""Lines a minute about what one account did, about what it was refused, or about one network without a known account; more
are counted (``more``)."""
LINES_OF_ACCOUNTS, LINES_OF_STRANGERS = 5000, 1000
"""Refusals a minute of known accounts, and of anybody else: the one cannot use up what is there for the other."""
SUMS = 1000
"""Different sums a minute of each; what goes beyond is one sum a code."""
REFUSED = "refused"
OTHERS = "others"
FILE_BYTES, FILES = 64 * 2**20, 16
"""A gibibyte in all, the oldest file given up for a new one: half a day of the worst, years of the usual."""

LOGGER = logging.getLogger("security")
LOGGER.propagate = False
LOGGER.setLevel(logging.INFO)
LOGGER.addHandler(logging.NullHandler())

AS_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DIGITS = re.compile(r"\d{10}")


Source = tuple[str, str | None, bool]
"""Account or address, which, and whether it is about its acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """``route``: the template; ``code``: of the rule that refused; ``request``: as in the answer's ``Lika-Request``."""

    event: str
    service: str
    account: str | None
    address: str | None
    method: str
    route: str
    object: UUID | None = None
    status: int
    code: str | None = None
    request: str
    count: int | None = None

    @property
    def is_act(self) -> bool:
        """Whether a known account did something. What it did is told of it in any case: accounts have budgets of requests,
        and no flood of strangers may hide who saw whose data."""
        return self.account is not None and self.event != REFUSED

    @property
    def source(self) -> Source:
        if self.account is not None:
            return "account", self.account, self.is_act
        return "address", None if self.address is None else network_of(self.address), False


class SecurityLog:
    """Threadsafe. ``write`` takes a line."""

    def __init__(self, write: Callable[[str], object], now: Callable[[], datetime] | None = None) -> None:
        self._write, self._now, self._lock = write, now or SystemClock().now, threading.Lock()
        self._begun = self._now()
        self._written: dict[Source, int] = {}
        self._lines: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        self._more: Counter[tuple[Source, str, int, str | None]] = Counter()

    def record(self, event: SecurityEvent) -> None:
        """A line; or one more of a sum, where enough was written of this source in this minute."""
        now = self._now()
        with self._lock:
            if (now - self._begun).total_seconds() >= 60:
                self._sum_up(now)
            source = event.source
            written = self._written.get(source, 0)
            kind, most = source[0], LINES_OF_ACCOUNTS if source[0] == "account" else LINES_OF_STRANGERS
            if written < LINES_PER_SOURCE and (event.is_act or self._lines[kind] < most):
                self._written[source] = written + 1
                if not event.is_act:
                    self._lines[kind] += 1
                self._line(now, _told(event))
                return
            if not self._more:
                self._sum_up_later()
            key = (source, event.event, event.status, event.code)
            if key not in self._more and not event.is_act:
                if self._sums[kind] < SUMS:
                    self._sums[kind] += 1
                else:
                    key = ((kind, OTHERS, False), *key[1:])
            self._more[key] += 1

    def sum_up(self) -> None:
        """Write what was counted and not written, and begin anew."""
        with self._lock:
            self._sum_up(self._now())

    def _sum_up(self, now: datetime) -> None:
        for ((kind, who, _), event, status, code), more in self._more.items():
            shown = who if who == OTHERS else _shown(kind, who)
            sums = {"event": event, kind: shown, "status": status, "code": code, "more": more}
            self._line(now, {**sums, "since": _instant(self._begun)})
        self._more.clear()
        self._written.clear()
        self._lines.clear()
        self._sums.clear()
        self._begun = now

    def _sum_up_later(self) -> None:
        timer = threading.Timer(60, self.sum_up)
        timer.daemon = True
        timer.start()

    def _line(self, now: datetime, fields: dict[str, Any]) -> None:
        said = {name: value for name, value in fields.items() if value is not None}
        self._write(json.dumps({"at": _instant(now), **said}, ensure_ascii=True))


def _told(event: SecurityEvent) -> dict[str, Any]:
    fields = asdict(event)
    fields["account"], fields["address"] = _shown("account", event.account), _shown("address", event.address)
    fields["object"] = str(event.object) if event.object else None
    return fields


@lru_cache(1000)
def _shown(kind: str, who: str | None) -> str | None:
    """An address where it is one. An account with a long number in it, unless it is a UUID, by its digest: it may be
    somebody's phone or ID number."""
    if who is None:
        return None
    if kind == "address":
        with suppress(ValueError):
            return str(ip_address(who))
        return "unknown"
    if not _DIGITS.search(who) or AS_UUID.fullmatch(who):
        return who
    return f"sha256:{hashlib.sha256(who.encode()).hexdigest()[:16]}"


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


class _File(RotatingFileHandler):
    """For its owner only (0600). A line that cannot be written is counted, and refuses nobody."""

    def _open(self) -> IO[Any]:  # type: ignore[override]
        return os.fdopen(
            os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        security_log_failures.inc()


class SecurityLogUnusable(ExplainedError):
    """The file of the security log cannot be written."""


def open_security_log(file: Path | None) -> None:
    """Lines go to this file from now on; to standard output without one. Raises ``SecurityLogUnusable``."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stdout)
    else:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handler = _File(file, maxBytes=FILE_BYTES, backupCount=FILES - 1)
        except OSError as error:
            raise SecurityLogUnusable(CHASSIS.say("security_log_unusable", file=file, reason=error.strerror)) from None
    for before in LOGGER.handlers:
        before.close()
    LOGGER.handlers = [handler]


SECURITY = SecurityLog(LOGGER.info)
"""Of this process; written nowhere until it is opened."""
