"""The accounts that households are paid to (一卡通): from the copied facts. Lists say a mask; only the platform's file is given the number
itself, once the reading is on record (``account_readings``)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.households import FactsAnnulled, HouseholdRecorded
from contracts.registry.surveys import HouseholdSurveyed
from contracts.selection import timeline
from services.casework.people.view import REGISTRY
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.snapshot import Connection
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households

NAMING: tuple[type[Fact], ...] = (HouseholdRecorded, HouseholdSurveyed)
ACCOUNTS = Table("household_accounts", "household_id", ("household_id", "position", "told_at"))
TOLD: LiteralString = "SELECT position, told_at FROM household_accounts WHERE household_id = ANY(%s)"
NAMED_BY = f"SELECT {COLUMNS} FROM copies WHERE log = %s AND notification_id = ANY(%s)"
LIVES_IN: LiteralString = "SELECT person_id, household_id FROM members WHERE present AND person_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """``sealed``: under the household's key; ``told_at``: when the register recorded it."""

    sealed: Personal[str]
    told_at: datetime


def view() -> View[UUID]:
    """Keeps ``household_accounts``: which fact tells the account of each household. The account stays where it is sealed."""
    kinds: tuple[type[Fact], ...] = (*NAMING, FactsAnnulled)
    types = frozenset(kind.type_name for kind in kinds)
    return view_of_households("household_accounts", (ACCOUNTS,), types, REGISTRY, _rows)


def account_in(facts: Iterable[Recorded]) -> Recorded | None:
    """What tells it last, by its day; what was annulled tells nothing. ``facts``: of a household that count, in order."""
    found = None
    for recorded in facts:
        if _account(recorded.fact) is not None:
            found = recorded
    return found


def _account(fact: Fact) -> Personal[str] | None:
    return fact.account if isinstance(fact, HouseholdRecorded | HouseholdSurveyed) else None


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    own = [r for r in timeline(facts, of=household) if getattr(r.fact, "household_id", None) == household]
    told = account_in(own)
    return ([] if told is None else [(household, told.position, told.recorded_at)],)


def accounts_told(conn: Connection, households: Collection[UUID]) -> Mapping[UUID, ToldAccount]:
    """Of those households that have one."""
    positions: dict[int, datetime] = dict(conn.execute(TOLD, (list(households),)).fetchall()) if households else {}
    found: dict[UUID, ToldAccount] = {}
    with conn.cursor(binary=True) as cur:
        rows = cur.execute(NAMED_BY.encode(), (REGISTRY, list(positions))).fetchall() if positions else []
    for row in rows:
        recorded = decode_row(REGISTRY, row)
        account = _account(recorded.fact)
        if account is not None:
            found[recorded.fact.household_id] = ToldAccount(account, positions[recorded.position])  # type: ignore[attr-defined]
    return found


def masked_accounts(conn: Connection, households: Collection[UUID]) -> Mapping[UUID, str]:
    """The mask of the account, of those households that have one."""
    return {household: told.sealed.masked for household, told in accounts_told(conn, households).items()}


def households_of(conn: Connection, persons: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Where these persons live today; nobody who lives nowhere."""
    return dict(conn.execute(LIVES_IN, (list(persons),)).fetchall()) if persons else {}
