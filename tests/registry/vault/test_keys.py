"""The vault's table: secrets stand in it only wrapped, and the database itself keeps what was destroyed."""

from uuid import uuid4

import psycopg
import pytest

from services.registry.vault.kek import LocalKek
from tests.registry.vault.conftest import VaultHouse


def row_of(house: VaultHouse, subject: object) -> tuple[object, ...] | None:
    with psycopg.connect(house.conninfo) as connection:
        return connection.execute(
            "SELECT key_id, wrapped, kek_number, destroyed_at < now() FROM data_keys WHERE subject = %s", (subject,)
        ).fetchone()


def test_secrets_stand_in_the_database_only_wrapped_and_a_destroyed_one_not_at_all(vault_house: VaultHouse) -> None:
    vault, person = vault_house.in_process(), uuid4()
    key = vault.keys_for([person])[person]
    row = row_of(vault_house, person)
    assert row is not None
    key_id, wrapped, kek_number, destroyed = row
    assert (key_id, kek_number, destroyed) == (key.id, 1, None)
    assert isinstance(wrapped, bytes)
    assert key.secret not in wrapped
    vault.shred(person)
    gone = row_of(vault_house, person)
    assert gone is not None
    assert (gone[0], gone[2:]) == (key.id, (1, True))
    assert isinstance(gone[1], bytes)
    assert len(gone[1]) == len(wrapped) - len(key.secret)  # a nonce and a tag around nothing
    assert "111" not in repr(LocalKek({1: b"1" * 32}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE data_keys SET wrapped = 'x', kek_number = 1, destroyed_at = NULL WHERE subject = %s",
        "DELETE FROM data_keys WHERE subject = %s",
        "UPDATE data_keys SET destroyed_at = now() - interval '1 year' WHERE subject = %s",
        "UPDATE data_keys SET key_id = 1 WHERE subject = %s",
    ],
)
def test_the_database_itself_refuses_to_revive_or_forget_a_destroyed_key(
    vault_house: VaultHouse, statement: str
) -> None:
    person = uuid4()
    vault_house.in_process().shred(person)
    with psycopg.connect(vault_house.conninfo) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(statement.encode(), (person,))


def test_a_key_that_was_not_destroyed_cannot_be_deleted_either(vault_house: VaultHouse) -> None:
    person = uuid4()
    vault_house.in_process().keys_for([person])
    with psycopg.connect(vault_house.conninfo) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("DELETE FROM data_keys WHERE subject = %s", (person,))
