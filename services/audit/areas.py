"""How far a reader's area reaches."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor

DivisionParam = Annotated[
    str | None,
    Query(
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
        description="区划（含下辖），缺省为本人辖区 / division with all below it; the caller's area by default",
        examples=["990001101"],
    ),
]


@dataclass(frozen=True, slots=True)
class DivisionPrefix:
    """A division with everything below it; "" is everything."""

    code: str

    @property
    def range(self) -> dict[str, str]:
        """Codes that begin so: ``low <= code < high``, which an index can walk. ``~`` sorts behind every digit."""
        return {"low": self.code, "high": f"{self.code}~"}


def division_in_scope(asked: str | None, actor: Actor) -> DivisionPrefix:
    """The division asked about, or the actor's own area. Raises ``NOT_FOUND`` outside it."""
    if asked is None:
        return DivisionPrefix(actor.division)
    if not actor.covers(asked):
        raise Refused(NOT_FOUND)
    return DivisionPrefix(asked)
