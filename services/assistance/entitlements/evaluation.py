"""Programmes asked of every unit of a list: one of them, or all that are in force, in one pass over the register.

A household is read and folded once, whatever many programmes are asked of it and of its members. Which programmes apply is looked up
once a place, and whoever is alike in all that predicates can ask gets one answer, found once: most of a register is alike.
Read in portions, each on a snapshot of its own, so that nobody who writes waits for it, and no more than a portion is in memory.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import LiteralString, NamedTuple
from uuid import UUID

from contracts.registry.codes import SchoolStage
from services.assistance.programmes.candidates import Stated, candidate_in
from services.assistance.programmes.document import IN_REGISTER, Programme
from services.assistance.programmes.eligibility import Finding, assess
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate
from services.casework.people.lists import HOUSEHOLDS, MEMBERS, After, Filter, Listed, units_today
from services.casework.people.queries import registers_on
from services.casework.people.state import PersonState, RegisterState, household_state, person_state
from services.chassis.log.store import Store

APPLIED: LiteralString = (
    "SELECT subject, standing, case_id FROM cases WHERE subject = ANY(%s) AND outcome IS NULL AND standing = ANY(%s)"
)
RUNNING: LiteralString = (
    "SELECT unit_id, programme, case_id FROM entitlements WHERE unit_id = ANY(%s) AND granted_from <= %s"
    " AND (granted_until IS NULL OR granted_until > %s)"
)
PUPILS_AND_FORMER: LiteralString = (
    f"{MEMBERS} AND (stage <> 'none' OR EXISTS (SELECT FROM entitlements e WHERE e.unit_id = members.person_id))"
)
"""SQL of those in the household ``h`` who are in school, or had an entitlement once: one of a pupil may run still."""
PORTION = 250
"""Units: about what a page of a list shows, which goes on where the last ended."""
KEPT = 4_000
"""Kinds of units of which the findings are kept at hand."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedThere:
    """The programmes that are asked of persons, or of households, in a place: ``editions`` by key, none where none is in force;
    ``of_pupils``: those asked only of who is in school, or has
    one of them still; ``folded``: whether one of them asks more than a list has."""

    editions: Mapping[str, Programme | None]
    of_pupils: Collection[str]
    folded: bool


Cases = Mapping[UUID, dict[str, UUID]]
"""By unit and programme, the id of the case."""
Findings = tuple[tuple[str, Finding | None], ...]
"""(programme, finding): none where the programme is not in force where the unit lives."""


class FoundOfUnit(NamedTuple):
    """``eligible``: those by which something is for the unit."""

    every: Findings
    eligible: Findings


class Evaluated(NamedTuple):
    """A unit of a list asked one programme. ``open_application`` and ``running_entitlement``: ids of the cases."""

    listed: Listed
    programme: str
    finding: Finding | None
    open_application: UUID | None
    running_entitlement: UUID | None

    @property
    def eligible(self) -> bool:
        return self.finding is not None and self.finding.eligible

    @property
    def has_it(self) -> bool:
        """Granted, or applied for."""
        return self.open_application is not None or self.running_entitlement is not None


class Evaluation:
    """For one question. ``programme``: key of the one that is asked; none for all that are in force somewhere, and those that still run
    for a unit though none of their editions is in force any longer. ``named``: units that are asked even what is for pupils only.
    Blocking."""

    def __init__(
        self, store: Store, programmes: Programmes, programme: str | None, day: date, stated: Stated, named: Collection[UUID] = ()
    ) -> None:  # fmt: skip
        self._store, self._programmes, self._day, self._stated = store, programmes, day, stated
        self._all, self._named = programme is None, frozenset(named)
        keys = programmes.of_register(day) if programme is None else [programme]
        firsts = {key: programmes.first(key) for key in keys}
        self._firsts = {k: first for k, first in firsts.items() if first is None or first.unit in IN_REGISTER}
        self._there: dict[tuple[str, bool], AskedThere] = {}
        self._same: dict[tuple[bool, tuple[str | None, ...]], AskedThere] = {}
        self._findings = lru_cache(KEPT)(_findings)

    def units(self, filters: Filter, after: After, *, every: bool) -> Iterator[Evaluated]:
        """By division, household, unit and programme; the units behind ``after``. ``every``: also of programmes that neither are for
        the unit nor run for it."""
        relations, of_persons = list[LiteralString](), self._keys(of_persons=True)
        if of_persons or self._all:
            of_pupils = not self._all and all(map(self._is_of_pupils, of_persons))
            relations.append(PUPILS_AND_FORMER if of_pupils and not self._named else MEMBERS)
        if self._all or len(of_persons) < len(self._firsts):
            relations.append(HOUSEHOLDS)
        rows = units_today(self._store, filters, after, " UNION ALL ".join(relations))
        while relations and (portion := list(islice(rows, PORTION))):
            yield from self._of_portion(portion, every=every)

    def _of_portion(self, rows: Sequence[Listed], *, every: bool) -> Iterator[Evaluated]:
        applied, running = cases_of(self._store, [row.unit_id for row in rows], list(self._firsts), self._day)
        registers, nothing = self._registers(rows), dict[str, UUID]()
        for row in rows:
            unit = row.unit_id
            waits, has = applied.get(unit, nothing), running.get(unit, nothing)
            receiving = frozenset(has)
            listed = folded = _as_listed(row, self._day, receiving)
            if (register := registers.get(unit)) is not None:
                stated = replace(self._stated, receiving=receiving) if receiving else self._stated
                folded = _as_folded(row, register, self._day, stated)
            found = self._findings(self._asked_of(row), listed, folded, is_named=unit in self._named)
            asked = found.every if every or has else found.eligible
            if self._all and (ended := has.keys() - self._firsts.keys()):
                asked = tuple(sorted((*asked, *((key, None) for key in ended)), key=itemgetter(0)))
            for programme, finding in asked:
                yield Evaluated(row, programme, finding, waits.get(programme), has.get(programme))

    def _keys(self, *, of_persons: bool) -> list[str]:
        """One that nobody ever adopted is asked of persons."""
        return [k for k, first in self._firsts.items() if (first is None or first.is_of_persons) is of_persons]

    def _is_of_pupils(self, key: str) -> bool:
        first = self._firsts[key]
        return first is not None and first.is_of_pupils

    def _asked_of(self, row: Listed) -> AskedThere:
        key = row.division, not row.is_household
        if key not in self._there:
            if len(self._there) >= KEPT:
                self._there.clear()
            self._there[key] = self._asked_in(*key)
        return self._there[key]

    def _asked_in(self, division: str, of_persons: bool) -> AskedThere:
        """The same one for all places in which the same editions are in force."""
        keys = self._keys(of_persons=of_persons)
        editions = {key: self._programmes.found(key, self._day, division) for key in keys}
        asked = AskedThere(
            editions, {key for key in keys if self._is_of_pupils(key)},
            any(edition is not None and not edition.is_listed for edition in editions.values()),
        )  # fmt: skip
        names = tuple(None if edition is None else edition.edition for edition in editions.values())
        return self._same.setdefault((of_persons, names), asked)

    def _registers(self, rows: Sequence[Listed]) -> Mapping[UUID, RegisterState]:
        """Of units of which a programme asks more than a list has."""
        asked = [row for row in rows if self._asked_of(row).folded]
        persons = [row.unit_id for row in asked if not row.is_household]
        households = [row.unit_id for row in asked if row.is_household]
        if not asked:
            return {}
        with self._store.reading() as conn, conn.cursor() as cur:
            return registers_on(cur, persons, households, self._day)


def cases_of(store: Store, units: Sequence[UUID], programmes: Sequence[str], day: date) -> tuple[Cases, Cases]:
    """Of these units: the applications for these programmes that wait, and the entitlements that run on that day."""
    applied, running = dict[UUID, dict[str, UUID]](), dict[UUID, dict[str, UUID]]()
    with store.reading() as conn:
        for unit, programme, case in conn.execute(APPLIED, (units, programmes), prepare=True):
            applied.setdefault(unit, {})[programme] = case
        for unit, programme, case in conn.execute(RUNNING, (units, day, day), prepare=True):
            running.setdefault(unit, {})[programme] = case
    return applied, running


def _findings(asked: AskedThere, listed: Candidate, folded: Candidate, *, is_named: bool) -> FoundOfUnit:
    """Of each programme that is asked of such a unit. ``listed``: by what a list has of it, for programmes that ask no more."""
    of_school = is_named or listed.person.stage is not SchoolStage.NONE
    every = tuple(
        (key, None if edition is None else assess(edition, listed if edition.is_listed else folded))
        for key, edition in asked.editions.items()
        if of_school or key not in asked.of_pupils or key in listed.receiving
    )
    return FoundOfUnit(every, tuple((key, found) for key, found in every if found is not None and found.eligible))


def _as_listed(row: Listed, day: date, receiving: frozenset[str]) -> Candidate:
    status, stage = row.poverty_status, SchoolStage(row.stage)
    return Candidate(PersonState(status=status, stage=stage, boarder=row.boarder), day, receiving=receiving)


def _as_folded(row: Listed, register: RegisterState, day: date, stated: Stated) -> Candidate:
    state = (household_state if row.is_household else person_state)(register, row.unit_id)
    return candidate_in(register, state, day, stated).anybody
