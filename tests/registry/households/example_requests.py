"""Request bodies as a cadre sends them, and a running registry with a few villages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from contracts.roles import Role
from services.registry.households.resident_id import check_character
from services.registry.service import registry
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

TOWNSHIP, OTHER_TOWNSHIP = "990001101", "990001102"
VILLAGE, NEIGHBOUR, ELSEWHERE = f"{TOWNSHIP}201", f"{TOWNSHIP}202", f"{OTHER_TOWNSHIP}201"
ANOTHER_COUNTY, ANOTHER_VILLAGE = "990002101201", "990002101202"
"""For tests that add households of their own, so that they do not disturb the counts of others."""
DEATH_CERTIFICATE = on_paper("certificate")
_serials = count(1)


@contextmanager
def registry_with_villages(database: Callable[[str], str], folder: Path, **more: Any) -> Iterator[Lika]:
    """The registry on a clock that stands at 8 o'clock of 2014-06-01 in Shanghai; ``more``: further settings."""
    with lika([registry], database, folder, datetime(2014, 6, 1, tzinfo=UTC), **more) as started:
        operator = started.client_for("operator-1", "", Role.OPERATOR)
        for code in (VILLAGE, NEIGHBOUR, ELSEWHERE, ANOTHER_COUNTY, ANOTHER_VILLAGE):
            body = {"code": code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
            assert operator.post("/registry/divisions", body).status_code == 201
        yield started


def unused_resident_id(born: int = 1970, sex: str = "male") -> str:
    """A number that was not used before, with a valid checksum, under an area prefix that was never assigned."""
    days, serial = divmod(next(_serials), 499)
    digits = f"990001{date(born, 1, 1) + timedelta(days):%Y%m%d}{serial * 2 + (sex == 'male'):03d}"
    return digits + check_character(digits)


def member_body(relation: str, born: int = 1970, **more: Any) -> dict[str, Any]:
    return {"name": "王某", "sex": "male", "birth_year": born, "relation": relation, **more}


def household_body(division: str = VILLAGE, **more: Any) -> dict[str, Any]:
    members = [member_body("head", id_number=unused_resident_id()), member_body("spouse"), member_body("child", 2004)]
    return {"division": division, "effective_on": "2014-05-20", "members": members, **more}


def record_household(cadre: ApiClient, division: str = VILLAGE, **more: Any) -> str:
    """Returns the ``Location`` of the new household."""
    answer = cadre.post("/registry/households", household_body(division, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def member_ids(cadre: ApiClient, location: str, **params: str) -> list[str]:
    return [m["person_id"] for m in cadre.get(location, **params).json()["members"]]


def status_and_code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def move_accepted(leaving: ApiClient, receiving: ApiClient, location: str, body: dict[str, Any]) -> None:
    """The side that the household leaves proposes the move, the other accepts it."""
    proposed = leaving.post(f"{location}/moves", body)
    assert proposed.status_code == 201, proposed.text
    accepted = receiving.post(f"{proposed.headers['Location']}/acceptances", {})
    assert accepted.status_code == 201, accepted.text
