"""Money is sought for somebody who was chosen before, pledged, received and paid on; goods are handed out and never more than granted;
members claim and nobody else: over HTTP in one county."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.roles import Role
from tests.assistance.benefits import scenes as s
from tests.assistance.benefits.field import APPLIED, DECIDED, YEAR, BenefitField, adopted, listed, paid
from tests.assistance.harness import VILLAGE, assistance_harness

DUE_ON, DAY_AFTER, TOLD = "2016-09-30", "2016-10-01", "2016-10-10"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        yield adopted(harness, (s.POOR_PUPILS_FUND, s.MUTUAL_AID, s.TEXTBOOKS, s.MEMBERSHIP, s.CLAIM))


def is_offered(office: BenefitField, act: str, case: str) -> bool:
    (found,) = office.harness.get("/acts", office.harness.cadre, subject=f"/assistance/entitlements/{case}")
    return act in {each["act"] for each in found["acts"]}


def donation(amount: str, on: str = DECIDED, **said: Any) -> dict[str, Any]:
    return {"on": on, "donor": "K-0031", "amount": amount, "receipt_no": f"R-{amount}", **said}


def test_the_recipient_is_chosen_before_money_is_sought_and_what_came_in_is_due(office: BenefitField) -> None:
    """M120; source facts §5 rule 33: the school applies, the pupil's living cost is waived, donations are raised and paid on."""
    harness, benefit = office.harness, s.POOR_PUPILS_FUND
    office.propose_listed(benefit)
    (case,) = office.cases[benefit.programme].values()
    office.propose_listed(s.TEXTBOOKS)
    of_books = list(office.cases[s.TEXTBOOKS.programme].values())
    path, sought = f"/entitlements/{case}/collection", {"on": APPLIED, "target": "3000.00"}
    assert harness.refused(harness.cadre, path, sought) == (409, "collection_before_recipient")
    elsewhere = harness.running.client_for("reviewer-9", "990002", Role.REVIEWER)
    assert harness.refused(elsewhere, path, sought)[0] == 404
    office.put_up([case, *of_books])
    assert harness.refused(harness.cadre, path, sought) == (409, "collection_before_recipient")
    harness.advance_to(DECIDED)
    office.decide([case, *of_books])
    (unit,) = benefit.units
    assert [a["component"] for a in office.entitlement(benefit.programme, unit)["amounts"]] == ["aid", "living"]
    assert harness.refused(harness.cadre, f"{path}/donations", donation("100.00")) == (409, "collection_not_open")
    assert [is_offered(office, "open_collection", each) for each in (case, of_books[0])] == [True, False]
    told = {"on": DECIDED, "component": "aid", "period_from": DECIDED, "paper": "X", "cost": "5.00"}
    assert harness.refused(harness.reviewer, f"/entitlements/{case}/quantities", told) == (409, "quantity_not_asked")
    harness.post(harness.cadre, path, {**sought, "on": DECIDED})
    assert harness.refused(harness.cadre, path, {**sought, "on": DECIDED}) == (409, "collection_open_already")
    opened, again = harness.get(path)["number"], {**sought, "on": DECIDED, "target": "2000.00"}
    harness.post(harness.cadre, f"{path}/entries/{opened}/annulments", {"on": DECIDED, "reason": "entered_wrongly"})
    harness.post(harness.cadre, path, again)
    opened = harness.get(path)["number"]
    pledge = {"on": DECIDED, "donor": "K-0031", "amount": "1000.00", "due_on": DUE_ON}
    harness.post(harness.cadre, f"{path}/pledges", pledge)
    told_again = harness.refused(harness.cadre, f"{path}/pledges", {**pledge, "donor": "k-0031"})
    assert told_again == (409, "pledge_told_already")
    (pledged,) = harness.get(path)["pledges"]
    number = pledged["number"]
    rested_on = f"{path}/entries/{opened}/annulments", {"on": DECIDED, "reason": "entered_wrongly"}
    assert harness.refused(harness.cadre, *rested_on) == (409, "collection_has_entries")
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
    twice = harness.refused(harness.cadre, f"{path}/donations", donation("250.00", DAY_AFTER, receipt_no="r-250.00"))
    assert twice == (409, "donation_receipt_used")  # clicked again with another key it would be due twice
    found = harness.get(path)
    assert (found["pledged"], found["received"], found["pledges"][0]["left"]) == ("1000.00", "1250.00", "0.00")
    wrong = f"{path}/entries/{found['donations'][-1]['number']}/annulments"
    harness.post(harness.cadre, wrong, {"on": DAY_AFTER, "reason": "entered_wrongly"})
    assert harness.refused(harness.cadre, wrong, {"on": DAY_AFTER, "reason": "twice"}) == (409, "collection_entry_void")
    assert sorted(yuan for *_, yuan in office.due(benefit.programme, unit)) == ["400.00", "600.00"]
    harness.advance_to(TOLD)
    office.lists = {one.programme: listed(office, one) for one in (benefit, s.TEXTBOOKS)}


def test_books_are_handed_out_free_and_one_aid_for_each_subject(office: BenefitField) -> None:
    """M109, M111: no fee, free books, the boarder's allowance in full; a second aid of a subject is refused."""
    harness, benefit = office.harness, s.TEXTBOOKS
    boarder, day_pupil = benefit.units
    of = {unit: office.entitlement(benefit.programme, unit) for unit in benefit.units}
    in_kind = ["tuition", "books", "aid_chinese"]
    assert [a["component"] for a in of[boarder]["amounts"]] == [*in_kind, "boarding"]
    assert [a["component"] for a in of[day_pupil]["amounts"]] == in_kind
    assert (office.due(benefit.programme, day_pupil), office.due(benefit.programme, boarder)) == (
        [], [("boarding", "2016-09-01", "1000.00")],
    )  # fmt: skip
    path = f"/entitlements/{of[day_pupil]['case_id']}/quantities"
    form = {
        "on": TOLD,
        "component": "aid_chinese",
        "period_from": "2016-09-01",
        "delivered": 1,
        "paper": "发放册2016秋",
    }
    assert harness.refused(harness.reviewer, path, {**form, "delivered": 2}) == (409, "more_delivered_than_granted")
    for component in ("books", "aid_chinese"):
        harness.post(harness.reviewer, path, {**form, "component": component})
    handed_out = [(t["component"], t["period_from"], t["delivered"]) for t in harness.get(path)]
    assert handed_out == [("books", "2016-09-01", 1), ("aid_chinese", "2016-09-01", 1)]
    assert office.due(benefit.programme, day_pupil) == []  # free
    lines = office.lines(office.lists[benefit.programme])
    assert [(line["unit"], line["component"], line["amount"]) for line in lines] == [(boarder, "boarding", "1000.00")]


def worker(office: BenefitField, number: str) -> str:
    form = {"kind": "worker", "division": VILLAGE, "effective_on": APPLIED, "number": number}
    return office.harness.post(office.harness.cadre, "/parties", form).rpartition("/")[2]


def applied(office: BenefitField, programme: str, subject: str, *proofs: str) -> Any:
    asked = {
        "procedure": programme,
        "on": TOLD,
        "grounds": "申请",
        "subject": subject,
        "terms": {"proved": list(proofs)},
    }
    return office.harness.cadre.post("/assistance/cases", asked).json()


def test_workers_collect_for_a_colleague_in_special_hardship(office: BenefitField) -> None:
    """M139, on need: a worker outside of the register, known by a number in the union's list; what was collected is paid on."""
    harness, benefit = office.harness, s.MUTUAL_AID
    colleague, stranger = worker(office, "W-117"), worker(office, "W-118")
    alone = applied(office, benefit.programme, colleague)
    assert (alone["code"], alone["facts"]["reasons"]) == ("not_eligible", ["not_proved"])
    case = applied(office, benefit.programme, colleague, "special_hardship")["location"].rpartition("/")[2]
    joins = applied(office, s.MEMBERSHIP.programme, colleague, "union_member")["location"].rpartition("/")[2]
    office.put_up([case, joins], TOLD)
    harness.advance_to("2016-10-20")
    office.decide([case, joins], "2016-10-20")
    path = f"/entitlements/{case}/collection"
    harness.post(harness.cadre, path, {"on": "2016-10-20", "target": "5000.00"})
    harness.post(harness.cadre, f"{path}/donations", donation("880.00", "2016-10-20"))
    assert office.due(benefit.programme, colleague) == [("aid", "2016-10-20", "880.00")]
    paid(office, office.lists[s.POOR_PUPILS_FUND.programme])
    figures = office.identities(programme=s.POOR_PUPILS_FUND.programme)
    assert (figures["hold"], figures["settled"]) == (True, "1000.00")
    claims_of_members(office, colleague, stranger)


def claims_of_members(office: BenefitField, member: str, stranger: str) -> None:
    """M138: the union applies and pays the contribution; a member claims on a bill, and nobody else."""
    harness, claims = office.harness, s.CLAIM.programme
    assert office.due(s.MEMBERSHIP.programme, member) == [("premium", "2016-01-01", "30.00")]
    refused = applied(office, claims, stranger, "hospital_bill")
    assert (refused["code"], refused["facts"]["reasons"]) == ("not_eligible", ["lacks_another"])
    claim = harness.post(
        harness.cadre, "/cases",
        {"procedure": claims, "on": "2016-10-20", "grounds": "住院", "subject": member, "terms": {"proved": ["hospital_bill"]}},
    ).rpartition("/")[2]  # fmt: skip
    office.put_up([claim], "2016-10-20")
    harness.advance_to("2016-10-31")
    office.decide([claim], "2016-10-31")
    office.tell(claim, "claim", "2016-01-01", {"cost": "15000.00"}, on="2016-10-31")
    assert office.due(claims, member) == [("claim", "2016-01-01", "8400.00")]
    pay_lists = [office.compile("2016-10-31", programme=one.programme, **YEAR) for one in (s.MEMBERSHIP, s.CLAIM)]
    payees = [line["payee_kind"] for pay_list in pay_lists for line in office.lines(pay_list)]
    assert payees == ["insurer", "person"]
