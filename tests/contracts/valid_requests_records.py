"""A valid request for every operation on assistance's records."""

from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

from tests.casework.records.requests import correction_of, delivery, training, visit
from tests.contracts.seeded_county import TOWNSHIP, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading
from tests.support.running import ApiClient

NUMBERS = count(1)
WHY = {"reason": "误填"}


def _visit(county: SeededCounty) -> dict[str, Any]:
    """By somebody else each time: one visits a household once a day."""
    return visit(UUID(county.registered[0]), county.today, done_by=f"staff-{next(NUMBERS)}")


def _made(county: SeededCounty, body: dict[str, Any], *acts: str) -> dict[str, str]:
    """The path of a new record, after these acts."""
    record = county.post(county.village, "/assistance/records", body)
    for act in acts:
        county.post(county.village, f"{record}/{act}", WHY)
    return dict(zip(("subject", "year", "number"), record.split("/")[-3:], strict=True))


def _at_visit(client: str, body: Any = None, *acts: str, **query: Any) -> MakeRequest:
    """Something about a new visit, after these acts."""

    def make(county: SeededCounty) -> ValidRequest:
        asking: ApiClient = getattr(county, client)
        return ValidRequest(asking, _made(county, _visit(county), *acts), body, query)

    return make


def _correction(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, _made(county, _visit(county)), correction_of(_visit(county)))


def _confirmation(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.township_reviewer, _made(county, delivery(UUID(county.registered[0]), county.today)))


def _session(county: SeededCounty) -> ValidRequest:
    persons = [UUID(person) for person in county.members(county.registered[0])[:2]]
    return ValidRequest(county.township, body=training(TOWNSHIP, county.today, persons, unnamed=3))


RECORDS: Mapping[str, MakeRequest] = {
    "make_record": _session,
    "correct_record": _correction,
    "confirm_record": _confirmation,
    "annul_record": _at_visit("village", WHY),
    "restore_record": _at_visit("village", WHY, "annulments"),
    "list_records": reading(division=TOWNSHIP, since="2014-01-01"),
    "count_records": reading(division=TOWNSHIP, by="month"),
    "list_records_of_person": lambda county: ValidRequest(
        county.village, {"person_id": county.members(county.registered[0])[0]}
    ),
    "read_record": _at_visit("auditor"),
    "read_record_texts": _at_visit("village", purpose="case"),
}
