"""Documents that say how projects of a kind run: by which procedures, and what each step asks for besides. A kind more is a
document."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from contracts.quantities import Quantity, Unit
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label

KIND = "project_kind"


class Most(DocumentPart, frozen=True, kw_only=True):
    """At most so much each."""

    amount: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,3})?$")]
    unit: Unit


class ProjectKind(DocumentPart, frozen=True, kw_only=True):
    """``library``, ``acceptance``: procedures by which a draft enters the library and the works are accepted; ``each_at_most``: of
    one of what is counted, so that its size must be said; ``beneficiaries``: whether the charter names households;
    ``hidden_inspections`` and ``stage_evaluations``: how many at least before acceptance and closing; ``leaves_assets``: whether
    what is built stays under watch."""

    project_kind: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    library: Key
    acceptance: Key
    each_at_most: Most | None = None
    beneficiaries: bool = False
    hidden_inspections: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    stage_evaluations: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    leaves_assets: bool = True

    @property
    def most(self) -> Quantity | None:
        if self.each_at_most is None:
            return None
        return msgspec.convert({"amount": self.each_at_most.amount, "unit": self.each_at_most.unit}, Quantity)


def project_kind_from(content: Mapping[str, Any]) -> ProjectKind:
    """Raises ``msgspec.ValidationError``."""
    return msgspec.convert(content, ProjectKind)
