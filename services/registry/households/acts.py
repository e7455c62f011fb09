"""Acts: all household facts that one command recorded, in whatever households. An act is annulled, and restored, as one;
together with those that it replaced, or they come back.

Pure: which facts belong to an act, and what annulling it records in each household it touched.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdRecorded
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import MemberJoined
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.annulments import with_annulled
from services.registry.households.domain import record_together
from services.registry.households.lineage import Relatives, related_households
from services.registry.households.next_steps import case_correcting, identity_case, is_decided_by_case

UNKNOWN_ACT = rule(
    "unknown_act",
    zh="该户没有这一次登记，或其内容均已作废；已被更正的登记，须与更正它的那一次一并列明。",
    en="This household has no such act, or everything in it is void already; one that was replaced is named together with "
    "the act that replaced it.",
    source="Lika design: two times",
)

STATUS_FACT_NEEDS_CASE = rule(
    "status_fact_needs_case",
    zh="贫困状态和更正由程序决定，不能直接作废。决定有误的，请发起更正程序；从未符合条件的，请发起回头看。",
    en="A poverty status, and a correction, is decided by a procedure and cannot be annulled directly: where the decision was"
    " wrong, open a correction; where the household never qualified, a look-back.",
    source="source facts §5 rules 2, 3, 5; docs/decisions/0036-corrections.md",
)

IDENTITY_NEEDS_CASE = rule(
    "identity_needs_case",
    zh="身份信息更正由两人凭材料办理，不能单独作废：更正有误的，请再次办理“身份信息更正”；此人系误登的，请连同其入户登记一并作废。",
    en="Two persons corrected this identity with a paper, and it is not annulled alone: correct it anew by a case; where"
    " the person was entered by mistake, annul their entry with it.",
    source="Lika access rules: four eyes",
)


def annul_acts(
    correction: FactsAnnulled, known: Sequence[Recorded], today: date, relatives: Relatives
) -> dict[UUID, list[Fact]]:
    """What annulling ``correction.acts`` records, by household. The acts are those of the correction's household; the
    households that they touched besides are found by what they say of one another. An act of which something stands may be named with
    those that it replaced. Raises ``Refused``."""
    if missing := set(correction.acts) - {r.command_id for r in facts_of_acts(correction.acts, known)}:
        raise Refused(UNKNOWN_ACT, act=str(min(missing)))
    touched: dict[UUID, tuple[Sequence[Recorded], list[FactsAnnulled]]] = {}
    open_, seen, voided = [(correction.household_id, known)], {correction.household_id}, list[Recorded]()
    while open_:
        household, facts = open_.pop()
        void = facts_of_acts(correction.acts, facts)
        if decided := [r for r in with_annulled(void, facts) if is_decided_by_case(r)]:
            raise Refused(STATUS_FACT_NEEDS_CASE).advising(case_correcting(household, decided))
        if not void:
            continue
        of_household = msgspec.structs.replace(
            correction, household_id=household, annuls=tuple(r.id for r in void),
            # The reason is sealed under the household at which the act was annulled.
            reason=correction.reason if household == correction.household_id else None,
        )  # fmt: skip
        touched[household] = facts, [of_household]
        voided += void
        new = [h for h in related_households(facts) if h not in seen]
        seen.update(new)
        open_ += [(h, relatives(h)) for h in new]
    _require_case_for_identities(voided)
    return record_together(touched, today, relatives)


def _require_case_for_identities(void: Sequence[Recorded]) -> None:
    """What two persons decided with a paper, one alone takes back only with the entry of the person itself. Raises ``Refused``."""
    entered: set[UUID] = set()
    for r in void:
        match r.fact:
            case HouseholdRecorded(members=members):
                entered.update(m.person_id for m in members)
            case MemberJoined(member=member):
                entered.add(member.person_id)
            case HouseholdFormed(person_ids=persons):
                entered.update(persons)
    for r in void:
        if isinstance(r.fact, PersonCorrected) and r.fact.person_id not in entered:
            raise Refused(IDENTITY_NEEDS_CASE, person=str(r.fact.person_id)).advising(
                identity_case(r.fact.household_id)
            )


def facts_of_acts(acts: Collection[UUID], facts: Sequence[Recorded]) -> list[Recorded]:
    """The standing facts of these acts, and those of the acts among them that were replaced."""
    return with_annulled(
        (r for r in surviving(facts) if r.command_id in acts), (r for r in facts if r.command_id in acts)
    )
