"""A valid request for every operation of the registry that searches for a person, or reviews whose a number is."""

from collections.abc import Mapping

from tests.contracts.seeded_county import NEIGHBOUR, SeededCounty, member_form
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading
from tests.registry.households.example_requests import unused_resident_id
from tests.support.evidence import on_paper


def _number_review(county: SeededCounty) -> ValidRequest:
    """Of a number that the neighbouring village gave to somebody, too."""
    number = unused_resident_id()
    members = [member_form("head", 1970, id_number=number)]
    county.household(members=members)
    there = {"division": NEIGHBOUR, "effective_on": county.today, "members": members}
    location = county.post(county.neighbour, "/registry/households", there)
    person = county.neighbour.get(location).json()["members"][0]["person_id"]
    form = {"outcome": "mistyped_elsewhere", "evidence": on_paper("certificate")}
    return ValidRequest(county.county_reviewer, {"person_id": person}, form)


SEARCHES: Mapping[str, MakeRequest] = {
    "search_register": lambda county: ValidRequest(county.village, body={"full_name": "陈大山", "purpose": "case"}),
    "list_number_reviews": reading("county_reviewer"),
    "decide_number_review": _number_review,
}
