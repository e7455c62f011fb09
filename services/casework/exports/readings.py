"""An export is a reading of many at once, and a fact before it is given out."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.datastructures import QueryParams

from contracts.casework.exports import ExportFilter, ExportFormat, ListExported
from services.casework.exports.columns import kinds_of
from services.casework.readings import record_reading
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.request_names import dependants

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def record_export(
    store: Store, route: APIRoute, actor: Actor, extension: str, query: QueryParams, items: int
) -> None:
    """Raises ``Unavailable``."""
    filters = tuple(_filters(route, query))
    await record_reading(
        store, actor.subject, f"GET {route.name}",
        lambda day: ListExported(
            effective_on=day, entered_by=actor.subject, reader=actor.subject, area=actor.division, operation=route.name,
            format=ExportFormat(extension), filters=filters, items=items,
        ),
    )  # fmt: skip


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
