"""Documents of check rules: which are asked from when to when and where, how grave what they find is, whose, until when, and
by which limits::

    check_rules: households
    edition: "2014"
    zh: 农户登记核查规则
    en: check rules of households
    jurisdiction: CN
    source: 国开办发〔2014〕24号
    in_force: {from: 2014-01-01, to: null}
    rules:
      head_too_young:
        zh: 户主年龄过小
        en: head of household too young
        source: 民法典第十八条
        asked: true                  # the switch
        severity: warning
        owner: {level: township, role: reviewer}
        answer_within_days: 30
        second_person: true          # whoever entered what it rests on does not answer it
        limits: {min_age: 16}
        choices: {}                  # code → codes that answer it, for rules that ask by such

A rule that the edition in force does not list is not asked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from contracts.roles import Role
from services.casework.access.roles import EDUCATION, OFFICES
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.document import InForce
from services.chassis.law.content import DocumentError

KIND = "check_rules"


class Severity(StrEnum):
    """``error``: it cannot be so; ``warning``: it can, and hardly ever is."""

    ERROR = "error"
    WARNING = "warning"


class FindingOwner(CompetentOffice, frozen=True, kw_only=True):
    """Which office answers a finding: departments of education, too, those about pupils."""

    handlers: ClassVar[frozenset[Role]] = OFFICES | EDUCATION


class RuleTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an edition says of one rule. ``answer_within_days``: from the day on which the finding could be seen first."""

    zh: str
    en: str
    source: str
    asked: bool = True
    severity: Severity
    owner: FindingOwner
    answer_within_days: int
    second_person: bool = False
    limits: dict[str, int] = {}
    choices: dict[str, tuple[str, ...]] = {}

    def __post_init__(self) -> None:
        if self.answer_within_days < 1:
            raise DocumentError((), "answer_within_days：至少为 1", "answer_within_days: at least 1")


class CheckRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition."""

    check_rules: str
    edition: str
    zh: str
    en: str
    jurisdiction: str
    source: str
    in_force: InForce
    rules: dict[str, RuleTerms]


def check_rules_from(content: Mapping[str, Any]) -> CheckRules:
    """Raises ``msgspec.ValidationError``."""
    return msgspec.convert(content, CheckRules)


def check_rules_of(
    limits: Mapping[str, Mapping[str, Iterable[str]]], choices: Mapping[str, Collection[str]] | None = None
) -> Callable[[Mapping[str, Any]], CheckRules]:
    """Reads a document of rules that the service has. ``limits``: key of the document → rule → names of its limits; ``choices``:
    rule → the codes among which it lets a document choose. Reading raises ``DocumentError`` too."""
    among = choices or {}

    def read(content: Mapping[str, Any]) -> CheckRules:
        document = check_rules_from(content)
        if document.check_rules not in limits:
            raise DocumentError(
                (), f"check_rules：须为下列之一：{'、'.join(limits)}", f"check_rules: one of {', '.join(limits)}"
            )
        known = limits[document.check_rules]
        for code, terms in document.rules.items():
            if code not in known:
                raise DocumentError(
                    (), f"rules.{code}：须为下列之一：{'、'.join(known)}", f"rules.{code}: one of {', '.join(known)}"
                )
            if terms.limits.keys() != {*known[code]}:
                raise DocumentError(
                    (),
                    f"rules.{code}.limits：须恰好写明：{'、'.join(known[code]) or '无'}",
                    f"rules.{code}.limits: {', '.join(known[code]) or 'none'}",
                )
            if unknown := {c for chosen in terms.choices.values() for c in chosen} - {*among.get(code, ())}:
                raise DocumentError(
                    (),
                    f"rules.{code}.choices：没有这些选项：{'、'.join(sorted(unknown))}，请删去",
                    f"rules.{code}.choices: {', '.join(sorted(unknown))}",
                )
            if terms.choices and code not in among:
                raise DocumentError(
                    (), f"rules.{code}.choices：这条规则没有选项，请删去", f"rules.{code}.choices: none"
                )
        return document

    return read
