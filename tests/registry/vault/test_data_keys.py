"""What whoever seals may rely on, whether the vault is in its process or another one."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.security import vault_messages
from services.chassis.security.data_keys import (
    DATA_KEY_ALTERED,
    DATA_KEY_MISSING,
    DESTRUCTION_FORGED,
    DESTRUCTION_REMOVED,
    DataKeyUnusable,
)
from services.chassis.security.key_cache import CachedDataKeys, LoadedKeys
from services.chassis.security.sealing import DataKey
from tests.registry.vault.conftest import VaultHouse

Open = Callable[..., CachedDataKeys]


def subjects(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def unusable(ask: Callable[[], object]) -> tuple[str, int, object]:
    with pytest.raises(DataKeyUnusable) as refused:
        ask()
    return refused.value.rule.code, refused.value.rule.status, refused.value.facts["keys"]


def test_a_key_is_made_once_and_is_the_same_for_every_process(data_keys: CachedDataKeys, open_keys: Open) -> None:
    persons = subjects(100)
    made = data_keys.keys_for(persons)
    assert set(made) == set(persons)
    assert len({key.secret for key in made.values()}) == len({key.id for key in made.values()}) == 100
    assert data_keys.keys_for(persons) == open_keys().keys_for(persons) == made


def test_more_than_one_request_may_name_are_asked_for_in_several(
    data_keys: CachedDataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_messages, "AT_ONCE", 7)
    persons = subjects(30)
    made = data_keys.keys_for(persons)
    assert set(made) == set(persons)
    sealed = [(key.subject, key.id) for key in made.values()]
    assert data_keys.keys_by_id(sealed) == {(key.subject, key.id): key for key in made.values()}
    assert data_keys.unusable_among(sealed) == {}


def test_threads_and_processes_that_ask_at_once_get_one_key(open_keys: Open) -> None:
    persons = subjects(40)
    together = threading.Barrier(6)
    answers: list[dict[UUID, DataKey]] = []
    processes = [open_keys(), open_keys()]

    def ask(number: int) -> None:
        together.wait()
        answers.append(processes[number % 2].keys_for(persons if number % 2 else list(reversed(persons))))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)


def test_a_dry_run_keeps_no_key_and_uses_those_that_are_there(data_keys: CachedDataKeys, open_keys: Open) -> None:
    known, new, gone = subjects(3)
    kept = data_keys.keys_for([known, gone])[known]
    data_keys.shred(gone)
    drawn = data_keys.keys_for_dry_run([known, new, gone])
    assert (set(drawn), drawn[known]) == ({known, new}, kept)
    assert open_keys().keys_for([new])[new] != drawn[new]


def test_a_shredded_subject_has_no_key_and_never_gets_another(data_keys: CachedDataKeys, open_keys: Open) -> None:
    gone, other = subjects(2)
    made = data_keys.keys_for([gone, other])
    begun = datetime.now(UTC) - timedelta(minutes=1)
    assert data_keys.shred(gone)
    assert not data_keys.shred(gone)
    sealed = [(key.subject, key.id) for key in made.values()]
    for asked in (data_keys, open_keys()):
        assert set(asked.keys_for([gone, other], sealed=[gone, other])) == {other}
        assert asked.keys_by_id(sealed).keys() == {(other, made[other].id)}
        assert asked.destroyed_among([gone, other]) == {gone}
        assert asked.unusable_among(sealed) == {}
        assert gone in asked.destroyed_since(begun)
        assert other not in asked.destroyed_since(begun)


def test_a_subject_that_never_had_a_key_can_be_shredded_beforehand(data_keys: CachedDataKeys) -> None:
    person = uuid4()
    assert not data_keys.shred(person)
    assert data_keys.keys_for([person]) == {}


def test_what_is_about_somebody_is_found_under_them(data_keys: CachedDataKeys, open_keys: Open) -> None:
    case, minutes, person, another = subjects(4)
    data_keys.list_under(case, [person, another])
    data_keys.list_under(minutes, [person])
    data_keys.list_under(minutes, [person])
    assert open_keys().concerning(person) == sorted([case, minutes])
    assert open_keys().concerning(another) == [case]


def test_a_lost_key_is_no_destroyed_one_and_no_other_is_made_in_its_place(
    data_keys: CachedDataKeys, open_keys: Open, vault_house: VaultHouse
) -> None:
    lost, other = subjects(2)
    key = data_keys.keys_for([lost, other])[lost]
    vault_house.alter("DELETE FROM data_keys WHERE subject = %s", lost)
    asked = open_keys()
    missing = (DATA_KEY_MISSING.code, 409, 1)
    assert unusable(lambda: asked.keys_by_id([(lost, key.id)])) == missing
    assert unusable(lambda: asked.keys_for([lost, other], sealed=[lost, other])) == missing
    assert unusable(lambda: asked.keys_for_dry_run([lost], sealed=[lost])) == missing
    assert unusable(lambda: asked.destroyed_among([lost])) == missing
    assert asked.unusable_among([(lost, key.id)]) == {(lost, key.id): DATA_KEY_MISSING.code}
    assert asked.cached_keys([other]) is not None  # whoever is sound is not held up by who is not


def test_a_key_that_was_lost_and_made_again_is_not_taken_for_the_old_one(
    data_keys: CachedDataKeys, open_keys: Open, vault_house: VaultHouse
) -> None:
    person = uuid4()
    old = data_keys.keys_for([person])[person]
    vault_house.alter("DELETE FROM data_keys WHERE subject = %s", person)
    asked = open_keys()
    new = asked.keys_for([person])[person]  # by a service that knows of nothing sealed
    assert unusable(lambda: asked.keys_by_id([(person, old.id)]))[0] == DATA_KEY_MISSING.code
    assert asked.unusable_among([(person, old.id), (person, new.id)]) == {(person, old.id): DATA_KEY_MISSING.code}
    assert asked.keys_by_id([(person, new.id)]) == {(person, new.id): new}


def test_two_wrapped_keys_that_were_exchanged_are_altered(
    data_keys: CachedDataKeys, open_keys: Open, vault_house: VaultHouse
) -> None:
    ann, bo = subjects(2)
    made = data_keys.keys_for([ann, bo])
    vault_house.alter(
        "UPDATE data_keys SET wrapped = other.wrapped FROM data_keys AS other WHERE data_keys.subject = ANY(%s)"
        " AND other.subject = ANY(%s) AND other.subject <> data_keys.subject",
        [ann, bo], [ann, bo],
    )  # fmt: skip
    asked = open_keys()
    assert unusable(lambda: asked.keys_for([ann, bo])) == (DATA_KEY_ALTERED.code, 409, 2)
    assert unusable(lambda: asked.keys_by_id([(bo, made[bo].id)]))[0] == DATA_KEY_ALTERED.code


def test_a_destruction_that_the_vault_did_not_make_is_no_lawful_erasure(
    data_keys: CachedDataKeys, open_keys: Open, vault_house: VaultHouse
) -> None:
    kept, gone = subjects(2)
    key = data_keys.keys_for([kept, gone])[kept]
    data_keys.shred(gone)
    vault_house.alter(
        "UPDATE data_keys SET destroyed_at = now(), wrapped = (SELECT wrapped FROM data_keys WHERE subject = %s)"
        " WHERE subject = %s",
        gone, kept,
    )  # fmt: skip
    asked = open_keys()
    assert unusable(lambda: asked.keys_by_id([(kept, key.id)]))[0] == DESTRUCTION_FORGED.code
    assert asked.destroyed_among([gone]) == {gone}


def test_a_destruction_whose_mark_was_removed_brings_no_key_back(
    data_keys: CachedDataKeys, open_keys: Open, vault_house: VaultHouse
) -> None:
    unmarked, forgotten = subjects(2)
    made = data_keys.keys_for([unmarked, forgotten])
    for gone in made:
        data_keys.shred(gone)
    vault_house.alter("UPDATE data_keys SET destroyed_at = NULL WHERE subject = %s", unmarked)
    vault_house.alter("DELETE FROM data_keys WHERE subject = %s", forgotten)
    asked = open_keys()
    assert unusable(lambda: asked.keys_for([unmarked]))[0] == DESTRUCTION_REMOVED.code
    assert unusable(lambda: asked.keys_for([forgotten], sealed=[forgotten]))[0] == DATA_KEY_MISSING.code


def test_a_key_read_while_its_subject_is_shredded_is_not_kept(
    data_keys: CachedDataKeys, open_keys: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = uuid4()
    data_keys.keys_for([person])
    asked = open_keys()
    load = asked._load

    def shredded_meanwhile(wanted: list[UUID], **options: Any) -> LoadedKeys:
        loaded = load(wanted, **options)
        asked.shred(person)
        return loaded

    with monkeypatch.context() as interleaved:
        interleaved.setattr(asked, "_load", shredded_meanwhile)
        asked.keys_for([person])
    assert asked.keys_for([person]) == {}


def test_another_process_forgets_a_shredded_key_when_its_time_is_over(open_keys: Open) -> None:
    person = uuid4()
    here, there, forgetful = open_keys(), open_keys(), open_keys(ttl_seconds=0)
    here.keys_for([person])
    assert there.keys_for([person]).keys() == forgetful.keys_for([person]).keys() == {person}
    here.shred(person)
    assert there.cached_keys([person]) is not None  # for a minute at most
    assert forgetful.cached_keys([person]) is None
    assert forgetful.keys_for([person]) == {}


def test_known_keys_need_no_vault(data_keys: CachedDataKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    persons = subjects(10)
    made = data_keys.keys_for(persons)
    monkeypatch.setattr(data_keys, "_load", None)
    assert data_keys.keys_for(persons) == made


def test_memory_is_bounded(open_keys: Open) -> None:
    small, persons = open_keys(capacity=3), subjects(10)
    assert len(small.keys_for(persons)) == 10
    assert len(small._cache.get(persons)) == 3
