"""Why a household and its members have a programme, or not, on a day, as known on another. Blocking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.entitlements import EntitlementApplied
from contracts.assistance.programmes import UnitKind
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.areas import HOUSEHOLD_AREAS
from services.assistance.entitlements.derived_facts import of_household, of_person
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.state import UnitEntitlements
from services.assistance.entitlements.state import fold as fold_unit
from services.assistance.entitlements.units import facts_about_units, unit_on
from services.assistance.entitlements.why import (
    Condition,
    OfComponent,
    Outcome,
    components_of,
    conditions_of,
    outcome_of,
)
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.document import KIND, OF_PERSONS, Programme, programme_from
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
    """``known_at``: an instant, which is excluded; ``None``: now. ``programme`` and ``person``: these alone."""

    household: UUID
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
class _Unit:
    id: UUID
    about: Sequence[Recorded]
    own: UnitEntitlements
    applied: frozenset[str]
    causes: dict[str, str]


class WhyQueries:
    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def answers(self, asked: Asked, actor: Actor) -> list[Why]:
        """By programme and unit. Raises ``NOT_FOUND``, also for what lies outside of the actor's area, today or on that day."""
        household = asked.household
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
            units = self._units(cur, household, persons, asked)
        lookup = self._documents.known_at(asked.known_at)
        editions = lookup.all_in_force(KIND, asked.as_of, state.division)
        return [
            why
            for edition in sorted(editions, key=lambda edition: edition.fact.key)
            if asked.programme in (None, edition.fact.key)
            for why in self._of_programme(edition, units, asked)
        ]

    def _units(
        self, cur: Cursor[tuple[object, ...]], household: UUID, persons: Sequence[UUID], asked: Asked
    ) -> list[_Unit]:
        ids = [*([household] if asked.person is None else []), *persons]
        about = facts_about_units(cur, ids)
        return [self._unit(each, _known(about[each], asked.known_at), each == household, asked) for each in ids]

    def _unit(self, unit: UUID, about: Sequence[Recorded], is_household: bool, asked: Asked) -> _Unit:
        own = _known(self._store.stream(stream_of(unit)), asked.known_at)
        history = (of_household if is_household else of_person)(unit)(about, None)
        point = next(evaluation_points(history, asked.as_of))
        open_cases = (
            r.fact.programme
            for r in own
            if isinstance(r.fact, EntitlementApplied)
            and r.fact.effective_on <= asked.as_of
            and self._is_open(r.fact.case_id, asked)
        )
        return _Unit(
            unit,
            about,
            fold_unit(timeline(own)),
            frozenset(open_cases),
            {f: cause.id for f, cause in point.causes.items()},
        )

    def _is_open(self, case_id: UUID, asked: Asked) -> bool:
        case = fold_case(timeline(_known(self._store.stream(case_stream(case_id)), asked.known_at), as_of=asked.as_of))
        return case is not None and case.outcome is None

    def _of_programme(self, edition: Edition, units: Sequence[_Unit], asked: Asked) -> Iterator[Why]:
        programme = edition.typed(programme_from)
        for unit in units:
            is_household = unit.id == asked.household
            if is_household != (programme.unit is UnitKind.HOUSEHOLD) or not (
                is_household or programme.unit in OF_PERSONS
            ):
                continue
            stated = Stated(receiving=unit.own.receiving(asked.as_of))
            candidate = unit_on(unit.id, unit.about, asked.as_of, household=is_household, stated=stated).candidate
            conditions, components = conditions_of(programme, candidate), tuple(components_of(programme, candidate))
            outcome = outcome_of(
                unit.own, programme.programme, asked.as_of, applied=programme.programme in unit.applied,
                conditions=conditions, components=components,
            )  # fmt: skip
            yield Why(unit.id, programme, edition, outcome, conditions, components, unit.causes)


def _known(facts: Sequence[Recorded], known_at: datetime | None) -> list[Recorded]:
    return [r for r in facts if known_at is None or r.recorded_at < known_at]
