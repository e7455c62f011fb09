"""An export is a reading of many at once, and a fact before it is given out."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.datastructures import QueryParams

from contracts.casework.exports import ExportFilter, ExportFormat, ListExported
from services.casework.exports.columns import kinds_of
from services.casework.purposes import access_stream
from services.chassis.ground.refusals import Unavailable
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.web.request_names import dependants

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def record_export(
    store: Store, route: APIRoute, actor: Actor, extension: str, query: QueryParams, items: int
) -> None:
    """Raises ``Unavailable``."""
    reader, stream = actor.subject, access_stream(actor.subject)
    filters = tuple(_filters(route, query))

    def work(tx: Tx) -> Reply:
        fact = ListExported(
            effective_on=tx.today, entered_by=reader, reader=reader, operation=route.name,
            format=ExportFormat(extension), filters=filters, items=items,
        )  # fmt: skip
        tx.append(stream, fact)
        return Reply()

    # Every export is one of its own: nothing is remembered of the request.
    command = CommandRef(uuid4(), reader, f"GET {route.name}", "", b"")
    try:
        await store.submit_async(Unit(command, work, extends=(stream,), remembered=False))
    except StoreUnavailable as away:
        raise Unavailable(away.rule, retry_after=5) from away


def _filters(route: APIRoute, query: QueryParams) -> Iterator[ExportFilter]:
    """Codes, days, numbers and ids; what people may type freely is not kept, for it may be somebody's name."""
    declared = {f.alias: f.field_info for each in dependants(route.dependant) for f in each.query_params}
    for name, value in query.items():
        yield ExportFilter(parameter=name, value=None if _is_free(declared[name]) else value)


def _is_free(parameter: FieldInfo) -> bool:
    has_pattern = any(getattr(each, "pattern", None) is not None for each in parameter.metadata)
    return str in kinds_of(parameter.annotation) and not has_pattern


def uuids_in(value: Any) -> set[UUID]:
    """Every id in an answer's JSON."""
    return {UUID(text) for text in _texts(value) if _ID.fullmatch(text)}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
