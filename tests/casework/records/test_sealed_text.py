"""What records say in words: who opens it, who does not, and what is left when its key is gone."""

from uuid import UUID

from contracts.casework.records import WorkTextRead
from contracts.roles import Role
from services.registry.vault.keys import Vault
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, TOWNSHIP, VILLAGE, AssistanceHarness
from tests.casework.records.asking import family_in, figures, listed
from tests.casework.records.requests import contact, correction_of, delivery, training, visit
from tests.registry.households.example_requests import status_and_code
from tests.support.evidence import uploaded
from tests.support.readings import readings_of
from tests.support.running import ApiClient


def test_the_text_is_opened_for_a_stated_purpose_and_the_reading_is_a_fact(shared: AssistanceHarness) -> None:
    family = family_in(shared)
    location = shared.post(shared.cadre, "/records", visit(family.household, "2016-03-05"))
    reader = shared.running.client_for("reader-9", TOWNSHIP, Role.REVIEWER)
    answer = reader.get(f"/assistance{location}/texts", purpose="verification")
    assert answer.json()["texts"] == [{"version": 1, "field": "situation", "text": "老人独居，冬衣不足"}]
    (reading,) = readings_of(shared.assistance, "reader-9")
    assert isinstance(reading.fact, WorkTextRead)
    assert (reading.fact.record, reading.fact.purpose) == (location.removeprefix("/records/"), "verification")
    assert status_and_code(reader.get(f"/assistance{location}/texts", purpose="audit")) == (403, "purpose_not_allowed")
    assert "冬衣" not in "".join(
        r.payload.decode() for r in shared.assistance.stream(f"records-{family.household}-2016")
    )


def test_a_confidential_contact_is_read_and_counted_by_those_its_kind_names_and_by_who_made_it(
    shared: AssistanceHarness,
) -> None:
    family = family_in(shared)
    child = family.pupil.person_id
    one = shared.post(shared.cadre, "/records", contact(child, "2016-05-03"))
    assert shared.refused(shared.cadre, "/records", {**contact(child, "2016-05-04"), "done_by": "staff-7"}) == (
        409, "record_only_by_oneself",
    )  # fmt: skip
    other = shared.running.client_for("cadre-3", VILLAGE, Role.CADRE)
    analyst = shared.running.client_for("analyst-1", COUNTY, Role.ANALYST)
    for outsider in (other, analyst):
        assert outsider.get(f"/assistance{one}").status_code == 404
        assert listed(shared, outsider, subject=str(child)) == []
        assert shared.get("/records/counts", outsider, kind="confidential_contact")["counts"] == []
    assert other.get(f"/assistance{one}/texts", purpose="case").status_code == 404
    assert shared.get(one, shared.cadre)["restricted"] is True
    assert listed(shared, shared.reviewer, subject=str(child)) == [one.removeprefix("/records/")]
    assert [v["text"] for v in shared.get(one, shared.reviewer)["values"]] == ["***", "***"]
    opened = shared.reviewer.get(f"/assistance{one}/texts", purpose="case").json()["texts"]
    assert [(t["field"], t["text"]) for t in opened] == [("topic", "mind"), ("content", "夜里睡不着")]
    stored = b"".join(r.payload for r in shared.assistance.stream(f"records-{child}-2016"))
    assert b"mind" not in stored


def test_the_files_of_a_restricted_record_are_for_its_readers(shared: AssistanceHarness) -> None:
    family = family_in(shared)
    child = family.pupil.person_id
    (paper,) = uploaded(shared.cadre, "assistance", kind="receipt", subjects=[child])
    other = shared.running.client_for("cadre-3", VILLAGE, Role.CADRE)
    at = f"/assistance/evidence/{paper['file']['id']}"

    def reads(who: ApiClient) -> list[int]:
        return [who.get(at).status_code, who.get(f"{at}/content", purpose="case").status_code]

    plain = shared.post(shared.cadre, "/records", {**delivery(family.household, "2016-05-03"), "evidence": [paper]})
    assert reads(other) == [200, 200]
    one = shared.post(shared.cadre, "/records", {**contact(child, "2016-05-03"), "evidence": [paper]})
    assert [reads(who) for who in (other, shared.cadre, shared.reviewer)] == [[404, 404], [200, 200], [200, 200]]
    further = {"subjects": [str(family_in(shared).pupil.person_id)]}
    assert shared.refused(other, at.removeprefix("/assistance") + "/subjects", further) == (404, "not_found")
    shared.post(shared.reviewer, f"{one}/annulments", {"reason": "x"})
    assert reads(other) == [404, 404], "what it shows was told in confidence all the same"
    assert shared.get(plain, other)["evidence"][0]["file"] == paper["file"]["id"]


def test_for_a_colleague_outside_its_readers_a_restricted_record_cannot_be_acted_on_either(
    shared: AssistanceHarness,
) -> None:
    """Its address is easily guessed, and whoever tells a record anew is one of those who told it, and may read it."""
    child = family_in(shared).pupil.person_id
    one = shared.post(shared.cadre, "/records", contact(child, "2016-05-03"))
    other = shared.running.client_for("cadre-3", VILLAGE, Role.CADRE)
    anew = correction_of(contact(child, "2016-05-03"))
    for act, body in (("corrections", anew), ("annulments", {"reason": "x"}), ("restorations", {"reason": "x"})):
        assert shared.refused(other, f"{one}/{act}", body) == (404, "not_found")
    assert status_and_code(other.post(f"/assistance{one}/confirmations")) == (404, "not_found")
    assert other.get(f"/assistance{one}/texts", purpose="case").status_code == 404
    # A reader may annul it, and is not who did it: told anew, it would name somebody else.
    assert shared.refused(shared.reviewer, f"{one}/corrections", anew) == (409, "record_only_by_oneself")
    shared.post(shared.cadre, f"{one}/corrections", anew)
    shared.post(shared.reviewer, f"{one}/annulments", {"reason": "x"})


def test_a_shredded_subjects_records_stay_listed_and_counted_and_say_that_their_text_is_gone(
    own: AssistanceHarness,
) -> None:
    family = family_in(own)
    one = own.post(own.cadre, "/records", visit(family.household, "2016-03-05"))
    shred(own, family.household)
    texts = own.cadre.get(f"/assistance{one}/texts", purpose="case").json()["texts"]
    assert texts == [{"version": 1, "field": "situation", "text": "shredded"}]
    assert figures(own) == {"home_visit": {"records": 1, "households": 1, "household_times": 1}}
    again = visit(family.household, "2016-03-06")
    assert own.refused(own.cadre, "/records", again) == (410, "record_subject_shredded")
    own.post(own.cadre, "/records", delivery(family.household, "2016-03-06"))
    # What was wrong all along is annulled and restored; of the reason as little is kept as of the rest.
    own.post(own.cadre, f"{one}/annulments", {"reason": "走错了户"})
    assert figures(own) == {}
    own.post(own.cadre, f"{one}/restorations", {"reason": "没有走错"})
    texts = own.cadre.get(f"/assistance{one}/texts", purpose="case").json()["texts"]
    assert [(t["field"], t["text"]) for t in texts[1:]] == [("reason", "shredded")] * 2
    assert figures(own)["home_visit"]["records"] == 1


def shred(harness: AssistanceHarness, subject: UUID) -> None:
    vault = harness.running.services["assistance"].environment.open_data_keys()
    assert isinstance(vault, Vault)
    assert vault.shred(subject)


def test_whoever_attended_is_listed_with_the_key_of_the_session_and_of_a_refused_one_nobody_is(
    shared: AssistanceHarness,
) -> None:
    """Where their own key is destroyed, what was said about them in the session can be found."""
    here, elsewhere = family_in(shared), family_in(shared, NEXT_VILLAGE)
    vault = shared.running.services["assistance"].environment.open_data_keys()
    assert isinstance(vault, Vault)
    attending = here.head.person_id
    session = training(VILLAGE, "2016-03-05", [attending, elsewhere.head.person_id])
    assert shared.refused(shared.cadre, "/records", session) == (409, "record_attendant_unknown")
    late = training(VILLAGE, "2099-03-05", [attending])
    assert shared.refused(shared.cadre, "/records", late)[0] == 409
    assert vault.concerning(attending) == vault.concerning(elsewhere.head.person_id) == []
    shared.post(shared.cadre, "/records", training(VILLAGE, "2016-03-05", [attending]))
    assert len(vault.concerning(attending)) == 1
