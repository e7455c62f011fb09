"""Told in another order, by mistake, or under a document that is gone: nobody is without a helper unnoticed, and whatever is
open can be closed."""

from typing import Any
from uuid import UUID, uuid4

from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.casework.records import SubjectKind
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.reasons import CancelReason
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.pairs.streams import following_stream
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, VILLAGE, fact
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.helped_households import duties, told
from tests.assistance.pairs.requests import DAY, form, refused
from tests.assistance.pairs.test_handovers import NEW_KIND
from tests.support.helper_forms import helper_form, successor_form
from tests.support.running import all_items

MET, OWED = ("met", "2015-11-04"), ("due", "2015-11-04")


def sought(county: FieldCounty, household: UUID) -> bool:
    """Whether the village's inbox asks for a helper."""
    cadre = county.village_cadre
    entries = county.harness.get("/inbox", cadre, kind="due", limit=200)["items"]
    return str(household) in {e["household_id"] for e in entries if e["details"].get("duty_set") == "pairing_helper"}


def test_whoever_was_handed_over_to_nobody_is_owed_a_helper(county: FieldCounty) -> None:
    """By a slip in the reason, or because the pair that succeeded was entered by mistake."""
    slip, mistake = county.family_in(VILLAGE), county.family_in(VILLAGE)
    one = county.post("/pairs", helper_form(slip.household, DAY, "gone-1"))
    county.post(f"{one}/ends", {"reason": "handed_over", "effective_on": DAY})
    two = county.post("/pairs", helper_form(mistake.household, DAY, "gone-2"))
    three = county.post(f"{two}/successions", successor_form(DAY, "gone-3"))
    assert (duties(county.harness, mistake.household), sought(county, mistake.household)) == ([MET], False)
    county.post(f"{three}/annulments", None)
    for one_of in (slip, mistake):
        assert duties(county.harness, one_of.household) == [MET, OWED]
        assert sought(county, one_of.household)


def test_whoever_takes_over_needs_nothing_that_came_before_the_pair(county: FieldCounty) -> None:
    """The subject is off the list by now: the leaver's line is accepted all the same, and what is left falls to the leader."""
    one, two = Somebody(county, "off-1", VILLAGE), Somebody(county, "off-1", VILLAGE)
    for each in (one, two):
        each.paired("filed_pupil_teacher")
        county.post(f"{each.listings['filed_pupil_teacher']}/ends", {"effective_on": DAY})
    leaving = {"helper": "off-1", "leader": "off-9", "leader_unit": "县教育局", "accept_by": DAY, "effective_on": DAY}
    handover = county.post("/handovers", leaving)
    line = {"subject": str(one.family.pupil.person_id), "pair": int(one.pairs["filed_pupil_teacher"].rsplit("/", 1)[1])}
    county.post(
        f"{handover}/acceptances", {"helper": "off-2", "unit": "县教育局", "effective_on": DAY, "lines": [line]}
    )
    county.harness.advance_to("2015-10-06")
    assert county.harness.get(handover, county.cadre)["closed"]
    assert [p["helper"] for p in county.harness.get("/pairs", subject=str(two.family.pupil.person_id))["items"]] == [
        "off-9"
    ]


def test_an_entry_of_a_list_that_was_over_on_its_first_day_stands_in_no_ones_way(county: FieldCounty) -> None:
    one = Somebody(county, "list-1", VILLAGE)
    entry = {"kind": "key_pupil_teacher", "subject": one.subject(SubjectKind.PERSON), "effective_on": DAY}
    wrong = county.post("/listings", entry)
    county.post(f"{wrong}/ends", {"effective_on": DAY})
    county.post("/listings", {**entry, "effective_on": "2015-09-01"})
    assert refused(county, "/listings", {**entry, "effective_on": "2015-08-01"}) == "pair_subject_listed_already"


def test_a_pair_whose_kind_was_withdrawn_is_handed_over_and_ended(county: FieldCounty) -> None:
    proposer, confirmer = (county.harness.running.client_for(f"op-{n}", COUNTY, Role.OPERATOR) for n in (1, 2))
    text = NEW_KIND.replace("orchard", "vineyard")
    kind = county.post("/documents", {"content": canonical_text(YamlText(text, "new").content)}, proposer)
    assert confirmer.post(f"/assistance{kind}/confirmations").status_code == 201
    one = Somebody(county, "vine-1", VILLAGE)
    asked = form(one, "vineyard_adviser", "household")
    pair = county.post("/pairs", asked)
    county.post(f"{kind}/withdrawals", {"reason": "误发"}, proposer)
    assert confirmer.post(f"/assistance{kind}/confirmations").status_code == 201
    assert refused(county, "/pairs", {**asked, "helper": "vine-3"}) == "pair_kind_unknown"
    next_one = county.post(f"{pair}/successions", successor_form(DAY, "vine-2"))
    county.post(f"{next_one}/ends", {"reason": "other", "effective_on": DAY})


def test_a_handover_is_opened_by_who_answers_for_all_and_tells_nobody_of_others(county: FieldCounty) -> None:
    """Otherwise anybody could take whom others help, and read who they are."""
    client, there = county.harness.running.client_for, Somebody(county, "area-1", NEXT_VILLAGE)
    county.post("/pairs", helper_form(there.family.household, DAY, "area-1"))
    leaving = {
        "helper": "area-1",
        "leader": "area-9",
        "leader_unit": "县教育局",
        "accept_by": "2015-10-30",
        "effective_on": DAY,
    }
    assert refused(county, "/handovers", leaving, county.stranger) == "handover_nothing_in_hand"
    assert refused(county, "/handovers", leaving, county.village_cadre) == "handover_nothing_in_hand"
    here = county.family_in(VILLAGE)
    county.post("/pairs", helper_form(here.household, DAY, "area-1"))
    assert refused(county, "/handovers", leaving, county.village_cadre) == "handover_beyond_area"
    handover = county.post("/handovers", leaving)
    assert len(county.harness.get(handover, client("area-9", VILLAGE, Role.CADRE))["lines"]) == 2


def test_a_line_that_was_accepted_is_told_to_nobody_outside_the_table(county: FieldCounty) -> None:
    """R49, also once it is handed over; and what is owed is told with the pair by which it is owed."""
    client, one = county.harness.running.client_for, Somebody(county, "close-1", VILLAGE)
    pair = one.paired("at_risk_teacher")
    county.post("/pairs", form(one, "double_promise_household", "household"))
    county.post("/pairs", helper_form(one.family.household, DAY, "close-1"))
    leaving = {
        "helper": "close-1",
        "leader": "close-9",
        "leader_unit": "县教育局",
        "accept_by": "2015-10-30",
        "effective_on": DAY,
    }
    handover = county.post("/handovers", leaving, county.office)
    lines = {x["kind"]: (x["due"], x["overdue"]) for x in county.harness.get(handover, county.cadre)["lines"]}
    assert lines == {"double_promise_household": (1, 0), "pairing_helper": (0, 0)}
    subject, number = pair.split("/")[2:]
    taken = {
        "helper": "close-2",
        "unit": "县教育局",
        "effective_on": DAY,
        "lines": [{"subject": subject, "pair": int(number)}],
    }
    county.post(f"{handover}/acceptances", taken, county.office)
    readers = (county.office, True), (county.cadre, False), (client("cadre-77", COUNTY, Role.CADRE), False)
    for who, sees in readers:
        assert [a["helper"] for a in county.harness.get(handover, who)["accepted"]] == ["close-2"] * sees


def test_a_helper_told_late_is_kept_by_whoever_split_off_at_once(county: FieldCounty) -> None:
    """Not only when the register tells of them next."""
    family, new = county.family_in(VILLAGE), uuid4()
    county.harness.record(*family.split("2015-06-01", new))
    county.post("/pairs", helper_form(family.household, "2015-05-01", "late-1"))
    assert told(county.harness, new) == [("late-1", "2015-06-01", None, None)]
    assert [state for state, _ in duties(county.harness, new)] == ["met"]


def test_a_second_helper_told_late_is_kept_beside_the_first(county: FieldCounty) -> None:
    """Once, and neither who came after the split nor whom somebody said not to be kept."""
    family, new = county.family_in(VILLAGE), uuid4()
    county.post("/pairs", helper_form(family.household, "2015-05-01", "late-11"))
    county.harness.record(*family.split("2015-06-01", new))
    county.post("/pairs", helper_form(family.household, "2015-05-02", "late-12", additional=True))
    county.post("/pairs", helper_form(family.household, "2015-06-02", "late-13", additional=True))
    county.harness.record(family.moved("2015-10-06"))
    both = [("late-11", "2015-06-01", None, None), ("late-12", "2015-06-01", None, None)]
    assert told(county.harness, new) == both
    assert refusals(county, new) == []
    second = all_items(county.office, "/assistance/pairs", subject=str(new), helper="late-12")[0]["number"]
    county.post(f"/pairs/{new}/{second}/annulments", None)
    county.post("/pairs", helper_form(family.household, "2015-05-03", "late-14", additional=True))
    now = all_items(county.office, "/assistance/pairs", subject=str(new))
    assert {p["helper"] for p in now} == {"late-11", "late-14"}


def refusals(county: FieldCounty, household: UUID) -> list[str]:
    facts = surviving(county.harness.assistance.stream(following_stream(household)))
    return [r.fact.code for r in facts if isinstance(r.fact, AssistanceReactionRefused)]


def test_a_helper_told_late_of_before_a_removal_is_not_that_of_today(county: FieldCounty) -> None:
    """The household is in the register again, and nobody helps it."""
    early, late = county.family_in(VILLAGE), county.family_in(VILLAGE)
    for one in (early, late):
        if one is early:
            county.post("/pairs", helper_form(one.household, "2014-07-01", "once-1"))
        county.harness.record(one.removed("2015-01-01"))
        county.harness.record(one.enrolled("2015-10-06"))
        if one is late:
            county.post("/pairs", helper_form(one.household, "2014-07-01", "once-1"))
    now = [(h, since, why) for one in (early, late) for h, since, _, why in told(county.harness, one.household)]
    assert now == [("once-1", "2014-07-01", "household_removed")] * 2
    assert [duties(county.harness, one.household)[-1][0] for one in (early, late)] == ["due", "due"]
    again = county.post("/pairs", helper_form(late.household, "2015-10-06", "once-2"))
    county.harness.record(late.moved("2015-10-06"))
    assert [p["helper"] for p in county.harness.get("/pairs", subject=str(late.household))["items"]] == ["once-2"]
    assert again


def test_what_is_kept_from_a_reader_is_so_after_its_document_was_withdrawn(county: FieldCounty) -> None:
    """R49: what was told under it is there still."""
    one, client = Somebody(county, "kept-1", VILLAGE), county.harness.running.client_for
    one.paired("at_risk_teacher")
    one.record("individual_talk", DAY, SubjectKind.PERSON)
    proposer, confirmer, other = (client(n, "", Role.OPERATOR) for n in ("op-1", "op-2", "op-3"))
    reader = client("cadre-78", COUNTY, Role.CADRE)
    for kind, keys in (("pair_kind", ["at_risk_teacher"]), ("record_kind", ["individual_plan", "individual_talk"])):
        for document in all_items(other, "/assistance/documents", kind=kind):
            if document["key"] in keys:
                path = f"/documents/{document['number']}"
                county.post(f"{path}/withdrawals", {"reason": "误发"}, proposer)
                county.post(f"{path}/confirmations", None, confirmer)
    subject = str(one.family.pupil.person_id)
    for path in ("/pairs", "/records"):
        assert county.harness.get(path, reader, subject=subject)["items"] == []
        assert county.harness.get(path, county.office, subject=subject)["items"] != []


def test_nobody_seeks_a_helper_for_the_dead(county: FieldCounty) -> None:
    """Who died is off the list, whether somebody helped them or not, and on it again where the death was told by mistake."""
    alone, helped, dead = (Somebody(county, f"dead-{n}", VILLAGE) for n in (1, 2, 3))
    alone.listed("left_behind_teacher")
    helped.paired("left_behind_teacher")
    died = county.harness.record(*(one.family.pupil_died("2015-10-06") for one in (alone, helped, dead)))
    dead.listed("left_behind_teacher")

    def sought_for() -> list[bool]:
        asked = {"kind": "left_behind_teacher", "unhelped": True, "as_of": "2015-10-06"}
        listed = {x["subject"] for x in all_items(county.office, "/assistance/listings", **asked)}
        return [str(one.family.pupil.person_id) in listed for one in (alone, helped, dead)]

    assert sought_for() == [False, False, False]
    county.harness.record(
        *(o.family.annulled("2015-10-06", i) for o, i in zip((alone, helped, dead), died, strict=True))
    )
    assert sought_for() == [True, False, True]


def test_what_falls_to_the_leader_does_so_under_a_stricter_edition(county: FieldCounty) -> None:
    """It asks for a term by now, which nobody says of what falls by itself."""
    proposer, confirmer = (county.harness.running.client_for(f"op-{n}", COUNTY, Role.OPERATOR) for n in (1, 2))
    day, text = "2015-10-06", NEW_KIND.replace("orchard", "fishery")
    stricter = text.replace("-2015", "-2015-10").replace("2015-01-01", day).replace("helps_at_most: 2", "term_years: 1")
    one = Somebody(county, "fish-1", VILLAGE)
    for each in (text, stricter):
        made = county.post("/documents", {"content": canonical_text(YamlText(each, "new").content)}, proposer)
        assert confirmer.post(f"/assistance{made}/confirmations").status_code == 201
        if each is text:
            county.post("/pairs", form(one, "fishery_adviser", "household"))
    leaving = {"helper": "fish-1", "leader": "fish-9", "leader_unit": "县水产局", "accept_by": day, "effective_on": DAY}
    handover = county.post("/handovers", leaving)
    county.harness.advance_to("2015-10-07")
    assert county.harness.get(handover, county.cadre)["closed"]
    (now,) = county.harness.get("/pairs", subject=str(one.family.household))["items"]
    assert now["helper"] == "fish-9"


def test_a_household_that_ended_is_helped_until_somebody_ends_the_pair(county: FieldCounty) -> None:
    """Pairs that follow the register end with it; the others wait in the inbox, with the act."""
    one = Somebody(county, "ended-1", VILLAGE)
    pair = county.post("/pairs", form(one, "bureau_household", "household"))
    county.post("/pairs", helper_form(one.family.household, DAY, "ended-1"))

    def waiting(who: Any = None) -> list[dict[str, Any]]:
        entries = all_items(who or county.office, "/assistance/inbox", kind="due")
        return [e for e in entries if e["id"].endswith("/household_ended")]

    assert waiting() == []
    (ended,) = county.harness.record(
        fact(HouseholdCancelled, one.family.household, DAY, reason=CancelReason.LEFT_PROVINCE)
    )
    (entry,) = waiting(county.village_cadre)
    act = entry["act"]
    assert (act["operation"], act["path"]) == ("end_pair", f"/assistance{pair}/ends")
    assert [reason for *_, reason in told(county.harness, one.family.household)] == [None, "household_cancelled"]
    assert waiting(county.stranger) == []
    (_,) = county.harness.record(one.family.annulled(DAY, ended))
    assert waiting() == []
    county.harness.record(fact(HouseholdCancelled, one.family.household, DAY, reason=CancelReason.LEFT_PROVINCE))
    county.post(act["path"].removeprefix("/assistance"), {**act["form"], "effective_on": DAY})
    assert waiting() == []


def test_whom_a_household_that_was_removed_is_helped_by_still_is_found_by_its_status(county: FieldCounty) -> None:
    """Pairs that follow the register end with the removal; whether the others go on is for their office to say."""
    one, there = Somebody(county, "rem-1", VILLAGE), Somebody(county, "rem-1", VILLAGE)
    for each in (one, there):
        county.post("/pairs", form(each, "bureau_household", "household"))
        county.post("/pairs", helper_form(each.family.household, DAY, "rem-1"))
    county.harness.record(one.family.removed(DAY))
    found = all_items(county.office, "/assistance/pairs", helper="rem-1", status="removed")
    assert [(p["subject"], p["kind"], p["status"]) for p in found] == [
        (str(one.family.household), "bureau_household", "removed")
    ]
    assert len(all_items(county.office, "/assistance/pairs", helper="rem-1")) == 3
