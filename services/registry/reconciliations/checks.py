"""What the last comparison found of a household number, as findings: each stands until a later comparison finds the number the same, or
otherwise, or until it is answered with a reason. Pure but for the log that subjects are read from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.reconciliations import HouseholdReconciled, ReconciliationCheck, ReconciliationResult
from services.casework.findings.domain import CheckRule, FactChecks, Ground, Limits, Period
from services.casework.findings.projection import UNTIL_CHANGED
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.registry.messages import say
from services.registry.reconciliations import document
from services.registry.reconciliations.comparing import stream_of

KEY = "reconciliations"
R = ReconciliationResult
BETWEEN = ","


class CheckedNumber(msgspec.Struct, frozen=True, array_like=True):
    """As a comparison found it. ``fields``: those that differ, in their order."""

    division: str
    number: str
    result: ReconciliationResult
    household: UUID | None
    fields: tuple[str, ...]


def _found(checked: CheckedNumber, result: ReconciliationResult) -> Iterator[Ground]:
    if checked.result is result:
        about = () if checked.household is None else (checked.household,)
        figures: dict[str, int | str] = {"national_no": checked.number}
        if checked.fields:
            figures["fields"] = BETWEEN.join(checked.fields)
        yield Ground(about, figures)


def _missing_here(checked: CheckedNumber, _: date, __: Limits) -> Iterator[Ground]:
    return _found(checked, R.MISSING_HERE)


def _missing_there(checked: CheckedNumber, _: date, __: Limits) -> Iterator[Ground]:
    return _found(checked, R.MISSING_THERE)


def _different(checked: CheckedNumber, _: date, __: Limits) -> Iterator[Ground]:
    return _found(checked, R.DIFFERENT)


def _rests(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, HouseholdReconciled)


RULES: Mapping[str, CheckRule[CheckedNumber]] = {
    ReconciliationCheck.MISSING_IN_REGISTER: CheckRule(ReconciliationCheck.MISSING_IN_REGISTER, _missing_here, _rests),
    ReconciliationCheck.MISSING_IN_OTHER_SYSTEM: CheckRule(
        ReconciliationCheck.MISSING_IN_OTHER_SYSTEM, _missing_there, _rests
    ),
    ReconciliationCheck.DIFFERS_FROM_OTHER_SYSTEM: CheckRule(
        ReconciliationCheck.DIFFERS_FROM_OTHER_SYSTEM, _different, _rests
    ),
}


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    number = given["national_no"]
    match ReconciliationCheck(rule):
        case ReconciliationCheck.MISSING_IN_REGISTER:
            return say("reconciliation_missing_in_register", number=number)
        case ReconciliationCheck.MISSING_IN_OTHER_SYSTEM:
            return say("reconciliation_missing_in_other_system", number=number)
        case ReconciliationCheck.DIFFERS_FROM_OTHER_SYSTEM:
            return say(
                "reconciliation_differs", number=number, fields=list(map(_label, given["fields"].split(BETWEEN)))
            )


def _label(field: str) -> Message:
    """What the list calls it that has no field of the register's facts, or the field's own label."""
    match field:
        case "poverty_status":
            return say("reconciliation_poverty_status")
        case "monitored_kind":
            return say("reconciliation_monitored_kind")
        case "size":
            return say("reconciliation_size")
        case "head_name":
            return say("reconciliation_head_name")
        case "net_per_head" | "income":
            return say("reconciliation_income")
        case "conditions":
            return say("reconciliation_conditions")
        case "account":
            return say("reconciliation_account")
        case document.MEMBER:
            return say("reconciliation_member")
    label = LABELS.fields[LABELS.field_key(field, "Member")]
    return Message(field, label.zh, label.en)


def checked(fact: HouseholdReconciled) -> CheckedNumber:
    fields = tuple(dict.fromkeys(each.field for each in fact.differences))
    return CheckedNumber(fact.division, fact.national_no, fact.result, fact.household_id, fields)


def periods_of(_: UUID, facts: Sequence[Recorded]) -> list[Period[CheckedNumber]]:
    """From its day on a comparison holds until the day of the next; of one day, the one that was made last."""
    known = sorted((r for r in facts if isinstance(r.fact, HouseholdReconciled)), key=lambda r: r.position)
    instants = [*(r.recorded_at for r in known), UNTIL_CHANGED]
    found: list[Period[CheckedNumber]] = []
    for place, recorded in enumerate(known):
        if instants[place] == instants[place + 1]:
            continue
        by_day = {r.fact.effective_on: r.fact for r in known[: place + 1]}
        days = [*sorted(by_day), date.max]
        for first, end in pairwise(days):
            fact = by_day[first]
            assert isinstance(fact, HouseholdReconciled)
            if fact.result is not R.SAME:
                found.append(Period(checked(fact), first, end, recorded.recorded_at, instants[place + 1]))
    return found


def timeline_of(_: UUID, facts: Sequence[Recorded], as_of: date, known_at: datetime | None) -> Sequence[Recorded]:
    """The comparison that holds on a day."""
    known = [
        r
        for r in facts
        if isinstance(r.fact, HouseholdReconciled)
        and r.fact.effective_on <= as_of
        and (known_at is None or r.recorded_at < known_at)
    ]
    last = max(known, key=lambda r: (r.fact.effective_on, r.position), default=None)
    return [] if last is None else [last]


def now_of(subject: UUID, facts: Sequence[Recorded]) -> CheckedNumber | None:
    last = timeline_of(subject, facts, date.max, None)
    fact = last[0].fact if last else None
    return checked(fact) if isinstance(fact, HouseholdReconciled) and fact.result is not R.SAME else None


def reads(fact: Fact) -> bool:
    return isinstance(fact, HouseholdReconciled)


RECONCILIATION_CHECKS = FactChecks(
    key=KEY, log="registry", rules=RULES, explain=explain, value_type=CheckedNumber, periods=periods_of,
    timeline=timeline_of, reads=reads, now=now_of, of_households=False, table_prefix="reconciliation_",
)  # fmt: skip


class ReconciledNumbers:
    """Implements ``CheckedSubjects``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject_of(self, recorded: Recorded) -> UUID | None:
        return recorded.fact.subject if isinstance(recorded.fact, HouseholdReconciled) else None

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        return tx.load(stream_of(subject))

    def area(self, tx: Tx, subject: UUID) -> str:
        """Where it was found last."""
        last = timeline_of(subject, self.facts(tx, subject), date.max, None)
        if not last or not isinstance(last[0].fact, HouseholdReconciled):
            raise Refused(NOT_FOUND)
        return last[0].fact.division
