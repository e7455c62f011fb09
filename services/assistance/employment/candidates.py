"""Who comes first for a place: those proposed for an offer, in the order of the grounds of its kind of post; and households that have
more public posts than one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.assistance.employment import JobOffered
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.employment.domain import offer_stream_of
from services.assistance.employment.kinds import KIND, PostKind, kind_in_force, post_kind_from
from services.assistance.programmes.predicates import Candidate, reasons_against
from services.casework.documents.domain import Status
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

LAST_YEAR = 9999
"""Of birth, of whom the register knows none: behind everybody."""
PROPOSED: LiteralString = """
SELECT person_id, min(on_day) AS matched_on, EXISTS (SELECT FROM employment_entries p WHERE p.person_id = e.person_id
       AND p.offer_id = e.offer_id AND p.entry = 'placed' AND p.known_until IS NULL) AS placed
  FROM employment_entries e WHERE offer_id = %(offer)s AND entry = 'matched' AND known_until IS NULL AND on_day <= %(day)s
 GROUP BY person_id, offer_id
"""
SEVERAL: LiteralString = """
SELECT m.household_id, h.division, count(DISTINCT e.person_id)::int AS persons,
       array_agg(e.placement_id ORDER BY e.placement_id) AS placements
  FROM employment_entries e JOIN members m USING (person_id) JOIN households h ON h.household_id = m.household_id
 WHERE e.entry = 'placed' AND e.known_until IS NULL AND e.on_day <= %(day)s AND e.post_kind = ANY(%(kinds)s) AND m.present
   AND h.division >= %(low)s AND h.division < %(high)s
   AND NOT EXISTS (SELECT FROM employment_entries x WHERE x.placement_id = e.placement_id AND x.entry IN ('ended', 'term')
                   AND x.known_until IS NULL AND x.on_day < %(day)s)
   AND (h.division, m.household_id) > (%(after)s, %(household)s)
 GROUP BY m.household_id, h.division HAVING count(*) > 1 ORDER BY h.division, m.household_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ProposedPerson:
    """``rank``: the place of the ground of priority in the document, behind all of them where none holds."""

    person_id: UUID
    matched_on: date
    placed: bool
    rank: int
    priority: str | None


class PostQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def proposed(self, offer_id: UUID, actor: Actor, day: date) -> list[ProposedPerson]:
        """By ground of priority, the older first, then by the day of the match. Raises ``NOT_FOUND``."""
        told = timeline(self._store.stream(offer_stream_of(offer_id)))
        offer = next((r.fact for r in told if isinstance(r.fact, JobOffered)), None)
        if offer is None or not actor.covers(offer.division):
            raise Refused(NOT_FOUND)
        kind = kind_in_force(self._documents.known_at(None), offer.post_kind, offer.effective_on, offer.division)
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            rows = cur.execute(PROPOSED, {"offer": offer_id, "day": day}).fetchall()
        with self._store.reading() as conn, conn.cursor() as cur:
            about = facts_about_persons(cur, [row["person_id"] for row in rows])
        return in_order(kind, rows, about, day)

    def several(self, division: str, day: date, after: tuple[str, UUID], limit: int) -> list[dict[str, Any]]:
        """Households that have more than one post of which each household is to have one: who holds one moved in, or was told to have
        died and had not. By division."""
        low, high = code_range(division)
        given = {
            "kinds": self._one_per_household(), "day": day, "low": low, "high": high, "after": after[0], "household": after[1],
            "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(SEVERAL, given).fetchall()

    def _one_per_household(self) -> list[str]:
        states = self._documents.known_at(None).known(KIND).states.values()
        adopted = [s.edition for s in states if s.status is Status.ADOPTED and s.edition.fact.kind == KIND]
        kinds = (edition.typed(post_kind_from) for edition in adopted)
        return sorted({kind.post_kind for kind in kinds if kind.one_per_household})


def in_order(
    kind: PostKind | None, rows: Iterable[Mapping[str, Any]], about: Mapping[UUID, Sequence[Recorded]], day: date
) -> list[ProposedPerson]:
    """``about``: what the register knows of each."""
    found = list[tuple[int, ProposedPerson]]()
    for row in rows:
        person = person_on(about[row["person_id"]], row["person_id"], as_of=day)
        rank, code = ground_of(kind, person, day)
        born = LAST_YEAR if code is None or person.birth_year is None else person.birth_year
        found.append((born, ProposedPerson(**row, rank=rank, priority=code)))
    found.sort(key=lambda each: (each[1].rank, each[0], each[1].matched_on, each[1].person_id))
    return [proposed for _, proposed in found]


def ground_of(kind: PostKind | None, person: PersonState, day: date) -> tuple[int, str | None]:
    """The first ground that holds of the person on that day, and its place."""
    grounds = () if kind is None else kind.priorities
    for place, ground in enumerate(grounds):
        if not reasons_against(ground.all_of, Candidate(person, day)):
            return place, ground.code
    return len(grounds), None
