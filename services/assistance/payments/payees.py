"""Accounts that hold no longer: who takes a beneficiary's money has died or is reported dead, lives with the beneficiary no more, is
nobody of the register, or their account was refused twice. Found anew whenever it is asked: with another payee named, another account
told, or money that arrived, it is gone, and what was paid stays as it was. Blocking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row

from contracts.assistance.payments import ReturnCause
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.payments.accounts import accounts_told, households_of
from services.assistance.payments.deaths import death_of
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

OF_ACCOUNT = (
    ReturnCause.ACCOUNT_CLOSED, ReturnCause.ACCOUNT_UNKNOWN, ReturnCause.NAME_DIFFERS, ReturnCause.ACCOUNT_DORMANT,
    ReturnCause.REFUSED_BY_BANK,
)  # fmt: skip
"""Causes of a return that the account is to blame for."""
TWICE = 2
HOMES: LiteralString = (
    "SELECT m.person_id AS unit, m.household_id, h.division FROM members m JOIN households h USING (household_id) WHERE m.present"
    " UNION ALL SELECT household_id, household_id, division FROM households"
)
NAMED: LiteralString = f"""
SELECT p.unit, u.household_id, u.division, p.payee, p.named_on, d.person_id IS NOT NULL AS died
FROM unit_payees p JOIN ({HOMES}) u USING (unit) LEFT JOIN reported_deaths d ON d.person_id = p.payee
WHERE p.payee IS NOT NULL AND u.division >= %(low)s AND u.division < %(high)s AND (d.person_id IS NOT NULL OR NOT EXISTS (
    SELECT FROM members m WHERE m.person_id = p.payee AND m.household_id = u.household_id AND m.present))
"""
"""Whose payee is dead, or does not live with them today."""
REFUSED: LiteralString = """
SELECT * FROM (
    SELECT l.unit, (array_agg(l.household_id ORDER BY p.compiled_at DESC))[1] AS household_id,
        (array_agg(p.division ORDER BY p.compiled_at DESC))[1] AS division, l.payee, max(r.returned_on) AS refused_on
    FROM payment_returns r JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)
        LEFT JOIN unit_payees n ON n.unit = l.unit
    WHERE p.division >= %(low)s AND p.division < %(high)s AND r.cause = ANY(%(causes)s)
        AND l.payee IS NOT DISTINCT FROM n.payee AND r.returned_on >= coalesce(n.named_on, r.returned_on)
    GROUP BY l.unit, l.payee HAVING count(*) >= %(twice)s
) refused WHERE NOT EXISTS (
    SELECT FROM payment_lines a JOIN payment_movements m USING (list_id) WHERE a.live AND a.unit = refused.unit
    AND a.payee IS NOT DISTINCT FROM refused.payee AND m.kind = 'settled' AND m.annulled_at IS NULL AND m.lines @> a.number
    AND m.made_on > refused.refused_on)
"""
"""Whose account, as it is named now, was refused so often since, and nothing arrived there later. What is paid again is a line of
another list."""


class PayeeReason(StrEnum):
    """Why an account holds no longer."""

    HOLDER_DIED = "holder_died"
    HOLDER_LEFT = "holder_left"
    HOLDER_UNKNOWN = "holder_unknown"
    REFUSED_TWICE = "refused_twice"


@dataclass(frozen=True, slots=True)
class PayeeCheck:
    """``payee``: account holder, none of the unit's own account; ``since``: day from which it is so."""

    unit: UUID
    household_id: UUID | None
    division: str
    payee: UUID | None
    reason: PayeeReason
    since: date

    @property
    def key(self) -> tuple[date, UUID, str]:
        return self.since, self.unit, self.reason


class PayeeChecks:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of_area(self, division: str) -> list[PayeeCheck]:
        """In order: since the longest first."""
        low, high = code_range(division)
        asked = {"low": low, "high": high, "causes": list(OF_ACCOUNT), "twice": TWICE}
        with self._store.reading() as conn:
            named = conn.cursor(row_factory=class_row(_Named)).execute(NAMED, asked).fetchall()
            refused = conn.cursor(row_factory=class_row(_Refused)).execute(REFUSED, asked).fetchall()
            found = [*_of_holders(conn, named), *_of_accounts(conn, refused)]
        return sorted(found, key=lambda each: each.key)


@dataclass(frozen=True, slots=True)
class _Named:
    unit: UUID
    household_id: UUID
    division: str
    payee: UUID
    named_on: date | None
    died: bool


@dataclass(frozen=True, slots=True)
class _Refused:
    unit: UUID
    household_id: UUID | None
    division: str
    payee: UUID | None
    refused_on: date


def _of_holders(conn: Connection, named: Sequence[_Named]) -> Iterator[PayeeCheck]:
    with conn.cursor() as cur:
        about = facts_about_persons(cur, list({each for n in named for each in (n.payee, n.unit)}))
    for each in named:
        reason, since = _why(each, _of_both(about, each), known=bool(about[each.payee]))
        if since is not None:
            yield PayeeCheck(each.unit, each.household_id, each.division, each.payee, reason, since)


def _why(named: _Named, facts: Sequence[Recorded], *, known: bool) -> tuple[PayeeReason, date | None]:
    """``known``: whether the register ever named the holder."""
    if not known:
        return PayeeReason.HOLDER_UNKNOWN, named.named_on
    if named.died:
        return PayeeReason.HOLDER_DIED, death_of(named.payee, facts)
    return PayeeReason.HOLDER_LEFT, _left_on(facts, named)


def _of_both(about: Mapping[UUID, Sequence[Recorded]], named: _Named) -> list[Recorded]:
    """Each once."""
    return list({r.id: r for r in (*about[named.payee], *about[named.unit])}.values())


def _left_on(facts: Sequence[Recorded], named: _Named) -> date | None:
    """The first day without the beneficiary, where the holder lived with them when named; whoever was named for another reason, by
    a paper that says so, was never of the household."""

    def together(day: date) -> bool:
        holder = person_on(facts, named.payee, as_of=day).household_id
        home = (
            named.household_id
            if named.unit == named.household_id
            else person_on(facts, named.unit, as_of=day).household_id
        )
        return holder is not None and holder == home

    if named.named_on is None or not together(named.named_on):
        return None
    later = sorted({r.fact.effective_on for r in timeline(facts) if r.fact.effective_on > named.named_on}, reverse=True)
    since = None
    for day in later:
        if together(day):
            break
        since = day
    return since


def _of_accounts(conn: Connection, refused: Iterable[_Refused]) -> Iterator[PayeeCheck]:
    found = list(refused)
    homes = households_of(conn, {each.payee for each in found if each.payee is not None})
    paid_to = {each.unit: each.household_id if each.payee is None else homes.get(each.payee) for each in found}
    told = accounts_told(conn, {household for household in paid_to.values() if household is not None})
    for each in found:
        account = told.get(paid_to[each.unit] or each.unit)
        if account is None or civil_day(account.told_at) <= each.refused_on:
            yield PayeeCheck(
                each.unit, each.household_id, each.division, each.payee, PayeeReason.REFUSED_TWICE, each.refused_on
            )
