"""A remembered route is the route that would have been read: same parameters, same document, and its own house's answer."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Query
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.support import remembered_routes
from tests.support.remembered_routes import remember_routes

PATH = "/houses/{number}"
Most = Annotated[int, Query(le=5)]


def one() -> str:
    return "one"


def other() -> str:
    return "other"


def application(house: str, most: int = 5, caller: Callable[[], str] = one, **options: Any) -> FastAPI:
    """An endpoint that encloses its house; ``most`` and ``caller`` stand in its signature."""
    limits = Most if most == 5 else Annotated[int, Query(le=most)]

    async def read_house(
        number: int,
        who: Annotated[str, Depends(caller)],
        limit: limits = 1,  # type: ignore[valid-type]
    ) -> dict[str, str | int]:
        """Of a house."""
        return {"house": house, "number": number, "who": who, "limit": limit}

    app = FastAPI()
    app.router.add_api_route(PATH, read_house, **{"status_code": 203, "tags": ["houses"], **options})
    return app


def readings() -> int:
    return sum(map(len, remembered_routes._read.values()))


def answers(app: FastAPI) -> list[object]:
    asked = [TestClient(app).get("/houses/7", params={"limit": limit}) for limit in (3, 4, 5, 6)]
    return [app.openapi(), *((got.status_code, got.json()) for got in asked)]


@pytest.mark.parametrize(
    "told",
    [
        {"house": "second"},
        {"house": "third", "caller": other},
        {"house": "fourth", "most": 4},
        {"house": "fifth", "most": 3},
        {"house": "sixth", "status_code": 202},
        {"house": "seventh", "tags": ["others"]},
    ],
)
def test_it_answers_and_is_described_as_one_that_is_read_anew(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_routes()
    application("first")
    remembered = answers(application(**told))
    monkeypatch.setattr(APIRoute, "__init__", remembered_routes._read_anew)
    assert remembered == answers(application(**told))


def test_the_same_function_is_read_once_whatever_it_encloses_and_anew_for_another_signature() -> None:
    remember_routes()
    application("first")
    known = readings()
    application("second")
    assert readings() == known
    application("third", most=2)
    assert readings() == known + 1
