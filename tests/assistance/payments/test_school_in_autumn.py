"""A school in autumn 2016, over HTTP, to the last figure: what is due, posted, verified, released and handed over; what comes back
on the 10th and again on the 15th, and is paid again; and what every figure was as known before."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from contracts.registry.codes import SchoolStage
from tests.assistance.harness import assistance_harness
from tests.assistance.payments.paying import PayOffice
from tests.support.running import all_items

EARLIER = {"period_from": "2015-08-01", "period_to": "2016-07-31"}
AUTUMN = {"period_from": "2016-08-01", "period_to": "2017-01-31"}
ELSEWHERE = "990002101201"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayOffice]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), "2016-05-03") as running:
        yield PayOffice.with_calendars(running)


def gross(found: dict[str, Any]) -> tuple[str, ...]:
    assert found["hold"], found
    return tuple(found[name] for name in ("instructed", "settled", "returned", "pending"))


def net(found: dict[str, Any]) -> dict[str, str]:
    """The terms that are not zero."""
    names = ("due_amount", "overpaid", "unpaid", "waived", "recovered", "written_off", "owed")
    return {name: found[name] for name in names if Decimal(found[name])}


def reviews(office: PayOffice) -> list[tuple[str, str, str]]:
    """What was paid and is due no longer, in the inbox: whose, how much, and by which act it is dealt with."""
    entries = all_items(office.department, "/assistance/inbox", kind="due")
    found = [e for e in entries if e["why"]["code"] == "overpaid_review"]
    return [(e["subject"], e["details"]["owed"], e["act"]["operation"]) for e in found]


def test_a_school_in_autumn(office: PayOffice) -> None:
    """And field requests 1, 5 and 7: at every instant the figures reconcile, the year is closed no earlier, and by a second person."""
    harness = office.harness
    juniors, primary = office.families(SchoolStage.JUNIOR, 301), office.families(SchoolStage.PRIMARY, 11)
    removed, *juniors = juniors
    office.quota("300000.00")
    office.grant([removed], "2015-09-01")
    earlier = office.compile("2016-05-03", **EARLIER)
    office.hand_over(earlier, "2016-05-11", posted="2016-05-03")
    office.take(earlier, office.result(earlier, "2016-05-11"))
    assert gross(office.identities(**EARLIER)) == ("1250.00", "1250.00", "0.00", "0.00")

    harness.advance_to("2016-10-28")
    office.grant([*juniors, *primary], "2016-09-01")
    assert office.identities(**AUTUMN)["due_amount"] == "193625.00"
    harness.record(*(family.moved("2016-08-31", ELSEWHERE) for family in primary[:2]))
    harness.record(*(family.exited("2016-09-20") for family in juniors[:3]), removed.removed("2015-05-01"))
    assert net(office.identities(**EARLIER)) == {"overpaid": "1250.00", "owed": "1250.00"}
    assert harness.entitlements(removed)[0]["review"] is not None
    assert reviews(office) == [(str(removed.pupil.person_id), "1250.00", "plan_recovery")]

    autumn = office.compile("2016-10-28", **AUTUMN)
    state = office.read(autumn)
    assert (state["lines"], state["total"], state["next_act"]) == (309, "192000.00", "post_pay_list")
    harness.advance_to("2016-10-31")
    harness.post(office.township, f"{autumn}/postings", {"on": "2016-10-31"})
    assert office.read(autumn)["last_day"] == "2016-11-07"
    harness.post(office.department, f"{autumn}/verifications", {"on": "2016-10-31"})
    office.release(autumn, "2016-10-31")
    harness.advance_to("2016-11-07")
    early = {"on": "2016-11-07", "voucher_no": "2016-1107"}
    assert harness.refused(office.finance, f"{autumn}/handovers", early) == (409, "payment_notice_not_over")
    harness.advance_to("2016-11-08")
    harness.post(office.finance, f"{autumn}/handovers", {"on": "2016-11-08", "voucher_no": "2016-1108"})
    assert gross(office.identities(**AUTUMN)) == ("192000.00", "0.00", "0.00", "192000.00")

    harness.advance_to("2016-11-10")
    amounts = {line["line"]: line["amount"] for line in office.lines(autumn)}
    junior, other = [line for line, amount in amounts.items() if amount == "625.00"][:2]
    small = next(line for line in range(1, 310) if amounts[line] == "500.00")
    taken = office.take(autumn, office.result(autumn, "2016-11-10", {junior: "账户已销户", small: "户名不符"}))
    assert (taken["newly_settled"], taken["newly_returned"], taken["errors"]) == (307, 2, [])
    on_the_10th = office.identities(**AUTUMN)
    assert gross(on_the_10th) == ("192000.00", "190875.00", "1125.00", "0.00")

    harness.advance_to("2016-11-15")
    state = office.read(autumn)
    late = {
        "control": state["control"], "line": other, "amount": "625.00", "credited": False, "on": "2016-11-15",
        "cause": "account_dormant", "source": "CB-1",
    }  # fmt: skip
    harness.post(office.department, f"{autumn}/outcomes", late)
    assert gross(office.identities(**AUTUMN)) == ("192000.00", "190250.00", "1750.00", "0.00")
    assert gross(office.identities(**AUTUMN, known_at="2016-11-10")) == gross(on_the_10th)
    bench = harness.get("/payments/bench", office.department)["items"]
    assert [(row["line"], row["cause"], row["caller"]) for row in bench] == [
        (*sorted([(junior, "account_closed"), (small, "name_differs")])[0], "township-1"),
        (*sorted([(junior, "account_closed"), (small, "name_differs")])[1], "township-1"),
        (other, "account_dormant", "township-1"),
    ]

    again = harness.post(office.township, f"{autumn}/reissues", {"on": "2016-11-15"})
    assert office.read(again)["total"] == "1750.00"
    assert not harness.get("/payments/bench", office.department)["items"]
    office.hand_over(again, "2016-11-15", voucher_no="2016-1115")
    harness.advance_to("2016-12-31")
    of_junior = [
        line["line"] for line in harness.get(f"{again}/lines", office.finance)["items"] if line["amount"] == "625.00"
    ]
    office.take(again, office.result(again, "2016-12-01", only={1, 2, 3} - {of_junior[-1]}))
    end = office.identities(**AUTUMN)
    assert gross(end) == ("193750.00", "191375.00", "1750.00", "625.00")
    assert net(end) == {"due_amount": "192000.00"}
    chain = [(entry["what"], entry["number"], entry["amount"]) for entry in office.read(again)["chain"]]
    assert chain[0] == ("PaymentsReleased", "示财农〔2016〕9号", "1750.00")
    year = {"programme": "education_aid", "division": "990001", "year": 2016}
    code = harness.refused(office.finance, "/payments/closing-proposals", year)
    assert code == (409, "payment_year_not_reconciled")

    office.take(again, office.result(again, "2016-12-30", only={of_junior[-1]}))
    plan = {
        "on": "2016-12-31", "programme": "education_aid", "component": "junior", "period_from": "2015-09-01",
        "period_to": "2016-01-31",
    }  # fmt: skip
    unit = f"/payments/units/{removed.pupil.person_id}"
    instalments = [{"due_on": "2017-06-30", "amount": "300.00"}, {"due_on": "2017-12-31", "amount": "325.00"}]
    harness.post(office.department, f"{unit}/recovery-plans", {**plan, "instalments": instalments})
    spring = {**plan, "period_from": "2016-02-15", "period_to": "2016-07-15"}
    harness.post(office.department, f"{unit}/recoveries", {**spring, "amount": "225.00", "receipt_no": "R-1"})
    decided = {"organ": "县财政局", "document_no": "示财〔2016〕31号", "signer": "局长"}
    harness.post(office.finance, f"{unit}/write-offs", {**spring, "amount": "400.00", **decided})
    assert reviews(office) == []
    assert net(office.identities(**EARLIER)) == {
        "overpaid": "1250.00", "recovered": "225.00", "written_off": "400.00", "owed": "625.00",
    }  # fmt: skip
    harness.post(office.finance, "/payments/closing-proposals", year)
    assert harness.refused(office.finance, "/payments/closings", year) == (409, "payment_closing_by_proposer")
    harness.post(office.treasurer, "/payments/closings", year)
    late = {"on": "2016-12-31", "voucher_no": "x"}
    assert harness.refused(office.finance, f"{again}/handovers", late) == (409, "payment_year_closed")
    # Nor is anything dated back into it from the year after.
    harness.advance_to("2017-01-03")
    assert harness.refused(office.finance, f"{again}/handovers", late) == (409, "payment_year_closed")
    # A year before it is closed with it: what closed it was reckoned of all before. What has not begun is closed by nobody.
    for other, why in ((2015, "payment_year_closed"), (2018, "payment_year_not_begun")):
        asked = {**year, "year": other}
        assert harness.refused(office.finance, "/payments/closing-proposals", asked) == (409, why)
    found = harness.get(f"{autumn}/reproduction", office.finance)
    assert (found["same"], found["differences"]) == (True, [])
