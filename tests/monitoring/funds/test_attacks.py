"""What somebody would try who wants to spend before posting, after closing, twice, or by taking back what the spending rests on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.roles import Role
from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund
from tests.monitoring.funds.pay_lists import assistance_stub, record, released, settled
from tests.monitoring.projects.road import COUNTY, DOCUMENT, Handlers, done, refused
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

PHOTO = on_paper("notice_photo")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder, since = tmp_path_factory.mktemp("attacks"), datetime(2016, 1, 12, 2, tzinfo=UTC)
    with lika([registry_stub, assistance_stub, monitoring], module_database, folder, since) as started:
        yield started


@pytest.fixture(scope="module")
def road(running: Lika) -> Money:
    """A road with a charter since 1 March 2016, and 600,000 yuan of which 500,000 are for it; today is 1 April."""
    h = Handlers(running)
    project = h.chartered()
    h.advance("2016-04-01")
    money = Money(h, done(h.decider, FUNDS, fund("2016-01-20")), project)
    money.receive("2016-02-05", "60", "记-1")
    return money


@pytest.fixture(scope="module")
def paid(road: Money) -> Money:
    """Of it 500,000 are the road's, 300,000 spoken for, and 100,000 paid behind a notice that hung until the day before."""
    road.allocate("2016-02-05", "50")
    road.reserve("2016-03-01", "30")
    road.post_use("2016-03-20", "2016-03-20")
    road.pay("2016-03-21", "10", "记-2")
    return road


def acts(money: Money, type_: str) -> list[str]:
    return [act["id"] for act in money.read()["acts"] if act["type"] == type_]


def annulling(on: str, *ids: str) -> dict[str, object]:
    return {"effective_on": on, "annuls": list(ids), "reason": "误填"}


def test_nothing_is_dated_before_the_gate_that_it_stands_behind(paid: Money) -> None:
    """On the day of each gate both were taken."""
    h, decision = paid.handlers, {"decision": {**DOCUMENT, "decided_on": "2016-02-04"}}
    early = paid.form("allocations", "2016-02-04", "5", use=paid.use, **decision)
    assert refused(h.decider, *early) == "fund_project_not_planned"
    early = paid.form("reservations", "2016-02-29", "3", use=paid.use)
    assert refused(h.decider, *early) == "fund_project_not_chartered"


def test_a_notice_that_ended_before_it_hung_posts_nothing(paid: Money) -> None:
    h = paid.handlers
    notice = {"use": paid.use, "place": "村务公开栏", "evidence": PHOTO, "effective_on": "2016-03-20"}
    backwards = {**notice, "until": "2016-03-19"}
    assert refused(h.decider, f"{paid.path}/use-notices", backwards) == "fund_notice_ends_before_it_hangs"
    assert refused(h.decider, *paid.payment("2016-03-20", "10", "记-4")) == "fund_use_not_posted"


def test_the_notice_is_not_taken_away_from_under_a_payment(paid: Money) -> None:
    h, annulments = paid.handlers, f"{paid.path}/annulments"
    (first,), (payment,) = acts(paid, "FundUseNoticePosted"), acts(paid, "FundPaid")
    assert refused(h.decider, annulments, annulling("2016-04-01", first)) == "fund_notice_still_needed"
    # Both in one act; and what is restored needs its notice as well.
    done(h.decider, annulments, annulling("2016-04-01", first, payment))
    assert paid.read()["spent"] == "0"
    (undo,) = acts(paid, "FundActsAnnulled")
    done(h.decider, annulments, annulling("2016-04-01", undo))
    assert paid.read()["spent"] == "100000"
    # Another notice that was over before the payment carries it.
    paid.post_use("2016-03-02", "2016-03-10")
    done(h.decider, annulments, annulling("2016-04-01", first))


def test_a_project_does_not_end_before_its_last_payment_nor_lose_the_charter_that_was_paid_under(paid: Money) -> None:
    h, project = paid.handlers, f"/monitoring/projects/{paid.use['project_id']}"
    facts = h.auditor.get(project).json()["history"]
    (charter,) = [fact["id"] for fact in facts if fact["type"] == "ProjectChartered"]
    assert refused(h.decider, f"{project}/annulments", annulling("2016-04-01", charter)) == "project_paid_under_charter"
    for day, code in (("2016-03-20", "project_paid_since"), ("2016-03-21", "project_paid_since")):
        withdrawal = {"effective_on": day, "reason": "停建"}
        assert refused(h.decider, f"{project}/withdrawal", withdrawal) == code
    done(h.decider, f"{project}/withdrawal", {"effective_on": "2016-03-22", "reason": "停建"})
    assert refused(h.decider, *paid.payment("2016-03-22", "1", "记-3")) == "fund_project_closed"
    # A payment of a day before, told afterwards, was lawful when it was made.
    paid.pay("2016-03-21", "1", "记-3")


def test_a_voucher_of_the_treasurys_is_reported_once(paid: Money) -> None:
    paid.do("treasury-vouchers", "2016-04-01", "10", voucher="记-2")
    again = paid.form("treasury-vouchers", "2016-04-01", "9", voucher="记-2")
    assert refused(paid.handlers.decider, *again) == "fund_voucher_twice"
    assert {d["voucher"] for d in paid.read()["voucher_differences"]} - {"记-3"} == {"记-1"}


def test_who_closed_a_year_does_not_open_it_again(running: Lika, paid: Money) -> None:
    h = paid.handlers
    h.advance("2017-01-05")
    paid.do("year-closings", "2016-12-31", year=2016)
    (closing,) = acts(paid, "FundYearClosed")
    annulment = annulling("2017-01-05", closing)
    assert refused(h.decider, f"{paid.path}/annulments", annulment) == "fund_opens_own_closing"
    other: ApiClient = running.client_for("decider-other", COUNTY, Role.DECIDER)
    done(other, f"{paid.path}/annulments", annulment)
    assert paid.read()["closed_years"] == []
    # Closed again by that other person, what belongs to an open year is still corrected.
    done(other, f"{paid.path}/year-closings", {"effective_on": "2016-12-31", "year": 2016})
    paid.do("returns", "2017-01-05", "1", voucher="记-8")
    done(h.decider, f"{paid.path}/annulments", annulling("2017-01-05", *acts(paid, "FundReturned")))
    payment, *_ = acts(paid, "FundPaid")
    assert refused(h.decider, f"{paid.path}/annulments", annulling("2017-01-05", payment)) == "fund_year_closed"


def test_what_lists_pay_is_not_booked_by_hand_as_well(running: Lika) -> None:
    h, number = Handlers(running), "财教〔2017〕7号"
    h.reach("2017-01-05")
    form = fund("2017-01-05", document_no=number, year=2017, purposes=["education_aid"], due_on="2017-12-31")
    money = Money(h, done(h.decider, FUNDS, form), "/")
    money.use = {"programme": "education_aid"}
    money.receive("2017-01-05", "60", "教-1")
    money.do("allocations", "2017-01-05", "30", use=money.use, decision={**DOCUMENT, "decided_on": "2017-01-05"})
    money.reserve("2017-01-05", "2")
    money.post_use("2017-01-05", "2017-01-05")
    record(
        running,
        *released(UUID(int=9), "2017-01-05", "财教〔2０17〕7 号"),
        settled(UUID(int=9), "2017-01-05", "11000.00"),
    )
    assert (money.read()["reserved"], money.read()["spent"]) == ("9000", "11000")
    h.advance("2017-01-06")
    assert refused(h.decider, *money.payment("2017-01-06", "0.1", "教-2")) == "fund_programme_is_paid_by_lists"
    back = money.form("payment-returns", "2017-01-06", "0.1", use=money.use, voucher="教-3")
    assert refused(h.decider, *back) == "fund_programme_is_paid_by_lists"
    taken = money.form("reservation-releases", "2017-01-06", "0.9", use=money.use)
    done(h.decider, *taken)


def test_what_will_not_come_is_cut_and_a_fund_told_wrongly_is_told_anew(running: Lika) -> None:
    h = Handlers(running)
    h.reach("2017-01-06")
    form = fund("2017-01-06", document_no="财农〔2017〕8号", year=2017, purposes=["road"], due_on="2017-01-06")
    money = Money(h, done(h.decider, FUNDS, form), "/")
    received = money.receive("2017-01-06", "20", "改-1")
    assert received == money.path
    h.advance("2017-01-08")
    waiting = [e["subject"] for e in h.auditor.get("/monitoring/inbox", kind="overdue", limit=200).json()["items"]]
    assert money.path.rpartition("/")[2] in waiting
    too_much = money.form("pledge-cuts", "2017-01-08", "40.1", reason="上级核减")
    assert refused(h.decider, *too_much) == "fund_received_more_than_pledged"
    money.do("pledge-cuts", "2017-01-08", "40", reason="上级核减")
    assert (money.read()["pledged"], money.read(as_of="2017-01-07")["pledged"]) == ("0", "400000")
    left = [e["subject"] for e in h.auditor.get("/monitoring/inbox", kind="overdue", limit=200).json()["items"]]
    assert money.path.rpartition("/")[2] not in left
    # The earmark names no kind of project: nothing can be spent, and the fund is told anew, with what was told of it.
    annulments, (declared,) = f"{money.path}/annulments", acts(money, "FundDeclared")
    assert refused(h.decider, annulments, annulling("2017-01-08", declared)) == "fund_declaration_rested_on"
    before = h.auditor.get("/monitoring/trial-balance").json()
    done(h.decider, annulments, annulling("2017-01-08", *(act["id"] for act in money.read()["acts"])))
    assert h.auditor.get(money.path).status_code == 404
    assert money.read(known_at="2017-01-07")["available"] == "200000"
    after = h.auditor.get("/monitoring/trial-balance").json()
    assert (after["difference"], int(before["debits"]) - int(after["debits"])) == ("0", 600000 + 200000 + 400000)
    anew = Money(h, done(h.decider, FUNDS, {**form, "purposes": ["roads"]}), "/")
    anew.receive("2017-01-06", "20", "改-1")
    assert anew.read()["available"] == "200000"


def test_a_fund_without_a_number_is_one_by_its_name_sum_and_term_and_small_sums_are_asked_about(running: Lika) -> None:
    h = Handlers(running)
    h.reach("2017-01-08")
    form = fund(
        "2017-01-08", document_no=None, title="村民自筹修路款", source="villagers", source_label="村民", year=2017
    )
    form["due_on"] = "2017-12-31"
    money = Money(h, done(h.decider, FUNDS, form), "/")
    assert refused(h.decider, FUNDS, form) == "fund_told_already"
    done(h.decider, FUNDS, {**form, "title": "村民自筹饮水款"})
    small = {"effective_on": "2017-01-08", "moved": {"sum": "60", "money_unit": "yuan"}, "voucher": "小-1"}
    assert refused(h.decider, f"{money.path}/receipts", small) == "fund_sum_implausible"
    done(h.decider, f"{money.path}/receipts", {**small, "sum_confirmed": True})
    # What goes back may be any rest.
    done(
        h.decider, f"{money.path}/returns", {**small, "moved": {"sum": "0.5", "money_unit": "yuan"}, "voucher": "小-2"}
    )


def test_sums_and_sources_that_are_masked_cut_off_or_in_the_wrong_unit_are_named(running: Lika) -> None:
    h = Handlers(running)
    h.reach("2017-01-06")
    form = fund("2017-01-06", document_no="财农〔2017〕1号", year=2017, due_on="2017-12-31")
    malformed: dict[str, object] = {
        "masked year": {"year": "20xx"}, "masked sum": {"promised": {"sum": "6x", "money_unit": "wan_yuan"}},
        "no unit": {"promised": {"sum": "60"}}, "unknown unit": {"promised": {"sum": "60", "money_unit": "百万元"}},
        "masked day": {"due_on": "2017-xx-31"}, "fraction of a fen": {"promised": {"sum": "1000.001", "money_unit": "yuan"}},
        "nothing": {"promised": {"sum": "0", "money_unit": "yuan"}}, "below": {"promised": {"sum": "-60", "money_unit": "wan_yuan"}},
    }  # fmt: skip
    for what, wrong in malformed.items():
        assert h.decider.post(FUNDS, {**form, **wrong}).status_code == 422, what  # type: ignore[dict-item]
    small = {**form, "promised": {"sum": "60", "money_unit": "yuan"}}
    assert refused(h.decider, FUNDS, small) == "fund_sum_implausible"
    assert refused(h.decider, FUNDS, {**form, "source_label": "省财…"}) == "fund_source_incomplete"
    assert refused(h.decider, FUNDS, {**form, "raised_by": "样例＊"}) == "fund_source_incomplete"
    # Clicked twice it is one fund; the sum that was looked at is taken.
    key = "3b0f6f2e-4a55-4a41-8f9a-0c6f4f3f7a10"
    paths = {h.decider.post(FUNDS, {**small, "sum_confirmed": True}, key=key).headers["Location"] for _ in range(2)}
    assert len(paths) == 1
    assert h.auditor.get(paths.pop()).json()["promised"] == "60"
