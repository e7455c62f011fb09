"""A workbook says by row what can hardly be so, when it is tried out and when it is imported, and takes it all the same; more
members than a form takes it refuses."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import (
    cadre_of,
    child_line,
    head_line,
    household_line,
    post_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def warnings_of(answer: Any) -> list[tuple[str, int, str]]:
    assert answer.status_code in (200, 201), answer.text
    # Every number of these tests begins with a code that no province has.
    return [(w["sheet"], w["row"], w["code"]) for w in answer.json()["warnings"] if w["code"] != "id_unknown_area"]


def test_a_child_older_than_the_head_is_a_warning_of_the_households_row(running: Lika) -> None:
    who = cadre_of(running)
    book = workbook_bytes(
        [household_line("P1"), household_line("P2")],
        [
            head_line("P1", 101), child_line("P1", 103, born="19650901", school_stage=None),
            head_line("P2", 105), child_line("P2", 107),
        ],
    )  # fmt: skip
    expected = [("户表", 2, "generation_gap_too_small")]
    tried = post_workbook(who, book, dry_run=True)
    assert warnings_of(tried) == expected
    imported = post_workbook(who, book)
    assert warnings_of(imported) == expected
    assert (imported.json()["recorded"], imported.json()["refused"]) == (2, 0)
    (found,) = who.get("/registry/findings", rule="generation_gap_too_small").json()["items"]
    assert found["state"] == "open"
    # Nothing has changed since: what stands is not said again.
    assert warnings_of(post_workbook(who, book)) == []


def test_an_account_that_another_household_of_the_area_has_is_a_warning_of_its_cell(running: Lika) -> None:
    who = cadre_of(running)

    def book(household: str, member: int) -> bytes:
        line = {**household_line(household), "account": "6217000000000000"}
        return workbook_bytes([line], [head_line(household, member), child_line(household, member + 2)])

    assert warnings_of(post_workbook(who, book("P5", 121))) == []
    who.get("/registry/households")
    for dry_run in (True, False):
        answer = post_workbook(who, book("P6", 125), dry_run=dry_run)
        assert warnings_of(answer) == [("户表", 2, "account_of_another_household")]
        assert "P5" in answer.text
        assert "6217" not in answer.text


def test_more_members_than_the_form_takes_are_refused(running: Lika) -> None:
    reviewer = running.client_for("r-1", "990001101", Role.REVIEWER)
    before = len(reviewer.get("/registry/households").json()["items"])
    others = [
        {
            **child_line("P3", 201 + 2 * n),
            "national_no": f"P3{n + 2:02}",
            "id_number": resident_id_of("20040901", f"{201 + 2 * n:03}"),
        }
        for n in range(40)
    ]
    answer = post_workbook(cadre_of(running), workbook_bytes([household_line("P3")], [head_line("P3", 111), *others]))
    assert [(e["row"], e["code"]) for e in answer.json()["errors"]] == [(2, "intake_too_many_members")]
    assert len(reviewer.get("/registry/households").json()["items"]) == before
