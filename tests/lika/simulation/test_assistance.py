"""Pairing and education aid of a simulated province: assistance accepts each command, and would conclude nothing more
when it is started on these logs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR, TIMER
from contracts.assistance import entitlements as facts
from contracts.assistance.employment import WorkerDied
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.loans import HouseholdLoanFact
from contracts.assistance.pairs import HouseholdPairFormed, PairEnded, PairEndReason
from contracts.assistance.training import TraineeDied
from contracts.casework.cases import CaseOpened, CaseOutcome
from contracts.casework.documents import DocumentProposed
from contracts.casework.duties import DutyMissed
from contracts.civil import civil_day
from contracts.facts import DecidedFrom, Fact, HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.members import MemberJoined
from contracts.selection import parent_of, surviving, timeline
from lika.simulation.regulations import EDUCATION_AID
from services.assistance.entitlements.derived_facts import DERIVED_FACTS, derive_facts, of_person
from services.assistance.entitlements.domain import NOT_RECEIVING, RECEIVING, Terms, Unit, apply, grant, stream_of
from services.assistance.entitlements.state import fold
from services.assistance.entitlements.units import unit_on
from services.assistance.pairs import domain as pairs
from services.assistance.pairs.document import pair_kind_from
from services.assistance.pairs.register import DERIVED_FACTS as DERIVED_OF_PAIRS
from services.assistance.pairs.register import RegisterContext
from services.assistance.pairs.register import derive_facts as derive_for_helpers
from services.assistance.pairs.register_duties import IN_REGISTER, RegisterRecord, village_history
from services.assistance.pairs.register_store import pairs_as_of
from services.assistance.pairs.state import Helped, Pair, helped
from services.assistance.pairs.streams import following, following_stream
from services.assistance.programmes.lookup import Programmes
from services.assistance.reconciliation import diff
from services.assistance.registrations import registrations
from services.casework.calendars.periods import Period
from services.casework.duties.domain import identity_of, owed
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.store import stream_of as duties_stream
from services.casework.people.domain import FOLLOWED_TYPES, household_on
from services.casework.people.history import formation_of
from services.casework.procedures.state import CaseState, Subject, evolve
from tests.lika.simulation.case_replay import replay
from tests.lika.simulation.simulated_logs import SimulatedLogs, regulations, simulated_logs

PROCEDURE = regulations().documents_of_case("assistance", EDUCATION_AID, "2014")
KIND = (regulations().helper_kind.id,)
AID, PAIRING = (regulations().parameters_of_assistance(key) for key in ("education_aid", "pairing"))


@cache
def followed_facts(simulation: SimulatedLogs) -> dict[UUID, list[Recorded]]:
    """What assistance follows of the register: household → facts."""
    facts_of: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in simulation.logs["registry"]:
        fact = recorded.fact
        if fact.type_name in FOLLOWED_TYPES and isinstance(fact, HouseholdFact):
            facts_of[fact.household_id].append(recorded)
    return dict(facts_of)


@cache
def households_of(simulation: SimulatedLogs) -> dict[UUID, list[UUID]]:
    """Person → the households they were ever named in."""
    households: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for household, entries in followed_facts(simulation).items():
        for recorded in entries:
            match recorded.fact:
                case HouseholdRecorded(members=members):
                    named = [m.person_id for m in members]
                case MemberJoined(member=member):
                    named = [member.person_id]
                case HouseholdFormed(person_ids=persons) | HouseholdSplit(person_ids=persons):
                    named = list(persons)
                case _:
                    named = []
            for person in named:
                if household not in households[person]:
                    households[person].append(household)
    return dict(households)


def facts_about_person(simulation: SimulatedLogs, person: UUID) -> list[Recorded]:
    """All about the households they were ever named in, and about those these started from."""
    households = dict.fromkeys(
        of for household in households_of(simulation)[person] for of in line_of(simulation, household)
    )
    return [r for household in households for r in followed_facts(simulation)[household]]


def line_of(simulation: SimulatedLogs, household: UUID) -> list[UUID]:
    """The household and its ancestors."""
    parents = [p for r in followed_facts(simulation)[household] if (p := parent_of(r)) is not None]
    return [household, *(ancestor for parent in parents for ancestor in line_of(simulation, parent))]


def facts_about_household(simulation: SimulatedLogs, household: UUID) -> list[Recorded]:
    return [r for of in line_of(simulation, household) for r in followed_facts(simulation)[of]]


def pupils(simulation: SimulatedLogs) -> Iterator[tuple[UUID, list[Recorded]]]:
    for name, entries in simulation.streams("assistance").items():
        if name.startswith("entitlements-"):
            yield UUID(name.removeprefix("entitlements-")), entries


def decided_from(step: Recorded, fact: Fact) -> DecidedFrom:
    """What aid's own part of this step says it was decided from: what is checked here is all but how far the register was
    read."""
    own, registry = fact.decided_from.logs if fact.decided_from is not None else ()
    assert (own.log, registry.log) == ("assistance", "registry")
    assert own.position == step.position - 1
    return DecidedFrom(logs=(own, registry), documents=(*PROCEDURE, *AID))


def replay_application(simulation: SimulatedLogs, entries: list[Recorded]) -> CaseState:
    """The case engine appends the case's facts, and aid its own part of the application and the grant."""
    law = Programmes(regulations().assistance)
    opened = entries[0].fact
    assert isinstance(opened, CaseOpened)
    own = simulation.streams("assistance")[stream_of(opened.subject)]
    (application,) = (
        r.fact for r in own if isinstance(r.fact, facts.EntitlementApplied) and r.fact.case_id == opened.case_id
    )

    def pupil_on(recorded: Recorded, day: date) -> Unit:
        known = [r for r in facts_about_person(simulation, opened.subject) if r.recorded_at < recorded.recorded_at]
        return unit_on(opened.subject, known, day, household=False)

    def subject_on(recorded: Recorded, day: date, state: CaseState | None) -> Subject:
        pupil = pupil_on(recorded, day).candidate.person
        aid = fold(timeline([r for r in own if r.position < recorded.position]))
        return Subject(
            id=opened.subject, household_id=pupil.household_id, area=pupil.division or "",
            standing=RECEIVING if aid.runs_on(EDUCATION_AID, day) else NOT_RECEIVING, open_case_id=state.case_id if state else None,
        )  # fmt: skip

    def took_effect(recorded: Recorded, state: CaseState, subject: Subject) -> None:
        (granted,) = (r.fact for r in own if r.fact.caused_by == recorded.id)
        pupil, by = pupil_on(recorded, recorded.fact.effective_on), recorded.fact.entered_by
        expected = grant(state, application, pupil, law, by, recorded.id)
        assert granted == msgspec.structs.replace(expected, decided_from=decided_from(recorded, granted))

    state = replay(entries, subject_on, took_effect)
    begun = evolve(None, opened)
    pupil, terms = (
        pupil_on(entries[0], opened.effective_on),
        Terms(other_grants=str(application.other_grants)),
    )
    expected = apply(begun, pupil, terms, law)
    assert application == msgspec.structs.replace(expected, decided_from=decided_from(entries[0], application))
    return state


def test_assistance_given_the_same_commands_appends_the_same_facts() -> None:
    simulation = simulated_logs()
    streams = [entries for name, entries in simulation.streams("assistance").items() if name.startswith("case-")]
    ended = [replay_application(simulation, entries) for entries in streams]
    assert len(ended) > 50
    assert {state.outcome for state in ended} >= {CaseOutcome.COMPLETED, CaseOutcome.REJECTED}


def test_what_follows_for_aid_is_what_assistance_concludes_from_the_whole_history() -> None:
    simulation = simulated_logs()
    compared = 0
    for person, entries in pupils(simulation):
        register = facts_about_person(simulation, person)
        expected = [
            f
            for granted in fold(timeline(entries)).grants.values()
            for f in derive_facts(granted, register, of_person(person), Programmes(regulations().assistance))
        ]
        standing = [r for r in surviving(entries) if isinstance(r.fact, DERIVED_FACTS)]
        assert diff(standing, expected) == ([], [])
        compared += len(standing)
    assert compared > 50


def test_pairs_given_the_same_commands_append_the_same_facts() -> None:
    """Each fact that a person told, by what was known when it was told; whoever takes over does so in the same command."""
    simulation, told = simulated_logs(), 0
    kind = regulations().helper_kind.typed(pair_kind_from)
    for stream, entries in simulation.streams("assistance").items():
        if not stream.startswith("pairing-"):
            continue
        household = UUID(stream.removeprefix("pairing-"))
        register = facts_about_household(simulation, household)
        for index, recorded in enumerate(entries):
            fact = recorded.fact
            if fact.entered_by in (SYSTEM_ACTOR, TIMER):
                continue
            then = household_on(
                [r for r in register if r.recorded_at < recorded.recorded_at], household, as_of=fact.effective_on
            )
            assert then is not None
            before, today = helped(entries[:index]), civil_day(recorded.recorded_at)
            if isinstance(fact, PairEnded):
                assert pairs.end(fact, before.pairs[fact.pair], pairs.Context(kind, Helped(), today)) == fact
                succeeds = fact.reason is PairEndReason.HANDED_OVER
                assert succeeds is (index + 1 < len(entries) and entries[index + 1].command_id == recorded.command_id)
            else:
                assert isinstance(fact, HouseholdPairFormed)
                context = pairs.Context(kind, before, today, status=then.status)
                assert following(pairs.form(fact, context, succeeds=fact.took_over_from is not None)) == fact
            told += 1
    assert told > 300


def test_what_follows_for_helpers_is_what_assistance_concludes_from_the_whole_history() -> None:
    simulation = simulated_logs()
    streams = simulation.streams("assistance")
    today = civil_day(simulation.logs["registry"][-1].recorded_at)
    for household in followed_facts(simulation):
        register = facts_about_household(simulation, household)
        own = streams.get(following_stream(household), [])
        formed = formation_of(household, register)
        parent = parent_of(formed) if formed else None
        followed: Sequence[Pair] = ()
        if formed and parent:
            followed = pairs_as_of(streams.get(following_stream(parent), []), formed)
        scene = RegisterContext(
            household, own, surviving(register), followed, lambda *_: regulations().helper_kind.typed(pair_kind_from),
            regulations().assistance, today,
        )  # fmt: skip
        derived = [
            r for r in surviving(own) if isinstance(r.fact, DERIVED_OF_PAIRS) and r.fact.entered_by == SYSTEM_ACTOR
        ]
        assert diff(derived, derive_for_helpers(scene)) == ([], [])


def test_what_was_missed_is_what_assistance_finds_missed_in_the_whole_history() -> None:
    simulation = simulated_logs()
    streams, sets = simulation.streams("assistance"), DutySets(regulations().assistance)
    ((edition, _),) = sets.duties(IN_REGISTER)
    sets.editions = (replace(edition, adopted_on=date(2014, 1, 31)),)
    today, found = civil_day(simulation.logs["registry"][-1].recorded_at), 0
    for household in followed_facts(simulation):
        recorded = timeline(streams.get(duties_stream(household), []))
        entered, stays = registrations(household, timeline(facts_about_household(simulation, household), of=household))
        if stays:
            own = list(helped(streams.get(following_stream(household), [])).pairs.values())
            history = village_history(RegisterRecord(household, entered, stays, own, "-"))
            duties = owed(history, sets, IN_REGISTER, Period(date(2014, 1, 1), today), today)
            missed = {one.identity for one in duties if one.met_by is None}
            assert {identity_of(r.fact) for r in recorded if isinstance(r.fact, DutyMissed)} == missed
            found += len(missed)
    assert found > 0


def test_nothing_was_refused_and_every_conclusion_says_what_it_was_decided_from() -> None:
    about = (HouseholdFact, HouseholdPairFormed)
    recorded = [r.fact for r in simulated_logs().logs["assistance"] if isinstance(r.fact, about)]
    concluded = [fact for fact in recorded if fact.entered_by == SYSTEM_ACTOR]
    assert not any(isinstance(fact, AssistanceReactionRefused) for fact in concluded)
    known = {r.id for r in simulated_logs().logs["assistance"] if isinstance(r.fact, DocumentProposed)}
    assert all(fact.decided_from is not None and known.issuperset(fact.decided_from.documents) for fact in concluded)
    of_aid_and_pairing = [f for f in concluded if not isinstance(f, HouseholdLoanFact | TraineeDied | WorkerDied)]
    assert all(
        f.decided_from is not None and f.decided_from.documents in (AID, PAIRING, KIND) for f in of_aid_and_pairing
    )
    assert msgspec.structs.asdict(concluded[0])["caused_by"]
