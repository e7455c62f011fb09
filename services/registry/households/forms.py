"""Request models of the household API. Response models are in ``answers``."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.personal import Personal
from contracts.registry.households import SplitReason
from contracts.registry.members import Relation, RelationToHead
from contracts.registry.reasons import JoinReason, LeaveReason
from services.casework.code_lists.fields import Coded, Word
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import Line
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import Identifier, TypedDay, Village
from services.registry.households.fact_forms import FactForm, MemberId
from services.registry.households.living_forms import DetailsForm, IncomeFields
from services.registry.households.member_forms import IdentifiedForm, MemberForm, SkillField, StageField
from services.registry.households.personal_values import HOUSEHOLD_PERSONAL_FIELDS, MEMBER_PERSONAL_FIELDS
from services.registry.households.profile_forms import ProfileForm
from services.registry.households.rules import MOST_MEMBERS

BY_HAND = tuple(reason for reason in JoinReason if reason is not JoinReason.MERGED)
JoinReasonField = Annotated[JoinReason | Word, Coded("join_reason", BY_HAND, JoinReason)]
LeaveReasonField = Annotated[LeaveReason | Word, Coded("leave_reason", tuple(LeaveReason), LeaveReason)]


class HouseholdForm(DetailsForm):
    national_no: Identifier | None = None
    division: Village
    members: tuple[MemberForm, ...] = Field(min_length=1, max_length=MOST_MEMBERS)


class MemberFields(ProfileForm):
    """Blank means "not asked": the former value stands."""

    school_stage: StageField | None = None
    boarder: bool | None = None
    labour_skill: SkillField | None = None


class MemberSurveyForm(MemberFields, FactForm):
    """What is found out about a member, since a day."""


class ConditionsFields(Body):
    """两不愁三保障 and safe drinking water: true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


class ConditionsForm(ConditionsFields, FactForm):
    """As they were found on a day."""


class JoinForm(FactForm):
    """``person_id`` for somebody the register knows already; their ID number must then be given. ``left_on``: the day
    they left again, for an entry so late that they belong elsewhere since."""

    person_id: UUID | None = None
    member: MemberForm
    reason: JoinReasonField
    left_on: TypedDay | None = None
    left_for: LeaveReasonField | None = None

    @model_validator(mode="after")
    def _leaves_after_joining(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if (self.left_on is None) != (self.left_for is None):
            raise FormError("离开日期和去向须同时填写", "left_on and left_for are given together")
        if self.left_on is not None and self.left_on <= self.effective_on:
            raise FormError("离开须晚于加入，请核对日期", "somebody leaves after the day of joining")
        return self


class RelationForm(Body):
    """What somebody is to the new head."""

    person_id: MemberId
    relation: Relation


class HeadedForm(FactForm):
    """``relations``: to the new head, of those for whom they do not follow from what they were to the former one."""

    relations: tuple[RelationForm, ...] = Field(default=(), max_length=MOST_MEMBERS)

    @model_validator(mode="after")
    def _one_head(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if any(r.relation is Relation.HEAD for r in self.relations):
            raise FormError("一户只有一名户主，请核对与户主关系", "a household has one head")
        if len({r.person_id for r in self.relations}) < len(self.relations):
            raise FormError("每人的关系只填写一次，请删去重复的", "everybody's relation is given once")
        return self

    def to_relations(self) -> tuple[RelationToHead, ...]:
        return tuple(RelationToHead(person_id=r.person_id, relation=r.relation) for r in self.relations)


class HeadForm(HeadedForm):
    """Who is head from this day on; everybody stays."""

    person_id: MemberId


class LeaveForm(HeadedForm):
    reason: LeaveReasonField
    successor: MemberId | None = None


class DeathForm(HeadedForm):
    """``successor`` becomes head when the head died."""

    successor: MemberId | None = None


class SplitForm(HeadedForm):
    """``corrects``: the household that a former split, now corrected in place, formed."""

    corrects: UUID | None = None
    person_ids: tuple[MemberId, ...] = Field(min_length=1, max_length=MOST_MEMBERS)
    head: MemberId
    reason: SplitReason | None = None
    national_no: Identifier | None = None

    @model_validator(mode="after")
    def _head_leaves_too(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.head not in self.person_ids or len(set(self.person_ids)) < len(self.person_ids):
            raise FormError(
                "新户主须是分出的成员之一，每人只列一次",
                "the new head is one of those who leave, and everybody leaves once",
            )
        return self


class RecordedMemberForm(MemberForm):
    """``person_id`` for a member whom the recording to be corrected names already."""

    person_id: UUID | None = None


class RecordingForm(HouseholdForm):
    """A first recording as it should have been, members and all."""

    members: tuple[RecordedMemberForm, ...] = Field(min_length=1, max_length=MOST_MEMBERS)


class CorrectionForm(FactForm):
    """Acts that were wrong; everything that they recorded, in whatever households, becomes void and stays readable."""

    acts: tuple[UUID, ...] = Field(min_length=1, max_length=50)
    reason: Line


class LaterDocumentForm(FactForm, IdentifiedForm):
    """A document that came later, since when it is theirs."""


def fact_fields(form: FactForm, *without: str) -> dict[str, Any]:
    """The fields of the form's fact: personal values plain (to be sealed next), evidence as references. Raises ``Refused``."""
    fields = said_fields(form, "evidence", *without)
    if "relations" in fields and isinstance(form, HeadedForm):
        fields["relations"] = form.to_relations()
    return {**fields, "evidence": form.to_evidence()}


def said_fields(form: Body, *without: str) -> dict[str, Any]:
    """What a form says of a household or a member, personal values plain (to be sealed next). Raises ``Refused``."""
    fields = form.model_dump(exclude=set(without))
    match form:
        case MemberFields():
            fields |= form.disability()
        case IncomeFields():
            fields["period"] = form.to_period()
    plain = {
        f: Personal(fields[f])
        for f in (*HOUSEHOLD_PERSONAL_FIELDS, *MEMBER_PERSONAL_FIELDS)
        if fields.get(f) is not None
    }
    return {**fields, **plain}
