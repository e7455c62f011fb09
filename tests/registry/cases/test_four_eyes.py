"""Nobody approves what rests on their own hand: what they recorded, surveyed, imported or posted, here or under another
account of theirs, or about the household that this one split off from."""

from collections.abc import Callable, Iterator

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    TOWNSHIP,
    household_body,
    member_body,
    member_ids,
    status_and_code,
)
from tests.registry.households.example_villages import VOTE, Village, done, registry_of_2018, step
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import head_line, household_line, import_workbook, workbook_bytes
from tests.registry.lifecycle.record_cases import Records
from tests.support.running import Lika

OWN_ENTRY = (409, "approves_own_entry")
REVIEW = {"on": "2018-02-09", "outcome": "passed"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_of_2018(module_database, tmp_path_factory.mktemp("lika")) as started:
        open_history_import(started)
        yield started


def noticed_case(village: Village, household: str) -> str:
    """A case whose notice is over, waiting for the township's review."""
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "notices", "2018-02-01")
    return case


def one_person(running: Lika, *accounts: str) -> None:
    """The staff directory says so."""
    person = {"name": "张某", "accounts": accounts, "effective_on": "2018-01-01"}
    done(running.client_for("operator-p", "99", Role.OPERATOR).post("/registry/staff", person))


def test_whoever_recorded_the_household_does_not_review_it(running: Lika, village: Village) -> None:
    recorder = running.client_for("recorder", TOWNSHIP, Role.CADRE, Role.REVIEWER)
    body = household_body(village.code, effective_on="2018-01-10")
    household = str(done(recorder.post("/registry/households", body)).headers["Location"])
    case = noticed_case(village, household)
    assert status_and_code(recorder.post(f"{case}/reviews", REVIEW)) == OWN_ENTRY
    done(village.township_reviewer.post(f"{case}/reviews", REVIEW))


def test_whoever_surveyed_the_household_does_not_review_it(running: Lika, village: Village) -> None:
    household = village.household("2018-01-10")
    surveyor = running.client_for("surveyor", TOWNSHIP, Role.CADRE, Role.REVIEWER)
    done(surveyor.post(f"{household}/surveys", {"effective_on": "2018-01-20", "arable_mu": 1}))
    case = noticed_case(village, household)
    assert status_and_code(surveyor.post(f"{case}/reviews", REVIEW)) == OWN_ENTRY


def test_the_other_account_of_the_same_person_is_no_second_person(running: Lika, village: Village) -> None:
    one_person(running, "wang5", "w.five")
    household = village.household("2018-01-10")
    surveyor = running.client_for("wang5", TOWNSHIP, Role.CADRE)
    done(surveyor.post(f"{household}/surveys", {"effective_on": "2018-01-20", "arable_mu": 1}))
    case = noticed_case(village, household)
    other = running.client_for("w.five", TOWNSHIP, Role.REVIEWER)
    assert status_and_code(other.post(f"{case}/reviews", REVIEW)) == OWN_ENTRY
    (due,) = [s for s in other.get(f"{case}/steps").json()["steps"] if s["key"] == "township_review"]
    assert due["may"] is False
    done(running.client_for("w.six", TOWNSHIP, Role.REVIEWER).post(f"{case}/reviews", REVIEW))


def test_whoever_posted_a_notice_does_not_hear_the_objection_from_another_office(
    running: Lika, village: Village
) -> None:
    one_person(running, "zhao6", "z.six")
    case = village.open_case(village.cadre, village.household("2018-01-10"), "identification", "2018-02-01")
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    poster = running.client_for("zhao6", village.code, Role.CADRE)
    step(poster, case, "notices", "2018-02-01")
    step(village.cadre, case, "objections", "2018-02-03", text="收入不实")
    resolution = {"on": "2018-02-05", "upheld": False, "finding": "不属实"}
    for account in ("zhao6", "ZHAO6", "z.six"):
        in_township = running.client_for(account, TOWNSHIP, Role.CADRE)
        assert status_and_code(in_township.post(f"{case}/objections/1/resolutions", resolution)) == OWN_ENTRY
    done(village.township.post(f"{case}/objections/1/resolutions", resolution))


def test_what_was_surveyed_before_a_split_counts_for_the_new_household(running: Lika, village: Village) -> None:
    household = village.household("2018-01-10")
    surveyor = running.client_for("surveyor-2", TOWNSHIP, Role.CADRE, Role.REVIEWER)
    done(surveyor.post(f"{household}/surveys", {"effective_on": "2018-01-12", "arable_mu": 1}))
    new = village.split(household, "2018-01-20", member_ids(village.cadre, household)[1])
    case = noticed_case(village, new)
    assert status_and_code(surveyor.post(f"{case}/reviews", REVIEW)) == OWN_ENTRY


def test_whoever_imported_a_status_does_not_approve_its_change(running: Lika, village: Village) -> None:
    """Of the household nothing else is theirs: it was recorded by the village."""
    member = head_line("Z1", 901)
    body = {"division": village.code, "effective_on": "2017-01-10", "national_no": "Z1"}
    head = member_body("head", name=member["name"], id_number=member["id_number"])
    done(village.cadre.post("/registry/households", {**body, "members": [head]}))
    event = {"household_no": "Z1", "event": "识别", "effective_on": "2017-02", "source_recorded_on": "2017-12-30"}
    line = household_line("Z1", division=village.code, surveyed_on="2018-01-15")
    importer = ApprovedImporter(running)
    assert import_workbook(importer, workbook_bytes([line], [member], [event]))["updated"] == 1
    (found,) = village.cadre.get("/registry/households", national_no="Z1").json()["items"]
    case = village.open_case(village.cadre, f"/registry/households/{found['household_id']}", "exit", "2018-02-01")
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "consents", "2018-02-01", agreed=True)
    step(village.cadre, case, "notices", "2018-02-01")
    same = running.client_for("history-importer", TOWNSHIP, Role.REVIEWER)
    assert status_and_code(same.post(f"{case}/reviews", REVIEW)) == OWN_ENTRY
    done(village.township_reviewer.post(f"{case}/reviews", REVIEW))


def test_who_decided_a_merge_decides_the_next_one_too(village: Village) -> None:
    first, second, third = (village.household("2016-01-10") for _ in range(3))
    for ending, going_on, on in ((first, second, "2017-05-01"), (second, third, "2017-06-01")):
        relations = dict.fromkeys(member_ids(village.cadre, ending), "other")
        done(Records(village).merge(ending, going_on, on, **relations))


def test_who_decided_the_look_back_of_a_household_decides_about_those_that_split_off(village: Village) -> None:
    parent = village.household("2016-01-10")
    village.enrol(parent, "2016-02-18")
    child = village.split(parent, "2016-03-01", member_ids(village.cadre, parent)[1])
    village.exit(child, "2017-01-01")
    village.remove(parent, "2018-01-01")
    village.enrol(child, "2018-03-01")
    assert village.cadre.get(child).json()["status"] == "registered"
