"""Documents that say what agreements of a kind need: whose they are, how they come about, what is due by them. A kind more is a
document."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from contracts.quantities import Unit
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError

KIND = "agreement_kind"
Share = Annotated[str, msgspec.Meta(pattern=r"^(0(\.[0-9]{1,4})?|1)$")]


class Named(DocumentPart, frozen=True, kw_only=True):
    key: Key
    zh: Label
    en: Label


class ClauseTerms(DocumentPart, frozen=True, kw_only=True):
    """``required``: an agreement without it is refused; ``at_most_every_months``: it is due in every so many months at least."""

    key: Key
    zh: Label
    en: Label
    unit: Unit
    required: bool = False
    at_most_every_months: Annotated[int, msgspec.Meta(ge=1, le=120)] | None = None


class LeastCoverage(DocumentPart, frozen=True, kw_only=True):
    """Shares of all units and of all persons that agreements of the kind are to cover at least."""

    units: Share | None = None
    persons: Share | None = None


class AgreementKind(DocumentPart, frozen=True, kw_only=True):
    """``parties``: roles, each of which an organisation fills; ``ways``: one of which is said, where there are any; ``longest_years``: of
    one term; ``evidence``: kinds of papers that signing needs; ``covers``: whether it says how many units and persons it is for,
    and how many at least are to be covered."""

    agreement_kind: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    parties: Annotated[tuple[Named, ...], msgspec.Meta(min_length=2, max_length=6)]
    ways: tuple[Named, ...] = ()
    clauses: Annotated[tuple[ClauseTerms, ...], msgspec.Meta(max_length=20)] = ()
    longest_years: Annotated[int, msgspec.Meta(ge=1, le=70)]
    evidence: Annotated[tuple[Key, ...], msgspec.Meta(max_length=10)] = ()
    covers: LeastCoverage | None = None

    def clause(self, key: str) -> ClauseTerms | None:
        return next((each for each in self.clauses if each.key == key), None)


def agreement_kind_from(content: Mapping[str, Any]) -> AgreementKind:
    """Raises ``msgspec.ValidationError`` and ``DocumentError``."""
    kind = msgspec.convert(content, AgreementKind)
    for named in (kind.parties, kind.ways, kind.clauses):
        if len({each.key for each in named}) < len(named):
            raise DocumentError(
                (), "各方、方式和条款的 key 都不能相同，请改名", "every party, way and clause has a key of its own"
            )
    return kind


def least(share: str | None) -> Decimal | None:
    return None if share is None else Decimal(share)
