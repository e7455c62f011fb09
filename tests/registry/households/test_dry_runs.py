"""Dry runs that name persons: recorded, limited, and silent about whoever lives outside the caller's area."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from contracts.registry.access import DryRunMade
from contracts.roles import Role
from services.registry.households.dry_runs import stream_of
from tests.registry.households.example_requests import (
    ELSEWHERE,
    TOWNSHIP,
    VILLAGE,
    household_body,
    member_body,
    member_ids,
    record_household,
    registry_with_villages,
    unused_resident_id,
)
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import (
    WORKBOOKS,
    head_line,
    household_line,
    post_workbook,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika

LIMIT = 12
TRY = {"dry_run": True}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIKA_DRY_RUN_PERSONS_PER_DAY", str(LIMIT))
        with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
            yield started


@pytest.fixture
def elsewhere(running: Lika) -> ApiClient:
    return running.client_for("cadre-e", ELSEWHERE, Role.CADRE)


def cadre(running: Lika, account: str, division: str = VILLAGE) -> ApiClient:
    """Each test has accounts of its own: what one of them names counts for a day."""
    return running.client_for(account, division, Role.CADRE)


def recorded(running: Lika, account: str, day: str = "2014-06-01") -> list[tuple[str, int]]:
    facts = running.services["registry"].store.stream(stream_of(account, datetime.fromisoformat(day).date()))
    return [(r.fact.operation, r.fact.persons) for r in facts if isinstance(r.fact, DryRunMade)]


def with_number(number: str) -> dict[str, Any]:
    return household_body(members=[member_body("head", id_number=number)])


def test_a_dry_run_that_names_persons_is_recorded_with_their_number(running: Lika) -> None:
    who = cadre(running, "cadre-recorded")
    location = record_household(who)
    joining = {"effective_on": "2014-05-25", "member": member_body("other"), "reason": "overlooked"}
    for path, body in (("/registry/households", household_body()), (f"{location}/members", joining)):
        assert who.post(path, body, params=TRY).status_code == 200
    assert (
        who.post(f"{location}/surveys", {"effective_on": "2014-05-25", "address": "x"}, params=TRY).status_code == 200
    )
    book = workbook_bytes([household_line("R1")], [head_line("R1", 901)])
    assert post_workbook(who, book, dry_run=True).status_code == 200
    annotated = who._client.post(f"{WORKBOOKS}/annotations", content=book, headers=who._headers)
    assert annotated.status_code == 200
    assert recorded(running, "cadre-recorded") == [
        ("record_household", 3), ("join_member", 1), ("import_workbook", 1), ("annotate_workbook", 1),
    ]  # fmt: skip


def test_beyond_so_many_persons_on_a_day_an_account_waits_for_the_next(running: Lika) -> None:
    """The day is Shanghai's: it is 8 o'clock there, 16 hours before the next."""
    who, other = cadre(running, "cadre-limited"), cadre(running, "cadre-unlimited")
    body = household_body()
    for _ in range(LIMIT // 3):
        assert who.post("/registry/households", body, params=TRY).status_code == 200
    refused = who.post("/registry/households", body, params=TRY)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_dry_runs")
    assert 0 < int(refused.headers["Retry-After"]) <= 16 * 3600
    assert refused.json()["facts"] == {"limit": LIMIT}
    book = workbook_bytes([household_line("L1")], [head_line("L1", 903)])
    assert post_workbook(who, book, dry_run=True).status_code == 429
    assert other.post("/registry/households", body, params=TRY).status_code == 200
    assert who.post("/registry/households", body).status_code == 201
    assert recorded(running, "cadre-limited") == [("record_household", 3)] * (LIMIT // 3)


def without_ids(answer: httpx.Response) -> dict[str, Any]:
    """An answer that depends on nothing but what the register said."""
    body: dict[str, Any] = answer.json()
    body["position"] = body["location"] = None
    for each in body["would_record"]:
        each["fields"] = {"members": len(each["fields"]["members"])}
    return body


def test_a_number_of_somebody_outside_the_area_looks_free(running: Lika, elsewhere: ApiClient) -> None:
    who, number = cadre(running, "cadre-asking"), unused_resident_id()
    record_household(elsewhere, ELSEWHERE, members=[member_body("head", id_number=number)])
    held = who.post("/registry/households", with_number(number), params=TRY)
    free = who.post("/registry/households", with_number(unused_resident_id()), params=TRY)
    assert held.status_code == free.status_code == 200
    assert without_ids(held) == without_ids(free)
    assert (free.json()["refused"], free.json()["not_asked"]) == ([], [])
    assert who.post("/registry/households", with_number(number)).status_code == 201


def test_a_number_of_somebody_in_the_area_is_said_to_be_taken_and_whose(running: Lika) -> None:
    who, number = cadre(running, "cadre-township", TOWNSHIP), unused_resident_id()
    location = record_household(who, members=[member_body("head", id_number=number)])
    dry = who.post("/registry/households", with_number(number), params=TRY).json()
    assert [no["code"] for no in dry["refused"]] == ["id_number_on_register"]
    facts = dry["refused"][0]["facts"]
    assert facts["holder"] == member_ids(who, location)[0]
    assert facts["household_id"] == location.rpartition("/")[2]


def test_the_dry_run_of_a_file_is_no_second_way(running: Lika, elsewhere: ApiClient) -> None:
    who, serial = cadre(running, "cadre-file"), 905
    number = resident_id_of("19700315", str(serial))
    taken = record_household(elsewhere, ELSEWHERE, national_no="X1", members=[member_body("head", id_number=number)])
    assert taken
    by_person = workbook_bytes([household_line("N1")], [head_line("N1", serial)])
    by_household = workbook_bytes([household_line("X1")], [head_line("X1", 907)])
    free = workbook_bytes([household_line("N2")], [head_line("N2", 909)])
    for answer in (post_workbook(who, book, dry_run=True).json() for book in (by_person, free)):
        assert (answer["recorded"], answer["refused"], answer["errors"], answer["not_asked"]) == (1, 0, [], [])
    # A household's number is no person's: that it is taken is said row by row, as the file itself would say it, and nothing more.
    two = workbook_bytes([household_line("N3"), household_line("X1")], [head_line("N3", 913), head_line("X1", 907)])
    dry, real = post_workbook(who, two, dry_run=True).json(), post_workbook(who, two).json()
    taken_there = [("户表", 3, "户编号", "household_no_on_register")]
    assert row_errors(dry) == row_errors(real) == taken_there
    assert (dry["recorded"], dry["refused"]) == (real["recorded"], real["refused"]) == (1, 1)
    assert ELSEWHERE not in str(dry)
    by_hand = {**household_body(members=[member_body("head")]), "national_no": "X1"}
    asked = who.post("/registry/households", by_hand, params=TRY).json()
    assert [(no["code"], no["facts"]) for no in asked["refused"]] == [("household_no_on_register", {})]
    assert [row_errors(post_workbook(who, book).json()) for book in (by_person, by_household)] == [
        [],
        [("户表", 2, "户编号", "household_no_on_register")],
    ]
    inside = cadre(running, "cadre-all", "99")
    known = post_workbook(inside, by_person, dry_run=True).json()
    assert [error[3] for error in row_errors(known)] == ["id_number_on_register"]


def test_an_id_number_that_can_be_nobodys_is_a_refusal_of_the_dry_run(running: Lika) -> None:
    who, body = cadre(running, "cadre-wrong"), with_number("990001197001010000")
    dry, real = who.post("/registry/households", body, params=TRY), who.post("/registry/households", body)
    assert dry.status_code == 200
    assert [no["code"] for no in dry.json()["refused"]] == [real.json()["code"]] == ["id_wrong_checksum"]


def test_the_day_of_a_dry_run_is_the_registers(running: Lika) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    step = {"to": datetime(2014, 6, 1, 16, tzinfo=UTC).isoformat()}
    assert operator.post("/registry/clock/steps", step).status_code == 201
    who = cadre(running, "cadre-limited")
    assert who.post("/registry/households", household_body(), params=TRY).status_code == 200
    assert recorded(running, "cadre-limited", "2014-06-02") == [("record_household", 3)]
