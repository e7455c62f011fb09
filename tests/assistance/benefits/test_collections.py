"""Money is sought for somebody who was chosen before, pledged, received and paid on: over HTTP in one county."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.assistance.benefits import scenes as s
from tests.assistance.benefits.field import APPLIED, DECIDED, BenefitField, adopted, listed, paid
from tests.assistance.harness import VILLAGE, assistance_harness

DUE_ON, DAY_AFTER, TOLD = "2016-09-30", "2016-10-01", "2016-10-10"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        yield adopted(harness, (s.POOR_PUPILS_FUND, s.MUTUAL_AID))


def donation(amount: str, on: str = DECIDED, **said: Any) -> dict[str, Any]:
    return {"on": on, "donor": "K-0031", "amount": amount, "receipt_no": f"R-{amount}", **said}


def test_the_recipient_is_chosen_before_money_is_sought_and_what_came_in_is_due(office: BenefitField) -> None:
    """M120; source facts §5 rule 33: the school applies, the pupil's living cost is waived, donations are raised and paid on."""
    harness, benefit = office.harness, s.POOR_PUPILS_FUND
    office.propose_listed(benefit)
    (case,) = office.cases[benefit.programme].values()
    path, sought = f"/entitlements/{case}/collection", {"on": APPLIED, "target": "3000.00"}
    assert harness.refused(harness.cadre, path, sought) == (409, "collection_before_recipient")
    office.put_up([case])
    assert harness.refused(harness.cadre, path, sought) == (409, "collection_before_recipient")
    harness.advance_to(DECIDED)
    office.decide([case])
    (unit,) = benefit.units
    assert [a["component"] for a in office.entitlement(benefit.programme, unit)["amounts"]] == ["aid", "living"]
    assert harness.refused(harness.cadre, f"{path}/donations", donation("100.00")) == (409, "collection_not_open")
    told = {"on": DECIDED, "component": "aid", "period_from": DECIDED, "paper": "X", "cost": "5.00"}
    assert harness.refused(harness.reviewer, f"/entitlements/{case}/quantities", told) == (409, "quantity_not_asked")
    harness.post(harness.cadre, path, {**sought, "on": DECIDED})
    assert harness.refused(harness.cadre, path, {**sought, "on": DECIDED}) == (409, "collection_open_already")
    pledge = {"on": DECIDED, "donor": "K-0031", "amount": "1000.00", "due_on": DUE_ON}
    harness.post(harness.cadre, f"{path}/pledges", pledge)
    (pledged,) = harness.get(path)["pledges"]
    number = pledged["number"]
    assert (pledged["left"], pledged["overdue"], office.due(benefit.programme, unit)) == ("1000.00", False, [])
    unknown = harness.refused(harness.cadre, f"{path}/donations", donation("100.00", pledge=99))
    assert unknown == (409, "pledge_unknown")
    harness.post(harness.cadre, f"{path}/donations", donation("600.00", pledge=number))
    assert office.due(benefit.programme, unit) == [("aid", DECIDED, "600.00")]
    too_much = harness.refused(harness.cadre, f"{path}/donations", donation("400.01", pledge=number))
    assert too_much == (409, "donation_more_than_pledged")
    for day, overdue in ((DUE_ON, False), (DAY_AFTER, True)):  # the last day, and the day after
        harness.advance_to(day)
        assert harness.get(path)["pledges"][0]["overdue"] is overdue
    harness.post(harness.cadre, f"{path}/donations", donation("400.00", DAY_AFTER, pledge=number))
    harness.post(harness.cadre, f"{path}/donations", donation("250.00", DAY_AFTER))
    found = harness.get(path)
    assert (found["pledged"], found["received"], found["pledges"][0]["left"]) == ("1000.00", "1250.00", "0.00")
    wrong = f"{path}/entries/{found['donations'][-1]['number']}/annulments"
    harness.post(harness.cadre, wrong, {"on": DAY_AFTER, "reason": "entered_wrongly"})
    assert harness.refused(harness.cadre, wrong, {"on": DAY_AFTER, "reason": "twice"}) == (409, "collection_entry_void")
    assert sorted(yuan for *_, yuan in office.due(benefit.programme, unit)) == ["400.00", "600.00"]
    harness.advance_to(TOLD)
    office.lists[benefit.programme] = listed(office, benefit)


def test_workers_collect_for_a_colleague_in_special_hardship(office: BenefitField) -> None:
    """M139, on need: a worker outside of the register, known by a number in the union's list; what was collected is paid on."""
    harness, benefit = office.harness, s.MUTUAL_AID
    form = {"kind": "worker", "division": VILLAGE, "effective_on": APPLIED, "number": "W-117"}
    worker = harness.post(harness.cadre, "/parties", form).rpartition("/")[2]
    asked = {"procedure": benefit.programme, "on": TOLD, "grounds": "特殊困难", "subject": worker}
    alone = harness.cadre.post("/assistance/cases", {**asked, "terms": {}}).json()
    assert (alone["code"], alone["facts"]["reasons"]) == ("not_eligible", ["not_proved"])
    one = harness.post(harness.cadre, "/cases", {**asked, "terms": {"proved": ["special_hardship"]}})
    case = one.rpartition("/")[2]
    office.put_up([case], TOLD)
    harness.advance_to("2016-10-20")
    office.decide([case], "2016-10-20")
    path = f"/entitlements/{case}/collection"
    harness.post(harness.cadre, path, {"on": "2016-10-20", "target": "5000.00"})
    harness.post(harness.cadre, f"{path}/donations", donation("880.00", "2016-10-20"))
    assert office.due(benefit.programme, worker) == [("aid", "2016-10-20", "880.00")]
    paid(office, office.lists[s.POOR_PUPILS_FUND.programme])
    figures = office.identities(programme=s.POOR_PUPILS_FUND.programme)
    assert (figures["hold"], figures["settled"]) == (True, "1000.00")
