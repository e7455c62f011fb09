"""A fund of monitoring grants a programme its quota, and assistance releases no fen beyond it: both services, over HTTP."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from contracts.registry.codes import SchoolStage
from services.assistance.payments.domain_quotas import Fund, ProgrammeQuotas, Quota, counts
from services.chassis.ground.refusals import Refused
from services.monitoring.service import monitoring
from tests.assistance.harness import COUNTY, assistance_harness
from tests.assistance.payments.paying import PayOffice
from tests.monitoring.funds.money import FUNDS, fund, wan
from tests.monitoring.projects.road import DOCUMENT
from tests.support.evidence import on_paper
from tests.support.running import ApiClient

NUMBER, OTHER = "示财教〔2016〕5号", "示财农〔2016〕9号"
DAY, NEXT, PAID = "2016-05-03", "2016-05-04", "2016-05-13"
TERMS = (
    {"period_from": "2015-08-01", "period_to": "2016-01-31"},
    {"period_from": "2016-02-01", "period_to": "2016-07-31"},
)
USE = {"programme": "education_aid"}
NOT_POSTED = (409, "payment_fund_use_not_posted")


class Treasury:
    """Finance, on both sides of a fund: in monitoring it is declared, received and reserved."""

    def __init__(self, office: PayOffice) -> None:
        self.office, self.finance = office, office.finance

    def act(self, path: str, form: dict[str, Any]) -> str:
        answer = self.finance.post(path, form)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["location"])

    def fund(self, **changed: Any) -> str:
        """600,000 yuan received, of which 300,000 are allocated to education aid."""
        path = self.act(FUNDS, fund(DAY, document_no=NUMBER, purposes=["education_aid"], **changed))
        self.act(f"{path}/receipts", {"effective_on": DAY, "moved": wan("60"), "voucher": "记-1"})
        decision = {**DOCUMENT, "decided_on": DAY}
        form = {"effective_on": DAY, "moved": wan("30"), "use": USE, "decision": decision}
        self.act(f"{path}/allocations", form)
        return path

    def move(self, yuan: str, on: str) -> dict[str, Any]:
        return {"effective_on": on, "moved": {"sum": yuan, "money_unit": "yuan"}, "use": USE}

    def post_use(self, path: str, until: str, programme: str = "education_aid") -> str:
        """It hangs from the first day on; what is answered."""
        notice = {"effective_on": DAY, "use": {"programme": programme}, "place": "村务公开栏", "until": until}
        answer = self.finance.post(f"{path}/use-notices", {**notice, "evidence": on_paper("notice_photo")}).text
        self.quotas()  # waits until assistance has read it
        return answer

    def refused(self, path: str, form: dict[str, Any]) -> str:
        self.reserved(path.rpartition("/")[0])  # waits until monitoring has read what assistance recorded
        answer = self.finance.post(path, form)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["code"])

    def quotas(self, on: str | None = None) -> list[tuple[str | None, str, str]]:
        """Document of the money, granted and left."""
        asked = {"programme": "education_aid", "division": COUNTY, **({} if on is None else {"on": on})}
        found = self.office.harness.get("/payments/quotas", self.finance, **asked)
        return [(q["fund_document"], q["granted"], q["left"]) for q in found]

    def reserved(self, path: str) -> tuple[str, str]:
        """Reserved and spent."""
        found = self.finance.get(path).json()
        return found["reserved"], found["spent"]


@pytest.fixture(scope="module")
def treasury(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Treasury]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), DAY, beside=[monitoring]) as running:
        yield Treasury(PayOffice.with_calendars(running))


def verified(office: PayOffice, **term: str) -> str:
    pay_list = office.compile(DAY, **term)
    office.harness.post(office.township, f"{pay_list}/postings", {"on": DAY})
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": DAY})
    return pay_list


def release(document: str, on: str) -> dict[str, str]:
    return {"on": on, "fund_document": document, "order_no": "20160503-1"}


def test_a_release_is_checked_against_what_the_fund_has_granted(treasury: Treasury) -> None:
    office, harness = treasury.office, treasury.office.harness
    office.grant(office.families(SchoolStage.JUNIOR, 2), "2015-09-01")
    autumn, spring = (verified(office, **term) for term in TERMS)  # 1,250 yuan each
    assert treasury.quotas() == []
    assert harness.refused(office.finance, f"{autumn}/releases", release(NUMBER, DAY)) == (409, "payment_quota_missing")
    # A release is not dated back into the days before the list was verified, whose quota another year's paper granted.
    office.quota("5000.00", year=2015)
    assert harness.refused(office.finance, f"{autumn}/releases", release(NUMBER, "2015-12-31")) == (
        409, "payment_before_last_act",
    )  # fmt: skip
    office.quota("5000.00")
    assert treasury.quotas() == [(None, "5000.00", "5000.00")]

    # What is received and allocated is no quota; what is reserved is, to the fen, from its day on and in the document's place.
    path = treasury.fund()
    assert treasury.quotas() == [(None, "5000.00", "5000.00")]
    harness.advance_to(NEXT)
    treasury.act(f"{path}/reservations", treasury.move("1249.99", NEXT))
    assert treasury.quotas() == [(NUMBER, "1249.99", "1249.99")]
    assert treasury.quotas(DAY) == [(None, "5000.00", "5000.00")]
    refused = harness.refused(office.finance, f"{autumn}/releases", release(OTHER, NEXT))
    assert refused == (409, "payment_quota_of_other_fund")
    # Its use is posted in one place, with the fund: not here, and nothing is released before the notice is over.
    posting = {
        "programme": "education_aid",
        "division": COUNTY,
        "fund_document": NUMBER,
        "place": "县政府公示栏",
        "on": NEXT,
    }
    here = harness.refused(office.department, "/payments/fund-postings", posting)
    assert here == (409, "payment_fund_is_posted_with_itself")
    assert harness.refused(office.finance, f"{autumn}/releases", release(NUMBER, NEXT)) == NOT_POSTED
    treasury.post_use(path, NEXT)
    assert harness.refused(office.finance, f"{autumn}/releases", release(NUMBER, NEXT)) == NOT_POSTED
    other_use = treasury.post_use(path, DAY, programme="yulu")
    assert "fund_purpose_mismatch" in other_use
    treasury.post_use(path, DAY)
    beyond = harness.refused(office.finance, f"{autumn}/releases", release(NUMBER, NEXT))
    assert beyond == (409, "payment_quota_exceeded")
    treasury.act(f"{path}/reservations", treasury.move("0.01", NEXT))
    assert treasury.quotas() == [(NUMBER, "1250.00", "1250.00")]
    harness.post(
        office.finance, f"{autumn}/releases", release("示财教〔２０１６〕5号 ", NEXT)
    )  # as another keyboard types it
    assert treasury.quotas() == [(NUMBER, "1250.00", "0.00")]
    exhausted = harness.refused(office.finance, f"{spring}/releases", release(NUMBER, NEXT))
    assert exhausted == (409, "payment_quota_exceeded")

    # What a released list holds, nobody takes back: neither by an act nor by an annulment.
    held = "fund_quota_held_by_lists"
    assert treasury.refused(f"{path}/reservation-releases", treasury.move("0.01", NEXT)) == held
    acts = [a["id"] for a in treasury.finance.get(path).json()["acts"] if a["type"] == "QuotaReserved"]
    annulment = {"effective_on": NEXT, "annuls": acts[-1:], "reason": "重复登记"}
    assert treasury.refused(f"{path}/annulments", annulment) == held

    # Paid, it draws on the fund; what the bank returned is free in both, and is paid again.
    harness.advance_to(PAID)
    harness.post(office.finance, f"{autumn}/handovers", {"on": PAID, "voucher_no": "V1"})
    office.take(autumn, office.result(autumn, PAID, {2: "账户已销户"}))
    assert (treasury.quotas(), treasury.reserved(path)) == ([(NUMBER, "1250.00", "625.00")], ("625", "625"))
    notices = [a["id"] for a in treasury.finance.get(path).json()["acts"] if a["type"] == "FundUseNoticePosted"]
    taken_away = {"effective_on": PAID, "annuls": notices, "reason": "没有张贴"}
    assert treasury.refused(f"{path}/annulments", taken_away) == "fund_notice_still_needed"
    again = harness.post(office.finance, f"{autumn}/reissues", {"on": PAID})
    harness.post(office.treasurer, f"{again}/releases", release(NUMBER, PAID))
    assert treasury.quotas() == [(NUMBER, "1250.00", "0.00")]
    assert treasury.refused(f"{path}/annulments", {**annulment, "effective_on": PAID}) == held
    harness.post(office.finance, f"{again}/withdrawals", {"on": PAID})
    assert treasury.reserved(path) == ("625", "625")
    treasury.act(f"{path}/annulments", {**annulment, "effective_on": PAID})
    assert treasury.quotas() == [(NUMBER, "1249.99", "624.99")]


def test_of_two_releases_at_once_one_has_the_quota_and_a_second_click_reserves_nothing(treasury: Treasury) -> None:
    office, harness = treasury.office, treasury.office.harness
    lists = harness.get("/pay-lists", office.finance, programme="education_aid")["items"]
    of_status = {each["status"]: f"/pay-lists/{each['list_id']}" for each in lists}
    spring, paid = of_status["verified"], of_status["instructed"]
    (path,) = {f"{FUNDS}/{each['fund_id']}" for each in treasury.finance.get(FUNDS).json()["items"]}
    treasury.act(f"{path}/reservations", treasury.move("625.01", PAID))
    again = harness.post(office.finance, f"{paid}/reissues", {"on": PAID})
    assert treasury.quotas() == [(NUMBER, "1875.00", "1250.00")]

    def ask(who: ApiClient, pay_list: str) -> int:
        return who.post(
            f"/assistance{pay_list}/releases", release(NUMBER, PAID), key=str(uuid5(NAMESPACE_OID, pay_list))
        ).status_code

    asked = ((office.finance, spring), (office.treasurer, again))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda each: ask(*each), asked * 2))
    # 1,250 and 625 yuan of 1,250: whichever is first, and whoever clicks twice is told the same.
    assert answers[:2] == answers[2:]
    assert sorted(answers[:2]) == [201, 409]
    left = "0.00" if answers[0] == 201 else "625.00"
    assert treasury.quotas() == [(NUMBER, "1875.00", left)]


def a_fund(year: int, *moves: tuple[str, str]) -> Fund:
    found = tuple((date.fromisoformat(on), Decimal(yuan)) for on, yuan in moves)
    return Fund(UUID(int=year), f"monitoring/fund-{year}/1", f"财〔{year}〕1号", year, found)


def test_what_is_taken_back_later_is_granted_on_no_earlier_day() -> None:
    granted = a_fund(2016, ("2016-03-01", "100"), ("2016-06-01", "-60"), ("2016-09-01", "20"))
    days = ("2016-02-29", "2016-03-01", "2016-05-31", "2016-06-01", "2016-08-31", "2016-09-01")
    assert [granted.granted_on(date.fromisoformat(d)) for d in days] == [0, 40, 40, 40, 40, 60]


def test_a_fund_of_a_former_year_counts_while_something_of_it_is_left() -> None:
    former, of_year = a_fund(2015, ("2015-03-01", "100")), a_fund(2016, ("2016-03-01", "100"))
    day, document = date(2016, 5, 3), Quota("assistance/documents/1", Decimal(9), Decimal(0))

    def granted(of: Fund, used: str) -> tuple[Fund, Quota]:
        return of, Quota(of.declared_by, of.granted_on(day), Decimal(used), of.document_no)

    assert [counts(*granted(former, used), day) for used in ("99.99", "100")] == [True, False]
    assert counts(*granted(of_year, "100"), day)
    # Used up, the former year's fund leaves the programme to its document; a release that names it is still checked against it.
    used_up = ProgrammeQuotas((granted(former, "100"),), document, day)
    assert used_up.of_money("财〔2016〕2号", None) is document
    assert used_up.of_money(former.document_no, former.fund_id).left == 0
    with pytest.raises(Refused) as refused:
        ProgrammeQuotas((granted(former, "99.99"),), None, day).of_money("财〔2016〕2号", None)
    assert (refused.value.rule.code, refused.value.facts["fund_documents"]) == (
        "payment_quota_of_other_fund", [former.document_no],
    )  # fmt: skip
