"""What is implausible about a household is said when it is entered, listed, answered by whoever is in charge, carried to the
decision, and goes when the facts are mended."""

from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    TOWNSHIP,
    member_body,
    member_ids,
    status_and_code,
    unused_resident_id,
)
from tests.registry.households.example_villages import (
    DOCUMENT,
    TODAY,
    VOTE,
    Village,
    act_of,
    annul,
    done,
    id_of,
    step,
)
from tests.support.running import ApiClient, Lika

REASON = {"reason": "父母双亡，由村委会确认"}
FINDINGS = "/registry/findings"


def head_of(born: int, *others: dict[str, Any]) -> list[dict[str, Any]]:
    return [member_body("head", born, id_number=unused_resident_id(born)), *others]


def enter(village: Village, members: list[dict[str, Any]], on: str = "2018-01-10", **more: Any) -> Any:
    body = {"division": village.code, "effective_on": on, "members": members}
    return village.cadre.post("/registry/households", body, **more)


def codes(answer: Any) -> list[str]:
    return sorted(warning["code"] for warning in answer.json()["warnings"])


def found(who: ApiClient, household: str, **params: str) -> list[dict[str, Any]]:
    answer = who.get(FINDINGS, subject=id_of(household), **params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_entering_it_says_so_and_so_do_the_dry_run_and_the_repetition(village: Village) -> None:
    members = head_of(2013, member_body("child", 2010))
    tried = enter(village, members, params={"dry_run": "true"})
    assert (tried.status_code, tried.json()["refused"]) == (200, [])
    entered = enter(village, members, key="the-same-command")
    again = enter(village, members, key="the-same-command")
    assert [codes(answer) for answer in (tried, entered, again)] == [["generation_gap_too_small", "head_too_young"]] * 3
    assert again.json()["replayed"] is True
    young = next(warning for warning in entered.json()["warnings"] if warning["code"] == "head_too_young")
    assert "2013" in young["zh"]
    assert "16" in young["en"]
    assert {f["finding_id"] for f in found(village.cadre, entered.headers["Location"])} == {
        w["facts"]["finding_id"] for w in entered.json()["warnings"]
    }


def test_what_stood_before_is_not_said_again(village: Village) -> None:
    household = done(enter(village, head_of(2013))).headers["Location"]
    spouse = member_body("spouse", 2014, id_number=unused_resident_id(2014))
    body = {"effective_on": "2018-02-01", "member": spouse, "reason": "overlooked"}
    assert codes(done(village.cadre.post(f"{household}/members", body))) == ["spouse_too_young"]
    survey = {"effective_on": "2018-02-02", "arable_mu": 3}
    assert codes(done(village.cadre.post(f"{household}/surveys", survey))) == []


def test_a_school_stage_that_cannot_be_is_said_when_it_is_surveyed(village: Village) -> None:
    household = done(enter(village, head_of(1971))).headers["Location"]
    (head,) = member_ids(village.cadre, household)
    body = {"effective_on": "2018-02-02", "school_stage": "primary"}
    assert codes(done(village.cadre.post(f"{household}/members/{head}/surveys", body))) == ["too_old_for_school"]


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ([(2013, "head")], "head_too_young"),
        ([(1970, "head"), (1965, "child")], "generation_gap_too_small"),
        ([(1970, "head"), (1975, "parent")], "generation_gap_too_small"),
        ([(1970, "head"), (1881, "parent")], "age_implausible"),
        ([(1970, "head"), (1971, "spouse"), (1972, "spouse")], "several_spouses"),
        ([(1970, "head"), *[(1980, "other")] * 20], "too_many_members"),
    ],
)
def test_each_is_found(village: Village, members: list[tuple[int, str]], rule: str) -> None:
    (born, _), *others = members
    household = enter(village, head_of(born, *(member_body(relation, year) for year, relation in others)))
    assert codes(done(household)) == [rule]
    (finding,) = found(village.cadre, household.headers["Location"])
    assert (finding["rule"], finding["state"], finding["raised_on"]) == (rule, "open", TODAY)
    assert finding["due_by"] > TODAY
    assert all(fact.startswith("registry/household-") for fact in finding["facts"])
    assert len(finding["facts"]) == 1


def test_it_is_told_in_the_numbers_and_offices_that_people_know(village: Village) -> None:
    number = f"X{village.code}0001"
    members = [member_body("head", 2013, id_number=unused_resident_id(2013), national_no=f"{number}-1")]
    body = {"division": village.code, "effective_on": "2018-01-10", "members": members, "national_no": number}
    household = done(village.cadre.post("/registry/households", body)).headers["Location"]
    (finding,) = found(village.cadre, household)
    assert finding["national_no"] == number
    assert f"{number}-1" in finding["zh"]
    assert f"{number}-1" in finding["en"]
    waiting = village.cadre.get("/registry/inbox", kind="waiting", division=village.code).json()["items"]
    (entry,) = [each for each in waiting if each["details"].get("finding_id") == finding["finding_id"]]
    assert entry["national_no"] == number
    assert "乡镇" in entry["refused_by"]["zh"]
    assert "审核人" in entry["refused_by"]["zh"]
    assert (entry["act"]["operation"], entry["act"]["zh"]) == ("answer_finding", "说明核查发现")


def test_they_are_listed_by_how_grave_they_are(village: Village) -> None:
    done(enter(village, head_of(2013)))
    done(enter(village, head_of(1970, member_body("parent", 1881))))
    rules = {
        severity: {f["rule"] for f in village.cadre.get(FINDINGS, severity=severity, limit="200").json()["items"]}
        for severity in ("error", "warning")
    }
    listed = {f["rule"]: f["severity"] for f in village.cadre.get(FINDINGS, limit="200").json()["items"]}
    assert {"head_too_young", "age_implausible"} <= listed.keys()
    assert rules == {each: {rule for rule in listed if listed[rule] == each} for each in ("error", "warning")}


def test_forty_one_members_are_refused(village: Village) -> None:
    answer = enter(village, head_of(1970, *(member_body("other") for _ in range(40))))
    assert answer.status_code == 422


def test_it_is_answered_by_the_office_in_charge_and_a_second_person(running: Lika, village: Village) -> None:
    both = running.client_for(f"both-{village.code}", TOWNSHIP, Role.CADRE, Role.REVIEWER)
    body = {"division": village.code, "effective_on": "2018-01-10", "members": head_of(2013)}
    household = done(both.post("/registry/households", body)).headers["Location"]
    (finding,) = found(both, household)
    answers = f"{FINDINGS}/{finding['finding_id']}/answers"
    assert status_and_code(village.cadre.post(answers, REASON)) == (403, "finding_of_another_office")
    assert status_and_code(both.post(answers, REASON)) == (409, "finding_own_entry")
    elsewhere = running.client_for("reviewer-e", "990001102", Role.REVIEWER)
    assert status_and_code(elsewhere.post(answers, REASON)) == (404, "not_found")
    done(village.township_reviewer.post(answers, REASON))
    (after,) = found(both, household)
    assert (after["state"], after["answer"]) == ("answered", {"on": TODAY, "by": "reviewer-t"})
    assert found(both, household, state="open") == []
    assert status_and_code(village.township_reviewer.post(answers, REASON)) == (409, "finding_answered_already")


def test_an_answer_holds_until_what_it_rests_on_is_another(village: Village) -> None:
    household = done(enter(village, head_of(2013))).headers["Location"]
    (finding,) = found(village.cadre, household)
    done(village.township_reviewer.post(f"{FINDINGS}/{finding['finding_id']}/answers", REASON))
    (head,) = member_ids(village.cadre, household)

    def record_again(born: int, number: str) -> dict[str, Any]:
        members = [member_body("head", born, person_id=head, id_number=number)]
        body = {"division": village.code, "effective_on": "2018-01-10", "members": members}
        done(village.cadre.post(f"{household}/recordings", body))
        (again,) = found(village.cadre, household)
        assert again["finding_id"] == finding["finding_id"]
        return again

    other = record_again(2012, unused_resident_id(2012))
    assert (other["state"], other["values"]) == ("open", {"birth_year": "2012"})
    # It went and came again: what was said of it then was said of other facts.
    back = record_again(2013, unused_resident_id(2013))
    assert (back["state"], back["values"]) == ("open", {"birth_year": "2013"})


def test_it_goes_when_the_facts_are_mended_and_its_history_stays(village: Village) -> None:
    household = done(enter(village, head_of(1970, member_body("spouse", 1971)))).headers["Location"]
    spouse = member_body("spouse", 1972, id_number=unused_resident_id(1972))
    body = {"effective_on": "2018-02-01", "member": spouse, "reason": "overlooked"}
    done(village.cadre.post(f"{household}/members", body))
    (finding,) = found(village.cadre, household)
    assert (finding["severity"], finding["valid_from"], len(finding["about"])) == ("error", "2018-02-01", 2)
    assert found(village.cadre, household, as_of="2018-01-31") == []
    done(annul(village.cadre, household, act_of(village.cadre, household, "MemberJoined")))
    assert found(village.cadre, household) == []
    (cleared,) = found(village.cadre, household, state="cleared")
    assert (cleared["finding_id"], cleared["state"], cleared["facts"]) == (
        finding["finding_id"], "cleared", finding["facts"],
    )  # fmt: skip
    one = village.cadre.get(f"{FINDINGS}/{finding['finding_id']}").json()
    assert one["state"] == "cleared"
    answers = f"{FINDINGS}/{finding['finding_id']}/answers"
    assert status_and_code(village.township_reviewer.post(answers, REASON)) == (409, "finding_not_standing")


def test_a_decision_names_what_nobody_answered(village: Village) -> None:
    """The case's steps show it, lists flag it, and the fact of the decision holds it for good."""
    household = done(enter(village, head_of(2013, member_body("other", 1880)))).headers["Location"]
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    steps = village.cadre.get(f"{case}/steps").json()
    assert [f["rule"] for f in steps["findings"]] == ["age_implausible", "head_too_young"]
    assert steps["findings"][1]["zh"].startswith("户主")
    assert "open_findings" in village.cadre.get(case).json()["flags"]
    listed = village.cadre.get("/registry/cases", division=village.code, exceptions_first="true").json()["items"]
    assert "open_findings" in listed[0]["flags"]
    (young,) = found(village.cadre, household, rule="head_too_young")
    done(village.township_reviewer.post(f"{FINDINGS}/{young['finding_id']}/answers", REASON))
    step(village.cadre, case, "visits", "2018-02-01", confirmed=True)
    step(village.cadre, case, "appraisals", "2018-02-01", **VOTE)
    step(village.cadre, case, "notices", "2018-02-01")
    step(village.township_reviewer, case, "reviews", "2018-02-09", outcome="passed")
    step(village.township, case, "notices", "2018-02-09")
    step(village.county_reviewer, case, "comparisons", "2018-02-17", clean=True, departments=["民政局"])
    tried = village.decider.post(f"{case}/decisions", {"on": "2018-02-18", **DOCUMENT}, params={"dry_run": "true"})
    step(village.decider, case, "decisions", "2018-02-18", **DOCUMENT)
    decided = next(f for f in tried.json()["would_record"] if f["type"] == "CaseDecided")
    (named,) = decided["fields"]["findings"]
    assert (named["rule"], named["limits"]) == ("age_implausible", [{"name": "max_age", "value": "110"}])


def test_it_waits_in_the_inbox_of_whoever_is_in_charge(village: Village) -> None:
    household = done(enter(village, head_of(2013))).headers["Location"]
    (finding,) = found(village.cadre, household)

    def entries(who: ApiClient) -> list[tuple[str, bool]]:
        items = who.get("/registry/inbox", division=village.code).json()["items"]
        return [(e["kind"], e["may"]) for e in items if e["id"] == finding["finding_id"]]

    assert entries(village.township_reviewer) == [("due", True)]
    assert entries(village.cadre) == [("waiting", False)]
    counted = village.township_reviewer.get("/registry/inbox/counts", division=village.code).json()["counts"]
    assert counted["due"] == 1
    done(village.township_reviewer.post(f"{FINDINGS}/{finding['finding_id']}/answers", REASON))
    assert entries(village.township_reviewer) == []


def test_as_known_before_it_was_entered_there_was_nothing(village: Village) -> None:
    household = done(enter(village, head_of(2013))).headers["Location"]
    assert len(found(village.cadre, household, as_of="2018-02-01")) == 1
    assert found(village.cadre, household, as_of="2018-02-01", known_at="2018-05-31") == []


def test_a_day_that_nobody_has_worked_out_yet_is_refused_and_not_answered_with_what_holds_until_then(
    village: Village,
) -> None:
    """A pupil is fit for the stage next year, and too old for it in ten: a list without that finding would be wrong."""
    pupil = member_body("child", 2010, school_stage="primary")
    household = enter(village, head_of(1975, pupil)).headers["Location"]
    assert found(village.cadre, household, as_of="2019-12-31") == []
    for path in (FINDINGS, f"{FINDINGS}/{id_of(household)}"):
        late = village.cadre.get(path, as_of="2020-01-01")
        assert (status_and_code(late), late.json()["facts"]) == (
            (422, "finding_day_too_late"),
            {"latest": "2019-12-31"},
        )
