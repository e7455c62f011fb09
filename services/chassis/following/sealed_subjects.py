"""Under whose data keys a log is sealed, so that a key that was lost can be told from one that was never made, and from one
that was destroyed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID, uuid4

import structlog

from contracts.facts import PUBLISHED, Fact, Recorded
from contracts.personal import Personal
from services.chassis.ground.background import Background
from services.chassis.ground.metrics import data_keys_unusable
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.array_literals import integers, uuids
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import SealBroken, has_personal_values, key_id, rewrite

SAMPLED = 1000
"""Keys that are compared at a start: as many of the newest as of any others. A vault that was restored from an older backup lacks
the newest."""
AT_ONCE = 1000
RETRY = 5.0
"""Seconds until a vault that is away is asked again."""

INSERT = """
INSERT INTO sealed_subjects (subject, key_id, log, position)
SELECT subject, key_id, %s, position FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS sealed (subject, key_id, position)
ON CONFLICT DO NOTHING
"""
AMONG = "SELECT DISTINCT subject FROM sealed_subjects WHERE subject = ANY(%s::uuid[])"
NEWEST = "SELECT subject, key_id, log, position FROM sealed_subjects WHERE log = %s ORDER BY position DESC LIMIT %s"
AFTER = """
SELECT subject, key_id, log, position FROM sealed_subjects WHERE (subject, key_id) > (%s, %s) ORDER BY subject, key_id LIMIT %s
"""

SealedKey = tuple[UUID, int]
"""Subject and key id."""
Place = tuple[str, int]
"""Log and position."""
Execute = Callable[..., Sequence[tuple[Any, ...]]]
"""Called with SQL and its parameters, it gives the rows."""


class Compares(Protocol):
    """The part of ``DataKeys`` that is asked here."""

    def unusable_among(self, wanted: Iterable[SealedKey]) -> Mapping[SealedKey, str]: ...


log = structlog.get_logger("lika.sealed_subjects")


class SealedSubjectsView:
    """A reaction to a service's own log, or to another's (of the types that it follows for other reasons): the table
    ``sealed_subjects``."""

    name = "sealed_subjects"
    appends = False

    def __init__(self, followed: frozenset[str] | None = None) -> None:
        personal = frozenset(name for (name, _), kind in PUBLISHED.items() if has_personal_values(kind))
        self.types = personal if followed is None else personal & followed

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        found: dict[SealedKey, int] = {}
        for recorded in facts:
            for sealed in sealed_under(recorded.fact):
                found.setdefault(sealed, recorded.position)
        if found:
            subjects, ids = zip(*found, strict=True)
            tx.cur.execute(INSERT, (facts[0].log, uuids(subjects), integers(ids), integers(found.values())))


def sealed_under(fact: Fact) -> set[SealedKey]:
    """The keys that a fact's sealed values name. What is no seal names none."""
    found: set[SealedKey] = set()

    def note(value: Personal[str], subject: UUID, _: str) -> Personal[str]:
        try:
            if not value.is_plain and (needed := key_id(value)) is not None:
                found.add((subject, needed))
        except SealBroken:
            pass
        return value

    rewrite(fact, note)
    return found


def sealed_among(store: Store, subjects: Collection[UUID]) -> set[UUID]:
    """Those under whose keys the service knows anything to be sealed. Blocking."""
    with store.reading() as conn:
        return {subject for (subject,) in conn.execute(AMONG, (uuids(subjects),))}


def sample(execute: Execute, own: str, size: int = SAMPLED) -> dict[SealedKey, Place]:
    """Keys that are sealed under, with the first place of each: the newest of the log ``own``, and as many from anywhere."""
    return _places([*execute(AFTER, uuid4(), 0, size // 2), *execute(NEWEST, own, size - size // 2)])


def every(execute: Execute) -> Iterator[dict[SealedKey, Place]]:
    """All of them, some at a time."""
    last: SealedKey = UUID(int=0), 0
    while rows := execute(AFTER, *last, AT_ONCE):
        yield _places(rows)
        last = rows[-1][0], rows[-1][1]


def _places(rows: Iterable[tuple[Any, ...]]) -> dict[SealedKey, Place]:
    return {(subject, needed): (log_name, position) for subject, needed, log_name, position in rows}


def unusable(data_keys: Compares, sealed: Mapping[SealedKey, Place]) -> dict[str, list[Place]]:
    """By the code of the rule that says why a key cannot be used: the first place sealed under each, in order."""
    found: dict[str, list[Place]] = {}
    for key, code in data_keys.unusable_among(sealed).items():
        found.setdefault(code, []).append(sealed[key])
    return {code: sorted(places) for code, places in sorted(found.items())}


class KeyComparison(Background):
    """Once at the start: whether the vault still has the keys that this log is sealed under. Tells how many it lacks and where in
    the log the first of them is, never whose they are."""

    def __init__(self, store: Store, data_keys: DataKeys) -> None:
        super().__init__(f"{store.name}-key-comparison")
        self._store, self._data_keys = store, data_keys

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                self.step()
            except UNREACHABLE as away:
                log.warning("key_comparison_waits", service=self._store.name, kind=type(away).__name__)
                self._halt.wait(RETRY)
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed
                log.error("key_comparison_failed", service=self._store.name, kind=type(unexpected).__name__)
                return
            else:
                return

    def step(self) -> dict[str, list[Place]]:
        with self._store.reading() as conn:
            sampled = sample(lambda sql, *params: conn.execute(sql.encode(), params).fetchall(), self._store.name)
        found = unusable(self._data_keys, sampled)
        data_keys_unusable.labels(self._store.name).set(sum(map(len, found.values())))
        for code, places in found.items():
            first = places[0]
            log.error(
                "data_keys_unusable", service=self._store.name, code=code, count=len(places), log=first[0],
                position=first[1],
            )  # fmt: skip
        return found
