"""Help and aid of a simulated life: each command is one that assistance accepts, and started on these logs assistance
would find nothing left to say."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from contracts.assistance import aid as facts
from contracts.assistance import pairing as helps
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit, MemberJoined
from contracts.selection import surviving, timeline
from services.assistance.aid import commands as c
from services.assistance.aid.derived_facts import CONSEQUENCES, consequences
from services.assistance.aid.domain import Basis, decide
from services.assistance.aid.state import fold
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES, person_history, state_on
from services.assistance.beneficiaries.domain import fold as fold_registry
from services.assistance.pairing import domain as pairing
from services.assistance.pairing.derived_facts import Scene, helper_on, void
from services.assistance.pairing.derived_facts import consequences as pairing_consequences
from services.assistance.pairing.state import fold as fold_pairing
from services.assistance.reconciliation import BY, difference
from tests.lika.simulation.story import Story, law, story

TIMER = "timer"


@cache
def about_households(told: Story) -> dict[UUID, list[Recorded]]:
    """What assistance keeps of the register: household → facts."""
    found: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in told.logs["registry"]:
        fact = recorded.fact
        if fact.type_name in SUBSCRIBED_TYPES and isinstance(fact, HouseholdFact):
            found[fact.household_id].append(recorded)
    return dict(found)


@cache
def homes_of(told: Story) -> dict[UUID, list[UUID]]:
    """Person → the households they were ever named in."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for household, entries in about_households(told).items():
        for recorded in entries:
            match recorded.fact:
                case HouseholdRecorded(members=members) | HouseholdFormed(members=members):
                    named = [m.person_id for m in members]
                case MemberJoined(member=member):
                    named = [member.person_id]
                case HouseholdSplit(person_ids=persons):
                    named = list(persons)
                case _:
                    named = []
            for person in named:
                if household not in found[person]:
                    found[person].append(household)
    return dict(found)


def about_person(told: Story, person: UUID) -> list[Recorded]:
    return [r for home in homes_of(told)[person] for r in about_households(told)[home]]


def pupils(told: Story) -> Iterator[tuple[UUID, list[Recorded]]]:
    for name, entries in told.streams("assistance").items():
        if name.startswith("education-aid-"):
            yield UUID(name.removeprefix("education-aid-")), entries


def command_of(fact: facts.AidFact) -> c.Command | None:
    """The command that leaves this fact as its first."""
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


def test_assistance_given_the_same_orders_leaves_the_same_facts() -> None:
    told, asked = story(), 0
    for person, entries in pupils(told):
        known, place = list[Recorded](), 0
        while place < len(entries):
            recorded = entries[place]
            fact = recorded.fact
            wanted: list[Fact] = [fact]
            if isinstance(fact, facts.AidFact) and fact.entered_by != BY:
                order = command_of(fact)
                assert order is not None, fact
                register = [r for r in about_person(told, person) if r.recorded_at < recorded.recorded_at]
                pupil = state_on(person_history(person, timeline(register)), order.on)
                basis = Basis(pupil, law().assistance, civil_day(recorded.recorded_at), fact.decided_from)
                wanted = decide(order, fold(timeline(known)), basis)
                asked += 1
            assert [r.fact for r in entries[place : place + len(wanted)]] == wanted
            known += entries[place : place + len(wanted)]
            place += len(wanted)
    assert asked > 150


def test_what_follows_for_aid_is_what_assistance_concludes_from_the_whole_history() -> None:
    told = story()
    stood = 0
    for person, entries in pupils(told):
        register = about_person(told, person)
        wanted = [
            f for case in fold(timeline(entries)).values() for f in consequences(case, register, law().assistance)
        ]
        standing = [r for r in surviving(entries) if isinstance(r.fact, CONSEQUENCES)]
        assert difference(standing, wanted) == ([], [])
        stood += len(standing)
    assert stood > 50


def test_pairing_given_the_same_orders_leaves_the_same_facts() -> None:
    told, asked = story(), 0
    for stream, entries in told.streams("assistance").items():
        if not stream.startswith("pairing-"):
            continue
        household = UUID(stream.removeprefix("pairing-"))
        known, place = list[Recorded](), 0
        while place < len(entries):
            recorded = entries[place]
            wanted: list[Fact] = [recorded.fact]
            order = pairing_order(household, entries[place:])
            if order is not None:
                register = [r for r in about_households(told)[household] if r.recorded_at < recorded.recorded_at]
                house = fold_registry(timeline(register, as_of=order.on)).households[household]
                basis = pairing.Basis(house.status, civil_day(recorded.recorded_at))
                wanted = pairing.decide(order, fold_pairing(timeline(known)), basis)
                asked += 1
            assert [r.fact for r in entries[place : place + len(wanted)]] == wanted
            known += entries[place : place + len(wanted)]
            place += len(wanted)
    assert asked > 300


def pairing_order(household: UUID, entries: list[Recorded]) -> pairing.Command | None:
    """The order that left these facts; ``None`` for what nobody ordered."""
    first = entries[0].fact
    if first.entered_by in (BY, TIMER):
        return None
    common: dict[str, Any] = {"household_id": household, "on": first.effective_on, "by": first.entered_by}
    if isinstance(first, helps.HelperReleased):
        if first.reason is not helps.ReleaseReason.HANDOVER:
            return pairing.Release(**common, reason=first.reason)
        taking_over = entries[1].fact
        assert isinstance(taking_over, helps.HelperAssigned)
        return pairing.HandOver(**common, helper=taking_over.helper, unit=taking_over.unit)
    assigned = next(r.fact for r in entries if isinstance(r.fact, helps.HelperAssigned))
    return pairing.Assign(**common, helper=assigned.helper, unit=assigned.unit)


def test_what_follows_for_helpers_is_what_assistance_concludes_from_the_whole_history() -> None:
    told = story()
    streams = told.streams("assistance")
    today = civil_day(told.logs["registry"][-1].recorded_at)
    for household, register in about_households(told).items():
        own = streams.get(pairing.stream_of(household), [])
        assert void(own, register, "registry") == []
        formed = next((r.fact for r in register if isinstance(r.fact, HouseholdFormed)), None)
        origin = streams.get(pairing.stream_of(formed.split_from), []) if formed else []
        followed = helper_on(origin, formed.effective_on) if formed else None
        scene = Scene(household, surviving(own), surviving(register), followed, law().assistance, today)
        assert pairing_consequences(scene) == []


def test_nothing_was_refused_and_every_conclusion_says_what_it_was_decided_from() -> None:
    concluded = [r.fact for r in story().logs["assistance"] if r.fact.entered_by == BY]
    assert not any(isinstance(fact, AssistanceReactionRefused) for fact in concluded)
    digest = law().assistance.digest
    assert all(fact.decided_from is not None and fact.decided_from.parameters == digest for fact in concluded)
    assert msgspec.structs.asdict(concluded[0])["caused_by"]
