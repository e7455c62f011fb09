"""Facts about findings: what check rules find about a subject. Stream ``findings-<subject>``, the same in every log.

A finding itself is no fact: it follows from the subject's facts, the adopted check rules and the day, and is computed for any
day as known at any instant. What a person adds to it, and what was known when a case was decided, are facts.
"""

from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.personal import Personal


class FindingValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What was compared, or with which limit: never a personal value that the contracts seal."""

    name: str
    value: str


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A finding as it stood. ``about``: ids within the subject; its grounds: ``values``, ``limits``, and ``facts``, the ids of
    those it rests on; ``edition``: the document by which the rule was asked."""

    finding_id: UUID
    rule: str
    about: tuple[UUID, ...]
    values: tuple[FindingValue, ...]
    limits: tuple[FindingValue, ...]
    facts: tuple[str, ...]
    edition: str


@published("FindingAnswered")
class FindingAnswered(Fact, frozen=True, kw_only=True):
    """The office in charge says why it is right all the same. It answers the finding as it stood: once its values or limits
    are others, or it went and came again, it is unanswered. Sealed under the subject."""

    sealed_under: ClassVar[str] = "subject"

    subject: UUID
    household_id: UUID | None = None
    finding: Finding
    reason: Personal[str]
