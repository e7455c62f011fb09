"""What the register holds of a true history: which true acts stand, and what stands and is not true."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry import households as h
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import HeadSucceeded, Member, MemberDied, MemberJoined, MemberLeft, Sex
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import CancelReason
from contracts.registry.surveys import HouseholdSurveyed
from contracts.selection import surviving
from services.chassis.log.store import Store
from services.registry.households.domain import stream_of
from services.registry.households.rehydration import current_state
from services.registry.households.state import Household
from tests.properties.no_dead_ends.lawful_histories import LawfulHistory
from tests.properties.true_households import Act, Kind

BORN_FIRST = 1930
"""Year of birth of person 0; nobody else is born in the same year, so a year says who it is."""


def year_of_birth(person: int) -> int:
    return BORN_FIRST + person


@dataclass
class Registered:
    """``households``: by number in the history, every id under which one was recorded, the latest last."""

    store: Store
    history: LawfulHistory
    villages: Sequence[str]
    households: dict[int, list[UUID]] = field(default_factory=dict)
    _read: dict[UUID, Sequence[Recorded]] = field(default_factory=dict)
    _read_at: int = 0

    @property
    def counties(self) -> list[str]:
        return sorted({village[:6] for village in self.villages})

    def facts(self, household: UUID) -> Sequence[Recorded]:
        """Read again whenever something was recorded."""
        if (head := self.store.position()) != self._read_at:
            self._read, self._read_at = {}, head
        if household not in self._read:
            self._read[household] = self.store.stream(stream_of(household))
        return self._read[household]

    def ids(self) -> Iterator[UUID]:
        return (id_ for of in self.households.values() for id_ in of)

    def standing(self, household: UUID) -> list[Recorded]:
        return surviving(self.facts(household))

    def household(self, number: int) -> UUID | None:
        """The one of which something stands, the latest where there are several; ``None`` for one not on record."""
        return next(
            (id_ for id_ in reversed(self.households.get(number, [])) if self.state(id_).status is not None), None
        )

    def state(self, household: UUID) -> Household:
        return current_state(self.facts(household), self.facts)

    def village(self, household: UUID) -> str | None:
        """Where it lives by what is on record today."""
        return self.state(household).division or None

    def person(self, number: int) -> UUID | None:
        """The id under which the register knows somebody, ``None`` where it does not."""
        for household in self.ids():
            for recorded in self.standing(household):
                for member in members_of(recorded.fact):
                    if member.birth_year == year_of_birth(number):
                        return member.person_id
        return None

    def membership(self, person: UUID, since: str) -> Recorded | None:
        """What brought the person into a household on that day."""
        for household in self.ids():
            for recorded in self.standing(household):
                came = {m.person_id for m in members_of(recorded.fact)} | {*getattr(recorded.fact, "person_ids", ())}
                if person in came and recorded.fact.effective_on.isoformat() == since:
                    return recorded
        return None

    def standing_act(self, act: Act) -> Recorded | None:
        """The fact that records this act."""
        for household in self.households.get(act.household, []):
            for recorded in self.standing(household):
                if self._says(recorded.fact, act):
                    return recorded
        return None

    def missing_acts(self) -> list[Act]:
        """True acts that do not stand, but for what a removal that stands made void."""
        stand = {act.number for act in self.history.acts if self.standing_act(act) is not None}
        void = {act for act, removals in self.history.voided_by.items() if removals & stand}
        return [act for act in self.history.acts if act.number not in stand | void]

    def untrue(self) -> Iterator[Recorded]:
        """Facts that stand and are not true, one for each act of entering them."""
        true = {r.command_id for act in self.history.acts if (r := self.standing_act(act)) is not None}
        void = {a for a, removals in self.history.voided_by.items() if removals}
        seen = set[UUID]()
        for household in self.ids():
            standing = self.standing(household)
            own = Counter(r.command_id for r in standing)
            for recorded in standing:
                alone = isinstance(recorded.fact, HeadSucceeded) and own[recorded.command_id] == 1
                by_death = isinstance(recorded.fact, HouseholdCancelled) and recorded.fact.case_id is None
                follows = (
                    by_death
                    or not isinstance(recorded.fact, tuple(FACTS.values()))
                    or (isinstance(recorded.fact, HeadSucceeded) and not alone)
                )
                if recorded.command_id in true | seen or follows:
                    continue
                if any(self._says(recorded.fact, self.history.acts[n]) for n in void):
                    continue
                seen.add(recorded.command_id)
                yield recorded

    def wrong_identities(self) -> Iterator[tuple[UUID, int, UUID]]:
        """Household, number and id of whoever is on record as a woman, which nobody is."""
        for household in self.ids():
            standing = self.standing(household)
            mended = {r.fact.person_id for r in standing if isinstance(r.fact, PersonCorrected)}
            for member in (m for r in standing for m in members_of(r.fact)):
                if member.sex is Sex.FEMALE and member.person_id not in mended:
                    yield household, member.birth_year - BORN_FIRST, member.person_id

    def is_like(self, fact: Fact, act: Act) -> bool:
        """Whether this says the same of the same household as the act, whatever the day and the persons."""
        of_household = getattr(fact, "household_id", None) in self.households.get(act.household, [])
        return of_household and isinstance(fact, FACTS[act.kind])

    def _says(self, fact: Fact, act: Act) -> bool:
        if fact.effective_on != act.day or not self.is_like(fact, act):
            return False
        match fact:
            case h.HouseholdRecorded(division=division, members=members):
                born = {m.birth_year for m in members}
                return self.villages[act.village or 0] == division and born == {*map(year_of_birth, act.persons)}
            case MemberJoined(member=member):
                return member.birth_year == year_of_birth(act.persons[0])
            case MemberLeft(person_id=person) | MemberDied(person_id=person) | HeadSucceeded(person_id=person):
                return person == self.person(act.persons[0])
            case h.HouseholdMoved(to_division=there):
                return there == self.villages[act.village or 0]
            case HouseholdSurveyed(attribute=attribute):
                return attribute == act.attribute
            case HouseholdCancelled(reason=reason, merged_into=there):
                into = self.households.get(-1 if act.merged_into is None else act.merged_into, [])
                return there in into if act.kind is Kind.MERGE else reason is CancelReason.LOST
            case h.HouseholdSplit(person_ids=persons) | HouseholdReinstated(person_ids=persons):
                return {*persons} == {self.person(p) for p in act.persons}
        return True


FACTS: dict[Kind, type[Fact]] = {
    Kind.RECORD: h.HouseholdRecorded, Kind.JOIN: MemberJoined, Kind.LEAVE: MemberLeft, Kind.DIE: MemberDied,
    Kind.MOVE: h.HouseholdMoved, Kind.SURVEY: HouseholdSurveyed, Kind.SPLIT: h.HouseholdSplit, Kind.HEAD: HeadSucceeded,
    Kind.ENROL: HouseholdEnrolled, Kind.EXIT: HouseholdExited, Kind.RETURN: HouseholdReturned,
    Kind.REMOVE: HouseholdRemoved, Kind.END: HouseholdCancelled, Kind.MERGE: HouseholdCancelled,
    Kind.REINSTATE: HouseholdReinstated,
}  # fmt: skip


def members_of(fact: Fact) -> tuple[Member, ...]:
    """Whom this brings onto the register, or back to it."""
    if isinstance(fact, h.HouseholdRecorded):
        return fact.members
    return (fact.member,) if isinstance(fact, MemberJoined) else ()
