"""What a kind's document asks for beside the procedure: the size of a dormitory, households, inspections and evaluations."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from contracts.monitoring.projects import Component
from contracts.quantities import Quantity, Unit
from services.chassis.ground.refusals import Refused
from services.chassis.law.content import as_dicts, content_of
from services.monitoring.projects.drafts import require_complete
from services.monitoring.projects.kinds import KIND, ProjectKind, project_kind_from
from services.monitoring.service import FIRST_TEXTS


def kinds() -> dict[str, ProjectKind]:
    documents = (p for p in FIRST_TEXTS.proposals if p.kind == KIND)
    return {p.key: project_kind_from(as_dicts(content_of(p.content))) for p in documents}


def dormitories(each: str | None, unit: Unit = Unit.SQUARE_METRE) -> tuple[Component, ...]:
    size = None if each is None else Quantity(amount=Decimal(each), unit=unit)
    return (
        Component(
            component=1, content="教师周转宿舍", quantity=Quantity(amount=Decimal(30), unit=Unit.SET), each=size, place="某校",
            deadline=date(2016, 12, 31), cost=Decimal("900000.00"),
        ),
    )  # fmt: skip


def test_the_kinds_are_shipped_and_each_names_procedures_that_are_there() -> None:
    shipped = {p.key for p in FIRST_TEXTS.proposals if p.kind == "procedure"}
    found = kinds()
    assert set(found) == {
        "whole_village", "roads", "water_and_power", "school_works", "teacher_dormitories", "village_income",
        "services_bought", "lottery_fund", "equipment", "household_works", "village_points", "public_buildings", "key_help",
    }  # fmt: skip
    assert {k.library for k in found.values()} | {k.acceptance for k in found.values()} == shipped


@pytest.mark.parametrize("each", ["35.001", "36", None])
def test_a_teachers_dormitory_above_thirty_five_square_metres_or_of_unsaid_size_is_refused(each: str | None) -> None:
    with pytest.raises(Refused) as no:
        require_complete(dormitories(each), (), kinds()["teacher_dormitories"])
    assert no.value.rule.code == "project_each_above_limit"


def test_thirty_five_square_metres_is_the_dormitories_alone() -> None:
    require_complete(dormitories("35"), (), kinds()["teacher_dormitories"])
    require_complete(dormitories("34.999"), (), kinds()["teacher_dormitories"])
    with pytest.raises(Refused):
        require_complete(dormitories("35", Unit.MU), (), kinds()["teacher_dormitories"])
    for other in set(kinds()) - {"teacher_dormitories"}:
        require_complete(dormitories("60"), (), kinds()[other])


def test_a_kind_that_says_more_than_a_kind_may_is_no_document() -> None:
    with pytest.raises(msgspec.ValidationError):
        project_kind_from({"project_kind": "bridges", "unknown": 1})
