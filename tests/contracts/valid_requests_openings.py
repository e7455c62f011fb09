"""A valid request for every operation about opening balances."""

from collections.abc import Mapping
from itertools import count

from contracts.roles import Role
from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest

PATH = "/registry/opening-balances"
DECISION = {"organ": "某县", "decided_on": "2014-01-01", "document_no": "1", "signer": "县长"}


class _OtherCounty:
    """A county of its own for each request: a county is cut over once."""

    _numbers = count(5000)

    def __init__(self, county: SeededCounty, *, proposed: bool = False, approved: bool = False) -> None:
        self.code = f"99{next(self._numbers)}"
        self.reviewer = county.client_for("opening-reviewer", self.code, Role.REVIEWER)
        self.decider = county.client_for("opening-decider", self.code, Role.DECIDER)
        self.form = {
            "opening_on": "2013-12-31", "source_recorded_on": "2014-01-02", "kept_in": "national_system",
            "poverty": [{"status": "registered", "households": 2, "persons": 5}], "decision": DECISION,
        }  # fmt: skip
        self.balance = ""
        if proposed or approved:
            county.post(self.reviewer, PATH, self.form)
            (proposal,) = self.reviewer.get(f"{PATH}/{self.code}").json()["proposals"]
            self.balance = proposal["balance_id"]
        if approved:
            county.post(self.decider, f"{PATH}/{self.code}/approvals", {"balance_id": self.balance})


def _proposal(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county)
    return ValidRequest(other.reviewer, body=other.form)


def _approval(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, proposed=True)
    return ValidRequest(other.decider, {"county": other.code}, {"balance_id": other.balance})


def _annulment(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, approved=True)
    return ValidRequest(other.reviewer, {"county": other.code}, {"balance_id": other.balance, "decision": DECISION})


def _annulment_approval(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, approved=True)
    proposal = {"balance_id": other.balance, "decision": DECISION}
    county.post(other.reviewer, f"{PATH}/{other.code}/annulments", proposal)
    (waiting,) = other.reviewer.get(f"{PATH}/{other.code}").json()["annulments"]
    return ValidRequest(other.decider, {"county": other.code}, {"annulment_id": waiting["annulment_id"]})


def _reading(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, approved=True)
    return ValidRequest(other.reviewer, {"county": other.code})


OPENINGS: Mapping[str, MakeRequest] = {
    "propose_opening_balance": _proposal,
    "approve_opening_balance": _approval,
    "propose_opening_annulment": _annulment,
    "approve_opening_annulment": _annulment_approval,
    "read_opening_balance": _reading,
    "list_opening_differences": _reading,
}
