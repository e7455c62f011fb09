"""From rows without errors to drafts."""

from datetime import date
from decimal import Decimal

from contracts.facts import Decision
from contracts.personal import Personal
from contracts.registry.households import Attribute, LabourSkill, PovertyCause, Relation, SchoolStage, Sex
from services.registry.households.resident_id import ResidentId, birth_year_of, sex_of
from services.registry.intake.codes import DisabilityLevel, Health, StatusEvent, YesNo
from services.registry.intake.layout import DECISION, INCOME
from services.registry.intake.reading.drafts import (
    ConditionsDraft,
    Day,
    HistoryDraft,
    HouseholdDraft,
    IncomeDraft,
    MemberDraft,
)
from services.registry.intake.reading.rows import Row


def draft_household(row: Row, members: list[Row], history: list[Row]) -> HouseholdDraft:
    """Raises ``LookupError`` when a row has errors: they are drafted only without any."""
    return HouseholdDraft(
        row=row.number,
        national_no=row.need("national_no", str),
        division=row.need("division", str),
        surveyed=row.need("surveyed_on", Day),
        address=row.personal("address"),
        phone=row.personal("phone"),
        account=row.personal("account"),
        attribute=row.get("attribute", Attribute),
        main_cause=row.get("main_cause", PovertyCause),
        other_causes=row.get("other_causes", tuple),
        arable_mu=row.get("arable_mu", Decimal),
        forest_mu=row.get("forest_mu", Decimal),
        housing_m2=row.get("housing_m2", Decimal),
        income=_income(row),
        conditions=_conditions(row),
        members=tuple(_member(member) for member in members),
        history=tuple(sorted((_event(event) for event in history), key=lambda event: event.effective.day)),
    )


def _income(row: Row) -> IncomeDraft | None:
    if not row.has(INCOME[0]):
        return None
    return IncomeDraft(
        year=row.need("income_year", int),
        wages=row.need("wages", Decimal),
        business=row.need("business", Decimal),
        property=row.need("property", Decimal),
        transfers=row.need("transfers", Decimal),
        business_costs=row.need("business_costs", Decimal),
    )


def _conditions(row: Row) -> ConditionsDraft | None:
    if not row.has("food"):
        return None
    return ConditionsDraft(
        food=_secured(row, "food"),
        clothing=_secured(row, "clothing"),
        education=_secured(row, "education"),
        medical=_secured(row, "medical"),
        housing=_secured(row, "housing"),
        water=_secured(row, "water"),
    )


def _secured(row: Row, key: str) -> bool:
    return row.need(key, YesNo) is YesNo.YES


def _member(row: Row) -> MemberDraft:
    read = row.get("id_number", ResidentId)
    boarder = row.get("boarder", YesNo)
    health = row.get("health", Health)
    level = row.get("disability_level", DisabilityLevel)
    return MemberDraft(
        row=row.number,
        national_no=row.get("national_no", str),
        name=Personal(row.need("name", str)),
        sex=sex_of(read.number) if read else row.get("sex", Sex),
        birth_year=birth_year_of(read.number) if read else None,
        id_number=Personal(read.number) if read else None,
        relation=row.need("relation", Relation),
        school_stage=row.get("school_stage", SchoolStage),
        boarder=None if boarder is None else boarder is YesNo.YES,
        school=row.personal("school"),
        health=None if health is None else Personal(health.value),
        disability_level=_level(level, read),
        labour_skill=row.get("labour_skill", LabourSkill),
        phone=row.personal("phone"),
    )


def _level(level: DisabilityLevel | None, read: ResidentId | None) -> int | None:
    """The column, or else what the disabled person's card says."""
    if level is not None:
        return int(level.value)
    return read.disability_level if read else None


def _event(row: Row) -> HistoryDraft:
    decision = None
    if row.has(DECISION[0]):
        decision = Decision(
            organ=row.need("organ", str),
            decided_on=row.need("decided_on", date),
            document_no=row.need("document_no", str),
            signer=row.need("signer", str),
        )
    return HistoryDraft(
        row=row.number,
        event=row.need("event", StatusEvent),
        effective=row.need("effective_on", Day),
        source_recorded_on=row.get("source_recorded_on", date),
        decision=decision,
    )
