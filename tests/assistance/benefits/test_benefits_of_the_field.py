"""A benefit of the field costs a document: each row is proposed from its list, granted by its procedure, told what it is counted by, due
as its document says, listed and paid to the last fen, in one county."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from services.assistance.programmes.amounts.parts import fen
from tests.assistance.benefits.field import APPLIED, DECIDED, PAID, TOLD, YEAR, BenefitField, field_of, listed, paid
from tests.assistance.benefits.rows import ROWS
from tests.assistance.harness import assistance_harness


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    """Everything is granted and told, and the lists of it hung for their days."""
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        found = field_of(harness, list(ROWS.values()))
        cases = [case for of in found.cases.values() for case in of.values()]
        found.put_up(cases)
        harness.advance_to(DECIDED)
        found.decide(cases)
        harness.advance_to(TOLD)
        for benefit in ROWS.values():
            for component, first, said in benefit.told:
                for case in found.cases[benefit.programme].values():
                    found.tell(case, component, first, said)
        found.lists = {b.programme: listed(found, b) for b in ROWS.values() if b.due}
        harness.advance_to(PAID)
        yield found


def pay(office: BenefitField, programme: str) -> None:
    """Once."""
    if (pay_list := office.lists.pop(programme, None)) is not None:
        (waiting,) = (block for block in blocks(office, programme) if block["list_id"] is not None)
        assert (waiting["kind"], waiting["act"], waiting["path"]) == (
            "list_unfinished", "verify_pay_list", f"/assistance{pay_list}/verifications",
        )  # fmt: skip
        paid(office, pay_list)


def blocks(office: BenefitField, programme: str) -> list[dict[str, Any]]:
    """What keeps the year from being closed."""
    found: list[dict[str, Any]] = office.harness.get(
        "/payments/year-end-blocks", office.finance, programme=programme, year=2016
    )["items"]
    return found


@pytest.mark.parametrize("row", ROWS)
def test_a_benefit_is_due_as_its_document_says_and_paid_to_the_last_fen(office: BenefitField, row: str) -> None:
    benefit, harness = ROWS[row], office.harness
    entitlements = office.entitlements(benefit.programme)
    assert sorted(e["unit_id"] for e in entitlements) == sorted(benefit.granted)
    for unit in benefit.granted:
        assert sorted(office.due(benefit.programme, unit)) == sorted(benefit.due)
    due = sum((Decimal(yuan) for _, _, yuan in benefit.due), Decimal(0)) * len(benefit.granted)
    if not due:
        asked = {**office.asked(PAID), "programme": benefit.programme, **YEAR}
        assert harness.refused(office.township, "/pay-lists", asked) == (409, "payment_nothing_due")
        return
    pay(office, benefit.programme)
    assert blocks(office, benefit.programme) == []
    figures = office.identities(programme=benefit.programme)
    assert figures["hold"]
    assert [Decimal(figures[name]) for name in ("due_amount", "instructed", "settled", "unpaid", "overpaid")] == [
        due, due, due, 0, 0,
    ]  # fmt: skip
    told = harness.get("/payments/totals", office.finance, programme=benefit.programme)
    payments, each = len(benefit.due) * len(benefit.granted), 2 if benefit.unit == "household" else 1
    total = {name: Decimal(value) for name, value in told["total"].items() if value is not None}
    counted = ("amount", "payments", "units", "households", "persons", "person_times")
    assert [total[name] for name in counted] == [
        due, payments, len(benefit.granted), len(benefit.granted), each * len(benefit.granted), each * payments,
    ]  # fmt: skip
    heads = Decimal(each * len(benefit.granted)), Decimal(each * payments)
    assert [total["a_person"], total["a_person_time"]] == [fen(due / count) for count in heads]
    of_component: Counter[str] = Counter()
    for component, _, yuan in benefit.due:
        of_component[component] += int(Decimal(yuan) * 100) * len(benefit.granted)
    assert {c["component"]: int(Decimal(c["amount"]) * 100) for c in told["components"]} == of_component


def test_what_was_told_too_high_is_owed_until_there_is_a_plan(office: BenefitField) -> None:
    """The day on which the days are told anew, the year can no longer be closed; the list says by which act it can again."""
    benefit = ROWS["B39"]
    (unit,), (case,) = benefit.granted, office.cases[benefit.programme].values()
    pay(office, benefit.programme)
    office.tell(case, "post", "2016-09-01", {"days": 14})
    (block,) = blocks(office, benefit.programme)
    assert (block["kind"], block["amount"], block["unit"], block["act"], block["path"]) == (
        "owed_without_plan", "30.00", unit, "plan_recovery", f"/assistance/payments/units/{unit}/recovery-plans",
    )  # fmt: skip
    due = {"programme": benefit.programme, "component": "post", "period_from": "2016-09-01", "period_to": "2016-09-30"}
    plan = {**due, "occasion": "regular", "on": PAID, "instalments": [{"due_on": "2016-11-30", "amount": "30.00"}]}
    office.harness.post(office.department, block["path"].removeprefix("/assistance"), plan)
    assert blocks(office, benefit.programme) == []
