"""A notice comes down once it is over: beside the steps, and without anything of the case resting on it."""

from typing import Any

import pytest

from contracts.facts import Evidence, Fact
from services.casework.procedures import commands as c
from services.casework.procedures.document import Procedure, procedure_from
from services.casework.procedures.domain import decide
from services.casework.procedures.state import fold
from services.casework.procedures.view import case_rows
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import (
    CASE,
    REGISTERED,
    closed,
    day,
    document,
    edition_with,
    exit_until_notice,
)
from tests.support.evidence import paper
from tests.support.recorded import recorded

OWED = edition_with("exit-2016", "village_notice", taking_down={"within": 3, "evidence": ["notice_photo"]})
HUNG = (*exit_until_notice(), closed(13))
"""Its last day is the twelfth."""
PHOTO = paper("notice_photo")


class OnlyEdition:
    """In the place of the repository."""

    def __init__(self, procedure: Procedure) -> None:
        self.edition = lambda *_: procedure


def down(
    on: int, facts: tuple[Fact, ...] = HUNG, step: str = "village_notice", procedure: Procedure = OWED,
    evidence: tuple[Evidence, ...] = PHOTO,
) -> list[Fact]:  # fmt: skip
    command = c.TakeDownNotice(case_id=CASE, on=day(on), today=day(99), by="cadre", step=step, evidence=evidence)
    return decide(command, fold(recorded(*facts)), procedure, REGISTERED)


def refusal(on: int, facts: tuple[Fact, ...] = HUNG, **more: Any) -> str:
    with pytest.raises(Refused) as no:
        down(on, facts, **more)
    return no.value.rule.code


def test_it_comes_down_from_the_first_day_after_its_last_one_on() -> None:
    assert refusal(12) == "notice_still_runs"
    assert [fact.type_name for fact in down(13)] == ["NoticeTakenDown"]
    assert refusal(12, exit_until_notice()) == "notice_still_runs"


def test_it_comes_down_once_with_its_photo_and_no_step_is_another() -> None:
    before, (taken,) = fold(recorded(*HUNG)), down(14)
    after = fold(recorded(*HUNG, taken))
    assert before is not None
    assert after is not None
    assert (after.done, after.days, after.latest_on) == (before.done, before.days, before.latest_on)
    assert refusal(15, (*HUNG, taken)) == "no_notice_to_take_down"
    assert refusal(14, step="township_notice") == "no_notice_to_take_down"
    assert refusal(14, evidence=()) == "paper_missing"
    assert down(14, procedure=edition_with("exit-2016", "village_notice"), evidence=())


def test_until_when_and_whose_it_is_stands_beside_the_case() -> None:
    def owed(*facts: Fact, procedure: Procedure = OWED) -> tuple[object, ...]:
        (row,), _ = case_rows(OnlyEdition(procedure), CASE, recorded(*facts))  # type: ignore[arg-type]
        return row[-3:]

    assert owed(*exit_until_notice()) == (None, None, None)
    assert owed(*HUNG) == (day(15), "village", "cadre")
    assert (
        owed(*HUNG, *down(14))
        == owed(*HUNG, procedure=edition_with("exit-2016", "village_notice"))
        == (None, None, None)
    )


@pytest.mark.parametrize("field", ["id_number", "phone", "account", "health", "birth_year"])
def test_no_document_can_ask_a_notice_for_what_it_must_not_show(field: str) -> None:
    content = document("exit-2016")
    notice = next(step for step in content["steps"] if step["kind"] == "notice")
    notice["shows"] = ["head", field]
    with pytest.raises(ValueError, match=field):
        procedure_from(content)
