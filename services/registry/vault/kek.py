"""Key-encryption keys, which wrap data keys at rest. A KMS can replace ``LocalKek`` by the same protocol."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.security.sealing import CIPHERS, KEY_BYTES, SEALS_WITH, SealBroken

CHECKED = b"Lika key-encryption key"
"""What is sealed under each key-encryption key, so that another one of its number is recognised."""


KEK_MISSING = rule(
    "kek_missing",
    zh="密钥库中的数据密钥用本系统现在没有的密钥加密密钥加密：请系统管理员将该密钥加入 LIKA_KEK 或 LIKA_KEK_FILE 后重新启动。",
    en="Data keys are wrapped under a key-encryption key that the vault does not hold: have the operator add it to LIKA_KEK or"
    " LIKA_KEK_FILE and start the vault again.",
    source="decision 0041",
    status=503,
)


class UnknownKek(Unavailable):
    """A data key is wrapped under a key-encryption key that this installation does not hold."""

    def __init__(self, number: int) -> None:
        super().__init__(KEK_MISSING, retry_after=30, number=number)


class KeyEncryption(Protocol):
    """Wraps and unwraps 32-byte secrets, bound to their subject and key id, and marks keys as destroyed. Threadsafe."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The key-encryption keys that are held, in order; the last one wraps."""
        ...

    def wrap(self, secret: bytes, subject: UUID, key_id: int) -> bytes: ...

    def unwrap(self, wrapped: bytes, kek_number: int, subject: UUID, key_id: int) -> bytes:
        """Raises ``UnknownKek`` and ``services.chassis.security.sealing.SealBroken``."""
        ...

    def mark(self, subject: UUID, key_id: int) -> bytes:
        """What stands in the place of a wrapped key that was destroyed. Nobody makes it without the key-encryption key."""
        ...

    def is_mark(self, mark: bytes, kek_number: int, subject: UUID, key_id: int) -> bool:
        """Raises ``UnknownKek``."""
        ...

    def check_value(self, kek_number: int) -> bytes:
        """By which the key-encryption key of this number can be told from another. Differs every time."""
        ...

    def fits(self, check_value: bytes, kek_number: int) -> bool: ...


class LocalKek:
    """AES-256-GCM under keys from the settings; the highest number wraps."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(secret) != KEY_BYTES for secret in keys.values()):
            raise ValueError("at least one key-encryption key, each of 32 bytes")
        self._keys = dict(sorted(keys.items()))
        self._newest = max(keys)
        self._cipher = CIPHERS[SEALS_WITH]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(self._keys)

    def wrap(self, secret: bytes, subject: UUID, key_id: int) -> bytes:
        return self._cipher.seal(self._keys[self._newest], secret, _key(subject, key_id))

    def unwrap(self, wrapped: bytes, kek_number: int, subject: UUID, key_id: int) -> bytes:
        return self._cipher.open(self._key(kek_number), wrapped, _key(subject, key_id))

    def mark(self, subject: UUID, key_id: int) -> bytes:
        return self._cipher.seal(self._keys[self._newest], b"", _destroyed(subject, key_id))

    def is_mark(self, mark: bytes, kek_number: int, subject: UUID, key_id: int) -> bool:
        return self._opens(mark, kek_number, _destroyed(subject, key_id))

    def check_value(self, kek_number: int) -> bytes:
        return self._cipher.seal(self._key(kek_number), b"", CHECKED)

    def fits(self, check_value: bytes, kek_number: int) -> bool:
        return self._opens(check_value, kek_number, CHECKED)

    def _opens(self, sealed: bytes, kek_number: int, bound_to: bytes) -> bool:
        try:
            return self._cipher.open(self._key(kek_number), sealed, bound_to) == b""
        except SealBroken:
            return False

    def _key(self, number: int) -> bytes:
        if number not in self._keys:
            raise UnknownKek(number)
        return self._keys[number]

    def __repr__(self) -> str:
        return f"LocalKek(keys {', '.join(map(str, self._keys))})"


def _key(subject: UUID, key_id: int) -> bytes:
    return f"data key {subject}/{key_id}".encode()


def _destroyed(subject: UUID, key_id: int) -> bytes:
    return f"destroyed data key {subject}/{key_id}".encode()
