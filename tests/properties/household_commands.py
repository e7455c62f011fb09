"""Commands drawn by Hypothesis, about a few households of a township and with effective days in any order.

A command consists of numbers; which facts it yields is decided by the domain when it is executed. A refused command
leaves nothing behind, so every resulting history is one that the registry would really hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from contracts.facts import Precision
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.codes import DocumentKind, LabourSkill, SchoolStage
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import (
    HeadSucceeded,
    Member,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
    Relation,
    RelationToHead,
    Sex,
)
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.registry.surveys import HouseholdSurveyed
from services.chassis.ground.refusals import Refused
from services.registry.households import domain
from services.registry.households.acts import annul_acts
from services.registry.households.rehydration import current_state, state_on
from services.registry.households.rules import DECIDED_BY_PROCEDURE
from tests.properties.household_repositories import HouseholdRepository, Within
from tests.registry.households.example_facts import CERTIFICATE

NAMESPACE = UUID("7d9a1f3e-3c55-4a0e-9d56-0d7f0c1f5b01")
NAME: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")
VILLAGES = ("001", "002", "003")
MAX_DAYS_BACK = 400
"""How far a command's effective day may lie in the past; longer than any history lasts."""


@dataclass(frozen=True)
class Command:
    """``household``, ``who`` and ``pick`` select among those that exist; ``days_ago`` -1 is tomorrow; ``wait`` passes after it."""

    kind: str
    household: int
    who: int
    pick: int
    days_ago: int
    precision: Precision
    wait: timedelta


@dataclass
class Township:
    """The households of one history; its number separates it from others in the same database."""

    number: int
    household_ids: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"99{self.number:07}"

    def execute(self, command: Command, within: Within) -> bool:
        """Execute a command; False when it was refused. Its refusal passes ``within``, which undoes what was written."""
        household_ids, people = len(self.household_ids), len(self.people)
        try:
            within(partial(HANDLERS[command.kind], self, command))
        except Refused:
            del self.household_ids[household_ids:], self.people[people:]
            return False
        return True

    def household(self, command: Command) -> UUID:
        return self.household_ids[command.household % len(self.household_ids)]

    def village(self, number: int) -> str:
        return self.prefix + VILLAGES[number % len(VILLAGES)]

    def new_household(self) -> UUID:
        self.household_ids.append(uuid5(NAMESPACE, f"{self.number}/household/{len(self.household_ids)}"))
        return self.household_ids[-1]

    def new_person(self, relation: Relation) -> Member:
        self.people.append(uuid5(NAMESPACE, f"{self.number}/person/{len(self.people)}"))
        return member(self.people[-1], relation)


def member(who: UUID, relation: Relation = Relation.OTHER) -> Member:
    return Member(person_id=who, name=NAME, sex=Sex.FEMALE, birth_year=1970, relation=relation)


def about(household: UUID, command: Command, repository: HouseholdRepository) -> dict[str, Any]:
    on = repository.today - timedelta(days=command.days_ago)
    if command.precision is not Precision.DAY:
        on = on.replace(day=1)
    if command.precision is Precision.YEAR:
        on = on.replace(month=1)
    return {"household_id": household, "effective_on": on, "precision": command.precision, "entered_by": "cadre"}


def picked(found: Sequence[UUID], number: int) -> UUID:
    return found[number % len(found)] if found else NAMESPACE


def members_of(household: UUID, repository: HouseholdRepository) -> list[UUID]:
    return list(current_state(repository.load(household), repository.load).members)


def record_household(township: Township, command: Command, repository: HouseholdRepository) -> None:
    relations = (Relation.HEAD, Relation.SPOUSE, Relation.CHILD, Relation.PARENT)
    household, village = township.new_household(), township.village(command.pick)
    people = tuple(township.new_person(r) for r in relations[: 1 + command.who % 4])
    fact = h.HouseholdRecorded(
        **about(household, command, repository), division=village, members=people, national_no=str(household)[:8]
    )
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def join(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """A new person joins, or in every other command an existing one."""
    household = township.household(command)
    who = member(picked(township.people, command.pick)) if command.who % 2 else township.new_person(Relation.OTHER)
    fact = MemberJoined(**about(household, command, repository), member=who, reason=JoinReason.OVERLOOKED)
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def _remove_member(
    township: Township,
    command: Command,
    repository: HouseholdRepository,
    make: Callable[..., MemberLeft | MemberDied],
) -> None:
    household = township.household(command)
    members = members_of(household, repository)
    who = picked(members, command.who)
    head = current_state(repository.load(household), repository.load).head
    successor = (
        picked(members, command.pick) if head is not None and head.person_id == who and len(members) > 1 else None
    )
    fact = make(**about(household, command, repository), person_id=who)
    repository.save(
        {
            household: domain.end_membership(
                repository.load(household),
                fact,
                successor,
                repository.today,
                repository.load,
                () if successor is None else _to_head(household, repository, command.pick),
            )
        }
    )


def leave(township: Township, command: Command, repository: HouseholdRepository) -> None:
    _remove_member(township, command, repository, lambda **about: MemberLeft(**about, reason=LeaveReason.MARRIAGE))


def marry(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """A member leaves and joins another household on the same day."""
    leave(township, command, repository)
    household, other = township.household(command), township.household_ids[command.pick % len(township.household_ids)]
    gone = [r.fact for r in repository.load(household) if isinstance(r.fact, MemberLeft)][-1]
    fact = MemberJoined(**about(other, command, repository), member=member(gone.person_id), reason=JoinReason.MARRIAGE)
    repository.save({other: domain.record(repository.load(other), [fact], repository.today, repository.load)})


def die(township: Township, command: Command, repository: HouseholdRepository) -> None:
    _remove_member(township, command, repository, lambda **about: MemberDied(**about, evidence=(CERTIFICATE,)))


def _to_head(household: UUID, repository: HouseholdRepository, picked: int) -> tuple[RelationToHead, ...]:
    """Of every member, as drawn."""
    relations = [r for r in Relation if r is not Relation.HEAD]
    return tuple(
        RelationToHead(person_id=p, relation=relations[(picked + n) % len(relations)])
        for n, p in enumerate(members_of(household, repository))
    )


def change_head(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household = township.household(command)
    fact = HeadSucceeded(
        **about(household, command, repository), person_id=picked(members_of(household, repository), command.who),
        relations=_to_head(household, repository, command.pick),
    )  # fmt: skip
    repository.save(
        {household: domain.change_head(repository.load(household), fact, repository.today, repository.load)}
    )


def correct_person(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """Of each field every other time nothing is said."""
    household = township.household(command)
    fact = PersonCorrected(
        **about(household, command, repository), person_id=picked(members_of(household, repository), command.who),
        case_id=NAMESPACE, households=(household,), sex=Sex.MALE if command.pick % 2 else None,
        birth_year=1960 + command.pick if command.pick % 3 else None,
        relation=Relation.PARENT if command.who % 2 else None,
        document_kind=DocumentKind.PASSPORT if command.pick % 4 == 0 else None,
        id_number=NAME if command.pick % 4 == 0 else None,
    )  # fmt: skip
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def move(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household = township.household(command)
    on = about(household, command, repository)
    here = state_on(repository.load(household), repository.load, as_of=on["effective_on"]).division
    fact = h.HouseholdMoved(**on, from_division=here, to_division=township.village(command.pick))
    repository.save({household: domain.move(repository.load(household), fact, repository.today, repository.load)})


def split(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household, new = township.household(command), township.new_household()
    members = members_of(household, repository)[1:]
    going = tuple(members[: 1 + command.pick % 2])
    splitting = h.HouseholdSplit(**about(household, command, repository), new_household_id=new, person_ids=going)
    formed = h.HouseholdFormed(
        **about(new, command, repository),
        split_from=household,
        person_ids=going,
        head=picked(going, command.who),
        relations=_to_head(household, repository, command.pick),
    )
    left, begun = domain.split(repository.load(household), splitting, formed, repository.today, repository.load)
    repository.save({household: left, new: begun})


def survey(township: Township, command: Command, repository: HouseholdRepository) -> None:
    household, attributes = township.household(command), list(h.Attribute)
    fact = HouseholdSurveyed(
        **about(household, command, repository), attribute=attributes[command.pick % len(attributes)]
    )
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def survey_member(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """Of each question every other time nothing is asked."""
    household = township.household(command)
    stages, skills = list(SchoolStage), list(LabourSkill)
    fact = MemberSurveyed(
        **about(household, command, repository),
        person_id=picked(members_of(household, repository), command.who),
        school_stage=stages[command.pick % len(stages)] if command.who % 2 else None,
        boarder=command.pick % 2 == 0 if command.pick % 3 else None,
        disability_level=1 + command.pick % 4 if command.pick % 2 else None,
        labour_skill=skills[command.pick % len(skills)] if command.who % 3 else None,
    )
    repository.save({household: domain.record(repository.load(household), [fact], repository.today, repository.load)})


def annul(township: Township, command: Command, repository: HouseholdRepository) -> None:
    """Annul any acts of the household, annulments included."""
    household = township.household(command)
    known = repository.load(household)
    # Mostly acts that may be annulled; now and then others, so that refusals occur as well.
    hardly_ever = {h.HouseholdRecorded, *DECIDED_BY_PROCEDURE}
    acts = list(dict.fromkeys(r.command_id for r in known if type(r.fact) not in hardly_ever or command.who == 0))
    chosen = acts[len(acts) - 1 - command.pick % len(acts) :][: 1 + command.who % 2] if acts else [NAMESPACE]
    fact = h.FactsAnnulled(
        **about(household, command, repository), acts=tuple(chosen), reason=Personal.sealed("A256GCM.1.AAAA")
    )
    repository.save(annul_acts(fact, known, repository.today, repository.load))


HANDLERS: dict[str, Callable[[Township, Command, HouseholdRepository], None]] = {
    "record": record_household,
    "join": join,
    "leave": leave,
    "marry": marry,
    "die": die,
    "move": move,
    "split": split,
    "change_head": change_head,
    "correct_person": correct_person,
    "survey": survey,
    "survey_member": survey_member,
    "annul": annul,
}
