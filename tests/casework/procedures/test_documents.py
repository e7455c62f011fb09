"""Procedure documents: strict, dated, and without a dead end."""

from datetime import date
from functools import reduce
from operator import getitem
from typing import Any

import msgspec
import pytest

from contracts.casework.cases import CaseOutcome
from services.casework.calendars.day_count import holidays_from
from services.casework.documents.lookup import Lookup
from services.casework.procedures.document import OPENING, Notice, Procedure, procedure_from
from services.casework.procedures.domain import transitions
from services.casework.procedures.opening_rules import NOT_IN_FORCE
from services.casework.procedures.repository import Procedures
from services.chassis.ground.refusals import Refused
from services.registry.cases.effects import Exit, terms_of
from services.registry.document_kinds import FIRST_TEXTS
from tests.casework.procedures.example_cases import (
    EDITIONS,
    EXIT,
    HOLIDAYS,
    IDENTIFICATION,
    LOOK_BACK,
    RETURN,
    document,
    edition_with,
)

SHIPPED = FIRST_TEXTS.register("registry").as_known()
ALL = pytest.mark.parametrize("edition", EDITIONS)
GREEN_CHANNEL = {
    "office": {"level": "county", "role": "reviewer"},
    "deferred": ["appraisal"],
    "days": 1,
    "calendar": "days",
}
OUTCOMES = {outcome.value for outcome in CaseOutcome}


@ALL
def test_every_step_has_a_way_in_and_a_way_out(edition: str) -> None:
    procedure = procedure_from(document(edition))
    table = transitions(procedure)
    assert set(table) == {OPENING, *(s.key for s in procedure.steps)}
    for key, ways in table.items():
        assert ways - {key}, f"no way out of {key}"
        assert key == OPENING or any(key in ways for other, ways in table.items() if other != key), f"no way to {key}"
    others = {"struck_out"} - {procedure.ended_early}
    assert set().union(*table.values()) >= OUTCOMES - others


@ALL
def test_every_way_leads_to_a_known_place(edition: str) -> None:
    table = transitions(procedure_from(document(edition)))
    assert set().union(*table.values()) <= set(table) | OUTCOMES


@ALL
def test_a_document_names_its_source_and_jurisdiction(edition: str) -> None:
    procedure = procedure_from(document(edition))
    assert procedure.source
    assert procedure.jurisdiction == "CN"


def test_a_return_takes_the_same_steps_as_a_first_entry() -> None:
    """M007: no short cut."""
    assert RETURN.steps == IDENTIFICATION.steps


@pytest.mark.parametrize("procedure", [IDENTIFICATION, RETURN, EXIT])
def test_after_2020_nobody_is_newly_registered_as_poor(procedure: Procedure) -> None:
    assert [procedure.in_force.holds_on(date(2020, 12, 31)), procedure.in_force.holds_on(date(2021, 1, 1))] == [
        True,
        False,
    ]


def test_the_look_back_may_remove_on_any_day_from_2014() -> None:
    assert [LOOK_BACK.in_force.holds_on(d) for d in (date(2013, 12, 31), date(2014, 1, 1), date(2099, 1, 1))] == [
        False,
        True,
        True,
    ]


@ALL
def test_the_service_finds_the_edition_under_the_procedure_s_name(edition: str) -> None:
    procedure = procedure_from(document(edition))
    found = SHIPPED.in_force("procedure", procedure.procedure, procedure.in_force.starts, "990001")
    assert found.typed(procedure_from) == procedure


def test_the_service_finds_the_holiday_edition() -> None:
    assert SHIPPED.in_force("calendar", "cn", date(2016, 10, 1), "990001").typed(holidays_from) == HOLIDAYS


def test_a_document_that_states_days_as_text_is_read_the_same() -> None:
    content = document("exit-2016")
    content["in_force"] = {"from": "2014-01-01", "to": "2020-12-31"}
    assert procedure_from(content) == EXIT


def test_a_province_writes_its_own_edition_without_code() -> None:
    content = document("exit-2016")
    content["edition"], content["effect"]["terms"] = "2016-province", {"enjoys_policies": False}
    content["steps"] = [s for s in content["steps"] if s["key"] != "check"]
    procedure = procedure_from(content)
    assert [s.key for s in procedure.steps][:2] == ["appraisal", "consent"]
    assert terms_of(procedure) == Exit(enjoys_policies=False)


def refuses(content: dict[str, object], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        procedure_from(content)


def test_an_unknown_key_is_an_error() -> None:
    content = document("exit-2016")
    content["steps"][3]["dyas"] = 7
    refuses(content, "dyas")


def test_a_missing_key_is_an_error() -> None:
    content = document("exit-2016")
    del content["steps"][3]["days"]
    refuses(content, "days")


def test_a_share_written_as_a_binary_fraction_is_an_error() -> None:
    content = document("exit-2016")
    content["steps"][0]["quorum"] = 0.67
    refuses(content, "share")


def test_two_steps_cannot_share_a_key() -> None:
    content = document("exit-2016")
    content["steps"][1]["key"] = "appraisal"
    refuses(content, "key of its own")


def test_no_edition_can_take_effect_before_the_decision() -> None:
    content = document("exit-2016")
    content["effect"]["at"] = "township_review"
    refuses(content, "before the decision")


def test_no_edition_can_announce_before_it_decides() -> None:
    content = document("exit-2016")
    content["steps"].insert(0, content["steps"].pop())
    refuses(content, "only announced")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("steps", 3, "days"), 0), (("steps", 3, "days"), 367), (("steps", 0, "quorum"), "1/0"),
        (("steps", 0, "quorum"), "1e-9999999"), (("steps", 0, "key"), "Not A Key"), (("steps", 0, "key"), "meeting\n"),
        (("steps", 0, "evidence"), ["Minutes!"]), (("steps", 0, "office", "role"), "operator"), (("steps", 0, "zh"), ""),
        (("opening", "cause_required"), True), (("statuses",), []), (("late_after_days",), -1), (("late_after_days",), 10**9),
        (("green_channel",), {**GREEN_CHANNEL, "days": 0}), (("green_channel",), {**GREEN_CHANNEL, "deferred": []}),
    ],
)  # fmt: skip
def test_what_no_office_could_do_is_not_taken_in(path: tuple[str | int, ...], value: object) -> None:
    """A day that no calendar has, a share that no meeting reaches, a paper that no form can name: a case would stand still."""
    content: Any = document("exit-2016")
    *way, last = path
    reduce(getitem, way, content)[last] = value
    with pytest.raises(msgspec.ValidationError):
        procedure_from(content)


@pytest.mark.parametrize("days", [1, 366])
def test_a_notice_hangs_for_a_day_to_a_year(days: int) -> None:
    step = edition_with("exit-2016", "village_notice", days=days).step("village_notice")
    assert isinstance(step, Notice)
    assert step.days == days


def looked_up() -> Procedures:
    return Procedures(Lookup(lambda _: SHIPPED))


@pytest.mark.parametrize("day", ["2020-12-31", "2021-01-01", "2013-12-31"])
def test_where_a_procedure_does_not_hold_it_is_said_when_it_did_and_what_may_be_opened_instead(day: str) -> None:
    on = date.fromisoformat(day)
    if day == "2020-12-31":
        assert looked_up().in_force("identification", on, "990001101201").procedure == "identification"
        return
    with pytest.raises(Refused) as refusal:
        looked_up().in_force("identification", on, "990001101201")
    look_backs = [
        "first_entry_removal “回头看”剔除（自首次纳入起） / look-back removal from the first entry",
        "look_back_removal “回头看”剔除 / look-back removal",
    ]
    instead = look_backs if day > "2020" else []
    assert (refusal.value.rule, refusal.value.facts) == (
        NOT_IN_FORCE,
        {
            "procedure": "identification",
            "on": on,
            "in_force_from": date(2014, 1, 1),
            "in_force_to": date(2020, 12, 31),
            "instead": instead,
        },
    )
