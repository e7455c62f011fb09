"""A pair is handed on under a later edition of its kind that asks for more, or for less: what it asks for can be said."""

from typing import Any

from contracts.roles import Role
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form, refused
from tests.assistance.pairs.test_handovers import NEW_KIND
from tests.support.helper_forms import successor_form

TURN = "2015-10-04"
"""From when the later edition is in force."""
FORMED = "2015-10-01"
ON_RECORD_FOR_A_YEAR = "helper_is: party\nterm_years: 1\n"
MODES = "modes: [{code: by_plot, zh: 按地块, en: by plot}]\n"


def two_editions(county: FieldCounty, programme: str, before: str, after: str, helped: str = "household") -> None:
    """Of one kind of pair, what each asks for."""
    proposer, confirmer = (county.harness.running.client_for(f"op-{n}", COUNTY, Role.OPERATOR) for n in (1, 2))
    text = NEW_KIND.replace("orchard", programme).replace("[household]", f"[{helped}]")
    later = text.replace("-2015", "-2015-10").replace("2015-01-01", TURN)
    for each in (text + before, later + after):
        made = county.post("/documents", {"content": canonical_text(YamlText(each, "new").content)}, proposer)
        assert confirmer.post(f"/assistance{made}/confirmations").status_code == 201


def formed(one: Somebody, kind: str, **more: Any) -> str:
    return one.field.post("/pairs", {**form(one, kind, "household"), "effective_on": FORMED, **more})


def test_who_takes_over_says_what_the_later_edition_newly_asks_for(county: FieldCounty) -> None:
    two_editions(county, "tea", "", ON_RECORD_FOR_A_YEAR)
    one, two = Somebody(county, "tea-1", VILLAGE), Somebody(county, "tea-1", VILLAGE)
    pair, line = formed(one, "tea_adviser"), formed(two, "tea_adviser").rsplit("/", 2)[1:]
    heir = Somebody(county, "tea-2", VILLAGE)
    bare, asked = successor_form(DAY, "tea-2"), {"helper_subject": heir.party("bureau"), "ends_on": "2016-10-05"}
    assert refused(county, f"{pair}/successions", bare) == "pair_helper_on_record"
    on_record = {**bare, "helper_subject": asked["helper_subject"]}
    assert refused(county, f"{pair}/successions", on_record) == "pair_term"
    county.post(f"{pair}/successions", {**bare, **asked})
    leaving = {"helper": "tea-1", "leader": "tea-9", "leader_unit": "县茶办", "accept_by": DAY, "effective_on": DAY}
    handover = county.post("/handovers", leaving)
    taken = {**bare, "lines": [{"subject": line[0], "pair": int(line[1])}]}
    assert refused(county, f"{handover}/acceptances", taken) == "pair_helper_on_record"
    county.post(f"{handover}/acceptances", {**taken, **asked})
    for each in (one, two):
        (now,) = county.harness.get("/pairs", subject=str(each.family.household))["items"]
        assert (now["helper"], now["until"]) == ("tea-2", "2016-10-05")


def test_who_takes_over_need_not_be_what_the_later_edition_does_not_ask_for(county: FieldCounty) -> None:
    two_editions(county, "silk", ON_RECORD_FOR_A_YEAR + MODES, "")
    one = Somebody(county, "silk-1", VILLAGE)
    more = {"helper_subject": one.party("bureau"), "ends_on": "2016-10-01", "mode": "by_plot"}
    pair = formed(one, "silk_adviser", **more)
    county.post(f"{pair}/successions", successor_form(DAY, "silk-2"))
    (now,) = county.harness.get("/pairs", subject=str(one.family.household))["items"]
    assert (now["helper"], now["until"]) == ("silk-2", "2016-10-01")


def test_a_helper_who_goes_to_another_village_says_what_is_asked_for_there(county: FieldCounty) -> None:
    two_editions(county, "herb", "", ON_RECORD_FOR_A_YEAR, helped="division")
    one = Somebody(county, "herb-1", VILLAGE)
    asked = {"helper_subject": one.party("bureau"), "ends_on": "2016-10-05"}
    pair = formed(one, "herb_adviser", subject={"kind": "division", "place": VILLAGE})
    to = {"place": NEXT_VILLAGE, "effective_on": DAY}
    assert refused(county, f"{pair}/reassignments", to) == "pair_helper_on_record"
    county.post(f"{pair}/reassignments", {**to, **asked})
    (now,) = county.harness.get("/pairs", county.cadre, helper="herb-1")["items"]
    assert (now["place"], now["until"]) == (NEXT_VILLAGE, "2016-10-05")


def test_who_takes_over_where_a_later_edition_allows_fewer_is_told_which_pair_to_end(county: FieldCounty) -> None:
    two_editions(county, "nut", "helped_by_at_most: 2\n", "helped_by_at_most: 1\n")
    one = Somebody(county, "nut-1", VILLAGE)
    pair, beside = formed(one, "nut_adviser"), formed(one, "nut_adviser", helper="nut-2")
    succession = successor_form(DAY, "nut-3")
    answer = county.cadre.post(f"/assistance{pair}/successions", succession)
    assert (answer.status_code, answer.json()["code"]) == (409, "pair_subject_has_enough")
    paths = {step["act"]: step["path"].removeprefix("/assistance") for step in answer.json()["next"]}
    assert paths == {"succeed_helper": f"{beside}/successions", "end_pair": f"{beside}/ends"}
    county.post(paths["end_pair"], {"reason": "other", "effective_on": DAY})
    county.post(f"{pair}/successions", succession)


def test_who_helps_now_is_who_the_former_helper_was_on_record_where_an_organisation_sends_them(
    county: FieldCounty,
) -> None:
    """A person helps as themselves: whoever takes their place says who they are, and to a leader it falls as to nobody on record."""
    two_editions(county, "fir", "helper_is: party\n", "helper_is: party\n")
    one, other = Somebody(county, "fir-1", VILLAGE), Somebody(county, "fir-9", VILLAGE)
    bureau, worker = one.party("bureau"), other.party("worker")
    pair, sent = (
        formed(one, "fir_adviser", helper_subject=bureau),
        {"helper": "fir-2", "unit": "县教育局", "effective_on": DAY},
    )
    assert refused(county, f"{pair}/successions", {**sent, "unit": "县林业局"}) == "pair_helper_on_record"
    by_worker = county.post(f"{pair}/successions", sent)
    county.post(f"{by_worker}/successions", {**sent, "helper": "fir-3", "helper_subject": worker})
    left = county.harness.get("/pairs", subject=str(one.family.household))["items"]
    assert [(p["helper"], p["helper_subject"]) for p in left] == [("fir-3", worker)]
    of_worker = f"/pairs/{left[0]['subject']}/{left[0]['number']}/successions"
    assert refused(county, of_worker, {**sent, "helper": "fir-4"}) == "pair_helper_on_record"
    leaving = {"helper": "fir-3", "leader": "fir-5", "leader_unit": "县教育局", "accept_by": DAY, "effective_on": DAY}
    county.post("/handovers", leaving)
    county.harness.advance_to("2015-10-06")
    (now,) = county.harness.get("/pairs", subject=str(one.family.household))["items"]
    assert (now["helper"], now["helper_subject"]) == ("fir-5", None)
