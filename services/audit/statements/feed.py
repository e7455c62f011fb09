"""Keeps what the statements are summed from: whenever a fact of a household arrives, the household is folded again from
all its facts, so late facts and corrections come out right."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import HouseholdFact, Recorded
from contracts.publishing.catalogue import load, logs_of
from contracts.registry.divisions import DivisionDeclared
from services.audit.statements.periods import picture
from services.audit.statements.standing import REGISTRY, matters
from services.audit.statements.store import MOVEMENTS, STOCK_PERIODS, movement_rows, stock_rows
from services.chassis import copies
from services.chassis.unit import Tx


class FoldsHouseholds:
    """Reaction to the registry's log: writes ``stock_periods`` and ``movements``."""

    appends = False

    def __init__(self) -> None:
        # Every fact about a household, since any may annul another.
        self.types = frozenset(
            kind.type_name for kind in load().values() if issubclass(kind, HouseholdFact) and REGISTRY in logs_of(kind)
        )

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        fold_again(tx, [r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact) and matters(r.fact)])


class RemembersPlaces:
    """Reaction to the registry's log: writes ``places``."""

    appends = False
    types = frozenset({DivisionDeclared.type_name})

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        codes = [r.fact.code for r in facts if isinstance(r.fact, DivisionDeclared)]
        tx.cur.execute("INSERT INTO places SELECT * FROM unnest(%s::text[]) ON CONFLICT DO NOTHING", (codes,))


def fold_again(tx: Tx, households: Iterable[UUID]) -> None:
    """Put the pictures of these households, drawn from the copies, in the place of what the tables hold."""
    touched = list(dict.fromkeys(households))
    if not touched:
        return
    pictures = {h: picture(facts) for h, facts in copies.about(tx.cur, touched, REGISTRY).items()}
    STOCK_PERIODS.replace(tx, touched, (row for h, p in pictures.items() for row in stock_rows(h, p)))
    MOVEMENTS.replace(tx, touched, (row for h, p in pictures.items() for row in movement_rows(h, p)))


def copied_households(cur: Cursor[tuple[Any, ...]]) -> list[UUID]:
    """Every household that the copies of the registry's log speak of: for folding all of them again."""
    cur.execute("SELECT DISTINCT subject FROM copies WHERE log = %s AND subject IS NOT NULL", (REGISTRY,))
    return [subject for (subject,) in cur]
