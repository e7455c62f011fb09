"""Documents over HTTP: who may propose, confirm and withdraw what, and what is listed."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.roles import Role
from services.chassis.law.content import canonical_text, content_of
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.service import registry
from tests.support.running import ApiClient, Lika, lika

PATH = "/registry/documents"
COUNTY, OTHER_COUNTY, PROVINCE = "990001", "990002", "99"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with lika(
        [registry], module_database, tmp_path_factory.mktemp("lika"), datetime(2016, 5, 1, tzinfo=UTC)
    ) as started:
        yield started


def text(edition: str, place: str = COUNTY, key: str = "exit", **changes: Any) -> str:
    """A procedure as shipped, in an edition of another place."""
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.key == key]
    return canonical_text({**content_of(shipped), "edition": edition, "jurisdiction": place, **changes})


class Operators:
    def __init__(self, running: Lika) -> None:
        self.first = running.client_for("op-1", COUNTY, Role.OPERATOR)
        self.second = running.client_for("op-2", COUNTY, Role.OPERATOR)
        self.province = running.client_for("op-p", PROVINCE, Role.OPERATOR)
        self.elsewhere = running.client_for("op-e", OTHER_COUNTY, Role.OPERATOR)
        self.township = running.client_for("op-t", "990001101", Role.OPERATOR)
        self.reviewer = running.client_for("reviewer-1", COUNTY, Role.REVIEWER)


@pytest.fixture
def operators(running: Lika) -> Operators:
    return Operators(running)


def accepted(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    facts: dict[str, Any] = answer.json()["facts"]
    return facts


def status_of(client: ApiClient, document: str) -> tuple[str, str | None]:
    read = client.get(document).json()
    return read["status"], read["awaits"]


def test_the_other_account_of_the_same_person_is_no_second_operator(running: Lika, operators: Operators) -> None:
    person = {"name": "张某", "accounts": ["op-1a", "op-1b"], "effective_on": "2016-01-01"}
    accepted(running.client_for("op-s", PROVINCE, Role.OPERATOR).post("/registry/staff", person))
    one, other = (running.client_for(account, COUNTY, Role.OPERATOR) for account in person["accounts"])
    document = accepted(one.post(PATH, {"content": text("one-person")}))
    refused(other.post(f"{document}/confirmations"), 409, "document_own_proposal")
    assert acts_on(other, document) == ["withdraw_document"]
    accepted(operators.second.post(f"{document}/confirmations"))


def acts_on(client: ApiClient, document: str) -> list[str]:
    (found,) = client.get("/registry/acts", subject=document).json()
    return [each["act"] for each in found["acts"]]


def test_on_an_edition_those_acts_are_open_that_its_operators_may_begin(operators: Operators) -> None:
    document = accepted(operators.first.post(PATH, {"content": text("its-acts")}))
    assert acts_on(operators.first, document) == ["withdraw_document"], "nobody confirms what they proposed"
    assert acts_on(operators.second, document) == ["confirm_document", "withdraw_document"]
    assert [acts_on(who, document) for who in (operators.elsewhere, operators.township, operators.reviewer)] == [[]] * 3
    assert acts_on(operators.second, PATH) == ["propose_document"]
    accepted(operators.first.post(f"{document}/withdrawals", {"reason": "另拟"}))
    assert acts_on(operators.second, document) == acts_on(operators.second, f"{PATH}/999") == []


def test_an_edition_takes_force_by_two_operators_and_goes_by_two(operators: Operators) -> None:
    document = accepted(operators.first.post(PATH, {"content": text("two-persons")}))
    assert status_of(operators.reviewer, document) == ("proposed", "adoption")
    refused(operators.first.post(f"{document}/confirmations"), 409, "document_own_proposal")
    accepted(operators.second.post(f"{document}/confirmations"))
    assert status_of(operators.reviewer, document) == ("adopted", None)
    accepted(operators.second.post(f"{document}/withdrawals", {"reason": "依据文件已废止"}))
    assert status_of(operators.reviewer, document) == ("adopted", "withdrawal")
    refused(operators.second.post(f"{document}/confirmations"), 409, "document_own_proposal")
    accepted(operators.first.post(f"{document}/confirmations"))
    assert status_of(operators.reviewer, document) == ("withdrawn", None)
    accepted(operators.first.post(f"{document}/withdrawals", {"reason": "废止有误"}))
    assert status_of(operators.reviewer, document) == ("withdrawn", "restoration")
    accepted(operators.second.post(f"{document}/confirmations"))
    read = operators.reviewer.get(document).json()
    assert (read["status"], read["proposed_by"], read["adopted_by"]) == ("adopted", "op-1", "op-2")
    assert read["content"] == text("two-persons")


def test_a_proposal_repeated_with_its_key_is_one(operators: Operators) -> None:
    sent = [operators.first.post(PATH, {"content": text("once")}, key="the-same-request") for _ in range(2)]
    assert accepted(sent[0]) == accepted(sent[1])
    assert [answer.json()["replayed"] for answer in sent] == [False, True]


def test_the_name_of_an_edition_is_used_once(operators: Operators) -> None:
    document = accepted(operators.first.post(PATH, {"content": text("taken")}))
    refused(operators.second.post(PATH, {"content": text("taken")}), 409, "document_edition_exists")
    accepted(operators.first.post(f"{document}/withdrawals", {"reason": "写错了"}))
    assert status_of(operators.first, document) == ("dropped", None)
    accepted(operators.second.post(PATH, {"content": text("taken")}))


def test_a_place_s_documents_are_its_own_operators_at_county_level_or_above(operators: Operators) -> None:
    for client in (operators.elsewhere, operators.township):
        refused(client.post(PATH, {"content": text("whose")}), 403, "document_not_of_your_place")
    refused(operators.reviewer.post(PATH, {"content": text("whose")}), 403, "role_not_allowed")
    for place in ("CN", PROVINCE):
        refused(operators.first.post(PATH, {"content": text("whose", place)}), 403, "document_not_of_your_place")
        accepted(operators.province.post(PATH, {"content": text(f"whose-{place}", place)}))
    document = accepted(operators.first.post(PATH, {"content": text("whose")}))
    for client in (operators.elsewhere, operators.township):
        refused(client.post(f"{document}/confirmations"), 403, "document_not_of_your_place")
        refused(client.post(f"{document}/withdrawals", {"reason": "x"}), 403, "document_not_of_your_place")
    accepted(operators.province.post(f"{document}/confirmations"))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("{}", ""),
        ('{"a": 1.5}', ""),
        (text("wrong", statuses=(1,)), "statuses[0]"),
        (text("wrong", statuses=("nobody",)), ""),
        (text("wrong", place="Guizhou"), "jurisdiction"),
        (text("wrong", steps=()), ""),
        (text("wrong", source=" "), "source"),
        (text("wrong", more=1), ""),
        (text("wrong").replace('"days":7', '"days":0'), "steps[3].days"),
        (text("wrong").replace('"days":7', '"days":"7"'), "steps[3].days"),
    ],
)
def test_what_is_no_legal_document_is_refused_and_the_part_is_named(
    operators: Operators, content: str, part: str
) -> None:
    facts = refused(operators.province.post(PATH, {"content": content}), 422, "document_malformed")
    assert facts["part"] == part
    assert facts["complaint"]


@pytest.mark.parametrize("part", ["\\ud800", "\\u0000"])
def test_a_text_that_cannot_be_kept_is_refused_with_its_place(operators: Operators, part: str) -> None:
    content = text("unkept").replace('"source":"', f'"source":"{part}')
    assert refused(operators.first.post(PATH, {"content": content}), 422, "document_malformed")["part"] == "source"


def test_what_is_not_there_is_not_found(operators: Operators) -> None:
    refused(operators.first.get(f"{PATH}/999999"), 404, "not_found")
    refused(operators.first.post(f"{PATH}/999999/confirmations"), 404, "not_found")
    number = operators.first.get(PATH, limit=1).json()["items"][0]["number"]
    refused(operators.first.post(f"{PATH}/{number + 1}/confirmations"), 404, "not_found")  # its adoption is no document


def listed(client: ApiClient, **filters: Any) -> list[str]:
    found: list[str] = []
    while True:
        page = client.get(PATH, **filters).json()
        found += [item["edition"] for item in page["items"]]
        if page["next"] is None:
            return found
        filters["cursor"] = page["next"]


def test_documents_are_listed_by_kind_key_place_and_day(operators: Operators) -> None:
    term = {"from": date(2016, 1, 1), "to": date(2016, 12, 31)}
    document = accepted(operators.first.post(PATH, {"content": text("county-return", key="return", in_force=term)}))
    accepted(operators.second.post(f"{document}/confirmations"))
    client = operators.reviewer
    assert listed(client, kind="calendar") == ["cn-2014-2026"]
    assert listed(client, key="return") == listed(client, key="return", limit=1) == ["2014", "county-return"]
    village = f"{COUNTY}101201"
    for day, expected in (("2015-12-31", "2014"), ("2016-01-01", "county-return"), ("2016-12-31", "county-return"),
                          ("2017-01-01", "2014")):  # fmt: skip
        assert listed(client, key="return", division=village, as_of=day) == [expected]
    assert listed(client, key="return", division=f"{OTHER_COUNTY}101201", as_of="2016-01-01") == ["2014"]
    assert listed(client, key="return", division=f"{OTHER_COUNTY}101201") == ["2014"]
    assert listed(client, key="return", as_of="2016-06-01") == ["2014", "county-return"]
    assert listed(client, key="return", known_at="2016-04-30") == []


def test_what_a_release_ships_says_so(operators: Operators) -> None:
    first = operators.reviewer.get(PATH, limit=1).json()["items"][0]
    assert (first["shipped_with"], first["proposed_by"], first["adopted_by"]) == (
        FIRST_TEXTS.proposals[0].shipped_with, "lika", "lika",
    )  # fmt: skip
