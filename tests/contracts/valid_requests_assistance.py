"""One sound request for every operation of assistance."""

from collections.abc import Mapping

from tests.contracts.seeded_county import COUNTY, TOWNSHIP, VILLAGE, World
from tests.contracts.valid_requests import Make, Sound, at, reading, shared

HELPER = {"helper": "staff-0101", "unit": "县农业局"}


def _apply(w: World) -> Sound:
    return Sound(w.village, body={"person_id": w.pupils.pop(), "effective_on": w.today})


def _about(step: str, w: World, application: str) -> Sound:
    who, form = w.aid_steps()[step]
    person, _, number = application.partition("/")
    return Sound(who, {"person_id": person, "number": int(number)}, {"effective_on": w.today, **form})


def _fresh(step: str, *before: str) -> Make:
    """A step of an application that is made for it."""
    return lambda w: _about(step, w, w.application(*before))


def _waiting(step: str) -> Make:
    """A step that an application waits for whose notice is over."""
    return lambda w: _about(step, w, w.next_application(step))


def _resolution(w: World) -> Sound:
    path = {**_about("objections", w, w.application("appraisals", "notices", "objections")).path, "objection_no": 1}
    return Sound(w.township_reviewer, path, {"effective_on": w.today, "upheld": False})


def _withdrawal(w: World) -> Sound:
    return Sound(w.village, _about("notices", w, w.application()).path, {"effective_on": w.today})


def _assignment(w: World) -> Sound:
    return Sound(w.village, body={"household_id": w.unhelped.pop(), "effective_on": w.today, **HELPER})


def _release(w: World) -> Sound:
    household = w.unhelped.pop()
    w.post(w.village, "/assistance/pairings", {"household_id": household, "effective_on": w.today, **HELPER})
    return Sound(w.village, {"household_id": household}, {"effective_on": w.today, "reason": "transferred"})


def _application(w: World) -> Sound:
    return Sound(w.village, _about("reviews", w, w.applications["reviews"][0]).path)


ASSISTANCE: Mapping[str, Make] = {
    **shared("assistance"),
    "apply_for_aid": _apply,
    "list_aid_applications": reading(division=TOWNSHIP),
    "appraise_aid": _fresh("appraisals"),
    "post_aid_notice": _fresh("notices", "appraisals"),
    "object_to_aid": _fresh("objections", "appraisals", "notices"),
    "resolve_aid_objection": _resolution,
    "review_aid": _waiting("reviews"),
    "decide_aid": _waiting("decisions"),
    "withdraw_aid_application": _withdrawal,
    "read_aid_application": _application,
    "list_aid_entitlements": reading(division=VILLAGE),
    "list_aid_eligibility": reading(only="to_apply"),
    "assign_helper": _assignment,
    "list_pairings": reading(current=False),
    "release_helper": _release,
    "hand_over": lambda w: Sound(
        w.village, {"household_id": w.helped()}, {"effective_on": w.today, "helper": "staff-0102", "unit": "县水利局"}
    ),
    "read_pairing": at("village", household_id=lambda w: w.helped()),
    "list_duties": reading(division=COUNTY),
    "read_inbox": reading(),
}
