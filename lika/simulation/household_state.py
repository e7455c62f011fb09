"""A household as far as its future needs it: small, since a province has hundreds of thousands of them."""

from collections.abc import Generator
from datetime import date
from heapq import heappush
from typing import NamedTuple
from uuid import UUID

from contracts.registry.households import STOCK, Attribute, PovertyCause, PovertyStatus, Relation
from lika.simulation.aid_state import Aid
from lika.simulation.divisions import Place
from lika.simulation.people import Births, Person

Process = Generator[date, None, None]
"""Something that goes on over time: it yields the day on which it wants to go on."""


class Duty(NamedTuple):
    """A helper is to be found by the end of ``due_on``; ``id``: of the duty's fact."""

    id: str
    set_on: date
    due_on: date


class Home:
    """``number`` counts in the province; ``no`` is the national household number. ``version`` and ``pairing_version``:
    facts in its two streams. ``wealth``: income per head over the line of the year; ``land``: tenths of a
    mu; ``last_income``: version of the last income entered. ``busy``: a case is open;
    ``decided_on``: since when it is decided; ``doubted``: when
    its look-back begins."""

    __slots__ = (
        "agenda",
        "aided",
        "attribute",
        "births",
        "busy",
        "cases",
        "cause",
        "decided_on",
        "doubted",
        "duty",
        "exit_year",
        "exited_by",
        "helper",
        "helper_since",
        "id",
        "land",
        "last_income",
        "members",
        "no",
        "number",
        "order",
        "other_causes",
        "over",
        "pairing_version",
        "place",
        "since",
        "status",
        "stream",
        "unit",
        "version",
        "wealth",
    )  # fmt: skip

    def __init__(self, number: int, id: UUID, no: str, place: Place, births: Births) -> None:  # noqa: A002
        self.number, self.id, self.no, self.place, self.births = number, id, no, place, births
        self.stream = f"household-{id}"
        self.members: dict[UUID, Person] = {}
        self.version = self.pairing_version = self.cases = self.order = 0
        self.agenda: list[tuple[date, int, Process]] = []
        self.status: PovertyStatus | None = None
        self.since = date.min
        self.exited_by = ""
        self.exit_year: int | None = None
        self.attribute = Attribute.GENERAL_POOR
        self.cause: PovertyCause | None = None
        self.other_causes: tuple[PovertyCause, ...] = ()
        self.land = 0
        self.wealth = 0.8
        self.last_income = 0
        self.helper: str | None = None
        self.unit = ""
        self.helper_since = date.min
        self.duty: Duty | None = None
        self.aided: list[Aid] = []
        self.busy = self.over = False
        self.decided_on: date | None = None
        self.doubted: date | None = None

    @property
    def in_stock(self) -> bool:
        return self.status in STOCK

    @property
    def head(self) -> Person:
        return next(m for m in self.members.values() if m.relation is Relation.HEAD)

    @property
    def present(self) -> list[Person]:
        """Members who are there, whatever the register believes."""
        return [m for m in self.members.values() if not m.gone]

    def start(self, process: Process, day: date) -> None:
        """Let something begin on that day (not before what is under way)."""
        self.order += 1
        heappush(self.agenda, (day, self.order, process))

    def end(self) -> None:
        """Nothing goes on here any more."""
        self.over = True
        self.agenda.clear()

    def fact_id(self, version: int) -> str:
        return f"registry/{self.stream}/{version}"
