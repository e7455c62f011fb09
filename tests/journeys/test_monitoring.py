"""A village in March 2023: a household that exited falls into hardship and is taken in as a monitored object, over HTTP, on a
simulated clock; the figures of both statuses, as known before and after."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.casework.cases import VisitMade
from contracts.roles import Role
from services.assistance.service import assistance
from services.audit.service import audit
from services.monitoring.service import monitoring
from services.registry.service import registry
from tests.registry.households.example_villages import DOCUMENT, MINUTES, VOTE, Village, done, id_of, step
from tests.support.running import ApiClient, Lika, lika

SIGNED = [{"kind": "authorisation", "held_on_paper": True}]
SOURCES = ("vehicles", "property", "businesses", "public_payroll")
OPENED, NOON = "2023-03-06", "2023-03-20"
INCOME = {
    "effective_on": OPENED, "period_from": "2022-03-06", "period_to": "2023-03-05", "period": "twelve_months_before",
    "wages": "38400", "business": "6000", "property": "0", "transfers": "2160", "business_costs": "4200",
    "insurance_payouts": "5000", "compliant_spending": "20640",
}  # fmt: skip


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("lika")
    with lika(
        [registry, assistance, monitoring, audit], module_database, folder, datetime(2018, 1, 1, tzinfo=UTC)
    ) as started:
        done(
            started.client_for("operator-1", "", Role.OPERATOR).post(
                "/registry/clock/steps", {"to": "2020-06-01T09:00:00+08:00"}
            )
        )
        yield started


def advance(running: Lika, day: str) -> None:
    step_to = {"to": f"{day}T09:00:00+08:00"}
    done(running.client_for("operator-1", "", Role.OPERATOR).post("/registry/clock/steps", step_to))


def household(village: Village, persons: int) -> tuple[str, list[str]]:
    """Adults: a head, a spouse and others; the last of four is a child."""
    adults = [
        {"name": "某人", "sex": "male", "birth_year": 1970 + n, "relation": relation, "labour_skill": "ordinary"}
        for n, relation in enumerate(("head", "spouse", "other")[: min(persons, 3)])
    ]
    child = [{"name": "某人", "sex": "female", "birth_year": 2012, "relation": "child"}] * (persons - len(adults))
    location = village.household("2018-02-01", members=[*adults, *child])
    members = village.cadre.get(location).json()["members"]
    return location, [m["person_id"] for m in members if m["birth_year"] < 2000]


def monitored(who: ApiClient, as_of: str, known_at: str) -> tuple[int, int]:
    answer = who.get("/registry/monitoring-totals", as_of=as_of, known_at=known_at).json()["by_status"]["monitored"]
    return answer["households"], answer["persons"]


def income_of(village: Village, location: str, **asked: str) -> tuple[str, str, int]:
    (figures,) = village.cadre.get(location, **asked).json()["incomes"]
    return figures["per_head"], figures["reference_per_head"], figures["persons"]


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def authorise(village: Village, location: str, persons: list[str], on: str, **more: str) -> None:
    for person in persons:
        form = {"effective_on": on, "evidence": SIGNED, **more}
        done(village.cadre.post(f"{location}/members/{person}/authorisations", form))


def include(village: Village, location: str, case: str, adults: list[str], on: str) -> None:
    """From the visit to the decision, all steps but the notice on the same day."""
    results = [{"person_id": p, "source": s, "result": "unmatched"} for p in adults for s in SOURCES]
    step(village.cadre, case, "visits", on, confirmed=True)
    authorise(village, location, adults, on)
    step(village.cadre, case, "appraisals", on, **VOTE)
    step(village.cadre, case, "notices", on)
    step(village.county_reviewer, case, "comparisons", on, clean=True, departments=["不动产登记中心"], results=results)


def comes_down(village: Village, case: str) -> None:
    """Its notice hung until the 16th, an objection having stood for two days, and is to come down within three days, with a photo: on the
    20th the village's office is told that it hangs still, also of a case that has ended."""

    def notice() -> dict[str, Any]:
        steps = village.cadre.get(f"{case}/steps").json()["steps"]
        (found,) = (each["notice"] for each in steps if each["notice"] is not None)
        return dict(found)

    def told(who: ApiClient) -> list[dict[str, Any]]:
        entries = who.get("/registry/inbox", kind="overdue").json()["items"]
        return [each["act"] for each in entries if each["id"] == f"{id_of(case)}.taking_down"]

    hangs = notice()
    assert (hangs["audience"], hangs["shows"]) == ("village", ["household_no", "head", "persons"])
    assert [hangs[day] for day in ("posted_on", "last_day", "take_down_by", "taken_down_on")] == [
        "2023-03-09", "2023-03-16", "2023-03-19", None,
    ]  # fmt: skip
    (act,) = told(village.cadre)
    assert (act["path"], act["form"]["step"]) == (f"{case}/takings-down", "village_notice")
    assert told(village.township_reviewer) == []
    down = {"on": NOON, "step": "village_notice", "evidence": [{"kind": "notice_photo", "held_on_paper": True}]}
    for wrong, code in (
        ({"evidence": []}, (409, "paper_missing")),
        ({"on": "2023-03-16"}, (409, "notice_still_runs")),
        ({"step": "township_notice"}, (409, "no_notice_to_take_down")),
    ):
        assert code_of(village.cadre.post(act["path"], {**down, **wrong})) == code
    assert code_of(village.township_reviewer.post(act["path"], down)) == (403, "office_not_allowed")
    done(village.cadre.post(act["path"], {**down, "on": "2023-03-17"}))
    assert (notice()["taken_down_on"], told(village.cadre)) == ("2023-03-17", [])
    assert code_of(village.cadre.post(act["path"], down)) == (409, "no_notice_to_take_down")


def test_a_household_that_exited_is_monitored_after_fourteen_days_and_both_answers_stay(running: Lika) -> None:
    village = Village(running)
    li, adults = household(village, 4)
    others = [household(village, 3) for _ in range(3)]
    village.enrol(li, "2018-04-01")
    village.exit(li, "2019-11-20")
    advance(running, "2023-01-10")
    for location, of_other in others:
        terms = {"kind": "marginal", "risks": ["illness"]}
        case = village.open_case(village.cadre, location, "monitoring_inclusion", "2023-01-02", terms=terms)
        include(village, location, case, of_other, "2023-01-02")
        step(village.township_reviewer, case, "reviews", "2023-01-08", outcome="passed")
        step(village.decider, case, "decisions", "2023-01-09", **DOCUMENT)
        step(village.county_reviewer, case, "announcements", "2023-01-09")
    poor = village.totals("2023-01-10")

    advance(running, OPENED)
    ask = {"terms": {"kind": "marginal", "risks": ["illness"]}}
    refused = village.ask_to_open_case(village.cadre, li, "monitoring_inclusion", OPENED, **ask)
    assert code_of(refused) == (409, "monitoring_kind_not_of_status")
    terms = {"kind": "unstable_exited", "risks": ["illness"]}
    case = village.open_case(village.cadre, li, "monitoring_inclusion", OPENED, terms=terms)
    assert village.cadre.get(case).json()["due_by"] == "2023-03-21"

    done(village.cadre.post(f"{li}/incomes", INCOME))
    assert income_of(village, li, as_of=OPENED) == ("10590.00", "6680.00", 4)
    # Sent twice, as from a village without a network: one fact.
    visit, sent = {"on": OPENED, "confirmed": True}, "visit-of-li-on-the-sixth"
    answers = [done(village.cadre.post(f"{case}/visits", visit, key=sent)) for _ in range(2)]
    assert [answer.json()["replayed"] for answer in answers] == [False, True]
    recorded = running.services["registry"].store.stream(f"case-{id_of(case)}")
    assert [type(each.fact) for each in recorded].count(VisitMade) == 1
    authorise(village, li, adults[:1], OPENED)
    authorise(village, li, adults[1:2], OPENED, valid_until="2023-03-07")
    advance(running, "2023-03-09")
    results = [
        {"person_id": p, "source": s, "result": "ambiguous" if (p, s) == (adults[2], "vehicles") else "unmatched"}
        for p in adults
        for s in SOURCES
    ]
    compared = {"on": "2023-03-08", "clean": True, "departments": ["车辆管理所"], "results": results}
    # The appraisal waits for nobody: it runs beside the comparison.
    step(village.cadre, case, "appraisals", "2023-03-08", **VOTE)
    step(village.cadre, case, "notices", "2023-03-09")
    refused = village.county_reviewer.post(f"{case}/comparisons", compared)
    assert code_of(refused) == (409, "authorisation_missing")
    assert refused.json()["facts"]["persons"] == sorted(adults[1:])
    # On the last day of a validity it still counts.
    refused = village.county_reviewer.post(f"{case}/comparisons", {**compared, "on": "2023-03-07"})
    assert refused.json()["facts"]["persons"] == adults[2:]
    asked = refused.json()["next"][0]
    assert (asked["act"], asked["path"]) == ("enter_authorisation", f"{li}/members/{adults[2]}/authorisations")
    authorise(village, li, adults[1:], "2023-03-08")
    refusal = {"effective_on": "2023-03-08"}
    done(village.cadre.post(f"{li}/members/{adults[2]}/authorisation-refusals", refusal))
    assert code_of(village.county_reviewer.post(f"{case}/comparisons", compared)) == (409, "authorisation_missing")
    authorise(village, li, adults[2:], "2023-03-08")
    missing = {**compared, "results": results[1:]}
    assert code_of(village.county_reviewer.post(f"{case}/comparisons", missing)) == (409, "comparison_incomplete")
    done(village.county_reviewer.post(f"{case}/comparisons", compared))

    advance(running, "2023-03-13")
    step(village.cadre, case, "objections", "2023-03-11", text="有异议")
    step(village.township, case, "objections/1/resolutions", "2023-03-13", upheld=False, finding="查无此事")
    assert village.cadre.get(case).json()["due_by"] == "2023-03-23"
    advance(running, "2023-03-16")
    review = {"on": "2023-03-16", "outcome": "passed"}
    assert code_of(village.township_reviewer.post(f"{case}/reviews", review)) == (409, "notice_not_over")

    advance(running, NOON)
    step(village.township_reviewer, case, "reviews", "2023-03-17", outcome="passed")
    assert monitored(village.cadre, NOON, NOON) == (3, 9)
    step(village.decider, case, "decisions", NOON, **DOCUMENT)
    assert monitored(village.cadre, NOON, NOON) == (4, 13)
    assert monitored(village.cadre, "2023-03-19", NOON) == (3, 9)
    assert village.totals(NOON) == poor
    state = village.cadre.get(li).json()
    assert (state["status"], state["monitoring"]["kind"]) == ("exited", "unstable_exited")
    step(village.county_reviewer, case, "announcements", NOON)
    comes_down(village, case)
    alert = {"on": NOON, "division": village.code, "household_id": id_of(li), "department": "health",
             "item": "severe_illness", "reference": "WJ-2023-17"}  # fmt: skip
    told = {"on": NOON, "answer": "already_monitored", "explanation": "已纳入监测"}
    receipt = done(village.cadre.post("/registry/clues/alerts", alert)).headers["Location"]
    clue = village.cadre.get(receipt).json()["clue_id"]
    done(village.cadre.post(f"/registry/clues/{clue}/answers", told))

    # As it was known by the 19th, and as known now, for the same day; in the register and in the independent copy.
    assert [monitored(village.cadre, NOON, known) for known in ("2023-03-19", NOON)] == [(3, 9), (4, 13)]
    auditor = running.client_for("auditor-1", village.code, Role.AUDITOR)
    asked = {"division": village.code, "from": 2023, "to": 2023}
    before, after = (
        auditor.get("/audit/monitoring-statements", known_at=known, **asked).json()["rows"][0]
        for known in ("2023-03-19", NOON)
    )
    assert [(row["closing"]["households"], row["closing"]["persons"]) for row in (before, after)] == [(3, 9), (4, 13)]
    assert after["difference"] == {"households": 0, "persons": 0}
    (unstable,) = auditor.get("/audit/monitoring-statements", kind="unstable_exited", **asked).json()["rows"]
    assert unstable["started"] == {"households": 1, "persons": 4}
    assert [item["household"] for item in auditor.get(
        "/audit/movements", period=2023, column="started", stock="monitoring", kind="unstable_exited", division=village.code
    ).json()["items"]] == [id_of(li)]  # fmt: skip

    # A birth of the 9th, told in April: what the decision was made on stays as it was known then.
    advance(running, "2023-04-03")
    baby = {"name": "某人", "sex": "female", "birth_year": 2023, "relation": "grandchild"}
    done(village.cadre.post(f"{li}/members", {"effective_on": "2023-03-09", "reason": "birth", "member": baby}))
    known = ("2023-03-31", "2023-04-03")
    assert [monitored(village.cadre, "2023-03-31", by) for by in known] == [(4, 13), (4, 14)]
    assert [income_of(village, li, as_of=NOON, known_at=by)[1:] for by in (NOON, *known)] == [
        ("6680.00", 4), ("6680.00", 4), ("5344.00", 5),
    ]  # fmt: skip
    (other,) = village.county_reviewer.get(
        "/registry/findings", subject=id_of(li), rule="monitoring_on_other_income"
    ).json()["items"]
    assert (other["values"]["income_then"], other["values"]["income_now"]) == ("6680.00", "5344.00")

    # Half a year in principle: the day before a reason is asked for, on the day none.
    advance(running, "2023-09-20")
    early = {"terms": {"manner": "by_help"}}
    refused = village.ask_to_open_case(village.cadre, li, "risk_elimination", "2023-09-19", **early)
    assert code_of(refused) == (409, "early_elimination_without_reason")
    case = village.open_case(village.cadre, li, "risk_elimination", "2023-09-20", **early)
    advance(running, "2023-10-01")
    step(village.cadre, case, "visits", "2023-09-20", confirmed=True)
    step(village.cadre, case, "appraisals", "2023-09-20", **VOTE)
    step(village.cadre, case, "notices", "2023-09-20")
    step(village.township_reviewer, case, "reviews", "2023-09-26", outcome="passed")
    step(village.decider, case, "decisions", "2023-09-27", **DOCUMENT)
    assert monitored(village.cadre, "2023-09-27", "2023-10-01") == (3, 9)
    step(village.county_reviewer, case, "announcements", "2023-09-27")

    # The mark was unsound: undone from its day on. What was known before stays.
    case = village.open_case(village.township, li, "elimination_withdrawal", "2023-09-28")
    step(village.township, case, "visits", "2023-09-28", confirmed=True)
    step(
        village.cadre,
        case,
        "appraisals",
        "2023-09-28",
        evidence=MINUTES,
        **{k: v for k, v in VOTE.items() if k != "evidence"},
    )
    step(village.cadre, case, "notices", "2023-09-28")
    advance(running, "2023-10-08")
    step(village.decider, case, "decisions", "2023-10-08", **DOCUMENT)
    assert [monitored(village.cadre, "2023-09-30", known) for known in ("2023-10-07", "2023-10-08")] == [
        (3, 9),
        (4, 14),
    ]

    # An early mark has a reason, and the county looks into it; one that was applied for early and decided when due is none.
    for (location, _), opened_on, decided_on in (
        (others[0], "2023-03-20", "2023-03-27"),
        (others[1], "2023-07-03", "2023-07-10"),
    ):
        early = {"terms": {"manner": "by_help", "early_reason": "risk_resolved"}}
        case = village.open_case(village.cadre, location, "risk_elimination", opened_on, **early)
        step(village.cadre, case, "visits", opened_on, confirmed=True)
        step(village.cadre, case, "appraisals", opened_on, **VOTE)
        step(village.cadre, case, "notices", opened_on)
        step(village.township_reviewer, case, "reviews", decided_on, outcome="passed")
        step(village.decider, case, "decisions", decided_on, **DOCUMENT)
    found = village.county_reviewer.get("/registry/findings", division=village.code, rule="eliminated_early").json()
    assert [item["subject"] for item in found["items"]] == [id_of(others[0][0])]
