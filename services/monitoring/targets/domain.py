"""Decisions about targets, pure: a proposed fact, the facts of the target so far and today give the facts to append, or
a refusal."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.facts import DecidedFrom, Fact, Recorded
from contracts.monitoring.targets import (
    AccountabilityRaised,
    MilestonePlanned,
    MilestoneReached,
    ProgressReported,
    TargetKind,
    TargetOverdue,
    TargetSet,
    TargetStruckOff,
    TargetWithdrawn,
    TargetWorkNamed,
    TargetWorkRemoved,
)
from contracts.quantities import Figures, Quantity
from contracts.selection import timeline
from services.casework.normalized_texts import normalized
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.ground.rule_checks import check_all
from services.monitoring import works
from services.monitoring.projects.state import Project
from services.monitoring.targets import rules
from services.monitoring.targets.checks import (
    SETTING_RULES,
    STRIKING_OFF_RULES,
    Setting,
    StrikingOff,
    has_evidence,
    require_countable,
    require_day,
    require_evidence,
)
from services.monitoring.targets.state import NO_FIGURES, Target, Work, fold, is_level

UNRECORDED_TIME, UNRECORDED_POSITION = datetime(9000, 1, 1, tzinfo=UTC), 2**62
"""Of a proposed fact, which the log has not assigned a time and a position yet."""


def set_target(proposed: TargetSet, today: date) -> list[Fact]:
    """An item of a work list, or the year's exit target (M006, M189)."""
    check_all(SETTING_RULES, Setting(proposed, today))
    return [proposed]


def report_progress(proposed: ProgressReported, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """How much of a line is done in all. A correction annuls, by id, the reports that it contradicts."""
    target = require_open(facts)
    if target.kind is TargetKind.EXIT:
        raise Refused(rules.COMPUTED)
    if target.works_of(proposed.line):
        raise Refused(rules.READ_FROM_PROJECTS, line=proposed.line)
    line = target.line(proposed.line)
    if line is None:
        raise Refused(rules.NO_SUCH_LINE, line=proposed.line)
    if proposed.quantity.unit is not line.quantity.unit:
        raise Refused(rules.UNIT_DIFFERS, expected=line.quantity.unit, reported=proposed.quantity.unit)
    require_countable(proposed.quantity)
    require_day(proposed.effective_on, target.set_on, today)
    contradicted = [
        r for r in timeline(facts)
        if not is_level(line) and isinstance(r.fact, ProgressReported) and _contradicts(r.fact, proposed)
    ]  # fmt: skip
    if contradicted and proposed.correction is None:
        earlier = contradicted[0].fact
        assert isinstance(earlier, ProgressReported)
        raise Refused(
            rules.WOULD_FALL, line=proposed.line, stands=str(earlier.quantity.amount), since=earlier.effective_on
        )
    correction = msgspec.structs.replace(proposed, annuls=tuple(r.id for r in contradicted))
    return _with_deadline_reassessed(correction, facts, target, today)


def name_work(proposed: TargetWorkNamed, project: Project | None, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """A component of a project does a line. ``project``: as it stands now."""
    target = require_open(facts)
    line = target.line(proposed.line)
    if line is None:
        raise Refused(rules.NO_SUCH_LINE, line=proposed.line)
    if target.kind is TargetKind.EXIT or is_level(line):
        raise Refused(rules.NO_WORK_OF_LEVELS, line=proposed.line)
    component = None if project is None else project.component(proposed.component)
    if project is None or not project.division.startswith(target.division) or component is None:
        raise Refused(rules.WORK_UNKNOWN)
    if component.quantity is None or component.quantity.unit is not line.quantity.unit:
        raise Refused(rules.WORK_UNKNOWN)
    require_day(proposed.effective_on, target.set_on, today)
    return [proposed]


def remove_work(proposed: TargetWorkRemoved, facts: Sequence[Recorded], today: date) -> list[Fact]:
    target = require_open(facts)
    if Work(proposed.line, proposed.project_id, proposed.component) not in target.works:
        raise Refused(rules.WORK_NOT_NAMED)
    require_day(proposed.effective_on, target.set_on, today)
    return [proposed]


def follow_works(
    line: int, accepted: Sequence[tuple[date, Decimal]], facts: Sequence[Recorded], today: date, cause: str
) -> list[Fact]:
    """What is done of a line that projects do: ``accepted``, in all by the day of each acceptance. What stood before and is another
    is annulled, and the deadline is looked at again."""
    target = fold(timeline(facts))
    if target is None or target.closed is not None or (found := target.line(line)) is None:
        return []
    done = [(max(day, target.set_on), amount) for day, amount in accepted] or [(today, Decimal(0))]
    standing = [r for r in timeline(facts) if isinstance(r.fact, ProgressReported) and r.fact.line == line]
    said = [(r.fact.effective_on, r.fact.quantity.amount) for r in standing if isinstance(r.fact, ProgressReported)]
    if said == done or not (said or accepted):
        return []
    void = tuple(r.id for r in standing)
    new = [
        ProgressReported(
            target_id=target.target_id, line=line, quantity=Quantity(amount=amount, unit=found.quantity.unit),
            effective_on=day, entered_by=SYSTEM_ACTOR, caused_by=cause, annuls=void if n == 0 else (),
            correction="按项目验收计算" if void and n == 0 else None,
        )
        for n, (day, amount) in enumerate(done)
    ]  # fmt: skip
    after = [*facts, *(_unrecorded(fact, n) for n, fact in enumerate(new))]
    at_deadline = fold(timeline(after, as_of=target.deadline))
    if at_deadline is not None and not at_deadline.missing():
        return [msgspec.structs.replace(new[0], annuls=(*void, *_overdue_fact_ids(facts))), *new[1:]]
    return [*new, *(check_deadline(after, SYSTEM_ACTOR) if today > target.deadline else ())]


def plan_milestone(proposed: MilestonePlanned, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """A milestone of the target (M008); it is given the next number."""
    target = require_open(facts)
    require_day(proposed.effective_on, target.set_on, today)
    if proposed.due_on > target.deadline:
        raise Refused(rules.AFTER_DEADLINE, due_on=proposed.due_on, deadline=target.deadline)
    return [msgspec.structs.replace(proposed, milestone=len(target.milestones) + 1)]


def reach_milestone(proposed: MilestoneReached, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """A milestone is reached, on evidence."""
    target = require_open(facts)
    milestone = next((m for m in target.milestones if m.milestone == proposed.milestone), None)
    if milestone is None:
        raise Refused(NOT_FOUND)
    if milestone.reached_on is not None:
        raise Refused(rules.REACHED_ALREADY, reached_on=milestone.reached_on)
    require_day(proposed.effective_on, milestone.planned_on, today)
    require_evidence(proposed)
    return [proposed]


def strike_off(
    proposed: TargetStruckOff, facts: Sequence[Recorded], today: date, exits: Figures = NO_FIGURES
) -> list[Fact]:
    """动态销号 by milestone, never a free status edit. ``exits``: exits of the year up to the day of strike-off."""
    target = require_open(facts)
    reporters = _reporters(facts)
    check_all(STRIKING_OFF_RULES, StrikingOff(proposed, target, today, _last_day(facts), exits, reporters))
    return [_annul_overdue_if_in_time(proposed, facts, target)]


def refusal_to_strike_off(facts: Sequence[Recorded], by: str, today: date, exits: Figures) -> Refused | None:
    """By which rule a strike-off entered by this account today would be refused if it named its evidence."""
    target = require_open(facts)
    proposed = TargetStruckOff(target_id=target.target_id, effective_on=today, entered_by=by)
    striking = StrikingOff(proposed, target, today, _last_day(facts), exits, _reporters(facts))
    try:
        check_all([check for check in STRIKING_OFF_RULES if check is not has_evidence], striking)
    except Refused as no:
        return no
    return None


def hold_to_account(proposed: AccountabilityRaised, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """An owner, for an item that was overdue on that day, done since or not (source facts §5 rule 55)."""
    target = fold(timeline(facts))
    if target is None:
        raise Refused(NOT_FOUND)
    if proposed.owner not in {owner.label for owner in target.owners}:
        raise Refused(rules.NOT_AN_OWNER, owners=[owner.label for owner in target.owners])
    require_day(proposed.effective_on, target.set_on, today)
    if target.overdue is None or proposed.effective_on < target.overdue.since:
        raise Refused(rules.NOT_OVERDUE, deadline=target.deadline)
    require_evidence(proposed)
    return [proposed]


def withdraw(proposed: TargetWithdrawn, facts: Sequence[Recorded], today: date) -> list[Fact]:
    """The target is withdrawn."""
    target = require_open(facts)
    require_day(proposed.effective_on, _last_day(facts), today)
    return [_annul_overdue_if_in_time(proposed, facts, target)]


def check_deadline(
    facts: Sequence[Recorded], entered_by: str, exits: Figures = NO_FIGURES, decided_from: DecidedFrom | None = None
) -> list[Fact]:
    """The deadline is over: a target neither met nor closed by its last day is overdue from the day after. Nothing
    happens to any other, nor a second time. ``exits``: exits of the year up to the deadline."""
    current = fold(timeline(facts))
    if current is None or current.overdue is not None:
        return []
    at_deadline = fold(timeline(facts, as_of=current.deadline))
    if at_deadline is None or at_deadline.closed is not None:
        return []
    missing = at_deadline.missing(exits)
    if not missing:
        return []
    target_set = next(r for r in facts if isinstance(r.fact, TargetSet))
    return [
        TargetOverdue(
            target_id=current.target_id, effective_on=current.deadline + timedelta(days=1), entered_by=entered_by,
            missing=missing, caused_by=target_set.id, decided_from=decided_from,
        )
    ]  # fmt: skip


def require_open(facts: Sequence[Recorded]) -> Target:
    """The target's current state. Raises ``Refused`` when it was never set or is closed."""
    target = fold(timeline(facts))
    if target is None:
        raise Refused(NOT_FOUND)
    if target.closed is not None:
        raise Refused(rules.CLOSED, state=target.closed, since=target.closed_on)
    return target


def work_key(target: Target, line: int) -> str:
    """Equal for two lines of the same work: division, content, place and unit (source facts §5 rule 57)."""
    found = target.line(line)
    assert found is not None
    return works.work_key(target.division, target.content, found.place, found.quantity.unit)


def item_key(target: Target) -> str:
    """Equal for two entries of the same item: division, year, list and code."""
    return normalized((target.division, str(target.year), target.work_list, target.item))


def stream_of(target_id: UUID) -> str:
    return f"target-{target_id}"


def _contradicts(earlier: ProgressReported, proposed: ProgressReported) -> bool:
    if earlier.line != proposed.line:
        return False
    if earlier.effective_on <= proposed.effective_on:
        return earlier.quantity.amount > proposed.quantity.amount
    return earlier.quantity.amount < proposed.quantity.amount


def _with_deadline_reassessed(
    proposed: ProgressReported, facts: Sequence[Recorded], target: Target, today: date
) -> list[Fact]:
    """A report about a day before the deadline may annul that the target is overdue, or make it overdue."""
    after = [*facts, _unrecorded(proposed)]
    at_deadline = fold(timeline(after, as_of=target.deadline))
    if at_deadline is not None and not at_deadline.missing():
        return [msgspec.structs.replace(proposed, annuls=(*proposed.annuls, *_overdue_fact_ids(facts)))]
    return [proposed, *(check_deadline(after, proposed.entered_by) if today > target.deadline else ())]


def _unrecorded(fact: Fact, number: int = 0) -> Recorded:
    at = UNRECORDED_POSITION + number
    return Recorded("monitoring", at, "", number, UNRECORDED_TIME, UUID(int=0), fact.entered_by, fact, b"")


def _annul_overdue_if_in_time(
    proposed: TargetStruckOff | TargetWithdrawn, facts: Sequence[Recorded], target: Target
) -> TargetStruckOff | TargetWithdrawn:
    """A target closed by its last day was never overdue, however late that is entered."""
    if proposed.effective_on > target.deadline:
        return proposed
    return msgspec.structs.replace(proposed, annuls=_overdue_fact_ids(facts))


def _overdue_fact_ids(facts: Sequence[Recorded]) -> tuple[str, ...]:
    return tuple(r.id for r in timeline(facts) if isinstance(r.fact, TargetOverdue))


def _reporters(facts: Sequence[Recorded]) -> set[str]:
    reports = (r.fact for r in timeline(facts) if isinstance(r.fact, ProgressReported | MilestoneReached))
    return {fact.entered_by for fact in reports}


def _last_day(facts: Sequence[Recorded]) -> date:
    return max(r.fact.effective_on for r in timeline(facts) if not isinstance(r.fact, TargetOverdue))
