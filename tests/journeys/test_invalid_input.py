"""Bad input gets a clear refusal by name, and nothing of it stays behind: the registry's log stands where it stood."""

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import repeat
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest

from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from tests.contracts.seeded_county import FIRST_DAY, NEIGHBOUR, VILLAGE, SeededCounty, empty_county, member_form
from tests.registry.intake.example_workbooks import SheetLine, resident_id_of
from tests.registry.intake.import_requests import (
    child_line,
    head_line,
    household_line,
    income_fields,
    post_workbook,
    row_errors,
    workbook_bytes,
)

HOMES, WORKBOOKS = "/registry/households", "/registry/intake/workbooks"
TAKEN = resident_id_of("19700315", "901")
"""An ID number that somebody on the register holds."""
SOUND = resident_id_of("19700315", "903")
WRONG_CHECK = SOUND[:17] + ("0" if SOUND[17] != "0" else "1")
TOMORROW = "2014-05-11"
MEGABYTE = 1024 * 1024

Request = Callable[[], httpx.Response]
Prepare = Callable[[SeededCounty], Request]


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with empty_county(module_database, tmp_path_factory.mktemp("lika")) as running:
        running.household(members=[member_form("head", 1970, id_number=TAKEN)], national_no="H0")
        yield running


def log(county: SeededCounty) -> list[str]:
    """Types of everything in the registry's log."""
    told = county.auditor.get("/registry/log/entries/0").json()
    assert told["head"] < 256
    return [entry["topic"].partition("/")[0] for entry in told["entries"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which says in both languages what is wrong and where the rule comes from."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:lika:problem:{problem['code']}"
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["title"])
    assert not any("\u4e00" <= character <= "\u9fff" for character in problem["title_en"])
    assert problem["source"]
    return answer.status_code, problem["code"]


def raw(body: bytes, kind: str = "application/json", **headers: str) -> Prepare:
    """A household as bytes."""

    def prepare(county: SeededCounty) -> Request:
        signed = {
            "Authorization": f"Bearer {county.village.token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": kind,
        }
        return partial(county.client.post, HOMES, content=body, headers={**signed, **headers})

    return prepare


def form(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "division": VILLAGE,
        "effective_on": FIRST_DAY,
        "members": list(members or [member_form("head", 1970)]),
        **more,
    }


def recorded(*members: dict[str, Any], by: str = "village", **more: Any) -> Prepare:
    return lambda county: partial(getattr(county, by).post, HOMES, form(*members, **more))


def about(path: str, by: str = "village", **said: Any) -> Prepare:
    """Something about a household that is there."""
    return lambda county: partial(
        getattr(county, by).post, f"{HOMES}/{county.household()}/{path}", {"effective_on": FIRST_DAY, **said}
    )


def a_death_before_a_survey(county: SeededCounty) -> Request:
    home = county.household(effective_on="2014-05-01")
    spouse = f"{HOMES}/{home}/members/{county.members(home)[1]}"
    county.post(county.village, f"{spouse}/surveys", {"effective_on": "2014-05-09", "health": "健康"})
    return partial(county.village.post, f"{spouse}/deaths", {"effective_on": "2014-05-05"})


def a_key_for_two_wishes(county: SeededCounty) -> Request:
    key = str(uuid4())
    assert county.village.post(HOMES, form(), key=key).status_code == 201
    return partial(county.village.post, HOMES, form(member_form("head", 1971)), key=key)


def a_case_before_the_household(county: SeededCounty) -> Request:
    said = {"procedure": "identification", "on": "2014-05-09", "grounds": "申请"}
    return partial(county.village.post, "/registry/cases", {"household_id": county.household(), **said})


INCOME: dict[str, Any] = {"period_from": "2013-01-01", "period_to": "2013-12-31", "residents": 1} | dict.fromkeys(
    ("business", "property", "transfers", "business_costs"), "1"
)
REQUESTS: dict[str, tuple[Prepare, int, str]] = {
    "half a body": (raw(b'{"division":'), 422, "malformed"),
    "broken UTF-8": (raw(b'{"division": "\xff"}'), 422, "malformed"),
    "a body ten thousand levels deep": (raw(b"[" * 10_000), 422, "malformed"),
    "a number of ten thousand digits": (raw(b'{"division": ' + b"9" * 10_000 + b"}"), 422, "malformed"),
    "no JSON": (raw(b"household=1", "text/plain"), 422, "malformed"),
    "a key that is none": (raw(b"{}", **{"Idempotency-Key": "?"}), 422, "malformed"),
    "an unknown field": (recorded(surname="王"), 422, "malformed"),
    "a NUL in a name": (recorded({**member_form("head", 1970), "name": "王\x00"}), 422, "malformed"),
    "a day that does not exist": (recorded(effective_on="2014-02-30"), 422, "malformed"),
    "a negative income": (about("incomes", **INCOME, wages="-0.01"), 422, "malformed"),
    "a forged token": (raw(b"{}", Authorization="Bearer x"), 401, "token_not_accepted"),
    "a reviewer who enters": (recorded(by="township_reviewer"), 403, "role_not_allowed"),
    "an auditor who enters": (about("surveys", by="auditor", arable_mu=1), 403, "role_not_allowed"),
    "another village's cadre": (about("surveys", by="neighbour", arable_mu=1), 404, "not_found"),
    "a village out of reach": (recorded(division=NEIGHBOUR), 404, "not_found"),
    "an unknown village": (recorded(by="township", division=f"{VILLAGE[:9]}777"), 409, "unknown_village"),
    "a wrong checksum": (recorded(member_form("head", 1970, id_number=WRONG_CHECK)), 409, "id_wrong_checksum"),
    "an ID of somebody else": (recorded(member_form("head", 1970, id_number=TAKEN)), 409, "id_number_on_register"),
    "a household number of another": (recorded(national_no="H0"), 409, "household_no_on_register"),
    "no head": (recorded(member_form("spouse", 1970)), 409, "household_without_head"),
    "two heads": (recorded(member_form("head", 1970), member_form("head", 1971)), 409, "household_without_head"),
    "a future day": (recorded(effective_on=TOMORROW), 409, "future_day"),
    "a past that makes a later day impossible": (a_death_before_a_survey, 409, "later_fact_impossible"),
    "a case older than its household": (a_case_before_the_household, 409, "household_not_yet_recorded"),
    "a key for two wishes": (a_key_for_two_wishes, 409, "idempotency_key_reused"),
    "an address of no service": (
        lambda county: partial(county.client.get, "/registry%0A/households"),
        404,
        "not_found",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_bad_request_is_refused_by_name_and_leaves_nothing_behind(name: str, county: SeededCounty) -> None:
    prepare, status, code = REQUESTS[name]
    request = prepare(county)
    before = log(county)
    assert refusal(request()) == (status, code)
    assert log(county) == before


@pytest.mark.parametrize(
    "path", ["", "/facts", "/surveys", "/moves", "/members", "audit: /history", "assistance: /handovers"]
)
def test_what_is_absent_and_what_is_out_of_scope_look_the_same(path: str, county: SeededCounty) -> None:
    """Down to the last byte: otherwise a refusal would tell who lives elsewhere."""
    service, _, rest = path.rpartition(": ")
    root = {"audit": "/audit/households", "assistance": "/assistance/pairings"}.get(service, HOMES)
    move = {"from_division": VILLAGE, "to_division": NEIGHBOUR}
    forms: dict[str, dict[str, Any]] = {
        "/surveys": {"arable_mu": 1}, "/moves": move, "/members": {"member": member_form("child", 2014), "reason": "birth"},
        "/handovers": {"helper": "staff-1", "unit": "县农业局"},
    }  # fmt: skip

    def ask(household: str) -> httpx.Response:
        where = f"{root}/{household}{rest}"
        if rest not in forms:
            return county.neighbour.get(where)
        return county.neighbour.post(where, {"effective_on": FIRST_DAY, **forms[rest]})

    there, nowhere = ask(county.household()), ask(str(uuid4()))
    assert refusal(there) == refusal(nowhere) == (404, "not_found")
    assert there.content == nowhere.content


def changed(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A sound workbook, then changed."""
    book = openpyxl.load_workbook(BytesIO(workbook_bytes([household_line("F1")], [head_line("F1", 11)])))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


FILES: dict[str, tuple[bytes, int, str]] = {
    "nothing at all": (b"", 422, "intake_not_a_workbook"),
    "a list of commas": ("户编号,姓名\n1,王\n".encode(), 422, "intake_not_a_workbook"),
    "half a workbook": (
        workbook_bytes([household_line("F1")], [head_line("F1", 11)])[:2000],
        422,
        "intake_not_a_workbook",
    ),
    "merged cells": (changed(lambda b: b[MEMBERS.name].merge_cells("C2:D3")), 422, "intake_merged_cells"),
    "a formula": (changed(lambda b: b[HOUSEHOLDS.name].__setitem__("J2", "=1+1")), 422, "intake_formula"),
    "no member sheet": (changed(lambda b: b.remove(b[MEMBERS.name])), 422, "intake_missing_sheet"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_sound_workbook_is_refused_as_a_whole(name: str, county: SeededCounty) -> None:
    content, status, code = FILES[name]
    before = log(county)
    for dry_run in (True, False):
        assert refusal(post_workbook(county.village, content, dry_run=dry_run)) == (status, code)
    assert log(county) == before


@pytest.mark.parametrize(("announced", "held"), [(True, 5), (False, 60)])
def test_a_file_of_200_megabytes_is_refused_while_it_is_sent(announced: bool, held: int, county: SeededCounty) -> None:
    """One that says how large it is before anything is read; one that does not when the limit of fifty is reached.
    ``held``: megabytes that sender and service together may have in memory meanwhile."""
    headers = {
        "Authorization": f"Bearer {county.village.token}", "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/octet-stream",
    }  # fmt: skip
    if announced:
        headers["Content-Length"] = str(200 * MEGABYTE)
    before, piece = log(county), bytes(MEGABYTE)
    tracemalloc.start(1)
    try:
        answer = county.client.post(WORKBOOKS, content=repeat(piece, 200), headers=headers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal(answer) == (413, "too_large")
    assert peak < held * MEGABYTE
    assert log(county) == before


HOME = household_line("R1", surveyed_on=FIRST_DAY)
Row = tuple[str, int, str, str]
ROWS: dict[str, tuple[Sequence[SheetLine], Sequence[SheetLine], list[Row]]] = {
    "an ID stored as a number": (
        [HOME], [{**head_line("R1", 21), "id_number": 990001197003150210}],
        [("成员表", 2, "证件号码", "id_stored_as_number")],
    ),
    "a wrong checksum": (
        [HOME], [{**head_line("R1", 21), "id_number": WRONG_CHECK}],
        [("成员表", 2, "证件号码", "id_wrong_checksum")],
    ),
    "an ID twice in the file": (
        [HOME, household_line("R2", surveyed_on=FIRST_DAY)], [head_line("R1", 21), head_line("R2", 21)],
        [("成员表", 2, "证件号码", "duplicate_id"), ("成员表", 3, "证件号码", "duplicate_id")],
    ),
    "an ID that is on the register": (
        [HOME], [{**head_line("R1", 21), "id_number": TAKEN}],
        [("成员表", 2, "证件号码", "id_number_on_register")],
    ),
    "an unknown village": (
        [{**HOME, "division": "990001101777"}], [head_line("R1", 21)],
        [("户表", 2, "行政区划代码", "unknown_village")],
    ),
    "a negative income": (
        [{**HOME, **income_fields(), "wages": -1}], [head_line("R1", 21)],
        [("户表", 2, "工资性收入(元)", "negative")],
    ),
    "no head": ([HOME], [child_line("R1", 22)], [("户表", 2, "", "no_head")]),
    "two heads": (
        [HOME], [head_line("R1", 21), child_line("R1", 22, relation="户主")],
        [("成员表", 3, "与户主关系", "two_heads")],
    ),
    "a future day": (
        [{**HOME, "surveyed_on": TOMORROW}], [head_line("R1", 21)], [("户表", 2, "调查日期", "future_date")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_an_error_in_a_row_is_named_and_its_household_stays_out(name: str, county: SeededCounty) -> None:
    homes, members, expected = ROWS[name]
    homes = [
        {"surveyed_on": FIRST_DAY, **{k: v for k, v in home.items() if k != "surveyed_on" or v == TOMORROW}}
        for home in homes
    ]
    book = workbook_bytes(homes, members)
    before = log(county)
    tried = post_workbook(county.village, book, dry_run=True)
    assert (tried.status_code, row_errors(tried.json()), log(county)) == (200, expected, before)
    taken_in = post_workbook(county.village, book).json()
    assert (row_errors(taken_in), taken_in["recorded"], taken_in["refused"]) == (expected, 0, len(homes))
    assert log(county) == [*before, "WorkbookImported"]
