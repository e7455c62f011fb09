"""Which command it is, and what became of it: one record per command, so that a repeated one is answered alike."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID, uuid5

import msgspec

from services.chassis.ground.messages import Message
from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import RULES, Refused

COMMANDS = UUID("0d6f1a44-6f3c-5d0b-8a43-5a0f2f6f9a10")
"""Namespace of command ids: UUIDv5 of principal, route and key."""


@dataclass(frozen=True, slots=True)
class CommandRef:
    """Which request this is: one effect and one answer per (principal, route, key), of which the id is made, or of
    whatever else happens once (a timer)."""

    command_id: UUID
    principal: str
    route: str
    key: str
    digest: bytes

    @classmethod
    def of(cls, principal: str, route: str, key: str, digest: bytes) -> Self:
        """A request by its principal, route and key. ``digest``: of what it asks for."""
        return cls(uuid5(COMMANDS, "\n".join((principal, route, key))), principal, route, key, digest)


class CommandWarning(msgspec.Struct, frozen=True, kw_only=True):
    """What was accepted, and should be looked at all the same. ``facts``: its ids and figures, never personal data."""

    code: str
    zh: str
    en: str
    facts: dict[str, str]

    @classmethod
    def of(cls, code: str, why: Message, facts: dict[str, str]) -> Self:
        return cls(code=code, zh=why.zh, en=why.en, facts=facts)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a unit of work answers when it is accepted."""

    status: int = 201
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit of work. ``position`` is the log position a reader must have seen to see the effect; ``facts``
    and ``next``: of the refusal, which no record keeps."""

    status: int
    code: str | None
    location: str | None
    position: int
    replayed: bool = False
    facts: dict[str, object] = field(default_factory=dict)
    warnings: tuple[CommandWarning, ...] = ()
    next: tuple[NextStep, ...] = ()

    @classmethod
    def of_refusal(cls, no: Refused, position: int, *, replayed: bool = False) -> Self:
        return cls(no.rule.status, no.rule.code, None, position, replayed, no.facts, next=no.next)

    def require_accepted(self) -> None:
        """Raises ``Refused`` for a refusal, first time or repeated."""
        if self.code is not None:
            raise Refused(RULES[self.code], **self.facts).advising(*self.next)

    @property
    def warnings_kept(self) -> str | None:
        """As the command's record holds them."""
        return msgspec.json.encode(self.warnings).decode() if self.warnings else None


_warnings = msgspec.json.Decoder(tuple[CommandWarning, ...])


def warnings_from(kept: str | None) -> tuple[CommandWarning, ...]:
    """See ``Outcome.warnings_kept``."""
    return () if kept is None else _warnings.decode(kept)
