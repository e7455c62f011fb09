"""Pairing and education aid of a simulated province: assistance accepts each command, and would conclude nothing more
when it is started on these logs."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR, TIMER
from contracts.assistance import aid as facts
from contracts.assistance import pairing as pairing_facts
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit, MemberJoined
from contracts.selection import parent_of, surviving, timeline
from services.assistance.aid import commands as c
from services.assistance.aid.derived_facts import DERIVED_FACTS, derive_facts
from services.assistance.aid.domain import DecisionContext, decide
from services.assistance.aid.state import fold
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES, person_history, state_on
from services.assistance.beneficiaries.domain import fold as fold_registry
from services.assistance.pairing import domain as pairing
from services.assistance.pairing.derived_facts import (
    PairingContext,
    assignment_as_of,
    formation_of,
    missing_facts,
    obsolete_facts,
)
from services.assistance.pairing.state import fold as fold_pairing
from services.assistance.reconciliation import diff
from tests.lika.simulation.simulated_logs import SimulatedLogs, regulations, simulated_logs

AID, PAIRING = (regulations().documents_of_assistance(key) for key in ("education_aid", "pairing"))


@cache
def followed_facts(simulation: SimulatedLogs) -> dict[UUID, list[Recorded]]:
    """What assistance follows of the register: household → facts."""
    facts_of: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in simulation.logs["registry"]:
        fact = recorded.fact
        if fact.type_name in SUBSCRIBED_TYPES and isinstance(fact, HouseholdFact):
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
        if name.startswith("education-aid-"):
            yield UUID(name.removeprefix("education-aid-")), entries


def command_of(fact: facts.AidFact) -> c.Command | None:
    """The command whose first fact this is."""
    common: dict[str, Any] = {
        "person_id": fact.person_id, "on": fact.effective_on, "by": fact.entered_by, "evidence": fact.evidence,
    }  # fmt: skip
    numbered = {**common, "number": fact.application_no}
    match fact:
        case facts.AidApplied():
            return c.Apply(**common, other_grants=fact.other_grants_per_year)
        case facts.AidAppraised():
            votes = {name: getattr(fact, name) for name in ("entitled", "present", "in_favour", "against", "abstained")}
            return c.HoldAppraisal(**numbered, **votes)
        case facts.AidNoticePosted():
            return c.PostNotice(**numbered)
        case facts.AidObjectionRaised():
            return c.RaiseObjection(**numbered)
        case facts.AidObjectionResolved():
            return c.ResolveObjection(**numbered, objection_no=fact.objection_no, upheld=fact.upheld)
        case facts.AidNoticeClosed() if fact.entered_by == TIMER:
            return c.CloseNotice(**numbered, caused_by=fact.caused_by)
        case facts.AidReviewed():
            return c.GiveReview(**numbered, passed=fact.passed)
        case facts.AidGranted():
            assert fact.decision is not None
            return c.Decide(**numbered, approved=True, decision=fact.decision)
        case facts.AidApplicationEnded(outcome=facts.AidOutcome.WITHDRAWN):
            return c.Withdraw(**numbered)
    return None


def test_assistance_given_the_same_commands_appends_the_same_facts() -> None:
    simulation, commands = simulated_logs(), 0
    for person, entries in pupils(simulation):
        known, index = list[Recorded](), 0
        while index < len(entries):
            recorded = entries[index]
            fact = recorded.fact
            expected: list[Fact] = [fact]
            if isinstance(fact, facts.AidFact) and fact.entered_by != SYSTEM_ACTOR:
                command = command_of(fact)
                assert command is not None, fact
                register = [r for r in facts_about_person(simulation, person) if r.recorded_at < recorded.recorded_at]
                pupil = state_on(person_history(person, timeline(register)), command.on)
                context = DecisionContext(pupil, regulations().assistance, civil_day(recorded.recorded_at))
                expected = decide(command, fold(timeline(known)), context)
                assert fact.decided_from is None or fact.decided_from.documents == AID
                expected[0] = msgspec.structs.replace(expected[0], decided_from=fact.decided_from)
                commands += 1
            assert [r.fact for r in entries[index : index + len(expected)]] == expected
            known += entries[index : index + len(expected)]
            index += len(expected)
    assert commands > 150


def test_what_follows_for_aid_is_what_assistance_concludes_from_the_whole_history() -> None:
    simulation = simulated_logs()
    compared = 0
    for person, entries in pupils(simulation):
        register = facts_about_person(simulation, person)
        expected = [
            f
            for case in fold(timeline(entries)).values()
            for f in derive_facts(case, register, regulations().assistance)
        ]
        standing = [r for r in surviving(entries) if isinstance(r.fact, DERIVED_FACTS)]
        assert diff(standing, expected) == ([], [])
        compared += len(standing)
    assert compared > 50


def test_pairing_given_the_same_commands_appends_the_same_facts() -> None:
    simulation, commands = simulated_logs(), 0
    for stream, entries in simulation.streams("assistance").items():
        if not stream.startswith("pairing-"):
            continue
        household = UUID(stream.removeprefix("pairing-"))
        known, index = list[Recorded](), 0
        while index < len(entries):
            recorded = entries[index]
            expected: list[Fact] = [recorded.fact]
            command = pairing_command(household, entries[index:])
            if command is not None:
                register = facts_about_household(simulation, household)
                register = [r for r in register if r.recorded_at < recorded.recorded_at]
                beneficiary = fold_registry(timeline(register, of=household, as_of=command.on)).households[household]
                before, today = fold_pairing(timeline(known)), civil_day(recorded.recorded_at)
                expected = pairing.decide(pairing.DecisionContext(command, before, beneficiary.status, today))
                commands += 1
            assert [r.fact for r in entries[index : index + len(expected)]] == expected
            known += entries[index : index + len(expected)]
            index += len(expected)
    assert commands > 300


def pairing_command(household: UUID, entries: list[Recorded]) -> pairing.Command | None:
    """The command that appended these facts; ``None`` for what no person commanded."""
    first = entries[0].fact
    if first.entered_by in (SYSTEM_ACTOR, TIMER):
        return None
    common: dict[str, Any] = {"household_id": household, "on": first.effective_on, "by": first.entered_by}
    if isinstance(first, pairing_facts.HelperReleased):
        if first.reason is not pairing_facts.ReleaseReason.HANDOVER:
            return pairing.Release(**common, reason=first.reason)
        taking_over = entries[1].fact
        assert isinstance(taking_over, pairing_facts.HelperAssigned)
        return pairing.HandOver(**common, helper=taking_over.helper, unit=taking_over.unit)
    assigned = next(r.fact for r in entries if isinstance(r.fact, pairing_facts.HelperAssigned))
    return pairing.Assign(**common, helper=assigned.helper, unit=assigned.unit)


def test_what_follows_for_helpers_is_what_assistance_concludes_from_the_whole_history() -> None:
    simulation = simulated_logs()
    streams = simulation.streams("assistance")
    today = civil_day(simulation.logs["registry"][-1].recorded_at)
    for household in followed_facts(simulation):
        register = facts_about_household(simulation, household)
        own = streams.get(pairing.stream_of(household), [])
        assert obsolete_facts(own, register, "registry") == []
        formed = formation_of(household, register)
        parent = parent_of(formed) if formed else None
        followed = None
        if formed and parent:
            followed = assignment_as_of(streams.get(pairing.stream_of(parent), []), formed.fact.effective_on)
        scene = PairingContext(
            household, surviving(own), surviving(register), followed, regulations().assistance, today
        )
        assert missing_facts(scene) == []


def test_nothing_was_refused_and_every_conclusion_says_what_it_was_decided_from() -> None:
    recorded = [r.fact for r in simulated_logs().logs["assistance"] if isinstance(r.fact, HouseholdFact)]
    concluded = [fact for fact in recorded if fact.entered_by == SYSTEM_ACTOR]
    assert not any(isinstance(fact, AssistanceReactionRefused) for fact in concluded)
    assert all(fact.decided_from is not None and fact.decided_from.documents in (AID, PAIRING) for fact in concluded)
    assert msgspec.structs.asdict(concluded[0])["caused_by"]
