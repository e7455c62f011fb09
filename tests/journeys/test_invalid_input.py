"""Invalid input is refused with a code, and leaves nothing behind: the registry's log is unchanged."""

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

from tests.contracts.seeded_county import FIRST_DAY, NEIGHBOUR, VILLAGE, SeededCounty, empty_county, member_form
from tests.registry.intake.example_workbooks import HOUSEHOLDS, MEMBERS, SheetLine, resident_id_of
from tests.registry.intake.import_requests import (
    child_line,
    head_line,
    household_line,
    income_fields,
    post_workbook,
    row_errors,
    workbook_bytes,
)

HOUSEHOLDS_PATH, WORKBOOKS_PATH = "/registry/households", "/registry/intake/workbooks"
TAKEN_ID = resident_id_of("19700315", "901")
"""An ID number of a person on the register."""
VALID_ID = resident_id_of("19700315", "903")
WRONG_CHECKSUM = VALID_ID[:17] + ("0" if VALID_ID[17] != "0" else "1")
TOMORROW = "2014-05-11"
MEGABYTE = 1024 * 1024

Request = Callable[[], httpx.Response]
MakeRequest = Callable[[SeededCounty], Request]


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with empty_county(module_database, tmp_path_factory.mktemp("lika")) as running:
        running.household(members=[member_form("head", 1970, id_number=TAKEN_ID)], national_no="H0")
        yield running


def log_topics(county: SeededCounty) -> list[str]:
    """The types of all facts in the registry's log."""
    answer = county.auditor.get("/registry/log/entries/0").json()
    assert answer["head"] < 256
    return [entry["topic"].partition("/")[0] for entry in answer["entries"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal. Asserts that it has a title in both languages and names the rule's source."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:lika:problem:{problem['code']}"
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["title"])
    assert not any("\u4e00" <= character <= "\u9fff" for character in problem["title_en"])
    assert problem["source"]
    return answer.status_code, problem["code"]


def raw_body(body: bytes, kind: str = "application/json", **headers: str) -> MakeRequest:
    """A command to record a household, with this body as it is."""

    def make_request(county: SeededCounty) -> Request:
        auth_headers = {
            "Authorization": f"Bearer {county.village.token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": kind,
        }
        return partial(county.client.post, HOUSEHOLDS_PATH, content=body, headers={**auth_headers, **headers})

    return make_request


def form(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "division": VILLAGE,
        "effective_on": FIRST_DAY,
        "members": list(members or [member_form("head", 1970)]),
        **more,
    }


def recording(*members: dict[str, Any], by: str = "village", **more: Any) -> MakeRequest:
    return lambda county: partial(getattr(county, by).post, HOUSEHOLDS_PATH, form(*members, **more))


def command(path: str, by: str = "village", **fields: Any) -> MakeRequest:
    """A command about an existing household."""
    return lambda county: partial(
        getattr(county, by).post,
        f"{HOUSEHOLDS_PATH}/{county.household()}/{path}",
        {"effective_on": FIRST_DAY, **fields},
    )


def death_before_survey(county: SeededCounty) -> Request:
    household = county.household(effective_on="2014-05-01")
    spouse = f"{HOUSEHOLDS_PATH}/{household}/members/{county.members(household)[1]}"
    county.post(county.village, f"{spouse}/surveys", {"effective_on": "2014-05-09", "health": "健康"})
    return partial(county.village.post, f"{spouse}/deaths", {"effective_on": "2014-05-05"})


def key_reused(county: SeededCounty) -> Request:
    key = str(uuid4())
    assert county.village.post(HOUSEHOLDS_PATH, form(), key=key).status_code == 201
    return partial(county.village.post, HOUSEHOLDS_PATH, form(member_form("head", 1971)), key=key)


def case_before_household(county: SeededCounty) -> Request:
    fields = {"procedure": "identification", "on": "2014-05-09", "grounds": "申请"}
    return partial(county.village.post, "/registry/cases", {"subject": county.household(), **fields})


INCOME: dict[str, Any] = {"period_from": "2013-01-01", "period_to": "2013-12-31"} | dict.fromkeys(
    ("business", "property", "transfers", "business_costs"), "1"
)
REQUESTS: dict[str, tuple[MakeRequest, int, str]] = {
    "half a body": (raw_body(b'{"division":'), 422, "malformed"),
    "broken UTF-8": (raw_body(b'{"division": "\xff"}'), 422, "malformed"),
    "a body ten thousand levels deep": (raw_body(b"[" * 10_000), 422, "malformed"),
    "a number of ten thousand digits": (raw_body(b'{"division": ' + b"9" * 10_000 + b"}"), 422, "malformed"),
    "no JSON": (raw_body(b"household=1", "text/plain"), 422, "malformed"),
    "a key that is none": (raw_body(b"{}", **{"Idempotency-Key": "?"}), 422, "malformed"),
    "an unknown field": (recording(surname="王"), 422, "malformed"),
    "a NUL in a name": (recording({**member_form("head", 1970), "name": "王\x00"}), 422, "malformed"),
    "a day that does not exist": (recording(effective_on="2014-02-30"), 422, "malformed"),
    "a negative income": (command("incomes", **INCOME, wages="-0.01"), 422, "malformed"),
    "a forged token": (raw_body(b"{}", Authorization="Bearer x"), 401, "token_not_accepted"),
    "a reviewer who enters": (recording(by="township_reviewer"), 403, "role_not_allowed"),
    "an auditor who enters": (command("surveys", by="auditor", arable_mu=1), 403, "role_not_allowed"),
    "another village's cadre": (command("surveys", by="neighbour", arable_mu=1), 404, "not_found"),
    "a village outside the area": (recording(division=NEIGHBOUR), 404, "not_found"),
    "an unknown village": (recording(by="township", division=f"{VILLAGE[:9]}777"), 409, "unknown_village"),
    "a wrong checksum": (recording(member_form("head", 1970, id_number=WRONG_CHECKSUM)), 409, "id_wrong_checksum"),
    "an ID of somebody else": (recording(member_form("head", 1970, id_number=TAKEN_ID)), 409, "id_number_on_register"),
    "a household number of another": (recording(national_no="H0"), 409, "household_no_on_register"),
    "no head": (recording(member_form("spouse", 1970)), 409, "household_without_head"),
    "two heads": (recording(member_form("head", 1970), member_form("head", 1971)), 409, "household_without_head"),
    "a future day": (recording(effective_on=TOMORROW), 409, "future_day"),
    "a past that makes a later day impossible": (death_before_survey, 409, "later_fact_impossible"),
    "a case older than its household": (case_before_household, 409, "subject_not_on_record"),
    "a key for two commands": (key_reused, 409, "idempotency_key_reused"),
    "a path of no service": (lambda county: partial(county.client.get, "/registry%0A/households"), 404, "not_found"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_bad_request_is_refused_by_name_and_leaves_nothing_behind(name: str, county: SeededCounty) -> None:
    make_request, status, code = REQUESTS[name]
    request = make_request(county)
    before = log_topics(county)
    assert refusal(request()) == (status, code)
    assert log_topics(county) == before


@pytest.mark.parametrize(
    "path", ["", "/facts", "/surveys", "/moves", "/members", "audit: /history", "assistance: /1/successions"]
)
def test_what_does_not_exist_and_what_is_out_of_scope_look_the_same(path: str, county: SeededCounty) -> None:
    """To the last byte: otherwise a refusal would disclose who lives elsewhere."""
    service, _, rest = path.rpartition(": ")
    root = {"audit": "/audit/households", "assistance": "/assistance/pairs"}.get(service, HOUSEHOLDS_PATH)
    move = {"from_division": VILLAGE, "to_division": NEIGHBOUR}
    forms: dict[str, dict[str, Any]] = {
        "/surveys": {"arable_mu": 1}, "/moves": move, "/members": {"member": member_form("child", 2014), "reason": "birth"},
        "/1/successions": {"helper": "staff-1", "unit": "县农业局"},
    }  # fmt: skip

    def request(household: str) -> httpx.Response:
        path = f"{root}/{household}{rest}"
        if rest not in forms:
            return county.neighbour.get(path)
        return county.neighbour.post(path, {"effective_on": FIRST_DAY, **forms[rest]})

    existing, missing = request(county.household()), request(str(uuid4()))
    assert refusal(existing) == refusal(missing) == (404, "not_found")
    assert existing.content == missing.content


def changed_workbook(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A valid workbook with a change."""
    book = openpyxl.load_workbook(BytesIO(workbook_bytes([household_line("F1")], [head_line("F1", 11)])))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


FILES: dict[str, tuple[bytes, int, str]] = {
    "nothing at all": (b"", 422, "workbook_is_empty"),
    "a list of commas": ("户编号,姓名\n1,王\n".encode(), 422, "workbook_is_csv"),
    "half a workbook": (
        workbook_bytes([household_line("F1")], [head_line("F1", 11)])[:2000],
        422,
        "workbook_not_sound",
    ),
    "a formula": (changed_workbook(lambda b: b[HOUSEHOLDS.name].__setitem__("J2", "=1+1")), 422, "workbook_formula"),
    "no member sheet": (changed_workbook(lambda b: b.remove(b[MEMBERS.name])), 422, "workbook_missing_sheet"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_valid_workbook_is_refused_as_a_whole(name: str, county: SeededCounty) -> None:
    content, status, code = FILES[name]
    before = log_topics(county)
    for dry_run in (True, False):
        assert refusal(post_workbook(county.village, content, dry_run=dry_run)) == (status, code)
    assert log_topics(county) == before


@pytest.mark.parametrize(("announced", "megabytes_held"), [(True, 5), (False, 60)])
def test_a_file_of_200_megabytes_is_refused_while_it_is_sent(
    announced: bool, megabytes_held: int, county: SeededCounty
) -> None:
    """One that says how large it is before anything is read; one that does not when the limit of fifty is reached.
    ``megabytes_held``: what sender and service together may have in memory meanwhile."""
    headers = {
        "Authorization": f"Bearer {county.village.token}", "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/octet-stream",
    }  # fmt: skip
    if announced:
        headers["Content-Length"] = str(200 * MEGABYTE)
    before, piece = log_topics(county), bytes(MEGABYTE)
    tracemalloc.start(1)
    try:
        answer = county.client.post(WORKBOOKS_PATH, content=repeat(piece, 200), headers=headers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal(answer) == (413, "too_large")
    assert peak < megabytes_held * MEGABYTE
    assert log_topics(county) == before


VALID_ROW = household_line("R1", surveyed_on=FIRST_DAY)
Row = tuple[str, int, str, str]
ROWS: dict[str, tuple[Sequence[SheetLine], Sequence[SheetLine], list[Row]]] = {
    "an ID stored as a number": (
        [VALID_ROW], [{**head_line("R1", 21), "id_number": 990001197003150210}],
        [("成员表", 2, "证件号码", "id_stored_as_number")],
    ),
    "a wrong checksum": (
        [VALID_ROW], [{**head_line("R1", 21), "id_number": WRONG_CHECKSUM}],
        [("成员表", 2, "证件号码", "id_wrong_checksum")],
    ),
    "an ID twice in the file": (
        [VALID_ROW, household_line("R2", surveyed_on=FIRST_DAY)], [head_line("R1", 21), head_line("R2", 21)],
        [("成员表", 2, "证件号码", "duplicate_id"), ("成员表", 3, "证件号码", "duplicate_id")],
    ),
    "an ID that is on the register": (
        [VALID_ROW], [{**head_line("R1", 21), "id_number": TAKEN_ID}],
        [("成员表", 2, "证件号码", "id_number_on_register")],
    ),
    "an unknown village": (
        [{**VALID_ROW, "division": "990001101777"}], [head_line("R1", 21)],
        [("户表", 2, "行政区划代码", "unknown_village")],
    ),
    "a negative income": (
        [{**VALID_ROW, **income_fields(), "wages": -1}], [head_line("R1", 21)],
        [("户表", 2, "工资性收入(元)", "negative")],
    ),
    "no head": ([VALID_ROW], [child_line("R1", 22)], [("户表", 2, "", "no_head")]),
    "two heads": (
        [VALID_ROW], [head_line("R1", 21), child_line("R1", 22, relation="户主")],
        [("成员表", 3, "与户主关系", "two_heads")],
    ),
    "a future day": (
        [{**VALID_ROW, "surveyed_on": TOMORROW}], [head_line("R1", 21)], [("户表", 2, "调查日期", "future_date")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_an_error_in_a_row_is_named_and_its_household_stays_out(name: str, county: SeededCounty) -> None:
    household_rows, members, expected = ROWS[name]
    household_rows = [
        {"surveyed_on": FIRST_DAY, **{k: v for k, v in household.items() if k != "surveyed_on" or v == TOMORROW}}
        for household in household_rows
    ]
    book = workbook_bytes(household_rows, members)
    before = log_topics(county)
    checked = post_workbook(county.village, book, dry_run=True)
    assert (checked.status_code, row_errors(checked.json())) == (200, expected)
    imported = post_workbook(county.village, book).json()
    assert (row_errors(imported), imported["recorded"], imported["refused"]) == (expected, 0, len(household_rows))
    assert log_topics(county) == [*before, "DryRunMade", "EvidenceUploaded", "WorkbookImported"]
