"""A valid request for every operation about the import of status history."""

from collections.abc import Mapping
from itertools import count
from uuid import uuid4

from contracts.roles import Role
from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest


class _OtherCounty:
    """A county of its own for each request: a county opens the import of status history once."""

    _numbers = count(1000)

    def __init__(self, county: SeededCounty, *, proposed: bool = False, opened: bool = False) -> None:
        self.code = f"99{next(self._numbers)}"
        self.reviewer = county.client_for("history-reviewer", self.code, Role.REVIEWER)
        self.decider = county.client_for("history-decider", self.code, Role.DECIDER)
        decision = {"organ": "某县", "decided_on": "2014-01-01", "document_no": "1", "signer": "县长"}
        self.form = {"opens_on": "2014-01-01", "closes_on": "2199-12-31", **decision}
        self.opening = ""
        if proposed or opened:
            county.post(self.reviewer, "/registry/history-imports", self.form)
            (proposal,) = self.reviewer.get(f"/registry/history-imports/{self.code}").json()["proposals"]
            self.opening = proposal["opening_id"]
        if opened:
            county.post(self.decider, f"/registry/history-imports/{self.code}/confirmations", self.confirmation)

    @property
    def confirmation(self) -> dict[str, str]:
        return {"opening_id": self.opening}


def _history_proposal(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county)
    return ValidRequest(other.reviewer, body=other.form)


def _history_confirmation(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, proposed=True)
    return ValidRequest(other.decider, {"county": other.code}, other.confirmation)


def _history_approval(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, opened=True)
    return ValidRequest(other.reviewer, {"county": other.code}, {"file_sha256": uuid4().hex * 2})


def _history_import(county: SeededCounty) -> ValidRequest:
    other = _OtherCounty(county, opened=True)
    return ValidRequest(other.reviewer, {"county": other.code})


HISTORY: Mapping[str, MakeRequest] = {
    "propose_history_import": _history_proposal,
    "confirm_history_import": _history_confirmation,
    "approve_history_batch": _history_approval,
    "read_history_import": _history_import,
}
