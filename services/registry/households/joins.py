"""Somebody joins a household: born, moved in, or known to the register already."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.members import MemberJoined, MemberLeft
from contracts.registry.reasons import RETURN_OF
from contracts.selection import timeline
from services.casework.dates import FUTURE_DAY
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households.claims import (
    DUPLICATE_ID,
    PERSON_NOT_CONFIRMED,
    Digests,
    claim_resident_ids,
    holders_of_number,
)
from services.registry.households.domain import record
from services.registry.households.legality import LEGALITY
from services.registry.households.next_steps import advising_report, correction_of
from services.registry.households.precision_rules import NOT_FIRST_OF_PERIOD
from services.registry.households.store import Decide, relatives_in

RETURN_OF_ANOTHER_LEAVING = rule(
    "return_of_another_leaving",
    zh="此人上次因 left_for 离开该户，与所填的回户原因不配对：请核对原因；离开原因登记有误的，请先作废后重新登记离开。",
    en="That person left this household last for ``left_for``, of which the reason given is no return: check it; if the reason"
    " for leaving is wrong, annul the leaving and enter it anew first.",
    source="domain reference: forms (reasons for leaving and for returning are pairs)",
)


@dataclass(frozen=True, slots=True)
class Joining:
    """What the rules of a join are asked about. ``by_id``: whether the form names the person by their id."""

    tx: Tx
    actor: Actor
    known: Sequence[Recorded]
    stay: Sequence[HouseholdFact]
    person: UUID
    digests: Digests
    by_id: bool


@checks(PERSON_NOT_CONFIRMED)
def person_confirmed(joining: Joining) -> None:
    if joining.by_id and joining.person not in holders_of_number(joining.tx, joining.digests):
        raise Refused(PERSON_NOT_CONFIRMED, person=str(joining.person))


@checks(DUPLICATE_ID, given=(person_confirmed,))
def id_number_free(joining: Joining) -> None:
    claim_resident_ids(joining.tx, {joining.person: joining.digests}, joining.actor.covers)


@checks(FUTURE_DAY, NOT_FIRST_OF_PERIOD, *LEGALITY)
def household_lawful(joining: Joining) -> None:
    record(joining.known, joining.stay, joining.tx.today, relatives_in(joining.tx))


@checks(RETURN_OF_ANOTHER_LEAVING, given=(household_lawful,))
def reason_pairs_with_leaving(joining: Joining) -> None:
    """Asked when the return is entered, of what is on record then."""
    joined = joining.stay[0]
    before = timeline(joining.known, as_of=joined.effective_on)
    left = [(r, r.fact) for r in before if isinstance(r.fact, MemberLeft) and r.fact.person_id == joining.person]
    expected = RETURN_OF.get(joined.reason) if isinstance(joined, MemberJoined) else None
    if left and expected is not None and left[-1][1].reason is not expected:
        recorded, leaving = left[-1]
        wrong = correction_of(recorded, leaving.household_id)
        raise Refused(RETURN_OF_ANOTHER_LEAVING, left_for=leaving.reason).advising(wrong)


JOINING_RULES: tuple[RuleCheck[Joining], ...] = (
    person_confirmed, id_number_free, household_lawful, reason_pairs_with_leaving
)  # fmt: skip


def join_decision(
    actor: Actor, stay: Sequence[HouseholdFact], person: UUID, digests: Digests, *, by_id: bool
) -> Decide:
    """``stay``: the joining, and the leaving of somebody who belongs elsewhere since."""

    def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
        with advising_report("report_birth", known):
            check_all(JOINING_RULES, Joining(tx, actor, known, stay, person, digests, by_id))
        return stay

    return decide
