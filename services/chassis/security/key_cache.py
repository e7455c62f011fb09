"""Data keys in memory: the part of ``DataKeys`` that is the same wherever the vault is."""

import os
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.chassis.security.data_keys import DATA_KEY_MISSING, UNUSABLE, DataKeyUnusable
from services.chassis.security.key_ids import new_key_ids
from services.chassis.security.sealing import KEY_BYTES, DataKey

CAPACITY = 50_000
TTL_SECONDS = 60.0


@dataclass(slots=True)
class LoadedKeys:
    """What the vault has: of a subject its key, ``None`` where that was destroyed, or in ``unusable`` the code of the rule that
    says why there is neither. A subject that never had a key is in none of them."""

    keys: dict[UUID, DataKey | None] = field(default_factory=dict)
    unusable: dict[UUID, str] = field(default_factory=dict)


class CachedDataKeys(ABC):
    """Threadsafe. ``capacity``: keys kept in memory; ``ttl_seconds``: for how long, which bounds how long another process may
    still hold a key that was destroyed here."""

    def __init__(self, capacity: int = CAPACITY, ttl_seconds: float = TTL_SECONDS) -> None:
        self._cache = KeyCache(capacity, ttl_seconds)

    @abstractmethod
    def _load(self, subjects: Sequence[UUID], *, make: bool, sealed: Collection[UUID] = ()) -> LoadedKeys:
        """From the vault. ``subjects`` are sorted: in one order everywhere two that make keys cannot block each other.
        ``make``: where there is none, but for ``sealed``."""

    @abstractmethod
    def _shred(self, subject: UUID) -> bool: ...

    @abstractmethod
    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None: ...

    @abstractmethod
    def concerning(self, subject: UUID) -> Sequence[UUID]: ...

    @abstractmethod
    def destroyed_since(self, instant: datetime) -> Sequence[UUID]: ...

    def keys_for(self, subjects: Iterable[UUID], sealed: Collection[UUID] = ()) -> dict[UUID, DataKey]:
        return {s: key for s, key in self._known(subjects, make=True, sealed=sealed).items() if key is not None}

    def keys_for_dry_run(self, subjects: Iterable[UUID], sealed: Collection[UUID] = ()) -> dict[UUID, DataKey]:
        wanted = set(subjects)
        known = self._known(wanted, make=False, sealed=sealed)
        new = wanted - known.keys()
        drawn = zip(new, new_key_ids(len(new)), random_secrets(len(new)), strict=True)
        made = {s: DataKey(s, key_id, secret) for s, key_id, secret in drawn}
        return made | {s: key for s, key in known.items() if key is not None}

    def cached_keys(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey] | None:
        """Does not block."""
        wanted = set(subjects)
        cached = self._cache.get(wanted)
        return {s: key for s, key in cached.items() if key is not None} if len(cached) == len(wanted) else None

    def keys_by_id(self, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], DataKey]:
        pairs = set(wanted)
        subjects = {subject for subject, _ in pairs}
        known = self._known(subjects, make=False, sealed=subjects)
        lost = sum(1 for s, key_id in pairs if (key := known[s]) is not None and key.id != key_id)
        if lost:
            raise DataKeyUnusable(DATA_KEY_MISSING, lost)
        return {(s, key_id): key for s, key_id in pairs if (key := known[s]) is not None}

    def destroyed_among(self, subjects: Iterable[UUID]) -> set[UUID]:
        wanted = set(subjects)
        return {s for s, key in self._known(wanted, make=False, sealed=wanted).items() if key is None}

    def unusable_among(self, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
        pairs = set(wanted)
        subjects = sorted({subject for subject, _ in pairs})
        loaded = self._load(subjects, make=False, sealed=subjects)
        found: dict[tuple[UUID, int], str] = {}
        for subject, key_id in pairs:
            if (code := loaded.unusable.get(subject)) is not None:
                found[subject, key_id] = code
            elif (key := loaded.keys[subject]) is not None and key.id != key_id:
                found[subject, key_id] = DATA_KEY_MISSING.code
        return found

    def shred(self, subject: UUID) -> bool:
        try:
            return self._shred(subject)
        finally:
            # Also where nobody knows whether it got through.
            self._cache.evict(subject)

    def close(self) -> None:
        self._cache.clear()

    def _known(
        self, subjects: Iterable[UUID], *, make: bool, sealed: Collection[UUID] = ()
    ) -> dict[UUID, DataKey | None]:
        """From memory, else from the vault. Raises ``DataKeyUnusable`` for the first of the rules that hold; the keys that are
        sound are at hand from then on."""
        wanted = set(subjects)
        cached = self._cache.get(wanted)
        left = sorted(wanted - cached.keys())
        if not left:
            return cached
        generation = self._cache.generation
        loaded = self._load(left, make=make, sealed=sealed)
        self._cache.put(loaded.keys, generation)
        if loaded.unusable:
            code = min(loaded.unusable.values())
            raise DataKeyUnusable(UNUSABLE[code], sum(1 for each in loaded.unusable.values() if each == code))
        return cached | loaded.keys


def random_secrets(number: int) -> list[bytes]:
    random = os.urandom(KEY_BYTES * number)
    return [random[start : start + KEY_BYTES] for start in range(0, len(random), KEY_BYTES)]


class KeyCache:
    """LRU cache with a time to live; never holds a key that was read before a shredding."""

    def __init__(self, capacity: int, ttl_seconds: float) -> None:
        self._capacity = capacity
        self._ttl_seconds = ttl_seconds
        self._keys: OrderedDict[UUID, tuple[float, DataKey | None]] = OrderedDict()
        self._lock = threading.Lock()
        self.generation = 0
        """Incremented by every shredding."""

    def get(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        found: dict[UUID, DataKey | None] = {}
        with self._lock:
            now = time.monotonic()
            for subject in subjects:
                expires_at, key = self._keys.get(subject, (0.0, None))
                if expires_at > now:
                    self._keys.move_to_end(subject)
                    found[subject] = key
        return found

    def put(self, keys: dict[UUID, DataKey | None], generation: int) -> None:
        with self._lock:
            if self.generation != generation:
                return
            expires_at = time.monotonic() + self._ttl_seconds
            for subject, key in keys.items():
                self._keys[subject] = expires_at, key
                self._keys.move_to_end(subject)
            while len(self._keys) > self._capacity:
                self._keys.popitem(last=False)

    def evict(self, subject: UUID) -> None:
        with self._lock:
            self.generation += 1
            self._keys.pop(subject, None)

    def clear(self) -> None:
        with self._lock:
            self.generation += 1
            self._keys.clear()
