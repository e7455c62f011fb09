"""All programmes asked of a register in one pass are answered as each of them is of each unit alone.

``LIKA_FAULTS=long`` draws many random histories; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements import evaluation
from services.assistance.entitlements.answers import EligibilityAnswer
from services.assistance.entitlements.queries import BEFORE_FIRST_PROGRAMME, EntitlementQueries
from services.assistance.entitlements.store import GRANTS
from services.assistance.entitlements.units import facts_about_units, unit_on
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.document import KIND, programme_from
from services.assistance.programmes.eligibility import assess
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate
from services.assistance.programmes.reasons import Reason
from services.casework.documents.reading import Documents
from services.casework.people import lists
from services.casework.people.state import PersonState
from services.casework.procedures.view import CASES
from services.chassis.log.unit import Tx
from tests.properties.drawn_commands import histories
from tests.properties.household_commands import Command, Township
from tests.properties.test_household_views import SETTINGS
from tests.properties.test_people import WANDERING, Follower
from tests.support.long_run import LONG

EVERY = 1_000_000
Answer = tuple[str, UUID, UUID, str, tuple[Reason, ...], int, UUID | None, UUID | None]
"""Division, household, unit, programme, reasons, priority, open application, running entitlement."""
Cases = Mapping[tuple[UUID, str], UUID]


@dataclass
class House:
    follower: Follower
    documents: Documents
    queries: EntitlementQueries


@pytest.fixture(scope="module")
def house(module_database: Callable[[str], str]) -> Iterator[House]:
    follower = Follower(module_database("registry"), module_database("assistance"))
    FIRST_TEXTS.adopt(follower.store)
    documents = Documents(follower.store, KINDS, FOLLOWED)
    yield House(follower, documents, EntitlementQueries(follower.store, documents))
    follower.close()


@settings(SETTINGS, max_examples=300 if LONG else 6)
@given(history=st.one_of(histories(), WANDERING), days_ago=st.integers(0, 200), seed=st.integers(0, 2**32))
def test_one_pass_answers_what_each_programme_answers_of_each_unit(
    house: House, history: list[Command], days_ago: int, seed: int
) -> None:
    township, rng = house.follower.execute(history), Random(seed)
    day = date.fromordinal(house.follower.registry.clock.now().date().toordinal() - days_ago)
    programmes = Programmes(house.documents.current())
    keys = programmes.of_register(day)
    units = [*township.household_ids, *township.people]
    applied, running = (drawn(rng, units, keys) for _ in range(2))
    record(house, applied, running)
    expected = each_alone(house, township, programmes, keys, day, applied, running)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(evaluation, "PORTION", rng.randint(1, 5))
        patched.setattr(lists, "CHUNK", rng.randint(1, 5))
        pages = paged(house, township, day, rng.randint(20, 60))
    assert [answer_of(found) for found in pages] == expected

    def asked(key: str | None, only: str) -> list[EligibilityAnswer]:
        where = (township.prefix, None, None)
        return house.queries.eligibility(key, where, day, BEFORE_FIRST_PROGRAMME, EVERY, only)

    for key in rng.sample(keys, 4):
        assert asked(key, "all") == [found for found in pages if found.programme == key]
    to_apply = [found for found in pages if found.to_apply]
    against = [found for found in pages if found.running_entitlement is not None and not found.eligible]
    assert (asked(None, "to_apply"), asked(None, "not_eligible")) == (to_apply, against)
    assert asked(None, "differences") == [found for found in pages if found in to_apply or found in against]


def paged(house: House, township: Township, day: date, limit: int) -> list[EligibilityAnswer]:
    found, after = list[EligibilityAnswer](), BEFORE_FIRST_PROGRAMME
    while page := house.queries.eligibility(None, (township.prefix, None, None), day, after, limit, "all"):
        found += page
        after = (page[-1].division, page[-1].household_id, page[-1].unit_id, page[-1].programme)
    return found


def answer_of(found: EligibilityAnswer) -> Answer:
    reasons = tuple(reason.code for reason in found.reasons)
    return (
        found.division, found.household_id, found.unit_id, found.programme, () if found.eligible else reasons, found.priority,
        found.open_application, found.running_entitlement,
    )  # fmt: skip


def drawn(rng: Random, units: Sequence[UUID], keys: Sequence[str]) -> Cases:
    return {
        (unit, key): uuid5(unit, f"{key}/{rng.random()}")
        for unit in units
        for key in rng.sample(keys, rng.choice([0, 0, 1, 2]))
    }


def record(house: House, applied: Cases, running: Cases) -> None:
    """Cases that wait and entitlements that run, as their views have them."""
    first = date(2014, 1, 1)
    case = dict.fromkeys(CASES.columns) | {
        "procedure": "aid", "edition": "1", "opened_on": first, "latest_on": first, "objections": 0, "returned": False, "flags": [],
    }  # fmt: skip
    grant = dict.fromkeys(GRANTS.columns) | {"division": "99", "stage": "none", "amounts": "[]", "granted_from": first}

    def work(tx: Tx) -> None:
        CASES.add(tx.cur, [
            tuple((case | {"case_id": id_, "subject": unit, "standing": key}).values()) for (unit, key), id_ in applied.items()
        ])  # fmt: skip
        GRANTS.add(tx.cur, [
            tuple((grant | {"case_id": id_, "unit_id": unit, "household_id": unit, "programme": key}).values())
            for (unit, key), id_ in running.items()
        ])  # fmt: skip

    house.follower.store.transact(work, appends=False)


def each_alone(
    house: House,
    township: Township,
    programmes: Programmes,
    keys: Sequence[str],
    day: date,
    applied: Cases,
    running: Cases,
) -> list[Answer]:
    """Every programme asked of every household and member by itself, in the order of the list."""
    found = list[Answer]()
    for household, unit, division, state in listed_today(house, township):
        is_household = unit == household
        with house.follower.store.reading() as conn, conn.cursor() as cur:
            about = facts_about_units(cur, [unit])[unit]
        receiving = frozenset(key for of, key in running if of == unit)
        listed = Candidate(state, day, receiving=receiving)
        folded = unit_on(unit, about, day, household=is_household, stated=Stated(receiving=receiving)).candidate
        for key in keys:
            first = programmes.lookup.first(KIND, key)
            assert first is not None
            of_all = first.typed(programme_from)
            is_asked = not of_all.is_of_pupils or state.stage is not SchoolStage.NONE or key in receiving
            if of_all.is_of_persons is is_household or not is_asked:
                continue
            edition = programmes.found(key, day, division)
            finding = None if edition is None else assess(edition, listed if edition.is_listed else folded)
            reasons = (Reason.NO_STANDARD_IN_FORCE,) if finding is None else finding.reasons
            priority = 0 if finding is None else finding.priority
            found.append(
                (division, household, unit, key, reasons, priority, applied.get((unit, key)), running.get((unit, key)))
            )
    return sorted(found, key=lambda answer: answer[:4])


def listed_today(house: House, township: Township) -> Iterator[tuple[UUID, UUID, str, PersonState]]:
    """Household, unit, division, and what the tables of today say of it."""
    rows = house.follower.rows(township.household_ids)
    households = {row[0]: (row[1], PovertyStatus(row[2])) for row in rows if len(row) == 3}
    for household, (division, status) in households.items():
        if status is not PovertyStatus.CANCELLED:
            yield household, household, division, PersonState(status=status)
    for household, person, present, stage, boarder in (row for row in rows if len(row) == 5):
        if present:
            division, status = households[household]
            yield household, person, division, PersonState(status=status, stage=SchoolStage(stage), boarder=boarder)
