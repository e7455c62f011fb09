"""Request models of how a household lives: its house, land and category, who lives in common, and its income."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from contracts.facts import Decision
from contracts.registry.codes import PovertyCause, Risk
from contracts.registry.common_residence import APART, IN_COMMON, ResidenceReason
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from contracts.registry.surveys import IncomePeriod
from services.casework.code_lists.fields import Coded, Word
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import Line
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import Account, Area, FloorArea, Money, Phone, RoadDistance, TypedDay
from services.registry.households.details import LAST_END
from services.registry.households.fact_forms import FactForm
from services.registry.households.income_periods import is_period, period_of
from services.registry.households.place_names import NaturalVillage, VillageGroup

AttributeField = Annotated[Attribute | Word, Coded("household_attribute", tuple(Attribute), Attribute)]
CauseField = Annotated[PovertyCause | Word, Coded("poverty_cause", tuple(PovertyCause), PovertyCause)]
RiskField = Annotated[Risk | Word, Coded("risk", tuple(Risk), Risk)]
GradeField = Annotated[HousingGrade | Word, Coded("housing_grade", tuple(HousingGrade), HousingGrade)]
WaterField = Annotated[WaterSupply | Word, Coded("water_supply", tuple(WaterSupply), WaterSupply)]
PowerField = Annotated[PowerSupply | Word, Coded("power_supply", tuple(PowerSupply), PowerSupply)]
ToiletField = Annotated[Toilet | Word, Coded("toilet", tuple(Toilet), Toilet)]
PeriodField = Annotated[IncomePeriod | Word, Coded("income_period", tuple(IncomePeriod), IncomePeriod)]
ResidenceField = Annotated[ResidenceReason | Word, Coded("residence_reason", tuple(ResidenceReason), ResidenceReason)]
MOST_RISKS = 5


class DetailsFields(Body):
    """One main cause of poverty and up to two others (M011), and up to five risks; none of them twice."""

    address: Line | None = None
    phone: Phone | None = None
    account: Account | None = None
    attribute: AttributeField | None = None
    main_cause: CauseField | None = None
    other_causes: tuple[CauseField, ...] | None = Field(default=None, max_length=2)
    risks: tuple[RiskField, ...] | None = Field(default=None, max_length=MOST_RISKS)
    village_group: VillageGroup | None = None
    natural_village: NaturalVillage | None = None
    arable_mu: Area | None = None
    irrigated_mu: Area | None = None
    forest_mu: Area | None = None
    orchard_mu: Area | None = None
    reforested_mu: Area | None = None
    pasture_mu: Area | None = None
    water_surface_mu: Area | None = None
    housing_m2: FloorArea | None = None
    housing_grade: GradeField | None = None
    road_km: RoadDistance | None = None
    water_supply: WaterField | None = None
    power_supply: PowerField | None = None
    toilet: ToiletField | None = None
    cooperative_member: bool | None = None
    relocated: bool | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        causes = [c for c in (self.main_cause, *(self.other_causes or ())) if c is not None]
        if len(set(causes)) < len(causes):
            raise FormError("同一致贫原因只填写一次，请删去重复的", "a cause of poverty is named once")
        if len(set(self.risks or ())) < len(self.risks or ()):
            raise FormError("同一风险只填写一次，请删去重复的", "a risk is named once")
        return self


class DetailsForm(DetailsFields, FactForm):
    """How a household lives, since a day."""


class HouseholdSurveyForm(DetailsForm):
    """Blank means "not asked": the former value stands."""


class DecisionForm(Body):
    """Who decided, as opposed to who types: organ, day, document number and the signing post."""

    organ: Line
    decided_on: TypedDay
    document_no: Line
    signer: Line


class CategoryForm(FactForm):
    """The category of a household from a day on. ``until``: its last day, where it is known; ``decision``: of civil affairs, where
    they gave it."""

    attribute: AttributeField
    until: Annotated[TypedDay, Field(le=LAST_END)] | None = None
    decision: DecisionForm | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.until is not None and self.until < self.effective_on:
            raise FormError("类别的结束早于开始，请核对日期", "the category ends before it begins")
        if self.until is not None and self.attribute is Attribute.UNCLASSIFIED:
            raise FormError("未作说明前即为未分类，不必填写", "a household is unclassified until something is said")
        return self

    def to_decision(self) -> Decision | None:
        return None if self.decision is None else Decision(**self.decision.model_dump())


class ResidenceFields(Body):
    """Whether a member lives in common with the household, also while working away, and why."""

    lives_in_common: bool
    reason: ResidenceField

    @model_validator(mode="after")
    def _reason_fits(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        known = isinstance(self.reason, ResidenceReason)  # a word is looked up first
        if known and self.reason not in (IN_COMMON if self.lives_in_common else APART):
            raise FormError(
                "原因须与共同生活或分开生活相符，请核对",
                "the reason is one of living in common, or of living apart, as the form says",
            )
        return self


class CommonResidenceForm(ResidenceFields, FactForm):
    """Since which day."""


class IncomeFields(Body):
    """Yuan of one period; how many members live in common is not typed, but counted."""

    period_from: TypedDay
    period_to: TypedDay
    period: PeriodField | None = None
    wages: Money
    business: Money
    property: Money
    transfers: Money
    business_costs: Money
    insurance_payouts: Money | None = None
    compliant_spending: Money | None = None

    @model_validator(mode="after")
    def _days_are_of_the_period(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.period_to < self.period_from:
            raise FormError("期间的结束早于开始，请核对日期", "the period ends before it begins")
        if isinstance(self.period, IncomePeriod) and not is_period(self.period, self.period_from, self.period_to):
            raise FormError("起止日期与这种期间不符，请核对", "these are not the days of such a period")
        return self

    def to_period(self) -> IncomePeriod | None:
        return self.period if isinstance(self.period, IncomePeriod) else period_of(self.period_from, self.period_to)


class IncomeForm(IncomeFields, FactForm):
    """As a survey of some day found it."""


def first_details(form: DetailsForm) -> dict[str, Any]:
    """What a first recording says where its form is blank."""
    return {
        "attribute": form.attribute or Attribute.UNCLASSIFIED, "other_causes": form.other_causes or (), "risks": form.risks or (),
    }  # fmt: skip
