"""What each fact of a fund moves. Accounts are kinds, of a use where there is one; debits above zero. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundUse
from services.casework.ledgers.domain import Entry, entry
from services.casework.ledgers.money import fen_of

AT = "@"
"""Between the kind of an account and its use."""


class Account(StrEnum):
    """``SOURCE`` is the only one on the credit side: what was promised and not given back. All others are where it is now."""

    SOURCE = "source"
    PLEDGED = "pledged"
    AVAILABLE = "available"
    ALLOCATED = "allocated"
    RESERVED = "reserved"
    RETAINED = "retained"
    SPENT = "spent"


def use_key(use: FundUse) -> str:
    return f"project:{use.project_id}" if use.project_id is not None else f"programme:{use.programme}"


def project_of(use: str) -> UUID | None:
    """Of the key of a use."""
    kind, _, name = use.partition(":")
    return UUID(name) if kind == "project" else None


def name_of(account: Account, use: FundUse | None = None) -> str:
    return account if use is None else f"{account}{AT}{use_key(use)}"


def account_of(name: str) -> tuple[Account, str]:
    """The kind of account and the key of its use, empty where it has none."""
    kind, _, use = name.partition(AT)
    return Account(kind), use


def moved_by(fact: Fact) -> Mapping[str, int]:
    """Raises ``NotInFen``."""
    match fact:
        case facts.FundDeclared(amount=amount):
            return {name_of(Account.PLEDGED): fen_of(amount), name_of(Account.SOURCE): -fen_of(amount)}
        case facts.FundReceived(amount=amount):
            return _from_to(name_of(Account.PLEDGED), name_of(Account.AVAILABLE), fen_of(amount))
        case facts.FundReturned(amount=amount) | facts.FundPledgeCut(amount=amount):
            left = Account.AVAILABLE if isinstance(fact, facts.FundReturned) else Account.PLEDGED
            return _from_to(name_of(left), name_of(Account.SOURCE), fen_of(amount))
        case facts.FundAllocated(use=use, amount=amount):
            return _from_to(name_of(Account.AVAILABLE), name_of(Account.ALLOCATED, use), fen_of(amount))
        case facts.FundAllocationWithdrawn(use=use, amount=amount):
            return _from_to(name_of(Account.ALLOCATED, use), name_of(Account.AVAILABLE), fen_of(amount))
        case facts.QuotaReserved(use=use, amount=amount):
            return _within(use, Account.ALLOCATED, Account.RESERVED, fen_of(amount))
        case facts.QuotaReleased(use=use, amount=amount):
            return _within(use, Account.RESERVED, Account.ALLOCATED, fen_of(amount))
        case facts.FundPaid(use=use, amount=amount, retained=retained):
            paid, kept = fen_of(amount) - fen_of(retained), fen_of(retained)
            return {
                name_of(Account.SPENT, use): paid,
                name_of(Account.RETAINED, use): kept,
                name_of(Account.RESERVED, use): -(paid + kept),
            }
        case facts.ProgrammePaymentDrawn() | facts.ProgrammePaymentRestored() as aid:
            drawn = fen_of(aid.amount) * (1 if isinstance(aid, facts.ProgrammePaymentDrawn) else -1)
            return _within(aid.use, Account.RESERVED, Account.SPENT, drawn)
        case facts.RetentionPaid(use=use, amount=amount):
            return _within(use, Account.RETAINED, Account.SPENT, fen_of(amount))
        case facts.FundPaymentReturned(use=use, amount=amount):
            return _within(use, Account.SPENT, Account.ALLOCATED, fen_of(amount))
    return {}


def entries_of(recorded: Recorded) -> Iterable[Entry]:
    """``AccountingOfOne``: no fact of a fund moves what depends on another."""
    found = entry(recorded.fact.effective_on, recorded.id, moved_by(recorded.fact))
    return () if found is None else (found,)


def accounting(counting: Sequence[Recorded]) -> Iterator[Entry]:
    for recorded in counting:
        yield from entries_of(recorded)


def overdrawn(entries: Iterable[Entry]) -> tuple[date, str, int] | None:
    """The first day on whose end an account is short, with the account and by how many fen; ``None`` where none ever is."""
    balances: dict[str, int] = {}
    by_day: dict[date, dict[str, int]] = {}
    for each in entries:
        moved = by_day.setdefault(each.on, {})
        for posting in each.postings:
            moved[posting.account] = moved.get(posting.account, 0) + posting.fen
    for day in sorted(by_day):
        for account, fen in by_day[day].items():
            balances[account] = balances.get(account, 0) + fen
            credit = account_of(account)[0] is Account.SOURCE
            if (short := balances[account] if credit else -balances[account]) > 0:
                return day, account, short
    return None


def _from_to(credited: str, debited: str, fen: int) -> Mapping[str, int]:
    return {debited: fen, credited: -fen}


def _within(use: FundUse, credited: Account, debited: Account, fen: int) -> Mapping[str, int]:
    return _from_to(name_of(credited, use), name_of(debited, use), fen)
