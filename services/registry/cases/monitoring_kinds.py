"""Kinds of monitored objects, as a document says them: which households may be taken in as which, and for which risks. No kind and
no year is in code. Pure."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from contracts.registry.poverty_status import PovertyStatus
from services.casework.procedures.value_types import Key, Label
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError

KIND = "monitoring_kinds"
"""Of the documents that these are."""
SOURCE = "kinds of monitored objects in force; domain reference: procedures (who may be what)"

UNKNOWN_KIND = rule(
    "unknown_monitoring_kind",
    zh="当日施行的监测对象类型中没有这一种，请从 kinds 中选填。",
    en="The kinds of monitored objects that are in force on that day do not have this one: take one of ``kinds``.",
    source=SOURCE,
)
KIND_NOT_OF_STATUS = rule(
    "monitoring_kind_not_of_status",
    zh="该户当日的贫困状态（status）不能纳入这一类监测对象，请从 kinds 中选填。",
    en="With its poverty status on that day (``status``) the household is not taken in as this kind: take one of ``kinds``.",
    source=SOURCE,
)
UNKNOWN_RISK = rule(
    "unknown_monitoring_risk",
    zh="致贫返贫风险须从 risks 中选填，不重复，至少一项，不超过上限。",
    en="Risks are taken from ``risks``, each once, at least one and at most ``most``.",
    source=SOURCE,
)


class MonitoringKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``poverty_statuses``: of the households that may be taken in as this kind."""

    code: Key
    zh: Label
    en: Label
    poverty_statuses: Annotated[tuple[PovertyStatus, ...], Meta(min_length=1)]


class MonitoringRisk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Key
    zh: Label
    en: Label


class MonitoringKinds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition. ``most_risks``: of one household."""

    monitoring_kinds: Key
    edition: str
    jurisdiction: str
    source: str
    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to", default=None)
    kinds: Annotated[tuple[MonitoringKind, ...], Meta(min_length=1)]
    risks: Annotated[tuple[MonitoringRisk, ...], Meta(min_length=1)]
    most_risks: Annotated[int, Meta(ge=1)]

    def __post_init__(self) -> None:
        for coded in (self.kinds, self.risks):
            codes = [each.code for each in coded]
            if len(set(codes)) < len(codes):
                raise DocumentError((), "同一代码只列一次，请删去重复的", "every code stands once")

    def require(self, kind: str, risks: Collection[str], status: PovertyStatus | None) -> None:
        """Raises ``Refused`` where a household of this poverty status is not taken in as that kind, for these risks."""
        found = next((each for each in self.kinds if each.code == kind), None)
        if found is None:
            raise Refused(UNKNOWN_KIND, kinds=[each.code for each in self.kinds])
        if status not in found.poverty_statuses:
            allowed = [each.code for each in self.kinds if status in each.poverty_statuses]
            raise Refused(KIND_NOT_OF_STATUS, status=status, kinds=allowed)
        known = [each.code for each in self.risks]
        if not {*risks} <= {*known} or not 1 <= len(risks) <= self.most_risks or len({*risks}) < len(risks):
            raise Refused(UNKNOWN_RISK, risks=known, most=self.most_risks)


def kinds_from(document: Mapping[str, Any]) -> MonitoringKinds:
    """Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, MonitoringKinds)
