"""A release after the present one: every target that it sets, it records with one more fact, of a type that no release
before it can read. Run as ``python -m tests.faults.next_release``, it is ``lika``."""

from typing import Any
from uuid import UUID

from contracts.facts import Fact, published
from contracts.monitoring.targets import TargetSet
from services.chassis.log.unit import Tx

STREAM = "next-release"


@published("TestTargetNoted")
class TargetNoted(Fact, frozen=True, kw_only=True):
    """What a later release records of a target."""

    target_id: UUID


append = Tx.append


def append_with_note(self: Tx, stream: str, *facts: Any, expected: int | None = None) -> tuple[str, ...]:
    """``Tx.append`` of that release."""
    ids = append(self, stream, *facts, expected=expected)
    for fact in facts:
        if isinstance(fact, TargetSet):
            noted = TargetNoted(target_id=fact.target_id, effective_on=fact.effective_on, entered_by=fact.entered_by)
            append(self, STREAM, noted)
    return ids


def main() -> None:
    """The program."""
    from lika.cli import main as lika

    Tx.append = append_with_note  # type: ignore[method-assign]
    lika()


if __name__ == "__main__":
    main()
