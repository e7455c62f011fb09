"""Key-encryption keys, which wrap data keys at rest. A KMS can replace ``LocalKek`` by the same protocol."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from services.chassis.security.sealing import CIPHERS, KEY_BYTES, SEALS_WITH
from services.registry.messages import say


class UnknownKek(LookupError):
    """A data key is wrapped under a key-encryption key that this installation does not hold."""

    def __init__(self, number: int) -> None:
        super().__init__(say("kek_missing", number=number).line)
        self.number = number


class KeyEncryption(Protocol):
    """Wraps and unwraps 32-byte secrets, bound to their subject and key number. Threadsafe."""

    @property
    def number(self) -> int:
        """The key-encryption key in use; older ones still unwrap."""
        ...

    def wrap(self, secret: bytes, subject: UUID, number: int) -> bytes: ...

    def unwrap(self, wrapped: bytes, kek_number: int, subject: UUID, number: int) -> bytes:
        """Raises ``UnknownKek`` and ``services.chassis.security.sealing.SealBroken``."""
        ...


class LocalKek:
    """AES-256-GCM under keys from the settings; the highest number wraps."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(secret) != KEY_BYTES for secret in keys.values()):
            raise ValueError("at least one key-encryption key, each of 32 bytes")
        self._keys = dict(keys)
        self._cipher = CIPHERS[SEALS_WITH]

    @property
    def number(self) -> int:
        return max(self._keys)

    def wrap(self, secret: bytes, subject: UUID, number: int) -> bytes:
        return self._cipher.seal(self._keys[self.number], secret, _associated_data(subject, number))

    def unwrap(self, wrapped: bytes, kek_number: int, subject: UUID, number: int) -> bytes:
        if kek_number not in self._keys:
            raise UnknownKek(kek_number)
        return self._cipher.open(self._keys[kek_number], wrapped, _associated_data(subject, number))

    def __repr__(self) -> str:
        return f"LocalKek(keys {', '.join(map(str, sorted(self._keys)))})"


def _associated_data(subject: UUID, number: int) -> bytes:
    return f"data key {subject}/{number}".encode()
