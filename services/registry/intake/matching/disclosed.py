"""The register's personal values opened for comparison with a workbook, in memory and for nobody to see.

One of the few places where plaintext exists (with ``vault.api``). It is no disclosure: nothing of it is answered but
whether a cell says something new, to a cadre who holds the paper.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from contracts.personal import SHREDDED, Personal
from services.chassis.security.sealing import Shredded, key_number, open_box
from services.registry.households.state import Household
from services.registry.vault.keys import Vault

HOUSEHOLD_FIELDS = ("address", "phone", "account")
MEMBER_FIELDS = ("name", "id_number", "school", "health", "phone")

Boxes = dict[tuple[UUID, str], Personal[str]]
"""Values of one household by subject and field."""


def opened(vault: Vault, households: Sequence[Household]) -> list[Household]:
    """The same households with plain values; shredded ones where the key was destroyed. One call to the vault."""
    boxes = [_boxes(household) for household in households]
    wanted = {(s, n) for found in boxes for (s, _), box in found.items() if (n := key_number(box)) is not None}
    keys = vault.keys_numbered(wanted) if wanted else {}

    def plain(subject: UUID, name: str, box: Personal[str]) -> Personal[str]:
        text = open_box(box, subject, name, keys.get((subject, key_number(box) or 0)))
        return Personal.sealed(SHREDDED) if isinstance(text, Shredded) else Personal(text)

    return [
        _with(household, {place: plain(*place, box) for place, box in found.items()})
        for household, found in zip(households, boxes, strict=True)
    ]


def _boxes(household: Household) -> Boxes:
    if household.id is None:
        return {}
    holders = [(household.id, household, HOUSEHOLD_FIELDS)]
    holders += [(person, member, MEMBER_FIELDS) for person, member in household.members.items()]  # type: ignore[misc]
    return {
        (subject, name): box for subject, holder, names in holders for name in names if (box := getattr(holder, name))
    }


def _with(household: Household, values: Boxes) -> Household:
    if household.id is None:
        return household
    members = {
        person: msgspec.structs.replace(
            member, **{n: values[person, n] for n in MEMBER_FIELDS if (person, n) in values}
        )
        for person, member in household.members.items()
    }
    own = {n: values[household.id, n] for n in HOUSEHOLD_FIELDS if (household.id, n) in values}
    return msgspec.structs.replace(household, members=members, **own)
