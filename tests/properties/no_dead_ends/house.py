"""The services that walks are entered into, and their clock."""

from datetime import date, datetime, timedelta
from itertools import count

import httpx

from contracts.civil import civil_day
from services.audit.statements.feed import stock_view
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from tests.properties.no_dead_ends.agent import Counted
from tests.properties.no_dead_ends.lawful_histories import LawfulHistory
from tests.properties.no_dead_ends.registered import Registered
from tests.properties.no_dead_ends.roster import Roster
from tests.support.running import Lika


class House:
    """The running services that all walks are entered into, each in two counties of its own. ``counted``: what was asked in
    all of them, and the answers."""

    def __init__(self, running: Lika, audit: str) -> None:
        self.running, self.roster, self.counted = running, Roster(running), Counted()
        self.waited: list[str] = []
        self.store = running.services["registry"].store
        self._clock = SimulatedClock(self.store.now())
        self.audit = Store("audit", audit, self._clock)
        self._auditing = Consumer(self.audit, LocalSource(self.store), (stock_view(),))
        self._numbers = count(1)

    def close(self) -> None:
        self.audit.close()

    def today(self) -> date:
        return civil_day(self.store.now())

    def wait_until(self, day: date) -> None:
        """Until nine in the morning of that day."""
        for service in self.running.services:
            self._done(self.roster.operator.post(f"/{service}/clock/steps", {"to": f"{day}T09:00:00+08:00"}))

    def after_everything(self) -> datetime:
        return self.store.now() + timedelta(days=1)

    def audit_everything(self) -> None:
        """The audit reads what the registry has recorded."""
        self._clock.step(max(self._clock.now(), self.store.now()))
        head = self.store.position()
        while self._auditing.position < head:
            self._auditing.step()
        assert self._auditing.parked_subjects() == 0

    def registered(self, history: LawfulHistory) -> tuple[Registered, int]:
        number = next(self._numbers)
        first, second = f"99{2 * number:04d}", f"99{2 * number + 1:04d}"
        villages = (f"{first}101201", f"{first}102201", f"{second}101201", f"{second}102201")
        for code in villages:
            body = {"code": code, "level": "village", "name": "某村", "effective_on": "2013-01-01"}
            self._done(self.roster.operator.post("/registry/divisions", body))
        return Registered(self.store, history, villages), number

    @staticmethod
    def _done(answer: httpx.Response) -> None:
        assert answer.is_success, answer.text
