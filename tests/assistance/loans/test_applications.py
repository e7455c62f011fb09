"""Applications for loans as procedures: the women's chain, which may be refused at any step, and every product that is shipped."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.registry.members import Sex
from contracts.roles import Role
from tests.assistance.harness import (
    COUNTY,
    VILLAGE,
    AssistanceHarness,
    Family,
    application,
    assistance_harness,
    decision,
)
from tests.assistance.loans.example_requests import START, contract, family, money, read

CERTIFICATE = [{"kind": "certificate", "held_on_paper": True}]


@pytest.fixture(scope="module")
def later(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("loans"), START) as started:
        started.advance_to("2017-07-27")
        yield started


def test_the_womens_chain_certifies_forwards_opines_signs_and_decides_or_refuses(later: AssistanceHarness) -> None:
    """M167, R30: no contract before the lender's decision, and one step is enough to refuse."""
    harness = later
    county = harness.running.client_for("reviewer-2", COUNTY, Role.REVIEWER)
    congress = harness.running.client_for("cadre-2", VILLAGE, Role.CADRE)
    labour = harness.running.client_for("reviewer-3", COUNTY, Role.REVIEWER)
    day = "2017-07-27"
    terms = {"product": "womens_micro_loan", "use": "own_production", "amount": "80000", "months": 24}

    def form_of(one: Family) -> dict[str, Any]:
        about = {"subject": str(one.head.person_id), "procedure": "womens_micro_loan", "terms": terms}
        return {**application(one, day), **about}

    assert harness.refused(harness.cadre, "/cases", form_of(family(harness, sex=Sex.MALE))) == (
        409,
        "loan_not_eligible",
    )

    def applied(one: Family) -> str:
        case = harness.post(harness.cadre, "/cases", form_of(one))
        # Neither the township nor the county before the village's certificate.
        assert harness.refused(harness.reviewer, f"{case}/reviews", {"on": day, "outcome": "passed"})[0] == 409
        assert harness.refused(county, f"{case}/opinions", {"on": day, "favourable": True})[0] == 409
        harness.post(
            congress,
            f"{case}/signatures",
            {"on": day, "signed": True, "signer": "村妇代会主任", "evidence": CERTIFICATE},
        )
        return case

    rejected = applied(family(harness))
    harness.post(harness.reviewer, f"{rejected}/reviews", {"on": day, "outcome": "rejected"})
    assert harness.refused(county, f"{rejected}/opinions", {"on": day, "favourable": True})[0] == 409

    one = family(harness)
    signs = contract(
        one, product="womens_micro_loan", effective_on=day, principal="80000.00", first_due_on="2017-09-20", final_on="2019-07-20",
    )  # fmt: skip
    assert harness.refused(harness.decider, "/loans", signs) == (409, "loan_not_approved")
    case = applied(one)
    signs["case_id"] = case.removeprefix("/cases/")
    steps: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (harness.reviewer, "reviews", {"on": day, "outcome": "passed"}),
        (county, "opinions", {"on": day, "favourable": True}),
        (labour, "signatures", {"on": day, "signed": True, "signer": "就业局长"}),
        (harness.decider, "decisions", decision(day)),
    )
    for at, (who, act, body) in enumerate(steps):
        # No money before all have spoken, and nobody before their turn.
        assert harness.refused(harness.decider, "/loans", signs) == (409, "loan_not_approved")
        for later_one, too_early, said in steps[at + 1 :]:
            assert harness.refused(later_one, f"{case}/{too_early}", said)[0] in (403, 409)
        harness.post(who, f"{case}/{act}", body)

    def waits() -> list[tuple[str, Any]]:
        items = harness.get("/inbox", harness.decider, limit=200)["items"]
        return [(e["why"]["code"], e["act"]["form"]) for e in items if e["household_id"] == str(one.household)]

    form = {name: signs[name] for name in ("case_id", "household_id", "person_id", "product", "use")}
    assert waits() == [("loan_to_contract", form)]
    assert harness.refused(harness.decider, "/loans", {**signs, "principal": "80000.01"}) == (
        409,
        "loan_not_as_approved",
    )
    loan = harness.post(harness.decider, "/loans", signs)
    assert waits() == [("loan_not_disbursed", {})]
    jobs = {"effective_on": day, "jobs": 5}
    assert harness.refused(harness.decider, f"{loan}/jobs", jobs) == (409, "loan_before_disbursement")
    harness.post(harness.decider, f"{loan}/disbursements", money(day, "80000.00", "D-1"))
    harness.post(harness.decider, f"{loan}/jobs", jobs)
    harness.post(harness.decider, f"{loan}/jobs", {**jobs, "jobs": 6})
    assert read(harness, loan)["jobs"] == 6
    assert read(harness, loan)["product"] == "womens_micro_loan"
    assert harness.refused(harness.decider, "/loans", signs)[1] == "loan_not_approved"
    assert date.fromisoformat(read(harness, loan)["contracted_on"]) == date(2017, 7, 27)


@pytest.mark.parametrize(
    ("product", "use", "organisation"),
    [
        ("industry_loan", "industry", "青山茶叶合作社"),
        ("unsecured_farm_finance", "industry", "县水产协会"),
        ("farm_credit_channel", "own_production", None),
        ("street_micro_loan", "own_production", None),
        ("home_town_student_loan", "study", None),
    ],
)
def test_every_product_that_is_shipped_is_lent_to_whom_its_paper_says(
    later: AssistanceHarness, product: str, use: str, organisation: str | None
) -> None:
    """M118, M164, M166, M168, M169, R39: and to nobody else; where poor households are to be drawn in, to who names them."""
    harness = later
    form = contract(family(harness), product=product, use=use, effective_on="2017-07-01", first_due_on="2017-09-20")
    nobody = {"household_id": None, "person_id": None}
    as_organisation = {**form, **nobody, "organisation": organisation or "县水产协会"}
    if product == "industry_loan":
        poor, gone = family(harness), family(harness)
        harness.record(gone.exited("2017-06-30"))
        for drawn_in in ([], [str(poor.household), str(gone.household)], [str(uuid4())]):
            named = {**as_organisation, "drawn_in": drawn_in}
            assert harness.refused(harness.reviewer, "/loans", named) == (409, "loan_draws_nobody_in")
        as_organisation["drawn_in"] = [str(poor.household)]
    right, wrong = (as_organisation, form) if organisation else (form, as_organisation)
    assert harness.refused(harness.reviewer, "/loans", wrong) == (409, "loan_not_eligible")
    loan = harness.post(harness.reviewer, "/loans", right)
    harness.post(harness.reviewer, f"{loan}/disbursements", money("2017-07-01", "24000.00", "D-1"))
    assert read(harness, loan)["principal"] == "24000.00"
    assert read(harness, loan)["drawn_in"] == right.get("drawn_in", [])
