"""Editions of documents as the log holds them. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from contracts.casework.documents import (
    DocumentAdopted,
    DocumentProposed,
    DocumentWithdrawalProposed,
    DocumentWithdrawn,
)
from contracts.facts import Recorded
from services.chassis.law.content import as_dicts, content_of, digest_of

STREAM = "documents"
"""The one stream of a log that holds its documents."""
DOCUMENT_FACTS = (DocumentProposed, DocumentAdopted, DocumentWithdrawalProposed, DocumentWithdrawn)
DOCUMENT_TYPES = frozenset(kind.type_name for kind in DOCUMENT_FACTS)

T = TypeVar("T")

_contents: dict[str, Mapping[str, Any]] = {}
_typed: dict[tuple[str, Callable[[Mapping[str, Any]], Any]], Any] = {}


class ContentAltered(ValueError):
    """The text of a document is not the one whose digest was recorded with it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What was proposed. ``id``: of the fact that proposed it, by which decisions name it."""

    proposed: Recorded
    fact: DocumentProposed

    @property
    def id(self) -> str:
        return self.proposed.id

    @property
    def number(self) -> int:
        """Its place among the facts of its stream, unique within its log."""
        return self.proposed.version

    @property
    def name(self) -> str:
        return name_of(self.fact.kind, self.fact.key)

    @property
    def jurisdiction(self) -> str:
        return self.fact.jurisdiction

    @property
    def since(self) -> date:
        return self.fact.effective_on

    def holds_on(self, day: date) -> bool:
        until = self.fact.in_force_to
        return self.since <= day and (until is None or day <= until)

    @property
    def content(self) -> Mapping[str, Any]:
        """Read once per text, however many editions and processes ask. Raises ``ContentAltered``."""
        digest = self.fact.digest
        if digest not in _contents:
            if digest_of(self.fact.content) != digest:
                raise ContentAltered(self.id)
            _contents[digest] = content_of(self.fact.content)
        return _contents[digest]

    def typed(self, parse: Callable[[Mapping[str, Any]], T]) -> T:
        """What ``parse`` makes of the content, once per text."""
        key = self.fact.digest, parse
        if key not in _typed:
            _typed[key] = parse(as_dicts(self.content))
        typed: T = _typed[key]
        return typed


def name_of(kind: str, key: str) -> str:
    return f"{kind}/{key}"
