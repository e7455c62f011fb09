"""Aid that assistance has paid draws on the fund that its release named, as far as its quota goes; what does not, waits and is seen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund, wan
from tests.monitoring.funds.pay_lists import annulled, assistance_stub, record, released, returned, settled
from tests.monitoring.projects.road import DOCUMENT, Handlers, done
from tests.monitoring.registry_stub import registry_stub
from tests.support.running import Lika, lika

FIRST, LATER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
NUMBER = "财教〔2016〕5号"


class Paying:
    def __init__(self, running: Lika) -> None:
        self.running, self.h = running, Handlers(running)

    def fund(self, **changed: Any) -> Money:
        """600,000 yuan received, of which 300,000 are allocated to education aid."""
        form = fund("2016-03-01", document_no=NUMBER, purposes=["education_aid"], **changed)
        money = Money(self.h, done(self.h.decider, FUNDS, form), "/")
        money.use = {"programme": "education_aid"}
        money.receive("2016-03-01", "60", f"记-{changed.get('document_no', 1)}")
        decision = {**DOCUMENT, "decided_on": "2016-03-01"}
        money.do("allocations", "2016-03-01", "30", use=money.use, decision=decision)
        return money

    def lists(self, **asked: Any) -> list[tuple[str, str, str]]:
        """Paid, drawn and waiting, list by list."""
        found = self.h.auditor.get("/monitoring/programme-payments", **asked).json()["items"]
        return [(each["paid"], each["drawn"], each["waiting"]) for each in found]

    def figures(self, money: Money, **asked: Any) -> tuple[str, str, str]:
        now = money.read(**asked)
        trial = self.h.auditor.get("/monitoring/trial-balance", **asked).json()
        assert (trial["difference"], now["debits"]) == ("0", now["credits"])
        return now["allocated"], now["reserved"], now["spent"]


@pytest.fixture(scope="module")
def paying(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    folder, since = tmp_path_factory.mktemp("draws"), datetime(2016, 3, 1, 2, tzinfo=UTC)
    with lika([registry_stub, assistance_stub, monitoring], module_database, folder, since) as started:
        yield Paying(started)


def test_what_programmes_pay_draws_on_the_fund_as_far_as_its_quota_goes(paying: Paying) -> None:
    p = paying
    # Paid before the fund was told here: it waits for the fund of that document.
    record(p.running, *released(FIRST, "2016-03-01", NUMBER), settled(FIRST, "2016-03-01", "6000.00"))
    assert p.lists(only_waiting=True) == [("6000", "0", "6000")]
    money = p.fund()
    assert p.lists(only_waiting=True) == [("6000", "0", "6000")]
    money.reserve("2016-03-01", "1")
    assert (p.figures(money), p.lists(only_waiting=True)) == (("290000", "4000", "6000"), [])
    # The last fen of the quota is drawn; one fen more waits, and the act that widens the quota lets it draw.
    (second,) = record(p.running, settled(FIRST, "2016-03-01", "4000.00"))
    (third,) = record(p.running, settled(FIRST, "2016-03-01", "0.01"))
    assert (p.figures(money), p.lists(only_waiting=True)) == (
        ("290000", "0", "10000"), [("10000.01", "10000", "0.01")],
    )  # fmt: skip
    money.reserve("2016-03-01", "1")
    assert (p.figures(money), p.lists(only_waiting=True)) == (("280000", "9999.99", "10000.01"), [])
    # What came back is reserved again; an outcome that was another list's draws no more.
    record(p.running, returned(FIRST, "2016-03-01", "500.00"))
    assert p.figures(money) == ("280000", "10499.99", "9500.01")
    record(p.running, annulled(FIRST, "2016-03-01", second))
    assert (p.figures(money), p.lists()) == (("280000", "14499.99", "5500.01"), [("5500.01", "5500.01", "0")])
    drawn = [act for act in money.read()["acts"] if act["type"] == "ProgrammePaymentDrawn"]
    assert (len(drawn), third.startswith("assistance/pay-list-")) == (2, True)


def test_another_purpose_and_another_document_do_not_draw(paying: Paying) -> None:
    p = paying
    told = (*released(OTHER, "2016-03-01", NUMBER, "medical"), settled(OTHER, "2016-03-01", "10.00"))
    record(p.running, *told)
    assert p.lists(only_waiting=True) == [("10", "0", "10")]
    record(p.running, annulled(OTHER, "2016-03-01", f"assistance/pay-list-{OTHER}/3"))
    assert p.lists(only_waiting=True) == []


def test_a_payment_told_after_the_years_closing_draws_in_the_first_open_year(paying: Paying) -> None:
    p, h = paying, paying.h
    (found,) = h.auditor.get(FUNDS, title=NUMBER[:-1]).json()["items"]
    assert h.auditor.get(FUNDS, title=f"{NUMBER}9").json()["items"] == []
    assert found["fund_id"] in {f["fund_id"] for f in h.auditor.get(FUNDS, title=found["title"]).json()["items"]}
    money = Money(h, f"{FUNDS}/{found['fund_id']}", "/")
    h.advance("2017-01-10")
    money.do("year-closings", "2016-12-31", year=2016)
    record(p.running, *released(LATER, "2016-12-30", NUMBER), settled(LATER, "2016-12-30", "100.00"))
    assert p.figures(money) == ("280000", "14399.99", "5600.01")
    assert p.figures(money, as_of="2016-12-31") == ("280000", "14499.99", "5500.01")
    assert p.figures(money, as_of="2017-01-01") == ("280000", "14399.99", "5600.01")
    again = fund("2016-03-01", document_no=NUMBER, source_label="省级财政", promised=wan("1"))
    done(h.decider, FUNDS, again)
    assert p.lists(only_waiting=True) == []
