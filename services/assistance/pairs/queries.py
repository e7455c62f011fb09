"""Queries of pairs: whom a helper helps, who is on a list and has nobody, how much each has in hand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.poverty_status import PovertyStatus
from services.assistance.pairs.document import KIND, PairKind, pair_kind_from
from services.assistance.pairs.placed import HOUSEHOLD, PERSON, Placed
from services.assistance.pairs.view import ALL_PAIRS
from services.casework.documents.domain import Status
from services.casework.documents.reading import Documents
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

Row = TypeVar("Row")
NUMBERS = RegisteredNumbers(copied=True)
NO_GROUND = 1_000
"""Place of those on a list who have no ground of priority: behind all that a document can name."""
OF_HOUSEHOLDS = (
    b"SELECT h.household_id, h.status, (SELECT count(*) FROM members m WHERE m.household_id = h.household_id AND m.present)::int"
    b" FROM households h WHERE h.household_id = ANY(%s)"
)
OF_KIND = " AND p.kind = %(kind)s"
SEEN = "(p.kind <> ALL(%(closed)s) OR %(me)s IN (p.helper, p.entered_by))"
PAIR_COLUMNS = (
    "p.subject, p.number, p.kind, p.about, p.place, p.division, p.helper, p.unit, p.helper_subject, p.mode, p.formed_on, p.since,"
    " p.committed_first, p.ends_on, p.until, p.reason, p.exit_by, p.took_over_from, p.moved_from"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """``since``: when it took effect; ``None``: not both have signed. ``national_no`` and ``status``: of a household."""

    subject: UUID
    number: int
    kind: str
    about: str
    place: str | None
    division: str
    helper: str
    unit: str
    helper_subject: UUID | None
    mode: str | None
    formed_on: date
    since: date | None
    committed_first: bool
    ends_on: date | None
    until: date | None
    reason: str | None
    exit_by: date | None
    took_over_from: str | None
    moved_from: UUID | None
    national_no: str | None = None
    status: PovertyStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """``rank``: of the ground of priority, in the order of its document; ``helped``: whether somebody helps in a pair of the kind
    on the day asked about; ``national_no`` and ``persons``: of a household, who live in it."""

    subject: UUID
    number: int
    kind: str
    about: str
    place: str | None
    division: str
    priority: str | None
    rank: int
    since: date
    until: date | None
    helped: bool
    national_no: str | None = None
    persons: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """``households`` and ``persons``: who is helped, with all who live in a household."""

    helper: str
    kind: str
    unit: str
    pairs: int
    unsigned: int
    households: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``day``: those that there are then, or ``None`` for all that ever were; ``status``: of the household that is helped, today."""

    actor: Actor
    division: str
    kind: str | None
    helper: str | None = None
    subject: UUID | None = None
    day: date | None = None
    status: PovertyStatus | None = None


class PairQueries:
    """Blocking: to be called in a thread. ``areas``: SQL of the relation (subject, division) of all who may be helped."""

    def __init__(self, store: Store, documents: Documents, areas: str) -> None:
        self._store, self._documents, self._areas = store, documents, areas

    def _kinds(self) -> Iterator[PairKind]:
        for state in self._documents.own().as_known().states.values():
            if state.status is Status.ADOPTED and state.edition.fact.kind == KIND:
                yield state.edition.typed(pair_kind_from)

    def closed_to(self, actor: Actor) -> Collection[str]:
        """Kinds of pairs that are not for the actor. What one adopted edition keeps from somebody, the kind does."""
        kinds = (edition.typed(pair_kind_from) for edition in self._documents.own().as_known().governing(KIND))
        closed = (k for k in kinds if k.read_by is not None and not k.read_by.admit(actor.roles, actor.level))
        return sorted({kind.pair_kind for kind in closed})

    def takes_contract(self, kind: str) -> bool:
        """Whether the helper may answer for an exit."""
        return any(each.pair_kind == kind and each.contract for each in self._kinds())

    def _ranks(self) -> Mapping[str, Sequence[object]]:
        """The grounds of priority of each kind and their places, as parameters; of several editions the first place."""
        places: dict[tuple[str, str], int] = {}
        for kind in self._kinds():
            for place, ground in enumerate(kind.priorities):
                key = kind.pair_kind, ground.code
                places[key] = min(place, places.get(key, place))
        kinds, codes = zip(*places, strict=True) if places else ((), ())
        return {"r_kinds": list(kinds), "r_codes": list(codes), "r_places": list(places.values())}

    def _placed(self) -> Placed:
        kinds = list(self._kinds())
        following, others = ({k.pair_kind for k in kinds if k.follows_register is f} for f in (True, False))
        return Placed(self._areas, following, others)

    def pairs(self, asked: Asked, after: tuple[str, UUID, int], limit: int) -> list[PairRow]:
        """By division, subject and number."""
        sql = (
            f"SELECT {PAIR_COLUMNS} FROM {self._placed().pairs(asked.kind)} p WHERE NOT p.void AND {_asked(asked)}"
            " AND (p.division, p.subject, p.number) > (%(a0)s, %(a1)s, %(a2)s)"
            " ORDER BY p.division, p.subject, p.number LIMIT %(limit)s"
        )
        rows = self._rows(sql, PairRow, asked, after, limit)
        numbers, households = self._of_households([row.subject for row in rows if row.about == HOUSEHOLD])
        return [
            replace(row, national_no=numbers.get(row.subject), status=households.get(row.subject, (None, 0))[0])
            for row in rows
        ]

    def listings(
        self, asked: Asked, day: date, after: tuple[int, str, UUID, int], limit: int, *, unhelped: bool, first: bool
    ) -> list[ListingRow]:
        """Who is on the list on that day, by division. ``unhelped``: only those whom nobody helps then; ``first``: whoever comes
        first by the document's grounds of priority, and those without a ground last."""
        helped = (
            f"EXISTS (SELECT FROM {ALL_PAIRS} q WHERE q.subject = p.subject AND q.kind = p.kind AND NOT q.void"
            " AND q.formed_on <= %(listed_on)s AND (q.until IS NULL OR q.until > %(listed_on)s))"
        )
        placed = self._placed()
        rank = f"coalesce(r.place, {NO_GROUND})" if first else "0::int"  # a bare number would name a column
        place = "p.division, p.subject, p.number"
        later = (
            f"({rank}, {place}) > (%(a0)s, %(a1)s, %(a2)s, %(a3)s)"
            if first
            else f"({place}) > (%(a1)s, %(a2)s, %(a3)s)"
        )
        sql = (
            f"SELECT p.subject, p.number, p.kind, p.about, p.place, p.division, p.priority, {rank} AS rank, p.since, p.until,"
            f" {helped} AS helped FROM {placed.listed(asked.kind)} p"
            " LEFT JOIN unnest(%(r_kinds)s::text[], %(r_codes)s::text[], %(r_places)s::int[]) r (kind, code, place)"
            " ON (r.kind, r.code) = (p.kind, p.priority)"
            f" WHERE p.division >= %(low)s AND p.division < %(high)s AND p.kind <> ALL(%(closed)s){OF_KIND if asked.kind else ''}"
            " AND p.since <= %(listed_on)s AND (p.until IS NULL OR p.until > %(listed_on)s)"
            f"{f' AND NOT {helped}' if unhelped else ''}"
            f" AND {later} ORDER BY {f'{rank}, ' if first else ''}{place} LIMIT %(limit)s"
        )
        following = sorted(placed.following)
        rows = self._rows(sql, ListingRow, asked, after, limit, listed_on=day, following=following, **self._ranks())
        numbers, households = self._of_households([row.subject for row in rows if row.about == HOUSEHOLD])
        return [
            replace(row, national_no=numbers.get(row.subject), persons=households.get(row.subject, (None, None))[1])
            for row in rows
        ]

    def loads(self, asked: Asked, after: tuple[str, str, str], limit: int) -> list[LoadRow]:
        """By helper, kind and unit: how many they help on that day, and of these, in how many a letter is missing."""
        sql = (
            "SELECT p.helper, p.kind, p.unit, count(*)::int AS pairs, count(*) FILTER (WHERE p.since IS NULL)::int AS unsigned,"
            f" count(DISTINCT p.subject) FILTER (WHERE p.about = '{HOUSEHOLD}')::int AS households,"
            f" coalesce(sum(CASE p.about WHEN '{PERSON}' THEN 1 WHEN '{HOUSEHOLD}' THEN m.persons ELSE 0 END), 0)::int AS persons"
            f" FROM {self._placed().pairs(asked.kind)} p CROSS JOIN LATERAL (SELECT count(*) AS persons FROM members m"
            f" WHERE p.about = '{HOUSEHOLD}' AND m.household_id = p.subject AND m.present) m"
            f" WHERE NOT p.void AND {_asked(asked)} AND (p.helper, p.kind, p.unit) > (%(a0)s, %(a1)s, %(a2)s)"
            " GROUP BY p.helper, p.kind, p.unit ORDER BY p.helper, p.kind, p.unit LIMIT %(limit)s"
        )
        return self._rows(sql, LoadRow, asked, after, limit)

    def _of_households(
        self, ids: Sequence[UUID]
    ) -> tuple[Mapping[UUID, str], Mapping[UUID, tuple[PovertyStatus, int]]]:
        """National numbers; status, and how many live there."""
        if not ids:
            return {}, {}
        with self._store.reading() as conn:
            found = {row[0]: (PovertyStatus(row[1]), row[2]) for row in conn.execute(OF_HOUSEHOLDS, (list(ids),))}
            return NUMBERS(conn, set(ids)), found

    def _rows(
        self, sql: str, row: type[Row], asked: Asked, after: tuple[object, ...], limit: int, **more: object
    ) -> list[Row]:
        low, high = code_range(asked.division)
        params = {
            "low": low, "high": high, "closed": self.closed_to(asked.actor), "me": asked.actor.subject, "kind": asked.kind,
            "helper": asked.helper, "subject": asked.subject, "day": asked.day, "status": asked.status, "limit": limit,
            **{f"a{n}": value for n, value in enumerate(after)}, **more,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(row)) as cur:
            return cur.execute(sql.encode(), params).fetchall()


def _asked(of: Asked) -> str:
    """SQL of what is asked of a pair; a question that is not asked is not in it, so that an index can answer the others."""
    parts = ["p.division >= %(low)s AND p.division < %(high)s", SEEN]
    parts += ["p.kind = %(kind)s"] if of.kind else []
    parts += ["p.helper = %(helper)s"] if of.helper else []
    parts += ["p.subject = %(subject)s"] if of.subject else []
    parts += (
        ["EXISTS (SELECT FROM households o WHERE (o.household_id, o.status) = (p.subject, %(status)s))"]
        if of.status
        else []
    )
    parts += ["p.formed_on <= %(day)s AND (p.until IS NULL OR p.until > %(day)s)"] if of.day else []
    return " AND ".join(parts)
