"""Why a household and its members have a programme, or not, on a day, as known on another. Blocking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.entitlements import EntitlementApplied
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.areas import HOUSEHOLD_AREAS
from services.assistance.entitlements.derived_facts import of_household, of_person
from services.assistance.entitlements.domain import Unit, stream_of
from services.assistance.entitlements.state import UnitEntitlements
from services.assistance.entitlements.state import fold as fold_unit
from services.assistance.entitlements.units import facts_about_units, outside_unit, unit_on
from services.assistance.entitlements.why import (
    Condition,
    OfComponent,
    Outcome,
    components_of,
    conditions_of,
    outcome_of,
)
from services.assistance.parties.domain import party
from services.assistance.parties.domain import stream_of as party_stream
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.document import KIND, Programme, programme_from
from services.casework.documents.editions import Edition
from services.casework.documents.reading import Documents
from services.casework.people.domain import fold
from services.casework.people.history import evaluation_points
from services.casework.people.queries import facts_about_households
from services.casework.procedures.state import fold as fold_case
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """``unit``: a household, or a party; ``known_at``: an instant, which is excluded; ``None``: now. ``programme`` and ``person``: these
    alone."""

    unit: UUID
    as_of: date
    known_at: datetime | None = None
    programme: str | None = None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Of one unit and programme. ``causes``: field of the register's state → id of the fact that set it."""

    unit: UUID
    programme: Programme
    edition: Edition
    outcome: Outcome
    conditions: tuple[Condition, ...]
    components: tuple[OfComponent, ...]
    causes: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A unit on the day, with what it has and has applied for, as known then."""

    unit: Unit
    own: UnitEntitlements
    applied: frozenset[str]
    causes: dict[str, str]


class WhyQueries:
    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def of_household(self, asked: Asked, actor: Actor) -> list[Why]:
        """Of it and its members, by programme and unit. Raises ``NOT_FOUND``, also for what lies outside of the actor's area today."""
        household = asked.unit
        with self._store.reading() as conn, conn.cursor() as cur:
            today = cur.execute(
                f"SELECT division FROM ({HOUSEHOLD_AREAS}) a WHERE subject = %s".encode(), (household,)
            ).fetchone()
            if today is None or not actor.covers(today[0]):
                raise Refused(NOT_FOUND)
            known = _known(facts_about_households(cur, [household])[household], asked.known_at)
            register = fold(timeline(known, of=household, as_of=asked.as_of))
            state = register.households.get(household)
            if state is None:
                return []
            persons = [p for p in sorted(register.members(household)) if asked.person in (None, p)]
            units = self._in_register(cur, household, persons, asked)
        return self._of_units(units, state.division, asked)

    def of_party(self, asked: Asked, actor: Actor) -> list[Why]:
        """Of a unit outside of the register, by programme; nothing of a day on which it was not there. Raises ``NOT_FOUND``."""
        told = self._store.stream(party_stream(asked.unit))
        today = party(timeline(told))
        if today is None or not actor.covers(today.entered.division):
            raise Refused(NOT_FOUND)
        there = party(timeline(_known(told, asked.known_at), as_of=asked.as_of))
        if there is None or there.until is not None:
            return []
        own, applied = self._entitlements(asked.unit, asked)
        unit = outside_unit(asked.unit, there, asked.as_of, Stated(receiving=own.receiving(asked.as_of)))
        return self._of_units([_Asked(unit, own, applied, {})], there.entered.division, asked)

    def _in_register(
        self, cur: Cursor[tuple[object, ...]], household: UUID, persons: Sequence[UUID], asked: Asked
    ) -> list[_Asked]:
        ids = [*([household] if asked.person is None else []), *persons]
        about = facts_about_units(cur, ids)
        return [self._registered(each, _known(about[each], asked.known_at), each == household, asked) for each in ids]

    def _registered(self, unit: UUID, about: Sequence[Recorded], is_household: bool, asked: Asked) -> _Asked:
        own, applied = self._entitlements(unit, asked)
        point = next(evaluation_points((of_household if is_household else of_person)(unit)(about, None), asked.as_of))
        stated = Stated(receiving=own.receiving(asked.as_of))
        on_day = unit_on(unit, about, asked.as_of, household=is_household, stated=stated)
        return _Asked(on_day, own, applied, {field: cause.id for field, cause in point.causes.items()})

    def _entitlements(self, unit: UUID, asked: Asked) -> tuple[UnitEntitlements, frozenset[str]]:
        """And the programmes of which an application was open."""
        told = _known(self._store.stream(stream_of(unit)), asked.known_at)
        applied = (r.fact for r in told if isinstance(r.fact, EntitlementApplied))
        waiting = (a for a in applied if a.effective_on <= asked.as_of and self._is_open(a.case_id, asked))
        return fold_unit(timeline(told)), frozenset(a.programme for a in waiting)

    def _is_open(self, case_id: UUID, asked: Asked) -> bool:
        case = fold_case(timeline(_known(self._store.stream(case_stream(case_id)), asked.known_at), as_of=asked.as_of))
        return case is not None and case.outcome is None

    def _of_units(self, units: Sequence[_Asked], division: str, asked: Asked) -> list[Why]:
        editions = self._documents.known_at(asked.known_at).all_in_force(KIND, asked.as_of, division)
        return [
            why
            for edition in sorted(editions, key=lambda edition: edition.fact.key)
            if asked.programme in (None, edition.fact.key)
            for why in _of_programme(edition, units, asked.as_of)
        ]


def _of_programme(edition: Edition, units: Sequence[_Asked], day: date) -> Iterator[Why]:
    programme = edition.typed(programme_from)
    for of in units:
        if of.unit.reasons_against(programme):
            continue
        candidate = of.unit.candidate
        conditions, components = conditions_of(programme, candidate), tuple(components_of(programme, candidate))
        outcome = outcome_of(
            of.own, programme.programme, day, applied=programme.programme in of.applied, conditions=conditions,
            components=components,
        )  # fmt: skip
        yield Why(of.unit.id, programme, edition, outcome, conditions, components, of.causes)


def _known(facts: Sequence[Recorded], known_at: datetime | None) -> list[Recorded]:
    return [r for r in facts if known_at is None or r.recorded_at < known_at]
