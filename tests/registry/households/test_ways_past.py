"""What cannot be entered about a household names what may be done instead: what is missing before it, or the correction of what
says otherwise."""

from typing import Any

from tests.registry.households.example_requests import member_body, member_ids, unused_resident_id
from tests.registry.households.example_villages import Village, act_of, done, id_of
from tests.support.running import Lika


def couple(village: Village, on: str = "2018-01-10") -> tuple[str, str, str]:
    members = [member_body("head", 1970, id_number=unused_resident_id(1970)), member_body("spouse", 1972)]
    household = village.household(on, members=members)
    head, spouse = sorted(
        member_ids(village.cadre, household),
        key=lambda p: next(
            m["birth_year"] for m in village.cadre.get(household).json()["members"] if m["person_id"] == p
        ),
    )
    return household, head, spouse


def refused(answer: Any) -> tuple[str, list[tuple[str, str, dict[str, Any]]]]:
    problem = answer.json()
    assert answer.status_code == 409, answer.text
    return problem["code"], [(step["act"], step["path"], step["form"]) for step in problem["next"]]


def test_somebody_who_left_may_come_back_or_never_left(village: Village) -> None:
    household, _, spouse = couple(village)
    village.leave(household, spouse, "2018-02-01")
    left = act_of(village.cadre, household, "MemberLeft")
    answer = village.cadre.post(
        f"{household}/members/{spouse}/departures", {"effective_on": "2018-03-01", "reason": "marriage"}
    )
    path = f"/registry/households/{id_of(household)}"
    assert refused(answer) == (
        "no_such_member",
        [
            ("join_member", f"{path}/members", {"person_id": spouse}),
            ("correct_facts", f"{path}/corrections", {"acts": [left]}),
        ],
    )


def test_what_happened_before_the_recording_corrects_the_recording(village: Village) -> None:
    household, _, spouse = couple(village, "2018-02-01")
    answer = village.cadre.post(
        f"{household}/members/{spouse}/departures", {"effective_on": "2018-01-01", "reason": "marriage"}
    )
    recordings = f"/registry/households/{id_of(household)}/recordings"
    assert refused(answer) == ("household_not_yet_recorded", [("correct_recording", recordings, {})])


def test_before_a_split_the_split_is_corrected(village: Village) -> None:
    household, _, spouse = couple(village)
    child = village.split(household, "2018-02-01", spouse)
    answer = village.cadre.post(
        f"{child}/members/{spouse}/departures", {"effective_on": "2018-01-20", "reason": "marriage"}
    )
    splits = f"/registry/households/{id_of(household)}/splits"
    assert refused(answer) == ("household_not_yet_recorded", [("split_household", splits, {"corrects": id_of(child)})])


def test_who_is_a_member_leaves_first(village: Village) -> None:
    number = unused_resident_id(1970)
    household = village.household("2018-01-10", members=[member_body("head", 1970, id_number=number)])
    (head,) = member_ids(village.cadre, household)
    member = member_body("other", 1970, id_number=number)
    body = {"effective_on": "2018-02-01", "person_id": head, "member": member, "reason": "overlooked"}
    code, steps = refused(village.cadre.post(f"{household}/members", body))
    assert (code, [act for act, _, _ in steps]) == ("already_a_member", ["record_departure", "correct_recording"])


def test_a_death_in_error_is_annulled(village: Village) -> None:
    household, _, spouse = couple(village)
    done(village.cadre.post(f"{household}/members/{spouse}/deaths", {"effective_on": "2018-02-01"}))
    died = act_of(village.cadre, household, "MemberDied")
    answer = village.cadre.post(
        f"{household}/members/{spouse}/departures", {"effective_on": "2018-03-01", "reason": "marriage"}
    )
    code, steps = refused(answer)
    assert (code, steps[-1][2]) == ("no_such_member", {"acts": [died]})


def test_a_head_who_leaves_is_succeeded(village: Village) -> None:
    household, head, _ = couple(village)
    answer = village.cadre.post(
        f"{household}/members/{head}/departures", {"effective_on": "2018-02-01", "reason": "marriage"}
    )
    heads = f"/registry/households/{id_of(household)}/heads"
    assert refused(answer) == ("household_without_head", [("change_head", heads, {})])


def test_a_move_out_of_another_village_may_follow_one_that_is_missing(running: Lika, village: Village) -> None:
    household, _, _ = couple(village)
    elsewhere = Village(running)
    body = {"effective_on": "2018-02-01", "from_division": elsewhere.code, "to_division": village.code}
    code, steps = refused(village.township.post(f"{household}/moves", body))
    assert (code, [(act, form) for act, _, form in steps]) == (
        "not_in_that_village", [("move_household", {"earlier_move_missing": True})],
    )  # fmt: skip


def test_an_unknown_village_is_declared_first(village: Village) -> None:
    unknown = f"{village.code[:9]}999"
    body = {"division": unknown, "effective_on": "2018-01-10", "members": [member_body("head")]}
    code, steps = refused(village.township.post("/registry/households", body))
    assert (code, [(act, form["code"]) for act, _, form in steps]) == (
        "unknown_village",
        [("declare_division", unknown)],
    )
