"""Request models of the case API, one per command."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import Field

from contracts.casework.cases import MatchResult, PersonCompared, ReviewOutcome
from contracts.personal import Personal
from services.casework.procedures import commands as c
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.chassis.web.text_fields import TypedDay

Persons = Field(ge=0, le=100_000)
KEY = rf"^{KEY_PATTERN}$"


class StepForm(Body):
    """``on``: the day the step took place in the world."""

    on: TypedDay = Field(examples=["2014-05-20"])
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def command_fields(self, case_id: UUID, by: str) -> dict[str, Any]:
        """The fields of the command; free text is personal. ``today`` is set under the append lock."""
        fields = self.model_dump(exclude={"evidence"})
        plain = {f: Personal(fields[f]) for f in FREE_TEXT if fields.get(f) is not None}
        return {**fields, **plain, "evidence": papers(self.evidence), "case_id": case_id, "by": by, "today": self.on}


FREE_TEXT = ("grounds", "findings", "reason", "text", "objector", "finding", "opinion")


class OpenForm(StepForm):
    """``subject``: id of what the case is about, such as a household or a person. ``cause``: one of those that the
    procedure lists, where it asks for one. ``clue_id``: the clue that the case takes up. ``terms``: what this kind of
    application says besides."""

    subject: UUID
    procedure: str = Field(pattern=KEY, examples=["identification"])
    grounds: Line
    cause: str | None = Field(default=None, pattern=KEY)
    clue_id: UUID | None = None
    terms: dict[str, Any] = Field(default_factory=dict, max_length=20, examples=[{}, {"other_grants": "2000.00"}])


class VisitForm(StepForm):
    confirmed: bool
    findings: Line | None = None


class AppraisalForm(StepForm):
    """Persons entitled, present, and how those present voted. Minutes are among the evidence."""

    entitled: int = Persons
    present: int = Persons
    in_favour: int = Persons
    against: int = Persons
    abstained: int = Persons


class ConsentForm(StepForm):
    agreed: bool


class NoticeForm(StepForm):
    """``on`` is the day it was put up; its length is in the procedure."""


class TakingDownForm(StepForm):
    """``step``: key of the notice; ``on``: the day it came down. A photo of the empty board is among the evidence where the procedure
    asks for it."""

    step: str = Field(pattern=KEY, examples=["village_notice"])


class ObjectionForm(StepForm):
    """``objector`` may be left out: an anonymous objection counts."""

    text: Line
    objector: Line | None = None


class ResolutionForm(StepForm):
    upheld: bool
    finding: Line


class ReviewForm(StepForm):
    outcome: ReviewOutcome


class OpinionForm(StepForm):
    """One against does not end the case; the decision is taken with it on file."""

    favourable: bool
    opinion: Line | None = None


class SignatureForm(StepForm):
    """``signer``: the post that signs, not a private name. Not signed: the case ends."""

    signed: bool
    signer: Line


class InspectionForm(StepForm):
    """What did not pass is inspected again."""

    passed: bool
    findings: Line | None = None


class PersonComparedForm(Body):
    person_id: UUID
    source: str = Field(pattern=KEY, examples=["vehicles"])
    result: MatchResult


class ComparisonForm(StepForm):
    """``results``: of each adult in each source that the procedure names."""

    clean: bool
    departments: tuple[Line, ...] = Field(min_length=1, max_length=30)
    findings: Line | None = None
    results: tuple[PersonComparedForm, ...] = Field(default=(), max_length=800)

    def command_fields(self, case_id: UUID, by: str) -> dict[str, Any]:
        results = tuple(
            PersonCompared(person_id=r.person_id, source=r.source, result=r.result) for r in self.results
        )  # fmt: skip
        return {**super().command_fields(case_id, by), "results": results}


class DecisionForm(StepForm):
    """``on`` is the day in the document; ``signer`` the post that signed."""

    approved: bool
    organ: Line
    document_no: Line
    signer: Line


class AnnouncementForm(StepForm):
    """``on`` is the day it was announced."""


class ReturnForm(StepForm):
    """退回补正: back to a step that was already taken."""

    back_to: str = Field(pattern=KEY)
    reason: Line


class WithdrawalForm(StepForm):
    pass


class ClosingForm(StepForm):
    """终止: the case ends without effect; the paper that this rests on is among the evidence."""

    reason: Line


class GreenChannelForm(StepForm):
    """绿色通道: decided first; the deferred steps are made good in time."""

    reason: Line


COMMANDS: Mapping[type[StepForm], type[c.Command]] = {
    VisitForm: c.MakeVisit,
    AppraisalForm: c.HoldAppraisal,
    ConsentForm: c.GiveConsent,
    NoticeForm: c.PostNotice,
    TakingDownForm: c.TakeDownNotice,
    ObjectionForm: c.RaiseObjection,
    ReviewForm: c.GiveReview,
    OpinionForm: c.GiveOpinion,
    SignatureForm: c.GiveSignature,
    InspectionForm: c.MakeInspection,
    ComparisonForm: c.MakeComparison,
    DecisionForm: c.DecideCase,
    AnnouncementForm: c.AnnounceCase,
    ReturnForm: c.ReturnCase,
    WithdrawalForm: c.WithdrawCase,
    ClosingForm: c.CloseCase,
    GreenChannelForm: c.TakeGreenChannel,
}


class StepRoute(NamedTuple):
    """A command about a case: the last part of its path, its form, operation and summary; ``decisive``: what it brings about is
    shown beforehand. They differ in nothing else."""

    path: str
    form: type[StepForm]
    operation: str
    summary: str
    decisive: bool = False


STEPS = (
    StepRoute("visits", VisitForm, "make_visit", "An on-site visit."),
    StepRoute("appraisals", AppraisalForm, "hold_appraisal", "A meeting voted (民主评议)."),
    StepRoute("consents", ConsentForm, "give_consent", "The household agrees or refuses."),
    StepRoute("notices", NoticeForm, "post_notice", "The list is posted for objection (公示)."),
    StepRoute("takings-down", TakingDownForm, "take_down_notice", "A notice that is over came down from its board."),
    StepRoute("objections", ObjectionForm, "raise_objection", "Somebody objects to the notice."),
    StepRoute("reviews", ReviewForm, "give_review", "The upper level's review."),
    StepRoute("opinions", OpinionForm, "give_opinion", "Another office's opinion."),
    StepRoute("signatures", SignatureForm, "give_signature", "A post signs, or declines to."),
    StepRoute("inspections", InspectionForm, "make_inspection", "Something is inspected."),
    StepRoute("comparisons", ComparisonForm, "make_comparison", "The household's data are compared with departments'."),
    StepRoute(
        "decisions", DecisionForm, "decide_case", "The organ decides, by a numbered and signed document.", decisive=True
    ),
    StepRoute("announcements", AnnouncementForm, "announce_case", "The decision is made public (公告).", decisive=True),
    StepRoute("returns", ReturnForm, "return_case", "Returned for correction (退回补正)."),
    StepRoute("withdrawals", WithdrawalForm, "withdraw_case", "Withdrawn before the decision."),
    StepRoute(
        "closings", ClosingForm, "close_case", "The county ends it with a reason, while it has no effect (终止)."
    ),
    StepRoute(
        "green-channel", GreenChannelForm, "take_green_channel", "Decided first, made good afterwards (绿色通道)."
    ),
)
