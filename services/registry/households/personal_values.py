"""The personal values of a household and its members, and their decryption. Callers are listed in docs/privacy.md."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contracts.personal import Personal
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded, key_id, open_box
from services.registry.households.state import Household

HOUSEHOLD_PERSONAL_FIELDS = ("address", "phone", "account")
MEMBER_PERSONAL_FIELDS = (
    "name", "id_number", "school", "health", "phone", "nation", "political_status", "disability_category", "disability_card",
    "military_service", "hukou_address",
)  # fmt: skip

SealedValues = dict[tuple[UUID, str], Personal[str]]
"""Subject and field → sealed value."""
PlainValues = dict[tuple[UUID, str], str | Shredded]


def sealed_values(household: Household) -> SealedValues:
    """Every personal value that is recorded of the household and its members."""
    if household.id is None:
        return {}
    subjects: list[tuple[UUID, Any, tuple[str, ...]]] = [(household.id, household, HOUSEHOLD_PERSONAL_FIELDS)]
    subjects += [(person, member, MEMBER_PERSONAL_FIELDS) for person, member in household.members.items()]
    return {
        (subject, field): value
        for subject, state, fields in subjects
        for field in fields
        if (value := getattr(state, field)) is not None
    }


def decrypt(vault: DataKeys, households: Sequence[SealedValues]) -> list[PlainValues]:
    """The same values in plain, ``Shredded`` where the key was destroyed. Blocking; one call to the vault. Raises
    ``DataKeyUnusable`` and ``SealBroken``."""
    needed = [{place: (place[0], key_id(value) or 0) for place, value in values.items()} for values in households]
    named = {key for of_one in needed for key in of_one.values() if key[1]}
    keys = vault.keys_by_id(named) if named else {}
    return [
        {place: open_box(value, *place, keys.get(of_one[place])) for place, value in values.items()}
        for values, of_one in zip(households, needed, strict=True)
    ]
