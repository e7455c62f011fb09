"""Rows without errors mapped to drafts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.facts import Decision
from contracts.personal import Personal
from contracts.registry.codes import LabourSkill, PovertyCause, SchoolStage
from contracts.registry.common_residence import ResidenceReason
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from contracts.registry.members import Relation, Sex
from contracts.registry.surveys import IncomePeriod
from services.casework.workbooks.rows import Row
from services.casework.workbooks.values import PartialDate
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.resident_id import birth_year_of, sex_of
from services.registry.intake.codes import StatusEvent, YesNo
from services.registry.intake.layout import DECISION
from services.registry.intake.reading.drafts import (
    ConditionsDraft,
    HistoryDraft,
    HouseholdDraft,
    IncomeDraft,
    MemberDraft,
)
from services.registry.intake.reading.profiles import profile_of


def draft_household(row: Row, members: list[Row], history: list[Row]) -> HouseholdDraft:
    """Raises ``LookupError`` for rows with errors."""
    return HouseholdDraft(
        row=row.number,
        national_no=row.require("national_no", str),
        division=row.require("division", str),
        surveyed=row.require("surveyed_on", PartialDate),
        address=row.personal("address"),
        phone=row.personal("phone"),
        account=row.personal("account"),
        details=_details(row),
        income=_income(row),
        conditions=_conditions(row),
        members=tuple(_member_draft(member) for member in members),
        history=tuple(
            sorted((_history_event(event) for event in history), key=lambda event: event.effective.first_day)
        ),
    )


def _details(row: Row) -> dict[str, Any]:
    """Of these columns what is not blank."""
    return {name: value is YesNo.YES if isinstance(value, YesNo) else value for name, value in row.values_of(DETAILS)}


DETAILS: Mapping[str, type[Any]] = {
    "attribute": Attribute, "main_cause": PovertyCause, "other_causes": tuple, "risks": tuple, "village_group": str,
    "natural_village": str, "arable_mu": Decimal, "irrigated_mu": Decimal, "forest_mu": Decimal, "orchard_mu": Decimal,
    "reforested_mu": Decimal, "pasture_mu": Decimal, "water_surface_mu": Decimal, "housing_m2": Decimal,
    "housing_grade": HousingGrade, "road_km": Decimal, "water_supply": WaterSupply, "power_supply": PowerSupply,
    "toilet": Toilet, "cooperative_member": YesNo, "relocated": YesNo,
}  # fmt: skip
"""Columns of the household as a whole, and what their cells are read as."""


def _income(row: Row) -> IncomeDraft | None:
    if not row.has("wages"):
        return None
    return IncomeDraft(
        period=row.get("income_period", IncomePeriod) or IncomePeriod.CALENDAR_YEAR,
        year=row.get("income_year", int),
        wages=row.require("wages", Decimal),
        business=row.require("business", Decimal),
        property=row.require("property", Decimal),
        transfers=row.require("transfers", Decimal),
        business_costs=row.require("business_costs", Decimal),
        insurance_payouts=row.get("insurance_payouts", Decimal),
        compliant_spending=row.get("compliant_spending", Decimal),
        surveyed=row.get("income_surveyed_on", date),
    )


def _conditions(row: Row) -> ConditionsDraft | None:
    if not row.has("food"):
        return None
    return ConditionsDraft(
        food=_yes(row, "food"),
        clothing=_yes(row, "clothing"),
        education=_yes(row, "education"),
        medical=_yes(row, "medical"),
        housing=_yes(row, "housing"),
        water=_yes(row, "water"),
    )


def _yes(row: Row, key: str) -> bool:
    return row.require(key, YesNo) is YesNo.YES


def _member_draft(row: Row) -> MemberDraft:
    document = row.get("id_number", IdentityDocument)
    resident_id = document.citizen if document else None
    boarder = row.get("boarder", YesNo)
    in_common = row.get("lives_in_common", YesNo)
    return MemberDraft(
        row=row.number,
        national_no=row.get("national_no", str),
        name=Personal(row.require("name", str)),
        sex=sex_of(resident_id.number) if resident_id else row.get("sex", Sex),
        birth_year=birth_year_of(resident_id.number) if resident_id else row.get("birth_year", int),
        document=document,
        relation=row.require("relation", Relation),
        school_stage=row.get("school_stage", SchoolStage),
        boarder=None if boarder is None else boarder is YesNo.YES,
        labour_skill=row.get("labour_skill", LabourSkill),
        phone=row.personal("phone"),
        profile=profile_of(row),
        lives_in_common=None if in_common is None else in_common is YesNo.YES,
        residence_reason=row.get("residence_reason", ResidenceReason),
    )


def _history_event(row: Row) -> HistoryDraft:
    decision = None
    if row.has(DECISION[0]):
        decision = Decision(
            organ=row.require("organ", str),
            decided_on=row.require("decided_on", date),
            document_no=row.require("document_no", str),
            signer=row.require("signer", str),
        )
    return HistoryDraft(
        row=row.number,
        event=row.require("event", StatusEvent),
        effective=row.require("effective_on", PartialDate),
        source_recorded_on=row.get("source_recorded_on", date),
        decision=decision,
    )
