"""A valid request for every operation of assistance."""

from collections.abc import Mapping

from tests.contracts.seeded_county import COUNTY, TOWNSHIP, VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, common_operations, reading, reading_at
from tests.contracts.valid_requests_documents import document_operations

HELPER = {"helper": "staff-0101", "unit": "县农业局"}


def _apply(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, body={"person_id": county.pupils.pop(), "effective_on": county.today})


def _about(step: str, county: SeededCounty, application: str) -> ValidRequest:
    client, form = county.aid_steps()[step]
    person, _, number = application.partition("/")
    return ValidRequest(client, {"person_id": person, "number": int(number)}, {"effective_on": county.today, **form})


def _at_new_application(step: str, *before: str) -> MakeRequest:
    """A step of a new application."""
    return lambda county: _about(step, county, county.application(*before))


def _at_waiting_application(step: str) -> MakeRequest:
    """A step of an application whose notice is over."""
    return lambda county: _about(step, county, county.next_application(step))


def _resolution(county: SeededCounty) -> ValidRequest:
    path = {
        **_about("objections", county, county.application("appraisals", "notices", "objections")).path,
        "objection_no": 1,
    }
    return ValidRequest(county.township_reviewer, path, {"effective_on": county.today, "upheld": False})


def _withdrawal(county: SeededCounty) -> ValidRequest:
    return ValidRequest(
        county.village, _about("notices", county, county.application()).path, {"effective_on": county.today}
    )


def _assignment(county: SeededCounty) -> ValidRequest:
    return ValidRequest(
        county.village, body={"household_id": county.unhelped.pop(), "effective_on": county.today, **HELPER}
    )


def _release(county: SeededCounty) -> ValidRequest:
    household = county.unhelped.pop()
    county.post(
        county.village, "/assistance/pairings", {"household_id": household, "effective_on": county.today, **HELPER}
    )
    return ValidRequest(
        county.village, {"household_id": household}, {"effective_on": county.today, "reason": "transferred"}
    )


def _application(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, _about("reviews", county, county.applications["reviews"][0]).path)


ASSISTANCE: Mapping[str, MakeRequest] = {
    **common_operations("assistance"),
    **document_operations("assistance"),
    "apply_for_aid": _apply,
    "list_aid_applications": reading(division=TOWNSHIP),
    "appraise_aid": _at_new_application("appraisals"),
    "post_aid_notice": _at_new_application("notices", "appraisals"),
    "object_to_aid": _at_new_application("objections", "appraisals", "notices"),
    "resolve_aid_objection": _resolution,
    "review_aid": _at_waiting_application("reviews"),
    "decide_aid": _at_waiting_application("decisions"),
    "withdraw_aid_application": _withdrawal,
    "read_aid_application": _application,
    "list_aid_entitlements": reading(division=VILLAGE),
    "list_aid_eligibility": reading(only="to_apply"),
    "assign_helper": _assignment,
    "list_pairings": reading(current=False),
    "release_helper": _release,
    "hand_over": lambda county: ValidRequest(
        county.village,
        {"household_id": county.helped_household()},
        {"effective_on": county.today, "helper": "staff-0102", "unit": "县水利局"},
    ),
    "read_pairing": reading_at("village", household_id=lambda county: county.helped_household()),
    "list_duties": reading(division=COUNTY),
    "read_inbox": reading(),
}
