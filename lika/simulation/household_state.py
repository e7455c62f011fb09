"""The state of a household, as far as later events depend on it: small, since a province has hundreds of thousands."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from contracts.registry.codes import PovertyCause
from contracts.registry.households import Attribute
from contracts.registry.members import Relation
from contracts.registry.poverty_status import STOCK, PovertyStatus
from lika.simulation.aid_state import AidRecord
from lika.simulation.divisions import Division
from lika.simulation.people import Person, PersonNumbers
from lika.simulation.schedule import Schedule


class HelperDuty(NamedTuple):
    """A helper must be assigned from ``since`` to the end of ``due_on``; ``cause``: id of the fact by which."""

    cause: str
    since: date
    due_on: date


class Household:
    """``index`` counts the households of the province from 0. ``version``, ``pairing_version`` and ``duties_version``: facts in
    its streams. ``pair``: number of the one with its helper. ``missed_duties``: id and last day of each. ``income_ratio``: income
    per head over the poverty line of the year; ``arable_tenths``: arable land in tenths of a mu. ``decided_on``: the day of a
    decision that is not announced yet; ``look_back_on``: when its look-back case begins."""

    __slots__ = (
        "arable_tenths",
        "attribute",
        "cases",
        "decided_on",
        "division",
        "duties_version",
        "ended",
        "exit_fact_id",
        "granted_aid",
        "has_open_case",
        "helper",
        "helper_duty",
        "helper_since",
        "helper_unit",
        "id",
        "income_ratio",
        "index",
        "look_back_on",
        "main_cause",
        "members",
        "missed_duties",
        "national_no",
        "numbers",
        "other_causes",
        "pair",
        "pairing_version",
        "schedule",
        "since",
        "status",
        "stream",
        "version",
    )

    def __init__(
        self,
        index: int,
        id: UUID,  # noqa: A002
        national_no: str,
        division: Division,
        numbers: PersonNumbers,
    ) -> None:
        self.index, self.id, self.national_no, self.division, self.numbers = index, id, national_no, division, numbers
        self.stream = f"household-{id}"
        self.members: dict[UUID, Person] = {}
        self.version = self.pairing_version = self.duties_version = self.cases = 0
        self.schedule = Schedule()
        self.status: PovertyStatus | None = None
        self.since = date.min
        self.exit_fact_id = ""
        self.attribute = Attribute.GENERAL_POOR
        self.main_cause: PovertyCause | None = None
        self.other_causes: tuple[PovertyCause, ...] = ()
        self.arable_tenths = 0
        self.income_ratio = 0.8
        self.helper: str | None = None
        self.pair: int | None = None
        self.helper_unit = ""
        self.helper_since = date.min
        self.helper_duty: HelperDuty | None = None
        self.missed_duties: list[tuple[str, date]] = []
        self.granted_aid: list[AidRecord] = []
        self.has_open_case = self.ended = False
        self.decided_on: date | None = None
        self.look_back_on: date | None = None

    @property
    def in_stock(self) -> bool:
        return self.status in STOCK

    @property
    def head(self) -> Person:
        return next(m for m in self.members.values() if m.relation is Relation.HEAD)

    @property
    def present_members(self) -> list[Person]:
        """Members who are there, whether or not the register knows that the others are gone."""
        return [m for m in self.members.values() if not m.absent]

    @property
    def cadre(self) -> str:
        """The account of the village's cadre."""
        return f"cadre-{self.division.code}"

    def end(self) -> None:
        """Nothing happens to this household any more."""
        self.ended = True
        self.schedule.clear()

    def fact_id(self, version: int) -> str:
        return f"registry/{self.stream}/{version}"
