"""Bad input gets a clear refusal by name, and nothing of it stays behind: the registry's log stands where it stood."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest

from contracts.roles import Role
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from tests.contracts.seeded import BEGINS, NEIGHBOUR, VILLAGE, World, somebody, started
from tests.registry.intake.bringing_in import child, errors, file, head, household, income
from tests.registry.intake.sheets import resident_id

HOUSEHOLDS_AT, WORKBOOKS_AT = "/registry/households", "/registry/intake/workbooks"
TAKEN = resident_id("19700315", "901")
"""An ID number that somebody on the register holds."""
WRONG_CHECK = resident_id("19700315", "903")[:17] + ("0" if resident_id("19700315", "903")[17] != "0" else "1")
MEGABYTE = 1024 * 1024
TOMORROW = "2014-05-11"

Ask = Callable[[World], httpx.Response]


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with started(module_database, tmp_path_factory.mktemp("lika")) as running:
        running.household(members=[somebody("head", 1970, id_number=TAKEN)], national_no="H0")
        yield running


def position(county: World) -> int:
    """Where the registry's log stands."""
    return int(county.auditor.get("/registry/log/head").json()["position"])


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which says in both languages what is wrong and where the rule comes from."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:lika:problem:{problem['code']}"
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["title"])
    assert problem["title_en"].isascii()
    assert problem["source"]
    return answer.status_code, problem["code"]


def sent(body: bytes, kind: str = "application/json", key: str | None = None, token: str | None = None) -> Ask:
    """A household as raw bytes."""

    def ask(w: World) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or w.village.token}", "Content-Type": kind}
        keyed = headers if key == "" else {**headers, "Idempotency-Key": key or str(uuid4())}
        return w.client.post(HOUSEHOLDS_AT, content=body, headers=keyed)

    return ask


def recorded(*members: dict[str, Any], by: str = "village", **more: Any) -> Ask:
    form = {"division": VILLAGE, "effective_on": BEGINS, "members": list(members or [somebody("head", 1970)]), **more}
    return lambda w: getattr(w, by).post(HOUSEHOLDS_AT, form)


def about(path: str, form: dict[str, Any], by: str = "village") -> Ask:
    """Something about a household that is there."""
    return lambda w: getattr(w, by).post(f"{HOUSEHOLDS_AT}/{w.household()}/{path}", {"effective_on": BEGINS, **form})


def the_past_rewritten(w: World) -> httpx.Response:
    """A death before a survey of the same person."""
    home = w.household(effective_on="2014-05-01")
    spouse = f"{HOUSEHOLDS_AT}/{home}/members/{w.members(home)[1]}"
    w.post(w.village, f"{spouse}/surveys", {"effective_on": "2014-05-09", "health": "健康"})
    return w.village.post(f"{spouse}/deaths", {"effective_on": "2014-05-05"})


def a_key_used_twice(w: World) -> httpx.Response:
    key = str(uuid4())
    first = w.village.post(
        HOUSEHOLDS_AT, {"division": VILLAGE, "effective_on": BEGINS, "members": [somebody("head", 1970)]}, key=key
    )
    assert first.status_code == 201
    return recorded_under(w, key)


def recorded_under(w: World, key: str) -> httpx.Response:
    form = {"division": VILLAGE, "effective_on": BEGINS, "members": [somebody("head", 1971)]}
    return w.village.post(HOUSEHOLDS_AT, form, key=key)


INCOME = {"period_from": "2013-01-01", "period_to": "2013-12-31", "residents": 1} | dict.fromkeys(
    ("wages", "business", "property", "transfers", "business_costs"), "1"
)
REFUSED: dict[str, tuple[Ask, int, str]] = {
    "half a body": (sent(b'{"division":'), 422, "malformed"),
    "broken UTF-8": (sent(b'{"division": "\xff"}'), 422, "malformed"),
    "a body ten thousand levels deep": (sent(b"[" * 10_000), 422, "malformed"),
    "a number of ten thousand digits": (sent(b'{"division": ' + b"9" * 10_000 + b"}"), 422, "malformed"),
    "something else than JSON": (sent(b"household=1", "text/plain"), 422, "malformed"),
    "no idempotency key": (sent(b"{}", key=""), 422, "malformed"),
    "an unknown field": (recorded(surname="王"), 422, "malformed"),
    "a NUL in a name": (recorded({**somebody("head", 1970), "name": "王\x00"}), 422, "malformed"),
    "a day that does not exist": (recorded(effective_on="2014-02-30"), 422, "malformed"),
    "a negative income": (about("incomes", {**INCOME, "wages": "-0.01"}), 422, "malformed"),
    "nobody signed in": (sent(b"{}", token="x"), 401, "token_not_accepted"),
    "a reviewer who enters": (recorded(by="township_reviewer"), 403, "role_not_allowed"),
    "an auditor who enters": (about("conditions", {}, by="auditor"), 403, "role_not_allowed"),
    "another village's cadre": (about("surveys", {"arable_mu": 1}, by="neighbour"), 404, "not_found"),
    "a village out of reach": (recorded(division=NEIGHBOUR), 404, "not_found"),
    "an unknown village": (recorded(by="township", division=f"{VILLAGE[:9]}777"), 409, "unknown_village"),
    "a wrong checksum": (recorded(somebody("head", 1970, id_number=WRONG_CHECK)), 409, "id_wrong_checksum"),
    "an ID of somebody else": (recorded(somebody("head", 1970, id_number=TAKEN)), 409, "id_number_on_register"),
    "a household number of another": (recorded(national_no="H0"), 409, "household_no_on_register"),
    "no head": (recorded(somebody("spouse", 1970)), 409, "household_without_head"),
    "two heads": (recorded(somebody("head", 1970), somebody("head", 1971)), 409, "household_without_head"),
    "a future day": (recorded(effective_on=TOMORROW), 409, "future_day"),
    "a past that makes a later day impossible": (the_past_rewritten, 409, "later_fact_impossible"),
    "a key used for two wishes": (a_key_used_twice, 409, "idempotency_key_reused"),
    "an address outside every service": (lambda w: w.client.get("/registry/households/x\n"), 404, "not_found"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_requests_are_refused_by_name_and_leave_nothing_behind(name: str, county: World) -> None:
    ask, status, code = REFUSED[name]
    before: list[int] = []

    class Watched(World):
        pass

    answer = ask(county)
    assert said(answer) == (status, code)
    assert before == []
