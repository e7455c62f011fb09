"""A valid request for every operation on records: assistance's, and the registry's of visits."""

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
ASSISTANCE, REGISTRY = "assistance", "registry"


def _visit(county: SeededCounty) -> dict[str, Any]:
    """By somebody else each time: one visits a household once a day."""
    return visit(UUID(county.registered[0]), county.today, done_by=f"staff-{next(NUMBERS)}")


def _made(county: SeededCounty, service: str, body: dict[str, Any], *acts: str) -> dict[str, str]:
    """The path of a new record, after these acts."""
    record = county.post(county.village, f"/{service}/records", body)
    for act in acts:
        county.post(county.village, f"{record}/{act}", WHY)
    return dict(zip(("subject", "year", "number"), record.split("/")[-3:], strict=True))


def _at_visit(service: str, client: str, body: Any = None, *acts: str, **query: Any) -> MakeRequest:
    """Something about a new visit, after these acts."""

    def make(county: SeededCounty) -> ValidRequest:
        asking: ApiClient = getattr(county, client)
        return ValidRequest(asking, _made(county, service, _visit(county), *acts), body, query)

    return make


def _correction(service: str) -> MakeRequest:
    return lambda county: ValidRequest(
        county.village, _made(county, service, _visit(county)), correction_of(_visit(county))
    )


def _confirmation(county: SeededCounty) -> ValidRequest:
    made = _made(county, ASSISTANCE, delivery(UUID(county.registered[0]), county.today))
    return ValidRequest(county.township_reviewer, made)


def _session(county: SeededCounty) -> ValidRequest:
    persons = [UUID(person) for person in county.members(county.registered[0])[:2]]
    return ValidRequest(county.township, body=training(TOWNSHIP, county.today, persons, unnamed=3))


def _visit_with_a_talk_and_a_clue(county: SeededCounty) -> ValidRequest:
    """Whoever makes records may visit; what has changed is for those who may survey."""
    body = {
        "effective_on": county.today, "seen": {"topic": "routine", "situation": "情况属实"},
        "talk": {"topic": "升学", "content": "愿意继续读书"}, "risk": {"statement": "受灾"},
    }  # fmt: skip
    return ValidRequest(county.village, {"household_id": county.household()}, body)


def _operations(service: str) -> Mapping[str, MakeRequest]:
    return {
        "correct_record": _correction(service),
        "annul_record": _at_visit(service, "village", WHY),
        "restore_record": _at_visit(service, "village", WHY, "annulments"),
        "list_records": reading(division=TOWNSHIP, since="2014-01-01"),
        "count_records": reading(division=TOWNSHIP, by="month"),
        "total_records": reading(division=TOWNSHIP, since="2014-01-01"),
        "read_record": _at_visit(service, "auditor"),
        "read_record_texts": _at_visit(service, "village", purpose="case"),
    }


RECORDS: Mapping[str, MakeRequest] = {
    **_operations(ASSISTANCE),
    "make_record": _session,
    "confirm_record": _confirmation,
    "list_records_of_person": lambda county: ValidRequest(
        county.village, {"person_id": county.members(county.registered[0])[0]}
    ),
}
VISITS: Mapping[str, MakeRequest] = {
    **_operations(REGISTRY),
    "make_record": lambda county: ValidRequest(county.village, body=_visit(county)),
    "record_visit": _visit_with_a_talk_and_a_clue,
}
