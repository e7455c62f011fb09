"""Recorded facts for tests of the two-time selection, with nothing but their effective day and what they annul."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from contracts.facts import Fact, Recorded

NO_COMMAND = UUID(int=0)


class Noted(Fact, frozen=True, kw_only=True):
    """Never published: selection reads the common fields only."""


def noted(
    position: int, effective_on: date, *, annuls: Iterable[int] = (), recorded_at: datetime | None = None
) -> Recorded:
    """The fact at this position of one stream; by default it was recorded at noon (UTC) of January ``position``, 2018."""
    fact = Noted(effective_on=effective_on, entered_by="cadre", annuls=tuple(f"registry/h/{p}" for p in annuls))
    return Recorded(
        log="registry",
        position=position,
        stream="h",
        version=position,
        recorded_at=recorded_at or datetime(2018, 1, position, 12, tzinfo=UTC),
        command_id=NO_COMMAND,
        actor="cadre",
        fact=fact,
        payload=b"",
    )


def positions(facts: Iterable[Recorded]) -> list[int]:
    return [f.position for f in facts]
