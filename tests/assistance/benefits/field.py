"""One county with the benefits of the field: each is a document and a procedure that the county adopts, proposed in one act for those on
its list, granted, told what it is counted by, listed and paid. All of them go through their steps together, in batches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from msgspec import UNSET
from msgspec.structs import replace

from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import Member, Relation, Sex
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS, KINDS
from services.casework.documents.first_texts import FirstTexts
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, SEALED, VILLAGE, VOTES, AssistanceHarness, Family, decision
from tests.assistance.payments.paying import PayOffice

APPLIED, DECIDED, TOLD, PAID = "2016-09-05", "2016-09-14", "2016-10-10", "2016-10-20"
YEAR = {"period_from": "2016-01-01", "period_to": "2016-12-31"}
PROCEDURE = (FIRST_TEXTS.folder / "procedures" / "education_aid-2014.yaml").read_text(encoding="utf-8")
GREEN_CHANNEL = """green_channel:
  office: {level: county, role: reviewer}
  deferred: [appraisal, notice, review]
  days: 30
  calendar: days
"""
FOLLOWS = (
    "{exit: continues, removal: continues, end: continues, unregistered: continues, return: continues, leaving: continues,"
    " death: stops, move: transfers, split: transfers, merge: transfers, stage_change: stops, re_evaluation: continues}"
)


def member(
    birth_year: int = 1975, sex: Sex = Sex.FEMALE, stage: SchoolStage = SchoolStage.NONE, *, boarder: bool = False,
    skill: LabourSkill | None = LabourSkill.ORDINARY,
) -> Member:  # fmt: skip
    return Member(
        person_id=uuid4(), name=SEALED, sex=sex, birth_year=birth_year, relation=Relation.CHILD, school_stage=stage,
        boarder=boarder, labour_skill=skill or UNSET,
    )  # fmt: skip


def family(*about: Any, **particulars: Any) -> Family:
    """Whose second member is helped, where it is not the household."""
    head = replace(member(1960), relation=Relation.HEAD)
    return Family(uuid4(), head, member(*about, **particulars))


def part(
    key: str, payee: str, period: str, amount: str, *, stages: Sequence[str] = (), only: str = "", raised: bool = False
) -> str:
    """A component of a document. ``amount``: as the document has it."""
    extra = (f"stages: [{', '.join(stages)}], " if stages else "") + (f"only: [{only}], " if only else "")
    extra += "raised: from_its_day, " if raised else ""
    return (
        f"{{key: {key}, zh: {key}组成, en: {key}, payee: {payee}, period: {period}, {extra}"
        f"rates: [{{from: 2012-01-01, to: null, amount: {amount}}}]}}"
    )


def rate(yuan: str, *, per_person: bool = False) -> str:
    return f'{{kind: rate, yuan: "{yuan}", per_person: {str(per_person).lower()}}}'


def proved(what: str) -> str:
    return f"{{is: proved, what: {what}, zh: 证明{what}, en: proof of {what}}}"


@dataclass(frozen=True)
class Benefit:
    """``asks``: predicates; ``left_out``: of those on the list, and why; ``told``: by which its amounts are counted;
    ``due``: component → what is due of each period by the day of the pay-list, of every unit that is granted it; ``urgent``: decided first,
    on a named cause, and made good afterwards."""

    programme: str
    source: str
    unit: str
    asks: Sequence[str]
    parts: Sequence[str]
    families: Sequence[Family]
    due: Sequence[tuple[str, str, str]]
    terms: Mapping[str, Any] = field(default_factory=dict)
    told: Sequence[tuple[str, str, dict[str, Any]]] = ()
    left_out: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    more: str = ""
    opening_level: str = "village"
    jurisdiction: str = COUNTY
    urgent: bool = False

    @property
    def document(self) -> str:
        parts = "\n".join(f"  - {part}" for part in self.parts)
        return (
            f'programme: {self.programme}\nedition: "{self.jurisdiction}-2016"\n'
            f"zh: 县{self.programme}\nen: the county's {self.programme}\n"
            f'jurisdiction: "{self.jurisdiction}"\nsource: "{self.source}"\nbasis: "a county\'s edition"\n'
            f"in_force: {{from: 2012-01-01, to: null}}\nunit: {self.unit}\noutside: true\n"
            f"eligibility: [{', '.join(self.asks)}]\ncomponents:\n{parts}\nfollows: {FOLLOWS}\n{self.more}"
        )

    @property
    def procedure(self) -> str:
        text = PROCEDURE.replace("procedure: education_aid", f"procedure: {self.programme}").replace(
            "standing: education_aid", f"standing: {self.programme}"
        )
        opening = "office: {level: village, role: cadre}"
        opened = opening.replace("village", self.opening_level)
        if self.urgent:
            opened, text = f"{opened}\n  causes: [illness, disaster]\n  cause_required: true", f"{text}{GREEN_CHANNEL}"
        return text.replace(opening, opened, 1).replace("from: 2014-01-01", "from: 2012-01-01")

    @property
    def units(self) -> list[str]:
        """Those on its list."""
        of_household = self.unit == "household"
        return [str(f.household if of_household else f.pupil.person_id) for f in self.families]

    @property
    def granted(self) -> list[str]:
        return [unit for n, unit in enumerate(self.units) if n not in self.left_out]


class BenefitField(PayOffice):
    """The county's offices."""

    cases: dict[str, dict[str, str]]
    lists: dict[str, str]

    def adopt(self, *texts: str) -> None:
        first, second = (self.harness.running.client_for(n, "", Role.OPERATOR) for n in ("op-1", "op-2"))
        for text in texts:
            content = canonical_text(YamlText(text, "a county's").content)
            adopted = self.harness.post(first, "/documents", {"content": content})
            answer = second.post(f"/assistance{adopted}/confirmations")
            assert answer.status_code == 201, answer.text

    def register(self, families: Iterable[Family]) -> None:
        found = list({f.household: f for f in families}.values())  # one may have several benefits
        for at in range(0, len(found), 30):
            some = found[at : at + 30]
            self.harness.record(*(fact for f in some for fact in (f.recorded("2012-01-05"), f.enrolled("2012-03-01"))))

    @staticmethod
    def proposal(benefit: Benefit, **changes: Any) -> dict[str, Any]:
        return {
            "programme": benefit.programme, "procedure": benefit.programme, "division": VILLAGE, "on": APPLIED,
            "grounds": "名单见附件", "units": benefit.units, "terms": dict(benefit.terms), **changes,
        }  # fmt: skip

    def propose(self, benefit: Benefit, **changes: Any) -> dict[str, Any]:
        asked = self.proposal(benefit, **changes)
        who = self.harness.cadre if benefit.opening_level == "village" else self.township
        answer = who.post("/assistance/entitlements/proposals", asked)
        assert answer.status_code == 201, answer.text
        self.harness.running.positions.update(answer.json()["position"])
        found: dict[str, Any] = answer.json()
        return found

    def propose_listed(self, benefit: Benefit, on: str = APPLIED) -> None:
        """Whoever is on its list and eligible has a case; the others are exceptions, with the programme's reasons."""
        found = self.propose(benefit, on=on)
        self.cases[benefit.programme] = {p["unit_id"]: p["case_id"] for p in found["proposed"]}
        assert sorted(self.cases[benefit.programme]) == sorted(benefit.granted), (benefit.programme, found)
        assert all(p["opened"] for p in found["proposed"]), found["proposed"][:2]
        against = sorted(tuple(e["against"]) for e in found["exceptions"])
        assert against == sorted(benefit.left_out.values()), (benefit.programme, against)

    def take_in(self, benefits: Iterable[Benefit], on: str = APPLIED, decided: str = DECIDED) -> None:
        """From the proposal to the grant."""
        of = list(benefits)
        for benefit in of:
            self.propose_listed(benefit, on)
        cases = [case for benefit in of for case in self.cases[benefit.programme].values()]
        self.put_up(cases, on)
        if self.harness.assistance.now().date().isoformat() < decided:
            self.harness.advance_to(decided)
        self.decide(cases, decided)

    def batch(self, who: Any, act: str, form: dict[str, Any], cases: Iterable[str]) -> None:
        asked = {"act": act, "form": form, "cases": [{"case_id": case} for case in cases]}
        answer = who.post("/assistance/cases/batches", asked)
        assert answer.status_code == 201, answer.text
        assert answer.json()["refused"] == 0, [r for r in answer.json()["results"] if not r["recorded"]][:3]
        self.harness.running.positions.update(answer.json()["position"])

    def put_up(self, cases: Iterable[str], on: str = APPLIED) -> None:
        found = list(cases)
        self.batch(self.harness.cadre, "appraisals", {"on": on, **VOTES}, found)
        self.batch(self.harness.cadre, "notices", {"on": on}, found)

    def decide(self, cases: Iterable[str], on: str = DECIDED) -> None:
        found = list(cases)
        self.batch(self.harness.reviewer, "reviews", {"on": on, "outcome": "passed"}, found)
        self.batch(self.harness.decider, "decisions", decision(on), found)

    def tell(self, case: str, component: str, period_from: str, said: dict[str, Any], on: str = TOLD) -> str:
        form = {"on": on, "component": component, "period_from": period_from, "paper": "台账2016-9", **said}
        return self.harness.post(self.harness.reviewer, f"/entitlements/{case}/quantities", form)

    def entitlements(self, programme: str) -> list[dict[str, Any]]:
        province = self.harness.running.client_for("province-1", "99", Role.REVIEWER)
        found: list[dict[str, Any]] = self.harness.get("/entitlements", province, programme=programme, limit=200)[
            "items"
        ]
        return found

    def entitlement(self, programme: str, unit: str) -> dict[str, Any]:
        (one,) = (e for e in self.entitlements(programme) if e["unit_id"] == unit)
        return one

    def due(self, programme: str, unit: str) -> list[tuple[str, str, str]]:
        """(component, first day of the period, yuan)."""
        due = self.entitlement(programme, unit)["due"]
        return [(line["component"], line["first"], line["amount"]) for line in due]

    def identities(self, **asked: Any) -> Any:
        return super().identities(**{**YEAR, **asked})


def adopted(harness: AssistanceHarness, benefits: Sequence[Benefit]) -> BenefitField:
    """The county's offices, every benefit adopted, and everybody in the register."""
    office = BenefitField.with_calendars(harness)
    assert isinstance(office, BenefitField)
    with TemporaryDirectory() as folder:
        # The county's procedures are those of the shipped text, under other names: its programmes are what is shown here.
        for benefit in benefits:
            (Path(folder) / f"{benefit.programme}.yaml").write_text(benefit.procedure, encoding="utf-8")
        FirstTexts(Path(folder), KINDS).adopt(harness.assistance)
    office.adopt(*(benefit.document for benefit in benefits))
    office.register(f for b in benefits for f in b.families)
    office.cases, office.lists = {}, {}
    return office


def field_of(harness: AssistanceHarness, benefits: Sequence[Benefit]) -> BenefitField:
    """Every benefit is adopted, proposed and put up, and nobody is without the papers."""
    office = adopted(harness, benefits)
    for benefit in benefits:
        if benefit.terms.get("proved"):
            # What the register does not know a paper proves; nothing is guessed where it is missing.
            without = office.proposal(benefit, terms={**benefit.terms, "proved": []})
            refused = harness.cadre.post("/assistance/entitlements/proposals", without).json()
            assert (refused["code"], refused["facts"]["not_eligible"]) == ("nobody_to_propose", len(benefit.units))
        office.propose_listed(benefit)
    return office


def listed(office: BenefitField, benefit: Benefit) -> str:
    """Its pay-list, posted; the county has a budget for it."""
    office.quota("90000.00", programme=benefit.programme)
    pay_list = office.compile(TOLD, programme=benefit.programme, **YEAR)
    office.harness.post(office.township, f"{pay_list}/postings", {"on": TOLD})
    return pay_list


def paid(office: BenefitField, pay_list: str) -> None:
    """From the verification to the result file."""
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": PAID})
    office.release(pay_list, PAID)
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": PAID, "voucher_no": "V1"})
    office.take(pay_list, office.result(pay_list, PAID))
