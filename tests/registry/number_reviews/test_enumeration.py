"""The attack: a village cadre tries ID numbers, half of which people of another county hold. What is seen in every answer that the
cadre can get tells the two halves apart no better than a coin, until the office above has decided."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log2
from typing import Any

import pytest

from contracts.roles import Role
from services.chassis.log.session import Session
from tests.registry.enrolments.schooling import education_of
from tests.registry.households.example_requests import (
    ANOTHER_COUNTY,
    VILLAGE,
    household_body,
    member_body,
    member_ids,
    record_household,
    registry_with_villages,
    unused_resident_id,
)
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import head_line, household_line, post_workbook, workbook_bytes
from tests.registry.rosters import books
from tests.support.running import ApiClient, Lika

NUMBERS = 3
IDS = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VARIES = frozenset({"position", "recorded_at", "batch_id", "known_at"})
"""Fields that differ from request to request, whatever is asked."""

Seen = dict[str, list[tuple[bool, str]]]
"""Where something was seen → of each number: whether it is taken, and what was seen."""

UNLIKE = ("lika-position", "lika-request", "content-length", "location")
"""Headers of which no two answers have the same."""


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-trying", VILLAGE, Role.CADRE)


@pytest.fixture
def elsewhere(running: Lika) -> ApiClient:
    return running.client_for("cadre-there", ANOTHER_COUNTY, Role.CADRE)


def information(seen: Sequence[tuple[bool, str]]) -> float:
    """Mutual information, in bits, between what was seen and whether the number is taken."""
    both, of_what, of_taken = Counter(seen), Counter(what for _, what in seen), Counter(taken for taken, _ in seen)
    count = len(seen)
    return sum(n / count * log2(n * count / (of_what[what] * of_taken[taken])) for (taken, what), n in both.items())


def rate_of_guesses(seen: Sequence[tuple[bool, str]]) -> float:
    """How often the best guess from what was seen is right."""
    by_what: dict[str, Counter[bool]] = defaultdict(Counter)
    for taken, what in seen:
        by_what[what][taken] += 1
    return sum(max(counts.values()) for counts in by_what.values()) / len(seen)


def shown(value: Any, number: str) -> str:
    """An answer without ids, and without what is another in each."""
    return IDS.sub("#", json.dumps(_stable(value), ensure_ascii=False, sort_keys=True)).replace(number, "№")


def _stable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _stable(each) for name, each in value.items() if name not in VARIES}
    return [_stable(each) for each in value] if isinstance(value, list) else value


def answer_of(answer: Any, number: str) -> str:
    headers = {n: v for n, v in answer.headers.items() if n not in UNLIKE}
    return f"{answer.status_code} {shown(answer.json(), number)} {shown(headers, number)}"


def test_the_measures_tell_what_is_told_apart_from_what_is_not() -> None:
    assert information([(True, "a"), (False, "b")] * 4) == 1.0
    assert information([(True, "a"), (False, "a")] * 4) == 0.0
    assert (rate_of_guesses([(True, "a"), (False, "b")]), rate_of_guesses([(True, "a"), (False, "a")])) == (1.0, 0.5)


def test_what_a_cadre_sees_of_numbers_says_nothing_about_who_holds_them_elsewhere(
    running: Lika, cadre: ApiClient, elsewhere: ApiClient
) -> None:
    tried = [(taken, unused_resident_id()) for taken in (True, False) for _ in range(NUMBERS)]
    random.Random(39).shuffle(tried)
    for taken, number in tried:
        if taken:
            record_household(elsewhere, ANOTHER_COUNTY, members=[member_body("head", id_number=number)])
    # The first facts of a type cost questions of their own, whoever they are about; that a dry run was made is one, too.
    record_household(cadre)
    for _ in range(2):
        assert cadre.post("/registry/households", household_body(), params={"dry_run": True}).status_code == 200
    seen: Seen = defaultdict(list)
    asks = count_asks()
    assert len(list(restoring(running, cadre, None, asks))) == 4
    city = running.client_for("reviewer-city", "9900", Role.REVIEWER)
    for place, (taken, number) in enumerate(tried):
        for where, what in observations(running, cadre, number, f"E{100 + place}", asks):
            seen[where].append((taken, what))
        for where, what in restoring(running, cadre, elsewhere if taken else None, asks):
            seen[where].append((taken, what))
        in_review = len(city.get("/registry/number-reviews").json()["items"])
        seen["in the city's review"].append((taken, str(in_review > 2 * sum(t for t, _ in tried[:place]))))
    control = seen.pop("in the city's review")
    assert (information(control), rate_of_guesses(control)) == (1.0, 1.0)
    assert len(seen) > 12
    told = {where: (information(what), rate_of_guesses(what)) for where, what in seen.items()}
    assert told == dict.fromkeys(seen, (0.0, 0.5)), {where: seen[where] for where in seen if told[where] != (0.0, 0.5)}


def observations(
    running: Lika, cadre: ApiClient, number: str, household_no: str, asks: Counter[str]
) -> Iterator[tuple[str, str]]:
    def post(where: str, path: str, body: dict[str, Any], **params: Any) -> tuple[str, str]:
        asks.clear()
        answer = cadre.post(path, body, params=params)
        counted = f" {sum(asks.values())} asked" if params else ""
        return where, answer_of(answer, number).replace(household_no, "E") + counted

    def get(where: str, path: str, **params: Any) -> tuple[str, str]:
        return where, answer_of(cadre.get(path, **params), number).replace(household_no, "E")

    store, dry = running.services["registry"].store, {"dry_run": True}
    before = store.head().position
    body = household_body(members=[member_body("head", id_number=number)], national_no=household_no)
    yield post("the dry run", "/registry/households", body, **dry)
    totals, inbox = persons(cadre), waiting(cadre)
    answer = cadre.post("/registry/households", body)
    yield "the recording", answer_of(answer, number)
    yield "its position", str(answer.json()["position"]["registry"] - before)
    here = answer.headers["Location"]
    yield "the totals", str(persons(cadre) - totals)
    yield get("the household", here)
    yield get("its facts", f"{here}/facts")
    yield get("the list", "/registry/households", national_no=household_no)
    yield get("findings", "/registry/findings", household_id=here.rpartition("/")[2])
    yield "the inbox", str(waiting(cadre) - inbox)
    yield post("a search", "/registry/searches", {"id_number": number, "purpose": "case"})
    yield post("the number again", "/registry/households", {**body, "national_no": None}, **dry)
    (person,) = member_ids(cadre, here)
    same = household_body(members=[member_body("head", id_number=number, person_id=person)], national_no=household_no)
    yield post("a correction", f"{here}/recordings", same)
    other = {**same, "members": [member_body("head", id_number=unused_resident_id(), person_id=person)]}
    yield "another number", str(cadre.post(f"{here}/recordings", other, params=dry).json()["refused"])
    joining = {
        "effective_on": "2014-05-21", "reason": "marriage", "person_id": person,
        "member": member_body("other", id_number=number),
    }  # fmt: skip
    neighbour = record_household(cadre)
    yield post("a join elsewhere", f"{neighbour}/members", joining, **dry)
    case = {
        "subject": here.rpartition("/")[2],
        "procedure": "identification",
        "on": "2014-05-25",
        "grounds": "情况属实",
    }
    yield post("a case", "/registry/cases", case)
    act = cadre.get(f"{here}/facts").json()[-1]["act"]
    yield post(
        "an annulment", f"{here}/corrections", {"effective_on": "2014-05-20", "acts": [act], "reason": "录错"}, **dry
    )
    yield "what the log holds", str(store.head().position - before)


def restoring(
    running: Lika, cadre: ApiClient, taker: ApiClient | None, asks: Counter[str]
) -> Iterator[tuple[str, str]]:
    """An entry of a free number is annulled, and restored when somebody elsewhere may have taken the number meanwhile."""
    number = unused_resident_id()
    here = record_household(cadre, members=[member_body("head", id_number=number)])
    corrections, body = f"{here}/corrections", {"effective_on": "2014-05-20", "reason": "录错"}
    assert cadre.post(corrections, {**body, "acts": [cadre.get(f"{here}/facts").json()[0]["act"]]}).status_code == 201
    if taker is not None:
        record_household(taker, ANOTHER_COUNTY, members=[member_body("head", id_number=number)])
    undo = {**body, "acts": [cadre.get(f"{here}/facts").json()[-1]["act"]]}
    asks.clear()
    tried = cadre.post(corrections, undo, params={"dry_run": True})
    yield "the restoration, dry", f"{answer_of(tried, number)} {sum(asks.values())} asked"
    before = running.services["registry"].store.head().position
    restored = cadre.post(corrections, undo)
    yield "the restoration", answer_of(restored, number)
    yield "its position", str(restored.json()["position"]["registry"] - before)
    yield "the restored household", answer_of(cadre.get(here), number)


def waiting(cadre: ApiClient) -> int:
    return sum(cadre.get("/registry/inbox/counts").json()["counts"].values())


def persons(cadre: ApiClient) -> int:
    by_status = cadre.get("/registry/totals").json()["by_status"]
    return sum(int(figures["persons"]) for figures in by_status.values())


_asked: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def counted_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question that a session asks the database beyond what was fetched for it."""
    ask = Session._ask

    def counting(self: Session, *args: Any) -> Any:
        _asked[str(args[0])] += 1
        return ask(self, *args)

    monkeypatch.setattr(Session, "_ask", counting)


def count_asks() -> Counter[str]:
    return _asked


def test_workbooks_tell_no_more(running: Lika, cadre: ApiClient, elsewhere: ApiClient) -> None:
    education = education_of(running, VILLAGE)
    seen: Seen = defaultdict(list)
    for place in range(2):
        taken, number = place % 2 == 0, resident_id_of("19700315", str(101 + 2 * place))
        if taken:
            record_household(elsewhere, ANOTHER_COUNTY, members=[member_body("head", id_number=number)])
        book = workbook_bytes([household_line(f"W{100 + place}")], [head_line(f"W{100 + place}", 101 + 2 * place)])
        again = workbook_bytes(
            [household_line(f"W{100 + place}", address="某组 4 号")], [head_line(f"W{100 + place}", 101 + 2 * place)]
        )
        copied = workbook_bytes([household_line(f"V{100 + place}")], [head_line(f"V{100 + place}", 101 + 2 * place)])
        for where, file, dry in (
            ("the dry run", book, True), ("the import", book, False), ("an update", again, False),
            ("the number in another household", copied, False),
        ):  # fmt: skip
            body = post_workbook(cadre, file, dry_run=dry).json()
            kept = {n: v for n, v in body.items() if n not in ("file_sha256", "location", "evidence")}
            seen[where].append((taken, shown(kept, number).replace(str(100 + place), "n")))
        roster = books.book(books.line(number, "1234567890"))
        answer = education.post("/registry/rosters/workbooks", content=roster, params={"dry_run": True}).json()
        seen["a school's roster"].append((taken, shown([error["code"] for error in answer["errors"]], number)))
    told = {where: (information(what), rate_of_guesses(what)) for where, what in seen.items()}
    assert told == dict.fromkeys(seen, (0.0, 0.5)), seen
