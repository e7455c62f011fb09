"""Refusals: one rule, one stable code, a message in Chinese and English, and the rule's source."""

from dataclasses import dataclass

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
    """A rule said no. ``facts`` are figures for the reader (a date, a count), never personal data."""

    def __init__(self, why: Rule, **facts: object) -> None:
        super().__init__(why.code)
        self.rule = why
        self.facts = facts


NOT_FOUND = rule(
    "not_found",
    zh="没有找到，或不在您的管辖范围内。",
    en="Not found, or outside your area.",
    source="Lika access rules",
    status=404,
)
FORBIDDEN = rule(
    "role_not_allowed",
    zh="您的岗位无权进行此操作。",
    en="Your role does not allow this.",
    source="Lika access rules",
    status=403,
)
