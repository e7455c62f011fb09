"""Personal values of a household are decrypted with their subjects' keys, and are gone with them."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from contracts.personal import Personal
from contracts.registry import households as h
from services.chassis.security.sealing import Shredded, seal, subjects_of
from services.registry.households.personal_values import decrypt, sealed_values
from services.registry.households.state import Household, fold
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.registry.households.example_facts import FAMILY, HEAD, HOUSEHOLD, WIFE, recorded_household
from tests.support.recorded import recorded


@pytest.fixture
def vault(database: Callable[[str], str]) -> Iterator[Vault]:
    opened = Vault.connect(database("vault"), LocalKek({1: b"1" * 32}))
    yield opened
    opened.close()


def plain_fact() -> h.HouseholdRecorded:
    members = tuple(msgspec.structs.replace(m, name=Personal(f"member {n}")) for n, m in enumerate(FAMILY[:2]))
    return msgspec.structs.replace(recorded_household("2014-01-10", members), address=Personal("某组 3 号"))


def test_values_are_decrypted_until_their_subject_is_shredded(vault: Vault) -> None:
    fact = plain_fact()
    state = fold(recorded(seal(fact, vault.keys_for(subjects_of(fact)))))
    values = sealed_values(state)
    plain = {(HOUSEHOLD, "address"): "某组 3 号", (HEAD, "name"): "member 0", (WIFE, "name"): "member 1"}
    assert decrypt(vault, [values, {}]) == [plain, {}]
    vault.shred(WIFE)
    assert decrypt(vault, [values]) == [{**plain, (WIFE, "name"): Shredded.SHREDDED}]


def test_a_household_that_was_never_recorded_has_no_values(vault: Vault) -> None:
    assert decrypt(vault, [sealed_values(Household())]) == [{}]
