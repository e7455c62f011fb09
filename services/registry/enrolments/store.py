"""Enrolments in the log: the handlers of what departments of education enter and correct."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentActsAnnulled,
    EnrolmentEnd,
    EnrolmentEnded,
    EnrolmentFact,
    PupilEnrolled,
    SchoolTerm,
)
from contracts.selection import surviving
from services.casework.calendars import school_terms
from services.casework.dates import require_not_future
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.enrolments import rules
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.store import relatives_in, require_in_area
from services.registry.schooling.domain import require_sound, schooling_on, stream_of
from services.registry.schools.store import require_takes, stays_of


def enrol_handler(
    fact: PupilEnrolled, ended: EnrolmentEnded | None, former_ended: EnrolmentEnd | None, actor: Actor
) -> Callable[[Tx], Reply]:
    """Handles an enrolment: one that runs, or has ``ended``; ``former_ended``: why the one before it did, on its day."""

    def work(tx: Tx) -> Reply:
        _require_pupil(tx, fact.household_id, fact.person_id, fact.effective_on, actor)
        facts: list[Fact] = [fact, *(() if ended is None else (ended,))]
        if former_ended is not None:
            known = surviving(tx.load(stream_of(fact.person_id)))
            former = schooling_on([r for r in known if r.fact.effective_on < fact.effective_on])
            if former is not None and former.runs:
                facts.append(
                    EnrolmentEnded(
                        person_id=fact.person_id, household_id=fact.household_id, enrolment_id=former.enrolment_id,
                        effective_on=fact.effective_on, entered_by=fact.entered_by, evidence=fact.evidence, reason=former_ended,
                    )
                )  # fmt: skip
        return _append(tx, fact.person_id, facts, _location(fact))

    return work


def said_handler(fact: EnrolmentFact, actor: Actor, documents: Documents) -> Callable[[Tx], Reply]:
    """Handles what is said within an enrolment that runs on that day: placement, attendance, its end."""

    def work(tx: Tx) -> Reply:
        place, said = _require_pupil(tx, fact.household_id, fact.person_id, fact.effective_on, actor), fact
        if isinstance(said, AttendanceCounted):
            lookup = documents.in_unit(tx)
            require_within_term(said, lookup, place)
            said = msgspec.structs.replace(said, decided_from=lookup.basis(tx.log, tx.head))
        return _append(tx, fact.person_id, [said], _location(fact))

    return work


def annulment_handler(annulled: EnrolmentActsAnnulled, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles that acts were wrong; what an annulment named that was wrong itself stands again."""

    def work(tx: Tx) -> Reply:
        _require_pupil(tx, annulled.household_id, annulled.person_id, annulled.effective_on, actor)
        void = [r for r in surviving(tx.load(stream_of(annulled.person_id))) if r.command_id in annulled.acts]
        if missing := {*annulled.acts} - {r.command_id for r in void}:
            raise Refused(rules.UNKNOWN_ENROLMENT_ACT, act=str(min(missing)))
        fact = msgspec.structs.replace(annulled, annuls=tuple(r.id for r in void))
        return _append(tx, annulled.person_id, [fact], _location(annulled))

    return work


def _append(tx: Tx, person_id: UUID, facts: Sequence[Fact], location: str) -> Reply:
    """With these facts every enrolment of the pupil goes together with the others, and with its school."""
    stream = stream_of(person_id)
    for fact in facts:
        require_not_future(fact.effective_on, tx.today)
    tx.append(stream, *facts)
    require_lawful(tx, tx.load(stream))
    return Reply(location=location)


def require_lawful(tx: Tx, after: Sequence[Recorded]) -> None:
    """``after``: what would stand in a pupil's stream. Raises ``Refused``."""
    require_sound(after)
    for stay in stays_of(after):
        require_takes(tx, stay)


def _require_pupil(tx: Tx, household_id: UUID, person_id: UUID, day: date, actor: Actor) -> str:
    """Where the household stands that the pupil belongs to, or belonged to on that day. Raises ``Refused``."""
    known, relatives = tx.load(household_stream(household_id)), relatives_in(tx)
    require_in_area(known, actor, relatives)
    now = current_state_without_surveys(known, relatives)
    if person_id not in now.members and person_id not in state_on(known, relatives, as_of=day).members:
        raise Refused(rules.NOT_OF_HOUSEHOLD, on=day.isoformat())
    return now.division


def require_within_term(fact: AttendanceCounted, lookup: Lookup, place: str) -> None:
    year = fact.school_year if fact.term is SchoolTerm.AUTUMN else fact.school_year + 1
    try:
        edition = lookup.in_force(school_terms.KIND, school_terms.NATIONAL, date(fact.school_year, 9, 1), place)
        of_year = {t.term: t.beginning_in(year) for t in edition.typed(school_terms.school_terms_from).terms}
        first, last = of_year[fact.term.value]
    except (NotInForce, UnknownName, KeyError):
        raise Refused(rules.NO_CALENDAR, school_year=fact.school_year) from None
    if not first <= fact.effective_on <= last:
        raise Refused(rules.OUTSIDE_TERM, first=first.isoformat(), last=last.isoformat())
    if fact.missed_days > (days := (fact.effective_on - first).days + 1):
        raise Refused(rules.MORE_THAN_TERM, days=days)


def _location(fact: EnrolmentFact | EnrolmentActsAnnulled) -> str:
    return f"/registry/households/{fact.household_id}/members/{fact.person_id}/enrolments"
