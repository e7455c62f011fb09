"""A decision rests on the income per head that was known when it was recorded. What is told later, of the income or of who lived in
common, leaves the decision as it is and becomes a finding (story A of the field: a birth entered on 3 April)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.roles import Role
from services.registry.service import registry
from tests.registry.cases.monitored_households import ABLE_HEAD, compared, noticed_and_reviewed
from tests.registry.households.example_requests import member_body
from tests.registry.households.example_villages import DOCUMENT, Village, act_of, annul, day, done, id_of, step
from tests.support.running import Lika, lika

DECIDED, CORRECTED = "2023-03-20", "2023-04-03"
LI = {
    "wages": "38400", "business": "6000", "property": "0", "transfers": "2160", "business_costs": "4200",
    "insurance_payouts": "5000", "compliant_spending": "20640",
}  # fmt: skip
BY_MONITORING, BY_STATUS = "monitoring_on_other_income", "status_on_other_income"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with lika(
        [registry], module_database, tmp_path_factory.mktemp("lika"), datetime(2023, 3, 21, tzinfo=UTC)
    ) as started:
        yield started


def surveyed(village: Village, home: str, on: str, first: str, last: str, **more: str) -> None:
    period = {"effective_on": on, "period_from": first, "period_to": last}
    done(village.cadre.post(f"{home}/incomes", {**period, **LI, **more}))


def found(village: Village, home: str, rule: str, **asked: str) -> list[dict[str, Any]]:
    answer = village.county_reviewer.get("/registry/findings", subject=id_of(home), rule=rule, **asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def then_and_now(finding: dict[str, Any]) -> tuple[str, str]:
    return finding["values"]["income_then"], finding["values"]["income_now"]


def monitored(village: Village, **more: str) -> str:
    """A household of one, taken in on the income of the twelve months before."""
    begun = day(DECIDED, -6)
    home = village.household("2019-05-20", members=[ABLE_HEAD])
    twelve = {"period": "twelve_months_before", **more}
    surveyed(village, home, "2023-03-06", "2022-03-06", "2023-03-05", **twelve)
    case = compared(village, home, begun)
    noticed_and_reviewed(village, case, begun)
    step(village.decider, case, "decisions", DECIDED, **DOCUMENT)
    step(village.county_reviewer, case, "announcements", DECIDED)
    return home


def test_what_is_told_after_a_decision_is_a_finding_and_leaves_the_decision_as_it_is(running: Lika) -> None:
    village = Village(running)
    by_birth, on_the_day, next_day, by_survey, untouched = (monitored(village) for _ in range(5))
    left = village.household("2016-05-01")
    surveyed(village, left, "2017-02-01", "2016-01-01", "2016-12-31", period="calendar_year")
    village.enrol(left, "2016-06-20")
    village.exit(left, "2017-06-01")
    homes = (by_birth, on_the_day, next_day, by_survey, untouched, left)
    assert [f for home in homes for rule in (BY_MONITORING, BY_STATUS) for f in found(village, home, rule)] == []

    operator = running.client_for("operator-1", "", Role.OPERATOR)
    done(operator.post("/registry/clock/steps", {"to": f"{CORRECTED}T09:00:00+08:00"}))
    # Who is born by the day of the decision lived in common on it; who is born the day after did not.
    for home, born in ((by_birth, "2023-03-09"), (on_the_day, DECIDED), (next_day, day(DECIDED, 1))):
        body = {"effective_on": born, "reason": "birth", "member": member_body("child", 2023)}
        done(village.cadre.post(f"{home}/members", body))
    again = {"period": "twelve_months_before", "wages": "40400"}
    surveyed(village, by_survey, "2023-03-06", "2022-03-06", "2023-03-05", **again)
    # Of another period nothing was decided.
    surveyed(village, untouched, CORRECTED, "2022-04-03", "2023-04-02", **again)
    (finding,) = found(village, by_birth, BY_MONITORING)
    assert then_and_now(finding) == ("26720.00", "13360.00")
    assert finding["values"]["decided_on"] == DECIDED
    assert [(f["state"], f["owner"]["level"], f["due_by"]) for f in (finding,)] == [("open", "county", "2023-05-03")]
    assert "13360.00 元" in finding["zh"]
    assert "13360.00 yuan" in finding["en"]
    assert {fact.rpartition("/")[0] for fact in finding["facts"]} == {f"registry/household-{id_of(by_birth)}"}
    assert [then_and_now(f) for f in found(village, on_the_day, BY_MONITORING)] == [("26720.00", "13360.00")]
    assert [then_and_now(f) for f in found(village, by_survey, BY_MONITORING)] == [("26720.00", "28720.00")]
    assert found(village, next_day, BY_MONITORING) == found(village, untouched, BY_MONITORING) == []
    # Of days before the decision, and as known before it was told, there is none; on its day there is.
    assert [len(found(village, by_birth, BY_MONITORING, as_of=on)) for on in (day(DECIDED, -1), DECIDED)] == [0, 1]
    assert found(village, by_birth, BY_MONITORING, known_at="2023-03-21") == []
    assert village.cadre.get(by_birth).json()["monitoring"]["status"] == "monitored"
    assert [f["rule"] for f in found(village, left, BY_STATUS)] == []

    # The next decision names it until somebody answers or the income is what it was.
    case = village.open_case(village.cadre, by_birth, "risk_elimination", CORRECTED, terms={"manner": "naturally"})
    assert "open_findings" in village.cadre.get(case).json()["flags"]
    done(
        village.county_reviewer.post(f"/registry/findings/{finding['finding_id']}/answers", {"reason": "仍低于监测线"})
    )
    assert "open_findings" not in village.cadre.get(case).json()["flags"]
    surveyed(village, by_survey, "2023-03-06", "2022-03-06", "2023-03-05", period="twelve_months_before")
    assert found(village, by_survey, BY_MONITORING) == []


def test_a_poverty_decision_whose_income_is_no_longer_on_record_is_found_with_what_it_was(running: Lika) -> None:
    village = Village(running)
    homes = [village.household("2016-05-01", members=[member_body("head"), member_body("spouse")]) for _ in range(2)]
    for home in homes:
        surveyed(village, home, "2017-02-01", "2016-01-01", "2016-12-31", period="calendar_year")
        village.enrol(home, "2016-06-20")
        village.exit(home, "2017-06-01")
    gone, less = homes
    done(annul(village.cadre, gone, act_of(village.cadre, gone, "IncomeSurveyed")))
    surveyed(village, less, "2018-01-10", "2016-01-01", "2016-12-31", period="calendar_year", wages="1000")
    assert [then_and_now(f) for f in found(village, gone, BY_STATUS)] == [("21180.00", "")]
    assert "已无登记" in found(village, gone, BY_STATUS)[0]["zh"]
    # Found out later, it is so from that day on; the decision rested on what was known.
    assert [then_and_now(f) for f in found(village, less, BY_STATUS)] == [("21180.00", "2480.00")]
    days = ("2018-01-09", "2018-01-10")
    assert [len(found(village, less, BY_STATUS, as_of=on)) for on in days] == [0, 1]
