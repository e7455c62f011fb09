"""Access tables of small applications."""

from collections.abc import Collection, Iterable, Mapping

from contracts.roles import Role
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, RUNTIME_ROWS
from services.chassis.web.routing import DeferredRouter

NO_ROUTES = AccessTable(*RUNTIME_ROWS)
"""Of a service that has no routes but those of every service."""


def acts_of(*routers: DeferredRouter) -> list[str]:
    return [each.options["name"] or each.endpoint.__name__ for router in routers for each in router.operations]


def public_access(*routers: DeferredRouter) -> AccessTable:
    """Everything is for anybody."""
    return access_of(*routers, public=acts_of(*routers))


def access_of(
    *routers: DeferredRouter,
    public: Collection[str] = (),
    roles: Mapping[str, Iterable[Role]] | None = None,
    common: Iterable[AccessRow] = DOCUMENTATION_ROWS,
) -> AccessTable:
    """A row for every route of the routers: ``public`` acts for anybody, those of ``roles`` for these roles, others for
    whoever is signed in. ``common``: rows of what the application has besides."""
    held = roles or {}
    return AccessTable(
        *common,
        *(
            AccessRow(
                act, frozenset(held[act]) if act in held else None, Relation.PUBLIC if act in public else Relation.NONE,
                act, act,
            )
            for act in acts_of(*routers)
        ),
    )  # fmt: skip
