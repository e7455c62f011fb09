"""Key files, and whether they are the keys of these data."""

import os
from uuid import uuid4

import pytest

from lika.operations.checks import keys
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.casework.procedures.store import claim_kind
from services.chassis.log.needs import UNKEYED
from services.chassis.security.tokens import LocalKey
from services.monitoring.works import DONE_WORK_CLAIM
from services.registry.cases.store import POVERTY_STATUS
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID
from services.registry.searches.feed import FULL_NAME
from services.registry.vault.keys import Vault
from tests.lika.operations.conftest import Alter


@pytest.fixture
def sealed(installation: Installation) -> Installation:
    """With its keys made, and two data keys wrapped under them."""
    LocalKey.of(installation.settings)
    installation.settings.load_index_keys()
    assert installation.conninfo is not None
    vault = Vault.of(installation.settings, installation.conninfo("vault"))
    vault.keys_for([uuid4(), uuid4()])
    vault.close()
    return installation


def claimed(kind: str, number: int) -> str:
    """A claim that stands by an act of its own."""
    columns = "kind, key_number, digest, holder, given_by, standing"
    return f"INSERT INTO claims ({columns}) VALUES ('{kind}', {number}, '\\x01', gen_random_uuid(), gen_random_uuid(), true)"


def test_keys_that_only_their_owner_can_read_are_sound(sealed: Installation) -> None:
    finding = keys.key_files(sealed)
    assert (finding.state, finding.en) == (State.OK, "3 key files, readable by their owner only")


def test_a_key_file_that_others_can_read_is_broken_and_named(sealed: Installation) -> None:
    (sealed.settings.keys_dir / "index-1.key").chmod(0o640)
    finding = keys.key_files(sealed)
    assert (finding.state, finding.en) == (State.BROKEN, "others may read: index-1.key")
    assert "chmod 600" in finding.remedy_en


def test_a_key_folder_that_others_can_enter_warns(sealed: Installation) -> None:
    sealed.settings.keys_dir.chmod(0o755)
    assert keys.key_files(sealed).state is State.WARNING


def test_no_key_is_made_by_looking(installation: Installation) -> None:
    findings = (
        keys.key_files(installation),
        keys.index_keys(installation, "registry"),
    )
    assert [finding.state for finding in findings] == [State.OK] * 2
    assert not installation.settings.keys_dir.exists()


def test_claims_under_the_keys_at_hand_are_sound(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(RESIDENT_ID, 1), claimed(HOUSEHOLD_NO, 1))
    assert keys.index_keys(sealed, "registry").state is State.OK


def test_claims_on_ids_need_no_key(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(claim_kind(POVERTY_STATUS), UNKEYED), claimed(DONE_WORK_CLAIM, UNKEYED))
    assert keys.index_keys(sealed, "registry").code == "nothing_claimed"
    alter("registry", claimed(RESIDENT_ID, 1), claimed(HOUSEHOLD_NO, 1))
    assert keys.index_keys(sealed, "registry").en == "index keys 1 are here"


def test_an_id_number_that_was_claimed_under_no_key_is_broken(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(RESIDENT_ID, 1), claimed(RESIDENT_ID, UNKEYED))
    finding = keys.index_keys(sealed, "registry")
    assert (finding.state, finding.en.split(":")[0]) == (State.BROKEN, "index keys 0 are missing")


def test_claims_under_a_lost_index_key_are_broken(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(RESIDENT_ID, 1), claimed(RESIDENT_ID, 2))
    finding = keys.index_keys(sealed, "registry")
    assert (finding.state, finding.en.split(":")[0]) == (State.BROKEN, "index keys 2 are missing")


def test_a_new_index_key_that_does_not_cover_every_kind_yet_warns(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(RESIDENT_ID, 1), claimed(HOUSEHOLD_NO, 1), claimed(RESIDENT_ID, 2))
    (sealed.settings.keys_dir / "index-2.key").write_bytes(os.urandom(32))
    (sealed.settings.keys_dir / "index-2.key").chmod(0o600)
    assert keys.index_keys(sealed, "registry").state is State.WARNING


def test_index_keys_in_a_file_that_others_can_read_are_broken(sealed: Installation, alter: Alter) -> None:
    alter("registry", claimed(RESIDENT_ID, 1))
    (sealed.settings.keys_dir / "index-1.key").chmod(0o644)
    assert keys.index_keys(sealed, "registry").state is State.BROKEN


def digested(kind: str, number: int) -> str:
    """The digest of somebody."""
    ids = "gen_random_uuid(), gen_random_uuid()"
    return f"INSERT INTO identity_digests VALUES ({ids}, '{kind}', {number}, '\\x01', '990001101201')"


def test_digests_that_people_are_found_by_follow_the_index_keys(sealed: Installation, alter: Alter) -> None:
    assert keys.search_digests(sealed, "registry").code == "nothing_to_search"
    alter("registry", digested(FULL_NAME, 1), digested(RESIDENT_ID, 1))
    assert keys.search_digests(sealed, "registry").state is State.OK
    (sealed.settings.keys_dir / "index-2.key").write_bytes(os.urandom(32))
    (sealed.settings.keys_dir / "index-2.key").chmod(0o600)
    alter("registry", digested(FULL_NAME, 2))
    finding = keys.search_digests(sealed, "registry")
    assert (finding.state, "lika rebuild registry identity_digests" in finding.remedy_en) == (State.WARNING, True)
    alter("registry", digested(RESIDENT_ID, 2))
    assert keys.search_digests(sealed, "registry").state is State.OK
    of_account = (
        "INSERT INTO account_digests VALUES (gen_random_uuid(), 1, '\\x01', '990001101201', '2018-01-01', 'infinity',"
        " now(), 'infinity')"
    )
    alter("registry", of_account)
    assert keys.search_digests(sealed, "registry").state is State.WARNING
    alter("registry", of_account.replace("(), 1,", "(), 2,"))
    assert keys.search_digests(sealed, "registry").state is State.OK
    (sealed.settings.keys_dir / "index-1.key").unlink()
    assert keys.search_digests(sealed, "registry").state is State.WARNING
