"""Whoever dies or leaves ends their pairs; nobody they helped is forgotten."""

from collections.abc import Sequence
from typing import Any

import pytest

from contracts.consequences import ConsequenceLine
from contracts.facts import HouseholdFact
from services.assistance.handovers.domain import Line
from services.assistance.handovers.store import lines_of
from services.chassis.following.foresight import question
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.unit import Tx, Unit
from services.registry.households.store import save
from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import VILLAGE, Family
from tests.support.helper_forms import helper_form

KIND = "very_poor_pupil_teacher"
EARLIER, DIED = "2016-02-10", "2016-02-12"


def pair(family: Family, helper: str, kind: str = KIND, day: str = BEGIN, **more: Any) -> dict[str, Any]:
    subject = {"kind": "person", "id": str(family.pupil.person_id)}
    return {"kind": kind, "subject": subject, "helper": helper, "unit": "中心校", "effective_on": day, **more}


def told(county: CareCounty, helper: str) -> list[tuple[str | None, str | None]]:
    """First day without, and why, of each pair that the helper ever had."""
    items = county.harness.get("/pairs", county.cadre, helper=helper, current=False)["items"]
    return sorted((i["until"] or "", i["reason"] or "") for i in items)


def foretold(county: CareCounty, fact: HouseholdFact) -> Sequence[ConsequenceLine]:
    """What the register is told would follow in assistance."""

    def work(tx: Tx) -> Reply:
        save(tx, {fact.household_id: [fact]})
        return Reply()

    tried = county.harness.registry.dry_run(Unit(CommandRef.of("cadre", "POST", "death", b""), work))
    foresight = county.harness.running.services["assistance"].foresight
    assert foresight is not None
    lines = foresight.foretell(question("registry", tried.position, tried.would_record)).lines
    return [line for line in lines if line.household_id is None]


def test_a_death_ends_the_pair_and_taken_back_it_goes_on(county: CareCounty) -> None:
    family, other = county.family_in(VILLAGE), county.family_in(VILLAGE)
    county.post("/pairs", pair(family, "teacher-d1", day=EARLIER))
    assert [line.what for line in foretold(county, family.pupil_died(DIED))] == ["PairEndedByDeath"]
    assert county.refusal("/pairs", pair(other, "teacher-d1")) == "pair_helper_has_enough"
    (death,) = county.harness.record(family.pupil_died(DIED))
    assert told(county, "teacher-d1") == [(DIED, "helped_left")]
    assert county.refusal("/pairs", pair(family, "teacher-d2")) == "pair_subject_not_known_then"
    (number,) = [
        i["number"]
        for i in county.harness.get("/pairs", county.cadre, helper="teacher-d1", current=False)["items"]
    ]  # fmt: skip
    ending = f"/pairs/{family.pupil.person_id}/{number}/ends"
    assert county.refusal(ending, {"reason": "other", "effective_on": BEGIN}) == "pair_not_then"
    county.post("/pairs", pair(other, "teacher-d1"))  # there is room again
    county.harness.record(family.annulled(BEGIN, death))
    assert told(county, "teacher-d1") == [("", ""), ("", "")]


def test_in_whatever_order_it_is_told_the_pair_ends_on_the_day_of_the_death(county: CareCounty) -> None:
    family = county.family_in(VILLAGE)
    county.harness.record(family.pupil_died(DIED))
    county.post("/pairs", pair(family, "teacher-d3", day=EARLIER))
    assert told(county, "teacher-d3") == [(DIED, "helped_left")]


def test_a_fellow_pupil_who_died_helps_no_more(county: CareCounty) -> None:
    helped, helper = county.family_in(VILLAGE), county.family_in(VILLAGE)
    body = pair(helped, "fellow-d4", "study_helper_pupil", helper_subject=str(helper.pupil.person_id), day=EARLIER)
    county.post("/pairs", body)
    county.harness.record(helper.pupil_died(DIED))
    assert told(county, "fellow-d4") == [(DIED, "helper_left")]


def test_a_teacher_who_leaves_hands_over_and_the_rest_falls_to_the_leader(county: CareCounty) -> None:
    """R46."""
    body = {
        "kind": "teacher", "division": VILLAGE, "number": "t-leaver", "account": "leaver-5", "leader": "principal-5",
        "effective_on": BEGIN,
    }  # fmt: skip
    teacher = county.post("/parties", body)
    # Sent twice with another key, or typed by another hand, it would be two that owe, and may be given, the same.
    for twice in (body, {**body, "number": "T-Leaver", "account": None}):
        assert county.refusal("/parties", twice) == "party_entered_already"
    families = [county.family_in(VILLAGE) for _ in range(2)]
    for family in families:
        county.post("/pairs", pair(family, "leaver-5", "tutor_pupil"))
    county.post(f"{teacher}/ends", {"effective_on": BEGIN})
    listed = county.harness.get("/handovers", county.office, closed=False)["items"]
    (handover,) = [h for h in listed if h["helper"] == "leaver-5"]
    assert (handover["leader"], handover["accept_by"]) == ("principal-5", "2016-03-16")
    lines = county.harness.get(f"/handovers/{handover['handover_id']}", county.office)["lines"]
    assert {line["subject"] for line in lines} == {str(family.pupil.person_id) for family in families}
    county.post("/parties", {**body, "account": "leaver-6"})  # who left may come back


def test_a_union_that_is_gone_neither_helps_nor_is_helped(county: CareCounty) -> None:
    strong, weak, third = (county.party("union", f"撤并工会{n}") for n in range(3))
    asked = {"kind": "union_union", "unit": "总工会", "effective_on": BEGIN}
    county.post("/pairs", {**asked, "subject": weak, "helper": "u-strong", "helper_subject": strong["id"]})
    county.post("/pairs", {**asked, "subject": third, "helper": "u-weak", "helper_subject": weak["id"]})
    county.post(f"/parties/{weak['id']}/ends", {"effective_on": BEGIN})
    assert (told(county, "u-strong"), told(county, "u-weak")) == ([(BEGIN, "helped_left")], [(BEGIN, "helper_left")])
    late = {**asked, "subject": weak, "helper": "u-late", "helper_subject": strong["id"]}
    assert county.refusal("/pairs", late) == "pair_subject_not_known_then"


class Undone(Exception):
    """What was done to the views is taken back."""


def test_what_falls_to_a_leader_is_found_whatever_the_views_show(county: CareCounty) -> None:
    family, found = county.family_in(VILLAGE), list[Line]()
    made = county.post("/pairs", pair(family, "leaver-6", "tutor_pupil"))
    helper = county.post("/pairs", helper_form(family.household, BEGIN, "leaver-6"))

    def as_if_nothing_were_shown(tx: Tx) -> None:
        for table in ("pairs", "register_pairs", "helpers"):
            tx.cur.execute(f"DELETE FROM {table} WHERE helper = 'leaver-6'".encode())
        tx.cur.execute(b"UPDATE cursors SET position = 0 WHERE log = 'assistance'")
        found.extend(lines_of(tx, "leaver-6"))
        raise Undone

    with pytest.raises(Undone):
        county.harness.assistance.transact(as_if_nothing_were_shown)
    assert {str(line.subject): line.pair for line in found} == {
        subject: int(number) for subject, number in (pair.rsplit("/", 2)[1:] for pair in (helper, made))
    }
