"""What is filled in about pairs: payloads in, facts out."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from contracts.accounts import normalised
from contracts.assistance.pairs import HelpListed, PairEndReason, PairFormed, Side
from contracts.casework.records import SubjectKind
from services.casework.records.forms import SubjectForm
from services.casework.records.streams import subject_of_division
from services.chassis.ground.field_texts import read_line
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm
from services.chassis.web.field_readers import Reads
from services.chassis.web.text_fields import TypedDay

Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"]), AfterValidator(normalised)]
Line = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Papers = Annotated[tuple[EvidenceForm, ...], Field(max_length=10)]


class PairListingForm(Body):
    """``priority``: on which ground they come first, as the document lists it."""

    kind: Code
    subject: SubjectForm
    priority: Code | None = None
    effective_on: TypedDay

    def fact(self, by: str) -> HelpListed:
        of = self.subject.ref()
        return HelpListed(
            effective_on=self.effective_on, entered_by=by, subject=of.id, kind=self.kind, edition="", about=of.kind,
            place=of.place, priority=self.priority,
        )  # fmt: skip


class PairDayForm(Body):
    """``effective_on``: the first day on which it is so no more."""

    effective_on: TypedDay


class PairForm(Body):
    """``helper``: a staff account, or a number in the list of the ``unit`` that sends them, never a name; ``ends_on``: the first
    day without, where a term is agreed; ``additional``: beside whoever helps already, where the document asks that it be said."""

    kind: Code
    subject: SubjectForm
    helper: Account
    unit: Line
    helper_subject: UUID | None = None
    mode: Code | None = None
    ends_on: TypedDay | None = None
    additional: bool = False
    effective_on: TypedDay

    def fact(self, by: str) -> PairFormed:
        of = self.subject.ref()
        return PairFormed(
            effective_on=self.effective_on, entered_by=by, subject=of.id, kind=self.kind, edition="", about=of.kind,
            place=of.place, helper=self.helper, unit=self.unit, helper_subject=self.helper_subject, mode=self.mode,
            ends_on=self.ends_on,
        )  # fmt: skip


class PairCommitmentForm(Body):
    """``evidence``: the signed letter."""

    side: Side
    effective_on: TypedDay
    evidence: Papers = ()


class PairContractForm(Body):
    """``exit_by``: by the end of which day the household is to have exited."""

    exit_by: TypedDay
    effective_on: TypedDay
    evidence: Papers = ()


class PairEndForm(Body):
    """``effective_on``: the first day without this helper."""

    reason: PairEndReason
    effective_on: TypedDay


class PairSuccessionForm(Body):
    """Who takes over from ``effective_on`` on; ``helper_subject``, ``ends_on``: the former's, where they are left out."""

    helper: Account
    unit: Line
    helper_subject: UUID | None = None
    ends_on: TypedDay | None = None
    effective_on: TypedDay

    def fact(self, subject: UUID, by: str) -> PairFormed:
        return successor(
            subject, self.helper, self.unit, self.effective_on, by, self.helper_subject, self.ends_on
        )  # fmt: skip


class PairReassignmentForm(Body):
    """The village that is helped from ``effective_on`` on, by its code; ``helper_subject``, ``ends_on``: as in a succession."""

    place: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    helper_subject: UUID | None = None
    ends_on: TypedDay | None = None
    effective_on: TypedDay

    def fact(self, by: str) -> PairFormed:
        """Kind and helper are filled in from the former pair."""
        return PairFormed(
            effective_on=self.effective_on, entered_by=by, subject=subject_of_division(self.place), kind="", edition="",
            about=SubjectKind.DIVISION, place=self.place, helper="", unit="", helper_subject=self.helper_subject,
            ends_on=self.ends_on,
        )  # fmt: skip


def successor(
    subject: UUID, helper: str, unit: str, on: date, by: str, helper_subject: UUID | None = None, ends_on: date | None = None
) -> PairFormed:  # fmt: skip
    """Kind, edition and what is helped are filled in from the former pair."""
    return PairFormed(
        effective_on=on, entered_by=by, subject=subject, kind="", edition="", about=SubjectKind.HOUSEHOLD, helper=helper,
        unit=unit, helper_subject=helper_subject, ends_on=ends_on,
    )  # fmt: skip
