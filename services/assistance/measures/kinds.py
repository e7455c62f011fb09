"""Documents that say what a kind of measure helps with, which causes it answers, and by which steps it goes. A kind more is a
document."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from contracts.assistance.measures import Help, MeasureStep, MeasureTerms, PlanCause
from contracts.quantities import Unit
from services.assistance.programmes.predicates import Monitored, Registered
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName

KIND = "measure_kind"
HouseholdPredicate = Registered | Monitored
"""What may be asked of a household as such."""
Grade = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z\u4e00-\u9fff]{1,10}$")]


class StepTerms(DocumentPart, frozen=True, kw_only=True):
    """``evidence``: kinds that must be cited; ``decided``: by a numbered and signed decision."""

    key: Key
    zh: Label
    en: Label
    evidence: tuple[Key, ...] = ()
    decided: bool = False


class MeasureKind(DocumentPart, frozen=True, kw_only=True):
    """``eligibility``: of the household on the day on which it begins; ``answers``: causes that it is a measure against;
    ``grades``: of houses, for instance; ``delivered_in``: units of what is handed over once all steps are taken;
    ``equal_terms``: what is bought is bought on equal terms only (R38)."""

    measure_kind: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    basis: str | None = None
    in_force: InForce
    eligibility: tuple[HouseholdPredicate, ...] = ()
    help: Help
    answers: tuple[PlanCause, ...] = ()
    steps: tuple[StepTerms, ...] = ()
    grades: tuple[Grade, ...] = ()
    delivered_in: tuple[Unit, ...] = ()
    equal_terms: bool = False

    @property
    def terms(self) -> MeasureTerms:
        steps = tuple(MeasureStep(step=s.key, evidence=s.evidence, decided=s.decided) for s in self.steps)
        return MeasureTerms(
            help=self.help, answers=self.answers, steps=steps, grades=self.grades, delivered_in=self.delivered_in,
            equal_terms=self.equal_terms,
        )  # fmt: skip


def measure_kind_from(content: Mapping[str, Any]) -> MeasureKind:
    """Raises ``msgspec.ValidationError``, and ``DocumentError`` for parts that do not fit together."""
    kind = msgspec.convert(content, MeasureKind)
    keys = [step.key for step in kind.steps]
    if len(set(keys)) < len(keys):
        raise DocumentError(("steps",), "每个步骤的 key 不能相同，请改名", "every step needs a key of its own")
    if kind.equal_terms and not kind.delivered_in:
        raise DocumentError(
            ("equal_terms",),
            "不发放物资的措施没有采购，请删去这一项",
            "where nothing is handed over, nothing is bought",
        )
    return kind


def kind_in_force(lookup: Lookup, key: str, day: date, division: str) -> MeasureKind | None:
    try:
        return lookup.in_force(KIND, key, day, division).typed(measure_kind_from)
    except (NotInForce, UnknownName):
        return None
