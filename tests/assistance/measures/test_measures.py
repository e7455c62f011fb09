"""Measures over HTTP: a plan with a missing measure, one relocation, houses by grade, and what is delivered."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness, decision

START = "2016-12-05"
"""The house's clock; what is told happened before."""


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("measures"), START) as started:
        yield started


def family(harness: AssistanceHarness) -> Family:
    new = Family.new()
    harness.record(new.recorded("2014-01-05"), new.enrolled("2014-06-01"))
    return new


def of(one: Family) -> str:
    return f"/measures/households/{one.household}"


def decided(on: str) -> dict[str, Any]:
    given = decision(on)
    return {"organ": given["organ"], "decided_on": on, "document_no": given["document_no"], "signer": given["signer"]}


def begun(harness: AssistanceHarness, one: Family, kind: str, on: str = "2016-03-01", **more: Any) -> str:
    """The id of the measure."""
    before = {m["measure_id"] for m in harness.get(of(one))["measures"]}
    harness.post(harness.reviewer, f"{of(one)}/measures", {"effective_on": on, "measure_kind": kind, **more})
    (new,) = {m["measure_id"] for m in harness.get(of(one))["measures"]} - before
    return str(new)


def step(measure: str, key: str, on: str, **more: Any) -> dict[str, Any]:
    return {"effective_on": on, "measure_id": measure, "step": key, **more}


def total(harness: AssistanceHarness, kind: str, grade: str | None = None, **asked: Any) -> dict[str, Any]:
    found = harness.get("/measures/totals", division=COUNTY, **asked)
    return next(t for t in found if (t["measure_kind"], t["grade"]) == (kind, grade))


def test_a_plan_shows_the_cause_that_no_measure_is_against(harness: AssistanceHarness) -> None:
    """M012, M013: labels that no paper defines stay labels."""
    office, one = harness.reviewer, family(harness)
    plan = {
        "effective_on": "2016-02-01", "causes": ["no_skill", "illness", "unsafe_housing"],
        "planned": ["skill_training", "relocation"], "through": "2018-12-31", "label": "“3+1”", "village_set": "一村一套",
    }  # fmt: skip
    assert harness.refused(office, f"{of(one)}/plans", {**plan, "planned": ["cure"]}) == (
        409,
        "measure_kind_not_in_force",
    )
    assert harness.refused(office, f"{of(one)}/plans", {**plan, "through": "2016-01-31"}) == (
        409,
        "measure_plan_ends_before_it_begins",
    )
    harness.post(office, f"{of(one)}/plans", plan)
    begun(harness, one, "skill_training")

    def listed(**asked: Any) -> list[dict[str, Any]]:
        found = harness.get("/measures/plans", **asked)["items"]
        return [p for p in found if p["household_id"] == str(one.household)]

    (told,) = listed(missing=True)
    assert (told["unplanned"], told["not_begun"], told["label"]) == (["illness"], ["unsafe_housing"], "“3+1”")
    begun(harness, one, "medical_aid")
    begun(harness, one, "relocation")
    assert listed(missing=True) == []
    assert (listed()[0]["unplanned"], listed()[0]["not_begun"]) == ([], [])
    assert harness.get(of(one), as_of="2016-02-29")["plan"]["unplanned"] == ["illness"]


def test_a_relocation_goes_by_its_steps(harness: AssistanceHarness) -> None:
    """M179: of their own will, approved, home ready, moved in, old house given up, followed up."""
    office, one = harness.reviewer, family(harness)
    moved = begun(harness, one, "relocation")
    path = f"{of(one)}/steps"
    applied = step(moved, "applied", "2016-03-02", evidence=[{"kind": "application", "held_on_paper": True}])
    approved = step(moved, "approved", "2016-03-10", decision=decided("2016-03-10"))
    assert harness.refused(office, path, {**applied, "evidence": []}) == (409, "measure_evidence_missing")
    assert harness.refused(office, path, approved) == (409, "measure_step_out_of_order")
    harness.post(office, path, applied)
    assert harness.refused(office, path, {**approved, "decision": None}) == (409, "measure_decision_missing")
    # The day before the application, and its day.
    assert harness.refused(office, path, {**approved, "effective_on": "2016-03-01"}) == (
        409,
        "measure_step_out_of_order",
    )
    harness.post(office, path, {**approved, "effective_on": "2016-03-02"})
    assert harness.refused(office, path, approved) == (409, "measure_step_taken_already")
    for key, on in (("home_ready", "2016-06-01"), ("moved_in", "2016-07-01"), ("old_house_given_up", "2016-09-01")):
        harness.post(office, path, step(moved, key, on))
    assert harness.refused(office, path, step(moved, "paid", "2016-09-01")) == (409, "measure_step_unknown")
    harness.post(office, path, step(moved, "followed_up", "2016-10-01"))
    (told,) = harness.get(of(one))["measures"]
    assert [s["on"] for s in told["steps"]] == [
        "2016-03-02", "2016-03-02", "2016-06-01", "2016-07-01", "2016-09-01", "2016-10-01",
    ]  # fmt: skip
    before, now = total(harness, "relocation", as_of="2016-09-30"), total(harness, "relocation")
    assert (before["completed_households"], now["completed_households"], now["completed_persons"]) == (0, 1, 2)
    # Taken back, the steps behind it go first.
    entry = f"assistance/measures-{one.household}/4"
    void = {"effective_on": "2016-06-01", "facts": [entry], "reason": "误录入"}
    assert harness.refused(office, f"{of(one)}/annulments", void) == (409, "later_entries_rest_on_it")
    last = {**void, "facts": [f"assistance/measures-{one.household}/7"]}
    harness.post(office, f"{of(one)}/annulments", last)
    assert total(harness, "relocation")["completed_households"] == 0


def test_houses_are_repaired_by_grade(harness: AssistanceHarness) -> None:
    """M180."""
    office, one = harness.reviewer, family(harness)
    form = {"effective_on": "2016-03-01", "measure_kind": "housing_repair"}
    assert harness.refused(office, f"{of(one)}/measures", form) == (409, "measure_grade_missing")
    assert harness.refused(office, f"{of(one)}/measures", {**form, "grade": "E"}) == (409, "measure_grade_missing")
    repair = begun(harness, one, "housing_repair", grade="D")
    assert harness.refused(office, f"{of(one)}/measures", {**form, "measure_kind": "well", "grade": "D"}) == (
        409,
        "measure_grade_not_taken",
    )
    path = f"{of(one)}/steps"
    done = begun(harness, one, "housing_repair", grade="C")
    harness.post(office, path, step(done, "declared", "2016-03-02"))
    harness.post(office, path, step(done, "approved", "2016-03-03", decision=decided("2016-03-03")))
    for key in ("works_done", "accepted"):
        harness.post(office, path, step(done, key, "2016-08-01"))
    assert total(harness, "housing_repair", "C", as_of="2016-07-31")["completed_households"] == 0
    assert total(harness, "housing_repair", "C")["completed_households"] == 1
    moved = begun(harness, one, "hazard_resettlement")
    harness.post(office, path, step(moved, "declared", "2016-03-02"))
    withdrawal = {"effective_on": "2016-03-05", "measure_id": repair, "reason": "已搬迁"}
    harness.post(office, f"{of(one)}/withdrawals", withdrawal)
    assert harness.refused(office, f"{of(one)}/steps", step(repair, "declared", "2016-03-06")) == (
        409,
        "measure_withdrawn",
    )
    assert total(harness, "housing_repair", "D")["withdrawn"] == 1


def test_twenty_three_houses_of_a_village_are_repaired_year_by_year(harness: AssistanceHarness) -> None:
    """M180: declared by the village, approved with the township's money, done and accepted; by the end of a year,
    and all."""
    office = harness.reviewer
    done = {2015: 8, 2016: 15}
    before = total(harness, "housing_repair", "C")["completed_households"]
    for year, houses in done.items():
        for _ in range(houses):
            one = family(harness)
            repair = begun(harness, one, "housing_repair", on=f"{year}-03-01", grade="C", partner="镇人民政府")
            path = f"{of(one)}/steps"
            harness.post(office, path, step(repair, "declared", f"{year}-03-02"))
            harness.post(office, path, step(repair, "approved", f"{year}-03-03", decision=decided(f"{year}-03-03")))
            for key in ("works_done", "accepted"):
                harness.post(office, path, step(repair, key, f"{year}-08-01"))
    assert total(harness, "housing_repair", "C", as_of="2015-12-31")["completed_households"] == 8
    now = total(harness, "housing_repair", "C")
    assert (now["completed_households"] - before, now["completed_persons"] - 2 * before) == (23, 46)


def test_wells_conversions_pits_and_mains_reach_households_and_persons(harness: AssistanceHarness) -> None:
    """M181, M183, M184, M186: the household's benefit; both figures, each household once."""
    office, some = harness.reviewer, [family(harness) for _ in range(3)]
    done = {"well": "connected", "biogas_pit": "works_done", "piped_water": "connected"}
    for one in some:
        for kind, key in done.items():
            harness.post(office, f"{of(one)}/steps", step(begun(harness, one, kind), key, "2016-05-31"))
    for grade in ("改厨", "改厕"):
        conversion = begun(harness, some[0], "conversion", grade=grade)
        harness.post(office, f"{of(some[0])}/steps", step(conversion, "works_done", "2016-05-31"))
    for kind in done:
        told = total(harness, kind)
        assert (told["completed_households"], told["completed_persons"]) == (3, 6)
        assert total(harness, kind, as_of="2016-05-30")["completed_households"] == 0
    assert total(harness, "conversion", "改厨")["completed_households"] == 1


def test_what_is_delivered_keeps_its_unit(harness: AssistanceHarness) -> None:
    """M170, M171, M172, M175: ten machines for ten households, piglets, dividends."""
    office, one = harness.reviewer, family(harness)
    goods = begun(harness, one, "production_in_kind", partner="市教育局")
    path = f"{of(one)}/deliveries"

    def delivery(measure: str, amount: str, unit: str, item: str, **more: Any) -> dict[str, Any]:
        return {
            "effective_on": "2016-04-01", "measure_id": measure, "item": item, "amount": amount, "unit": unit, **more,
        }  # fmt: skip

    assert harness.refused(office, path, delivery(goods, "2", "km", "化肥")) == (409, "measure_unit_does_not_fit")
    harness.post(office, path, delivery(goods, "100", "jin", "化肥"))
    harness.post(office, path, delivery(goods, "50.5", "jin", "种子"))
    harness.post(office, path, delivery(goods, "600", "yuan", "猪仔"))
    drawn_in = begun(harness, one, "cooperative", partner="青山茶叶合作社")
    dividend = delivery(drawn_in, "300.00", "yuan", "分红")
    assert harness.refused(office, path, dividend) == (409, "measure_steps_open")
    agreed = step(drawn_in, "joined", "2016-03-02", evidence=[{"kind": "agreement", "held_on_paper": True}])
    harness.post(office, f"{of(one)}/steps", agreed)
    harness.post(office, path, dividend)
    well = begun(harness, one, "well")
    assert harness.refused(office, path, delivery(well, "1", "set", "井")) == (409, "measure_delivers_nothing")
    told = harness.get("/measures/delivered-totals", division=COUNTY)
    found = {(t["measure_kind"], t["unit"]): (t["households"], t["deliveries"], t["amount"]) for t in told}
    assert found["production_in_kind", "jin"] == (1, 2, "150.5")
    assert found["production_in_kind", "yuan"] == (1, 1, "600")
    assert found["cooperative", "yuan"] == (1, 1, "300")


def test_preferred_purchase_is_on_equal_terms_only(harness: AssistanceHarness) -> None:
    """M173, R38: as dear is equal, a fen more is not."""
    office, one = harness.reviewer, family(harness)
    bought = begun(harness, one, "preferential_purchase", partner="县交通局服务中心")
    order = {"effective_on": "2016-04-01", "measure_id": bought, "item": "茶叶", "amount": "20", "unit": "jin"}
    path = f"{of(one)}/deliveries"
    assert harness.refused(office, path, order) == (409, "measure_prices_missing")
    dear = {**order, "price": "38.01", "compared_price": "38.00"}
    assert harness.refused(office, path, dear) == (409, "measure_not_on_equal_terms")
    harness.post(office, path, {**dear, "price": "38.00"})
    (told,) = harness.get(of(one))["measures"]
    assert told["deliveries"][0]["price"] == "38"


def test_a_donation_and_a_purchase_instead_of_one(harness: AssistanceHarness) -> None:
    """M126, M172: goods are a ledger by giver and item; an order of the association is a purchase, and no donation."""
    office, one = harness.reviewer, family(harness)
    order = {"effective_on": "2016-04-01", "item": "土鸡蛋", "amount": "12.5", "unit": "jin", "price": "15.00"}
    bought = begun(harness, one, "purchase_instead", partner="爱心协会")
    given = begun(harness, one, "donated_goods", partner="爱心协会")
    harness.post(office, f"{of(one)}/deliveries", {**order, "measure_id": bought})
    quilt = {"effective_on": "2016-04-02", "measure_id": given, "item": "棉被", "amount": "2", "unit": "set"}
    harness.post(office, f"{of(one)}/deliveries", quilt)
    # Of the school's staff: books and stationery for the household's pupil, each a line of its ledger.
    school = begun(harness, one, "donated_goods", partner="中心小学教职工")
    for item in ("图书", "文具"):
        line = {**quilt, "measure_id": school, "item": item, "amount": "1", "effective_on": "2016-04-03"}
        harness.post(office, f"{of(one)}/deliveries", line)
    ledger = next(m for m in harness.get(of(one))["measures"] if m["measure_id"] == school)
    assert [(d["item"], d["amount"], d["unit"]) for d in ledger["deliveries"]] == [
        ("图书", "1", "set"),
        ("文具", "1", "set"),
    ]
    told = harness.get("/measures/delivered-totals", division=COUNTY)
    found = {(t["measure_kind"], t["unit"]): t["amount"] for t in told}
    assert (found["purchase_instead", "jin"], found["donated_goods", "set"]) == ("12.5", "4")
    before = harness.get("/measures/delivered-totals", division=COUNTY, as_of="2016-04-01")
    assert "donated_goods" not in {t["measure_kind"] for t in before}


def test_low_rent_homes_in_the_village_are_for_the_poor(harness: AssistanceHarness) -> None:
    """M182: of registered households alone; the day before the registration, its day, the day before the exit and its day."""
    office, one = harness.reviewer, Family.new()
    harness.record(one.recorded("2014-01-05"), one.enrolled("2016-03-02"), one.exited("2016-09-01"))
    path, form = f"{of(one)}/measures", {"measure_kind": "low_rent_home"}
    for on in ("2016-03-01", "2016-09-01"):
        assert harness.refused(office, path, {**form, "effective_on": on}) == (409, "measure_not_eligible")
    homes = {on: begun(harness, one, "low_rent_home", on) for on in ("2016-03-02", "2016-08-31")}
    steps, home = f"{of(one)}/steps", homes["2016-03-02"]
    withdrawn = {"effective_on": "2016-08-31", "measure_id": homes["2016-08-31"], "reason": "重复登记"}
    harness.post(office, f"{of(one)}/withdrawals", withdrawn)
    assert harness.refused(office, steps, step(home, "moved_in", "2016-05-01")) == (409, "measure_step_out_of_order")
    assert harness.refused(office, steps, step(home, "approved", "2016-04-01")) == (409, "measure_decision_missing")
    harness.post(office, steps, step(home, "approved", "2016-04-01", decision=decided("2016-04-01")))
    harness.post(office, steps, step(home, "moved_in", "2016-05-01"))
    before, now = total(harness, "low_rent_home", as_of="2016-04-30"), total(harness, "low_rent_home")
    assert (before["households"], before["completed_households"]) == (1, 0)
    assert (now["completed_households"], now["completed_persons"], now["withdrawn"]) == (1, 2, 1)
