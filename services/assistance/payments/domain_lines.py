"""A pay-list and its lines as a small state machine, folded from the list's own facts in the order in which they were recorded:
every decision was made on what was known then. Pure.

Which lines there are stands in runs that need not be read for this: a line is its number, and states are bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from contracts.assistance import payments as facts
from contracts.facts import Fact, Recorded
from contracts.selection import surviving

NOTHING = Decimal("0.00")


class PayListStage(StrEnum):
    """How far a list has come. What is ``INSTRUCTED`` was handed over; from then on its lines go on by themselves."""

    COMPILED = "compiled"
    POSTED = "posted"
    VERIFIED = "verified"
    RELEASED = "released"
    INSTRUCTED = "instructed"
    WITHDRAWN = "withdrawn"


STAGE_AFTER: dict[type[Fact], PayListStage] = {
    facts.PayListCompiled: PayListStage.COMPILED,
    facts.PayListPosted: PayListStage.POSTED,
    facts.PayListVerified: PayListStage.VERIFIED,
    facts.PaymentsReleased: PayListStage.RELEASED,
    facts.PaymentsInstructed: PayListStage.INSTRUCTED,
    facts.PayListWithdrawn: PayListStage.WITHDRAWN,
}
MAY_FOLLOW: dict[type[Fact], frozenset[PayListStage]] = {
    facts.PayListPosted: frozenset({PayListStage.COMPILED}),
    facts.PayListVerified: frozenset({PayListStage.POSTED}),
    facts.PaymentsReleased: frozenset({PayListStage.VERIFIED}),
    facts.PaymentsInstructed: frozenset({PayListStage.RELEASED, PayListStage.INSTRUCTED}),
    facts.PayListWithdrawn: frozenset(
        {PayListStage.COMPILED, PayListStage.POSTED, PayListStage.VERIFIED, PayListStage.RELEASED}
    ),
}
"""From which stages each act goes on; a reissue is released as soon as it is compiled."""


class LineState(IntEnum):
    LISTED = 0
    STRUCK = 1
    PENDING = 2
    SETTLED = 3
    RETURNED = 4


LIVE = frozenset({LineState.LISTED, LineState.PENDING, LineState.SETTLED})
"""A line that is one of these keeps its due from being paid by another."""


@dataclass(slots=True)
class PayList:
    """``since``: the day of the act that brought it where it is, none of its compilation: what it names may have hung as a sheet of
    paper before. ``instructed``, ``settled`` and ``returned`` are sums of what facts say; ``states`` what they make of each line.
    ``irregular``: lines that an outcome named which it could not be true of; ``later``: lines that were freed and handed over after the
    first file."""

    list_id: UUID
    compiled: facts.PayListCompiled
    states: bytearray
    stage: PayListStage = PayListStage.COMPILED
    since: date | None = None
    last_day: date | None = None
    released: facts.PaymentsReleased | None = None
    held: dict[int, UUID] = field(default_factory=dict)
    hands: dict[str, type[Fact]] = field(default_factory=dict)
    files: list[facts.PaymentsInstructed] = field(default_factory=list)
    causes: dict[int, tuple[facts.ReturnCause, date]] = field(default_factory=dict)
    instructed: Decimal = NOTHING
    settled: Decimal = NOTHING
    returned: Decimal = NOTHING
    irregular: int = 0
    later: dict[int, facts.PaymentsInstructed] = field(default_factory=dict)

    def file_of(self, line: int) -> facts.PaymentsInstructed:
        """In which the line was handed over."""
        return self.later.get(line, self.files[0])

    def state(self, line: int) -> LineState:
        return LineState(self.states[line - 1])

    def lines(self, *states: LineState) -> Iterator[int]:
        wanted = frozenset(states)
        return (number for number, state in enumerate(self.states, start=1) if state in wanted)

    def count(self, state: LineState) -> int:
        return self.states.count(state)

    def to_hand_over(self) -> list[int]:
        return [line for line in self.lines(LineState.LISTED) if line not in self.held]

    @property
    def is_reissue(self) -> bool:
        return self.compiled.reissues is not None


def fold(recorded: Iterable[Recorded]) -> PayList | None:
    """``None`` before it is compiled."""
    found: PayList | None = None
    for each in in_order(recorded):
        match each.fact:
            case facts.PayListCompiled() as fact:
                found = PayList(fact.list_id, fact, bytearray(fact.lines), hands={fact.entered_by: type(fact)})
            case facts.ListFact() as fact if found is not None:
                evolve(found, fact)
    return found


def in_order(recorded: Iterable[Recorded]) -> list[Recorded]:
    """What counts, in the order of recording."""
    return sorted(surviving(recorded), key=attrgetter("position"))


def evolve(pay_list: PayList, fact: facts.ListFact) -> None:
    """The list after one more fact."""
    kind = type(fact)
    if (stage := STAGE_AFTER.get(kind)) is not None:
        pay_list.stage, pay_list.since = stage, fact.effective_on
        pay_list.hands.setdefault(fact.entered_by, kind)
    match fact:
        case facts.PayListPosted():
            pay_list.last_day = fact.last_day
        case facts.PaymentsReleased():
            pay_list.released = fact
        case facts.PayLinesStruck():
            _move(pay_list, fact.lines, LineState.LISTED, LineState.STRUCK)
        case facts.PayLinesHeld():
            pay_list.held.update(dict.fromkeys(fact.lines, fact.person_id))
        case facts.PayLinesFreed():
            for line in fact.lines:
                pay_list.held.pop(line, None)
        case facts.PayListWithdrawn():
            _move_range(pay_list, 1, len(pay_list.states), (), LineState.LISTED, LineState.STRUCK)
        case facts.PaymentsInstructed():
            _instruct(pay_list, fact)
        case facts.PaymentsSettled():
            _move_range(pay_list, fact.first, fact.last, fact.but, LineState.PENDING, LineState.SETTLED)
            pay_list.settled += fact.total
        case facts.PaymentsReturned():
            _return(pay_list, fact)


def _instruct(pay_list: PayList, fact: facts.PaymentsInstructed) -> None:
    left = set(fact.left_out)
    handed = [line for line in pay_list.lines(LineState.LISTED) if line not in left]
    if pay_list.files:
        pay_list.later.update(dict.fromkeys(handed, fact))
    for line in handed:
        pay_list.states[line - 1] = LineState.PENDING
    pay_list.files.append(fact)
    pay_list.instructed += fact.total


def _return(pay_list: PayList, fact: facts.PaymentsReturned) -> None:
    for each in fact.lines:
        if pay_list.state(each.line) in (LineState.PENDING, LineState.SETTLED):
            pay_list.states[each.line - 1] = LineState.RETURNED
        else:
            pay_list.irregular += 1
        pay_list.causes[each.line] = each.cause, fact.effective_on
    pay_list.returned += fact.total
    pay_list.settled -= fact.of_settled


def _move(pay_list: PayList, lines: Iterable[int], before: LineState, after: LineState) -> None:
    for line in lines:
        if pay_list.state(line) is before:
            pay_list.states[line - 1] = after
        else:
            pay_list.irregular += 1


def _move_range(
    pay_list: PayList, first: int, last: int, but: Sequence[int], before: LineState, after: LineState
) -> None:
    part = pay_list.states[first - 1 : last]
    kept = {line: part[line - first] for line in but}
    moved = part.replace(bytes([before]), bytes([after]))
    for line, state in kept.items():
        moved[line - first] = state
    pay_list.states[first - 1 : last] = moved


def runs_of(lines: Iterable[int], size: int = facts.RUN) -> Iterator[tuple[int, int]]:
    """First and last of the runs in which lines are recorded, for those runs that have one of these."""
    for _, of_run in groupby(sorted(lines), key=lambda line: (line - 1) // size):
        numbers = list(of_run)
        yield numbers[0], numbers[-1]


def settled_fact(
    common: dict[str, Any], lines: Sequence[int], amounts: "Amounts", source: str
) -> facts.PaymentsSettled:
    """Of lines within one run, in order."""
    first, last, named = lines[0], lines[-1], set(lines)
    return facts.PaymentsSettled(
        **common, first=first, last=last, but=tuple(n for n in range(first, last + 1) if n not in named),
        lines=len(lines), total=sum((amounts[n] for n in lines), NOTHING), source=source,
    )  # fmt: skip


Amounts = Any
"""Line → yuan: a mapping, or a sequence that begins with a line 0 that there is not."""
