"""What is implausible about the bank accounts of households. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.households import HouseholdRecorded
from contracts.registry.surveys import HouseholdSurveyed
from services.casework.findings.domain import CheckRule, Ground, Limits, Period
from services.registry.findings.checked_households import NOT_CHECKED
from services.registry.households.bitemporal import BitemporalPeriod, project_values
from services.registry.households.lineage import started_by_split
from services.registry.households.state import SURVEY_TYPES, Household

ACCOUNT = "account"
"""Kind of the digests of bank accounts, and the field in which one stands."""
KEY = "household_accounts"
"""Of the documents of these rules."""
MOST_NAMED = 5
"""Other households that a finding names, those first that were known first to have the account: where a whole village is paid
through one account, each of its households learns so, and none is told of hundreds."""


class AccountCheck(StrEnum):
    ACCOUNT_OF_ANOTHER_HOUSEHOLD = "account_of_another_household"


class ToldAccount(NamedTuple):
    """``box``: the sealed account of a household that the register counts."""

    box: str
    division: str


class SharedAccount(NamedTuple):
    """Another household has the same account from one day up to another, known from one instant up to another; ``division``: of
    the household itself."""

    other: UUID
    division: str
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime


class CheckedAccount(msgspec.Struct, frozen=True, array_like=True):
    """``others``: the households that have the same account, at most ``MOST_NAMED``, by id."""

    division: str
    others: tuple[UUID, ...]


def tells_account(fact: Fact) -> bool:
    return isinstance(fact, HouseholdRecorded | HouseholdSurveyed) and fact.account is not None


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change which account a household has, or whether it is counted, or where."""
    return tells_account(fact) or type(fact) not in SURVEY_TYPES


def told_accounts(household: UUID, facts: Sequence[Recorded]) -> list[BitemporalPeriod[ToldAccount]]:
    """``facts``: those of its ancestors, too."""
    if not any(tells_account(r.fact) for r in facts):
        return []
    return project_values(facts, household if started_by_split(facts) else None, _told, reads)[1]


def _told(state: Household) -> ToldAccount | None:
    if state.status is None or state.status in NOT_CHECKED or state.account is None or state.account.is_shredded:
        return None
    return ToldAccount(state.account.box, state.division)


def periods_of(shared: Iterable[SharedAccount]) -> list[Period[CheckedAccount]]:
    """With whom a household has one account, for every day as known at any instant."""
    rows = sorted(shared, key=lambda s: (s.known_from, s.other))
    days = list(pairwise(sorted({day for s in rows for day in (s.valid_from, s.valid_to)})))
    open_since: dict[tuple[date, date], tuple[CheckedAccount, datetime]] = {}
    found: list[Period[CheckedAccount]] = []
    for instant in sorted({instant for s in rows for instant in (s.known_from, s.known_to)}):
        known = [s for s in rows if s.known_from <= instant < s.known_to]
        for first, end in days:
            value = _on([s for s in known if s.valid_from <= first < s.valid_to])
            before = open_since.get((first, end))
            if before is not None and before[0] != value:
                found.append(Period(before[0], first, end, before[1], instant))
                del open_since[first, end]
            if value is not None and (before is None or before[0] != value):
                open_since[first, end] = value, instant
    assert not open_since
    return found


def _on(shared: Sequence[SharedAccount]) -> CheckedAccount | None:
    if not shared:
        return None
    others = list(dict.fromkeys(s.other for s in shared))[:MOST_NAMED]
    return CheckedAccount(shared[0].division, tuple(sorted(others)))


def _account_of_another_household(account: CheckedAccount, _: date, __: Limits) -> Iterator[Ground]:
    yield Ground(account.others, {})


def _tells(_: Sequence[UUID], fact: Fact) -> bool:
    return tells_account(fact)


RULES: Mapping[str, CheckRule[CheckedAccount]] = {
    AccountCheck.ACCOUNT_OF_ANOTHER_HOUSEHOLD: CheckRule(
        AccountCheck.ACCOUNT_OF_ANOTHER_HOUSEHOLD, _account_of_another_household, _tells
    ),
}
