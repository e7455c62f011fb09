"""What a row says of a person beside who they are: read across its cells, and mapped to the fields of a fact."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contracts.personal import Personal
from contracts.registry.codes import (
    AssistanceTrack,
    Contribution,
    DisabilityCategory,
    EducationLevel,
    MilitaryService,
    PoliticalStatus,
    SocialAssistance,
    SocialInsurance,
    WorkPlace,
)
from contracts.registry.nations import Nation
from services.casework.workbooks.rows import Row
from services.chassis.ground.refusals import Refused
from services.registry.households.health import Disability, disability_of, written_health
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.profile_forms import MOST_MONTHS
from services.registry.intake.codes import DisabilityLevel, LevelAndCategory, YesNo
from services.registry.intake.reading import row_rules as rules

KINDS: Mapping[str, type[Any]] = {
    "nation": Nation, "education_level": EducationLevel, "political_status": PoliticalStatus,
    "assistance_track": AssistanceTrack, "work_place": WorkPlace, "work_months": Decimal,
    "medical_insurance": SocialInsurance, "medical_contribution": Contribution, "serious_illness_insurance": YesNo,
    "pension_insurance": SocialInsurance, "pension_contribution": Contribution, "social_assistance": SocialAssistance,
    "military_service": MilitaryService, "hukou_here": YesNo, "lives_here": YesNo,
}  # fmt: skip
"""Columns that stand for themselves, and what their cells are read as."""
SEALED_CODES = (Nation, PoliticalStatus, MilitaryService)
DISABILITY = ("disability_level", "disability_category", "disability_card")


def read_profile(row: Row) -> None:
    """Errors of what several cells say together. ``row.values`` then has the level, kind and card of a disability as they are known
    from all of these cells and the document."""
    _read_disability(row)
    months = row.get("work_months", Decimal)
    if months is not None and months > MOST_MONTHS:
        row.refuse_cell(rules.MONTHS_BEYOND_YEAR, "work_months")
    try:
        written_health(row.get("health", tuple) or ())
    except Refused as refused:
        row.add_error(refused.rule, "health")


def _read_disability(row: Row) -> None:
    both = row.get("disability_level", LevelAndCategory)
    if both is not None:
        row.values["disability_level"] = both.level
        row.values.setdefault("disability_category", both.category)
    if any(key in row.unparsed for key in (*DISABILITY, "id_number")):
        return
    level, category = row.get("disability_level", DisabilityLevel), row.get("disability_category", DisabilityCategory)
    said = Disability(None if level is None else level.value, category, row.get("disability_card", str))
    try:
        found = disability_of(said, row.get("id_number", IdentityDocument))
    except Refused as refused:
        row.add_error(refused.rule, "disability_card" if row.has("disability_card") else "disability_level")
        return
    known = zip(DISABILITY, (None if found.level is None else DisabilityLevel(found.level), *found[1:]), strict=True)
    row.values.update({key: value for key, value in known if value is not None})


def profile_of(row: Row) -> dict[str, Any]:
    """Field of a fact → what the row says of it; without those that are blank."""
    said: dict[str, Any] = {name: _value(value) for name, value in row.values_of(KINDS)}
    health, level = row.get("health", tuple), row.get("disability_level", DisabilityLevel)
    category = row.get("disability_category", DisabilityCategory)
    said |= {
        "school": row.personal("school"),
        "health": None if health is None else Personal(written_health(health)),
        "disability_level": None if level is None else level.value,
        "disability_category": None if category is None else Personal(category.value),
        "disability_card": row.personal("disability_card"),
        "hukou_address": row.personal("hukou_address"),
    }
    return {name: value for name, value in said.items() if value is not None}


def _value(read: object) -> object:
    if isinstance(read, YesNo):
        return read is YesNo.YES
    if isinstance(read, Decimal):
        return int(read)
    return Personal(read.value) if isinstance(read, StrEnum) and isinstance(read, SEALED_CODES) else read
