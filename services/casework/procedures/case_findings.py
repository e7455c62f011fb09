"""What check rules found about a case's subject, as the engine is told it: shown with the steps, named by the decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.casework.findings import Finding
from services.chassis.ground.messages import Message
from services.chassis.log.unit import Tx


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding that nobody has answered, and what it says."""

    finding: Finding
    why: Message


FindingsOf = Callable[[Tx, UUID], Sequence[CaseFinding]]
"""Of a subject, on the unit's day and as known to it."""
FindingsFlag = Callable[[str, date], str]
"""SQL of whether there is one about the subject of this SQL name on a day, as known now."""


def no_findings(_: Tx, __: UUID) -> Sequence[CaseFinding]:
    """Of a service without check rules for the subjects of its cases."""
    return ()


def no_flag(_: str, __: date) -> str:
    """The same in SQL."""
    return "false"
