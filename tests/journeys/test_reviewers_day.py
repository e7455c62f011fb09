"""The reviewer's day: a list appraised in one meeting and posted in one notice, reviewed in a batch of which some are returned
for correction, an objection that suspends its own notice alone, one decision under one document number, a history for each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.roles import Role
from lika.house import BUILDS
from tests.registry.households.example_requests import member_body
from tests.registry.households.example_villages import DOCUMENT, VOTE, Village, done, id_of
from tests.support.long_run import LONG
from tests.support.running import ApiClient, Lika, all_items, lika

SIZE, RETURNED = (500, 12) if LONG else (60, 4)


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    starts = datetime(2018, 2, 4, 1, tzinfo=UTC)
    with lika(BUILDS.values(), module_database, tmp_path_factory.mktemp("day"), starts) as started:
        yield started


class List:
    """The cases of one village's list, and what an office does to all of them at once."""

    def __init__(self, running: Lika) -> None:
        self._running, self.village = running, Village(running)
        self.households = [self._household() for _ in range(SIZE)]
        body = {"procedure": "identification", "on": "2018-02-01", "grounds": "家庭收入低"}
        opened = [done(self.village.cadre.post("/registry/cases", {"subject": h, **body})) for h in self.households]
        self.cases = [id_of(answer.headers["Location"]) for answer in opened]

    def day(self, day: str) -> None:
        """Every service's clock goes on to that day."""
        for service in BUILDS:
            step = {"to": f"{day}T09:00:00+08:00"}
            done(self._running.client_for("operator-1", "", Role.OPERATOR).post(f"/{service}/clock/steps", step))

    def _household(self) -> str:
        return id_of(self.village.household("2017-01-10", members=[member_body("head")]))

    def batch(self, who: ApiClient, act: str, on: str, cases: list[str], *other: Any, **form: Any) -> dict[str, Any]:
        body = {"act": act, "form": {"on": on, **form}, "cases": [{"case_id": c} for c in cases] + list(other)}
        answer: dict[str, Any] = done(who.post("/registry/cases/batches", body)).json()
        assert answer["recorded"] + answer["refused"] == len(body["cases"])
        return answer


def recorded(answer: dict[str, Any]) -> int:
    assert not answer["refused"], [r["code"] for r in answer["results"] if r["code"]][:3]
    return int(answer["recorded"])


def refused(answer: dict[str, Any]) -> dict[str, str]:
    return {r["case_id"]: r["code"] for r in answer["results"] if r["code"]}


def test_a_list_goes_through_review_and_decision_in_batches(running: Lika) -> None:
    those = List(running)
    village, cases = those.village, those.cases
    back, objected = cases[:RETURNED], cases[-1]
    others = [case for case in cases if case not in (*back, objected)]

    # One round of visits, one meeting, one notice.
    assert recorded(those.batch(village.cadre, "visits", "2018-02-02", cases, confirmed=True)) == SIZE
    assert recorded(those.batch(village.cadre, "appraisals", "2018-02-03", cases, **VOTE)) == SIZE
    assert recorded(those.batch(village.cadre, "notices", "2018-02-04", cases)) == SIZE
    those.day("2018-02-06")
    done(village.cadre.post(f"/registry/cases/{objected}/objections", {"on": "2018-02-06", "text": "群众反映其有车"}))

    those.day("2018-02-12")
    # The review: some are returned, one cannot be touched while the objection is open.
    returns = [{"case_id": c, "act": "returns", "form": {"back_to": "appraisal", "reason": "票数不清"}} for c in back]
    reviewed = those.batch(
        village.township_reviewer, "reviews", "2018-02-12", [*others, objected], *returns, outcome="passed"
    )
    assert refused(reviewed) == {objected: "objection_open"}
    returned = all_items(village.cadre, "/registry/inbox", kind="returned")
    assert {entry["details"]["case_id"] for entry in returned} == set(back)

    those.day("2018-02-20")
    # Corrected, and the objection dismissed: the notice runs on for what was left when it was raised.
    again = "2018-02-20"
    assert recorded(those.batch(village.cadre, "appraisals", again, back, **VOTE)) == RETURNED
    assert recorded(those.batch(village.cadre, "notices", again, back)) == RETURNED
    resolution = {"on": again, "upheld": False, "finding": "车辆非其所有"}
    done(village.township.post(f"/registry/cases/{objected}/objections/1/resolutions", resolution))
    early = those.batch(village.township_reviewer, "reviews", again, [objected], outcome="passed")
    assert refused(early) == {objected: "notice_not_over"}
    those.day("2018-02-28")
    late = those.batch(village.township_reviewer, "reviews", "2018-02-28", [*back, objected], outcome="passed")
    assert recorded(late) == RETURNED + 1

    # Exceptions come first: returned, objected to; and a household of which something was recorded since the review.
    changed = those.households[RETURNED]
    done(
        village.cadre.post(f"/registry/households/{changed}/surveys", {"effective_on": "2018-02-25", "arable_mu": "1"})
    )
    listed = all_items(
        village.township_reviewer, "/registry/cases", exceptions_first="true", limit="7", division=village.code
    )
    flagged = {case["subject"]: set(case["flags"]) for case in listed}
    assert [bool(flags) for flags in flagged.values()][: RETURNED + 2] == [True] * (RETURNED + 2)
    assert flagged[changed] == {"changed_since_review"}
    assert sum("returned_before" in flags for flags in flagged.values()) == RETURNED
    assert sum("objections_heard" in flags for flags in flagged.values()) == 1
    assert len(listed) == SIZE

    those.day("2018-03-01")
    # From here on all go together again, to one decision under one document number.
    assert recorded(those.batch(village.township, "notices", "2018-03-01", cases)) == SIZE
    those.day("2018-03-12")
    compared = {"clean": True, "departments": ["房管", "车管"]}
    assert recorded(those.batch(village.county_reviewer, "comparisons", "2018-03-12", cases, **compared)) == SIZE
    those.day("2018-03-21")
    assert recorded(those.batch(village.decider, "decisions", "2018-03-20", cases, **DOCUMENT)) == SIZE
    assert recorded(those.batch(village.county_reviewer, "announcements", "2018-03-21", cases)) == SIZE
    assert village.totals("2018-03-19") == {"candidate": (SIZE, SIZE)}
    assert village.totals("2018-03-20") == {"registered": (SIZE, SIZE)}

    # Each has a history of its own, in which the one document stands.
    auditor = running.client_for("auditor-1", "", Role.AUDITOR)
    for household in those.households:
        events = auditor.get(f"/audit/households/{household}/history").json()["events"]
        enrolled = next(e for e in events if e["type"] == "HouseholdEnrolled")
        assert enrolled["decision"]["document_no"] == DOCUMENT["document_no"]
        assert sum(e["type"] == "NoticePosted" for e in events) in (2, 3)
