"""Schools in the log, their view, and the handlers of acts about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import EnrolmentEnded, PupilEnrolled
from contracts.registry.schools import (
    SchoolActsAnnulled,
    SchoolClosed,
    SchoolDeclared,
    SchoolFact,
    SchoolMerged,
    SchoolRelocated,
    SchoolSucceeded,
)
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.divisions.rules import require_exists as require_division
from services.registry.households.transfers import division_in
from services.registry.schooling.domain import stream_of as enrolments_of
from services.registry.schooling.store import ever_enrolled_at
from services.registry.schools import rules
from services.registry.schools.domain import School, fold, stream_of


@dataclass(frozen=True, slots=True)
class Stay:
    """At one school and stage, from ``since`` to the eve of ``until``, where it ended."""

    school_code: str
    stage: SchoolStage
    since: date
    until: date | None


def stays_of(facts: Iterable[Recorded]) -> list[Stay]:
    """Those of one pupil, as known now."""
    standing = [r.fact for r in timeline(facts)]
    ends = {f.enrolment_id: f.effective_on for f in standing if isinstance(f, EnrolmentEnded)}
    return [
        Stay(f.school_code, f.stage, f.effective_on, ends.get(f.enrolment_id))
        for f in standing
        if isinstance(f, PupilEnrolled)
    ]


def school_in(tx: Tx, code: str) -> School | None:
    """The school with all that is known of it, in the unit's transaction."""
    return fold(timeline(tx.load(stream_of(code))))


def require_takes(tx: Tx, stay: Stay) -> None:
    """The school, and whichever has its pupils since, is there as long as the pupil is said to be. Raises ``Refused``."""
    school = rules.require_exists(school_in(tx, stay.school_code), stay.school_code, stay.since)
    rules.require_stage(school, stay.stage, stay.since)
    while school.ended_on is not None and (stay.until is None or stay.until > school.ended_on):
        then = None if school.into_school is None else school_in(tx, school.into_school)
        if then is None:
            rules.require_exists(school, school.school_code, school.ended_on)
            return
        school = then


def require_covers(tx: Tx, actor: Actor, division: str) -> None:
    """The place of a school, or what that came to, is in the actor's area. Raises ``NOT_FOUND``."""
    seen: set[str] = set()
    while not actor.covers(division):
        seen.add(division)
        known = division_in(tx, division)
        ends = [] if known is None else [s.to_code for s in known.successions if s.ends and s.to_code not in seen]
        if not ends:
            raise Refused(NOT_FOUND)
        division = ends[-1]


def declare_handler(fact: SchoolDeclared, actor: Actor) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        _require_place(tx, actor, fact.division, fact.effective_on)
        rules.require_new(school_in(tx, fact.school_code), fact)
        tx.append(stream_of(fact.school_code), fact)
        return _reply(fact.school_code)

    return work


def said_handler(fact: SchoolFact, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles what is said of a school that exists on that day: another name, its stages, where it is."""

    def work(tx: Tx) -> Reply:
        _school(tx, actor, fact.school_code, fact.effective_on)
        if isinstance(fact, SchoolRelocated):
            _require_place(tx, actor, fact.division, fact.effective_on)
        tx.append(stream_of(fact.school_code), fact)
        _require_pupils_fit(tx, fact.school_code)
        return _reply(fact.school_code)

    return work


def ending_handler(fact: SchoolMerged | SchoolClosed, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles that a school is no more. Pupils of one that is merged are the other's; of one that is closed none may be left."""

    def work(tx: Tx) -> Reply:
        school = _school(tx, actor, fact.school_code, fact.effective_on)
        rules.require_may_end(school, fact.effective_on)
        more: tuple[SchoolFact, ...] = ()
        if isinstance(fact, SchoolMerged):
            rules.require_successor(school, school_in(tx, fact.into_school), fact)
            day, by = fact.effective_on, fact.entered_by
            more = (
                SchoolSucceeded(
                    school_code=fact.into_school, former_school=fact.school_code, effective_on=day, entered_by=by
                ),
            )
        (cause,) = tx.append(stream_of(fact.school_code), fact)
        for other in more:
            tx.append(stream_of(other.school_code), msgspec.structs.replace(other, caused_by=cause))
        _require_pupils_fit(tx, fact.school_code)
        return _reply(fact.school_code)

    return work


def annulment_handler(annulled: SchoolActsAnnulled, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles that acts about a school were wrong: void here, and in the schools that they name."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(annulled.school_code))
        standing = surviving(known)
        void = [r for r in standing if r.command_id in annulled.acts]
        school = fold(standing)
        if school is None:
            raise Refused(NOT_FOUND)
        require_covers(tx, actor, school.division)
        if missing := {*annulled.acts} - {r.command_id for r in void}:
            raise Refused(rules.UNKNOWN_SCHOOL_ACT, act=str(min(missing)))
        concerned = {r.id for r in void} | {i for r in void for i in r.fact.annuls}
        others = (_other_named(r) for r in known if r.id in concerned)
        codes = [annulled.school_code, *(other for other in others if other is not None)]
        for code in dict.fromkeys(codes):
            ids = tuple(r.id for r in surviving(tx.load(stream_of(code))) if r.command_id in annulled.acts)
            tx.append(stream_of(code), msgspec.structs.replace(annulled, school_code=code, annuls=ids))
        for code in dict.fromkeys(codes):
            _require_still_sound(tx, code)
        return _reply(annulled.school_code)

    return work


class Schools:
    """Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def facts(self, code: str) -> tuple[Recorded, ...]:
        return self._store.stream(stream_of(code))

    def on(self, code: str, as_of: date, known_at: datetime | None) -> School | None:
        """The school at the end of that day, as known then; ``None`` where it was not declared yet."""
        return fold(timeline(self.facts(code), as_of=as_of, known_at=known_at))

    def attended(self, code: str, as_of: date, known_at: datetime | None) -> tuple[str, str | None]:
        """Code and name of the school that a pupil of this one is at on a day: itself, or what it was merged into by then."""
        seen: set[str] = set()
        while True:
            school = self.on(code, as_of, known_at)
            if school is None or school.into_school is None or code in seen:
                return code, None if school is None else school.name
            seen.add(code)
            code = school.into_school

    def turns(self, code: str) -> tuple[set[date], set[date]]:
        """Days on which the school, or what it was merged into, became otherwise, and on which that was learned."""
        turning, learned, waiting, seen = set[date](), set[date](), [code], set[str]()
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                for recorded in self.facts(here):
                    turning.add(recorded.fact.effective_on)
                    learned.add(civil_day(recorded.recorded_at))
                    waiting += [recorded.fact.into_school] if isinstance(recorded.fact, SchoolMerged) else []
        return turning, learned

    def whose_pupils(self, code: str, as_of: date, known_at: datetime | None) -> list[str]:
        """The codes under which pupils of a school were enrolled: its own, and of those merged into it by a day."""
        found, waiting = dict[str, None](), [code]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found[here] = None
                school = self.on(here, as_of, known_at)
                waiting += () if school is None else school.former_schools
        return list(found)


def _school(tx: Tx, actor: Actor, code: str, day: date) -> School:
    school = school_in(tx, code)
    if school is not None:
        require_covers(tx, actor, school.division)
    return rules.require_exists(school, code, day)


def _require_place(tx: Tx, actor: Actor, division: str, day: date) -> None:
    if not actor.covers(division):
        raise Refused(NOT_FOUND)
    require_division(division_in(tx, division), division, day)


def _require_pupils_fit(tx: Tx, code: str) -> None:
    """Every pupil who is or was enrolled here, or at a school merged into this one, can have been."""
    codes, waiting = dict[str, None](), [code]
    while waiting:
        here = waiting.pop()
        if here not in codes:
            codes[here] = None
            school = school_in(tx, here)
            waiting += () if school is None else school.former_schools
    persons = ever_enrolled_at(tx, list(codes))
    tx.load_many(map(enrolments_of, persons))
    if unfit := sum(not _fits(tx, person, codes) for person in persons):
        raise Refused(rules.SCHOOL_HAS_PUPILS, school_code=code, pupils=unfit)


def _fits(tx: Tx, person: UUID, codes: Iterable[str]) -> bool:
    try:
        for stay in stays_of(tx.load(enrolments_of(person))):
            if stay.school_code in codes:
                require_takes(tx, stay)
    except Refused:
        return False
    return True


def _require_still_sound(tx: Tx, code: str) -> None:
    """Nothing that stands rests on what was annulled."""
    standing = [r.fact for r in surviving(tx.load(stream_of(code)))]
    said = [f for f in standing if not isinstance(f, SchoolActsAnnulled)]
    if said and not any(isinstance(f, SchoolDeclared) for f in said):
        raise Refused(rules.SCHOOL_ACT_RESTED_ON, school_code=code)
    if sum(isinstance(f, SchoolMerged | SchoolClosed) for f in said) > 1:
        raise Refused(rules.SCHOOL_ACT_RESTED_ON, school_code=code)
    _require_pupils_fit(tx, code)


def _other_named(recorded: Recorded) -> str | None:
    match recorded.fact:
        case SchoolMerged(into_school=code) | SchoolSucceeded(former_school=code):
            return code
    return None


def _reply(code: str) -> Reply:
    return Reply(location=f"/registry/schools/{code}")
