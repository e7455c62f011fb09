"""The money of a road over HTTP: posted before it is spent, for its purpose, within its quota, never after the closing; balances of
every day as known on any other, and books that balance."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund, wan
from tests.monitoring.projects.road import COUNTY, DOCUMENT, Handlers, done, draft, refused
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import lika


@pytest.fixture(scope="module")
def handlers(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handlers]:
    folder = tmp_path_factory.mktemp("funds")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        yield Handlers(started)


def test_a_roads_money_from_the_source_to_the_fiscal_closing(handlers: Handlers) -> None:
    h = handlers
    project = h.chartered()
    path = done(h.decider, FUNDS, fund())
    told = h.decider.post(FUNDS, fund(title="同一笔资金")).json()
    assert (told["code"], told["facts"]["fund_id"]) == ("fund_told_already", path.rpartition("/")[2])
    money = Money(h, path, project)
    spend_in_order(h, money)
    look_back(h, money)
    close_the_year(h, money)


def spend_in_order(h: Handlers, money: Money) -> None:
    decision = {"decision": {**DOCUMENT, "decided_on": "2016-03-01"}}
    early = money.form("allocations", "2016-03-01", "60", use=money.use, **decision)
    assert refused(h.decider, *early) == "fund_not_enough_available"
    money.receive("2016-03-01", "60", "记-1")
    twice = money.form("receipts", "2016-03-01", "1", voucher="记-1")
    assert refused(h.decider, *twice) == "fund_voucher_twice"
    village = done(h.village, "/monitoring/projects", draft(project_kind="water_and_power", item="W6"))
    elsewhere = {"project_id": village.rpartition("/")[2]}
    wrong = money.form("allocations", "2016-03-01", "1", use=elsewhere, **decision)
    assert refused(h.decider, *wrong) == "fund_purpose_mismatch"
    other = money.form("allocations", "2016-03-01", "1", use={"programme": "yulu"}, **decision)
    assert refused(h.decider, *other) == "fund_purpose_mismatch"
    nowhere = money.form("allocations", "2016-03-01", "1", use={}, **decision)
    assert refused(h.decider, *nowhere) == "fund_use_unclear"
    undecided = money.form("allocations", "2016-03-01", "50", use=money.use)
    assert refused(h.decider, *undecided) == "fund_decision_missing"
    money.allocate("2016-03-01", "50")

    h.advance("2016-03-12")
    # The notice hangs until the end of the 10th: not before it, not on its last day, from the day after on.
    assert refused(h.decider, *money.payment("2016-03-01", "20", "记-2")) == "fund_use_not_posted"
    money.post_use("2016-03-02", "2016-03-10")
    money.reserve("2016-03-02", "30")
    assert refused(h.decider, *money.payment("2016-03-10", "20", "记-2")) == "fund_use_not_posted"
    money.pay("2016-03-11", "20", "记-2", retained=wan("2"))
    assert refused(h.decider, *money.payment("2016-03-11", "11", "记-3")) == "fund_beyond_reservation"
    assert (
        refused(h.decider, *money.payment("2016-03-11", "1", "记-3", retained=wan("1")))
        == "fund_retains_more_than_paid"
    )
    beyond = money.form("reservations", "2016-03-11", "21", use=money.use)
    assert refused(h.decider, *beyond) == "fund_beyond_allocation"
    withdrawn = money.form("allocation-withdrawals", "2016-03-11", "21", use=money.use)
    assert refused(h.decider, *withdrawn) == "fund_beyond_allocation"


def look_back(h: Handlers, money: Money) -> None:
    """A payment told late restates a day, and what was published stays; an annulment that would leave a day short is refused."""
    figures = ("available", "allocated", "reserved", "retained", "spent")
    now = money.read(as_of="2016-03-11")
    assert [now[name] for name in figures] == ["100000", "200000", "100000", "20000", "180000"]
    assert (now["debits"], now["acts"][0]["type"]) == (now["credits"], "FundDeclared")
    assert [money.read(as_of="2016-03-10")[name] for name in figures] == ["100000", "200000", "300000", "0", "0"]
    h.advance("2016-04-05")
    money.pay("2016-03-31", "5", "记-4")
    before, after = execution(h, "2016-03-31", known_at="2016-04-04"), execution(h, "2016-03-31")
    assert (before["published"]["rate"], before["restated"]["rate"]) == ("0.3", "0.3833")
    assert after["published"] == after["restated"] == before["restated"]
    by_month = {e["key"]: e["restated"]["spent"] for e in listed(h, "execution", by="month")}
    assert by_month == {"2016-03": "230000"}
    assert [e["key"] for e in listed(h, "execution", by="division_month")] == [f"{COUNTY} 2016-03"]
    (of_both,) = listed(h, "execution", by="division_month", known_at="2016-04-04")
    assert (of_both["published"]["spent"], of_both["restated"]["spent"]) == ("180000", "230000")
    for known_at in ("2016-03-01", "2016-03-12", "2016-04-04", "2016-04-05"):
        trial = h.auditor.get("/monitoring/trial-balance", known_at=known_at).json()
        assert (trial["difference"], trial["debits"]) == ("0", trial["credits"])
    reserved = next(act["id"] for act in now["acts"] if act["type"] == "QuotaReserved")
    paid = [act["id"] for act in money.read()["acts"] if act["type"] == "FundPaid"]
    annul = {"effective_on": "2016-04-05", "reason": "误填"}
    assert refused(h.decider, f"{money.path}/annulments", {**annul, "annuls": [reserved]}) == "fund_beyond_reservation"
    done(h.decider, f"{money.path}/annulments", {**annul, "annuls": [paid[1]]})
    assert money.read()["spent"] == "180000"
    undo = next(act["id"] for act in money.read()["acts"] if act["type"] == "FundActsAnnulled")
    done(h.decider, f"{money.path}/annulments", {**annul, "annuls": [undo]})
    assert money.read()["spent"] == "230000"
    matching = h.auditor.get(f"/monitoring/projects/{money.use['project_id']}/matching").json()
    assert [(m["brought"], m["gap"]) for m in matching] == [("500000", "100000"), ("0", "300000")]
    assert [m["key"] for m in listed(h, "execution", by="project")] == [f"project:{money.use['project_id']}"]


def close_the_year(h: Handlers, money: Money) -> None:
    h.advance("2017-01-10")
    money.do("payment-returns", "2016-12-30", "1", use=money.use, voucher="记-5")
    assert refused(h.decider, *money.form("year-closings", "2016-11-30", year=2016)) == "fund_year_not_to_be_closed"
    money.do("year-closings", "2016-12-31", year=2016)
    assert refused(h.decider, *money.payment("2016-12-31", "1", "记-6")) == "fund_year_closed"
    assert refused(h.decider, *money.payment("2016-12-30", "1", "记-6")) == "fund_year_closed"
    money.pay("2017-01-01", "1", "记-6")
    money.do("retention-payments", "2017-01-10", "2", use=money.use, voucher="记-7")
    carried = money.read()
    assert (carried["age"], carried["closed_years"], carried["retained"]) == (1, [2016], "0")
    # The treasury has one voucher less, and one of another sum.
    for number, sum_ in (("记-1", "60"), ("记-2", "18"), ("记-4", "5"), ("记-5", "1"), ("记-6", "1.5")):
        money.do("treasury-vouchers", "2017-01-10", sum_, voucher=number)
    differences = {d["voucher"]: (d["booked"], d["in_treasury"]) for d in money.read()["voucher_differences"]}
    assert differences == {"记-6": ("10000", "15000"), "记-7": ("20000", None)}
    # A project that is closed or withdrawn gets no more.
    done(
        h.decider,
        f"/monitoring/projects/{money.use['project_id']}/withdrawal",
        {"effective_on": "2017-01-10", "reason": "停建"},
    )
    assert refused(h.decider, *money.payment("2017-01-10", "1", "记-8")) == "fund_project_closed"
    money.do("reservation-releases", "2017-01-10", "4", use=money.use)
    money.do("allocation-withdrawals", "2017-01-10", "25", use=money.use)
    money.do("returns", "2017-01-10", "35", voucher="记-9")
    trial = h.auditor.get("/monitoring/trial-balance").json()
    assert (trial["difference"], trial["balances"]["spent"]) == ("0", "250000")


def test_what_units_raise_is_held_against_the_years_floor_and_village_accounts_are_posted(handlers: Handlers) -> None:
    h = handlers
    help_fund = fund(
        "2016-03-01", source="unit", source_label="样例局", level=None, document_no=None, purposes=[], raised_by="样例局",
        promised=wan("5"), village_fund=True,
    )  # fmt: skip
    path = done(h.decider, FUNDS, help_fund)
    received = {"effective_on": "2016-07-01", "moved": {"sum": "49999.99", "money_unit": "yuan"}, "voucher": "局-1"}
    h.advance("2017-01-11")
    done(h.decider, f"{path}/receipts", received)

    def floor() -> dict[str, Any]:
        (found,) = h.auditor.get("/monitoring/fund-floors", year=2016).json()
        assert isinstance(found, dict)
        return found

    assert (floor()["raised"], floor()["floor"], floor()["short"]) == ("49999.99", "50000", "0.01")
    (alert,) = [e for e in inbox(h) if e["subject"] == path.rpartition("/")[2]]
    assert alert["kind"] == "overdue"
    cent = {"effective_on": "2016-12-31", "moved": {"sum": "0.01", "money_unit": "yuan"}, "voucher": "局-2"}
    done(h.decider, f"{path}/receipts", cent)
    assert floor()["short"] == "0"
    more = {"effective_on": "2016-12-31", "moved": {"sum": "0.01", "money_unit": "yuan"}, "voucher": "局-3"}
    assert refused(h.decider, f"{path}/receipts", more) == "fund_received_more_than_pledged"

    assert h.auditor.get(path).json()["accounts_missing"] == ["2016-first", "2016-second"]
    posted = {
        "year": 2016,
        "half": "first",
        "checked_by": "民主理财小组",
        "until": "2017-01-18",
        "evidence": on_paper("minutes"),
    }
    running = {"effective_on": "2016-06-30", **posted}
    assert refused(h.decider, f"{path}/posted-accounts", running) == "fund_half_year_not_over"
    done(h.decider, f"{path}/posted-accounts", {"effective_on": "2016-07-01", **posted})
    assert h.auditor.get(path).json()["accounts_missing"] == ["2016-second"]


def execution(h: Handlers, as_of: str, **asked: Any) -> dict[str, Any]:
    (found,) = listed(h, "execution", by="fund", as_of=as_of, **asked)
    return found


def listed(h: Handlers, path: str, **asked: Any) -> list[dict[str, Any]]:
    answer = h.auditor.get(f"/monitoring/{path}", **asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def inbox(h: Handlers) -> list[dict[str, Any]]:
    return list(h.decider.get("/monitoring/inbox").json()["items"])


def test_what_a_bureau_raises_through_its_relations_goes_to_its_targets_and_counts_once(handlers: Handlers) -> None:
    """650,000 yuan in a year: two villages, five bodies, two towns, and the repair of an office; in 10,000 yuan."""
    h, on = handlers, "2017-01-12"
    h.advance(on)
    raised = (
        *(("两个村", "18"),) * 2, *(("五个单位", "1"),) * 5, ("一镇", "3"), ("另一镇", "1"), ("办公楼维修", "20"),
    )  # fmt: skip
    forms = [
        fund(
            on, source="unit", source_label="联系单位", level=None, document_no=f"捐赠协议〔2017〕{number}号", year=2017, purposes=[],
            title=f"{target}{number}", raised_by="联系局", promised=wan(sum_), due_on="2017-12-31",
        )
        for number, (target, sum_) in enumerate(raised, start=1)
    ]  # fmt: skip
    paths = [done(h.decider, FUNDS, form) for form in forms]
    # The second paragraph tells of the villages' money again.
    told = [refused(h.decider, FUNDS, {**form, "title": "两个村各18万元"}) for form in forms[:2]]
    assert told == ["fund_told_already"] * 2
    for number, (path, (_, sum_)) in enumerate(zip(paths, raised, strict=True), start=1):
        receipt = {"effective_on": on, "moved": wan(sum_), "voucher": f"联-{number}"}
        done(h.decider, f"{path}/receipts", receipt)
        assert refused(h.decider, f"{path}/receipts", receipt) == "fund_voucher_twice"
    floors = {f["raised_by"]: f["raised"] for f in h.auditor.get("/monitoring/fund-floors", year=2017).json()}
    assert floors["联系局"] == "650000"
    listed_ = [f for f in listed(h, "funds", year=2017, limit=200) if f["raised_by"] == "联系局"]
    assert (len(listed_), sorted({f["title"][:2] for f in listed_})) == (10, ["一镇", "两个", "五个", "办公", "另一"])
