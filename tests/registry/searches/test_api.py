"""Searches for a person over HTTP: within the area alone, recorded before the answer, and limited."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from contracts.registry.access import PersonalDataRead
from contracts.registry.searches import RegisterSearched, SearchKind
from contracts.roles import Role
from services.chassis.web.areas import code_range
from services.registry.households.claims import RESIDENT_ID
from services.registry.searches.feed import FULL_NAME
from services.registry.searches.queries import BY_DIGEST
from tests.casework.directory.test_api import register
from tests.registry.households.example_requests import (
    ANOTHER_VILLAGE,
    ELSEWHERE,
    NEIGHBOUR,
    TOWNSHIP,
    VILLAGE,
    member_body,
    record_household,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.readings import readings_of
from tests.support.running import ApiClient, Lika

SEARCHES = "/registry/searches"
LIMIT, VILLAGE_LIMIT = 12, 3
KINDS = {"id_number": RESIDENT_ID, "full_name": FULL_NAME}
COUNTED = (
    "Node Type", "Index Name", "Actual Rows", "Rows Removed by Filter", "Heap Fetches", "Shared Hit Blocks",
    "Shared Read Blocks",
)  # fmt: skip


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    limits = {"searches_per_day": LIMIT, "village_searches_per_day": VILLAGE_LIMIT}
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), **limits) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


def index_digests(running: Lika, kind: str, value: str) -> tuple[tuple[int, bytes], ...]:
    service = running.services["registry"]
    return service.environment.sealer(service.store).digest.digests(kind, value)


def searcher(running: Lika, account: str, division: str = VILLAGE) -> ApiClient:
    """Each test has an account of its own: its searches count for a day."""
    return running.client_for(account, division, Role.CADRE)


def search(client: ApiClient, **form: Any) -> dict[str, Any]:
    client.get("/registry/totals")  # sees what was recorded before
    answer = client.post(SEARCHES, {"purpose": "case", **form})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def households(found: dict[str, Any]) -> list[str]:
    return [item["household_id"] for item in found["items"]]


def recorded(running: Lika, account: str, day: str = "2014-06-01") -> list[RegisterSearched]:
    facts = running.services["registry"].store.stream(f"searches-{day}-{account}")
    return [r.fact for r in facts if isinstance(r.fact, RegisterSearched)]


def id_of(location: str) -> str:
    return location.rpartition("/")[2]


def open_case(cadre: ApiClient, household: str) -> str:
    body = {"subject": household, "procedure": "identification", "on": "2014-05-25", "grounds": "农户申请"}
    answer = cadre.post("/registry/cases", body)
    assert answer.status_code == 201, answer.text
    return id_of(answer.headers["Location"])


def test_a_person_is_found_by_their_number_and_by_their_whole_name(running: Lika, cadre: ApiClient) -> None:
    number = unused_resident_id()
    members = [member_body("head", name="阿依古丽·买买提", id_number=number), member_body("spouse", name="陈大山")]
    household = id_of(record_household(cadre, national_no="N1", members=members))
    who = searcher(running, "cadre-finding")
    by_number = search(who, id_number=f" {number.lower()}")
    assert by_number["items"] == [
        {
            "household_id": household, "national_no": "N1", "division": VILLAGE, "name": "***",
            "person_id": by_number["items"][0]["person_id"],
        }
    ]  # fmt: skip
    assert households(search(who, full_name="阿依古丽•买买提")) == [household]
    assert households(search(who, full_name="阿依古丽")) == []
    one, *_ = recorded(running, "cadre-finding")
    assert (one.kind, one.division, one.persons_compared) == (SearchKind.ID_NUMBER, VILLAGE, 0)
    assert one.found == (UUID(household),)
    log = running.services["registry"].store.page(0, 100_000)[0]
    assert not [entry for entry in log if number.encode() in entry.state or "陈大山".encode() in entry.state]


def test_what_is_known_now_decides_where_and_under_which_name_somebody_is_found(
    running: Lika, cadre: ApiClient
) -> None:
    who, anywhere = searcher(running, "cadre-now"), searcher(running, "cadre-township", TOWNSHIP)
    household = record_household(cadre, members=[member_body("head", name="误写名")])
    person = cadre.get(household).json()["members"][0]["person_id"]
    right = {"division": VILLAGE, "effective_on": "2014-05-20"}
    corrected = cadre.post(
        f"{household}/recordings", {**right, "members": [member_body("head", name="正写名", person_id=person)]}
    )
    assert corrected.status_code == 201, corrected.text
    assert households(search(who, full_name="误写名")) == []
    assert households(search(who, full_name="正写名")) == [id_of(household)]
    move = {"effective_on": "2014-05-25", "from_division": VILLAGE, "to_division": NEIGHBOUR}
    assert anywhere.post(f"{household}/moves", move).status_code == 201
    assert households(search(who, full_name="正写名")) == []
    assert households(search(anywhere, full_name="正写名")) == [id_of(household)]
    gone = record_household(cadre, members=[member_body("head", name="作废名")])
    act = cadre.get(f"{gone}/facts").json()[0]["act"]
    cadre.post(f"{gone}/corrections", {"effective_on": "2014-05-20", "acts": [act], "reason": "录错"})
    assert households(search(who, full_name="作废名")) == []


def test_a_phone_and_a_part_of_a_name_need_one_village_and_an_open_case_of_it(running: Lika, cadre: ApiClient) -> None:
    members = [member_body("head", name="欧阳大山", phone="023-1234 5678"), member_body("spouse", name="陈山")]
    household = id_of(record_household(cadre, phone="13900001111", members=members))
    case = open_case(cadre, household)
    other = id_of(record_household(searcher(running, "cadre-e", ELSEWHERE), ELSEWHERE))
    foreign = open_case(searcher(running, "cadre-e", ELSEWHERE), other)
    who = searcher(running, "cadre-comparing", TOWNSHIP)
    who.get("/registry/totals")
    for form, code in (
        ({"phone": "13900001111", "case_id": case}, "search_needs_village"),
        ({"phone": "13900001111", "division": VILLAGE}, "search_needs_open_case"),
        ({"phone": "13900001111", "division": VILLAGE, "case_id": foreign}, "search_needs_open_case"),
    ):
        assert status_and_code(who.post(SEARCHES, {"purpose": "case", **form})) == (409, code)
    assert recorded(running, "cadre-comparing") == []
    found = search(who, name_part="欧阳", division=VILLAGE, case_id=case)
    assert households(found) == [household]
    of_household = search(who, phone="139-0000-1111", division=VILLAGE, case_id=case)["items"]
    assert [(item["household_id"], item["person_id"], item["name"]) for item in of_household] == [
        (household, None, None)
    ]
    search(who, phone="02312345678", division=VILLAGE, case_id=case)
    facts = recorded(running, "cadre-comparing")
    assert [(f.kind, len(f.found), str(f.case_id)) for f in facts] == [
        (SearchKind.NAME_PART, 1, case), (SearchKind.PHONE, 1, case), (SearchKind.PHONE, 1, case),
    ]  # fmt: skip
    assert min(f.persons_compared for f in facts) >= 2
    readings = [r.fact for r in readings_of(running.services["registry"].store, "cadre-comparing")]
    assert [(r.fields, str(h.household_id)) for r in readings if isinstance(r, PersonalDataRead) for h in r.households] == [
        (("name",), household), (("phone",), household), (("phone",), household),
    ]  # fmt: skip


def test_searches_of_a_day_come_to_an_end_and_the_refusal_says_until_when(running: Lika, cadre: ApiClient) -> None:
    who, as_another = searcher(running, "cadre-limited"), searcher(running, "cadre-limited-2")
    register(running.client_for("op-1", "", Role.OPERATOR), "cadre-limited", "cadre-limited-2")
    for _ in range(LIMIT):
        search(who, full_name="无此人")
    other = as_another.post(SEARCHES, {"purpose": "case", "full_name": "无此人"})
    assert status_and_code(other) == (429, "too_many_searches"), "nor more as somebody with two accounts"
    refused = who.post(SEARCHES, {"purpose": "case", "full_name": "无此人"})
    assert status_and_code(refused) == (429, "too_many_searches")
    assert 0 < int(refused.headers["Retry-After"]) <= 16 * 3600
    assert refused.json()["facts"] == {"limit": LIMIT}
    household = id_of(record_household(cadre))
    case = open_case(cadre, household)
    for _ in range(VILLAGE_LIMIT):
        search(who, name_part="某", division=VILLAGE, case_id=case)
    again = who.post(SEARCHES, {"purpose": "case", "name_part": "某", "division": VILLAGE, "case_id": case})
    assert (again.status_code, again.json()["facts"]) == (429, {"limit": VILLAGE_LIMIT})
    assert len(recorded(running, "cadre-limited")) == LIMIT + VILLAGE_LIMIT


def test_neither_a_dry_run_nor_a_repeated_request_finds_anything(running: Lika, cadre: ApiClient) -> None:
    record_household(cadre, members=[member_body("head", name="重复名")])
    who = searcher(running, "cadre-again")
    body = {"purpose": "case", "full_name": "重复名"}
    dry = who.post(SEARCHES, body, params={"dry_run": True}).json()
    assert [fact["fields"].get("found") for fact in dry["would_record"]] == [None]
    assert recorded(running, "cadre-again") == []
    who.get("/registry/totals")
    first = who.post(SEARCHES, body, key="search-again").json()
    second = who.post(SEARCHES, body, key="search-again").json()
    assert (len(first["items"]), first["replayed"]) == (1, False)
    assert (second["items"], second["replayed"]) == ([], True)
    assert len(recorded(running, "cadre-again")) == 1


def test_a_purpose_or_an_area_that_is_not_the_searchers_is_refused(running: Lika) -> None:
    who, operator = searcher(running, "cadre-refused"), running.client_for("op-2", "", Role.OPERATOR)
    body = {"purpose": "case", "full_name": "某某"}
    assert status_and_code(who.post(SEARCHES, {**body, "purpose": "audit"})) == (403, "purpose_not_allowed")
    assert status_and_code(who.post(SEARCHES, {**body, "division": ELSEWHERE})) == (404, "not_found")
    assert operator.post(SEARCHES, body).status_code == 403
    two = who.post(SEARCHES, {**body, "phone": "13900001111"})
    assert (two.status_code, "某某" in two.text) == (422, False)


def test_who_is_held_outside_the_area_costs_an_answer_nothing_and_changes_nothing(running: Lika) -> None:
    """The answer, its headers, what is recorded, and the rows that the query visits are those of nobody."""
    far, number = searcher(running, "cadre-far", ANOTHER_VILLAGE), unused_resident_id()
    household = record_household(far, ANOTHER_VILLAGE, members=[member_body("head", name="远方人", id_number=number)])
    far.get(household)
    seen = []
    for account, form in (
        ("cadre-taken", {"id_number": number}), ("cadre-none", {"id_number": unused_resident_id()}),
        ("cadre-named", {"full_name": "远方人"}), ("cadre-unnamed", {"full_name": "无此名"}),
    ):  # fmt: skip
        who = searcher(running, account)
        answer = who.post(SEARCHES, {"purpose": "case", **form})
        body = answer.json()
        body.pop("position")
        headers = {
            name: value for name, value in answer.headers.items() if name not in ("lika-position", "lika-request")
        }
        (fact,) = recorded(running, account)
        ((kind, value),) = form.items()
        digests = index_digests(running, KINDS[kind], value)
        plan = plan_of(running, [digest for _, digest in digests])
        seen.append((answer.status_code, body, headers, (fact.found, fact.more, fact.persons_compared), plan))
    assert seen[0] == seen[1]
    assert seen[2] == seen[3]
    assert seen[0][1]["items"] == []


def plan_of(running: Lika, digests: list[bytes]) -> dict[str, Any]:
    """What PostgreSQL did for a search: rows and pages, read as a large table is read."""
    with running.services["registry"].store.reading() as conn, conn.transaction():
        conn.execute("SET LOCAL enable_seqscan = off")
        conn.execute("SET LOCAL enable_bitmapscan = off")
        explain = b"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, COSTS OFF, FORMAT JSON) " + BY_DIGEST
        row = conn.execute(explain, (digests, *code_range(VILLAGE), 21)).fetchone()
    assert row is not None
    return counts_of(row[0][0]["Plan"])


def counts_of(node: dict[str, Any]) -> dict[str, Any]:
    kept = {name: node[name] for name in COUNTED if name in node}
    return {**kept, "Plans": [counts_of(each) for each in node.get("Plans", ())]}
