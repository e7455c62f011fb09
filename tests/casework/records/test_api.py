"""Records through the running assistance service."""

from typing import Any
from uuid import uuid4

from contracts.roles import Role
from tests.assistance.harness import NEXT_VILLAGE, TOWNSHIP, VILLAGE, AssistanceHarness
from tests.casework.records.asking import family_in, figures, listed
from tests.casework.records.requests import correction_of, delivery, talk, training, visit
from tests.registry.households.example_requests import status_and_code
from tests.support.evidence import uploaded
from tests.support.running import all_items


def test_a_visit_is_recorded_and_read_with_its_labels_and_without_its_text(shared: AssistanceHarness) -> None:
    family = family_in(shared)
    location = shared.post(shared.cadre, "/records", visit(family.household, "2016-03-05"))
    assert location == f"/records/{family.household}/2016/1"
    found = shared.get(location)
    assert (found["status"], found["zh"], found["done_by"], found["division"]) == (
        "standing", "入户走访", "cadre-1", VILLAGE,
    )  # fmt: skip
    topic, situation = found["values"]
    assert (topic["text"], topic["label_zh"], topic["label_en"]) == ("routine", "日常走访", "regular visit")
    assert (situation["zh"], situation["text"]) == ("了解到的情况", "***")
    assert [f["type"] for f in found["facts"]] == ["WorkRecorded"]
    assert listed(shared, subject=str(family.household)) == [location.removeprefix("/records/")]
    assert listed(shared, subject=str(family.household), as_of="2016-03-04") == []
    assert listed(shared, subject=str(family.household), as_of="2017-03-05") == []
    assert listed(shared, subject=str(family.household), since="2016-03-05", as_of="2017-03-05") != []


def test_one_visit_sent_twice_is_one_and_what_is_not_filled_in_is_refused_by_name(shared: AssistanceHarness) -> None:
    family = family_in(shared)
    body = visit(family.household, "2016-03-05")
    shared.post(shared.cadre, "/records", body)
    assert shared.refused(shared.cadre, "/records", body) == (409, "record_made_already_that_day")
    shared.post(shared.cadre, "/records", {**body, "done_by": "staff-7"})
    tried = shared.cadre.post(
        "/assistance/records", {**visit(family.household, "2016-06-02", topic="nothing"), "values": [
            {"field": "topic", "text": "nothing"}, {"field": "met", "number": "1.5"},
        ]}, params={"dry_run": True},
    )  # fmt: skip
    codes = {refusal["code"] for refusal in tried.json()["refused"]}
    assert codes == {
        "future_day", "record_field_missing", "record_choice_not_listed", "record_number_does_not_fit",
    }  # fmt: skip
    assert len(shared.assistance.stream(f"records-{family.household}-2016")) == 2


def test_what_is_entered_again_and_may_be_done_twice_a_day_is_told_to_be_alike(shared: AssistanceHarness) -> None:
    """A double click under another key: both count until one is annulled, and whoever entered it is told so."""
    family = family_in(shared)
    body = delivery(family.household, "2016-03-05")

    def entered(form: dict[str, Any], path: str = "/records", **asked: Any) -> list[tuple[str, str]]:
        answer = shared.cadre.post(f"/assistance{path}", form, **asked)
        assert answer.status_code in (200, 201), answer.text
        return [(w["code"], w["facts"]["record"]) for w in answer.json()["warnings"]]

    first = f"{family.household}/2016/1"
    alike = [("record_told_alike_that_day", first)]
    assert entered(body) == []
    assert entered(body, params={"dry_run": True}) == alike
    assert entered(body) == alike
    assert entered(delivery(family.household, "2016-03-05", "20.00")) == []
    assert entered(delivery(family.household, "2016-03-04")) == []
    assert entered({**body, "done_by": "staff-7"}) == []
    assert entered(correction_of(body), f"/records/{first}/corrections") == []
    for number in (1, 2):
        shared.post(shared.cadre, f"/records/{family.household}/2016/{number}/annulments", {"reason": "重复"})
    assert entered(body) == []


def test_records_are_of_ones_own_area_and_of_subjects_that_were_known_then(shared: AssistanceHarness) -> None:
    family = family_in(shared)
    location = shared.post(shared.cadre, "/records", visit(family.household, "2016-03-05"))
    next_door = shared.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    body = visit(family.household, "2016-03-06")
    assert shared.refused(next_door, "/records", body) == (404, "not_found")
    assert shared.refused(next_door, "/records", visit(uuid4(), "2016-03-06")) == (404, "not_found")
    assert next_door.get(f"/assistance{location}").status_code == 404
    assert listed(shared, next_door, subject=str(family.household)) == []
    assert shared.refused(next_door, f"{location}/annulments", {"reason": "x"}) == (404, "not_found")
    early = visit(family.household, "2014-01-04")
    assert shared.refused(shared.cadre, "/records", early) == (409, "record_subject_not_known_then")
    shared.post(shared.cadre, "/records", visit(family.household, "2014-01-05"))
    decider = shared.refused(shared.decider, "/records", body)
    assert decider == (403, "record_of_another_office")
    assert shared.refused(shared.cadre, "/records", {**body, "kind": "no_such"}) == (409, "record_kind_unknown")


def test_a_correction_takes_the_place_of_what_was_told_and_as_known_before_that_stands(own: AssistanceHarness) -> None:
    family = family_in(own)
    body = visit(family.household, "2016-03-05")
    one = own.post(own.cadre, "/records", body)
    own.advance_to("2016-06-10")
    corrected = correction_of(visit(family.household, "2016-03-07", topic="policy"))
    assert own.post(own.cadre, f"{one}/corrections", corrected) == one
    assert [r["effective_on"] for r in own.get("/records", subject=str(family.household))["items"]] == ["2016-03-07"]
    before = own.get("/records", subject=str(family.household), known_at="2016-06-09")["items"]
    assert [(r["effective_on"], r["id"]) for r in before] == [("2016-03-05", one.removeprefix("/records/"))]
    assert own.get(one, known_at="2016-06-09")["effective_on"] == "2016-03-05"
    assert [f["annuls"] for f in own.get(one)["facts"]] == [[], [f"assistance/records-{family.household}-2016/1"]]
    assert own.refused(own.cadre, f"{one}/corrections", {**corrected, "effective_on": "2015-03-07"}) == (
        409, "record_correction_of_other_work",
    )  # fmt: skip
    # The day that was wrong is free again, and the one that is right is taken.
    own.post(own.cadre, "/records", body)
    assert own.refused(own.cadre, "/records", {**body, "effective_on": "2016-03-07"}) == (
        409, "record_made_already_that_day",
    )  # fmt: skip


def test_an_annulled_record_counts_for_nothing_stays_readable_and_can_be_restored(own: AssistanceHarness) -> None:
    family = family_in(own)
    one = own.post(own.cadre, "/records", visit(family.household, "2016-03-05"))
    own.post(own.cadre, f"{one}/corrections", correction_of(visit(family.household, "2016-03-07")))
    assert figures(own) == {"home_visit": {"records": 1, "households": 1, "household_times": 1}}
    own.advance_to("2016-06-10")
    own.post(own.cadre, f"{one}/annulments", {"reason": "走错了户"})
    assert figures(own) == {}
    assert figures(own, known_at="2016-06-09")["home_visit"]["records"] == 1
    found = own.get(one)
    assert (found["status"], len(found["facts"])) == ("annulled", 3)
    assert own.refused(own.cadre, f"{one}/annulments", {"reason": "x"}) == (409, "record_annulled_already")
    corrected = correction_of(visit(family.household, "2016-03-08"))
    assert own.refused(own.cadre, f"{one}/corrections", corrected) == (409, "record_annulled_already")
    own.advance_to("2016-06-20")
    own.post(own.cadre, f"{one}/restorations", {"reason": "没有走错"})
    assert (own.get(one)["effective_on"], own.get(one)["status"]) == ("2016-03-07", "standing")
    assert figures(own) == {"home_visit": {"records": 1, "households": 1, "household_times": 1}}
    assert figures(own, known_at="2016-06-19") == {}
    assert own.refused(own.cadre, f"{one}/restorations", {"reason": "x"}) == (409, "record_not_annulled")
    texts = own.cadre.get(f"/assistance{one}/texts", purpose="correction").json()["texts"]
    assert [(t["field"], t["text"]) for t in texts[2:]] == [("reason", "走错了户"), ("reason", "没有走错")]


def test_goods_count_once_a_second_person_has_confirmed_them(own: AssistanceHarness) -> None:
    family = family_in(own)
    by_township = own.running.client_for("reviewer-2", TOWNSHIP, Role.REVIEWER)
    one = own.post(own.reviewer, "/records", {**delivery(family.household, "2016-02-01"), "done_by": "cadre-1"})
    assert (own.get(one)["status"], figures(own)) == ("awaiting_confirmation", {})
    assert listed(own, awaiting=True) == [one.removeprefix("/records/")]
    confirmation = f"/assistance{one}/confirmations"
    assert status_and_code(own.reviewer.post(confirmation)) == (409, "record_own_work")
    assert status_and_code(own.cadre.post(confirmation)) == (403, "record_of_another_office")
    own.advance_to("2016-06-10")
    assert by_township.post(confirmation).status_code == 201
    assert status_and_code(by_township.post(confirmation)) == (409, "record_nothing_to_confirm")
    assert figures(own) == {"goods_delivery": {"records": 1, "households": 1, "household_times": 1}}
    assert (figures(own, known_at="2016-06-09"), listed(own, awaiting=True)) == ({}, [])
    (goods, value) = own.get(one)["values"]
    assert (goods["label_zh"], value["amount"], value["unit"]) == ("粮油", "500.000", "yuan")
    # Told anew it has to be confirmed anew.
    own.post(own.cadre, f"{one}/corrections", correction_of(delivery(family.household, "2016-02-01", "50.00")))
    assert (own.get(one)["status"], figures(own)) == ("awaiting_confirmation", {})


def test_persons_and_person_times_of_sessions_are_two_figures(own: AssistanceHarness) -> None:
    first, second, elsewhere = family_in(own), family_in(own), family_in(own, NEXT_VILLAGE)
    everybody = [first.head.person_id, second.head.person_id]
    body = training(VILLAGE, "2016-04-01", everybody, [first.household], unnamed=30)
    one = own.post(own.cadre, "/records", body)
    own.post(own.cadre, "/records", training(VILLAGE, "2016-05-01", everybody[:1]))
    township = own.running.client_for("cadre-9", TOWNSHIP, Role.CADRE)
    own.post(township, "/records", training(TOWNSHIP, "2016-05-02", [elsewhere.head.person_id, everybody[0]]))
    all_of_it = {"records": 3, "households": 1, "household_times": 1, "persons": 3, "person_times": 35, "unnamed": 30}
    assert figures(own) == {"training_session": all_of_it}
    by_month = own.get("/records/counts", by="month", since="2016-01-01")["counts"]
    assert [(c["month"], c["persons"], c["person_times"]) for c in by_month] == [("2016-04", 2, 32), ("2016-05", 2, 3)]
    by_division = own.get("/records/counts", by="division", division=TOWNSHIP, since="2016-01-01")["counts"]
    assert [(c["division"], c["records"]) for c in by_division] == [(TOWNSHIP, 1), (VILLAGE, 2)]
    assert own.get(one)["persons"] == [str(p) for p in everybody]
    attended = own.get(f"/records/persons/{everybody[0]}", own.cadre)["items"]
    assert [(r["division"], r["attendance"]["persons"]) for r in attended] == [
        (VILLAGE, 2),
        (VILLAGE, 1),
        (TOWNSHIP, 2),
    ]
    next_door = own.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert next_door.get(f"/assistance/records/persons/{everybody[0]}").status_code == 404
    fewer = correction_of(body, attendance={"persons": [str(everybody[1])]})
    own.post(own.cadre, f"{one}/corrections", fewer)
    assert figures(own) == {"training_session": {"records": 3, "persons": 3, "person_times": 4}}


def test_who_attends_is_known_in_the_callers_area_named_once_and_told_as_the_kind_takes_it(
    shared: AssistanceHarness,
) -> None:
    here, elsewhere = family_in(shared), family_in(shared, NEXT_VILLAGE)

    def refused(**attendance: Any) -> tuple[int, str]:
        return shared.refused(shared.cadre, "/records", training(VILLAGE, "2016-04-01", **attendance))

    assert refused() == (409, "record_attendance_missing")
    assert refused(persons=[here.head.person_id] * 2) == (409, "record_attendant_twice")
    assert refused(persons=[elsewhere.head.person_id]) == (409, "record_attendant_unknown")
    assert refused(persons=[uuid4()]) == (409, "record_attendant_unknown")
    body = {**visit(here.household, "2016-04-01"), "attendance": {"unnamed": 1}}
    assert shared.refused(shared.cadre, "/records", body) == (409, "record_attendance_not_taken")
    without = {**training(VILLAGE, "2016-04-01", unnamed=3), "evidence": []}
    assert shared.refused(shared.cadre, "/records", without) == (409, "record_evidence_missing")
    nowhere = training("990001101999", "2016-04-01", unnamed=3)
    assert shared.refused(shared.decider, "/records", nowhere) == (404, "not_found")


def test_a_talk_has_a_topic_and_a_record(shared: AssistanceHarness) -> None:
    """Source facts §5 rule 44."""
    child = family_in(shared).pupil.person_id
    without = talk(child, "2016-05-03", topic=None)
    assert shared.refused(shared.cadre, "/records", without) == (409, "record_field_missing")
    one = shared.post(shared.cadre, "/records", talk(child, "2016-05-03"))
    assert [v["en"] for v in shared.get(one)["values"]] == ["topic", "content"]
    assert listed(shared, subject=str(child)) == [one.removeprefix("/records/")]


def test_evidence_is_cited_by_the_record_and_seen_by_the_next_office(shared: AssistanceHarness) -> None:
    evidence = uploaded(shared.cadre, "assistance", kind="attendance_sheet")
    family_in(shared)
    body = {**training(VILLAGE, "2016-05-20", unnamed=12), "evidence": evidence}
    one = shared.post(shared.cadre, "/records", body)
    (cited,) = shared.get(one)["evidence"]
    assert (cited["kind"], cited["file"]) == ("attendance_sheet", evidence[0]["file"]["id"])
    path = f"/assistance/evidence/{cited['file']}/content"
    assert shared.reviewer.get(path, purpose="case").status_code == 200
    unknown = [{"kind": "attendance_sheet", "file": {"id": str(uuid4()), "sha256": "0" * 64}}]
    assert shared.refused(shared.cadre, "/records", {**body, "evidence": unknown}) == (409, "evidence_unknown")


def test_lists_go_on_where_a_page_ends(own: AssistanceHarness) -> None:
    family = family_in(own)
    days = [f"2016-05-{day:02}" for day in range(1, 8)]
    for day in reversed(days):
        own.post(own.cadre, "/records", visit(family.household, day))
    found = all_items(own.decider, "/assistance/records", limit=3, since="2016-01-01")
    assert [r["effective_on"] for r in found] == days
    found = all_items(own.decider, f"/assistance/records/persons/{family.pupil.person_id}", limit=3)
    assert found == []
