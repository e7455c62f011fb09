"""The vault over HTTP. Every request has one effect however often it is sent, so that none needs an Idempotency-Key. Keys stand
in the bodies of answers alone, which nobody may store."""

from typing import Annotated, Any
from uuid import UUID

import anyio
import msgspec
from fastapi import Query, Request, Response
from pydantic import AwareDatetime, Field

from services.chassis.ground.metrics import vault_keys
from services.chassis.security import vault_messages as messages
from services.chassis.security.actor import Actor
from services.chassis.security.key_cache import LoadedKeys
from services.chassis.security.key_ids import LARGEST_ID
from services.chassis.web.callers import CurrentActor
from services.chassis.web.payloads import Body
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.security_record import ON_RECORD, ON_RECORD_COUNT
from services.registry.vault.access import require_asker
from services.registry.vault.keys import Vault

Subjects = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=messages.AT_ONCE)]
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}


class KeysForm(Body):
    """``sealed``: of these something is sealed already, so that no key is made for them."""

    subjects: Subjects
    sealed: tuple[UUID, ...] = Field(default=(), max_length=messages.AT_ONCE)


class SealedUnderForm(Body):
    subject: UUID
    id: int = Field(ge=1, le=LARGEST_ID)


class ComparisonForm(Body):
    """Keys as sealed values name them."""

    keys: tuple[SealedUnderForm, ...] = Field(min_length=1, max_length=messages.AT_ONCE)


class ConcernsForm(Body):
    """What is sealed under ``key`` is about ``subjects``."""

    key: UUID
    subjects: Subjects


class SubjectForm(Body):
    subject: UUID


def vault_router(vault: Vault) -> DeferredRouter:
    """Under ``/keys``, ``/concerns`` and ``/destructions``."""
    router = DeferredRouter(tags=["vault"])

    @router.post("/keys", response_class=Response, responses=JSON)
    async def make_keys(form: KeysForm, actor: CurrentActor, request: Request) -> Response:
        """The key of each subject, made where there is none."""
        return await _keys(form, actor, request, "make_keys", make=True)

    @router.post("/keys/readings", response_class=Response, responses=JSON)
    async def read_keys(form: KeysForm, actor: CurrentActor, request: Request) -> Response:
        """The key of each subject that has one."""
        return await _keys(form, actor, request, "read_keys", make=False)

    async def _keys(form: KeysForm, actor: Actor, request: Request, act: str, *, make: bool) -> Response:
        vault_keys.labels(require_asker(act, actor), act).inc(len(form.subjects))
        _put_on_record(request, "data_keys_given", len(form.subjects))
        loaded = await anyio.to_thread.run_sync(lambda: vault.load(form.subjects, make=make, sealed=form.sealed))
        return _answer(_keys_json(loaded))

    @router.post("/keys/comparisons", response_class=Response, responses=JSON)
    async def compare_keys(form: ComparisonForm, actor: CurrentActor, request: Request) -> Response:
        """Of the keys that sealed values name those that cannot be used, and why. No key is given out."""
        vault_keys.labels(require_asker("compare_keys", actor), "compare_keys").inc(len(form.keys))
        _put_on_record(request, "data_keys_compared", len(form.keys))
        wanted = [(each.subject, each.id) for each in form.keys]
        found = await anyio.to_thread.run_sync(vault.unusable_among, wanted)
        return _answer(messages.ComparisonJson(tuple(messages.SealedUnder(s, i, c) for (s, i), c in found.items())))

    @router.post("/concerns", status_code=204)
    async def list_concerns(form: ConcernsForm, actor: CurrentActor) -> None:
        """Note whom a key concerns, so that whoever is asked about them finds it."""
        require_asker("list_concerns", actor)
        await anyio.to_thread.run_sync(vault.list_under, form.key, form.subjects)

    @router.post("/concerns/readings", response_class=Response, responses=JSON)
    async def read_concerns(form: SubjectForm, actor: CurrentActor) -> Response:
        """The keys of what is about a subject."""
        require_asker("read_concerns", actor)
        return _answer(messages.SubjectsJson(tuple(await anyio.to_thread.run_sync(vault.concerning, form.subject))))

    @router.get("/destructions", response_class=Response, responses=JSON)
    async def read_destructions(since: Annotated[AwareDatetime, Query()], actor: CurrentActor) -> Response:
        """The subjects whose keys were destroyed at an instant or later."""
        require_asker("read_destructions", actor)
        return _answer(messages.SubjectsJson(tuple(await anyio.to_thread.run_sync(vault.destroyed_since, since))))

    @router.post("/destructions", response_class=Response, responses=JSON)
    async def destroy_key(form: SubjectForm, actor: CurrentActor, request: Request) -> Response:
        """Destroy a subject's key for ever."""
        service = require_asker("destroy_key", actor)
        destroyed = await anyio.to_thread.run_sync(vault.shred, form.subject)
        vault_keys.labels(service, "destroy_key").inc()
        _put_on_record(request, "data_key_destroyed", int(destroyed))
        return _answer(messages.DestroyedJson(destroyed))

    return router


def _put_on_record(request: Request, event: str, count: int) -> None:
    """Which service had how many: a line of the security log; never whose."""
    request.scope[ON_RECORD], request.scope[ON_RECORD_COUNT] = event, count


def _keys_json(loaded: LoadedKeys) -> messages.KeysJson:
    return messages.KeysJson(
        tuple(
            messages.KeyJson(subject, 0 if key is None else key.id, None if key is None else key.secret)
            for subject, key in loaded.keys.items()
        ),
        tuple(messages.UnusableJson(subject, code) for subject, code in loaded.unusable.items()),
    )


def _answer(content: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json", headers={"Cache-Control": "no-store"})
