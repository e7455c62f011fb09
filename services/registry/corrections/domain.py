"""What a correction changes, as one act in every household concerned: annulments first, then the decisions as they should have
been entered, then what was reported. Pure.

The households concerned are those of the line of the corrected one, up and down, and others that are named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Decision, Fact, HouseholdFact, Recorded
from contracts.registry import households as h
from contracts.registry.corrections import CorrectDecision, StatusDecision
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft, RelationToHead
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from contracts.selection import order_of, surviving
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.acts import facts_of_acts
from services.registry.households.domain import record_together, stream_of, with_appended, with_companions
from services.registry.households.lineage import Relatives, relatives_among
from services.registry.households.rehydration import state_on
from services.registry.households.removals import annulments_in_descendants, is_void, with_void_facts
from services.registry.households.rules import STATUS_FORBIDS

NOTHING_TO_CORRECT = rule(
    "correction_changes_nothing",
    zh="更正须写明要作废的登记（acts、facts）、应有的决定（decisions）或所依据的报告（report），至少一项。",
    en="A correction names what was wrong (``acts``, ``facts``), what should have been decided (``decisions``), or the report"
    " that it makes true (``report``).",
    source="docs/decisions/0036-corrections.md",
)
NOT_STANDING = rule(
    "corrected_fact_not_standing",
    zh="所列登记不属于该户及其分户，或已经作废；请按该户的登记经过核对。",
    en="What is named stands in no household of this one's line, or is void already; see the household's ``facts`` for acts and"
    " ids.",
    source="docs/decisions/0036-corrections.md",
)
StatusFact = HouseholdEnrolled | HouseholdExited | HouseholdReturned | HouseholdRemoved | HouseholdCancelled
KINDS: Mapping[type[Fact], StatusDecision] = {
    HouseholdEnrolled: StatusDecision.ENROLLED,
    HouseholdExited: StatusDecision.EXITED,
    HouseholdReturned: StatusDecision.RETURNED,
    HouseholdRemoved: StatusDecision.REMOVED,
    HouseholdCancelled: StatusDecision.ENDED,
}
IN_ORDER = tuple(StatusDecision)
Happened = MemberDied | MemberLeft | MemberJoined


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """``household_id``: the one that it is about; ``beside``: others that former corrections of it touched; ``acts`` and
    ``facts``: what was wrong; ``happened``: what was reported, ``successor``: the new head where the head is concerned,
    ``relations``: of others to them. The rest is common to its facts."""

    household_id: UUID
    case_id: UUID
    entered_by: str
    caused_by: str | None = None
    decision: Decision | None = None
    acts: tuple[UUID, ...] = ()
    facts: tuple[str, ...] = ()
    decisions: tuple[CorrectDecision, ...] = ()
    happened: Happened | None = None
    successor: UUID | None = None
    relations: tuple[RelationToHead, ...] = ()
    beside: tuple[UUID, ...] = ()


@dataclass
class _Draft:
    """Households as they will be: what is known of each, and what is added."""

    relatives: Relatives
    known: dict[UUID, Sequence[Recorded]]
    added: dict[UUID, list[HouseholdFact]] = field(default_factory=dict)

    def after(self, household: UUID) -> Sequence[Recorded]:
        known = self.known[household] if household in self.known else self.relatives(household)
        added = self.added.get(household)
        return with_appended(known, added, stream_of(household)) if added else known

    def add(self, household: UUID, *facts: HouseholdFact) -> Recorded:
        """The last of them, as it will stand."""
        if household not in self.known:
            self.known[household] = self.relatives(household)
        self.added.setdefault(household, []).extend(facts)
        return self.after(household)[-1]


def correct(
    correction: Correction, known: Sequence[Recorded], today: date, relatives: Relatives
) -> dict[UUID, list[Fact]]:
    """The facts by household. Raises ``Refused``: for what does not stand, and wherever a day of a household would not be
    legal any more, naming the fact in the way."""
    if not (correction.acts or correction.facts or correction.decisions or correction.happened):
        raise Refused(NOTHING_TO_CORRECT)
    draft = _Draft(relatives, households_concerned(correction.household_id, known, correction.beside, relatives))
    for household, void in _void(correction, draft.known):
        draft.add(household, _annulment(correction, household, void))
    for decided in sorted(correction.decisions, key=lambda d: (d.effective_on, IN_ORDER.index(d.kind))):
        _decide(correction, decided, draft)
    if (happened := correction.happened) is not None:
        facts: Sequence[HouseholdFact] = [happened]
        if not isinstance(happened, MemberJoined):
            after = draft.after(happened.household_id)
            facts = with_companions(after, happened, correction.successor, draft.after, correction.relations)
        draft.add(happened.household_id, *facts)
    changes = {household: (draft.known[household], added) for household, added in draft.added.items()}
    first = {k: v for k, v in changes.items() if k == correction.household_id}
    return record_together({**first, **changes}, today, relatives)


def households_concerned(
    household: UUID, known: Sequence[Recorded], beside: Sequence[UUID], relatives: Relatives
) -> dict[UUID, Sequence[Recorded]]:
    """Everything about the household, about those of its line, and about those beside it with theirs."""
    found = {household: known, **relatives_among(known, relatives)}
    for other in beside:
        if other not in found:
            found[other] = relatives(other)
            found.update({r: facts for r, facts in relatives_among(found[other], relatives).items() if r not in found})
    return {each: facts for each, facts in found.items() if facts}


def _void(
    correction: Correction, known: Mapping[UUID, Sequence[Recorded]]
) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
    """By household what becomes void; of a single decision also the annulments that it brought about elsewhere."""
    void: dict[UUID, dict[str, Recorded]] = {}
    for household, facts in known.items():
        of_acts = facts_of_acts(correction.acts, facts)
        named = [
            r for r in surviving(facts)
            if r.id in correction.facts or (isinstance(r.fact, h.FactsAnnulled) and r.fact.caused_by in correction.facts)
        ]  # fmt: skip
        void[household] = {r.id: r for r in (*of_acts, *named)}
    found = {id_: r for of in void.values() for id_, r in of.items()}
    acts = {r.command_id for r in found.values()}
    for missing in (*(a for a in correction.acts if a not in acts), *(f for f in correction.facts if f not in found)):
        raise Refused(NOT_STANDING, named=str(missing))
    yield from ((household, tuple(of.values())) for household, of in void.items() if of)


def _annulment(correction: Correction, household: UUID, void: Sequence[Recorded]) -> h.FactsAnnulled:
    first = min(void, key=order_of).fact
    whole = {r.command_id for r in void}
    return h.FactsAnnulled(
        household_id=household, effective_on=first.effective_on, precision=first.precision,
        acts=tuple(act for act in correction.acts if act in whole), annuls=tuple(r.id for r in void),
        **_common(correction, correction.case_id),
    )  # fmt: skip


def _decide(correction: Correction, decided: CorrectDecision, draft: _Draft) -> None:
    household = decided.household_id
    fact = _status_fact(correction, decided, draft)
    if isinstance(fact, HouseholdRemoved):
        before = draft.after(household)
        removal = draft.add(household, with_void_facts(fact, before))
        for annulment in annulments_in_descendants(removal, before, draft.after):
            draft.add(annulment.household_id, msgspec.structs.replace(annulment, case_id=correction.case_id))
    elif is_void(draft.add(household, fact), draft.after(household)):
        raise Refused(STATUS_FORBIDS)


def _status_fact(correction: Correction, decided: CorrectDecision, draft: _Draft) -> StatusFact:
    common = {
        "household_id": decided.household_id, "effective_on": decided.effective_on, "precision": decided.precision,
        **_common(correction, decided.case_id or correction.case_id), "decision": decided.decision,
    }  # fmt: skip
    match decided.kind:
        case StatusDecision.ENROLLED:
            return HouseholdEnrolled(**common, standard=decided.standard or Standard.NATIONAL)
        case StatusDecision.EXITED:
            return HouseholdExited(**common, enjoys_policies=bool(decided.enjoys_policies))
        case StatusDecision.RETURNED:
            assert decided.cause is not None  # ``terms.resolve`` has asked for it
            before = state_on(draft.after(decided.household_id), draft.after, as_of=decided.effective_on)
            return HouseholdReturned(**common, cause=decided.cause, former_exit=before.status_fact)
        case StatusDecision.REMOVED:
            return HouseholdRemoved(**common, reason=decided.removed_for or "")
        case StatusDecision.ENDED:
            assert decided.ended_for is not None  # as above
            return HouseholdCancelled(**common, reason=decided.ended_for)


def _common(correction: Correction, case_id: UUID) -> dict[str, Any]:
    return {
        "entered_by": correction.entered_by, "caused_by": correction.caused_by, "decision": correction.decision,
        "case_id": case_id,
    }  # fmt: skip
