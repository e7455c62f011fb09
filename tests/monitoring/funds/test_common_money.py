"""Common money over HTTP: ten villages' funds of the sixth round against their floor, an association's and a village fund's regular
reports, whose figures are the ledger's as reported and as known now."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund
from tests.monitoring.projects.road import DOCUMENT, Handlers, done, refused
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import lika

MINUTES = on_paper("minutes")
FLOORS, MISSING = "/monitoring/village-fund-floors", "/monitoring/fund-reports-missing"


@pytest.fixture(scope="module")
def handlers(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handlers]:
    folder = tmp_path_factory.mktemp("common")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2017, 1, 10, 2, tzinfo=UTC)) as started:
        yield Handlers(started)


def yuan(sum_: str) -> dict[str, str]:
    return {"sum": sum_, "money_unit": "yuan"}


def common(h: Handlers, division: str, promised: str, **changed: Any) -> Money:
    form = fund(
        "2016-01-10", division=division, source="unit", source_label="市教育局", level=None, document_no=None, purposes=[],
        due_on="2016-12-31", promised=yuan(promised), **changed,
    )  # fmt: skip
    return Money(h, done(h.decider, FUNDS, form), "/")


def floors_in_inbox(h: Handlers) -> list[dict[str, Any]]:
    found = h.decider.get("/monitoring/inbox", limit=200).json()["items"]
    return [each for each in found if each["id"].startswith("floor")]


def receive(money: Money, on: str, sum_: str, voucher: str) -> None:
    form = {"effective_on": on, "moved": yuan(sum_), "voucher": voucher}
    done(money.handlers.decider, f"{money.path}/receipts", form)


def test_ten_villages_of_the_sixth_round_have_at_least_twenty_thousand_yuan_each(handlers: Handlers) -> None:
    h, villages = handlers, [f"9900011012{n:02}" for n in range(1, 11)]
    received = dict.fromkeys(villages, "20000") | {villages[3]: "19999.99", villages[7]: "25000"}
    for n, (village, sum_) in enumerate(received.items()):
        receive(common(h, village, "30000", village_fund=True), "2016-06-30", sum_, f"村-{n}")

    def short(**asked: Any) -> dict[str, str]:
        found = h.auditor.get(FLOORS, year=2016, **asked).json()
        return {each["division"]: each["short"] for each in found if each["short"] != "0"}

    found = h.auditor.get(FLOORS, year=2016).json()
    assert [(each["division"], each["floor"]) for each in found] == [(village, "20000") for village in villages]
    assert short() == {villages[3]: "0.01"}
    assert short(as_of="2016-06-29") == dict.fromkeys(villages, "20000")
    (alert,) = floors_in_inbox(h)
    assert (alert["kind"], alert["since"], alert["due_by"], alert["division"]) == (
        "overdue", "2017-01-01", "2016-12-31", villages[3],
    )  # fmt: skip
    assert (alert["details"]["missing"][0]["amount"], "尚差0.01元" in alert["why"]["zh"]) == ("0.01", True)
    receive(common(h, villages[3], "100", village_fund=True, sum_confirmed=True), "2016-12-31", "0.01", "村-补")
    assert (short(), floors_in_inbox(h)) == ({}, [])
    assert sum(Decimal(each["received"]) for each in h.auditor.get(FLOORS, year=2016).json()) >= 200_000


def test_common_money_is_reported_every_quarter_with_the_ledgers_figures(handlers: Handlers) -> None:
    h = handlers
    money = common(h, "990001", "5000", title="扶贫基金会")
    receive(money, "2016-02-01", "3000", "会-1")
    receive(money, "2016-05-01", "1000", "会-2")
    money.use = {"programme": "help"}
    decision = {**DOCUMENT, "decided_on": "2016-02-01"}
    allocated = {"effective_on": "2016-02-01", "moved": yuan("2000"), "use": money.use, "decision": decision}
    done(h.decider, f"{money.path}/allocations", allocated)
    money.post_use("2016-02-01", "2016-02-08")
    done(
        h.decider, f"{money.path}/reservations", {"effective_on": "2016-02-01", "moved": yuan("2000"), "use": money.use}
    )
    paid = {"moved": yuan("500"), "use": money.use}
    done(h.decider, f"{money.path}/payments", {"effective_on": "2016-03-31", "voucher": "会-3", **paid})

    def missing(**asked: Any) -> list[str]:
        found = h.auditor.get(MISSING, **asked).json()
        return next((each["periods_to"] for each in found if each["title"] == "扶贫基金会"), [])

    quarters = ["2016-03-31", "2016-06-30", "2016-09-30", "2016-12-31"]
    assert missing() == quarters
    assert (missing(as_of="2016-03-31"), missing(as_of="2016-04-01")) == ([], quarters[:1])
    first = {"period_from": "2016-01-01", "period_to": "2016-03-31", "reported_to": "县民政局", "evidence": MINUTES}
    reports = f"{money.path}/reports"
    assert refused(h.decider, reports, {"effective_on": "2016-03-31", **first}) == "fund_report_period_not_over"
    typed = {"effective_on": "2016-04-01", **first, "spent": "400"}
    assert h.decider.post(reports, typed).status_code == 422  # figures are never typed
    assert (
        refused(h.decider, reports, {"effective_on": "2016-04-01", **first, "evidence": []}) == "fund_evidence_missing"
    )
    done(h.decider, reports, {"effective_on": "2016-04-01", **first})
    overlapping = {"effective_on": "2016-07-01", **first, "period_from": "2016-03-31", "period_to": "2016-06-30"}
    assert refused(h.decider, reports, overlapping) == "fund_period_reported_already"
    done(h.decider, reports, {**overlapping, "period_from": "2016-04-01"})
    assert missing() == quarters[2:]

    def figures() -> list[tuple[list[str], list[str], bool]]:
        names = ("received", "spent", "left")
        return [
            ([r[name] for name in names], [r[f"{name}_now"] for name in names], r["differs"])
            for r in money.read()["reports"]
        ]

    spring, summer = ["3000", "500", "2500"], ["1000", "0", "3500"]
    assert figures() == [(spring, spring, False), (summer, summer, False)]
    # Who took common money for something else is seen: a payment told late, of a quarter that was reported.
    done(h.decider, f"{money.path}/payments", {"effective_on": "2016-03-31", "voucher": "会-4", **paid})
    assert figures() == [
        (spring, ["3000", "1000", "2000"], True), (summer, ["1000", "0", "3000"], True),
    ]  # fmt: skip
    states = done(h.decider, FUNDS, fund("2016-01-10", document_no="财农〔2016〕77号"))
    assert refused(h.decider, f"{states}/reports", {"effective_on": "2016-04-01", **first}) == "fund_is_no_common_money"


def test_what_is_short_waits_in_the_last_month_of_its_year_and_is_overdue_in_the_next(handlers: Handlers) -> None:
    """The day before, the day, and the day after the year; a year later it is in no inbox any more."""
    h, seen = handlers, dict[str, set[tuple[str, str]]]()
    for day in ("2017-11-30", "2017-12-01", "2017-12-31", "2018-01-01"):
        h.advance(day)
        seen[day] = {(e["kind"], e["due_by"]) for e in floors_in_inbox(h) if e["division"].startswith("990001101")}
    due, overdue = {("due", "2017-12-31")}, {("overdue", "2017-12-31")}
    assert seen == {"2017-11-30": set(), "2017-12-01": due, "2017-12-31": due, "2018-01-01": overdue}
    (entry,) = [e for e in floors_in_inbox(h) if e["division"] == "990001101201"]
    assert entry["act"]["form"] == {"division": "990001101201", "year": 2017, "village_fund": True}
