"""A household whose pupil is aided and that has a helper, in the whole house."""

from typing import Any

from tests.journeys.rebuilt_history import wait_until_consumed
from tests.registry.corrections.correction_cases import CorrectedVillage
from tests.registry.households.example_requests import member_body, member_ids
from tests.registry.households.example_villages import DOCUMENT, VOTE, done, id_of, step
from tests.support.helper_forms import helper_form
from tests.support.running import Lika


class AidedHousehold:
    """A head and a boarding pupil, enrolled on 2016-02-18; aided since 2016-09-10, with a helper since 2016-03-01."""

    def __init__(self, running: Lika) -> None:
        self._running, self.village = running, CorrectedVillage(running)
        pupil = member_body("child", 2005, school_stage="primary", boarder=True)
        self.household = self.village.household("2016-01-10", members=[member_body("head"), pupil])
        _, self.pupil = member_ids(self.village.cadre, self.household)
        self.village.enrol(self.household, "2016-02-18")
        wait_until_consumed(running)
        done(self.village.cadre.post("/assistance/pairs", helper_form(id_of(self.household), "2016-03-01")))
        body = {"subject": self.pupil, "procedure": "education_aid", "on": "2016-09-01", "grounds": "家庭困难"}
        case = str(done(self.village.cadre.post("/assistance/cases", body)).headers["Location"])
        step(self.village.cadre, case, "appraisals", "2016-09-01", **VOTE)
        step(self.village.cadre, case, "notices", "2016-09-01")
        step(self.village.township_reviewer, case, "reviews", "2016-09-10", outcome="passed")
        step(self.village.decider, case, "decisions", "2016-09-10", **DOCUMENT)

    def aid(self) -> dict[str, Any]:
        """The one grant, as it stands."""
        (grant,) = self.village.decider.get("/assistance/entitlements", person_id=self.pupil).json()["items"]
        return dict(grant)

    def helpers(self) -> list[tuple[str, str | None]]:
        """Each with why the pair ended."""
        asked = {"subject": id_of(self.household), "kind": "pairing_helper", "current": False}
        found = self.village.decider.get("/assistance/pairs", **asked).json()["items"]
        return [(p["helper"], p["reason"]) for p in found]

    def owed(self, household: str) -> bool:
        """Whether the duties of helpers were owed to a household on a day of 2017."""
        asked = {"subject": id_of(household), "as_of": "2017-03-01"}
        items = self.village.decider.get("/assistance/duties", **asked).json()["items"]
        return any(each["duties"] for each in items)

    def consequences(self, case: str) -> dict[str, Any]:
        answer = self.village.decider.get(f"{case}/consequences")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def derived(self, shown: dict[str, Any]) -> list[tuple[str, str, bool]]:
        """Log, type and whether it stands, of what was recorded because of what becomes void."""
        wait_until_consumed(self._running)
        causes = ",".join(fact["id"] for fact in shown["void"])
        answer = self.village.decider.get(
            f"/audit/households/{id_of(self.household)}/derived-facts", causes=causes
        ).json()
        assert {log["log"] for log in answer["logs"]} == {"registry", "assistance", "monitoring"}
        assert all(log["position"] > 0 for log in answer["logs"] if log["log"] != "monitoring")
        return [(f["log"], f["type"], f["annulled_by"] is None) for f in answer["facts"]]
