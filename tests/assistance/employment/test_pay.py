"""Attendance is paid (M153, M154): days by the month become due, are listed, handed over and settled; what is corrected afterwards is
a difference of its own."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from contracts.registry.codes import LabourSkill
from contracts.registry.members import MemberDied, Sex
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family, assistance_harness, fact
from tests.assistance.payments.paying import PayOffice

START = "2016-12-05"
PAPERS = [{"kind": "certificate", "held_on_paper": True}]
YEAR = {"period_from": "2016-01-01", "period_to": "2016-12-31"}


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("post_pay"), START) as started:
        yield started


def adopt(harness: AssistanceHarness, content: Any) -> None:
    """Proposed by one operator and confirmed by another."""
    number = harness.post(harness.operator, "/documents", {"content": canonical_text(content)}).rpartition("/")[2]
    other = harness.running.client_for("operator-2", "", Role.OPERATOR)
    assert other.post(f"/assistance/documents/{number}/confirmations").status_code == 201


def rate(programme: str, amount: str) -> Any:
    """The programme as the county adopts it."""
    text = (FIRST_TEXTS.folder / "programmes" / f"{programme}-2014.yaml").read_text(encoding="utf-8")
    of_county = text.replace('jurisdiction: "CN"', f'jurisdiction: "{COUNTY}"').replace(
        'edition: "2014"', 'edition: "C"'
    )
    return YamlText(of_county.replace("{kind: unknown}", amount), f"{programme}.yaml").content


def quota(programme: str) -> Any:
    return {
        "payment_quota": programme, "edition": "2016", "zh": "资金额度", "en": "quota", "jurisdiction": COUNTY,
        "source": "示财农〔2016〕9号", "yuan": Decimal("100000.00"), "in_force": {"from": date(2016, 1, 1), "to": date(2016, 12, 31)},
    }  # fmt: skip


class Worker:
    """A woman of forty in a registered household, in a post since the ninth of May."""

    def __init__(self, harness: AssistanceHarness, **placement: Any) -> None:
        self.harness, self.family = harness, Family.new()
        head = {"birth_year": 1976, "sex": Sex.FEMALE, "labour_skill": LabourSkill.ORDINARY}
        self.family.head = msgspec.structs.replace(self.family.head, **head)
        harness.record(self.family.recorded("2014-01-05"), self.family.enrolled("2014-06-01"))
        self.path = f"/employment/persons/{self.family.head.person_id}"
        harness.post(harness.reviewer, f"{self.path}/placements", {"effective_on": "2016-05-09", **placement})
        self.placement = harness.get(self.path)["placements"][0]["placement_id"]

    def month(self, month: int, days: int) -> dict[str, Any]:
        told = {"effective_on": f"2016-{month + 1:02}-02", "month": f"2016-{month:02}-01", "days": days}
        return {**told, "placement_id": self.placement}

    def attended(self, month: int, days: int) -> None:
        self.harness.post(self.harness.reviewer, f"{self.path}/post-attendance", self.month(month, days))

    def annulled(self, *numbers: int) -> None:
        entries = [f"assistance/work-{self.family.head.person_id}/{n}" for n in numbers]
        form = {"effective_on": "2016-12-05", "facts": entries, "reason": "误录入"}
        self.harness.post(self.harness.reviewer, f"{self.path}/annulments", form)


def public_post() -> dict[str, Any]:
    return {
        "post_kind": "public_post", "employer": "青山村", "term_ends": "2018-05-08", "proved": ["no_cadre_relative"],
        "evidence": PAPERS,
    }  # fmt: skip


def found(office: PayOffice, listed: str) -> list[tuple[str, str, str]]:
    return sorted((row["period_from"], row["occasion"][:7], row["amount"]) for row in office.lines(listed))


def test_a_public_post_is_paid_by_the_day_to_the_settlement(harness: AssistanceHarness) -> None:
    """M153: twenty-three and twenty days at 35 yuan; then two days more are told, and a month that was paid shrinks."""
    office, one, programme = PayOffice.with_calendars(harness), Worker(harness, **public_post()), "public_post_subsidy"
    one.attended(5, 23)
    asked = office.asked("2016-12-05", programme=programme, **YEAR)
    # The edition of the whole country knows no rate: nothing is guessed.
    assert harness.refused(office.township, "/pay-lists", asked) == (409, "payment_nothing_due")
    adopt(harness, rate(programme, '{kind: per_attended_day, yuan: "35"}'))
    adopt(harness, quota(programme))
    one.attended(6, 20)
    one.attended(7, 0)
    # What was told on 2 June is due from that day on.
    early = office.asked("2016-06-01", programme=programme, **YEAR)
    assert harness.refused(office.township, "/pay-lists", early) == (409, "payment_nothing_due")
    listed = office.compile("2016-12-05", programme=programme, **YEAR)
    assert found(office, listed) == [("2016-05-01", "regular", "805.00"), ("2016-06-01", "regular", "700.00")]
    assert (office.read(listed)["lines"], office.read(listed)["total"]) == (2, "1505.00")
    office.hand_over(listed, "2016-12-13", posted="2016-12-05")
    taken = office.take(listed, office.result(listed, "2016-12-13"))
    assert (taken["newly_settled"], taken["errors"]) == (2, [])
    assert harness.refused(office.township, "/pay-lists", asked) == (409, "payment_nothing_due")

    # June was 22 days: what is missing is due on its own occasion; May was 20: what is too much is owed.
    one.annulled(2, 3)
    one.attended(6, 22)
    one.attended(5, 20)
    harness.advance_to("2016-12-14")
    more = office.compile("2016-12-14", programme=programme, **YEAR)
    assert found(office, more) == [("2016-06-01", "assista", "70.00")]
    accounts = harness.get(f"/payments/units/{one.family.head.person_id}", office.finance, programme=programme)
    assert [(a["period_from"], a["owed"]) for a in accounts["accounts"] if a["owed"] != "0.00"] == [
        ("2016-05-01", "105.00")
    ]


@pytest.mark.parametrize(("amount", "due"), [('{kind: rate, yuan: "300"}', "600.00")])
def test_aid_for_the_4050_is_paid_by_the_month_at_work(harness: AssistanceHarness, amount: str, due: str) -> None:
    """M154: at a rate by the month; a month without a day at work is none, and after a death nothing is due."""
    harness.reach("2016-12-14")
    office, programme = PayOffice.with_calendars(harness), "employment_aid_4050"
    one = Worker(harness, post_kind="aid_4050", employer="县环卫所")
    other = Worker(harness, post_kind="job", employer="县电机厂")
    refused = harness.refused(harness.reviewer, f"{other.path}/post-attendance", other.month(5, 20))
    assert refused == (409, "employment_not_a_public_post")
    adopt(harness, rate(programme, amount))
    for month, days in ((5, 15), (6, 21), (7, 0), (8, 22)):
        one.attended(month, days)
    (died,) = harness.record(fact(MemberDied, one.family.household, "2016-07-31", person_id=one.family.head.person_id))
    listed = office.compile("2016-12-14", programme=programme, division=TOWNSHIP, **YEAR)
    assert office.read(listed)["total"] == due
    harness.record(one.family.annulled("2016-07-31", died))
    more = office.compile("2016-12-14", programme=programme, **YEAR)
    assert [row["period_from"] for row in office.lines(more)] == ["2016-08-01"]
