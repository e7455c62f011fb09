"""Views over the own log: right for facts that come late, and the same when built again from nothing."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import DecodeError

from contracts.canonical import encode
from contracts.facts import HouseholdFact
from contracts.registry.surveys import HouseholdSurveyed
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from services.chassis.views.view import ANNULS, view_of_streams
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import (
    FOLLOWED,
    STANDING,
    annulled,
    create_view_table,
    enrolled,
    exited,
    insert_entry,
    record,
    rows,
    status_rows,
    stream_of,
    view,
)
from tests.support.long_run import LONG


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    opened = open_store("sample")
    create_view_table(opened)
    return opened


def catch_up(store: Store, batch: int = 500) -> None:
    consumer = Consumer(store, LocalSource(store), [view()], batch=batch)
    while consumer.step():
        pass


def shown(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "SELECT household, status, since FROM standing ORDER BY household")


def test_a_fact_that_comes_late_takes_its_place_in_time(store: Store) -> None:
    household = uuid4()
    record(store, exited(household, date(2015, 12, 1)))
    catch_up(store)
    record(store, enrolled(household, date(2014, 6, 1)))
    catch_up(store)
    assert shown(store) == [(household, "HouseholdExited", date(2015, 12, 1))]
    record(store, enrolled(household, date(2016, 3, 1)))
    catch_up(store)
    assert shown(store) == [(household, "HouseholdEnrolled", date(2016, 3, 1))]


def test_an_annulment_takes_a_fact_out_again_and_annulling_that_restores_it(store: Store) -> None:
    household = uuid4()
    _, exit_ = record(store, enrolled(household), exited(household))
    (correction,) = record(store, annulled(household, exit_))
    catch_up(store)
    assert [status for _, status, _ in shown(store)] == ["HouseholdEnrolled"]
    record(store, annulled(household, correction))
    catch_up(store)
    assert [status for _, status, _ in shown(store)] == ["HouseholdExited"]


def test_a_subject_without_rows_leaves_the_table(store: Store) -> None:
    household = uuid4()
    (entry,) = record(store, enrolled(household))
    catch_up(store)
    assert len(shown(store)) == 1
    record(store, annulled(household, entry))
    catch_up(store)
    assert shown(store) == []


@pytest.mark.parametrize("seed", [1, 2] if LONG else [1])
def test_rebuilt_from_nothing_it_equals_the_live_view_and_the_fold(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    households = [UUID(int=chance.getrandbits(128), version=4) for _ in range(5)]
    said: dict[UUID, list[str]] = {h: [] for h in households}
    for _ in range(40):
        household = chance.choice(households)
        day = date(2014, 1, 1) + timedelta(chance.randrange(1500))
        choices: list[HouseholdFact] = [enrolled(household, day), exited(household, day)]
        if said[household]:
            choices.append(annulled(household, chance.choice(said[household])))
        said[household] += record(store, chance.choice(choices))
        if chance.random() < 0.3:
            catch_up(store, batch=chance.randrange(1, 5))
    catch_up(store)
    live = shown(store)
    with store.reading() as conn:
        conn.execute("DELETE FROM cursors")
        conn.execute("TRUNCATE standing")
    catch_up(store, batch=7)
    assert shown(store) == live
    folded = [row for h in sorted(households) for row in status_rows(h, store.stream(stream_of(h)))[0]]
    assert live == folded
    assert live


WITHOUT_SURVEYS = view_of_streams(
    "standing",
    (STANDING,),
    FOLLOWED | {HouseholdSurveyed.type_name},
    "household-",
    UUID,
    status_rows,
    relevant_types=FOLLOWED,
)


def surveyed(household: UUID, *annuls: str) -> HouseholdSurveyed:
    return HouseholdSurveyed(household_id=household, effective_on=date(2014, 7, 1), entered_by="cadre-1", annuls=annuls)


def test_the_bytes_of_a_fact_show_whether_it_annuls_another() -> None:
    assert ANNULS in encode(surveyed(uuid4(), "registry/household-x/1"))
    assert ANNULS not in encode(surveyed(uuid4()))
    assert ANNULS not in encode(annulled(uuid4()))


def test_what_cannot_matter_is_not_even_read_unless_it_annuls_something(store: Store) -> None:
    household = uuid4()
    insert_entry(store, stream_of(household), "HouseholdSurveyed/1", b"torn")
    (entry,) = record(store, enrolled(household))
    store.transact(lambda tx: WITHOUT_SURVEYS.refold(tx.cur, tx.log, [stream_of(household)]), appends=False)
    assert [status for _, status, _ in shown(store)] == ["HouseholdEnrolled"]
    record(store, surveyed(household, entry))
    with pytest.raises(DecodeError):
        store.transact(lambda tx: view().refold(tx.cur, tx.log, [stream_of(household)]), appends=False)
    store.transact(lambda tx: WITHOUT_SURVEYS.refold(tx.cur, tx.log, [stream_of(household)]), appends=False)
    assert shown(store) == []


def test_a_stream_that_is_named_after_nobody_is_nobodys(store: Store) -> None:
    insert_entry(store, "household-?", "HouseholdEnrolled/1", encode(enrolled(uuid4())))
    insert_entry(store, "somewhere-else", "HouseholdEnrolled/1", encode(enrolled(uuid4())))
    catch_up(store)
    assert shown(store) == []
