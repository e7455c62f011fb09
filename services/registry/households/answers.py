"""Response models of a household. Personal fields are masked; a disclosure opens them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from contracts.registry.monitoring import EliminationManner, MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import IncomePeriod
from services.casework.code_lists.repository import CodeLists
from services.registry.households.details_answers import DetailsAnswer, codes_of, details_of
from services.registry.households.income import IncomeFigures
from services.registry.households.member_answers import MemberWithSchoolingAnswer, SchoolingAnswer, masked, member_codes
from services.registry.households.monitoring_status import Monitoring
from services.registry.households.state import Household


class LabelAnswer(BaseModel):
    zh: str
    en: str


class IncomeAnswer(BaseModel):
    """In yuan, by kind. ``persons``: the members in common by whom it is divided; ``reference`` is the monitoring reference income,
    null where insurance pay-outs or compliant spending were not asked."""

    period_from: date
    period_to: date
    period: IncomePeriod | None
    wages: Decimal
    business: Decimal
    property: Decimal
    transfers: Decimal
    business_costs: Decimal
    insurance_payouts: Decimal | None
    compliant_spending: Decimal | None
    residents: int | None
    persons: int
    net: Decimal
    per_head: Decimal
    reference: Decimal | None
    reference_per_head: Decimal | None

    @classmethod
    def of(cls, figures: IncomeFigures) -> Self:
        return cls(
            **msgspec.structs.asdict(figures.income), persons=figures.persons, net=figures.net, per_head=figures.per_head,
            reference=figures.reference, reference_per_head=figures.reference_per_head,
        )  # fmt: skip


class ConditionsAnswer(BaseModel):
    """两不愁三保障 and drinking water as surveyed last; true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


class MonitoringAnswer(BaseModel):
    """``kind``, ``risks``: codes of the document of kinds; ``started_on``: the day on which it was taken in last; ``since``: from
    which it has this status; ``manner``, ``early_reason``: of an elimination."""

    status: MonitoringStatus
    kind: str
    risks: tuple[str, ...]
    started_on: date
    since: date
    manner: EliminationManner | None
    early_reason: str | None

    @classmethod
    def of(cls, monitoring: Monitoring | None) -> Self | None:
        return None if monitoring is None else cls.model_validate(monitoring, from_attributes=True)


class HouseholdAnswer(DetailsAnswer):
    """A household on ``as_of``, as it was known at ``known_at``; personal fields are masked. ``status`` is null for one
    none of whose facts stands: what was annulled is in its facts, and can be restored; ``monitoring`` for one that was never
    monitored."""

    household_id: UUID
    as_of: date
    known_at: datetime
    national_no: str | None
    division: str
    status: PovertyStatus | None
    address: str | None
    phone: str | None
    account: str | None
    members: list[MemberWithSchoolingAnswer]
    incomes: list[IncomeAnswer]
    conditions: ConditionsAnswer | None
    monitoring: MonitoringAnswer | None
    labels: dict[str, dict[str, LabelAnswer]] = Field(description="代码表 → 代码 → 名称 / code list → code → label")

    @classmethod
    def of(
        cls, household_id: UUID, household: Household, as_of: date, known_at: datetime, lists: CodeLists,
        schooling: Mapping[UUID, SchoolingAnswer],
    ) -> Self:  # fmt: skip
        """``lists``: in force on ``as_of``, as known then; they label the codes that occur."""
        labels = lists.labels(_codes_of(household)) if household.status is not None else {}
        return cls(
            labels={
                key: {code: LabelAnswer(zh=label.zh, en=label.en) for code, label in found.items()}
                for key, found in labels.items()
            },
            household_id=household_id,
            as_of=as_of,
            known_at=known_at,
            national_no=household.national_no,
            division=household.division,
            status=household.status,
            address=masked(household.address),
            phone=masked(household.phone),
            account=masked(household.account),
            members=[
                MemberWithSchoolingAnswer.of(
                    m, in_common=person not in household.apart, schooling=schooling.get(person)
                )
                for person, m in household.members.items()
            ],
            incomes=list(map(IncomeAnswer.of, household.income_figures)),
            conditions=household.conditions
            and ConditionsAnswer.model_validate(household.conditions, from_attributes=True),
            **details_of(household),
            monitoring=MonitoringAnswer.of(household.monitoring),
        )


def _codes_of(household: Household) -> dict[str, frozenset[str]]:
    """Code list → the codes of it that occur."""
    periods = (income.period for income in household.incomes)
    return {
        **codes_of(household),
        "income_period": frozenset(period for period in periods if period is not None),
        **member_codes(household.members.values()),
    }
