"""Education aid as the standing that procedures change, the reconciliation of its derived facts, and its view."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from contracts.assistance.aid import AidAnnulment, AidApplied, AidFact, AidFactsAnnulled, AidGranted, PupilAidFact
from contracts.facts import PUBLISHED, DecidedFrom, Recorded
from contracts.selection import surviving, timeline
from services.assistance.aid import domain
from services.assistance.aid.derived_facts import DERIVED_FACTS, derive_facts, derive_facts_of_all
from services.assistance.aid.domain import stream_of
from services.assistance.aid.state import Grant, PupilAid, evolve, fold
from services.assistance.reconciliation import Annulment, annulment_fields, decided, reconcile
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.queries import current_division, facts_about_persons
from services.casework.people.state import PersonState
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import read_terms
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.view import Row, Table, View, view_of_streams

COLUMNS = (
    "case_id", "person_id", "household_id", "division", "stage", "amount_per_year", "granted_from", "granted_until",
    "ending", "continued_on", "review_years", "review_amount",
)  # fmt: skip


class EducationAidMatter:
    """Implements ``Matter``. The subject is the pupil."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Where the pupil lives today or was when applied for last; whether aided on that day; who entered what the register
        knows of the households it lived in, but for what procedures decided."""
        facts, aid = _registry_facts(tx, subject), _aid(tx, subject)
        area = current_division(tx.cur, subject) or next(
            (a.division for a in reversed(aid.applications.values())), None
        )
        if area is None:
            raise Refused(NOT_FOUND)
        # What is decided from them is recorded after them.
        tx.after(max(r.recorded_at for r in facts))
        return Subject(
            id=subject,
            household_id=person_on(facts, subject, as_of=on).household_id,
            area=area,
            hands=frozenset(r.fact.entered_by for r in facts if getattr(r.fact, "case_id", None) is None),
            standing=domain.AIDED if aid.runs_on(on) else domain.UNAIDED,
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        pupil = _pupil(tx, case, case.opened_on)
        lookup, read = self._documents.in_unit(tx), read_terms(domain.Terms, terms)
        applied = domain.apply(case, pupil, read, lookup)
        tx.append(stream_of(case.subject), decided(tx, applied, basis, lookup))

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        lookup, aid, facts = self._documents.in_unit(tx), _aid(tx, case.subject), _registry_facts(tx, case.subject)
        pupil = person_on(facts, case.subject, as_of=case.decision.decided_on)
        granted = domain.grant(case, aid.applications[case.case_id], pupil, lookup, actor.subject, caused_by)
        new = Grant(granted, tx.instant, granted.household_id, granted.division)
        following = (f for f in derive_facts(new, facts, lookup) if isinstance(f, AidFact))
        domain.require_no_later_grant(reduce(evolve, following, new), aid.grants.values())
        tx.append(stream_of(case.subject), decided(tx, granted, basis, lookup))
        # A decision entered late may precede what the registry has recorded already.
        reconcile_aid(tx, case.subject, facts, lookup)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        own = surviving(tx.load(stream_of(case.subject)))
        return any(isinstance(r.fact, AidGranted) and r.fact.case_id == case.case_id for r in own)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        own = surviving(tx.load(stream_of(case.subject)))
        of_case = [r for r in own if isinstance(r.fact, AidFact) and r.fact.case_id == case.case_id]
        void = [r for r in of_case if not isinstance(r.fact, AidApplied)]
        fields = annulment_fields(void, actor.subject, caused_by)
        rejected = AidFactsAnnulled(person_id=case.subject, reason=AidAnnulment.CASE_REJECTED, **fields)
        tx.append(stream_of(case.subject), rejected)
        reconcile_aid(tx, case.subject, _registry_facts(tx, case.subject), self._documents.in_unit(tx))


def _registry_facts(tx: Tx, person: UUID) -> Sequence[Recorded]:
    return facts_about_persons(tx.cur, [person])[person]


def _pupil(tx: Tx, case: CaseState, on: date) -> PersonState:
    return person_on(_registry_facts(tx, case.subject), case.subject, as_of=on)


def _aid(tx: Tx, person: UUID) -> PupilAid:
    return fold(timeline(tx.load(stream_of(person))))


def reconcile_aid(tx: Tx, person_id: UUID, facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the pupil's derived facts in line with the registry's: annul the obsolete, append the missing."""
    own = tx.load(stream_of(person_id))
    if not own or not facts:
        return
    desired = derive_facts_of_all(fold(timeline(own)).grants.values(), facts, lookup)

    def annul(each: Annulment) -> AidFactsAnnulled:
        reason = AidAnnulment.CAUSE_ANNULLED if each.cause_annulled else AidAnnulment.OVERTAKEN
        return AidFactsAnnulled(person_id=person_id, reason=reason, **each.fields())

    reconcile(tx, stream_of(person_id), DERIVED_FACTS, desired, facts, lookup, annul)


def view() -> View[UUID]:
    """Keeps the table ``aid_grants``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, PupilAidFact))
    table = Table("aid_grants", "person_id", COLUMNS)
    return view_of_streams("aid_grants", (table,), types, "education-aid-", UUID, _rows)


def _rows(person: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([_row(person, grant) for grant in fold(timeline(facts)).grants.values()],)


def _row(person: UUID, grant: Grant) -> Row:
    granted, review = grant.granted, grant.review
    return (
        granted.case_id, person, grant.household_id, grant.division, granted.stage, granted.amount_per_year,
        granted.effective_on, grant.until, grant.ending, grant.continued_on,
        list(review.school_years) if review else None, review.amount if review else None,
    )  # fmt: skip
