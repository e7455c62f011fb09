"""A remembered route is the route that would have been read: same parameters, same document, and its own house's answer."""

from collections.abc import Callable
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.support import remembered_routes
from tests.support.remembered_routes import remember_routes


def router(house: str, most: int, caller: Callable[[], str]) -> APIRouter:
    """Endpoints that enclose their house; ``most`` and ``caller`` stand in a signature."""
    made = APIRouter()

    @made.get("/houses/{number}", status_code=203, tags=["houses"])
    async def read_house(
        number: int, who: Annotated[str, Depends(caller)], limit: Annotated[int, Query(le=most)] = 1
    ) -> dict[str, str | int]:
        """Of a house."""
        return {"house": house, "number": number, "who": who, "limit": limit}

    return made


def one() -> str:
    return "one"


def other() -> str:
    return "other"


def answer(house: str, most: int, caller: Callable[[], str], limit: int) -> tuple[int, object, object]:
    app = FastAPI()
    app.include_router(router(house, most, caller))
    got = TestClient(app).get("/houses/7", params={"limit": limit})
    body = got.json()
    return got.status_code, body if got.status_code == 203 else body["detail"][0]["type"], app.openapi()


@pytest.mark.parametrize(
    ("house", "most", "caller", "limit"),
    [("first", 5, one, 5), ("second", 5, one, 5), ("third", 5, other, 5), ("fourth", 4, one, 5), ("fifth", 5, one, 6)],
)
def test_it_answers_and_is_described_as_one_that_is_read_anew(
    house: str, most: int, caller: Callable[[], str], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_routes()
    answer("earlier", 5, one, 5)
    remembered = answer(house, most, caller, limit)
    monkeypatch.setattr(APIRoute, "__init__", remembered_routes._read_anew)
    assert remembered == answer(house, most, caller, limit)


def test_the_same_function_is_read_once_whatever_it_encloses_and_anew_for_another_signature() -> None:
    remember_routes()
    answer("first", 5, one, 5)
    known = len(remembered_routes._read)
    answer("second", 5, one, 5)
    assert len(remembered_routes._read) == known
    answer("second", 3, one, 3)
    assert len(remembered_routes._read) > known
