"""The digest of an entry, as anybody can compute it from the description."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from contracts.entry_digest import SIZE, encode_entry, leaf_hash

ENTRY = {
    "log": "registry",
    "position": 7,
    "stream": "household-某",
    "version": 2,
    "topic": "HouseholdExited/1",
    "payload": b"{}",
    "recorded_at": datetime(2014, 6, 1, 0, 0, 0, 5, tzinfo=UTC),
    "command_id": UUID(int=1),
    "actor": "cadre-1",
}


def digest(**changed: object) -> bytes:
    return leaf_hash(encode_entry(**{**ENTRY, **changed}))  # type: ignore[arg-type]


def test_it_is_what_its_description_says() -> None:
    written_out = (
        "01" "0000000000000007" "0000000000000002" "0004fabaf5b54005" "00000000000000000000000000000001"
        f"00000008{b'registry'.hex()}" f"0000000d{'household-某'.encode().hex()}" f"00000011{b'HouseholdExited/1'.hex()}"
        f"00000007{b'cadre-1'.hex()}" f"00000002{b'{}'.hex()}"
    )  # fmt: skip
    assert encode_entry(**ENTRY).hex() == written_out  # type: ignore[arg-type]
    assert digest() == sha256(b"\x00" + bytes.fromhex(written_out)).digest()
    assert len(digest()) == SIZE


@pytest.mark.parametrize(
    "changed",
    [
        {"log": "assistance"},
        {"position": 8},
        {"stream": "household-甲"},
        {"version": 3},
        {"topic": "HouseholdExited/2"},
        {"payload": b"{ }"},
        {"recorded_at": ENTRY["recorded_at"] + timedelta(microseconds=1)},  # type: ignore[operator]
        {"command_id": UUID(int=2)},
        {"actor": "cadre-2"},
        # The same bytes, cut elsewhere.
        {"stream": "household-某H", "topic": "ouseholdExited/1"},
    ],
)
def test_nothing_of_an_entry_can_change_without_it(changed: dict[str, object]) -> None:
    assert digest(**changed) != digest()
