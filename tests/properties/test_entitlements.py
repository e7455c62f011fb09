"""Whatever order register facts, grants, suspensions and annulments are learned in: what follows is what follows from all of them,
live equals rebuilt, and what was due as known at any moment stays what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.assistance import entitlements as facts
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.selection import known, surviving, timeline
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.entitlements.derived_facts import DERIVED_FACTS, derive_facts_of_all, of_person
from services.assistance.entitlements.due import DueLine
from services.assistance.entitlements.reckoning import Reckoner
from services.assistance.entitlements.state import fold
from services.assistance.entitlements.store import reconcile_entitlements, view
from services.assistance.programmes.lookup import Programmes
from services.assistance.reconciliation import diff
from services.casework.documents.lookup import Lookup
from tests.assistance.harness import CALENDARS, VILLAGE, Family
from tests.support.first_texts import lookup_of, programme_of
from tests.support.recorded import recorded

FAMILY = Family.new()
PUPIL, OTHER = FAMILY.pupil.person_id, UUID(int=77)
STREAM = f"entitlements-{PUPIL}"
EDITIONS = (programme_of(FIRST_TEXTS, "education_aid", "99"), *CALENDARS.proposals)
KNOWN = lookup_of(*EDITIONS).known("programme")
LAW = Programmes(Lookup(lambda _: KNOWN))
PROGRAMME = LAW.in_force("education_aid", date(2014, 9, 1), VILLAGE)
START = datetime(2014, 9, 1, tzinfo=UTC)
AS_OF = date(2018, 6, 30)
CASES = (UUID(int=9), UUID(int=10))


@dataclass
class House:
    """The register's log and the unit's stream, which reacts to it as the service does. Implements what ``reconcile`` asks of a unit of
    work."""

    register: list[Recorded] = field(default_factory=list)
    own: list[Recorded] = field(default_factory=list)
    clock: int = 0
    cur: Any = None

    def load(self, stream: str) -> Sequence[Recorded]:
        return self.own

    def append(self, stream: str, *new: Fact) -> None:
        for fact in new:
            self.clock += 1
            position = len(self.own) + 1
            self.own += recorded(fact, log="assistance", stream=STREAM, start=position, at=self._at(position))

    def learn(self, fact: HouseholdFact) -> None:
        self.clock += 1
        position = len(self.register) + 1
        self.register += recorded(fact, start=position, at=self._at(position))
        self.react()

    def react(self) -> None:
        reconcile_entitlements(self, PUPIL, self.register, Lookup(lambda _: KNOWN))  # type: ignore[arg-type]

    def _at(self, position: int) -> datetime:
        """So that it is recorded an hour after whatever was recorded last in either log."""
        return START + self.clock * timedelta(hours=1) - timedelta(seconds=position - 1)


COMMON: dict[str, Any] = {
    "household_id": FAMILY.household, "unit_id": PUPIL, "programme": "education_aid", "entered_by": "decider-1",
}  # fmt: skip
DAYS = st.dates(date(2014, 6, 2), date(2017, 12, 31))


def _grant(house: House, case: UUID, day: date) -> None:
    common = {**COMMON, "case_id": case, "effective_on": day, "division": VILLAGE, "stage": SchoolStage.PRIMARY}
    if case in fold(timeline(house.own)).applications:
        return
    amount = facts.GrantedAmount(component="primary", yuan=Decimal(500), since=date(2014, 1, 1))
    house.append(STREAM, facts.EntitlementApplied(**common, other_grants=Decimal(0)))
    house.append(STREAM, facts.EntitlementGranted(**common, amounts=(amount,)))
    house.react()


def _suspend(house: House, case: UUID, day: date) -> None:
    house.append(STREAM, facts.EntitlementSuspended(**COMMON, case_id=case, effective_on=day, reason="not_reached"))
    house.react()


def _resume(house: House, case: UUID, day: date, back_pay: bool) -> None:
    house.append(STREAM, facts.EntitlementResumed(**COMMON, case_id=case, effective_on=day, back_pay=back_pay))
    house.react()


def _annul_last_decision(house: House) -> None:
    decided = (facts.EntitlementSuspended, facts.EntitlementResumed)
    last = next((r for r in reversed(surviving(house.own)) if isinstance(r.fact, decided)), None)
    if last is not None:
        house.append(
            STREAM,
            facts.EntitlementFactsAnnulled(
                household_id=FAMILY.household, unit_id=PUPIL, effective_on=last.fact.effective_on, entered_by="decider-1",
                annuls=(last.id,), reason=facts.EntitlementAnnulment.ENTERED_WRONGLY,
            ),
        )  # fmt: skip
        house.react()


def _annul_register(house: House, which: int) -> None:
    if len(house.register) > 2:
        wrong = house.register[2 + which % (len(house.register) - 2)]
        house.learn(FAMILY.annulled(str(wrong.fact.effective_on), wrong.id))


LEARNED = st.one_of(
    DAYS.map(str).map(FAMILY.exited), DAYS.map(str).map(FAMILY.returned), DAYS.map(str).map(FAMILY.removed),
    DAYS.map(str).map(FAMILY.moved), DAYS.map(str).map(FAMILY.pupil_died),
    st.builds(FAMILY.pupil_surveyed, DAYS.map(str), st.sampled_from((SchoolStage.PRIMARY, SchoolStage.JUNIOR))),
    DAYS.map(lambda day: FAMILY.split(str(day), OTHER)[0]),
)  # fmt: skip
ACTS = st.one_of(
    LEARNED.map(lambda fact: lambda house: house.learn(fact)),
    st.tuples(st.sampled_from(CASES), DAYS).map(lambda of: lambda house: _grant(house, *of)),
    st.tuples(st.sampled_from(CASES), DAYS).map(lambda of: lambda house: _suspend(house, *of)),
    st.tuples(st.sampled_from(CASES), DAYS, st.booleans()).map(lambda of: lambda house: _resume(house, *of)),
    st.just(_annul_last_decision),
    st.integers(0, 9).map(lambda which: lambda house: _annul_register(house, which)),
)


def due(own: Sequence[Recorded], known_at: datetime | None = None) -> list[DueLine]:
    unit = fold(timeline(own, known_at=known_at))
    return [
        line
        for case, grant in unit.grants.items()
        for line in Reckoner(grant, unit.applications[case], PROGRAMME, lambda *_: (), LAW.calendars).lines(AS_OF)
    ]


@settings(max_examples=120, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=12))
def test_what_is_due_follows_from_all_that_is_known_and_what_was_due_stays_what_it_was(acts: list[Any]) -> None:
    house = House()
    house.learn(FAMILY.recorded("2014-01-05"))
    house.learn(FAMILY.enrolled("2014-06-01"))
    seen: list[tuple[datetime, list[DueLine]]] = []
    for act in acts:
        act(house)
        moment = START + house.clock * timedelta(hours=1) + timedelta(minutes=1)
        seen.append((moment, due(house.own)))

    # Live equals what follows from the whole history at once, and reacting again adds nothing.
    grants = fold(timeline(house.own)).grants.values()
    expected = derive_facts_of_all(grants, house.register, of_person(PUPIL), LAW)
    standing = [r for r in surviving(house.own) if isinstance(r.fact, DERIVED_FACTS)]
    assert diff(standing, expected) == ([], [])
    before = len(house.own)
    house.react()
    assert len(house.own) == before

    # As known at each moment, what was due is what was due then; and its keys are one line's each.
    for moment, then in seen:
        assert due(house.own, moment) == then
    of_cases = [[line.key for line in due(house.own) if line.cause.startswith("assistance")]]
    assert all(len(keys) >= len({*keys}) for keys in of_cases)

    # A suspension ends only by a resumption or an annulment, whatever was re-evaluated.
    for grant in grants:
        decided = [r.fact for r in timeline(house.own) if isinstance(r.fact, facts.EntitlementFact)]
        resumed = any(isinstance(f, facts.EntitlementResumed) and f.case_id == grant.granted.case_id for f in decided)
        assert all(s.until is None or resumed for s in grant.suspensions)

    # The view is a function of the facts, told in one go or one by one.
    assert view().types >= {kind.type_name for kind in (facts.EntitlementGranted, facts.EntitlementSuspended)}
    assert fold(timeline(known(house.own))) == fold(timeline(house.own))
