"""Assigning, releasing and handing over a helper: pure decisions on a household's pairing and its registry status."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from contracts.assistance.pairing import HelperAssigned, HelperReleased, ReleaseReason
from contracts.facts import Evidence, Fact
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.assistance.pairing.state import HelperAssignment, Pairing
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks

Helping = Sequence[HelperAssignment]
HELPERS = UUID("5f2a9c1e-31d7-5c0b-8f5e-0c1d9a7be204")
"""Namespace of the ids of helpers."""
TOLD_REASONS = frozenset(map(str, ReleaseReason))
"""Why somebody tells that a helper goes; that the register ends the pairing follows from it by itself."""
PAIRABLE_STATUSES = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED})
"""Statuses in which a household may have a helper; whether it keeps one after an exit is a dated rule."""

NOT_REGISTERED = rule(
    "pairing_household_not_registered",
    zh="该户不在册，不安排结对帮扶。",
    en="The household is not in the register; nobody is paired with it.",
    source="M049; source facts §5 rule 21",
)
HAS_HELPER = rule(
    "pairing_has_helper",
    zh="该户已有帮扶责任人，请办理交接；确需增派一人的，请注明增派（additional）。",
    en="The household has a helper: hand over instead, or say that this one comes in addition (additional).",
    source="M049: each household has a helper; source facts §5 rules 42, 46",
)
ALREADY_HELPS = rule(
    "pairing_already_helps",
    zh="该户目前就由此人帮扶，无须再次安排；请核对账号。",
    en="This very person helps the household already; check the account.",
    source="M049",
)
NAME_THE_HELPER = rule(
    "pairing_name_the_helper",
    zh="该户有几名帮扶责任人：请写明是哪一人离任或交出（former_helper）。",
    en="The household has several helpers: say which of them leaves or hands over (former_helper).",
    source="source facts §5 rules 42, 46",
)
NOT_ITS_HELPER = rule(
    "pairing_not_its_helper",
    zh="所写的人目前不是该户的帮扶责任人；请核对账号。",
    en="The person named is no helper of the household now; check the account.",
    source="M049",
)
NO_HELPER = rule(
    "pairing_has_no_helper",
    zh="该户目前没有帮扶责任人。",
    en="The household has no helper.",
    source="M049",
)
SAME_HELPER = rule(
    "pairing_same_helper",
    zh="交接双方不能是同一人。",
    en="One hands over to somebody else.",
    source="source facts §5 rule 46",
)
BEFORE_LAST_CHANGE = rule(
    "pairing_before_last_change",
    zh="此人在 changed 所示日期另有安排或离任记录，不能在其之前登记；请核对日期或账号。",
    en="This helper has an assignment or a release of a later day (``changed``), and nothing is entered before it; check the day"
    " or the account.",
    source="Lika design: two times",
)
FUTURE_DAY = rule(
    "pairing_future_day",
    zh="日期不能晚于今天。",
    en="The day may not lie in the future.",
    source="Lika design: two times",
)
RULE_NOT_IN_FORCE = rule(
    "pairing_rule_not_in_force",
    zh="当日当地没有生效的规定。",
    en="No rule is in force on that day in that place.",
    source="pairing parameters",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    household_id: UUID
    on: date
    by: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Command):
    """``helper``: a staff account; ``unit``: the organisation that sends them; ``additional``: beside whoever helps already."""

    helper: str
    unit: str
    additional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """``former``: whose help ends; need not be said of the only helper."""

    reason: ReleaseReason
    former: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """``former``: who hands over; need not be said of the only helper."""

    helper: str
    unit: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a decision depends on. ``pairing``: with all that is known; ``status``: of the household on the command's day; ``then``:
    the pairing at the end of that day, where later changes are known."""

    command: Any
    pairing: Pairing
    status: PovertyStatus | None
    today: date
    then: Pairing | None = None

    @property
    def helping(self) -> tuple[HelperAssignment, ...]:
        """Who helps at the end of the command's day."""
        return (self.pairing if self.then is None else self.then).current


@checks(FUTURE_DAY)
def not_in_future(context: DecisionContext) -> None:
    if context.command.on > context.today:
        raise Refused(FUTURE_DAY, on=context.command.on, today=context.today)


@checks(BEFORE_LAST_CHANGE)
def nothing_later_of_the_helper(context: DecisionContext) -> None:
    """What is told late may come before changes of other helpers, not before the helper's own."""
    command = context.command
    coming = [a.assigned_on for a in context.pairing.assignments if a.helper == getattr(command, "helper", None)]
    leaving = _leaving_then(context)
    going = [
        a.released_on
        for a in context.pairing.assignments
        if a.helper in leaving and a.released_on is not None and a.end_reason in TOLD_REASONS
    ]
    if later := [day for day in (*coming, *going) if day > command.on]:
        raise Refused(BEFORE_LAST_CHANGE, on=command.on, changed=min(later))


def _leaving_then(context: DecisionContext) -> tuple[str, ...]:
    """Whose help ends by the command, where it is said or only one helps."""
    if isinstance(context.command, Assign):
        return ()
    former = context.command.former
    return tuple(a.helper for a in context.helping if former in (None, a.helper))


@checks(NOT_REGISTERED)
def household_is_registered(context: DecisionContext) -> None:
    if context.status not in PAIRABLE_STATUSES:
        raise Refused(NOT_REGISTERED, status=context.status)


@checks(HAS_HELPER)
def has_no_helper(context: DecisionContext) -> None:
    if context.helping and not context.command.additional:
        raise Refused(HAS_HELPER, since=context.helping[0].assigned_on).advising(
            _step(context, "hand_over"), _step(context, "assign_helper", additional=True)
        )


@checks(ALREADY_HELPS)
def helps_not_yet(context: DecisionContext) -> None:
    if any(a.helper == context.command.helper for a in context.helping):
        raise Refused(ALREADY_HELPS)


@checks(NO_HELPER)
def has_helper(context: DecisionContext) -> None:
    if not context.helping:
        raise Refused(NO_HELPER).advising(_step(context, "assign_helper"))


@checks(NAME_THE_HELPER, given=(has_helper,))
def says_which_helper(context: DecisionContext) -> None:
    if context.command.former is None and len(context.helping) > 1:
        raise Refused(NAME_THE_HELPER)


@checks(NOT_ITS_HELPER, given=(has_helper,))
def names_its_helper(context: DecisionContext) -> None:
    former = context.command.former
    if former is not None and all(a.helper != former for a in context.helping):
        raise Refused(NOT_ITS_HELPER)


@checks(SAME_HELPER, given=(has_helper, says_which_helper, names_its_helper))
def another_helper(context: DecisionContext) -> None:
    if _leaving(context.command, context.helping) == context.command.helper:
        raise Refused(SAME_HELPER)


@checks(ALREADY_HELPS, given=(another_helper,))
def successor_helps_not_yet(context: DecisionContext) -> None:
    helps_not_yet(context)


def _step(context: DecisionContext, act: str, **form: object) -> NextStep:
    household = context.command.household_id
    named = {"household_id": household} if act == "assign_helper" else {}
    ids = {} if named else {"household_id": household}
    return NextStep(act, Office((Role.CADRE,)), ids, {**named, **form})


DAYS = (not_in_future, nothing_later_of_the_helper)
RULES_FOR: Mapping[type[Command], tuple[RuleCheck[DecisionContext], ...]] = {
    Assign: (*DAYS, household_is_registered, has_no_helper, helps_not_yet),
    Release: (*DAYS, has_helper, says_which_helper, names_its_helper),
    HandOver: (
        *DAYS,
        household_is_registered,
        has_helper,
        says_which_helper,
        names_its_helper,
        another_helper,
        successor_helps_not_yet,
    ),
}


def decide(context: DecisionContext) -> list[Fact]:
    """The facts of the command. Raises ``Refused``."""
    command = context.command
    check_all(RULES_FOR[type(command)], context)
    return DECISION_FUNCTIONS[type(command)](command, context.helping)


def _assign(command: Assign, _: Helping) -> list[Fact]:
    return [HelperAssigned(**_common_fields(command), helper=command.helper, unit=command.unit)]


def _release(command: Release, helping: Helping) -> list[Fact]:
    return [HelperReleased(**_common_fields(command), helper=_leaving(command, helping), reason=command.reason)]


def _hand_over(command: HandOver, helping: Helping) -> list[Fact]:
    """Released and assigned in one command: the household is never without a helper (source facts §5 rule 46)."""
    former = _leaving(command, helping)
    return [
        HelperReleased(**{**_common_fields(command), "evidence": ()}, helper=former, reason=ReleaseReason.HANDOVER),
        HelperAssigned(**_common_fields(command), helper=command.helper, unit=command.unit, took_over_from=former),
    ]


DECISION_FUNCTIONS: Mapping[type[Command], Callable[[Any, Helping], list[Fact]]] = {
    Assign: _assign,
    Release: _release,
    HandOver: _hand_over,
}


def _leaving(command: Release | HandOver, helping: Helping) -> str:
    """Whose help ends."""
    return command.former or helping[0].helper


def helper_id(account: str) -> UUID:
    """Of the helper who acts under this account, where they are a subject themselves."""
    return uuid5(HELPERS, account)


def stream_of(household_id: UUID) -> str:
    return f"pairing-{household_id}"


def _common_fields(command: Command) -> dict[str, Any]:
    return {
        "household_id": command.household_id,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
    }
