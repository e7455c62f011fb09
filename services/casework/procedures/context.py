"""The context in which a command about a case is decided."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.casework.calendars.day_count import Holidays
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.state import CaseState, Subject

CommandType = TypeVar("CommandType", bound=c.Command)


AccountsOf = Callable[[str], Collection[str]]
"""Every account, former ones too, of the person whose this account is; nobody is two pairs of eyes by having two."""


def no_other_account(account: str) -> Collection[str]:
    """Where no staff directory is asked: each account is a person."""
    return (account,)


@dataclass(frozen=True, slots=True)
class DecisionContext(Generic[CommandType]):
    """Everything that a decision may depend on. ``due``: the step that is due; ``None`` when all are done."""

    command: CommandType
    state: CaseState
    procedure: p.Procedure
    subject: Subject
    holidays: Holidays | None
    due: p.AnyStep | None
    accounts_of: AccountsOf = no_other_account

    def by_own_hand(self, accounts: Collection[str]) -> bool:
        """Whether one of these accounts is that of whoever commands, or another of the same person."""
        return bool(accounts) and not {self.command.by, *self.accounts_of(self.command.by)}.isdisjoint(accounts)


STEP_TAKEN_BY: dict[type[c.StepCommand], type[p.Step]] = {
    c.MakeVisit: p.Visit,
    c.HoldAppraisal: p.Appraisal,
    c.GiveConsent: p.Consent,
    c.PostNotice: p.Notice,
    c.GiveReview: p.Review,
    c.GiveOpinion: p.Opinion,
    c.GiveSignature: p.Signature,
    c.MakeInspection: p.Inspection,
    c.MakeComparison: p.Comparison,
    c.DecideCase: p.Decision,
    c.AnnounceCase: p.Announcement,
}
"""Command type → type of the step that it takes."""
