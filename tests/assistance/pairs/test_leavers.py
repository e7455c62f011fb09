"""Whoever left by the staff directory and helps somebody still waits in the inbox until a handover is opened (R46)."""

from datetime import date
from typing import Any
from uuid import uuid4

from contracts.casework.directory import StaffActsAnnulled, StaffFact
from contracts.personal import Personal
from services.assistance.handovers.leavers import leaving
from services.casework.directory.domain import stream_of
from services.casework.directory.state import StaffMember, evolve
from tests.assistance.harness import NEXT_VILLAGE, TOWNSHIP, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form
from tests.casework.directory.example_staff import assumed, left, linked, registered, unlinked

ON = date(2015, 10, 5)


def gone(*facts: StaffFact) -> dict[str, date]:
    member = StaffMember()
    for fact in facts:
        evolve(member, fact)
    return leaving(member)


def test_who_leaves_is_whoever_has_no_post_or_no_account_any_more() -> None:
    hired = (registered(), linked("a"))
    assert gone(*hired) == {}
    assert gone(*hired, assumed(1), assumed(2), left(ON, 1)) == {}
    assert gone(*hired, assumed(1), assumed(2), left(ON, 1), left(date(2015, 11, 1), 2)) == {"a": date(2015, 11, 1)}
    assert gone(*hired, assumed(1, term_ends=ON)) == {"a": date(2015, 10, 6)}
    assert gone(*hired, assumed(1, term_ends=ON), assumed(2, on=date(2015, 10, 6))) == {}
    assert gone(*hired, assumed(1), unlinked("a", ON), linked("b", ON)) == {"a": ON}
    assert gone(*hired, unlinked("a", ON), linked("a", date(2016, 1, 1))) == {}


def recorded(county: FieldCounty, *facts: StaffFact) -> tuple[str, ...]:
    """In the registry's log, and followed."""
    harness = county.harness

    def work(tx: Any) -> tuple[str, ...]:
        harness.running.positions["registry"] = tx.head + len(facts)
        return tuple(tx.append(stream_of(facts[0].staff_id), *facts))

    ids = harness.registry.transact(work, actor="operator-1")
    harness.get("/inbox")
    return ids


def waiting(county: FieldCounty, helper: str, who: Any = None) -> list[dict[str, Any]]:
    items = county.harness.get("/inbox", who or county.office, kind="due", limit=200)["items"]
    return [entry for entry in items if entry["details"].get("helper") == helper and entry["id"].endswith("/left")]


def test_a_leaver_who_helps_still_waits_until_it_is_handed_over(county: FieldCounty) -> None:
    member = uuid4()
    here, there = Somebody(county, "gone-1", VILLAGE), Somebody(county, "gone-1", NEXT_VILLAGE)
    recorded(county, registered(member), linked("gone-1", staff=member), assumed(staff=member))
    for one in (here, there):
        county.post("/pairs", form(one, "bureau_household", "household"))
    assert waiting(county, "gone-1") == []
    (first,) = recorded(county, left(ON, staff=member))
    (entry,) = waiting(county, "gone-1")
    assert (entry["since"], entry["division"], entry["details"]["count"]) == (DAY, TOWNSHIP, 2)
    assert waiting(county, "gone-1", county.village_cadre) == []  # who is in charge of one of the two alone
    assert waiting(county, "gone-1", county.stranger) == []
    counts = county.harness.get("/inbox/counts", county.office)
    # Told by mistake, it waits no longer; told again, it does.
    annulled = StaffActsAnnulled(
        effective_on=ON, entered_by="operator-1", staff_id=member, annuls=(first,), acts=(uuid4(),),
        reason=Personal.sealed("A256GCM.1.AAAA"),
    )  # fmt: skip
    recorded(county, annulled)
    assert waiting(county, "gone-1") == []
    assert county.harness.get("/inbox/counts", county.office) != counts
    recorded(county, left(ON, staff=member))
    (entry,) = waiting(county, "gone-1")
    act = entry["act"]
    assert (act["operation"], act["path"], act["form"]) == (
        "open_handover",
        "/assistance/handovers",
        {"helper": "gone-1"},
    )
    body = {
        **act["form"],
        "leader": "leader-9",
        "leader_unit": "县教育局",
        "accept_by": "2015-11-05",
        "effective_on": DAY,
    }
    county.post("/handovers", body)
    assert waiting(county, "gone-1") == []


def test_a_helper_who_is_on_no_list_is_accepted_and_told_of(county: FieldCounty) -> None:
    """A number of the unit that sends them may stand there, or a slip; either way a handover closes it."""
    recorded(county, registered(member := uuid4()), linked("listed-1", staff=member))

    def told_of(helper: str, path: str = "/pairs") -> tuple[str, list[str]]:
        body = form(Somebody(county, helper, VILLAGE), "bureau_household", "household")
        asked = body if path == "/pairs" else {key: body[key] for key in ("helper", "unit", "effective_on")}
        answer = county.cadre.post(f"/assistance{path}", asked).json()
        return answer["location"].removeprefix("/assistance"), [w["code"] for w in answer["warnings"]]

    pair, of_staff = told_of("listed-1")
    next_one, of_a_slip = told_of("lsited-1", f"{pair}/successions")
    teacher = Somebody(county, "party-1", VILLAGE)
    teacher.party("teacher")
    assert (of_staff, of_a_slip) == ([], ["helper_on_no_list"])
    assert told_of("party-1", f"{next_one}/successions")[1] == []
    slip, _ = told_of("lsited-2")
    leaving = {"helper": "lsited-2", "leader": "listed-1", "leader_unit": "局", "accept_by": DAY, "effective_on": DAY}
    handover = county.post("/handovers", leaving)
    subject, number = slip.split("/")[2:]
    taken = {
        "helper": "listed-1",
        "unit": "局",
        "effective_on": DAY,
        "lines": [{"subject": subject, "pair": int(number)}],
    }
    county.post(f"{handover}/acceptances", taken)
    assert county.harness.get(handover, county.cadre)["closed"]
