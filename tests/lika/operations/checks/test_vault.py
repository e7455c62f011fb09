"""What the doctor says of the vault: its key-encryption keys, and the keys that logs are sealed under."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import SecretStr

from lika.operations.checks import vault as checks
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.ground.settings import Settings
from services.chassis.security.sealing import DataKey
from services.registry.vault.kek import LocalKek
from services.registry.vault.kek_files import keks_of
from services.registry.vault.keys import Vault
from tests.lika.operations.conftest import Alter
from tests.support.databases import as_superuser


def made_keys(installation: Installation, *subjects: UUID) -> list[DataKey]:
    assert installation.conninfo is not None
    vault = Vault.of(installation.settings, installation.conninfo("vault"))
    made = vault.keys_for(subjects)
    vault.close()
    return [made[subject] for subject in subjects]


@pytest.fixture
def sealed(installation: Installation) -> Installation:
    """With two data keys wrapped under its key-encryption key."""
    made_keys(installation, uuid4(), uuid4())
    return installation


@pytest.fixture
def seal_in_log(alter: Alter) -> Callable[[DataKey, int], None]:
    """What the registry notes when a fact at a position is sealed under a key."""

    def note(key: DataKey, position: int) -> None:
        alter("registry", f"INSERT INTO sealed_subjects VALUES ('{key.subject}', {key.id}, 'registry', {position})")

    return note


def found_of_kek(installation: Installation) -> tuple[State, str]:
    finding = checks.key_encryption_key(installation, "vault")
    return finding.state, finding.code


def test_no_key_is_made_by_looking(installation: Installation) -> None:
    looked = checks.key_encryption_key(installation, "vault"), checks.key_encryption_key_place(installation)
    assert [finding.state for finding in looked] == [State.OK] * 2
    assert checks.sealed_keys(installation, "registry").code == "sealed_keys_not_compared"
    assert not installation.settings.keys_dir.exists()


def test_data_keys_that_open_are_sound_and_nothing_of_them_is_said(sealed: Installation) -> None:
    finding = checks.key_encryption_key(sealed, "vault")
    assert (finding.state, finding.en) == (State.OK, "2 sampled data keys can be opened")


def test_another_key_encryption_key_of_its_number_is_told_from_altered_keys(sealed: Installation, alter: Alter) -> None:
    kek = sealed.settings.keys_dir / "kek-1.key"
    right = kek.read_bytes()
    kek.write_bytes(os.urandom(32))
    assert found_of_kek(sealed) == (State.BROKEN, "key_encryption_key_wrong")
    kek.write_bytes(right)
    alter("vault", "UPDATE data_keys SET wrapped = set_byte(wrapped, 20, (get_byte(wrapped, 20) + 1) % 256)")
    assert found_of_kek(sealed) == (State.BROKEN, "data_keys_altered")


def test_a_data_key_under_a_key_that_is_not_held_is_broken(sealed: Installation) -> None:
    assert sealed.conninfo is not None
    other = LocalKek({2: os.urandom(32), 1: (sealed.settings.keys_dir / "kek-1.key").read_bytes()})
    vault = Vault.connect(sealed.conninfo("vault"), other)
    vault.keys_for([uuid4()])
    vault.close()
    assert found_of_kek(sealed) == (State.BROKEN, "key_encryption_key_not_held")


def test_a_newer_key_encryption_key_warns_until_everything_is_wrapped_under_it(sealed: Installation) -> None:
    newer = sealed.settings.keys_dir / "kek-2.key"
    newer.write_bytes(os.urandom(32))
    newer.chmod(0o600)
    assert found_of_kek(sealed) == (State.WARNING, "data_keys_under_older_key")


def test_a_lost_key_encryption_key_is_broken_and_no_new_one_is_made(sealed: Installation) -> None:
    (sealed.settings.keys_dir / "kek-1.key").unlink()
    assert found_of_kek(sealed) == (State.BROKEN, "key_encryption_key_missing")
    assert not (sealed.settings.keys_dir / "kek-1.key").exists()


def test_an_open_key_encryption_key_is_not_used(sealed: Installation) -> None:
    (sealed.settings.keys_dir / "kek-1.key").chmod(0o644)
    assert found_of_kek(sealed) == (State.BROKEN, "key_encryption_key_exposed")


def test_a_key_encryption_key_put_beside_the_data_warns_and_one_elsewhere_does_not(
    sealed: Installation, tmp_path: Path
) -> None:
    def place(**changes: object) -> tuple[State, str]:
        settings = Settings.model_validate({"data_dir": tmp_path / "data", **changes})
        found = checks.key_encryption_key_place(Installation(settings))
        return found.state, found.code

    apart = State.OK, "key_encryption_key_apart"
    assert place() == apart  # none was made yet
    keks_of(Settings(data_dir=tmp_path / "data"), make=True)
    assert place() == (State.OK, "key_encryption_key_in_keys_folder")
    assert place(kek_file=tmp_path / "data" / "kek") == (State.WARNING, "key_encryption_key_beside_data")
    assert place(kek_file=tmp_path / "elsewhere") == apart
    assert place(kek=SecretStr("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")) == apart
    assert place(database_url="postgresql://elsewhere/postgres") == apart


def test_keys_that_a_log_is_sealed_under_are_named_by_place_when_the_vault_lost_them(
    installation: Installation, seal_in_log: Callable[[DataKey, int], None]
) -> None:
    assert installation.conninfo is not None
    kept, lost, older, destroyed = made_keys(installation, *(uuid4() for _ in range(4)))
    assert checks.sealed_keys(installation, "registry").code == "nothing_sealed"
    for position, key in (
        (3, kept),
        (7, lost),
        (5, DataKey(older.subject, older.id + 1, older.secret)),
        (9, destroyed),
    ):
        seal_in_log(key, position)
    vault = Vault.of(installation.settings, installation.conninfo("vault"))
    vault.shred(destroyed.subject)
    vault.close()
    with psycopg.connect(as_superuser(installation.conninfo("vault"))) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM data_keys WHERE subject = %s", (lost.subject,))
    for thorough in (False, True):
        installation.thorough = thorough
        finding = checks.sealed_keys(installation, "registry")
        assert (finding.state, finding.code) == (State.BROKEN, "sealed_keys_unusable")
        assert "2 lost (log registry/5 to registry/7)" in finding.en
        assert "of the 4 keys" in finding.en
        assert not {str(key.subject) for key in (kept, lost, older)} & set(finding.en.split())
        assert "restore its latest backup" in finding.remedy_en


def test_a_vault_that_has_every_key_is_sound(
    installation: Installation, seal_in_log: Callable[[DataKey, int], None]
) -> None:
    for position, key in enumerate(made_keys(installation, uuid4(), uuid4()), start=1):
        seal_in_log(key, position)
    assert checks.sealed_keys(installation, "registry").en == "the vault has all of the 2 keys that were compared"


def test_a_forged_destruction_has_a_name_of_its_own(
    installation: Installation, alter: Alter, seal_in_log: Callable[[DataKey, int], None]
) -> None:
    (key,) = made_keys(installation, uuid4())
    seal_in_log(key, 4)
    alter("vault", "UPDATE data_keys SET destroyed_at = now()")
    assert (
        "1 with a forged destruction (log registry/4 to registry/4)" in checks.sealed_keys(installation, "registry").en
    )
