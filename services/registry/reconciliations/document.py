"""Documents that say what is compared with the other system's list, and who corrects what differs::

    reconciliation: national_register
    edition: "2014"
    fields:
      poverty_status: {corrected_in: there, by: {level: county, role: reviewer}}

A field that the edition in force does not list is not compared.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from contracts.registry.reconciliations import CorrectedIn
from contracts.roles import Role
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import CompetentOffice, DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Label
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName
from services.registry.households.details import SURVEYED_DETAILS
from services.registry.households.personal_values import HOUSEHOLD_PERSONAL_FIELDS, MEMBER_PERSONAL_FIELDS
from services.registry.intake.layout import MEMBERS, NATIONAL, NATIONAL_FIELDS

KIND, KEY = "reconciliation", NATIONAL
MEMBER = "member"
"""Stands for somebody who is a member in one of the two alone."""
OF_HOUSEHOLD = frozenset(
    {
        "poverty_status", "monitored_kind", "size", "head_name", "division", "net_per_head", "income", "conditions",
        *SURVEYED_DETAILS, *HOUSEHOLD_PERSONAL_FIELDS,
    }
)  # fmt: skip
OF_MEMBERS = frozenset({MEMBER, *NATIONAL_FIELDS[MEMBERS]} - {"household_no", "no_document_reason", "residence_reason"})
PERSONAL = frozenset({"head_name", *HOUSEHOLD_PERSONAL_FIELDS, *MEMBER_PERSONAL_FIELDS})
"""Fields of which it is kept that they differ, and not how."""

NO_EDITION = rule(
    "reconciliation_without_document",
    zh="该日没有生效的对账规则文件：请两名管理员确认一份，写明核对哪些项目、由谁在哪边更正。",
    en="No document of reconciliation is in force on that day: two operators adopt one that says what is compared, and who corrects"
    " it where.",
    source="reconciliation documents of this installation",
)
ADOPT = NextStep("propose_document", Office(roles=(Role.OPERATOR,)))


class FieldTerms(DocumentPart, frozen=True, kw_only=True):
    """In which of the two a difference is put right, and by which office."""

    corrected_in: CorrectedIn
    by: CompetentOffice


class Reconciliation(DocumentPart, frozen=True, kw_only=True):
    """One edition."""

    reconciliation: str
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    fields: dict[str, FieldTerms]

    def __post_init__(self) -> None:
        if self.reconciliation != KEY:
            raise DocumentError(
                (), f"{KIND}：只有名为{KEY}的会用到，请改名", f"{KIND}: no comparison asks for another than {KEY}"
            )
        if unknown := sorted(self.fields.keys() - (OF_HOUSEHOLD | OF_MEMBERS)):
            raise DocumentError(
                (), f"fields：{'、'.join(unknown)}不能比对，请删去", f"fields: {', '.join(unknown)} cannot be compared"
            )


def reconciliation_from(document: Mapping[str, Any]) -> Reconciliation:
    """Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, Reconciliation)


def in_force(lookup: Lookup, day: date, place: str) -> tuple[str, Reconciliation]:
    """The edition's id, and what it says. Raises ``Refused``."""
    try:
        edition = lookup.in_force(KIND, KEY, day, place)
    except (NotInForce, UnknownName):
        raise Refused(NO_EDITION, on=day.isoformat()).advising(ADOPT) from None
    return edition.id, edition.typed(reconciliation_from)


def editions(lookup: Lookup) -> Mapping[str, Reconciliation]:
    """Every edition that was ever proposed, by its id: what was compared by one is corrected by it."""
    states = lookup.known(KIND).states.values()
    return {s.edition.id: s.edition.typed(reconciliation_from) for s in states if s.edition.fact.kind == KIND}
