"""Somebody joins a household: born, moved in, or known to the register already."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from services.casework.dates import FUTURE_DAY
from services.chassis.ground.refusals import Refused
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
from services.registry.households.next_steps import advising_report
from services.registry.households.rules import NOT_FIRST_OF_PERIOD
from services.registry.households.store import Decide, relatives_in


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


JOINING_RULES: tuple[RuleCheck[Joining], ...] = (person_confirmed, id_number_free, household_lawful)


def join_decision(
    actor: Actor, stay: Sequence[HouseholdFact], person: UUID, digests: Digests, *, by_id: bool
) -> Decide:
    """``stay``: the joining, and the leaving of somebody who belongs elsewhere since."""

    def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
        with advising_report("report_birth", known):
            check_all(JOINING_RULES, Joining(tx, actor, known, stay, person, digests, by_id))
        return stay

    return decide
