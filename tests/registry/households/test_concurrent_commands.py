"""Commands given at the same moment that would put one person in two households on one day: exactly one is accepted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from tests.registry.households.example_requests import member_body, member_ids, unused_resident_id
from tests.registry.households.example_villages import TODAY, Village, act_of, annul, done

ANSWERS = [(201, None), (409, "member_of_another_household")]


def at_once(*commands: Callable[[], Any]) -> list[tuple[int, str | None]]:
    """The answers, sorted."""
    start = Barrier(len(commands))

    def give(command: Callable[[], Any]) -> tuple[int, str | None]:
        start.wait(timeout=30)
        answer = command()
        return answer.status_code, answer.json().get("code")

    with ThreadPoolExecutor(len(commands)) as threads:
        return sorted(threads.map(give, commands), key=repr)


class Free:
    """A person with an ID number who left A on 2018-02-01, and two more households."""

    def __init__(self, village: Village) -> None:
        self.number = unused_resident_id()
        people = [member_body("head"), member_body("child", id_number=self.number)]
        self.a = village.household("2017-01-10", members=people)
        self.others: Sequence[str] = [village.household("2017-01-10", members=[member_body("head")]) for _ in range(2)]
        self.person = member_ids(village.cadre, self.a)[1]
        village.leave(self.a, self.person, "2018-02-01")


ROUND = pytest.mark.parametrize("attempt", range(6))


@ROUND
def test_of_two_households_that_a_person_joins_at_once_one_has_them(village: Village, attempt: int) -> None:
    free = Free(village)
    joins = [
        partial(village.join, household, free.person, free.number, on)
        for household, on in zip(free.others, ("2018-03-01", "2018-04-01"), strict=True)
    ]
    assert at_once(*joins) == ANSWERS
    assert village.totals(TODAY) == {"candidate": (3, 4)}


@ROUND
def test_of_a_joining_and_an_annulled_leaving_at_once_one_counts(village: Village, attempt: int) -> None:
    free = Free(village)
    leaving = act_of(village.cadre, free.a, "MemberLeft")
    joining = partial(village.join, free.others[0], free.person, free.number, "2018-03-01")
    assert at_once(joining, partial(annul, village.cadre, free.a, leaving)) == ANSWERS
    assert village.totals(TODAY) == {"candidate": (3, 4)}


@ROUND
def test_of_two_restorations_at_once_that_would_hold_one_person_one_counts(village: Village, attempt: int) -> None:
    free = Free(village)
    restorations = []
    for household in free.others:
        done(village.join(household, free.person, free.number, "2018-03-01"))
        done(annul(village.cadre, household, act_of(village.cadre, household, "MemberJoined")))
        annulment = act_of(village.cadre, household, "FactsAnnulled")
        restorations.append(partial(annul, village.cadre, household, annulment))
    assert at_once(*restorations) == ANSWERS
    assert village.totals(TODAY) == {"candidate": (3, 4)}
