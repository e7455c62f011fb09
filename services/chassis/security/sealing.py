"""Sealing personal values: pure cryptography, no keys of its own and no I/O.

A box is ``A256GCM.<key id>.<base64url(nonce + ciphertext + tag)>``. Subject and field name are authenticated with
it, so a box opens only where it was sealed: a value cannot be moved to another person or field. (A later version of a
fact therefore keeps the names of its personal fields.)
"""

import base64
import hmac
import types
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from operator import is_
from typing import Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts import personal
from contracts.personal import Personal
from services.chassis.security.key_ids import LARGEST_ID, key_id_text, read_key_id
from services.chassis.security.nonces import NONCE_BYTES, Nonces

KEY_BYTES = 32
DEFAULT_SUBJECT = "household_id"


class SealBroken(Exception):
    """A box does not open: it was altered, moved to another subject or field, or the key is another one."""


class KeyDestroyed(LookupError):
    """No key to seal with. A shredded subject gets no new personal data."""

    def __init__(self, subject: UUID) -> None:
        super().__init__(f"the data key of {subject} was destroyed")
        self.subject = subject


class Shredded(Enum):
    """What opening yields when the key was destroyed; no plaintext exists any more."""

    SHREDDED = personal.SHREDDED


SHREDDED = Shredded.SHREDDED


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one person or household. ``id`` is random (``key_ids``); the secret never prints."""

    subject: UUID
    id: int
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES or not 0 < self.id <= LARGEST_ID:
            raise ValueError("a data key has 32 bytes and an id of 48 bits")


class Cipher(Protocol):
    """An authenticated cipher with a 32-byte secret from which it takes what it needs."""

    def seal(self, secret: bytes, plain: bytes, bound_to: bytes) -> bytes: ...

    def open(self, secret: bytes, sealed: bytes, bound_to: bytes) -> bytes: ...


_nonces = Nonces()


class Aes256Gcm:
    """AES-256-GCM under a random 96-bit nonce. One subject's key seals a few values in a lifetime, far from 2**32."""

    def seal(self, secret: bytes, plain: bytes, bound_to: bytes) -> bytes:
        nonce = _nonces.draw()
        return nonce + AESGCM(secret).encrypt(nonce, plain, bound_to)

    def open(self, secret: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        try:
            return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the box does not open with this key, subject and field") from error


CIPHERS: Mapping[str, Cipher] = {"A256GCM": Aes256Gcm()}
"""By the name that stands in the box; SM4 joins here."""

SEALS_WITH = "A256GCM"


def seal_text(plain: str, field_name: str, key: DataKey) -> str:
    """The box of one value."""
    sealed = CIPHERS[SEALS_WITH].seal(key.secret, plain.encode("utf-8"), _bound_to(key.subject, field_name))
    return f"{SEALS_WITH}.{key_id_text(key.id)}.{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def key_id(value: Personal[str]) -> int | None:
    """The id of the key that a sealed value needs; ``None`` when it is shredded. Raises ``SealBroken``."""
    return None if value.is_shredded else _named(value.box)[1]


def open_box(value: Personal[str], subject: UUID, field_name: str, key: DataKey | None) -> str | Shredded:
    """The plaintext; ``SHREDDED`` when its key was destroyed (``None``), or the value says so. Raises ``SealBroken``."""
    if value.is_shredded or key is None:
        return SHREDDED
    algorithm, needed, sealed = _parts(value.box)
    if (key.subject, key.id) != (subject, needed):
        raise SealBroken(f"the box needs another key of {subject}")
    if algorithm not in CIPHERS:
        raise SealBroken(f"this release does not know the cipher {algorithm}")
    return CIPHERS[algorithm].open(key.secret, sealed, _bound_to(subject, field_name)).decode("utf-8")


def subjects_of(fact: msgspec.Struct) -> set[UUID]:
    """Whose keys sealing this fact needs: the subjects of its plain personal values."""
    found: set[UUID] = set()

    def note(value: Personal[str], subject: UUID, _: str) -> Personal[str]:
        if value.is_plain:
            found.add(subject)
        return value

    rewrite(fact, note)
    return found


S = TypeVar("S", bound=msgspec.Struct)


def seal(fact: S, keys: Mapping[UUID, DataKey]) -> S:
    """The fact with every plain personal value sealed; sealed ones stay as they are. Raises ``KeyDestroyed``."""

    def close(value: Personal[str], subject: UUID, name: str) -> Personal[str]:
        if not value.is_plain:
            return value
        if (key := keys.get(subject)) is None:
            raise KeyDestroyed(subject)
        return Personal.sealed(seal_text(value.plain, name, key))

    return rewrite(fact, close)


def unseal(fact: S, keys: Mapping[UUID, DataKey]) -> S:
    """The fact in plain, for a disclosure; values whose subject has no key any more are shredded.
    Raises ``SealBroken``."""

    def disclose(value: Personal[str], subject: UUID, name: str) -> Personal[str]:
        if value.is_plain:
            return value
        plain = open_box(value, subject, name, keys.get(subject))
        return Personal.sealed(personal.SHREDDED) if isinstance(plain, Shredded) else Personal(plain)

    return rewrite(fact, disclose)


def has_personal_values(kind: type[msgspec.Struct]) -> bool:
    return _plan(kind) is not None


Change = Callable[[Personal[str], UUID, str], Personal[str]]
"""(value, subject, field name) → value."""


def rewrite(fact: S, change: Change) -> S:
    """Pass every personal value of a fact through ``change``; the fact itself when there is none or nothing changed."""
    plan = _plan(type(fact))
    return plan.walk(fact, None, change) if plan else fact


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the personal values of a struct type stand. Types without any have no plan, and cost nothing."""

    subject_field: str | None
    steps: tuple[tuple[str, "_Step"], ...]

    def walk(self, value: Any, enclosing: UUID | None, change: Change) -> Any:
        subject = getattr(value, self.subject_field) if self.subject_field else enclosing
        changes = {}
        for name, step in self.steps:
            # Most personal values that a fact could have it has not.
            if (before := getattr(value, name)) is not None:
                after = step(before, subject, name, change)
                if after is not before:
                    changes[name] = after
        return msgspec.structs.replace(value, **changes) if changes else value


_Step = Callable[[Any, UUID | None, str, Change], Any]


@cache
def _plan(kind: type[msgspec.Struct]) -> _Plan | None:
    hints = get_type_hints(kind)
    steps = tuple((name, step) for name in kind.__struct_fields__ if (step := _step(hints[name])) is not None)
    if not steps:
        return None
    named = getattr(kind, "sealed_under", None)
    default = DEFAULT_SUBJECT if DEFAULT_SUBJECT in kind.__struct_fields__ else None
    return _Plan(named or default, steps)


def _step(hint: Any) -> _Step | None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Personal or hint is Personal:
        return _personal_step
    if origin in (Union, types.UnionType):
        # contracts.canonical allows no free unions: one member beside None.
        return next((step for part in arguments if (step := _step(part)) is not None), None)
    if origin is tuple:
        inner = _step(arguments[0])
        return None if inner is None else _each(inner)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and (plan := _plan(hint)) is not None:
        return lambda value, subject, _, change: plan.walk(value, subject, change)
    return None


def _personal_step(value: Personal[str], subject: UUID | None, name: str, change: Change) -> Personal[str]:
    if subject is None:
        raise TypeError(f"{name}: personal data without a subject to seal it under")
    return change(value, subject, name)


def _each(step: _Step) -> _Step:
    def each(values: tuple[Any, ...], subject: UUID | None, name: str, change: Change) -> tuple[Any, ...]:
        after = tuple([None if v is None else step(v, subject, name, change) for v in values])
        return values if all(map(is_, values, after)) else after

    return each


def _bound_to(subject: UUID, field_name: str) -> bytes:
    return f"{subject}/{field_name}".encode()


def _parts(box: str) -> tuple[str, int, bytes]:
    algorithm, of_key, sealed = _named(box)
    try:
        return algorithm, of_key, base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except ValueError as error:
        raise SealBroken("not a box: algorithm.key.ciphertext") from error


def _named(box: str) -> tuple[str, int, str]:
    """What a box says of itself: whose key it needs is asked of every value, and mostly nothing else."""
    try:
        algorithm, of_key, sealed = box.split(".")
        return algorithm, read_key_id(of_key), sealed
    except ValueError as error:
        raise SealBroken("not a box: algorithm.key.ciphertext") from error


class KeyedDigest:
    """HMAC-SHA256 of identifying text under every active index key: equality without plaintext.

    Claims are written under all of ``digests``; a new key is added, backfilled, and only then the old one retired.
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(secret) < KEY_BYTES for secret in keys.values()):
            raise ValueError("at least one index key, each of at least 32 bytes")
        self._keys = dict(sorted(keys.items()))

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(self._keys)

    def digests(self, kind: str, text: str) -> tuple[tuple[int, bytes], ...]:
        """(key number, digest) for each active key. ``kind`` keeps an ID number and an account of the same digits apart."""
        message = f"{kind}\0{normal(text)}".encode()
        return tuple([(number, hmac.digest(secret, message, "sha256")) for number, secret in self._keys.items()])

    def __repr__(self) -> str:
        return f"KeyedDigest(keys {', '.join(map(str, self._keys))})"


def normal(text: str) -> str:
    """The form in which identifying text is compared: NFKC (an input method types full-width digits), upper case (the
    X of resident IDs), no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
