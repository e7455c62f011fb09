"""Where data keys come from: the vault, in this process or another."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.chassis.ground.refusals import Refused, Rule, rule
from services.chassis.security.sealing import DataKey

DATA_KEY_MISSING = rule(
    "data_key_missing",
    zh="这些个人信息的数据密钥不在密钥库中，也没有销毁记录：密钥是丢失，不是依法销毁，因此没有读写任何内容。"
    "请系统管理员恢复密钥库最近的备份（lika doctor 会列出所缺密钥），然后重试。",
    en="A data key that personal data are sealed under is not in the vault, nor was its destruction recorded: it was lost, not"
    " lawfully destroyed, and nothing was read or written. Have the operator restore the vault's latest backup (lika doctor"
    " says what is missing), then try again.",
    source="decision 0041",
)
DATA_KEY_ALTERED = rule(
    "data_key_altered",
    zh="密钥库中这些个人信息的数据密钥打不开：记录被改动，或与他人的对调。没有读写任何内容。"
    "请系统管理员查明改动，恢复密钥库最近的备份，然后重试。",
    en="A data key in the vault does not unwrap: its record was altered, or exchanged with another's. Nothing was read or"
    " written. Have the operator find out who changed the vault, restore its latest backup, then try again.",
    source="decision 0041",
)
DESTRUCTION_FORGED = rule(
    "key_destruction_forged",
    zh="密钥库中这些个人信息的数据密钥标为已销毁，但销毁标记不是密钥库所作，不能视为依法销毁。没有读写任何内容。"
    "请系统管理员查明改动，恢复密钥库最近的备份，然后重试。",
    en="A data key is marked as destroyed, but the vault did not make the mark: this is no lawful erasure. Nothing was read or"
    " written. Have the operator find out who changed the vault, restore its latest backup, then try again.",
    source="decision 0041",
)
DESTRUCTION_REMOVED = rule(
    "key_destruction_removed",
    zh="这些个人信息的数据密钥已依法销毁，但销毁时间被人从密钥库中删除。没有读写任何内容。"
    "请系统管理员查明改动，恢复密钥库最近的备份，然后重试。",
    en="A data key was lawfully destroyed, and somebody removed the date of it from the vault. Nothing was read or written."
    " Have the operator find out who changed the vault, restore its latest backup, then try again.",
    source="decision 0041",
)
UNUSABLE: Mapping[str, Rule] = {
    why.code: why for why in (DATA_KEY_MISSING, DATA_KEY_ALTERED, DESTRUCTION_FORGED, DESTRUCTION_REMOVED)
}
"""Why a key cannot be used although it was not lawfully destroyed."""


class DataKeyUnusable(Refused):
    """Personal data cannot be opened or sealed, and were not lawfully erased either. ``keys``: how many are affected."""

    def __init__(self, why: Rule, keys: int) -> None:
        super().__init__(why, keys=keys)


class DataKeys(Protocol):
    """The data keys of persons, households, cases. Threadsafe; every call but ``cached_keys`` may block. Every call raises
    ``Unavailable`` while the vault cannot be reached, and those that give keys raise ``DataKeyUnusable``."""

    def keys_for(self, subjects: Iterable[UUID], sealed: Collection[UUID] = ()) -> Mapping[UUID, DataKey]:
        """The key of each subject, made where there is none; a shredded subject is left out. ``sealed``: of these something
        is sealed already, so that a key that is not there was lost, and no other is made in its place."""

    def keys_for_dry_run(self, subjects: Iterable[UUID], sealed: Collection[UUID] = ()) -> Mapping[UUID, DataKey]:
        """``keys_for``, but a key that would be made is one that nobody keeps."""

    def cached_keys(self, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey] | None:
        """``keys_for`` if every subject's keys are at hand, else ``None``."""

    def keys_by_id(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], DataKey]:
        """The keys that sealed values name, by subject and key id; those that were lawfully destroyed are left out."""

    def destroyed_among(self, subjects: Iterable[UUID]) -> Collection[UUID]:
        """Those whose key was lawfully destroyed. Raises ``DataKeyUnusable`` where one of them has none."""

    def unusable_among(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], str]:
        """Of the keys that sealed values name those that cannot be used, with the code of the rule that says why. No key is
        given out, and none comes from memory."""

    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        """Note that what is sealed under ``key`` is about these subjects, so that whoever is asked about one of them
        finds it."""

    def concerning(self, subject: UUID) -> Sequence[UUID]:
        """The keys of what is about this subject, its own not among them."""

    def shred(self, subject: UUID) -> bool:
        """Crypto-shredding: destroy the subject's key for ever. False when there was none left to destroy; none is made for it
        from now on in any case."""

    def destroyed_since(self, instant: datetime) -> Sequence[UUID]:
        """The subjects whose keys were destroyed then or later."""

    def close(self) -> None: ...


class SharedDataKeys:
    """Opens data keys once for a process, whoever asks. Sent to another process, it opens them there anew."""

    def __init__(self, open_data_keys: Callable[[], DataKeys]) -> None:
        """``open_data_keys`` can be pickled."""
        self._open, self._opening = open_data_keys, threading.Lock()
        self._opened: DataKeys | None = None

    def __call__(self) -> DataKeys:
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedDataKeys, (self._open,)
