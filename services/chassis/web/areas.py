"""Lists by division: a prefix asked for, narrowed to the caller's area."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor

Prefix = Annotated[str, Query(pattern=r"^[0-9]{0,12}$", description="区划（含下辖） / division, with those below it")]
"""Declare as ``division: Prefix = ""``."""


def narrowed_to_area(prefix: str, actor: Actor) -> str:
    """The part of the division asked for that lies in the caller's area. Raises ``NOT_FOUND`` where they do not meet."""
    if actor.covers(prefix):
        return prefix
    if actor.division.startswith(prefix):
        return actor.division
    raise Refused(NOT_FOUND)


def code_range(prefix: str) -> tuple[str, str]:
    """Codes that begin with ``prefix`` as a range, for an index. ``~`` sorts after every digit."""
    return prefix, prefix + "~"
