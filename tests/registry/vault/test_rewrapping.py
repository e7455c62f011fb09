"""A key-encryption key is retired: everything is wrapped anew beside a running house, and nothing is lost on the way."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis.security.data_keys import DataKeyUnusable
from services.registry.vault.kek import KEK_MISSING, LocalKek, UnknownKek
from services.registry.vault.keys import Vault
from services.registry.vault.rewrapping import FIRST, RewrapRefused, outdated_count, outdated_keks, rewrap
from tests.support.eventually import eventually

OLD, BOTH, NEW = LocalKek({1: b"1" * 32}), LocalKek({1: b"1" * 32, 2: b"2" * 32}), LocalKek({2: b"2" * 32})
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def conninfo(database: Callable[[str], str]) -> str:
    return database("vault")


@pytest.fixture
def connection(conninfo: str) -> Iterator[Connection]:
    with psycopg.connect(conninfo, autocommit=True) as opened:
        yield opened


@pytest.fixture
def open_vault(conninfo: str) -> Iterator[Callable[[LocalKek], Vault]]:
    opened: list[Vault] = []

    def connect(kek: LocalKek) -> Vault:
        opened.append(Vault.connect(conninfo, kek))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def rewrapped(connection: Connection, limit: int = 10) -> list[int]:
    counts: list[int] = []
    after = FIRST
    for number in outdated_keks(connection, BOTH):
        while (step := rewrap(connection, BOTH, number, after, limit)).last is not None:
            counts, after = [*counts, step.count], step.last
    return counts


def test_every_key_is_wrapped_anew_before_the_old_one_retires(
    open_vault: Callable[[LocalKek], Vault], connection: Connection
) -> None:
    persons = [uuid4() for _ in range(25)]
    before = open_vault(OLD)
    made = before.keys_for(persons)
    before.shred(persons[0])
    before.close()
    running = open_vault(BOTH)
    first = rewrap(connection, BOTH, 1, FIRST, 10)
    assert (first.count, outdated_count(connection, BOTH)) == (10, 15)  # broken off here
    assert rewrapped(connection) == [10, 5]
    assert (rewrapped(connection), outdated_count(connection, BOTH)) == ([], 0)
    kept: dict[UUID, object] = {person: made[person] for person in persons[1:]}
    assert running.keys_for(persons) == open_vault(NEW).keys_for(persons) == kept


def test_nothing_is_wrapped_anew_while_a_running_process_could_not_unwrap_it(
    open_vault: Callable[[LocalKek], Vault], connection: Connection
) -> None:
    running = open_vault(OLD)
    running.keys_for([uuid4()])
    with pytest.raises(RewrapRefused, match="key-encryption key 2"):
        rewrap(connection, BOTH, 1)
    running.close()

    def rewrapped() -> bool:
        try:
            return rewrap(connection, BOTH, 1).count == 1
        except RewrapRefused:
            return False  # the server has yet to hear that its client is gone

    eventually(rewrapped)


def test_a_key_that_does_not_unwrap_is_left_and_counted(
    open_vault: Callable[[LocalKek], Vault], connection: Connection
) -> None:
    broken, sound = sorted([uuid4(), uuid4()])
    vault = open_vault(BOTH)
    old = open_vault(OLD)
    old.keys_for([broken, sound])
    old.close()
    connection.execute("UPDATE data_keys SET wrapped = '\\x00' WHERE subject = %s", (broken,))
    step = rewrap(connection, BOTH, 1)
    assert (step.count, step.unusable, outdated_count(connection, BOTH)) == (1, 1, 1)
    assert vault.keys_for([sound]).keys() == {sound}
    with pytest.raises(DataKeyUnusable):
        vault.keys_for([broken])


def test_a_process_without_the_key_says_which_it_lacks(
    open_vault: Callable[[LocalKek], Vault], connection: Connection
) -> None:
    person = uuid4()
    lacking, other = open_vault(OLD), open_vault(BOTH)
    other.keys_for([person])
    with pytest.raises(UnknownKek) as unknown:
        lacking.keys_for([person])
    assert (unknown.value.rule, unknown.value.facts["number"]) == (KEK_MISSING, 2)
