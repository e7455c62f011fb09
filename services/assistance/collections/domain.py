"""A collection, folded from its stream, and what may be entered next. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from contracts.assistance import collections as facts
from contracts.facts import Recorded
from services.assistance.collections import rules
from services.casework.dates import require_not_future
from services.casework.normalized_texts import normalized
from services.chassis.ground.refusals import Refused

NOTHING = Decimal(0)


def stream_of(case_id: UUID) -> str:
    return f"collection-{case_id}"


Said = TypeVar("Said", facts.CollectionOpened, facts.DonationPledged, facts.DonationReceived)


@dataclass(frozen=True)
class Entry(Generic[Said]):
    """The opening, a pledge or a donation. ``number``: in the stream."""

    number: int
    fact_id: str
    said: Said


@dataclass(slots=True)
class Collection:
    """``opened``: none before money is sought."""

    opened: Entry[facts.CollectionOpened] | None = None
    pledges: list[Entry[facts.DonationPledged]] = field(default_factory=list)
    donations: list[Entry[facts.DonationReceived]] = field(default_factory=list)

    @property
    def received(self) -> Decimal:
        return sum((entry.said.amount for entry in self.donations), NOTHING)

    @property
    def pledged(self) -> Decimal:
        return sum((entry.said.amount for entry in self.pledges), NOTHING)

    def left_of(self, pledge: Entry[facts.DonationPledged]) -> Decimal:
        """Yuan of the pledge that did not come in."""
        kept = (d.said.amount for d in self.donations if d.said.pledge == pledge.number)
        return max(pledge.said.amount - sum(kept, NOTHING), NOTHING)

    def is_overdue(self, pledge: Entry[facts.DonationPledged], day: date) -> bool:
        """From the day after the one by which it was promised."""
        return self.left_of(pledge) > NOTHING and pledge.said.due_on < day


def fold(timeline: Iterable[Recorded]) -> Collection:
    found = Collection()
    for recorded in timeline:
        match recorded.fact:
            case facts.CollectionOpened() as opened:
                found.opened = Entry(recorded.version, recorded.id, opened)
            case facts.DonationPledged() as said:
                found.pledges.append(Entry(recorded.version, recorded.id, said))
            case facts.DonationReceived() as said:
                found.donations.append(Entry(recorded.version, recorded.id, said))
    return found


def open_collection(state: Collection, common: dict[str, Any], target: Decimal, today: date) -> facts.CollectionOpened:
    """Raises ``Refused``."""
    require_not_future(common["effective_on"], today)
    if state.opened is not None:
        raise Refused(rules.OPEN_ALREADY, target=str(state.opened.said.target))
    return facts.CollectionOpened(**common, target=target)


def pledge(
    state: Collection, common: dict[str, Any], donor: str, amount: Decimal, due_on: date, today: date
) -> facts.DonationPledged:
    """Raises ``Refused``."""
    _require_open(state, common["effective_on"], today)
    proposed = facts.DonationPledged(**common, donor=donor, amount=amount, due_on=due_on)
    for entry in state.pledges:
        if _promise(entry.said) == _promise(proposed):
            raise Refused(rules.PLEDGE_TOLD_ALREADY, number=entry.number)
    return proposed


def receive(
    state: Collection, common: dict[str, Any], amount: Decimal, receipt_no: str, donor: str, of: int | None, today: date
) -> facts.DonationReceived:
    """``of``: number of the pledge that it keeps. Raises ``Refused``."""
    _require_open(state, common["effective_on"], today)
    for entry in state.donations:
        if normalized((entry.said.receipt_no,)) == normalized((receipt_no,)):
            raise Refused(rules.RECEIPT_USED, number=entry.number)
    if of is not None:
        kept = next((entry for entry in state.pledges if entry.number == of), None)
        if kept is None:
            raise Refused(rules.PLEDGE_UNKNOWN)
        if amount > (left := state.left_of(kept)):
            raise Refused(rules.MORE_THAN_PLEDGED, left=str(left))
    return facts.DonationReceived(**common, donor=donor, amount=amount, receipt_no=receipt_no, pledge=of)


def annul(state: Collection, common: dict[str, Any], number: int, reason: str) -> facts.CollectionEntryAnnulled:
    """The opening only where nothing was entered after it that stands. Raises ``Refused``."""
    entered: list[Entry[Any]] = [*state.pledges, *state.donations]
    if state.opened is not None and state.opened.number == number and entered:
        raise Refused(rules.HAS_ENTRIES, entries=[entry.number for entry in entered])
    every = [*entered, *([] if state.opened is None else [state.opened])]
    void = next((entry for entry in every if entry.number == number), None)
    if void is None:
        raise Refused(rules.PASSED_ON)
    return facts.CollectionEntryAnnulled(**common, annuls=(void.fact_id,), reason=reason)


def _promise(said: facts.DonationPledged) -> tuple[str, Decimal, date, date]:
    """What makes it one: a donor is a number, by which nobody else is known."""
    return normalized((said.donor,)), said.amount, said.effective_on, said.due_on


def _require_open(state: Collection, on: date, today: date) -> None:
    require_not_future(on, today)
    if state.opened is None or on < state.opened.said.effective_on:
        raise Refused(rules.NOT_OPEN)
