"""The competent office as documents name it: who may take a step, hear an objection, answer a finding."""

from collections.abc import Collection
from typing import ClassVar

import msgspec

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.access.roles import OFFICES
from services.chassis.law.content import DocumentError


class DocumentPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class CompetentOffice(DocumentPart, frozen=True, kw_only=True):
    """The competent office: a role at a level. ``others``: further roles that may act as well; ``or_above``: as may the
    offices of every level above."""

    handlers: ClassVar[frozenset[Role]] = OFFICES
    """Roles that may be named."""

    level: Level
    role: Role
    others: tuple[Role, ...] = ()
    or_above: bool = False

    def __post_init__(self) -> None:
        if unknown := {self.role, *self.others} - self.handlers:
            raise DocumentError(
                (),
                f"{'、'.join(sorted(unknown))}：不办理程序；须为下列之一：{'、'.join(sorted(self.handlers))}",
                f"{', '.join(sorted(unknown))}: handles no cases; one of {', '.join(sorted(self.handlers))}",
            )

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.role, *self.others

    @property
    def levels(self) -> tuple[Level, ...]:
        """From the lowest."""
        return (
            tuple(level for level in reversed(Level) if level.is_at_least(self.level))
            if self.or_above
            else (self.level,)
        )

    def is_held_by(self, roles: Collection[Role], level: Level) -> bool:
        """Whether somebody with these roles, at an office of this level, may act."""
        return level in self.levels and not {*self.roles}.isdisjoint(roles)
