"""The work of somebody of a followed family: each entry is what ``services.assistance.employment`` decides about it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.assistance import employment as facts
from contracts.assistance.employment import EmploymentFact, JobPlaced
from contracts.facts import Evidence
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.families import Family
from lika.simulation.ids import deterministic_id
from lika.simulation.labour_desk import LabourDesk
from lika.simulation.unit import SimulatedUnit
from services.assistance.employment import domain
from services.assistance.employment.deaths import reconcile_work
from services.assistance.employment.kinds import PostKind, kind_in_force
from services.assistance.employment.store import household_of, settle
from services.assistance.employment.work import Placement, Work, contradictions, work_of
from services.assistance.training.course import course_of
from services.assistance.training.domain import stream_of as course_stream_of
from services.casework.contradictions import append_fitting
from services.casework.people.domain import person_on
from services.casework.people.homes import homes_of
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused
from services.chassis.log.periods import OPEN_END, Period


def offer_jobs(
    context: SimulationContext, desk: LabourDesk, day: date, post_kind: str, employer: str, places: int, **more: Any
) -> UUID:
    desk.offers += 1
    offer = deterministic_id(context.digest, "offer", desk.township.index, desk.offers)
    fact = facts.JobOffered(
        offer_id=offer, effective_on=day, entered_by=desk.clerk, post_kind=post_kind, division=desk.township.code,
        employer=employer, places=places, **more,
    )  # fmt: skip
    desk.memory.stream(domain.offer_stream_of(offer)).append(fact)
    return offer


class SimulatedWorker:
    """One person's work, all of it."""

    def __init__(self, context: SimulationContext, desk: LabourDesk, family: Family, person_id: UUID) -> None:
        self._context, self._desk, self._family, self.person_id = context, desk, family, person_id
        self._stream = domain.stream_of(person_id)

    @property
    def work(self) -> Work:
        return work_of(timeline(self._desk.memory.known(self._stream)))

    def match(self, day: date, offer: UUID) -> bool:
        """Returns whether the person could be proposed on that day."""
        return self._enters(day, lambda common: facts.JobMatched(**common, offer_id=offer))

    def place(
        self, day: date, post_kind: str, employer: str, evidence: tuple[Evidence, ...] = (), **more: Any
    ) -> UUID | None:
        """``None`` where the post is not for that person on that day, or there is none any more."""
        self._desk.placements += 1
        desk, first = self._desk, self._stream not in self._desk.memory.streams
        id_ = deterministic_id(self._context.digest, "placement", desk.township.index, desk.placements)

        def placed(common: dict[str, Any]) -> JobPlaced:
            person = self._person(day)
            division = domain.require_division(person)
            kind = domain.require_kind(self._kind(post_kind, day, division), post_kind)
            return JobPlaced(
                **common, placement_id=id_, post_kind=post_kind, employer=employer, division=division, sex=person.sex,
                full_time=kind.full_time, public_post=kind.public_post, **more,
            )  # fmt: skip

        if not self._enters(day, placed, evidence):
            return None
        if first:
            self._family.followers.append(self.follow)
        return id_

    def tell(self, day: date, kind: type[Any], placement: UUID, **told: Any) -> bool:
        """A fact about one placement that asks for no more than the person's work."""
        return self._enters(day, lambda common: kind(placement_id=placement, **told, **common))

    def follow(self) -> None:
        """What follows from a death or a move that the register has learned of."""
        unit = SimulatedUnit(self._desk.memory)
        lookup = self._context.regulations.looked_up_by(ASSISTANCE)
        reconcile_work(unit.tx, self.person_id, self._family.about_person(self.person_id), lookup)
        unit.finish()

    def _enters(self, day: date, decide: Any, evidence: tuple[Evidence, ...] = ()) -> bool:
        unit, before = SimulatedUnit(self._desk.memory), self.work
        about = self._family.about_person(self.person_id)
        try:
            common = {
                "household_id": household_of(self._person(day), before), "person_id": self.person_id,
                "effective_on": day, "entered_by": self._desk.clerk, "evidence": evidence,
            }  # fmt: skip
            fact: EmploymentFact = decide(common)
            if isinstance(fact, JobPlaced):
                self._require_placeable(unit, fact)
            append_fitting(unit.tx, self._stream, [fact], contradictions)
        except Refused:
            return False
        settle(unit.tx, before, work_of(timeline(unit.load(self._stream))), about)
        unit.finish()
        return True

    def _require_placeable(self, unit: SimulatedUnit, fact: JobPlaced) -> None:
        kind = domain.require_kind(self._kind(fact.post_kind, fact.effective_on, fact.division), fact.post_kind)
        domain.require_eligible(kind, self._person(fact.effective_on), fact)
        domain.require_term(kind, fact)
        if fact.course_id is not None:
            told = timeline(unit.load(course_stream_of(fact.course_id)), as_of=fact.effective_on)
            domain.require_certified(course_of(told), fact)
        last = Placement(fact).last_day
        wanted = Period(fact.effective_on, OPEN_END if last is None else last + timedelta(days=1))
        if fact.offer_id is not None:
            offer = domain.offer_on(timeline(unit.load(domain.offer_stream_of(fact.offer_id))), fact.effective_on)
            domain.require_place(offer, fact, wanted, unit.periods_of([fact.offer_id])[fact.offer_id])
        for home, there in domain.at_home(wanted, homes_of(self._family.about_person(self.person_id), self.person_id)):
            posts = domain.posts_of(home)
            domain.require_one_per_household(kind, there, unit.periods_of([posts])[posts])

    def _kind(self, key: str, day: date, division: str) -> PostKind | None:
        return kind_in_force(self._context.regulations.looked_up_by(ASSISTANCE), key, day, division)

    def _person(self, day: date) -> PersonState:
        return person_on(self._family.about_person(self.person_id), self.person_id, as_of=day)
