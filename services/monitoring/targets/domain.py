"""Deciding about targets: a wish, the target's whole timeline and today give facts, or a refusal by name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom, Fact, Recorded
from contracts.monitoring.targets import (
    MilestonePlanned,
    MilestoneReached,
    Owner,
    ProgressReported,
    TargetKind,
    TargetOverdue,
    TargetSet,
    TargetStruckOff,
    TargetWithdrawn,
)
from contracts.quantities import Figures, Quantity, Unit
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.monitoring.targets import rules
from services.monitoring.targets.state import NOBODY, Target, fold

MEASURED = frozenset({Unit.KILOMETRE, Unit.MU, Unit.JIN, Unit.SQUARE_METRE, Unit.YUAN})
"""Units that have fractions; all others are counted."""

CUT_OFF = re.compile(r"[…?？*＊×□某]|\.\.+$")
"""What papers leave behind where a name was cut off or blotted out."""

ANY_TIME, ANY_POSITION = datetime(9000, 1, 1, tzinfo=UTC), 2**62
"""Of a fact that is weighed before the log has it."""


def set_target(wish: TargetSet, today: date) -> list[Fact]:
    """An item of a work list, or the year's exit target (M006, M189)."""
    if not wish.lines:
        raise Refused(rules.WITHOUT_QUANTITY)
    if not wish.owners:
        raise Refused(rules.WITHOUT_OWNER)
    for number, owner in enumerate(wish.owners, start=1):
        if truncated(owner) and owner.owner_note is None:
            raise Refused(rules.OWNER_INCOMPLETE, owner_number=number)
    if len({owner.label for owner in wish.owners}) < len(wish.owners):
        raise Refused(rules.OWNER_TWICE)
    for line in wish.lines:
        _require_countable(line.quantity)
    if wish.effective_on > today:
        raise Refused(rules.IN_FUTURE, day=wish.effective_on, today=today)
    if wish.deadline < wish.effective_on:
        raise Refused(rules.DEADLINE_PASSED, deadline=wish.deadline, effective_on=wish.effective_on)
    if wish.kind is TargetKind.EXIT:
        if sorted(line.quantity.unit for line in wish.lines) != [Unit.HOUSEHOLD, Unit.PERSON]:
            raise Refused(rules.EXIT_NEEDS_BOTH)
        if wish.deadline.year != wish.year:
            raise Refused(rules.EXIT_DEADLINE, deadline=wish.deadline, year=wish.year)
    return [wish]


def report(wish: ProgressReported, known: Sequence[Recorded], today: date) -> list[Fact]:
    """So much of a line is done in all. A correction makes void, by id, the reports that it contradicts."""
    target = require_open(known)
    if target.kind is TargetKind.EXIT:
        raise Refused(rules.COMPUTED)
    line = target.line(wish.line)
    if line is None:
        raise Refused(rules.NO_SUCH_LINE, line=wish.line)
    if wish.quantity.unit is not line.quantity.unit:
        raise Refused(rules.UNIT_DIFFERS, expected=line.quantity.unit, reported=wish.quantity.unit)
    _require_countable(wish.quantity)
    _require_day(wish.effective_on, target.set_on, today)
    wrong = [r for r in timeline(known) if isinstance(r.fact, ProgressReported) and _contradict(r.fact, wish)]
    if wrong and wish.correction is None:
        other = wrong[0].fact
        assert isinstance(other, ProgressReported)
        raise Refused(rules.WOULD_FALL, line=wish.line, stands=str(other.quantity.amount), since=other.effective_on)
    return _judged(msgspec.structs.replace(wish, annuls=tuple(r.id for r in wrong)), known, target, today)


def plan(wish: MilestonePlanned, known: Sequence[Recorded], today: date) -> list[Fact]:
    """A node on the roadmap (M008); it is given the next number."""
    target = require_open(known)
    _require_day(wish.effective_on, target.set_on, today)
    if wish.due_on > target.deadline:
        raise Refused(rules.AFTER_DEADLINE, due_on=wish.due_on, deadline=target.deadline)
    return [msgspec.structs.replace(wish, milestone=len(target.milestones) + 1)]


def reach(wish: MilestoneReached, known: Sequence[Recorded], today: date) -> list[Fact]:
    """A node is reached, on evidence."""
    target = require_open(known)
    node = next((m for m in target.milestones if m.milestone == wish.milestone), None)
    if node is None:
        raise Refused(NOT_FOUND)
    if node.reached_on is not None:
        raise Refused(rules.REACHED_ALREADY, reached_on=node.reached_on)
    _require_day(wish.effective_on, node.planned_on, today)
    _require_evidence(wish)
    return [wish]


def strike_off(wish: TargetStruckOff, known: Sequence[Recorded], today: date, exited: Figures = NOBODY) -> list[Fact]:
    """动态销号 by milestone, never a free status edit. ``exited``: exits of the year up to the day of strike-off."""
    target = require_open(known)
    _require_day(wish.effective_on, _last_day(known), today)
    _require_evidence(wish)
    if not target.milestones:
        raise Refused(rules.NO_ROADMAP)
    if waiting := [m.milestone for m in target.milestones if m.reached_on is None]:
        raise Refused(rules.NODES_OPEN, milestones=waiting)
    if missing := target.missing(exited):
        raise Refused(rules.QUANTITY_SHORT, missing=[f"{m.missing.amount:f} {m.missing.unit}" for m in missing])
    if wish.entered_by in _reporters(known):
        raise Refused(rules.OWN_REPORT)
    return [_in_time(wish, known, target)]


def withdraw(wish: TargetWithdrawn, known: Sequence[Recorded], today: date) -> list[Fact]:
    """The target no longer stands."""
    target = require_open(known)
    _require_day(wish.effective_on, _last_day(known), today)
    return [_in_time(wish, known, target)]


def pass_deadline(
    known: Sequence[Recorded], entered_by: str, exited: Figures = NOBODY, decided_from: DecidedFrom | None = None
) -> list[Fact]:
    """The deadline is over: a target neither met nor closed by its last day is overdue from the day after. Nothing
    happens to any other, nor a second time. ``exited``: exits of the year up to the deadline."""
    present = fold(timeline(known))
    if present is None or present.overdue is not None:
        return []
    at_deadline = fold(timeline(known, as_of=present.deadline))
    if at_deadline is None or at_deadline.closed is not None:
        return []
    missing = at_deadline.missing(exited)
    if not missing:
        return []
    setting = next(r for r in known if isinstance(r.fact, TargetSet))
    return [
        TargetOverdue(
            target_id=present.target_id, effective_on=present.deadline + timedelta(days=1), entered_by=entered_by,
            missing=missing, caused_by=setting.id, decided_from=decided_from,
        )
    ]  # fmt: skip


def require_open(known: Sequence[Recorded]) -> Target:
    """The target as it stands. Raises ``Refused`` when it was never set or is closed."""
    target = fold(timeline(known))
    if target is None:
        raise Refused(NOT_FOUND)
    if target.closed is not None:
        raise Refused(rules.CLOSED, state=target.closed, since=target.closed_on)
    return target


def truncated(owner: Owner) -> bool:
    """Whether the label is visibly not whole: one character, or with a mark of omission (C25)."""
    label = owner.label.strip()
    return len(label) < 2 or CUT_OFF.search(label) is not None


def work_key(target: Target, line: int) -> str:
    """What makes two lines the same work: division, content, place and unit (source facts §5 rule 57)."""
    found = target.line(line)
    assert found is not None
    return _plain((target.division, target.content, found.place, found.quantity.unit))


def item_key(target: Target) -> str:
    """What makes two items the same: division, year, list and code."""
    return _plain((target.division, str(target.year), target.work_list, target.item))


def stream_of(target_id: UUID) -> str:
    return f"target-{target_id}"


def _plain(parts: Iterable[str]) -> str:
    """Neither width, case nor blanks make a difference."""
    return "\n".join("".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)


def _contradict(stands: ProgressReported, wish: ProgressReported) -> bool:
    if stands.line != wish.line:
        return False
    if stands.effective_on <= wish.effective_on:
        return stands.quantity.amount > wish.quantity.amount
    return stands.quantity.amount < wish.quantity.amount


def _judged(wish: ProgressReported, known: Sequence[Recorded], target: Target, today: date) -> list[Fact]:
    """A report about days before the deadline judges the deadline again: it voids the verdict, or brings it about."""
    new = Recorded("monitoring", ANY_POSITION, "", 0, ANY_TIME, UUID(int=0), wish.entered_by, wish, b"")
    after = [*known, new]
    at_deadline = fold(timeline(after, as_of=target.deadline))
    if at_deadline is not None and not at_deadline.missing():
        return [msgspec.structs.replace(wish, annuls=(*wish.annuls, *_verdicts(known)))]
    return [wish, *(pass_deadline(after, wish.entered_by) if today > target.deadline else ())]


def _in_time(
    wish: TargetStruckOff | TargetWithdrawn, known: Sequence[Recorded], target: Target
) -> TargetStruckOff | TargetWithdrawn:
    """A target closed by its last day was never overdue, however late that is entered."""
    if wish.effective_on > target.deadline:
        return wish
    return msgspec.structs.replace(wish, annuls=_verdicts(known))


def _verdicts(known: Sequence[Recorded]) -> tuple[str, ...]:
    return tuple(r.id for r in timeline(known) if isinstance(r.fact, TargetOverdue))


def _reporters(known: Sequence[Recorded]) -> set[str]:
    done = (r.fact for r in timeline(known) if isinstance(r.fact, ProgressReported | MilestoneReached))
    return {fact.entered_by for fact in done}


def _last_day(known: Sequence[Recorded]) -> date:
    return max(r.fact.effective_on for r in timeline(known) if not isinstance(r.fact, TargetOverdue))


def _require_day(day: date, since: date, today: date) -> None:
    if day > today:
        raise Refused(rules.IN_FUTURE, day=day, today=today)
    if day < since:
        raise Refused(rules.TOO_EARLY, day=day, since=since)


def _require_evidence(wish: Fact) -> None:
    if not wish.evidence:
        raise Refused(rules.WITHOUT_EVIDENCE)


def _require_countable(quantity: Quantity) -> None:
    if quantity.unit not in MEASURED and quantity.amount != quantity.amount.to_integral_value():
        raise Refused(rules.NOT_A_COUNT, amount=str(quantity.amount), unit=quantity.unit)
