"""The register's personal values decrypted for comparison with a workbook, in memory.

It is no disclosure: a cadre who holds the paper is told only whether a cell differs.
"""

from collections.abc import Sequence

import msgspec

from contracts.personal import SHREDDED, Personal
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded
from services.registry.households.personal_values import PlainValues, decrypt, sealed_values
from services.registry.households.state import Household


def decrypted(vault: DataKeys, households: Sequence[Household]) -> list[Household]:
    """The same households with plain values; shredded ones where the key was destroyed. One call to the vault."""
    plain = decrypt(vault, [sealed_values(household) for household in households])
    return [_with(household, values) for household, values in zip(households, plain, strict=True)]


def _with(household: Household, values: PlainValues) -> Household:
    fields: dict[object, dict[str, Personal[str]]] = {}
    for (subject, field), value in values.items():
        personal = Personal.sealed(SHREDDED) if isinstance(value, Shredded) else Personal(value)
        fields.setdefault(subject, {})[field] = personal
    members = {p: msgspec.structs.replace(m, **fields.get(p, {})) for p, m in household.members.items()}
    return msgspec.structs.replace(household, members=members, **fields.get(household.id, {}))
