"""Refusals: one rule, one stable code, a message in Chinese and English, and the rule's source."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from services.chassis.ground.next_steps import NextStep

RULES: dict[str, "Rule"] = {}
"""Every rule by its code; an idempotent replay renders the refusal again from here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a command is refused. ``source`` names the paper or fact number that the rule comes from."""

    code: str
    zh: str
    en: str
    source: str
    status: int = 409


def rule(code: str, *, zh: str, en: str, source: str, status: int = 409) -> Rule:
    """Declare a rule once, beside the function that enforces it."""
    if code in RULES:
        raise ValueError(f"rule {code} is declared twice")
    RULES[code] = made = Rule(code, zh, en, source, status)
    return made


class Refused(Exception):
    """A rule said no. ``facts`` are figures for the reader (a date, a count), never personal data; ``next``: what to do
    instead, in alternatives."""

    def __init__(self, why: Rule, **facts: object) -> None:
        super().__init__(why.code)
        self.rule = why
        self.facts = facts
        self.next: tuple[NextStep, ...] = ()
        self.others: Callable[[], Others] = no_others
        """What the rules say that stood behind this one in a list: nobody asked them, and a dry run does
        (``check_all``)."""

    def advising(self, *steps: NextStep) -> Self:
        """This refusal with what to do next, behind what it names already."""
        self.next += steps
        return self

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to the answer."""
        return {}


@dataclass(frozen=True, slots=True)
class Others:
    """Of the rules behind a refusal: which refuse as well, and which cannot be asked, for what they take for granted does
    not hold."""

    refused: tuple[Refused, ...] = ()
    not_asked: tuple[Rule, ...] = ()


def no_others() -> Others:
    """Of a rule that stood in no list."""
    return Others()


NOT_FOUND = rule(
    "not_found",
    zh="没有找到，或不在您的管辖范围内。",
    en="Not found, or outside your area.",
    source="Lika access rules",
    status=404,
)
FORBIDDEN = rule(
    "role_not_allowed",
    zh="您的岗位无权进行此操作；谁可以做什么，见规则手册。",
    en="Your role does not allow this; the rule book says who may do what.",
    source="access table of the service (docs/rules/access.md)",
    status=403,
)
MALFORMED = rule(
    "malformed",
    zh="提交的内容不符合格式要求。",
    en="The request is malformed.",
    source="OpenAPI of this service",
    status=422,
)
UNAVAILABLE = rule(
    "unavailable",
    zh="服务暂时不可用，请稍后再试。",
    en="Not available at this moment; try again shortly.",
    source="Lika interface rules",
    status=503,
)


class Unavailable(Refused):
    """Not now: something this answer depends on has not caught up or cannot be reached. ``retry_after`` in seconds."""

    def __init__(self, why: Rule = UNAVAILABLE, *, retry_after: int = 1, **facts: object) -> None:
        super().__init__(why, **facts)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}
