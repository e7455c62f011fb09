"""What would follow in a service from facts of another log that are not recorded yet: its own reactions to them, in a transaction
that is rolled back. So what is foretold and what will happen cannot differ."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import count
from typing import Any, Protocol
from uuid import UUID, uuid4

import msgspec
from msgspec import structs
from psycopg import errors

from contracts.accounts import SYSTEM_ACTOR
from contracts.consequences import ConsequenceDetail, ConsequenceEffect, ConsequenceLine
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.personal import MASK, Personal
from services.chassis.following import copies
from services.chassis.following.reactions import Reaction, react
from services.chassis.ground.labels import LABELS
from services.chassis.log.entries import Entry, EntryJson, decode_entry
from services.chassis.log.session import Session
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

BEYOND = 2**52
"""Positions from here on are no log's: what is not recorded takes the place of nothing that is."""
ATTEMPTS = 5
BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '3s'"
CURSOR = b"SELECT position FROM cursors WHERE consumer = %s AND log = %s FOR UPDATE"
COMMON = frozenset({*Fact.__struct_fields__, "household_id", "person_id", "case_id"})
"""Fields that a line says by itself, or that are of no use to who decides."""

Effects = Mapping[type[Fact], ConsequenceEffect]
Lines = Mapping[Hashable, ConsequenceLine]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """``facts``: what would be recorded behind ``position`` of the ``log``. ``households``: of which it is asked what holds now."""

    log: str
    position: int
    facts: tuple[EntryJson, ...] = ()
    households: tuple[UUID, ...] = ()


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """``position``: how far the service had read the log; ``stands``: what holds now without a fact of its own."""

    service: str
    position: int
    lines: tuple[ConsequenceLine, ...]
    stands: tuple[ConsequenceLine, ...] = ()


class Foresight(Protocol):
    """What one service would make of facts that are not recorded yet. Blocking."""

    def foretell(self, question: Question) -> Foretold:
        """Raises ``UnknownType`` for a fact that this release does not know."""
        ...


class Standing(Protocol):
    """Something that holds without a fact of its own, such as a duty: compared before and afterwards."""

    def lines(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        """What holds of these households, each as a line of this effect."""
        ...


@dataclass(frozen=True)
class Reactions:
    """Foresight of a service that follows a log. ``effects``: what each fact that its reactions append comes to."""

    store: Store
    log: str
    reactions: Sequence[Reaction]
    effects: Effects
    standings: Sequence[Standing] = ()

    def foretell(self, question: Question) -> Foretold:
        """Raises psycopg's ``OperationalError`` where the database is away, or whoever consumes the log stands in the way."""
        facts = recorded_of(question)
        of_facts = (r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact))
        households = [*dict.fromkeys((*question.households, *of_facts))]
        for _ in range(ATTEMPTS - 1):
            try:
                return self._foretell(facts, households)
            except errors.SerializationFailure:  # the consumer went on meanwhile
                continue
        return self._foretell(facts, households)

    def _foretell(self, facts: Sequence[Recorded], households: Sequence[UUID]) -> Foretold:
        with self.store.reading() as conn:
            try:
                with conn.cursor() as cur:
                    cur.execute(BEGIN)
                    # Whoever holds the cursor is alone with the views of this log, as the consumer is.
                    cur.execute(CURSOR, (self.store.name, self.log))
                    position = cur.fetchone()
                    session = Session(self.store.name, cur, self.store.clock, dry_run=True)
                    tx = Tx(session, uuid4(), SYSTEM_ACTOR)
                    before = self._holds(tx, households, ConsequenceEffect.STOPS)
                    copies.store_copies(cur, self.log, [entry_of(r) for r in facts])
                    react(tx, self.reactions, facts)
                    after = self._holds(tx, households, ConsequenceEffect.STARTS)
                    lines = [
                        *(line_of(self.store.name, r.fact, self.effects) for r in tx.appended),
                        *(line for key, line in before.items() if key not in after),
                        *(line for key, line in after.items() if key not in before),
                    ]
            finally:
                conn.rollback()
        stands = (structs.replace(line, effect=ConsequenceEffect.GOES_ON) for line in before.values())
        return Foretold(
            service=self.store.name,
            position=position[0] if position else 0,
            lines=in_order(lines),
            stands=in_order(stands),
        )

    def _holds(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        return {k: line for each in self.standings for k, line in each.lines(tx, households, effect).items()}


def question(log: str, position: int, facts: Iterable[Recorded]) -> Question:
    """Of facts in the order in which they would be recorded."""
    numbered = zip(count(BEYOND), facts, strict=False)
    return Question(
        log=log, position=position,
        facts=tuple(EntryJson.of(msgspec.structs.replace(entry_of(r), position=at)) for at, r in numbered),
    )  # fmt: skip


def recorded_of(asked: Question) -> list[Recorded]:
    return [decode_entry(asked.log, each.entry()) for each in asked.facts]


def entry_of(r: Recorded) -> Entry:
    topic = f"{r.fact.type_name}/{r.fact.type_version}"
    return Entry(r.position, r.stream, r.version, topic, r.payload, r.recorded_at, r.command_id, r.actor)


def line_of(service: str, fact: Fact, effects: Effects) -> ConsequenceLine:
    """Raises ``KeyError`` for a fact of which nobody said what it comes to."""
    label = LABELS.fact(fact.type_name)
    return ConsequenceLine(
        service=service, effect=effects[type(fact)], what=fact.type_name, zh=label.zh, en=label.en, on=fact.effective_on,
        household_id=getattr(fact, "household_id", None), person_id=getattr(fact, "person_id", None),
        details=details(**{n: getattr(fact, n) for n in fact.__struct_fields__ if n not in COMMON}),
    )  # fmt: skip


def details(**values: Any) -> tuple[ConsequenceDetail, ...]:
    """Those that are filled in."""
    texts = ((name, _text(value)) for name, value in values.items() if value not in (None, (), ""))
    return tuple(ConsequenceDetail(name=name, value=text) for name, text in texts)


def in_order(lines: Iterable[ConsequenceLine]) -> tuple[ConsequenceLine, ...]:
    """By day; of one day as they came."""
    return tuple(sorted(lines, key=lambda line: line.on))


def _text(value: Any) -> str:
    match value:
        case Personal():
            return MASK
        case Enum():
            return str(value.value)
        case Decimal():
            return format(value, "f")
        case tuple():
            return ", ".join(map(_text, value))
        case msgspec.Struct():
            return " ".join(_text(getattr(value, name)) for name in value.__struct_fields__)
    return str(value)
