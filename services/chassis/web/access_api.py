"""What the caller may do, over HTTP: the rows of the access table that let them through."""

from pydantic import BaseModel

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.security.access_table import AccessTable, Relation
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter


class ActAnswer(BaseModel):
    """``act``: the operation id in the OpenAPI document. ``relation``: what the caller must be to the subject, too; what is
    ``office_of_the_step`` the procedure document decides. ``levels``: of office; none for any."""

    act: str
    relation: Relation
    levels: list[Level]
    zh: str
    en: str


class AccessAnswer(BaseModel):
    account: str
    roles: list[Role]
    division: str
    level: Level
    acts: list[ActAnswer]


def access_router(access: AccessTable) -> DeferredRouter:
    """``/access``."""
    router = DeferredRouter(tags=["access"])

    @router.get("/access")
    async def read_access(actor: CurrentActor) -> AccessAnswer:
        """The caller's own rows of the access table: what they may do here, and with which relation to the subject."""
        acts = [
            ActAnswer(act=row.act, relation=row.relation, levels=sorted(row.levels), zh=row.zh, en=row.en)
            for row in access.rows_of(actor)
        ]
        return AccessAnswer(
            account=actor.subject, roles=sorted(actor.roles), division=actor.division, level=actor.level, acts=acts
        )

    return router
