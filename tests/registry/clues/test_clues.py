"""How monitoring begins: a clue is received with a receipt, accepted or refused in time, and ends in a case or with an answer."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.clues.reported_clues import NAMED, TOLD, accepted, clue_of, report
from tests.registry.households.example_requests import TOWNSHIP, member_body, status_and_code
from tests.registry.households.example_villages import TODAY, Village, done, id_of, registry_of_2018
from tests.support.running import ApiClient, Lika

NOT_FOUND = (404, "not_found")


def entries(who: ApiClient) -> list[tuple[str, str, bool]]:
    found = who.get("/registry/inbox").json()["items"]
    return [(e["kind"], e["act"]["operation"], e["may"]) for e in found if "clue_id" in e["details"]]


def test_whoever_reports_has_a_receipt_at_once_that_says_nothing_of_them(here: Village) -> None:
    receipt = report(here.cadre, here)
    assert re.fullmatch(r"/registry/clue-receipts/990001-20180601-[0-9A-Z]{8}", receipt)
    status = here.cadre.get(receipt).json()
    assert (status["state"], status["received_on"], status["accept_by"], status["end_by"]) == (
        "received", "2018-06-01", "2018-06-03", "2018-06-06",
    )  # fmt: skip
    for answer in (here.cadre.get(receipt), here.cadre.get(clue_of(here.cadre, receipt))):
        assert not any(text in answer.text for text in NAMED.values())


def test_it_goes_to_the_village_and_the_office_that_gave_the_receipt_reads_no_more_than_that(
    running: Lika, here: Village, there: Village
) -> None:
    receipt, elsewhere = report(there.cadre, here), Village(running)
    clue = clue_of(there.cadre, receipt)
    assert status_and_code(there.cadre.get(clue)) == NOT_FOUND
    assert status_and_code(there.cadre.post(f"{clue}/acceptances", {"on": TODAY})) == NOT_FOUND
    assert there.cadre.get("/registry/clues").json()["items"] == []
    assert status_and_code(elsewhere.cadre.get(receipt)) == NOT_FOUND
    assert entries(here.cadre) == [("due", "accept_clue", True)]
    assert entries(there.cadre) == []


def test_a_household_on_record_is_named_by_those_who_may_see_it_alone(here: Village, there: Village) -> None:
    household = id_of(here.household("2018-01-10", members=[member_body("head")]))
    body = {"on": TODAY, "division": here.code, "channel": "app", "household_id": household}
    assert status_and_code(there.cadre.post("/registry/clues/self-reports", body)) == NOT_FOUND
    wrong = {**body, "division": there.code}
    assert status_and_code(here.township.post("/registry/clues/self-reports", wrong)) == (
        409,
        "clue_household_elsewhere",
    )
    done(here.cadre.post("/registry/clues/self-reports", body))


def test_a_report_is_accepted_before_anything_else_and_once(here: Village) -> None:
    clue = clue_of(here.cadre, report(here.cadre, here))
    answered = here.cadre.post(f"{clue}/answers", {"on": TODAY, "answer": "not_qualified", **TOLD})
    assert status_and_code(answered) == (409, "clue_not_accepted")
    assert [step["act"] for step in answered.json()["next"]] == ["accept_clue", "refuse_clue"]
    assert status_and_code(here.cadre.post(f"{clue}/acceptances", {"on": "2018-05-31"})) == (409, "day_before_clue")
    assert status_and_code(here.cadre.post(f"{clue}/acceptances", {"on": "2018-06-02"})) == (409, "future_day")
    done(here.cadre.post(f"{clue}/acceptances", {"on": TODAY}))
    again = here.cadre.post(f"{clue}/acceptances", {"on": TODAY})
    assert status_and_code(again) == (409, "clue_accepted_already")
    assert [step["act"] for step in again.json()["next"]] == ["answer_clue", "forward_clue"]


def test_a_refused_report_has_ended_with_its_reason(here: Village) -> None:
    receipt = report(here.cadre, here)
    clue = clue_of(here.cadre, receipt)
    done(here.cadre.post(f"{clue}/refusals", {"on": TODAY, "reason": "not_rural", **TOLD}))
    status = here.cadre.get(receipt).json()
    assert (status["state"], status["refused_for"], status["ended_on"]) == ("refused", "not_rural", TODAY)
    assert status_and_code(here.cadre.post(f"{clue}/acceptances", {"on": TODAY})) == (409, "clue_ended")
    assert entries(here.cadre) == []


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("rounds", {}), ("screenings", {}),
        ("alerts", {"department": "health", "item": "medical_expenses", "reference": "WJ-2018-17"}),
    ],
)  # fmt: skip
def test_what_officials_found_needs_no_acceptance(here: Village, path: str, more: dict[str, str]) -> None:
    body = {"on": TODAY, "division": here.code, **NAMED, **more}
    clue = clue_of(
        here.county_reviewer, done(here.county_reviewer.post(f"/registry/clues/{path}", body)).headers["Location"]
    )
    found = here.cadre.get(clue).json()
    assert (found["state"], found["accept_by"], found["accepted_on"], found["department"]) == (
        "accepted", None, TODAY, more.get("department"),
    )  # fmt: skip
    assert entries(here.cadre) == [("due", "record_clue_household", True)]


def test_an_accepted_clue_leads_to_the_recording_of_its_household_and_to_a_case(running: Lika, here: Village) -> None:
    clue = accepted(here)
    opening = {"procedure": "identification", "on": TODAY, "grounds": "情况属实", "clue_id": id_of(clue)}
    other = here.household("2018-01-10", members=[member_body("head")])
    refused = here.cadre.post("/registry/cases", {**opening, "subject": id_of(other)})
    assert status_and_code(refused) == (409, "clue_household_unknown")
    assert [step["act"] for step in refused.json()["next"]] == ["identify_clue_household", "record_clue_household"]
    body = {"division": here.code, "effective_on": TODAY, "members": [member_body("head")]}
    household = done(here.cadre.post(f"{clue}/households", body)).headers["Location"]
    (recorded,) = running.services["registry"].store.stream(f"household-{id_of(household)}")
    assert recorded.fact.caused_by == f"registry/clue-{id_of(clue)}/1"
    assert entries(here.cadre) == [("due", "open_case", True)]
    assert status_and_code(here.cadre.post("/registry/cases", {**opening, "subject": id_of(other)})) == (
        409, "clue_of_another_household",
    )  # fmt: skip
    case = done(here.cadre.post("/registry/cases", {**opening, "subject": id_of(household)})).headers["Location"]
    found = here.cadre.get(clue).json()
    assert (found["state"], found["case_id"], found["household_id"]) == ("taken_up", id_of(case), id_of(household))
    assert entries(here.cadre) == []


def test_after_a_withdrawn_case_another_takes_the_clue_up(here: Village) -> None:
    household = id_of(here.household("2018-01-10", members=[member_body("head")]))
    clue = accepted(here, household_id=household)
    opening = {"procedure": "identification", "on": TODAY, "grounds": "情况属实", "clue_id": id_of(clue)}
    first = done(here.cadre.post("/registry/cases", {**opening, "subject": household})).headers["Location"]
    assert status_and_code(here.cadre.post(f"{clue}/answers", {"on": TODAY, "answer": "withdrawn", **TOLD})) == (
        409, "clue_ended",
    )  # fmt: skip
    done(here.cadre.post(f"{first}/withdrawals", {"on": TODAY}))
    second = done(here.cadre.post("/registry/cases", {**opening, "subject": household})).headers["Location"]
    assert here.cadre.get(clue).json()["case_id"] == id_of(second)


def test_a_case_does_not_begin_before_its_clue(here: Village) -> None:
    household = id_of(here.household("2018-01-10", members=[member_body("head")]))
    clue = accepted(here, household_id=household)
    opening = {"procedure": "identification", "grounds": "情况属实", "clue_id": id_of(clue), "subject": household}
    assert status_and_code(here.cadre.post("/registry/cases", {**opening, "on": "2018-05-31"})) == (
        409,
        "day_before_clue",
    )
    done(here.cadre.post("/registry/cases", {**opening, "on": TODAY}))


def test_a_clue_goes_on_in_the_right_village_and_is_gone_from_the_other(here: Village, there: Village) -> None:
    receipt = report(here.cadre, here)
    clue = clue_of(here.cadre, receipt)
    same = here.cadre.post(f"{clue}/forwardings", {"on": TODAY, "to_division": here.code})
    assert status_and_code(same) == (409, "clue_in_that_village")
    done(here.cadre.post(f"{clue}/forwardings", {"on": TODAY, "to_division": there.code}))
    assert status_and_code(here.cadre.get(clue)) == NOT_FOUND
    assert here.cadre.get(receipt).json()["state"] == "received"  # it gave the receipt
    assert there.cadre.get(clue).json()["accept_by"] == "2018-06-03"  # nobody waits longer for it
    assert entries(there.cadre) == [("due", "accept_clue", True)]


def test_a_household_in_another_village_is_recorded_there(here: Village, there: Village) -> None:
    clue = accepted(here)
    body = {"division": there.code, "effective_on": TODAY, "members": [member_body("head")]}
    refused = here.township.post(f"{clue}/households", body)
    assert status_and_code(refused) == (409, "clue_household_elsewhere")
    assert refused.json()["next"][0]["form"] == {"to_division": there.code}


def test_each_answer_has_what_it_needs(here: Village, there: Village) -> None:
    original, elsewhere = accepted(here), accepted(there)

    def ask(clue: str, answer: str, **more: str) -> Any:
        return here.cadre.post(f"{clue}/answers", {"on": TODAY, "answer": answer, **TOLD, **more})

    clue = accepted(here)
    assert status_and_code(ask(clue, "duplicate")) == (422, "clue_duplicate_not_named")
    assert status_and_code(ask(clue, "elsewhere", duplicate_of=id_of(original))) == (422, "clue_duplicate_not_named")
    for wrong in (clue, elsewhere):
        assert status_and_code(ask(clue, "duplicate", duplicate_of=id_of(wrong))) == (409, "clue_not_its_original")
    unknown = ask(clue, "already_monitored")
    assert status_and_code(unknown) == (409, "clue_household_unknown")
    done(here.cadre.post(f"{clue}/identifications", {"on": TODAY, "household_id": id_of(here.household("2018-01-10"))}))
    assert status_and_code(ask(clue, "already_monitored")) == (409, "clue_household_not_monitored")
    done(ask(clue, "duplicate", duplicate_of=id_of(original)))
    third = accepted(here)
    assert status_and_code(ask(third, "duplicate", duplicate_of=id_of(clue))) == (409, "clue_not_its_original")
    for answer, answered in (("not_qualified", third), ("elsewhere", original), ("withdrawn", accepted(here))):
        done(ask(answered, answer))
        assert here.cadre.get(answered).json()["answer"] == answer


def test_who_reported_may_withdraw_before_it_is_accepted(here: Village) -> None:
    clue = clue_of(here.cadre, report(here.cadre, here))
    done(here.cadre.post(f"{clue}/answers", {"on": TODAY, "answer": "withdrawn", **TOLD}))
    assert here.cadre.get(clue).json()["state"] == "answered"


def test_whom_to_visit_is_read_for_a_purpose_and_on_record(here: Village, there: Village) -> None:
    clue = accepted(here)
    assert status_and_code(there.cadre.post(f"{clue}/disclosures", {"purpose": "case"})) == NOT_FOUND
    assert status_and_code(here.cadre.post(f"{clue}/disclosures", {"purpose": "audit"})) == (403, "purpose_not_allowed")
    key = "disclosure-of-a-clue"
    said = here.cadre.post(f"{clue}/disclosures", {"purpose": "case"}, key=key).json()
    assert {name: said[name] for name in NAMED} == NAMED
    assert here.cadre.post(f"{clue}/disclosures", {"purpose": "case"}, key=key).json()["name"] is None


def test_a_clue_names_one_household_and_needs_rules_in_force(here: Village) -> None:
    body = {"on": TODAY, "division": here.code, "channel": "office"}
    assert here.cadre.post("/registry/clues/self-reports", body).status_code == 422
    early = here.cadre.post("/registry/clues/self-reports", {**body, **NAMED, "on": "2013-12-31"})
    assert status_and_code(early) == (409, "clues_not_handled_then")
    done(here.cadre.post("/registry/clues/self-reports", {**body, **NAMED, "on": "2014-01-01"}))


def test_what_is_not_done_in_time_is_overdue_and_shown_to_one_office_above_after_another(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with registry_of_2018(database, tmp_path) as running:
        here = Village(running)
        clue = clue_of(here.cadre, report(here.cadre, here))
        county = running.client_for("reviewer-c", TOWNSHIP[:6], Role.REVIEWER)
        city = running.client_for("reviewer-city", TOWNSHIP[:4], Role.REVIEWER)
        operator = running.client_for("operator-1", "", Role.OPERATOR)

        def kinds_on(day: str) -> list[str]:
            done(operator.post("/registry/clock/steps", {"to": f"{day}T10:00:00+08:00"}))
            return kinds()

        def kinds() -> list[str]:
            return [entries(office)[0][0] for office in (here.cadre, here.township, county, city)]

        assert kinds_on("2018-06-03") == ["due", "waiting", "waiting", "waiting"]
        assert kinds_on("2018-06-04") == ["overdue", "escalated", "waiting", "waiting"]
        assert kinds_on("2018-06-06") == ["overdue", "escalated", "escalated", "waiting"]
        assert [c["clue_id"] for c in county.get("/registry/clues", overdue="true").json()["items"]] == [id_of(clue)]
        done(here.cadre.post(f"{clue}/acceptances", {"on": "2018-06-03"}))
        assert here.cadre.get(clue).json()["late_acceptance"] is False
        assert kinds() == ["due", "waiting", "waiting", "waiting"]
        assert kinds_on("2018-06-07") == ["overdue", "escalated", "waiting", "waiting"]
        done(here.cadre.post(f"{clue}/answers", {"on": "2018-06-07", "answer": "not_qualified", **TOLD}))
        assert here.cadre.get(clue).json()["late_ending"] is True
        assert entries(county) == []
