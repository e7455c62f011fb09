"""A village group, and when it was screened. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.screenings import GroupDelisted, GroupFact, GroupKind, GroupListed, GroupScreened
from services.casework.calendars.periods import Period
from services.casework.duties.history import Fulfilment, Obligation

PREFIX = "village-group-"
NAMESPACE = UUID("b1a4c0d6-5b7e-5d0e-8f0b-0c9b7c0e4a21")
SCREENED = GroupScreened.type_name
GROUP_TYPES = frozenset(kind.type_name for kind in GroupFact.__subclasses__())


@dataclass(frozen=True, slots=True)
class Screening:
    """``fact_id``: of the fact that says it."""

    fact_id: str
    fact: GroupScreened


@dataclass(frozen=True, slots=True)
class VillageGroup:
    """``begins``: the later of the day since which it is listed and the day on which that was entered; ``until``: the first day without
    it; ``cause``: id of the fact that listed it."""

    group_id: UUID
    division: str
    name: str
    kind: GroupKind
    since: date
    begins: date
    cause: str
    until: date | None = None
    screenings: Sequence[Screening] = ()

    def is_listed_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def screened_in(self, round_: Period) -> Screening | None:
        return next((s for s in self.screenings if round_.start <= s.fact.effective_on <= round_.end), None)

    @property
    def obligation(self) -> Obligation:
        return Obligation(None, self.since, self.begins, self.until, self.cause)

    @property
    def fulfilments(self) -> Sequence[Fulfilment]:
        return [
            Fulfilment(s.fact_id, SCREENED, s.fact.effective_on, s.fact.effective_on, s.fact.entered_by)
            for s in self.screenings
        ]


def group_id_of(division: str, name: str) -> UUID:
    return uuid5(NAMESPACE, f"{division} {name}")


def stream_of(group_id: UUID) -> str:
    return f"{PREFIX}{group_id}"


def fold(timeline: Iterable[Recorded]) -> VillageGroup | None:
    """The group at the end of its timeline, or ``None`` while it is not listed."""
    state: VillageGroup | None = None
    for recorded in timeline:
        fact = recorded.fact
        match fact:
            case GroupListed():
                begins = max(fact.effective_on, civil_day(recorded.recorded_at))
                state = VillageGroup(
                    fact.group_id, fact.division, fact.name, fact.kind, fact.effective_on, begins, recorded.id
                )
            case GroupScreened() if state is not None:
                state = replace(state, screenings=(*state.screenings, Screening(recorded.id, fact)))
            case GroupDelisted() if state is not None:
                state = replace(state, until=fact.effective_on)
    return state
