"""A service whose routes and rows do not agree cannot be assembled."""

import pytest

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.refusals import Refused
from services.chassis.security.access_table import AccessRow, AccessTable, AccessTableError, Relation
from services.chassis.security.actor import Actor
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter

router = DeferredRouter()


@router.get("/things")
async def list_things(actor: CurrentActor) -> str:
    return actor.subject


def row(act: str, relation: Relation = Relation.NONE) -> AccessRow:
    return AccessRow(act, frozenset({Role.CADRE}), relation, act, act)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "the route list_things has no row"),
        ([row("list_things"), row("read_thing")], "without a route: read_thing"),
        ([row("list_things", Relation.PUBLIC)], "list_things is public and asks for its caller"),
        ([row("list_things"), row("list_things")], "two rows for .*list_things"),
    ],
)
def test_routes_and_rows_are_compared_when_a_service_is_assembled(rows: list[AccessRow], why: str) -> None:
    with pytest.raises(AccessTableError, match=why):
        service_app(name="s", title="S", routers=[router], access=AccessTable(*DOCUMENTATION_ROWS, *rows))


@pytest.mark.parametrize(
    ("division", "refusal"),
    [
        ("", "level_not_allowed"),
        ("990001", "level_not_allowed"),
        ("990001101", None),
        ("990001101201", "level_not_allowed"),
    ],
)
def test_the_level_of_office_is_the_length_of_the_area(division: str, refusal: str | None) -> None:
    reviewing = AccessRow(
        "review", frozenset({Role.REVIEWER}), Relation.IN_AREA_TODAY, "审核", "Review", frozenset({Level.TOWNSHIP})
    )
    actor = Actor("r", frozenset({Role.REVIEWER}), division)
    assert (reviewing.refusal(actor) is None) is (refusal is None)
    assert reviewing.refusal(Actor("r", frozenset({Role.CADRE}), division)) is not None
    if refusal is not None:
        with pytest.raises(Refused, match=refusal):
            reviewing.check(actor)
