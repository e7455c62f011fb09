"""Histories that Hypothesis writes: wishes of officials, in any order of days, about a handful of households.

A wish is only numbers; what it comes to is decided where it is carried out, by the domain itself. One that a rule
refuses leaves nothing behind, so every history that results is one the registry would really hold.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid5

from hypothesis import strategies as st

from contracts.facts import Fact, HouseholdFact, Precision, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from services.chassis.ground.refusals import Refused
from services.registry.households import domain
from services.registry.households.acts import annul_acts
from services.registry.households.rules import DECIDED_BY_PROCEDURE

LONG = os.environ.get("LIKA_FAULTS") == "long"
"""Many more histories, new ones each time; otherwise few, and always the same."""

SPACE = UUID("7d9a1f3e-3c55-4a0e-9d56-0d7f0c1f5b01")
NAME: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")
VILLAGES = ("001", "002", "003")
REACH = 400
"""Days into the past that a wish may reach; more than any history takes to be written."""


@dataclass(frozen=True)
class Wish:
    """``home``, ``who`` and ``pick`` choose among what there is; ``ago`` in days (-1 is tomorrow); then time passes."""

    kind: str
    home: int
    who: int
    pick: int
    ago: int
    precision: Precision
    wait: timedelta


class Page(Protocol):
    """The register as one command sees it."""

    @property
    def today(self) -> date: ...

    def load(self, home: UUID) -> Sequence[Recorded]: ...

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        """Raises ``Refused``."""


@dataclass
class Township:
    """The households of one history. Its number keeps it apart from others in the same database."""

    number: int
    homes: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"99{self.number:07}"

    def carry_out(self, wish: Wish, page: Page) -> bool:
        """Whether the wish was granted."""
        homes, people = len(self.homes), len(self.people)
        try:
            KINDS[wish.kind](self, wish, page)
        except Refused:
            del self.homes[homes:], self.people[people:]
            return False
        return True

    def home(self, wish: Wish) -> UUID:
        return self.homes[wish.home % len(self.homes)]

    def village(self, number: int) -> str:
        return self.prefix + VILLAGES[number % len(VILLAGES)]

    def new_home(self) -> UUID:
        self.homes.append(uuid5(SPACE, f"{self.number}/home/{len(self.homes)}"))
        return self.homes[-1]

    def new_person(self, relation: h.Relation) -> h.Member:
        self.people.append(uuid5(SPACE, f"{self.number}/person/{len(self.people)}"))
        return member(self.people[-1], relation)


def member(who: UUID, relation: h.Relation = h.Relation.OTHER) -> h.Member:
    return h.Member(person_id=who, name=NAME, sex=h.Sex.FEMALE, birth_year=1970, relation=relation)


def _about(home: UUID, wish: Wish, page: Page) -> dict[str, Any]:
    on = page.today - timedelta(days=wish.ago)
    if wish.precision is not Precision.DAY:
        on = on.replace(day=1)
    if wish.precision is Precision.YEAR:
        on = on.replace(month=1)
    return {"household_id": home, "effective_on": on, "precision": wish.precision, "entered_by": "cadre"}


def _picked(found: Sequence[UUID], number: int) -> UUID:
    return found[number % len(found)] if found else SPACE


def _members(home: UUID, page: Page) -> list[UUID]:
    return list(domain.current_state(page.load(home), page.load).members)


def take_down(of: Township, wish: Wish, page: Page) -> None:
    relations = (h.Relation.HEAD, h.Relation.SPOUSE, h.Relation.CHILD, h.Relation.PARENT)
    home, village = of.new_home(), of.village(wish.pick)
    people = tuple(of.new_person(r) for r in relations[: 1 + wish.who % 4])
    fact = h.HouseholdRecorded(**_about(home, wish, page), division=village, members=people, national_no=str(home)[:8])
    page.save({home: domain.record(page.load(home), [fact], page.today, page.load)})


def join(of: Township, wish: Wish, page: Page) -> None:
    """A new person, or every other time somebody whom the township knows."""
    home = of.home(wish)
    who = member(_picked(of.people, wish.pick)) if wish.who % 2 else of.new_person(h.Relation.OTHER)
    fact = h.MemberJoined(**_about(home, wish, page), member=who, reason=h.JoinReason.OVERLOOKED)
    page.save({home: domain.record(page.load(home), [fact], page.today, page.load)})


def _part(of: Township, wish: Wish, page: Page, make: Callable[..., h.MemberLeft | h.MemberDied]) -> None:
    home = of.home(wish)
    there = _members(home, page)
    who = _picked(there, wish.who)
    head = domain.current_state(page.load(home), page.load).head
    successor = _picked(there, wish.pick) if head is not None and head.person_id == who and len(there) > 1 else None
    fact = make(**_about(home, wish, page), person_id=who)
    page.save({home: domain.end_membership(page.load(home), fact, successor, page.today, page.load)})


def leave(of: Township, wish: Wish, page: Page) -> None:
    _part(of, wish, page, lambda **about: h.MemberLeft(**about, reason=h.LeaveReason.MARRIAGE))


def die(of: Township, wish: Wish, page: Page) -> None:
    _part(of, wish, page, h.MemberDied)


def move(of: Township, wish: Wish, page: Page) -> None:
    home = of.home(wish)
    on = _about(home, wish, page)
    here = domain.state_on(page.load(home), page.load, as_of=on["effective_on"]).division
    fact = h.HouseholdMoved(**on, from_division=here, to_division=of.village(wish.pick))
    page.save({home: domain.move(page.load(home), fact, page.today, page.load)})


def split(of: Township, wish: Wish, page: Page) -> None:
    home, new = of.home(wish), of.new_home()
    there = _members(home, page)[1:]
    going = tuple(there[: 1 + wish.pick % 2])
    order = h.HouseholdSplit(**_about(home, wish, page), new_household_id=new, person_ids=going)
    formed = h.HouseholdFormed(
        **_about(new, wish, page), split_from=home, person_ids=going, head=_picked(going, wish.who)
    )
    left, begun = domain.split(page.load(home), order, formed, page.today, page.load)
    page.save({home: left, new: begun})


def survey(of: Township, wish: Wish, page: Page) -> None:
    home, attributes = of.home(wish), list(h.Attribute)
    fact = h.HouseholdSurveyed(**_about(home, wish, page), attribute=attributes[wish.pick % len(attributes)])
    page.save({home: domain.record(page.load(home), [fact], page.today, page.load)})


def _status(make: Callable[..., HouseholdFact]) -> Callable[[Township, Wish, Page], None]:
    def change(of: Township, wish: Wish, page: Page) -> None:
        home = of.home(wish)
        page.save(
            {home: domain.change_status(page.load(home), make(**_about(home, wish, page)), page.today, page.load)}
        )

    return change


def annul(of: Township, wish: Wish, page: Page) -> None:
    """Any act of the household; with luck one that annuls another."""
    home = of.home(wish)
    known = page.load(home)
    # Mostly what may be void at all; the rest now and then, so that the refusals are met too.
    hard = {h.HouseholdRecorded, *DECIDED_BY_PROCEDURE}
    acts = list(dict.fromkeys(r.command_id for r in known if type(r.fact) not in hard or wish.who == 0))
    chosen = acts[len(acts) - 1 - wish.pick % len(acts) :][: 1 + wish.who % 2] if acts else [SPACE]
    fact = h.FactsAnnulled(**_about(home, wish, page), acts=tuple(chosen), reason=Personal.sealed("A256GCM.1.AAAA"))
    page.save(annul_acts(fact, known, page.today, page.load))


KINDS: dict[str, Callable[[Township, Wish, Page], None]] = {
    "take_down": take_down,
    "join": join,
    "leave": leave,
    "die": die,
    "move": move,
    "split": split,
    "survey": survey,
    "enrol": _status(lambda **about: h.HouseholdEnrolled(**about, standard=h.Standard.NATIONAL)),
    "exit": _status(lambda **about: h.HouseholdExited(**about, enjoys_policies=True)),
    "return": _status(
        lambda **about: h.HouseholdReturned(**about, cause=h.PovertyCause.ILLNESS, former_exit="registry/x/1")
    ),
    "remove": _status(lambda **about: h.HouseholdRemoved(**about, reason="never_qualified")),
    "annul": annul,
}
# Rare in life and soon the end of the story; the others come oftener.
_OFTEN = [kind for kind in KINDS if kind not in ("remove", "die")] * 3 + ["annul"] * 4 + ["enrol", "exit", "return"] * 2
_WAITS = [timedelta(0), timedelta(0), timedelta(seconds=1), timedelta(hours=5), timedelta(days=1), timedelta(days=9)]


def _wish(kinds: Sequence[str]) -> st.SearchStrategy[Wish]:
    few = st.integers(0, 11)
    return st.builds(
        Wish,
        kind=st.sampled_from(kinds),
        home=few,
        who=few,
        pick=few,
        ago=st.one_of(st.integers(-1, 12), st.integers(0, REACH)),
        precision=st.sampled_from([*[Precision.DAY] * 6, Precision.MONTH, Precision.YEAR]),
        wait=st.sampled_from(_WAITS),
    )


def wishes(most: int = 30) -> st.SearchStrategy[list[Wish]]:
    """A household to begin with, far enough back for late facts, then anything."""
    first = Wish("take_down", 0, 2, 0, REACH, Precision.DAY, timedelta(0))
    enrolled = Wish("enrol", 0, 0, 0, REACH // 2, Precision.DAY, timedelta(days=1))
    later = st.lists(_wish([*_OFTEN, "remove", "die"]), min_size=most // 3, max_size=most)
    return later.map(lambda more: [first, enrolled, *more])
