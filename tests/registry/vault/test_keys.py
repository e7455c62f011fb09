"""The vault: one key per subject for ever, whoever asks at once; a shredded subject never gets another."""

import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis.security.sealing import DataKey, SealBroken
from services.registry.vault.kek import LocalKek, UnknownKek
from services.registry.vault.keys import Vault

FIRST, SECOND = b"1" * 32, b"2" * 32


@pytest.fixture
def conninfo(database: Callable[[str], str]) -> str:
    return database("vault")


@pytest.fixture
def open_vault(conninfo: str) -> Iterator[Callable[..., Vault]]:
    opened: list[Vault] = []

    def open_with(keys: dict[int, bytes] | None = None) -> Vault:
        opened.append(Vault.connect(conninfo, LocalKek(keys or {1: FIRST})))
        return opened[-1]

    yield open_with
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(open_vault: Callable[..., Vault]) -> Vault:
    return open_vault()


def subjects(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def test_a_key_is_made_once_and_is_the_same_for_every_process(vault: Vault, open_vault: Callable[..., Vault]) -> None:
    persons = subjects(100)
    made = vault.keys_for(persons)
    assert set(made) == set(persons)
    assert len({key.secret for key in made.values()}) == 100
    assert {key.number for key in made.values()} == {1}
    assert vault.keys_for(persons) == made
    assert open_vault().keys_for(persons[:50] + subjects(1), create=False) == {p: made[p] for p in persons[:50]}


def test_secrets_stand_in_the_database_only_wrapped(vault: Vault, conninfo: str) -> None:
    key = vault.keys_for([uuid4()]).popitem()[1]
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT wrapped, kek_number FROM data_keys").fetchone()
    assert row is not None
    assert key.secret not in row[0]
    assert row[1] == 1
    assert "111" not in repr(LocalKek({1: FIRST}))


def test_threads_and_processes_that_ask_at_once_get_one_key(open_vault: Callable[..., Vault]) -> None:
    persons = subjects(40)
    together = threading.Barrier(6)
    answers: list[dict[UUID, DataKey]] = []
    vaults = [open_vault(), open_vault()]

    def ask(number: int) -> None:
        together.wait()
        mine = persons if number % 2 else list(reversed(persons))
        answers.append(vaults[number % 2].keys_for(mine))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)


def test_a_shredded_subject_has_no_key_and_never_gets_another(
    vault: Vault, open_vault: Callable[..., Vault], conninfo: str
) -> None:
    gone, other = subjects(2)
    vault.keys_for([gone, other])
    assert vault.shred(gone)
    assert not vault.shred(gone)
    for asked in (vault, open_vault()):
        assert set(asked.keys_for([gone, other])) == {other}
        assert asked.keys_by_number([(gone, 1), (other, 1)]).keys() == {(other, 1)}
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT wrapped, kek_number, destroyed_at < now() FROM data_keys WHERE subject = %s",
                                 (gone,)).fetchone()  # fmt: skip
    assert row == (None, None, True)


def test_a_subject_that_never_had_a_key_can_be_shredded_beforehand(vault: Vault) -> None:
    person = uuid4()
    assert not vault.shred(person)
    assert vault.keys_for([person]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE data_keys SET wrapped = 'x', kek_number = 1, destroyed_at = NULL",
        "DELETE FROM data_keys",
        "UPDATE data_keys SET destroyed_at = now() - interval '1 year'",
    ],
)
def test_the_database_itself_refuses_to_revive_or_forget_a_destroyed_key(
    vault: Vault, conninfo: str, statement: str
) -> None:
    vault.shred(uuid4())
    with psycopg.connect(conninfo) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(statement.encode())


def test_a_key_read_while_its_subject_is_shredded_is_not_kept(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    person = uuid4()
    vault.keys_for([person])
    vault._cache.clear()
    read = vault._load

    def shredded_meanwhile(connection: psycopg.Connection, wanted: list[UUID]) -> dict[UUID, tuple[DataKey, ...]]:
        rings = read(connection, wanted)
        vault.shred(person)
        return rings

    with monkeypatch.context() as interleaved:
        interleaved.setattr(vault, "_load", shredded_meanwhile)
        vault.keys_for([person])
    assert vault.keys_for([person]) == {}


def test_known_keys_need_no_database(vault: Vault) -> None:
    persons = subjects(10)
    made = vault.keys_for(persons)
    vault._pool.close()
    assert vault.keys_for(persons) == made


def test_memory_is_bounded_and_age_limited(vault: Vault) -> None:
    small = Vault(vault._pool, LocalKek({1: FIRST}), capacity=3)
    persons = subjects(10)
    assert len(small.keys_for(persons)) == 10
    assert len(small._cache.get(persons)) == 3
    forgetful = Vault(vault._pool, LocalKek({1: FIRST}), ttl_seconds=0)
    assert len(forgetful.keys_for(persons)) == 10
    assert forgetful._cache.get(persons) == {}


def test_rotation_wraps_every_key_anew_before_the_old_one_retires(open_vault: Callable[..., Vault]) -> None:
    persons = subjects(25)
    before = open_vault({1: FIRST})
    made = before.keys_for(persons)
    before.shred(persons[0])
    both = open_vault({1: FIRST, 2: SECOND})
    with pytest.raises(UnknownKek):
        open_vault({2: SECOND}).keys_for(persons)
    assert [both.rewrap(limit=20), both.rewrap(limit=20), both.rewrap(limit=20)] == [20, 4, 0]
    assert open_vault({2: SECOND}).keys_for(persons) == {p: made[p] for p in persons[1:]}


def test_a_wrapped_key_moved_to_another_subject_does_not_unwrap(
    vault: Vault, open_vault: Callable[..., Vault], conninfo: str
) -> None:
    ann, bo = subjects(2)
    vault.keys_for([ann, bo])
    with psycopg.connect(conninfo) as connection:
        connection.execute("UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE subject = %s) "
                           "WHERE subject = %s", (ann, bo))  # fmt: skip
    with pytest.raises(SealBroken):
        open_vault().keys_for([bo])
