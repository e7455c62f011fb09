"""Clues as a village or whoever calls reports them."""

from typing import Any

from tests.registry.households.example_villages import TODAY, Village, done
from tests.support.running import ApiClient

NAMED = {"name": "王某", "group": "三组", "phone": "13900000001", "statement": "家中有人患大病"}
TOLD = {"explanation": "已当面告知"}


def report(who: ApiClient, village: Village, on: str = TODAY, **more: Any) -> str:
    """The location of the receipt."""
    body = {"on": on, "division": village.code, "channel": "hotline", **(more or NAMED)}
    return str(done(who.post("/registry/clues/self-reports", body)).headers["Location"])


def clue_of(who: ApiClient, receipt: str) -> str:
    answer = who.get(receipt)
    assert answer.status_code == 200, answer.text
    return f"/registry/clues/{answer.json()['clue_id']}"


def accepted(village: Village, on: str = TODAY, **more: Any) -> str:
    clue = clue_of(village.cadre, report(village.cadre, village, on, **more))
    done(village.cadre.post(f"{clue}/acceptances", {"on": on}))
    return clue
