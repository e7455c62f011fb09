"""Entries of an inbox, and where they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.security.actor import Actor

SUBJECT = "{subject}"


class EntryKind(StrEnum):
    """``escalated``: overdue at an office below for so long that this one is told; ``refused``: an automatic reaction that a
    rule refused; ``waiting``: for another office, or for a day to come."""

    OVERDUE = "overdue"
    ESCALATED = "escalated"
    RETURNED = "returned"
    DUE = "due"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Act:
    """The request that answers an entry. ``operation``: as the OpenAPI document names it; ``form``: fields of its body that are
    settled. ``SUBJECT`` in path and form stands for the entry's subject."""

    operation: str
    method: str
    path: str
    form: Mapping[str, Any] = field(default_factory=dict)

    def about(self, subject: UUID) -> "Act":
        """With the subject in place."""
        return replace(self, path=_filled(self.path, str(subject)), form=_filled(self.form, str(subject)))


def _filled(template: Any, subject: str) -> Any:
    if isinstance(template, Mapping):
        return {name: _filled(inner, subject) for name, inner in template.items()}
    return template.replace(SUBJECT, subject) if isinstance(template, str) else template


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """``id``: unique in its service; ``due_by``: last day, where there is one; ``refused``: the rule by which the caller may
    not do the act; ``details``: figures and ids that the entry is about, never personal data."""

    id: str
    kind: EntryKind
    since: date
    due_by: date | None
    division: str
    subject: UUID
    household_id: UUID | None
    why: Message
    act: Act | None
    refused: Refused | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``division``: prefix within the caller's area; ``kind``: ``None`` for all; ``today``: on the service's clock; ``mine``: only
    what the caller owes by name, whatever office looks after it."""

    actor: Actor
    division: str
    kind: EntryKind | None
    today: date
    mine: bool = False


def page_of_few(found: Iterable[InboxEntry], after: tuple[date, str], limit: int) -> list[InboxEntry]:
    """A page of entries that were all read, since there are never many, oldest first."""
    behind = (entry for entry in found if (entry.since, entry.id) > after)
    return sorted(behind, key=lambda entry: (entry.since, entry.id))[:limit]


class InboxSource(Protocol):
    """A kind of matter that waits for somebody. Blocking."""

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        """By (since, id), those after this key."""

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]: ...


@runtime_checkable
class OwedByAccounts(InboxSource, Protocol):
    """A source that knows which account owes what waits."""

    owed_by_accounts: bool
