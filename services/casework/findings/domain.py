"""Check rules, and what they find about a subject as it stands on a day. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID, uuid5

import msgspec

from contracts.casework.findings import Finding, FindingValue
from contracts.facts import Fact, Recorded
from services.casework.findings.document import CheckRules, RuleTerms
from services.chassis.ground.messages import Message

NAMESPACE = UUID("0c4d5a52-3f0b-5f0e-9a3d-7a9b0a7a2f41")
"""Of finding ids: UUIDv5 of log, rule, subject and what it is about."""

Limits = Mapping[str, int]
Choices = Mapping[str, Sequence[str]]


class Checked(Protocol):
    """What the rules read of a subject, as it stands in a period. ``division``: where it is."""

    @property
    def division(self) -> str: ...


S = TypeVar("S", bound=Checked)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a rule holds. ``about``: ids within the subject, ordered; ``values``: what an answer is about. A value that time
    changes (an age) is none: the answer would lapse by itself."""

    about: tuple[UUID, ...]
    values: Mapping[str, int | str]


def never(_: Any, __: Limits) -> Iterable[date]:
    """``turns`` of a rule that time changes nothing about."""
    return ()


def limits_in(terms: RuleTerms) -> Limits:
    """``asked_by`` of a rule that asks by figures."""
    return terms.limits


def choices_in(terms: RuleTerms) -> Choices:
    """``asked_by`` of a rule that asks by codes and what answers them."""
    return terms.choices


@dataclass(frozen=True, slots=True)
class CheckRule(Generic[S]):
    """``find``: every ground on which the rule holds on a day, in any order. ``turns``: the days on which that may become
    otherwise while the subject stays as it is. ``rests_on``: whether a finding about these ids rests on that fact.
    ``limits``: their names in the documents. ``asked_by``: what of its terms ``find`` is given, ``among``: the codes that
    choices may name."""

    code: str
    find: Callable[[S, date, Any], Iterable[Ground]]
    rests_on: Callable[[Sequence[UUID], Fact], bool]
    limits: tuple[str, ...] = ()
    turns: Callable[[S, Limits], Iterable[date]] = never
    asked_by: Callable[[RuleTerms], Limits | Choices] = limits_in
    among: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding on a day, and the terms under which it was found. ``edition``: id of their document."""

    finding_id: UUID
    rule: str
    ground: Ground
    terms: RuleTerms
    edition: str

    @property
    def grounds(self) -> str:
        return grounds_of(self.ground.values, self.terms.limits)


class Period(msgspec.Struct, Generic[S], frozen=True, array_like=True):
    """What the rules read of a subject, in a period of valid time, as known in one of transaction time. Upper ends are
    exclusive, as in the household's own periods; periods of one subject do not overlap."""

    value: S
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks(Generic[S]):
    """One set of check rules: what a service supplies of one kind of subject. ``key`` of its documents, the ``rules``, in which
    words they explain themselves (rule, figures), and the type of what is read of a subject. ``table_prefix``: of the set's
    own tables."""

    key: str
    log: str
    rules: Mapping[str, CheckRule[S]]
    explain: Callable[[str, Mapping[str, Any]], Message]
    value_type: type[S]
    timeline: Callable[[UUID, Sequence[Recorded], date, datetime | None], Sequence[Recorded]]
    """Subject, its facts, as_of, known_at → the facts that its state then was folded from."""
    of_households: bool = True
    """Whether a subject is a household."""
    table_prefix: str = ""

    @property
    def findings_table(self) -> str:
        return f"{self.table_prefix}findings"

    @property
    def checked_table(self) -> str:
        return f"{self.table_prefix}checked_subjects"

    @property
    def limits(self) -> Mapping[str, tuple[str, ...]]:
        """By rule, for reading documents."""
        return {code: rule.limits for code, rule in self.rules.items()}

    @property
    def choices(self) -> Mapping[str, frozenset[str]]:
        """By rule that lets documents choose, for reading them."""
        return {code: rule.among for code, rule in self.rules.items() if rule.among}

    def explanation_of(self, found: "Found", names: object = None) -> Message:
        """See ``explanation``."""
        return self.explanation(found.rule, found.ground.about, found.grounds, names)

    def explanation(self, rule: str, about: Sequence[UUID], grounds: str, names: object = None) -> Message:
        """What was found and what to do about it, with its figures. ``names``: what it is about, by id if not said."""
        values, limits = grounds_from(grounds)
        return self.explain(rule, {**values, **limits, "about": names or [str(one) for one in about]})


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChecks(Checks[S]):
    """Of subjects of which nothing but their own facts is read. ``reads``: whether a fact is, by itself."""

    periods: Callable[[UUID, Sequence[Recorded]], list[Period[S]]]
    reads: Callable[[Fact], bool]
    now: Callable[[UUID, Sequence[Recorded]], S | None]
    """Subject, its facts → what the rules read after all of them."""


def periods_from(checks: Checks[S], encoded: bytes) -> list[Period[S]]:
    """What ``checked_subjects`` holds of a subject, as MessagePack."""
    return _decoder(checks.value_type).decode(encoded)


@cache
def _decoder(value_type: type[Any]) -> "msgspec.msgpack.Decoder[list[Period[Any]]]":
    return msgspec.msgpack.Decoder(list[Period[value_type]])  # type: ignore[valid-type]


def found_on(
    checks: Checks[S], subject: UUID, value: S, day: date, document: CheckRules, edition: str
) -> Iterator[Found]:
    """What the rules of an edition find on a day."""
    for code, terms in document.rules.items():
        rule = checks.rules.get(code)
        if rule is None or not terms.asked:
            continue
        for ground in rule.find(value, day, rule.asked_by(terms)):
            yield Found(finding_id(checks.log, code, subject, ground.about), code, ground, terms, edition)


def turns_of(checks: Checks[S], value: S, document: CheckRules) -> set[date]:
    """The days on which an edition's rules may find otherwise while nothing changes but the date."""
    turning: set[date] = set()
    for code, terms in document.rules.items():
        rule = checks.rules.get(code)
        if terms.asked and rule is not None and rule.turns is not never:
            turning.update(rule.turns(value, terms.limits))
    return turning


def finding_id(log: str, rule: str, subject: UUID, about: Sequence[UUID]) -> UUID:
    return uuid5(NAMESPACE, f"{log}/{rule}/{subject}/{' '.join(map(str, about))}")


def grounds_of(values: Mapping[str, object], limits: Mapping[str, object]) -> str:
    """As text that is equal where the grounds are."""
    said = [{name: str(figures[name]) for name in sorted(figures)} for figures in (values, limits)]
    return msgspec.json.encode(said).decode()


def grounds_from(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Values and limits of ``grounds_of``."""
    values, limits = msgspec.json.decode(text, type=tuple[dict[str, str], dict[str, str]])
    return values, limits


def grounds_said(finding: Finding) -> str:
    """The grounds that a fact names."""
    return grounds_of({v.name: v.value for v in finding.values}, {v.name: v.value for v in finding.limits})


def as_finding(found: Found, facts: Sequence[str]) -> Finding:
    """As facts say it."""

    def said(figures: Mapping[str, Any]) -> tuple[FindingValue, ...]:
        return tuple(FindingValue(name=name, value=str(figures[name])) for name in sorted(figures))

    return Finding(
        finding_id=found.finding_id, rule=found.rule, about=found.ground.about, values=said(found.ground.values),
        limits=said(found.terms.limits), facts=tuple(facts), edition=found.edition,
    )  # fmt: skip
