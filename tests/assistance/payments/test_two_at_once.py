"""Two that compile lists at once, and two places of which each has lived in, or paid for, whoever moved: over HTTP, on one township."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.assistance.entitlements import due_queries
from tests.assistance.payments.lists_handed_over import BANK_DAY, handed_over
from tests.assistance.payments.paying import PayOffice

NEXT = "990001102"


def test_of_two_lists_compiled_at_once_one_wins(office: PayOffice) -> None:
    """Request 4, and 13: the same command sent twice is one list."""
    office.pupils(4)
    asked, path = office.asked(BANK_DAY), "/assistance/pay-lists"
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: office.township.post(path, asked), range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [lost] = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert lost in {"payment_list_overtaken", "payment_nothing_due"}
    office.pupils(1)
    key = str(uuid4())
    first, second = (office.township.post(path, asked, key=key) for _ in range(2))
    assert first.json()["location"] == second.json()["location"]
    assert second.json()["replayed"]


def test_of_two_places_that_list_one_due_at_once_one_wins(office: PayOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither holds the other: the household moved, as was told late, while the list of where it had lived was read."""
    office.township.post("/assistance/pay-lists", office.asked(BANK_DAY))  # what tests before left is on a list now
    moving, _ = office.pupils(2)
    there, of_units = (
        office.harness.running.client_for("township-2", NEXT, Role.CADRE),
        due_queries.EntitlementDue.of_units,
    )
    made: list[int] = []

    def overtake() -> None:
        office.harness.record(moving.moved("2016-08-31", f"{NEXT}201"))
        office.harness.get("/inbox")
        made.append(there.post("/assistance/pay-lists", office.asked(BANK_DAY, division=NEXT)).status_code)

    def meanwhile(self: Any, *asked: Any) -> Any:
        if not made:
            made.append(0)
            with ThreadPoolExecutor(1) as others:
                others.submit(overtake).result()
        return of_units(self, *asked)

    with monkeypatch.context() as busy:
        busy.setattr(due_queries.EntitlementDue, "of_units", meanwhile)
        lost = office.harness.refused(office.township, "/pay-lists", office.asked(BANK_DAY))
    assert (made, lost) == ([0, 201], (409, "payment_list_overtaken"))
    assert len(office.lines(office.compile(BANK_DAY))) == 1


def test_a_move_told_late_leaves_what_was_paid_to_whoever_paid_it(office: PayOffice) -> None:
    """Else the one county had paid too much that nobody owes, the other owed what nobody can pay again, and neither closed its year. What
    came back is paid, or given up, where it is due now."""
    office.township.post("/assistance/pay-lists", office.asked(BANK_DAY))  # what tests before left is on a list now
    [family] = office.pupils(1)
    unit, there = str(family.pupil.person_id), office.harness.running.client_for("finance-9", "990003", Role.DECIDER)
    pay_list = handed_over(office, 0)
    office.take(pay_list, office.result(pay_list, BANK_DAY))

    def figures() -> list[tuple[str, str, str]]:
        found = (
            office.harness.get("/payments/identities", who, programme="education_aid")
            for who in (office.finance, there)
        )
        return [(f["settled"], f["owed"], f["unpaid"]) for f in found if f["hold"]]

    def blocks(who: Any) -> list[str]:
        found = office.harness.get("/payments/year-end-blocks", who, programme="education_aid", year=2016, limit=200)
        return [block["kind"] for block in found["items"] if block["unit"] == unit]

    before, dues = figures(), office.harness.get(f"/payments/units/{unit}", office.finance, programme="education_aid")
    office.harness.record(family.moved("2016-08-31", "990003101201"))
    office.harness.get("/inbox")
    assert (figures(), blocks(office.finance), blocks(there)) == (before, [], [])
    (line,) = (row for row in office.lines(pay_list) if row["unit"] == unit)
    returned = {
        "control": line["control"], "line": line["line"], "amount": line["amount"], "credited": False, "on": BANK_DAY,
        "cause": "account_closed", "source": "CB",
    }  # fmt: skip
    office.harness.post(office.department, f"{pay_list}/outcomes", returned)
    assert (blocks(office.finance), blocks(there)) == (["return_not_paid_again"], ["due_unpaid"])
    due = {name: dues["accounts"][0][name] for name in ("component", "period_from", "period_to", "occasion")}
    decided = {"organ": "县财政局", "document_no": "示财〔2016〕40号", "signer": "局长"}
    waiver = {"on": BANK_DAY, "programme": "education_aid", **due, "amount": "625.00", **decided}
    assert office.harness.refused(office.finance, f"/payments/units/{unit}/waivers", waiver) == (404, "not_found")
    office.harness.post(there, f"/payments/units/{unit}/waivers", waiver)
    assert (blocks(office.finance), blocks(there)) == ([], [])
