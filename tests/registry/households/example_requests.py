"""What a cadre types, and a registry with a few villages to type it into."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from contracts.roles import Role
from services.registry.households.resident_id import check_character
from services.registry.service import registry
from tests.support.running import Lika, Person, lika

TOWNSHIP, OTHER_TOWNSHIP = "990001101", "990001102"
VILLAGE, NEIGHBOUR, ELSEWHERE = f"{TOWNSHIP}201", f"{TOWNSHIP}202", f"{OTHER_TOWNSHIP}201"
ANOTHER_COUNTY, ANOTHER_VILLAGE = "990002101201", "990002101202"
"""For tests that add households of their own, so that they do not disturb the counts of others."""
_serials = count(1)


@contextmanager
def few_villages(database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    """The registry on a clock that stands at 8 o'clock of 2014-06-01 in Shanghai."""
    with lika([registry], database, folder, datetime(2014, 6, 1, tzinfo=UTC)) as started:
        operator = started.who("operator", "", Role.OPERATOR)
        for code in (VILLAGE, NEIGHBOUR, ELSEWHERE, ANOTHER_COUNTY, ANOTHER_VILLAGE):
            body = {"code": code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
            assert operator.post("/registry/divisions", body).status_code == 201
        yield started


def resident_id(born: int = 1970, sex: str = "male") -> str:
    """A number nobody has had yet, checksum-valid under an area that was never assigned."""
    serial = next(_serials) * 2 + (sex == "male")
    digits = f"990001{born}0101{serial:03d}"
    return digits + check_character(digits)


def somebody(relation: str, born: int = 1970, **more: Any) -> dict[str, Any]:
    return {"name": "王某", "sex": "male", "birth_year": born, "relation": relation, **more}


def household(division: str = VILLAGE, **more: Any) -> dict[str, Any]:
    members = [somebody("head", id_number=resident_id()), somebody("spouse"), somebody("child", 2004)]
    return {"division": division, "effective_on": "2014-05-20", "members": members, **more}


def taken_down(cadre: Person, division: str = VILLAGE, **more: Any) -> str:
    """Where the new household is read."""
    answer = cadre.post("/registry/households", household(division, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def members_of(cadre: Person, where: str, **asked: str) -> list[str]:
    return [m["person_id"] for m in cadre.get(where, **asked).json()["members"]]


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
