"""The vault: that its keys open, and are all there that the logs are sealed under."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import psycopg

from lika.messages import say
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.following.sealed_subjects import Place, SealedKey, every, sample, unusable
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.messages import Message
from services.chassis.log.array_literals import uuids
from services.chassis.security.data_keys import (
    DATA_KEY_ALTERED,
    DATA_KEY_MISSING,
    DESTRUCTION_FORGED,
    DESTRUCTION_REMOVED,
)
from services.chassis.security.sealing import DataKey
from services.registry.vault.kek import KeyEncryption, UnknownKek
from services.registry.vault.kek_files import KekUnavailable, kek_beside_data, keks_of
from services.registry.vault.kek_register import REGISTERED
from services.registry.vault.keys import SELECT_KEYS, VAULT, opened_row

DATA_KEY_SAMPLE = """
(SELECT subject, key_id, wrapped, kek_number, destroyed_at IS NOT NULL FROM data_keys ORDER BY kek_number LIMIT 10)
UNION
(SELECT subject, key_id, wrapped, kek_number, destroyed_at IS NOT NULL FROM data_keys ORDER BY kek_number DESC LIMIT 10)
"""
"""Of the oldest and of the newest key-encryption key in use, by their index."""


def key_encryption_key_place(installation: Installation) -> Finding:
    """Whether whoever copies the data folder takes the key-encryption key with the data that it protects."""
    named = "key_encryption_key_place"
    place = kek_beside_data(installation.settings)
    if place is None or installation.settings.database_url is not None:
        return ok(named, "key_encryption_key_apart")
    if installation.settings.kek_file is None:
        # Where a house on one machine makes it: said, and no reason to doubt a house that is well.
        return ok(named, "key_encryption_key_in_keys_folder", place=place)
    return warning(named, "key_encryption_key_beside_data", place=place)


def key_encryption_key(installation: Installation, name: str) -> Finding:
    """Whether data keys can be unwrapped with the key-encryption keys at hand. Nothing of them is kept or shown."""
    named = f"{name}.key_encryption_key"
    rows = installation.query(name, DATA_KEY_SAMPLE)
    if not rows:
        return ok(named, "no_data_keys")
    try:
        kek = keks_of(installation.settings, make=False)
    except KekUnavailable:
        return broken(named, "key_encryption_key_missing", path=installation.settings.keys_dir / "kek-1.key")
    except KeyFileExposed:
        return broken(named, "key_encryption_key_exposed")
    registered = installation.query(name, REGISTERED)
    if wrong := [number for number, check, _ in registered if number in kek.numbers and not kek.fits(check, number)]:
        return broken(named, "key_encryption_key_wrong", numbers=wrong)
    if lacking := [number for number, _, used in registered if used and number not in kek.numbers]:
        return broken(named, "key_encryption_key_not_held", numbers=lacking)
    if altered := sum(1 for row in rows if isinstance(_opened(kek, row), str)):
        return broken(named, "data_keys_altered", count=altered)
    if older := [number for number, _, used in registered if used and number != kek.numbers[-1]]:
        return warning(named, "data_keys_under_older_key", numbers=older)
    return ok(named, "data_keys_opened", count=len(rows))


def sealed_keys(installation: Installation, name: str) -> Finding:
    """Whether the vault has the keys that a service's log is sealed under: of a sample, or of all with ``--thorough``."""
    named = f"{name}.sealed_keys"
    if VAULT not in installation.services:
        return ok(named, "sealed_keys_not_compared")
    try:
        installation.query(VAULT, "SELECT")
    except psycopg.OperationalError:
        return ok(named, "sealed_keys_not_compared")  # the vault is another machine's, or told to be missing
    try:
        vault = VaultAtRest(installation, keks_of(installation.settings, make=False))
    except (KekUnavailable, KeyFileExposed):
        return ok(named, "sealed_keys_not_compared")  # what is wrong is told of the key-encryption key
    compared, found = 0, dict[str, list[Place]]()
    try:
        for sealed in _sealed(installation, name):
            compared += len(sealed)
            for code, places in unusable(vault, sealed).items():
                found.setdefault(code, []).extend(places)
    except UnknownKek:
        return ok(named, "sealed_keys_not_compared")
    if found:
        reasons = [reason(code, sorted(places)) for code, places in sorted(found.items())]
        return broken(named, "sealed_keys_unusable", reasons=reasons, compared=compared)
    return ok(named, "sealed_keys_at_hand", compared=compared) if compared else ok(named, "nothing_sealed")


def _sealed(installation: Installation, name: str) -> Iterator[Mapping[SealedKey, Place]]:
    execute = partial(installation.query, name)
    if installation.thorough:
        yield from every(execute)
    else:
        yield sample(execute, name)


def reason(code: str, places: list[Place]) -> Message:
    """How many keys, and where in the log the first and the last of them come to be used; nobody is named."""
    figures = {"count": len(places), "first": "/".join(map(str, places[0])), "last": "/".join(map(str, places[-1]))}
    match code:
        case DATA_KEY_MISSING.code:
            return say("unusable_missing", **figures)
        case DATA_KEY_ALTERED.code:
            return say("unusable_altered", **figures)
        case DESTRUCTION_FORGED.code:
            return say("unusable_destruction_forged", **figures)
        case DESTRUCTION_REMOVED.code:
            return say("unusable_destruction_removed", **figures)
    raise ValueError(code)


@dataclass(frozen=True)
class VaultAtRest:
    """The vault's database, looked at and not opened: looking registers no key-encryption key."""

    installation: Installation
    kek: KeyEncryption

    def unusable_among(self, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
        pairs = tuple(wanted)
        rows = self.installation.query(VAULT, SELECT_KEYS, uuids({subject for subject, _ in pairs}))
        opened = {row[0]: _opened(self.kek, row) for row in rows}
        found: dict[tuple[UUID, int], str] = {}
        for subject, key_id in pairs:
            key = opened.get(subject, DATA_KEY_MISSING.code)
            if isinstance(key, str):
                found[subject, key_id] = key
            elif key is not None and key.id != key_id:
                found[subject, key_id] = DATA_KEY_MISSING.code
        return found


def _opened(kek: KeyEncryption, row: Sequence[Any]) -> DataKey | str | None:
    subject, key_id, wrapped, kek_number, destroyed = row
    return opened_row(kek, subject, key_id, wrapped, kek_number, destroyed=destroyed)
