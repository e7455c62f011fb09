"""Who reads in this service, and how far a reader's area reaches."""

from typing import Annotated

from fastapi import Depends, Query

from contracts.roles import Role
from services.chassis.identity import Actor, require
from services.chassis.refusals import NOT_FOUND, Refused

Reader = Annotated[Actor, Depends(require(Role.CADRE, Role.REVIEWER, Role.DECIDER, Role.ANALYST, Role.AUDITOR))]
Prefix = Annotated[str, Query(pattern=r"^[0-9]{0,12}$", description="区划代码前缀 / division prefix")]


def within(asked: str, actor: Actor) -> str:
    """The narrower of what is asked for and what the reader may see. Raises ``Refused`` (404) when they do not meet."""
    if asked.startswith(actor.division):
        return asked
    if actor.division.startswith(asked):
        return actor.division
    raise Refused(NOT_FOUND)
