"""Memberships and numbers follow the household's timeline, in the very transaction that appends to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import HeadSucceeded, MemberDied
from services.casework.procedures.store import claim_kind
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.refusals import Refused
from services.chassis.log.needs import unkeyed
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.cases.store import POVERTY_STATUS
from services.registry.households import claims, rules
from services.registry.households.domain import stream_of
from services.registry.households.memberships import IN_ANOTHER_HOUSEHOLD
from services.registry.households.pending_claims import PLACES, pending_claims_of
from services.registry.households.store import save
from tests.registry.households.example_facts import (
    FAMILY,
    TODAY,
    VILLAGE,
    decide,
    member_died,
    member_joined,
    member_left,
    person,
    recorded_household,
)
from tests.support.evidence import paper


@pytest.fixture(scope="module")
def store(module_database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("registry", module_database("registry"), SimulatedClock(datetime(2018, 1, 1, tzinfo=UTC)))
    yield opened
    opened.close()


class TwoHouseholds:
    """Two households of three, recorded for one test; facts are decided and saved as commands are."""

    def __init__(self, store: Store) -> None:
        self.store, self.here, self.there = store, uuid4(), uuid4()
        self.people = {home: [uuid4() for _ in FAMILY] for home in (self.here, self.there)}
        for home, people in self.people.items():
            members = [person(p, m.relation, m.birth_year) for p, m in zip(people, FAMILY, strict=True)]
            self.execute(recorded_household("2014-01-10", members, home))

    def execute(self, fact: HouseholdFact, successor: UUID | None = None) -> None:
        """Decide and save. Raises ``Refused``."""

        def work(tx: Tx) -> None:
            known = tx.load(stream_of(fact.household_id))
            save(tx, {fact.household_id: decide(fact, known, TODAY, successor)})

        self.store.transact(work)

    def refusal_code(self, fact: HouseholdFact) -> str:
        with pytest.raises(Refused) as refusal:
            self.execute(fact)
        return refusal.value.rule.code

    def household_of(self, who: UUID, on: date = TODAY) -> UUID | None:
        periods = self.store.transact(lambda tx: tx.periods_of([who]))[who]
        held = [home for home, of in periods.items() for p in of if p.first <= on < p.end and not p.final]
        return held[0] if held else None

    def annulment(self, household: UUID, version: int) -> h.FactsAnnulled:
        wrong = f"registry/{stream_of(household)}/{version}"
        return h.FactsAnnulled(
            household_id=household,
            effective_on=TODAY,
            entered_by="cadre",
            annuls=(wrong,),
            reason=Personal.sealed("A256GCM.1.AAAA"),
        )


@pytest.fixture
def two(store: Store) -> TwoHouseholds:
    return TwoHouseholds(store)


def everywhere(_: str) -> bool:
    return True


def of_household(household: UUID, fact: HouseholdFact) -> HouseholdFact:
    return msgspec.structs.replace(fact, household_id=household)


def test_everybody_belongs_to_the_household_they_were_recorded_in(two: TwoHouseholds) -> None:
    assert {two.household_of(p) for p in two.people[two.here]} == {two.here}


def test_nobody_belongs_to_two_households_and_whoever_left_is_free(two: TwoHouseholds) -> None:
    daughter = two.people[two.here][2]
    marries = member_joined("2015-01-02", daughter, two.there)
    assert two.refusal_code(marries) == IN_ANOTHER_HOUSEHOLD.code
    two.execute(member_left("2015-01-01", daughter, two.here))
    assert two.household_of(daughter) is None
    two.execute(marries)
    assert two.household_of(daughter) == two.there


def test_a_leaving_declared_void_takes_the_person_back(two: TwoHouseholds) -> None:
    son = two.people[two.here][2]
    two.execute(member_left("2015-01-01", son, two.here))
    two.execute(two.annulment(two.here, 2))
    assert two.household_of(son) == two.here
    two.execute(two.annulment(two.here, 3))
    assert two.household_of(son) is None


def test_a_leaving_is_not_declared_void_while_the_person_lives_elsewhere(two: TwoHouseholds) -> None:
    son = two.people[two.here][2]
    two.execute(member_left("2015-01-01", son, two.here))
    two.execute(member_joined("2015-02-01", son, two.there))
    assert two.refusal_code(two.annulment(two.here, 2)) == IN_ANOTHER_HOUSEHOLD.code
    assert two.household_of(son) == two.there
    two.execute(member_left("2015-03-01", son, two.there))
    assert two.refusal_code(two.annulment(two.here, 2)) == IN_ANOTHER_HOUSEHOLD.code
    two.execute(two.annulment(two.there, 3))
    two.execute(two.annulment(two.there, 2))
    two.execute(two.annulment(two.here, 2))
    assert two.household_of(son) == two.here


def test_the_dead_are_members_of_nothing_and_join_nowhere(two: TwoHouseholds) -> None:
    mother = two.people[two.here][1]
    two.execute(of_household(two.here, member_died("2015-01-01", mother)))
    assert two.household_of(mother) is None
    assert two.refusal_code(member_joined("2015-02-01", mother, two.there)) == rules.PERSON_DIED.code
    two.execute(two.annulment(two.here, 2))
    assert two.household_of(mother) == two.here
    two.execute(member_left("2015-01-01", mother, two.here))
    two.execute(member_joined("2015-02-01", mother, two.there))


def test_the_last_death_leaves_nobody_behind(two: TwoHouseholds) -> None:
    head, wife, child = two.people[two.here]
    two.execute(of_household(two.here, member_died("2015-01-01", head)), successor=wife)
    two.execute(of_household(two.here, member_died("2015-01-02", child)))
    last = of_household(two.here, member_died("2015-01-03", wife))
    two.execute(msgspec.structs.replace(last, evidence=paper("certificate")))
    assert [two.household_of(p) for p in (head, wife, child)] == [None, None, None]
    kinds = [type(r.fact) for r in two.store.stream(stream_of(two.here))]
    assert kinds[1:3] == [MemberDied, HeadSucceeded]
    assert kinds[-1] is HouseholdCancelled


def test_a_refused_order_changes_no_claim(two: TwoHouseholds) -> None:
    head = two.people[two.here][0]
    assert two.refusal_code(member_left("2015-01-01", head, two.here)) == rules.NO_HEAD.code
    assert two.household_of(head) == two.here


def test_an_id_number_belongs_to_one_person_for_life(two: TwoHouseholds, store: Store) -> None:
    one, other = uuid4(), uuid4()
    digests = [(1, one.bytes), (2, other.bytes)]
    store.transact(lambda tx: claims.claim_resident_ids(tx, {one: digests}, everywhere))
    store.transact(lambda tx: claims.claim_resident_ids(tx, {one: digests}, everywhere))
    store.transact(lambda tx: claims.claim_resident_ids(tx, {other: digests[1:]}, everywhere))
    held = store.transact(lambda tx: tx.holders(claims.RESIDENT_ID, digests))
    assert set(held.values()) == {one}
    assert store.transact(lambda tx: claims.holders_of_number(tx, digests)) == [one, other]


def test_who_holds_an_id_number_is_named_in_the_callers_area_only(two: TwoHouseholds, store: Store) -> None:
    holder, other, number = two.people[two.here][0], uuid4(), [(1, uuid4().bytes)]
    store.transact(lambda tx: claims.claim_resident_ids(tx, {holder: number}, everywhere))
    household = {"household_id": str(two.here), "national_no": None, "division": VILLAGE}
    with pytest.raises(Refused) as refusal:
        store.transact(lambda tx: claims.claim_resident_ids(tx, {other: number}, everywhere))
    assert refusal.value.facts == {"member": 1, "holder": str(holder), **household}
    store.transact(lambda tx: claims.claim_resident_ids(tx, {other: number}, lambda _: False))
    assert [person for person, _ in store.transact(lambda tx: pending_claims_of(tx, [holder, other]))] == [other]


def test_a_number_is_pending_for_so_many_and_its_holder_keeps_it(two: TwoHouseholds, store: Store) -> None:
    holder, number = two.people[two.here][0], [(1, uuid4().bytes)]
    waiting = [uuid4() for _ in range(PLACES)]
    for who in (holder, *waiting, *waiting):
        store.transact(lambda tx: claims.claim_resident_ids(tx, {who: number}, lambda _: False))  # noqa: B023
    assert store.transact(lambda tx: claims.holders_of_number(tx, number)) == [holder, *waiting]
    with pytest.raises(Refused) as refusal:
        store.transact(lambda tx: claims.claim_resident_ids(tx, {uuid4(): number}, lambda _: False))
    assert refusal.value.facts == {"member": 1}
    store.transact(lambda tx: claims.claim_resident_ids(tx, {holder: number}, lambda _: False))
    pending = store.transact(lambda tx: pending_claims_of(tx, [holder, *waiting]))
    assert {person for person, _ in pending} == {*waiting}  # each by two acts


def test_two_persons_of_one_form_do_not_share_an_id_number(store: Store) -> None:
    number = [(1, uuid4().bytes)]
    with pytest.raises(Refused) as refusal:
        store.transact(lambda tx: claims.claim_resident_ids(tx, {uuid4(): number, uuid4(): number}, everywhere))
    assert (refusal.value.rule, refusal.value.facts) == (claims.DUPLICATE_ID, {"member": 2, "same_number_as": 1})


def test_a_household_number_belongs_to_one_household(store: Store) -> None:
    one, number = uuid4(), [(1, uuid4().bytes)]
    store.transact(lambda tx: claims.claim_household_no(tx, number, one, everywhere))
    store.transact(lambda tx: claims.claim_household_no(tx, number, one, everywhere))
    with pytest.raises(Refused) as refusal:
        store.transact(lambda tx: claims.claim_household_no(tx, number, uuid4(), everywhere))
    assert refusal.value.rule is claims.DUPLICATE_HOUSEHOLD_NO


def test_each_kind_is_claimed_under_keys_or_under_none_as_it_says(store: Store) -> None:
    person = uuid4()
    for kind, digest in ((claims.RESIDENT_ID, unkeyed(person)), (claim_kind(POVERTY_STATUS), (1, person.bytes))):
        with pytest.raises(ValueError, match=kind):
            store.transact(lambda tx, k=kind, d=digest: claims.claim(tx, k, [d], person))  # type: ignore[misc]
