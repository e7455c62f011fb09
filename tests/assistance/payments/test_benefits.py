"""A benefit costs documents: each of these is granted by a procedure that the county adopts for it, falls due as its programme says,
and is paid to the last fen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, VOTES, AssistanceHarness, Family, assistance_harness, decision
from tests.assistance.payments.paying import PayOffice

APPLIED, DECIDED, PAID = "2016-09-05", "2016-09-14", "2016-09-23"
YEAR = {"period_from": "2016-01-01", "period_to": "2016-12-31"}
FUND_DOCUMENT = "示财农〔2016〕9号"
POSTED = {"programme": "tea_machines", "division": COUNTY, "fund_document": FUND_DOCUMENT, "place": "县政府公示栏"}
TEXT = (FIRST_TEXTS.folder / "procedures" / "education_aid-2014.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Benefit:
    """``falls_due``: first day of the period of which it is due."""

    programme: str
    component: str
    yuan: str
    terms: Mapping[str, Any]
    stage: SchoolStage = SchoolStage.NONE
    falls_due: str = DECIDED
    of_household: bool = False
    family: Family = field(default_factory=Family.new)

    @property
    def subject(self) -> str:
        return str(self.family.household if self.of_household else self.family.pupil.person_id)


def proved(what: str, **more: Any) -> dict[str, Any]:
    return {"proved": [what], **more}


COLLEGE = SchoolStage.COLLEGE
BENEFITS = {
    "B14": Benefit("community_college_grant", "entrance", "4000.00", proved("college_entrant"), COLLEGE),
    "B15": Benefit("community_degree_reward", "reward", "2500.00", proved("bachelor_entrant", decided="2500"), COLLEGE),
    "B19": Benefit("martyr_child_lodging", "lodging", "1200.00", proved("martyr_family"), SchoolStage.PRIMARY),
    "B26": Benefit(
        "conscript_preference", "preference", "6900.00", proved("conscript", level="rural"), falls_due="2016-01-01"
    ),
    "B28": Benefit("veteran_self_employment", "grant", "32000.00", proved("discharged")),
    "B46": Benefit("tea_machines", "machine", "1000.00", proved("tea_grower"), of_household=True),
}


PRIMARY = SchoolStage.PRIMARY
EXEMPTIONS = {
    "B12": (Benefit("two_exemptions", "tuition", "0", {}, PRIMARY), ["tuition", "books"]),
    "B16": (Benefit("two_daughter_schooling", "schooling", "0", proved("two_daughter_family"), PRIMARY), ["schooling"]),
}
ALL = [*BENEFITS.values(), *(benefit for benefit, _ in EXEMPTIONS.values())]


class BenefitOffice(PayOffice):
    """Adopts what a county adopts for a benefit, and takes an application through its steps."""

    def adopt_procedure(self, programme: str) -> None:
        text = TEXT.replace("procedure: education_aid", f"procedure: {programme}").replace(
            "standing: education_aid", f"standing: {programme}"
        )
        self._adopt(text)

    def _adopt(self, text: str) -> None:
        document = {"content": canonical_text(YamlText(text, "a county's").content)}
        proposer, confirmer = (self.harness.running.client_for(n, "", Role.OPERATOR) for n in ("op-1", "op-2"))
        adopted = self.harness.post(proposer, "/documents", document)
        assert confirmer.post(f"/assistance{adopted}/confirmations").status_code == 201

    def adopt_county_edition(self, programme: str, fund: str) -> None:
        """The province's text, with the fund that the county pays from."""
        (file,) = (FIRST_TEXTS.folder / "programmes").glob(f"{programme}-99-*.yaml")
        text = file.read_text(encoding="utf-8").replace('jurisdiction: "99"', f'jurisdiction: "{COUNTY}"')
        self._adopt(text.replace('edition: "99-', f'edition: "{COUNTY}-').replace("\nfollows:", f"\n{fund}\nfollows:"))

    def application(self, benefit: Benefit, **terms: Any) -> dict[str, Any]:
        said = {**benefit.terms, **terms}
        return {
            "subject": benefit.subject, "procedure": benefit.programme, "terms": said, "on": APPLIED, "grounds": "申请",
        }  # fmt: skip

    def apply(self, benefit: Benefit) -> str:
        one = self.harness.post(self.harness.cadre, "/cases", self.application(benefit))
        self.harness.post(self.harness.cadre, f"{one}/appraisals", {"on": APPLIED, **VOTES})
        self.harness.post(self.harness.cadre, f"{one}/notices", {"on": APPLIED})
        return one

    def decide(self, one: str) -> None:
        self.harness.post(self.harness.reviewer, f"{one}/reviews", {"on": DECIDED, "outcome": "passed"})
        self.harness.post(self.harness.decider, f"{one}/decisions", decision(DECIDED))


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitOffice]:
    """Every application is decided; nothing is paid yet."""
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        found = BenefitOffice.with_calendars(harness)
        assert isinstance(found, BenefitOffice)
        for benefit in ALL:
            found.adopt_procedure(benefit.programme)
            family = benefit.family
            if benefit.stage is not family.pupil.school_stage:
                surveyed = family.pupil_surveyed("2015-03-02", benefit.stage)
                harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"), surveyed)
            else:
                harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"))
        found.adopt_county_edition("tea_machines", "fund: {zh: 茶产业资金, en: the tea fund, posted: true}")
        for benefit in ALL:
            refuse_what_is_missing(harness, found, benefit)
        cases = [found.apply(benefit) for benefit in ALL]
        harness.advance_to(DECIDED)
        for one in cases:
            found.decide(one)
        yield found


def refuse_what_is_missing(harness: AssistanceHarness, office: BenefitOffice, benefit: Benefit) -> None:
    """Without its papers nobody is eligible; what the paper leaves open is no amount until it is decided, within its bounds."""
    if benefit.terms:
        answer = harness.cadre.post("/assistance/cases", office.application(benefit, proved=[])).json()
        assert (answer["code"], answer["facts"]["reasons"]) == ("not_eligible", ["not_proved"])
    wrong: Mapping[str, list[dict[str, Any]]] = {
        "community_degree_reward": [{"decided": None}, {"decided": "1999.99"}, {"decided": "3000.01"}],
        "conscript_preference": [{"level": None}, {"level": "county"}],
    }
    for terms in wrong.get(benefit.programme, []):
        assert harness.refused(harness.cadre, "/cases", office.application(benefit, **terms)) == (409, "amount_unknown")


def post_the_fund(office: BenefitOffice, pay_list: str) -> None:
    """Source facts §5 rule 31: not a day before it hangs, nor by the paper of another fund."""
    harness, release = office.harness, {"on": PAID, "fund_document": FUND_DOCUMENT, "order_no": "20161108-1"}
    not_posted = (409, "payment_fund_not_posted")
    assert harness.refused(office.finance, f"{pay_list}/releases", release) == not_posted
    harness.post(office.department, "/payments/fund-postings", {**POSTED, "on": PAID})
    other = {**release, "fund_document": "示财农〔2016〕10号"}
    assert harness.refused(office.finance, f"{pay_list}/releases", other) == not_posted
    day_before = {**release, "on": "2016-09-22"}
    assert harness.refused(office.finance, f"{pay_list}/releases", day_before) == not_posted
    of_county = {name: POSTED[name] for name in ("programme", "division")}
    (said,) = harness.get("/payments/fund-postings", None, **of_county)
    annulments = f"/payments/fund-postings/{said['number']}/annulments"
    harness.post(office.department, annulments, {**of_county, "reason": "没有张贴"})
    assert harness.refused(office.finance, f"{pay_list}/releases", release) == not_posted
    assert harness.refused(office.department, annulments, {**of_county, "reason": "没有张贴"}) == (404, "not_found")
    harness.post(office.department, "/payments/fund-postings", {**POSTED, "on": PAID})


@pytest.mark.parametrize("row", BENEFITS)
def test_a_benefit_is_granted_falls_due_and_is_paid_as_its_document_says(office: BenefitOffice, row: str) -> None:
    benefit, harness = BENEFITS[row], office.harness
    (entitlement,) = harness.get("/entitlements", programme=benefit.programme)["items"]
    (line,) = entitlement["due"]
    assert (entitlement["unit_id"], line["component"], line["first"], line["amount"]) == (
        benefit.subject, benefit.component, benefit.falls_due, benefit.yuan,
    )  # fmt: skip
    office.quota(benefit.yuan, programme=benefit.programme)
    pay_list = office.compile(DECIDED, programme=benefit.programme, **YEAR)
    harness.post(office.township, f"{pay_list}/postings", {"on": DECIDED})
    harness.post(office.department, f"{pay_list}/verifications", {"on": DECIDED})
    if harness.assistance.now().date().isoformat() < PAID:
        harness.advance_to(PAID)
    if benefit.programme == POSTED["programme"]:
        post_the_fund(office, pay_list)
    office.release(pay_list, PAID)
    harness.post(office.finance, f"{pay_list}/handovers", {"on": PAID, "voucher_no": row})
    office.take(pay_list, office.result(pay_list, PAID))
    figures = office.identities(programme=benefit.programme, **YEAR)
    assert figures["hold"]
    assert [figures[name] for name in ("due_amount", "instructed", "settled", "unpaid", "overpaid")] == [
        benefit.yuan, benefit.yuan, benefit.yuan, "0.00", "0.00",
    ]  # fmt: skip
    nothing = {**office.asked(PAID), "programme": benefit.programme, **YEAR}
    assert harness.refused(office.township, "/pay-lists", nothing) == (409, "payment_nothing_due")


@pytest.mark.parametrize("row", EXEMPTIONS)
def test_an_exemption_is_granted_by_procedure_and_no_line_of_money(office: BenefitOffice, row: str) -> None:
    (benefit, components), harness = EXEMPTIONS[row], office.harness
    (entitlement,) = harness.get("/entitlements", programme=benefit.programme)["items"]
    assert (entitlement["unit_id"], entitlement["until"], entitlement["due"]) == (benefit.subject, None, [])
    assert [amount["component"] for amount in entitlement["amounts"]] == components
    asked = {**office.asked(DECIDED), "programme": benefit.programme, **YEAR}
    assert harness.refused(office.township, "/pay-lists", asked) == (409, "payment_nothing_due")
    path = f"/households/{benefit.family.household}/programme-answers"
    (why,) = harness.get(path, None, programme=benefit.programme, person_id=benefit.subject)["answers"]
    assert (why["outcome"], [c["component"] for c in why["components"]]) == ("receiving", components)
