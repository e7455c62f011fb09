"""What goes between a service and the vault over HTTP. Subjects and keys stand in bodies alone, never in an address."""

from uuid import UUID

import msgspec

AT_ONCE = 1000
"""Subjects or keys of one request: its body stays below what takes a slot of the vault's for large bodies."""

KEYS, READINGS, COMPARISONS = "/vault/keys", "/vault/keys/readings", "/vault/keys/comparisons"
CONCERNS, CONCERNS_READINGS = "/vault/concerns", "/vault/concerns/readings"
DESTRUCTIONS = "/vault/destructions"


class KeyJson(msgspec.Struct, frozen=True):
    """``secret``: 32 bytes as base64; ``None`` where the key was lawfully destroyed."""

    subject: UUID
    id: int
    secret: bytes | None

    def __repr__(self) -> str:
        return f"KeyJson({self.id})"


class UnusableJson(msgspec.Struct, frozen=True):
    """``code``: of the rule that says why a key can neither be used nor was destroyed."""

    subject: UUID
    code: str


class KeysJson(msgspec.Struct, frozen=True):
    """Answer to ``KEYS`` (those asked for, made where there were none) and ``READINGS``; what never had a key is left out."""

    keys: tuple[KeyJson, ...]
    unusable: tuple[UnusableJson, ...]


class SealedUnder(msgspec.Struct, frozen=True):
    """A key as sealed values name it."""

    subject: UUID
    id: int
    code: str


class ComparisonJson(msgspec.Struct, frozen=True):
    """Answer to ``COMPARISONS``: the keys that cannot be used, and why."""

    unusable: tuple[SealedUnder, ...]


class SubjectsJson(msgspec.Struct, frozen=True):
    """Answer to ``GET DESTRUCTIONS`` and to ``CONCERNS_READINGS``."""

    subjects: tuple[UUID, ...]


class DestroyedJson(msgspec.Struct, frozen=True):
    """Answer to ``POST DESTRUCTIONS``: whether there was anything left to destroy."""

    destroyed: bool
