"""Who lives where today, and the copied facts that households and persons are folded from. In the cursor's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor

from contracts.facts import HouseholdFact, Recorded
from contracts.selection import parent_of, timeline
from services.casework.people.domain import fold
from services.casework.people.state import RegisterState
from services.casework.people.view import REGISTRY, view
from services.chassis.following import copies

CURRENT_DIVISIONS: LiteralString = (
    "SELECT m.person_id AS subject, h.division FROM members m JOIN households h USING (household_id)"
    " WHERE m.present OR NOT EXISTS (SELECT FROM members o JOIN households USING (household_id)"
    "  WHERE o.person_id = m.person_id AND (o.present OR o.household_id > m.household_id))"
)
"""SQL of where everybody in the register lives today; of who left, where a household of theirs is."""
CHANGED_SINCE_REVIEW: LiteralString = (
    "EXISTS (SELECT FROM members m JOIN copies c ON c.subject = m.household_id AND c.log = 'registry'"
    " WHERE m.person_id = cases.subject AND c.recorded_at > cases.reviewed_at)"
)
"""SQL of whether the register recorded something about a household of the case's subject since the case was reviewed last."""


def persons_of(cur: Cursor[Any], households: Sequence[UUID]) -> list[UUID]:
    """Everybody who was ever named in one of these households."""
    cur.execute(
        "SELECT DISTINCT person_id FROM members WHERE household_id = ANY(%s)", (list(households),), prepare=True
    )
    return [row[0] for row in cur]


def households_naming(cur: Cursor[Any], persons: Sequence[UUID]) -> list[UUID]:
    """The households in which one of these persons was ever named."""
    cur.execute("SELECT DISTINCT household_id FROM members WHERE person_id = ANY(%s)", (list(persons),), prepare=True)
    return [row[0] for row in cur]


def facts_about_persons(cur: Cursor[Any], persons: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
    """Each person → every registry fact about any household they were ever named in, and about its ancestors."""
    households_of = _households_of(cur, persons)
    about = _facts_with_ancestors(cur, dict.fromkeys(h for households in households_of.values() for h in households))
    return {
        person: [fact for household in _with_ancestors(households, about) for fact in about[household]]
        for person, households in households_of.items()
    }


def facts_about_households(cur: Cursor[Any], households: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
    """Each household → every registry fact about it and about its ancestors."""
    about = _facts_with_ancestors(cur, households)
    return {h: [fact for of in _with_ancestors([h], about) for fact in about[of]] for h in households}


def registers_on(
    cur: Cursor[Any], persons: Sequence[UUID], households: Sequence[UUID], day: date
) -> dict[UUID, RegisterState]:
    """Each of these persons and households → the register that it is part of at the end of that day, as known now. Whoever lived in
    the same households is folded once, together with the household where that is one which descends from none."""
    households_of = _households_of(cur, persons)
    every = dict.fromkeys((*households, *(h for of in households_of.values() for h in of)))
    about = _facts_with_ancestors(cur, every)
    lines = {household: _with_ancestors([household], about) for household in every}
    folded: dict[frozenset[UUID], RegisterState] = {}
    found: dict[UUID, RegisterState] = {}
    for person, of in households_of.items():
        line = frozenset(chain.from_iterable(lines[household] for household in of))
        if line not in folded:
            folded[line] = fold(timeline(chain.from_iterable(about[household] for household in line), as_of=day))
        found[person] = folded[line]
    for household in households:
        alone = folded.get(frozenset(lines[household])) if len(lines[household]) == 1 else None
        facts = chain.from_iterable(about[of] for of in lines[household])
        found[household] = alone or fold(timeline(facts, of=household, as_of=day))
    return found


def households_affected_by(cur: Cursor[Any], facts: Sequence[Recorded]) -> list[UUID]:
    """The households that these facts are about, and all that ever split off from them: each once, parents first."""
    return with_descendants(
        cur, list(dict.fromkeys(r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact)))
    )


def with_descendants(cur: Cursor[Any], households: Sequence[UUID]) -> list[UUID]:
    """These, and all that ever split off from them: each once, parents first."""
    return view().with_descendants(cur, list(households))


def current_division(cur: Cursor[Any], person: UUID) -> str | None:
    """Where the person lives today, as lists say; ``None`` where no household of theirs stands."""
    cur.execute(f"SELECT division FROM ({CURRENT_DIVISIONS}) areas WHERE subject = %s", (person,), prepare=True)
    row = cur.fetchone()
    return str(row[0]) if row else None


def registry_position(cur: Cursor[Any]) -> int:
    """How far into the registry's log this service has read."""
    cur.execute("SELECT coalesce(max(position), 0) FROM cursors WHERE log = %s", (REGISTRY,), prepare=True)
    row = cur.fetchone()
    return int(row[0]) if row else 0


def _households_of(cur: Cursor[Any], persons: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Each person → the households in which they were ever named."""
    found: dict[UUID, list[UUID]] = {person: [] for person in persons}
    cur.execute(
        "SELECT person_id, household_id FROM members WHERE person_id = ANY(%s)",
        (list(persons),),
        prepare=True,
        binary=True,
    )
    for person, household in cur.fetchall():
        found[person].append(household)
    return found


def _facts_with_ancestors(cur: Cursor[Any], households: Iterable[UUID]) -> dict[UUID, list[Recorded]]:
    """Of each of these households and of each of their ancestors, its facts."""
    about: dict[UUID, list[Recorded]] = {}
    missing = list(households)
    while missing:
        found = copies.copies_about(cur, missing, log=REGISTRY)
        about.update(found)
        missing = [p for p in dict.fromkeys(p for facts in found.values() for p in _parents(facts)) if p not in about]
    return about


def _with_ancestors(households: Iterable[UUID], about: Mapping[UUID, Sequence[Recorded]]) -> list[UUID]:
    """These households and their ancestors, each once."""
    found: dict[UUID, None] = {}
    waiting = list(households)
    while waiting:
        household = waiting.pop(0)
        if household not in found:
            found[household] = None
            waiting += _parents(about[household])
    return list(found)


def _parents(facts: Iterable[Recorded]) -> list[UUID]:
    """The households that the facts say theirs started from, void ones included."""
    return [parent for recorded in facts if (parent := parent_of(recorded)) is not None]
