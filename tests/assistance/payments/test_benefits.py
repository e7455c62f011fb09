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
from tests.assistance.harness import VOTES, AssistanceHarness, Family, assistance_harness, decision
from tests.assistance.payments.paying import PayOffice

APPLIED, DECIDED, PAID = "2016-09-05", "2016-09-14", "2016-09-23"
YEAR = {"period_from": "2016-01-01", "period_to": "2016-12-31"}
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


class BenefitOffice(PayOffice):
    """``cases``: where each benefit's application is."""

    cases: dict[str, str]

    def adopt_procedure(self, programme: str) -> None:
        text = TEXT.replace("procedure: education_aid", f"procedure: {programme}").replace(
            "standing: education_aid", f"standing: {programme}"
        )
        document = {"content": canonical_text(YamlText(text, programme).content)}
        proposer, confirmer = (self.harness.running.client_for(n, "", Role.OPERATOR) for n in ("op-1", "op-2"))
        adopted = self.harness.post(proposer, "/documents", document)
        assert confirmer.post(f"/assistance{adopted}/confirmations").status_code == 201

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
        for benefit in BENEFITS.values():
            found.adopt_procedure(benefit.programme)
            family = benefit.family
            if benefit.stage is not family.pupil.school_stage:
                surveyed = family.pupil_surveyed("2015-03-02", benefit.stage)
                harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"), surveyed)
            else:
                harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"))
        for benefit in BENEFITS.values():
            refuse_what_is_missing(harness, found, benefit)
        found.cases = {row: found.apply(benefit) for row, benefit in BENEFITS.items()}
        harness.advance_to(DECIDED)
        for one in found.cases.values():
            found.decide(one)
        yield found


def refuse_what_is_missing(harness: AssistanceHarness, office: BenefitOffice, benefit: Benefit) -> None:
    """Without its papers nobody is eligible; what the paper leaves open is no amount until it is decided, within its bounds."""
    without = office.application(benefit, proved=[])
    answer = harness.cadre.post("/assistance/cases", without).json()
    assert (answer["code"], answer["facts"]["reasons"]) == ("not_eligible", ["not_proved"])
    wrong: Mapping[str, list[dict[str, Any]]] = {
        "community_degree_reward": [{"decided": None}, {"decided": "1999.99"}, {"decided": "3000.01"}],
        "conscript_preference": [{"level": None}, {"level": "county"}],
    }
    for terms in wrong.get(benefit.programme, []):
        assert harness.refused(harness.cadre, "/cases", office.application(benefit, **terms)) == (409, "amount_unknown")


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
