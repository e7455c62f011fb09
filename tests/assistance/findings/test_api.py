"""A helper with more households than one can help: said at entry, listed, answered by the county, gone when they are fewer."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.assistance.pairing import HelperAssigned, HelperReleased, PairingFactsAnnulled, ReleaseReason
from contracts.roles import Role
from services.assistance.findings.domain import CheckedHelper, now_of, periods_of
from services.assistance.findings.feed import HelperFindingsView
from services.assistance.pairs.domain import helper_id
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family, assistance_harness
from tests.assistance.pairs.helped_households import helpers
from tests.support.helper_forms import helper_form, successor_form
from tests.support.recorded import recorded

MOST = 10


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), "2014-06-01") as started:
        yield started


def enrolled(harness: AssistanceHarness, count: int) -> list[Family]:
    families = [Family.new() for _ in range(count)]
    harness.record(*(f for each in families for f in (each.recorded("2014-01-05"), each.enrolled("2014-06-01"))))
    return families


def assign(harness: AssistanceHarness, family: Family, **more: Any) -> Any:
    answer = harness.cadre.post("/assistance/pairs", {**helper_form(family.household, "2014-06-01"), **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["warnings"]


def require_rebuilt_alike(harness: AssistanceHarness) -> None:
    service = harness.running.services["assistance"]
    (view,) = (v for v in service.views if v.name == "findings")
    assert isinstance(view, HelperFindingsView)
    conninfo = service.environment.conninfo("assistance")
    with WorkerPool(1) as workers:
        report = Rebuild(conninfo, "assistance", "assistance", view, workers, lambda *_: None).run(confirmed=False)
    assert (report.compared, report.differences.rows, report.subjects) == ("compared", 0, 1)


def test_the_eleventh_household_is_said_at_entry_stands_until_answered_and_goes_with_the_household(
    harness: AssistanceHarness,
) -> None:
    county = harness.running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
    families = enrolled(harness, MOST + 1)
    assert [assign(harness, family) for family in families[:MOST]] == [[]] * MOST
    assert harness.get("/findings", county)["items"] == []
    (warning,) = assign(harness, families[MOST])
    assert (warning["code"], warning["facts"]["subject"]) == ("too_many_households", str(helper_id("staff-1")))
    (found,) = harness.get("/findings", county)["items"]
    assert (found["values"], found["limits"], found["household_id"]) == ({"count": "11"}, {"most": "10"}, None)
    assert (found["state"], found["finding_id"]) == ("open", warning["facts"]["finding_id"])
    assert len(found["facts"]) == MOST + 1
    assert [e["act"]["operation"] for e in harness.get("/inbox", county)["items"]].count("answer_finding") == 1
    require_rebuilt_alike(harness)
    path = f"/findings/{found['finding_id']}"
    township = harness.running.client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
    assert harness.refused(township, f"{path}/answers", {"reason": "两人同住一村"})[0] in (403, 404)
    harness.post(county, f"{path}/answers", {"reason": "两村相邻，均已走访"})
    assert harness.get(path, county)["state"] == "answered"
    pair = helpers(harness, families[0].household)[0]
    successions = f"/pairs/{pair['subject']}/{pair['number']}/successions"
    harness.post(harness.cadre, successions, successor_form("2014-06-01", "staff-2"))
    assert harness.get(path, county)["state"] == "cleared"
    assert harness.get("/findings", county)["items"] == []


def test_a_second_helper_counts_for_both_and_who_hands_over_is_not_counted_any_longer(
    harness: AssistanceHarness,
) -> None:
    county = harness.running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
    families = enrolled(harness, MOST + 1)
    for family in families:
        assign(harness, family, helper="staff-3")
    for family in families[:MOST]:
        assign(harness, family, helper="staff-4", additional=True)
    assert [f["subject"] for f in harness.get("/findings", county)["items"]] == [str(helper_id("staff-3"))]


def test_how_many_households_somebody_helps_is_known_for_every_day_as_known_at_any_instant() -> None:
    one, two = uuid4(), uuid4()
    common: dict[str, Any] = {"entered_by": "cadre-1"}
    told = (
        HelperAssigned(household_id=one, effective_on=date(2014, 1, 1), helper="staff-1", unit="某局", **common),
        HelperAssigned(household_id=two, effective_on=date(2014, 3, 1), helper="staff-1", unit="某局", **common),
        HelperReleased(
            household_id=one, effective_on=date(2014, 5, 1), helper="staff-1", reason=ReleaseReason.OTHER, **common
        ),
        PairingFactsAnnulled(
            household_id=two, effective_on=date(2014, 3, 1), annuls=("assistance/pairing-x/2",), **common
        ),
    )
    facts = recorded(*told, log="assistance", stream="pairing-x")
    helper, found = helper_id("staff-1"), []
    for period in periods_of(helper, facts):
        known = sum(r.recorded_at <= period.known_from for r in facts)
        until = None if period.valid_to == date.max else period.valid_to
        found.append((known, period.valid_from, until, period.value.households))
    assert found == [
        (1, date(2014, 1, 1), None, 1),
        (2, date(2014, 1, 1), date(2014, 3, 1), 1),
        (2, date(2014, 3, 1), None, 2),
        (3, date(2014, 1, 1), date(2014, 3, 1), 1),
        (3, date(2014, 3, 1), date(2014, 5, 1), 2),
        (3, date(2014, 5, 1), None, 1),
        (4, date(2014, 1, 1), date(2014, 5, 1), 1),
    ]
    assert (now_of(helper, facts[:3]), now_of(helper, facts)) == (CheckedHelper(1), None)
