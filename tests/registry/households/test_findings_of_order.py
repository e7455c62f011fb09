"""What is recorded comes to the same in whatever order it is entered, over HTTP: nobody is counted twice, and nothing that
was annulled is out of reach."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.registry.service import registry
from tests.registry.households.example_requests import (
    TOWNSHIP,
    household_body,
    member_body,
    member_ids,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.running import ApiClient, Lika, lika

TODAY = "2018-06-01"
MINUTES = [{"sha256": "0" * 64, "kind": "minutes", "name": "民主评议记录"}]
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENT = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组〔2018〕3号", "signer": "组长"}
_villages = count(301)


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        step = {"to": f"{TODAY}T09:00:00+08:00"}
        assert started.client_for("operator", "", Role.OPERATOR).post("/registry/clock/steps", step).status_code == 201
        yield started


class Village:
    """A village of its own, and the offices above it."""

    def __init__(self, running: Lika) -> None:
        self.code = f"{TOWNSHIP}{next(_villages)}"
        body = {"code": self.code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        done(running.client_for("operator", "", Role.OPERATOR).post("/registry/divisions", body))
        self.cadre = running.client_for(f"cadre-{self.code}", self.code, Role.CADRE)
        self.township = running.client_for("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = running.client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county_reviewer = running.client_for("reviewer-c", TOWNSHIP[:6], Role.REVIEWER)
        self.decider = running.client_for("decider-c", TOWNSHIP[:6], Role.DECIDER)

    def household(self, on: str, **more: Any) -> str:
        body = household_body(self.code, **{"effective_on": on, **more})
        return str(done(self.cadre.post("/registry/households", body)).headers["Location"])

    def totals(self, as_of: str, **params: str) -> dict[str, tuple[int, int]]:
        found = self.cadre.get("/registry/totals", as_of=as_of, **params).json()["by_status"]
        return {status: (figures["households"], figures["persons"]) for status, figures in found.items()}

    def split(self, household: str, on: str, *persons: str, **more: Any) -> str:
        body = {"effective_on": on, "person_ids": persons, "head": persons[0], **more}
        return str(done(self.cadre.post(f"{household}/splits", body)).headers["Location"])

    def join(self, household: str, person: str, resident_id: str, on: str, **more: Any) -> Any:
        member = member_body("other", id_number=resident_id)
        body = {"effective_on": on, "person_id": person, "member": member, "reason": "marriage", **more}
        return self.cadre.post(f"{household}/members", body)

    def leave(self, household: str, person: str, on: str) -> None:
        body = {"effective_on": on, "reason": "marriage"}
        done(self.cadre.post(f"{household}/members/{person}/departures", body))

    def open_case(self, who: ApiClient, household: str, procedure: str, on: str) -> str:
        body = {"household_id": id_of(household), "procedure": procedure, "on": on, "grounds": "情况属实"}
        return str(done(who.post("/registry/cases", body)).headers["Location"])

    def enrol(self, household: str, decided_on: str) -> None:
        begun, reviewed = day(decided_on, -17), day(decided_on, -9)
        case = self.open_case(self.cadre, household, "identification", begun)
        step(self.cadre, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "notices", begun)
        step(self.township_reviewer, case, "reviews", reviewed, outcome="passed")
        step(self.township, case, "notices", reviewed)
        step(self.county_reviewer, case, "comparisons", day(decided_on, -1), clean=True, departments=["民政局"])
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)
        step(self.county_reviewer, case, "announcements", decided_on)

    def exit(self, household: str, decided_on: str) -> None:
        begun = day(decided_on, -9)
        case = self.open_case(self.cadre, household, "exit", begun)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "consents", begun, agreed=True)
        step(self.cadre, case, "notices", begun)
        step(self.township_reviewer, case, "reviews", day(decided_on, -1), outcome="passed")
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)
        step(self.county_reviewer, case, "announcements", decided_on)

    def remove(self, household: str, decided_on: str) -> None:
        """Effective from the wrongful entry."""
        begun = day(decided_on, -9)
        case = self.open_case(self.township, household, "look_back_removal", begun)
        step(self.township, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "notices", begun)
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)


@pytest.fixture
def village(running: Lika) -> Village:
    return Village(running)


def done(answer: Any) -> Any:
    assert answer.status_code == 201, answer.text
    return answer


def day(on: str, off: int) -> str:
    return (date.fromisoformat(on) + timedelta(off)).isoformat()


def step(who: ApiClient, case: str, path: str, on: str, **body: Any) -> None:
    done(who.post(f"{case}/{path}", {"on": on, **body}))


def id_of(location: str) -> str:
    return location.rpartition("/")[2]


def facts_of(who: ApiClient, household: str) -> list[dict[str, Any]]:
    answer = who.get(f"{household}/facts")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def act_of(who: ApiClient, household: str, kind: str) -> str:
    """The latest act that recorded a fact of this type."""
    return str([fact["act"] for fact in facts_of(who, household) if fact["type"] == kind][-1])


def annul(who: ApiClient, household: str, *acts: str, key: str | None = None) -> Any:
    """Annul acts, or restore them where they annulled others."""
    body = {"effective_on": TODAY, "acts": acts, "reason": "录入有误"}
    return who.post(f"{household}/corrections", body, key=key)


def in_order(order: Sequence[int], *acts: Callable[[], object]) -> None:
    for number in order:
        acts[number]()


EITHER_ORDER = pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first", "late"])


@EITHER_ORDER
def test_an_approval_before_a_split_registers_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    in_order(
        order,
        lambda: village.enrol(household, "2018-02-18"),
        lambda: village.split(household, "2018-04-01", spouse, child),
    )
    assert village.totals("2018-02-17") == {"candidate": (1, 3)}
    assert village.totals("2018-03-31") == {"registered": (1, 3)}
    assert village.totals("2018-04-01") == {"registered": (2, 3)}


@EITHER_ORDER
def test_an_exit_before_a_split_is_the_exit_of_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    village.enrol(household, "2017-02-18")
    in_order(
        order,
        lambda: village.exit(household, "2017-09-10"),
        lambda: village.split(household, "2017-10-01", spouse, child),
    )
    assert village.totals("2017-09-09") == {"registered": (1, 3)}
    assert village.totals("2017-09-30") == {"exited": (1, 3)}
    assert village.totals("2017-10-01") == {"exited": (2, 3)}


@EITHER_ORDER
def test_a_move_before_a_split_takes_the_new_household_along(
    running: Lika, village: Village, order: tuple[int, ...]
) -> None:
    there = Village(running)
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    move = {"effective_on": "2017-09-01", "from_division": village.code, "to_division": there.code}
    split = {"effective_on": "2017-10-01", "person_ids": [spouse, child], "head": spouse}
    in_order(
        order,
        lambda: done(village.township.post(f"{household}/moves", move)),
        lambda: done(village.township.post(f"{household}/splits", split)),
    )
    assert (village.totals("2017-08-31"), village.totals("2017-10-01")) == ({"candidate": (1, 3)}, {})
    assert (there.totals("2017-08-31"), there.totals("2017-10-01")) == ({}, {"candidate": (2, 3)})


@EITHER_ORDER
def test_a_removal_from_before_a_split_removes_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    village.enrol(household, "2017-02-18")
    in_order(
        order,
        lambda: village.remove(household, "2018-03-01"),
        lambda: village.split(household, "2017-10-01", spouse, child),
    )
    assert village.totals("2017-02-17") == {"candidate": (1, 3)}
    assert village.totals("2017-09-30") == {"removed": (1, 3)}
    assert village.totals("2017-10-01") == {"removed": (2, 3)}


class Two:
    """A of three persons since 2017-01-10, one of whom (P) has an ID number, and B of one person since 2016-01-10."""

    def __init__(self, village: Village) -> None:
        self.number = unused_resident_id()
        people = [member_body("head"), member_body("spouse"), member_body("child", id_number=self.number)]
        self.a = village.household("2017-01-10", members=people)
        self.b = village.household("2016-01-10", members=[member_body("head")])
        self.person = member_ids(village.cadre, self.a)[2]


def test_a_person_joins_no_household_on_days_spent_in_another(village: Village) -> None:
    two = Two(village)
    village.leave(two.a, two.person, "2018-02-01")
    refused = village.join(two.b, two.person, two.number, "2017-11-01")
    assert status_and_code(refused) == (409, "member_of_another_household")
    assert "2017-01-10" in refused.text
    assert "2018-02-01" in refused.text
    assert village.totals("2017-12-31") == {"candidate": (2, 4)}
    done(village.join(two.b, two.person, two.number, "2018-02-01"))
    assert village.totals("2018-01-31") == village.totals("2018-02-01") == {"candidate": (2, 4)}


def test_a_late_entry_ends_at_what_follows(village: Village) -> None:
    two = Two(village)
    early = "2016-11-01"
    assert status_and_code(village.join(two.b, two.person, two.number, early)) == (409, "member_of_another_household")
    done(village.join(two.b, two.person, two.number, early, left_on="2017-01-10", left_for="moved_away"))
    assert village.totals("2016-12-31") == {"candidate": (1, 2)}
    assert village.totals("2017-01-10") == {"candidate": (2, 4)}


def test_a_former_leave_is_not_annulled_while_the_person_lives_elsewhere(village: Village) -> None:
    two = Two(village)
    village.leave(two.a, two.person, "2018-02-01")
    done(village.join(two.b, two.person, two.number, "2018-02-01"))
    leave = act_of(village.cadre, two.a, "MemberLeft")
    assert status_and_code(annul(village.cadre, two.a, leave)) == (409, "member_of_another_household")
    done(annul(village.cadre, two.b, act_of(village.cadre, two.b, "MemberJoined")))
    done(annul(village.cadre, two.a, leave))
    assert village.totals(TODAY) == {"candidate": (2, 4)}


def test_a_household_whose_first_act_is_annulled_stays_readable_and_is_restored(village: Village) -> None:
    household = village.household("2018-01-10")
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    page = village.cadre.get(household)
    assert (page.status_code, page.json()["status"], page.json()["members"]) == (200, None, [])
    recorded, annulment = facts_of(village.cadre, household)
    assert (recorded["annulled_by"], annulment["type"]) == (annulment["id"], "FactsAnnulled")
    assert village.totals(TODAY) == {}
    done(annul(village.cadre, household, annulment["act"]))
    assert village.cadre.get(household).json()["status"] == "candidate"
    assert village.totals(TODAY) == {"candidate": (1, 3)}


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ("people", "id_number_on_register"),
        ("number", "household_no_on_register"),
    ],
)
def test_what_an_annulled_first_act_held_is_free_and_restoring_it_is_refused_while_another_holds_it(
    village: Village, again: str, code: str
) -> None:
    number, people = str(uuid4())[:8], [member_body("head", id_number=unused_resident_id())]
    household = village.household("2018-01-10", national_no=number, members=people)
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    anew = {"members": people} if again == "people" else {"national_no": number}
    other = village.household("2018-01-10", **anew)
    annulment = act_of(village.cadre, household, "FactsAnnulled")
    assert status_and_code(annul(village.cadre, household, annulment)) == (409, code)
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(annul(village.cadre, household, annulment))
    assert village.totals(TODAY) == {"candidate": (1, 1)}


def test_an_open_case_of_a_household_none_of_whose_facts_stands_is_withdrawn(village: Village) -> None:
    household = village.household("2018-01-10")
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    further = village.cadre.post(f"{case}/visits", {"on": "2018-02-01", "confirmed": True})
    assert status_and_code(further) == (409, "household_not_yet_recorded")
    step(village.cadre, case, "withdrawals", "2018-02-02")
    assert village.cadre.get(case).json()["outcome"] == "withdrawn"


@pytest.mark.parametrize("params", [{"as_of": "9999-12-31"}, {"known_at": "2018-W01-1"}])
def test_days_that_nobody_can_ask_about_are_refused(village: Village, params: dict[str, str]) -> None:
    household = village.household("2018-01-10")
    for path in (household, "/registry/households", "/registry/totals"):
        assert status_and_code(village.cadre.get(path, **params)) == (422, "malformed"), path


def test_just_before_midnight_an_acknowledged_household_is_found(database: Callable[[str], str], tmp_path: Any) -> None:
    last_tick = datetime(2014, 6, 1, 15, 59, 59, 999_999, tzinfo=UTC)
    with lika([registry], database, tmp_path, last_tick) as running:
        village = Village(running)
        for persons in (1, 2):
            people = [member_body("head"), *[member_body("child") for _ in range(1, persons)]]
            household = village.household("2014-05-20", members=people)
            assert village.cadre.get(household).status_code == 200
        assert village.totals("2014-06-01") == {"candidate": (2, 3)}
        assert len(village.cadre.get("/registry/households").json()["items"]) == 2


def test_a_first_recording_is_corrected_in_place(running: Lika, village: Village) -> None:
    there = Village(running)
    household = village.household("2018-01-10")
    persons = member_ids(village.cadre, household)
    birth = {"effective_on": "2018-03-01", "member": member_body("grandchild", 2018), "reason": "birth"}
    done(village.cadre.post(f"{household}/members", birth))
    members = [
        member_body("head", person_id=persons[0]),
        member_body("spouse", 1971, sex="female", person_id=persons[1]),
        member_body("child", 2004, person_id=persons[2]),
    ]
    body = {"division": there.code, "effective_on": "2018-01-05", "members": members}
    done(village.township.post(f"{household}/recordings", body))
    first = village.township.get(household, as_of="2018-01-05").json()
    assert (first["division"], first["members"][1]["birth_year"]) == (there.code, 1971)
    assert (village.totals("2018-01-10"), there.totals("2018-01-05")) == ({}, {"candidate": (1, 3)})
    assert there.totals(TODAY) == {"candidate": (1, 4)}
    assert [m["person_id"] for m in village.township.get(household).json()["members"]][:3] == persons
    kinds = [fact["type"] for fact in facts_of(village.township, household)]
    assert kinds == ["HouseholdRecorded", "MemberJoined", "HouseholdRecorded"]


def test_a_split_is_corrected_in_place(village: Village) -> None:
    household = village.household("2018-01-10")
    head, spouse, child = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", spouse, child)
    assert village.split(household, "2018-03-01", child, corrects=id_of(new)) == new
    assert sorted(member_ids(village.cadre, household)) == sorted([head, spouse])
    assert member_ids(village.cadre, new) == [child]
    assert village.totals("2018-02-28") == {"candidate": (1, 3)}
    assert village.totals("2018-03-01") == village.totals(TODAY) == {"candidate": (2, 3)}


def test_a_split_undone_brings_its_people_home_and_restored_takes_them_out_again(village: Village) -> None:
    household = village.household("2018-01-10")
    persons = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", *persons[1:])
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdSplit")))
    assert sorted(member_ids(village.cadre, household)) == sorted(persons)
    assert village.cadre.get(new).json()["status"] is None
    assert village.totals(TODAY) == {"candidate": (1, 3)}
    done(annul(village.cadre, new, act_of(village.cadre, new, "FactsAnnulled")))
    assert (member_ids(village.cadre, household), member_ids(village.cadre, new)) == (persons[:1], persons[1:])
    assert village.totals(TODAY) == {"candidate": (2, 3)}


def test_a_correction_clicked_twice_is_one(village: Village) -> None:
    household = village.household("2018-01-10")
    done(village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-01", "attribute": "five_guarantees"}))
    act, key = act_of(village.cadre, household, "HouseholdSurveyed"), str(uuid4())
    first, second = (done(annul(village.cadre, household, act, key=key)).json() for _ in range(2))
    assert (first["replayed"], second["replayed"]) == (False, True)
    assert first["position"] == second["position"]
    kinds = [fact["type"] for fact in facts_of(village.cadre, household)]
    assert kinds == ["HouseholdRecorded", "HouseholdSurveyed", "FactsAnnulled"]


def test_a_former_village_sees_and_restores_the_facts_of_its_time_and_no_later_ones(
    running: Lika, village: Village
) -> None:
    there = Village(running)
    household = village.household("2018-01-10")
    done(village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-01", "attribute": "five_guarantees"}))
    move = {"effective_on": "2018-03-01", "from_division": village.code, "to_division": there.code}
    done(village.township.post(f"{household}/moves", move))
    done(there.cadre.post(f"{household}/surveys", {"effective_on": "2018-04-01", "attribute": "general_poor"}))
    early, late = (f["act"] for f in facts_of(there.cadre, household) if f["type"] == "HouseholdSurveyed")
    done(annul(there.cadre, household, early))

    seen = facts_of(village.cadre, household)
    assert [fact["type"] for fact in seen] == ["HouseholdRecorded", "HouseholdSurveyed", "FactsAnnulled"]
    assert village.cadre.get(household).status_code == 404
    assert village.cadre.get(household, as_of="2018-02-28").json()["attribute"] == "general_poor"
    assert status_and_code(annul(village.cadre, household, late)) == (404, "not_found")
    another = village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-02", "attribute": "general_poor"})
    assert status_and_code(another) == (404, "not_found")

    done(annul(village.cadre, household, seen[-1]["act"]))
    assert village.cadre.get(household, as_of="2018-02-28").json()["attribute"] == "five_guarantees"
    assert village.cadre.get("/registry/households").json()["items"] == []
