"""All that the decision about one command may look at."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from services.registry.cases import commands as c
from services.registry.cases import procedures as p
from services.registry.cases.notice_days import Holidays
from services.registry.cases.state import CaseState, Standing

C = TypeVar("C", bound=c.Command)


@dataclass(frozen=True, slots=True)
class Act(Generic[C]):
    """All that a decision may look at. ``due``: the step that is due; ``None`` when all are done."""

    command: C
    state: CaseState
    procedure: p.Procedure
    standing: Standing
    holidays: Holidays | None
    due: p.AnyStep | None


STEP_TAKEN_BY: dict[type[c.StepCommand], type[p.Step]] = {
    c.MakeVisit: p.Visit,
    c.HoldAppraisal: p.Appraisal,
    c.GiveConsent: p.Consent,
    c.PostNotice: p.Notice,
    c.GiveReview: p.Review,
    c.MakeComparison: p.Comparison,
    c.DecideCase: p.Deciding,
    c.AnnounceCase: p.Announcement,
}
"""Which command takes which kind of step."""
