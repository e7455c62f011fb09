"""The request model of a visit: what was seen and said there, what of the household has changed since it was known last, and a
clue where there is one. What did not change is left out."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.facts import Evidence, HouseholdFact
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.members import MemberSurveyed
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from services.casework.records.commands import GivenValue
from services.casework.records.document import MOST_FIELDS
from services.casework.records.forms import Account, ValueForm
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import TypedDay
from services.registry.clues.forms import RoundClueForm
from services.registry.households.fact_forms import MemberId
from services.registry.households.forms import ConditionsFields, MemberFields, said_fields
from services.registry.households.living_forms import DetailsFields, IncomeFields, ResidenceFields
from services.registry.households.rules import MOST_MEMBERS

MOST_TEXT = 2000
Told = Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


class VisitTopic(StrEnum):
    """What a visit is made for, as the document that ships with Lika lists it."""

    ROUTINE = "routine"
    POLICY = "policy"
    NEEDS = "needs"
    CONDOLENCE = "condolence"
    FOLLOW_UP = "follow_up"


class MealTaken(StrEnum):
    NONE = "none"
    PAID = "paid"


class RecordedForm(Body):
    """A part of the form that becomes a record of its own. ``more``: what another edition of its document asks besides."""

    more: tuple[ValueForm, ...] = Field(default=(), max_length=MOST_FIELDS)

    def given(self) -> tuple[GivenValue, ...]:
        typed = ((name, getattr(self, name)) for name in type(self).model_fields if name != "more")
        said = [_given(name, value) for name, value in typed if value is not None]
        return (*said, *(GivenValue(v.field, v.text, v.number, v.day) for v in self.more))


class SeenForm(RecordedForm):
    """What was seen. ``met``: how many persons; ``meal``: whether one was taken there."""

    topic: VisitTopic
    situation: Told
    requests: Told | None = None
    met: Annotated[int, Field(ge=0, le=1000)] | None = None
    meal: MealTaken | None = None


class TalkForm(RecordedForm):
    """A talk on a topic chosen for the people of the household."""

    topic: Line
    content: Told
    follow_up: Told | None = None


class ChangedMemberForm(MemberFields):
    """What has changed about a member. ``residence``: whether they live in common with the household."""

    person_id: MemberId
    residence: ResidenceFields | None = None


class RiskForm(Body):
    """What the visitor found that may lead into poverty."""

    statement: Line


class VisitForm(Body):
    """``effective_on``: the day of the visit, from which on everything holds that was found; ``done_by``: the account of who was
    there, the caller's own where it is left out."""

    effective_on: TypedDay = Field(examples=["2014-05-20"])
    done_by: Account | None = None
    seen: SeenForm
    talk: TalkForm | None = None
    household: DetailsFields | None = None
    conditions: ConditionsFields | None = None
    income: IncomeFields | None = None
    members: tuple[ChangedMemberForm, ...] = Field(default=(), max_length=MOST_MEMBERS)
    risk: RiskForm | None = None
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _each_member_once(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if len({member.person_id for member in self.members}) < len(self.members):
            raise FormError("同一成员只列一次，请删去重复的", "a member is named once")
        return self

    def acts(self) -> Iterator[str]:
        """The acts by which each part of it would be recorded by itself, besides the visit."""
        parts = {
            "survey_household": self.household, "survey_conditions": self.conditions, "survey_income": self.income,
            "survey_member": self.members, "receive_round_clue": self.risk,
        }  # fmt: skip
        yield from (act for act, part in parts.items() if part)

    def papers(self) -> tuple[Evidence, ...]:
        return papers(self.evidence)

    def surveys(self, household_id: UUID, by: str) -> Iterator[HouseholdFact]:
        """What has changed, personal values plain (to be sealed next). A part that says nothing is no fact. Raises ``Refused``."""
        common: dict[str, Any] = {
            "household_id": household_id, "entered_by": by, "effective_on": self.effective_on, "evidence": self.papers(),
        }  # fmt: skip
        for kind, part in (
            (HouseholdSurveyed, self.household), (ConditionsSurveyed, self.conditions), (IncomeSurveyed, self.income),
        ):  # fmt: skip
            if part is not None and _says_something(fields := said_fields(part)):
                yield kind(**common, **fields)
        for member in self.members:
            if _says_something(fields := said_fields(member, "person_id", "residence")):
                yield MemberSurveyed(**common, person_id=member.person_id, **fields)
            if member.residence is not None:
                yield CommonResidenceRecorded(**common, person_id=member.person_id, **said_fields(member.residence))

    def clue(self, household_id: UUID, division: str) -> RoundClueForm | None:
        """``division``: the village of the household."""
        if self.risk is None:
            return None
        return RoundClueForm(
            on=self.effective_on, division=division, household_id=household_id, statement=self.risk.statement,
            evidence=self.evidence,
        )  # fmt: skip


def _given(name: str, value: Any) -> GivenValue:
    if isinstance(value, int):
        return GivenValue(name, number=Decimal(value))
    return GivenValue(name, text=str(value))


def _says_something(fields: dict[str, Any]) -> bool:
    return any(value is not None for value in fields.values())
