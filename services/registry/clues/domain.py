"""A clue: its state, what may become of it, and until when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry import clues as c
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import Refused
from services.registry.clues import rules

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 as Crockford writes it: nobody mistakes one of its letters for a digit over the telephone."""
SYMBOLS = 8
PREFIX = "clue-"


class ClueState(StrEnum):
    RECEIVED = "received"  # a household's own report, not accepted yet
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_UP = "taken_up"
    ANSWERED = "answered"


OPEN = (ClueState.RECEIVED, ClueState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Clue:
    """``received``: as it was received, in the fact of that id; ``division``: the village that it is in today; ``latest_on``:
    day of the latest fact; ``accepted_on``: or refused; ``ended_on``: answered, refused or taken up."""

    fact_id: str
    received: c.ClueReceived
    state: ClueState
    division: str
    latest_on: date
    household_id: UUID | None = None
    accepted_on: date | None = None
    refused_for: c.ClueRefusalReason | None = None
    answer: c.ClueAnswer | None = None
    duplicate_of: UUID | None = None
    case_id: UUID | None = None
    ended_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def due_by(self) -> date | None:
        """Last day for what comes next; none for one that has ended."""
        if not self.is_open:
            return None
        return self.received.accept_by if self.state is ClueState.RECEIVED else self.received.end_by


def stream_of(clue_id: UUID) -> str:
    return f"{PREFIX}{clue_id}"


def receipt_no(clue_id: UUID, division: str, day: date) -> str:
    """County, day and forty bits of the clue's id, such as ``990001-20230306-7ZK2M9QA``."""
    number = int.from_bytes(clue_id.bytes[:5])
    symbols = (ALPHABET[number >> 5 * place & 31] for place in reversed(range(SYMBOLS)))
    return f"{division[:6]}-{day:%Y%m%d}-{''.join(symbols)}"


def fold(facts: Iterable[Recorded]) -> Clue | None:
    clue: Clue | None = None
    for recorded in facts:
        fact = recorded.fact
        if isinstance(fact, c.ClueReceived):
            accepted = fact.source is not c.ClueSource.SELF_REPORT
            clue = Clue(
                recorded.id, fact, ClueState.ACCEPTED if accepted else ClueState.RECEIVED, fact.division,
                fact.effective_on, fact.household_id, fact.effective_on if accepted else None,
            )  # fmt: skip
        elif clue is not None:
            clue = _evolve(clue, fact)
    return clue


def _evolve(before: Clue, fact: Fact) -> Clue:
    day = fact.effective_on
    clue = replace(before, latest_on=max(before.latest_on, day))
    match fact:
        case c.ClueAccepted():
            return replace(clue, state=ClueState.ACCEPTED, accepted_on=day)
        case c.ClueRefused(reason=reason):
            return replace(clue, state=ClueState.REFUSED, accepted_on=day, refused_for=reason, ended_on=day)
        case c.ClueForwarded(to_division=division):
            return replace(clue, division=division)
        case c.ClueHouseholdIdentified(household_id=household):
            return replace(clue, household_id=household)
        case c.ClueTakenUp(household_id=household, case_id=case):
            return replace(clue, state=ClueState.TAKEN_UP, household_id=household, case_id=case, ended_on=day)
        case c.ClueAnswered(answer=answer, duplicate_of=other):
            return replace(clue, state=ClueState.ANSWERED, answer=answer, duplicate_of=other, ended_on=day)
    raise ValueError(f"{fact.type_name} is no fact of a clue")


def receive(fact: c.ClueReceived, today: date) -> list[Fact]:
    """A clue says whom it is about: a household on record, or by name."""
    require_not_future(fact.effective_on, today)
    if fact.household_id is None and fact.name is None:
        raise Refused(rules.NOBODY_NAMED)
    return [fact]


def accept(clue: Clue, fact: c.ClueAccepted, today: date) -> list[Fact]:
    _require_waiting(clue, fact.effective_on, today)
    return [fact]


def refuse(clue: Clue, fact: c.ClueRefused, today: date) -> list[Fact]:
    _require_waiting(clue, fact.effective_on, today)
    return [fact]


def forward(clue: Clue, fact: c.ClueForwarded, today: date) -> list[Fact]:
    """A clue that has not ended goes on in another village."""
    require_open(clue, fact.effective_on, today)
    if fact.to_division == clue.division:
        raise Refused(rules.IN_THAT_VILLAGE, division=clue.division)
    return [fact]


def identify(clue: Clue, fact: c.ClueHouseholdIdentified, today: date) -> list[Fact]:
    """Of an accepted clue, once; nothing where it is known already."""
    require_accepted(clue, fact.effective_on, today)
    if clue.household_id == fact.household_id:
        return []
    if clue.household_id is not None:
        raise Refused(rules.HOUSEHOLD_KNOWN).advising(*rules.ways_to_end(clue_ids(clue)))
    return [fact]


def answer(clue: Clue, fact: c.ClueAnswered, today: date, other: Clue | None, *, monitored: bool) -> list[Fact]:
    """``other``: the clue that it duplicates, as far as the actor may see it; ``monitored``: whether its household is, on the day
    of the answer. Who reported it may withdraw it at any time, all other answers come after it was accepted."""
    if fact.answer is c.ClueAnswer.WITHDRAWN:
        require_open(clue, fact.effective_on, today)
    else:
        require_accepted(clue, fact.effective_on, today)
    if (fact.answer is c.ClueAnswer.DUPLICATE) is not (fact.duplicate_of is not None):
        raise Refused(rules.DUPLICATE_NOT_NAMED)
    if fact.duplicate_of is not None and (
        other is None or fact.duplicate_of == fact.clue_id or other.answer is c.ClueAnswer.DUPLICATE
        or other.state is ClueState.REFUSED
    ):  # fmt: skip
        raise Refused(rules.NOT_ITS_ORIGINAL)
    if fact.answer is c.ClueAnswer.ALREADY_MONITORED:
        if clue.household_id is None:
            raise Refused(rules.HOUSEHOLD_UNKNOWN).advising(*rules.ways_to_a_household(clue_ids(clue)))
        if not monitored:
            raise Refused(rules.HOUSEHOLD_NOT_MONITORED, on=fact.effective_on).advising(
                *rules.ways_to_end(clue_ids(clue))
            )
    return [fact]


def take_up(clue: Clue, fact: c.ClueTakenUp, today: date, *, former_case_left: bool) -> list[Fact]:
    """A case about the clue's household takes it up. ``former_case_left``: the case that took it up before was withdrawn or
    closed, so that another may."""
    _require_day(clue, fact.effective_on, today)
    if clue.household_id is None and clue.is_open:
        raise Refused(rules.HOUSEHOLD_UNKNOWN).advising(*rules.ways_to_a_household(clue_ids(clue)))
    if not (clue.state is ClueState.TAKEN_UP and former_case_left):
        require_accepted(clue, fact.effective_on, today)
    if clue.household_id != fact.household_id:
        raise Refused(rules.ANOTHER_HOUSEHOLD).advising(*rules.ways_to_end(clue_ids(clue)))
    return [fact]


def require_open(clue: Clue, on: date, today: date) -> None:
    """Raises ``Refused`` for a clue that has ended, or a day before its latest one."""
    _require_day(clue, on, today)
    if not clue.is_open:
        raise Refused(rules.CLUE_ENDED, state=clue.state, ended_on=clue.ended_on)


def require_accepted(clue: Clue, on: date, today: date) -> None:
    """Raises ``Refused`` for a clue that was not accepted, or has ended."""
    require_open(clue, on, today)
    if clue.state is ClueState.RECEIVED:
        raise Refused(rules.NOT_ACCEPTED_YET, accept_by=clue.received.accept_by).advising(
            *rules.ways_to_accept(clue_ids(clue))
        )


def _require_waiting(clue: Clue, on: date, today: date) -> None:
    require_open(clue, on, today)
    if clue.state is not ClueState.RECEIVED:
        raise Refused(rules.ALREADY_ACCEPTED, accepted_on=clue.accepted_on).advising(*rules.ways_to_end(clue_ids(clue)))


def _require_day(clue: Clue, on: date, today: date) -> None:
    require_not_future(on, today)
    if on < clue.latest_on:
        raise Refused(rules.BEFORE_THE_CLUE, on=on, former=clue.latest_on)


def clue_ids(clue: Clue) -> dict[str, Any]:
    return {"clue_id": clue.received.clue_id}


def open_acts(state: ClueState, *, household_known: bool) -> frozenset[str]:
    """What may be done about a clue as it is, whatever is entered. To whom it is about, one looks at any time."""
    acts = {"disclose_clue"}
    if state in OPEN:
        acts |= {"forward_clue", "answer_clue"}
    if state is ClueState.RECEIVED:
        acts |= {"accept_clue", "refuse_clue"}
    if state is ClueState.ACCEPTED and not household_known:
        acts |= {"identify_clue_household", "record_clue_household"}
    return frozenset(acts)
