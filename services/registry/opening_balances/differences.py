"""What the register holds on the opening day beside what an older system says: line by line, and household by household as far as its
list was compared. Pure.

A line that the balance does not have is held without being asserted, and is shown so. ``registered`` stands for whoever fell back, too,
where the balance has no line of those: that is how the older system says it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from contracts.quantities import Figures
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.opening_balances import OpeningBalanceProposed
from contracts.registry.poverty_status import STOCK, PovertyStatus
from contracts.registry.reconciliations import ReconciliationResult
from services.casework.workbooks.layout import folded

Of = Literal["poverty", "monitoring"]


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """``kind``: blank where the line has none."""

    of: Of
    status: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """``asserted``: ``None`` where the balance has no such line. ``by_household``: how much of the difference the households listed make;
    the rest is not explained by any."""

    key: LineKey
    asserted: Figures | None
    held: Figures
    by_household: Figures

    @property
    def difference(self) -> Figures | None:
        return None if self.asserted is None else self.held - self.asserted

    @property
    def unexplained(self) -> Figures | None:
        difference = self.difference
        return None if difference is None else difference - self.by_household


@dataclass(frozen=True, slots=True)
class Standing:
    """A household on the opening day, as the register or as the list has it. ``status``: ``None`` where the list does not say."""

    status: PovertyStatus | None
    monitoring: MonitoringStatus | None
    kind: str | None
    persons: int


@dataclass(frozen=True, slots=True)
class DifferingHousehold:
    """``division``: where it is or was; ``asserted``: ``None`` where the list does not have it, ``held``: where the register does not."""

    subject: UUID
    household_id: UUID | None
    national_no: str | None
    division: str
    asserted: Standing | None
    held: Standing | None


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """What the comparison found of a number that was not the same. ``status``, ``kind``: as the list says them, ``None`` where that was the
    same, or blank; the kind by its name."""

    subject: UUID
    household_id: UUID | None
    national_no: str
    division: str
    result: ReconciliationResult
    persons: int
    status: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A household on the opening day. ``standing``: ``None`` of an ordinary one that is not monitored: the older system has none such."""

    household_id: UUID
    national_no: str | None
    division: str
    standing: Standing | None


def differing_households(
    listed: Sequence[ListedNumber],
    then: Mapping[UUID, OnRecord],
    now: Mapping[UUID, OnRecord],
    kinds: Mapping[str, str],
) -> Iterator[DifferingHousehold]:
    """Those of which list and register say something else. ``then``: as known when both were compared, ``now``: as known to whoever asks,
    of the households listed and of those that stand otherwise since. ``kinds``: by their names."""
    # Of a number that was missing here, whoever was recorded under it since.
    numbered = {row.national_no: row.household_id for row in now.values() if row.national_no is not None}
    told: set[UUID] = set()
    for each in listed:
        household = each.household_id or numbered.get(each.national_no)
        held, before = (None, None) if household is None else (_standing(now, household), _standing(then, household))
        if household is not None:
            told.add(household)
        asserted = _asserted(each, before or held, kinds)
        if asserted != held:
            yield DifferingHousehold(each.subject, household, each.national_no or None, each.division, asserted, held)
    for household in ({*then} | {*now}) - told:
        asserted, held, row = (
            _standing(then, household),
            _standing(now, household),
            now.get(household) or then[household],
        )
        if asserted != held:
            yield DifferingHousehold(household, household, row.national_no, row.division, asserted, held)


def _standing(rows: Mapping[UUID, OnRecord], household: UUID) -> Standing | None:
    return rows[household].standing if household in rows else None


def _asserted(listed: ListedNumber, here: Standing | None, kinds: Mapping[str, str]) -> Standing | None:
    """As the list has it: what is said there, and the rest as the register had it when both were compared."""
    if listed.result is ReconciliationResult.MISSING_THERE:
        return None
    status, monitoring, code = (None, None, None) if here is None else (here.status, here.monitoring, here.kind)
    # As the comparison has it: 未脱贫 is said of those who fell back, too.
    if listed.status is not None and not (listed.status == PovertyStatus.REGISTERED and status in STOCK):
        status = PovertyStatus(listed.status)
    if listed.kind is not None:
        monitoring, code = MonitoringStatus.MONITORED, kinds.get(folded(listed.kind), listed.kind)
    return Standing(status, monitoring, code, listed.persons)


def asserted_lines(balance: OpeningBalanceProposed) -> Mapping[LineKey, Figures]:
    lines = {LineKey("poverty", each.status): Figures(each.households, each.persons) for each in balance.poverty}
    monitored = {
        LineKey("monitoring", each.status, each.kind): Figures(each.households, each.persons)
        for each in balance.monitoring
    }
    return {**lines, **monitored}


def opening_lines(
    asserted: Mapping[LineKey, Figures], held: Mapping[LineKey, Figures], households: Iterable[DifferingHousehold]
) -> Sequence[OpeningLine]:
    """In the order of the lines: of the poor first."""
    together = _together(asserted)
    counted: dict[LineKey, Figures] = {}
    for key, figures in held.items():
        _add(counted, together.get(key, key), figures)
    explained: dict[LineKey, Figures] = {}
    for household in households:
        for key, figures in contribution(household).items():
            _add(explained, together.get(key, key), figures)
    keys = sorted({*asserted, *counted})
    return [
        OpeningLine(key, asserted.get(key), counted.get(key, Figures()), explained.get(key, Figures())) for key in keys
    ]


def contribution(household: DifferingHousehold) -> Mapping[LineKey, Figures]:
    """What this household adds to the difference of each line; nothing where both agree."""
    found: dict[LineKey, Figures] = {}
    for standing, sign in ((household.held, 1), (household.asserted, -1)):
        if standing is None:
            continue
        for key in _lines_of(standing):
            figures = Figures(1, standing.persons)
            _add(found, key, figures if sign == 1 else -figures)
    return {key: figures for key, figures in found.items() if figures != Figures()}


def _lines_of(standing: Standing) -> Iterable[LineKey]:
    if standing.status is not None:
        yield LineKey("poverty", standing.status)
    if standing.monitoring is not None:
        yield LineKey("monitoring", standing.monitoring, standing.kind or "")


def _together(asserted: Mapping[LineKey, Figures]) -> Mapping[LineKey, LineKey]:
    registered = LineKey("poverty", PovertyStatus.REGISTERED)
    others = [LineKey("poverty", status) for status in STOCK if status is not PovertyStatus.REGISTERED]
    return {other: registered for other in others if registered in asserted and other not in asserted}


def _add(sums: dict[LineKey, Figures], key: LineKey, figures: Figures) -> None:
    sums[key] = sums.get(key, Figures()) + figures
