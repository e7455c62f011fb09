"""Suspending what was granted, and resuming it. A suspension is somebody's decision: nothing that follows from the register ends it.

It ends by a resumption from a day, with or without back-pay, or by its annulment, which says that it never was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.assistance import entitlements as facts
from contracts.facts import Evidence, Recorded
from contracts.roles import Role
from contracts.selection import timeline
from services.assistance.entitlements import rules
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.state import Grant, fold
from services.assistance.reconciliation import annulment_fields
from services.casework.dates import require_not_future
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

UNIT = b"SELECT unit_id, division FROM entitlements WHERE case_id = %s"
PAPER = "suspension_paper"
SUSPENDING = (facts.EntitlementSuspended, facts.EntitlementResumed)
RESUME = NextStep("resume_entitlement", Office((Role.REVIEWER, Role.DECIDER)))
Decide = Callable[[Grant, dict[str, Any]], facts.EntitlementFact]


@dataclass(frozen=True, slots=True)
class Act:
    """On what was granted by this case. ``paper``: number of the paper that says so."""

    case_id: UUID
    on: date
    paper: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """From ``since`` on, ``until`` the first day on which it is due again. ``number``: by which it is annulled."""

    number: int
    since: date
    until: date | None
    reason: str
    back_pay: bool | None


def suspend(grant: Grant, common: dict[str, Any], reason: str) -> facts.EntitlementSuspended:
    """Raises ``Refused``."""
    on = common["effective_on"]
    if not grant.runs_on(on):
        raise Refused(rules.NOT_RUNNING, on=on, granted_from=grant.granted.effective_on, until=grant.until)
    if grant.suspended_on(on) is not None:
        raise Refused(rules.SUSPENDED_ALREADY, on=on).advising(RESUME)
    _require_last(grant, on)
    return facts.EntitlementSuspended(**common, reason=reason)


def resume(grant: Grant, common: dict[str, Any], *, back_pay: bool) -> facts.EntitlementResumed:
    """Raises ``Refused``."""
    on = common["effective_on"]
    running = grant.suspended_on(on)
    if running is None or running.until is not None:
        raise Refused(rules.NOT_SUSPENDED, on=on)
    return facts.EntitlementResumed(**common, back_pay=back_pay)


def _require_last(grant: Grant, on: date) -> None:
    """Raises ``Refused`` for a day before the last change: what was decided for later days is not overtaken silently."""
    changed = max((day for each in grant.suspensions for day in (each.since, each.until) if day), default=on)
    if on < changed:
        raise Refused(rules.SUSPENSION_BEFORE_LAST_CHANGE, on=on, changed=changed)


def unit_of_case(cur: Cursor[Any], case_id: UUID, actor: Actor) -> UUID:
    """To whom it was granted. Raises ``NOT_FOUND``, also outside of the actor's area."""
    row = cur.execute(UNIT, (case_id,), prepare=True).fetchone()
    if row is None or not actor.covers(row[1]):
        raise Refused(NOT_FOUND)
    unit: UUID = row[0]
    return unit


def suspensions_of(own: Sequence[Recorded], case_id: UUID) -> list[Suspended]:
    """Those that stand, in order. ``own``: the unit's stream."""
    said = {r.id: r.fact for r in own if isinstance(r.fact, facts.EntitlementSuspended)}
    grant = fold(timeline(own)).grants.get(case_id)
    return [
        Suspended(
            number=_number(each.fact_id), since=each.since, until=each.until, reason=said[each.fact_id].reason,
            back_pay=None if each.until is None else each.back_pay is not None,
        )
        for each in (grant.suspensions if grant is not None else ())
    ]  # fmt: skip


def acting(act: Act, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
    """The handler of a suspension or a resumption."""

    def work(tx: Tx) -> Reply:
        unit = unit_of_case(tx.cur, act.case_id, actor)
        require_not_future(act.on, tx.today)
        grant = fold(timeline(tx.load(stream_of(unit)))).grants.get(act.case_id)
        if grant is None:
            raise Refused(NOT_FOUND)
        residence = grant.residence_on(act.on)
        common = {
            "household_id": residence.household_id, "unit_id": unit, "programme": grant.granted.programme,
            "case_id": act.case_id, "effective_on": act.on, "entered_by": actor.subject,
            "evidence": (Evidence(kind=PAPER, archive_no=act.paper),),
        }  # fmt: skip
        tx.append(stream_of(unit), decide(grant, common))
        return Reply(location=location_of(act.case_id))

    return work


def annulling(case_id: UUID, number: int, paper: str, actor: Actor) -> Callable[[Tx], Reply]:
    """The handler that says of a suspension, or a resumption, that it never was."""

    def work(tx: Tx) -> Reply:
        unit = unit_of_case(tx.cur, case_id, actor)
        own = tx.load(stream_of(unit))
        void = next((r for r in own if r.version == number and isinstance(r.fact, SUSPENDING)), None)
        if void is None or getattr(void.fact, "case_id", None) != case_id:
            raise Refused(NOT_FOUND)
        if void.id in {annulled for r in own for annulled in r.fact.annuls}:
            raise Refused(rules.SUSPENSION_VOID)
        fields = {**annulment_fields([void], actor.subject, void.id), "caused_by": None}
        annulled = facts.EntitlementFactsAnnulled(
            **fields, unit_id=unit, reason=facts.EntitlementAnnulment.ENTERED_WRONGLY,
            evidence=(Evidence(kind=PAPER, archive_no=paper),),
        )  # fmt: skip
        tx.append(stream_of(unit), annulled)
        return Reply(location=location_of(case_id))

    return work


def location_of(case_id: UUID) -> str:
    return f"/assistance/entitlements/{case_id}/suspensions"


def _number(fact_id: str) -> int:
    return int(fact_id.rpartition("/")[2])
