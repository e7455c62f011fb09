"""A valid request for every operation of identities."""

from collections.abc import Mapping

from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest


def _pending(county: SeededCounty) -> dict[str, str]:
    """A correction that waits for its paper."""
    household = county.household()
    body = {
        "subject": household, "procedure": "identity_correction", "on": county.today, "grounds": "录入有误",
        "terms": {"person_id": county.members(household)[0], "name": "陈秀英"},
    }  # fmt: skip
    return {"case_id": county.post(county.village, "/registry/cases", body).rpartition("/")[2]}


def _document(county: SeededCounty) -> ValidRequest:
    household = county.household()
    path = {"household_id": household, "person_id": county.members(household)[1]}
    number = f"E{county.new_division_code()[4:]}"
    body = {"effective_on": county.today, "document": {"kind": "护照", "number": number}}
    return ValidRequest(county.village, path, body)


def _head(county: SeededCounty) -> ValidRequest:
    household = county.household()
    body = {"effective_on": county.today, "person_id": county.members(household)[1]}
    return ValidRequest(county.village, {"household_id": household}, body)


IDENTITIES: Mapping[str, MakeRequest] = {
    "change_head": _head,
    "record_document": _document,
    "read_identity_correction": lambda county: ValidRequest(county.village, _pending(county)),
    "disclose_identity_correction": lambda county: ValidRequest(county.village, _pending(county), {"purpose": "case"}),
}
