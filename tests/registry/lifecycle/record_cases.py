"""Cases about a household's record: that it ended, is merged, or came back."""

from typing import Any

from tests.registry.households.example_villages import DOCUMENT, Village, id_of, step
from tests.support.evidence import on_paper
from tests.support.running import ApiClient

CERTIFICATE = on_paper("certificate")
DECIDED = "2018-03-01"


def refused_effect(answer: Any) -> str:
    """Why a decision is refused: what it would bring about cannot stand."""
    assert (answer.status_code, answer.json()["code"]) == (409, "effect_cannot_stand"), answer.text
    return str(answer.json()["facts"]["because"]["code"])


class Records:
    """The offices of a village handle cases of this kind."""

    def __init__(self, village: Village) -> None:
        self.village = village

    def apply(self, household: str, procedure: str, **terms: Any) -> Any:
        return self.village.ask_to_open_case(self.village.cadre, household, procedure, "2018-02-01", terms=terms)

    def end(self, household: str, on: str, reason: str) -> Any:
        """The decision's answer."""
        return self._decide(self._case(household, "household_end", effective_on=on, reason=reason), self._reviewer)

    def merge(self, household: str, into: str, on: str, **relations: str) -> Any:
        given = [{"person_id": person, "relation": relation} for person, relation in relations.items()]
        case = self._case(household, "household_merge", effective_on=on, merged_into=id_of(into), relations=given)
        step(self.village.cadre, case, "consents", "2018-02-02", agreed=True)
        return self._decide(case, self.village.county_reviewer)

    def merge_persons(self, household: str, person: str, same_as: str, there: str, on: str, **more: str) -> Any:
        terms = {"person_id": person, "same_as": same_as, "same_as_household_id": id_of(there), **more}
        return self._decide(
            self._case(household, "persons_merge", effective_on=on, **terms), self.village.county_reviewer
        )

    def reinstate(self, household: str, on: str, *persons: str) -> Any:
        case = self._case(household, "reinstatement", effective_on=on, person_ids=persons, head=persons[0])
        step(self._reviewer, case, "reviews", "2018-02-20", outcome="passed")
        return self._decide(case, self.village.decider)

    @property
    def _reviewer(self) -> ApiClient:
        return self.village.township_reviewer

    def _case(self, household: str, procedure: str, **terms: Any) -> str:
        case = self.village.open_case(self.village.cadre, household, procedure, "2018-02-01", terms=terms)
        step(self.village.cadre, case, "visits", "2018-02-01", confirmed=True, evidence=CERTIFICATE)
        return case

    @staticmethod
    def _decide(case: str, who: ApiClient) -> Any:
        return who.post(f"{case}/decisions", {"on": DECIDED, **DOCUMENT})
