"""The vault in another process: ``DataKeys`` over HTTP."""

import time
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec
import structlog

from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.security import vault_messages as messages
from services.chassis.security.data_keys import UNUSABLE
from services.chassis.security.key_cache import CAPACITY, TTL_SECONDS, CachedDataKeys, LoadedKeys
from services.chassis.security.sealing import DataKey

VAULT_AWAY = rule(
    "vault_unavailable",
    zh="密钥库暂时不可用，个人信息既不能加密也不能打开；没有保存任何内容，请稍后再试。",
    en="The vault of data keys cannot be reached at this moment, so that personal data can be neither sealed nor opened; nothing"
    " was saved, try again shortly.",
    source="decision 0041",
    status=503,
)
VAULT_DENIES = rule(
    "vault_denies_service",
    zh="密钥库拒绝了本服务的请求，没有保存任何内容；请系统管理员核对服务密钥与密钥库的权限表。",
    en="The vault of data keys does not let this service do that; nothing was saved. Have the operator check the service's key and"
    " the vault's access table.",
    source="decision 0041",
    status=503,
)

TIMEOUT = httpx.Timeout(connect=1.0, write=5.0, read=10.0, pool=2.0)
RETRY_AFTER = 2
REST_SECONDS = 1.0
"""After a failure requests are answered at once, instead of each waiting for a vault that is away."""

T = TypeVar("T")
log = structlog.get_logger("lika.vault_client")


class VaultClient(CachedDataKeys):
    """``client`` proves which service it is, and its base address is the vault's; closed with this one. Threadsafe."""

    def __init__(self, client: httpx.Client, *, capacity: int = CAPACITY, ttl_seconds: float = TTL_SECONDS) -> None:
        super().__init__(capacity, ttl_seconds)
        self._client = client
        self._rest_until = 0.0

    def close(self) -> None:
        self._client.close()
        super().close()

    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        for some in batches(sorted(set(subjects))):
            self._send(messages.CONCERNS, {"key": key, "subjects": some})

    def concerning(self, subject: UUID) -> list[UUID]:
        found = self._post(messages.CONCERNS_READINGS, {"subject": subject}, messages.SubjectsJson)
        return list(found.subjects)

    def destroyed_since(self, instant: datetime) -> list[UUID]:
        answer = self._ask("GET", messages.DESTRUCTIONS, params={"since": instant.isoformat()})
        return list(self._read(answer, messages.SubjectsJson).subjects)

    def unusable_among(self, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
        found: dict[tuple[UUID, int], str] = {}
        for some in batches(sorted(set(wanted))):
            sealed = [{"subject": subject, "id": key_id} for subject, key_id in some]
            answer = self._post(messages.COMPARISONS, {"keys": sealed}, messages.ComparisonJson)
            found |= {(key.subject, key.id): key.code for key in answer.unusable}
        return found

    def _shred(self, subject: UUID) -> bool:
        return self._post(messages.DESTRUCTIONS, {"subject": subject}, messages.DestroyedJson).destroyed

    def _load(self, subjects: Sequence[UUID], *, make: bool, sealed: Collection[UUID] = ()) -> LoadedKeys:
        loaded, path, all_sealed = LoadedKeys(), messages.KEYS if make else messages.READINGS, set(sealed)
        for some in batches(subjects):
            body = {"subjects": some, "sealed": sorted(all_sealed.intersection(some))}
            answer = self._post(path, body, messages.KeysJson)
            loaded.keys |= {key.subject: _opened(key) for key in answer.keys}
            loaded.unusable |= {each.subject: each.code for each in answer.unusable}
        if not set(loaded.unusable.values()) <= UNUSABLE.keys():
            raise self._away("unknown_code")  # of a vault of another release
        return loaded

    def _post(self, path: str, body: object, kind: type[T]) -> T:
        return self._read(self._send(path, body), kind)

    def _send(self, path: str, body: object) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self._ask("POST", path, content=msgspec.json.encode(body), headers=headers)

    def _read(self, answer: httpx.Response, kind: type[T]) -> T:
        """Raises ``Unavailable`` where something else than a vault of this release answers."""
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError:
            raise self._away("not_an_answer") from None

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Raises ``Unavailable``."""
        if time.monotonic() < self._rest_until:
            raise Unavailable(VAULT_AWAY, retry_after=RETRY_AFTER)
        try:
            try:
                answer = self._client.request(method, path, timeout=TIMEOUT, **request)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                # A connection that the vault closed while it was idle shows only when it is used. Whatever is asked of the
                # vault has one effect however often it is asked.
                answer = self._client.request(method, path, timeout=TIMEOUT, **request)
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from None
        if answer.status_code in (401, 403):
            log.error("vault_denies", status=answer.status_code, code=_code(answer))
            raise Unavailable(VAULT_DENIES, retry_after=30)
        if not answer.is_success:
            raise self._away(_code(answer))
        return answer

    def _away(self, kind: str) -> Unavailable:
        self._rest_until = time.monotonic() + REST_SECONDS
        log.warning("vault_unavailable", kind=kind)
        return Unavailable(VAULT_AWAY, retry_after=RETRY_AFTER)


def batches(things: Iterable[T]) -> Iterable[list[T]]:
    """As many at a time as one request may name."""
    left = iter(things)
    while some := list(islice(left, messages.AT_ONCE)):
        yield some


def _opened(key: messages.KeyJson) -> DataKey | None:
    return None if key.secret is None else DataKey(key.subject, key.id, key.secret)


def _code(answer: httpx.Response) -> str:
    """Of the problem, where whoever answers is the vault."""
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "no_problem_document"
