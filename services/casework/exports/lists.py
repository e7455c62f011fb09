"""Lists as files. Asked for as xlsx or CSV (``Accept``), a list answers with all of its pages in one file: of one snapshot of
the database, recorded as a reading of many before it is given out."""

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID, uuid4

import anyio
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers, QueryParams
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.casework.exports.columns import Language, Numbers, table_of
from services.casework.exports.files import CSV, EXTENSIONS, most_rows, table_file
from services.casework.exports.head import Head, end_line, file_name, positions_in
from services.casework.exports.negotiation import JSON, language, media_type
from services.casework.exports.pages import NoPage, items_of
from services.casework.exports.readings import record_export, uuids_in
from services.casework.exports.rules import EXPORT_IS_WHOLE, EXPORT_TOO_LARGE, EXPORTS_BUSY, TOO_MANY_EXPORTS
from services.casework.media_types import XLSX
from services.chassis.ground.labels import Label
from services.chassis.ground.refusals import Refused
from services.chassis.log.snapshot import Connection
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import ACTOR
from services.chassis.web.position_tokens import HEADER, format_positions, parse_positions
from services.chassis.web.positions import Waits
from services.chassis.web.provisional import READS_VIEWS
from services.chassis.web.request_budgets import SCOPE_KEY
from services.chassis.web.security_record import EXPORT, ON_RECORD
from services.chassis.web.slots import Slots

NumbersOf = Callable[[Connection, Collection[UUID]], Numbers]
"""The numbers that people know households by, of those among these ids that have one."""
ITEMS_HEADER = "Lika-Items"
CHUNK = 64 * 1024
VARY = "Accept, Accept-Language"


def no_numbers(_: Connection, __: Collection[UUID]) -> Numbers:
    """Of a service whose lists name no household."""
    return {}


@dataclass(slots=True)
class RunningExport:
    """``items`` read so far."""

    account: str
    operation: str
    started_at: datetime
    items: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """``pages``: the route's own application."""

    route: APIRoute
    item: type[BaseModel]
    pages: ASGIApp


@dataclass(frozen=True, slots=True)
class ExportedFile:
    content: IO[bytes]
    size: int
    items: int
    head: Head


@dataclass(slots=True)
class ListExports:
    """Of one service. ``running``: those being written now, in this process."""

    service: Service
    wait_for_positions: Waits
    numbers: NumbersOf = no_numbers
    running: dict[UUID, RunningExport] = field(default_factory=dict, init=False)
    _slots: Slots = field(init=False)

    def __post_init__(self) -> None:
        limits = self.service.environment.settings.limits
        self._slots = Slots(limits.exports_per_account, limits.exports, TOO_MANY_EXPORTS, EXPORTS_BUSY)

    def answers(self, responses: Mapping[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
        """``responses`` of a list, with the files."""
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {**responses, 200: {"content": {CSV: {"schema": {"type": "string"}}, XLSX: binary}}}

    def of(self, route: APIRoute, item: type[BaseModel]) -> ASGIApp:
        """Instead of the route's own application."""
        exported = Exported(route, item, route.app)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            headers = Headers(scope=scope)
            wanted = media_type(headers.get("Accept", ""))
            if wanted == JSON:
                await exported.pages(scope, receive, send)
            else:
                await self._export(exported, wanted, language(headers.get("Accept-Language", "")), scope, receive, send)

        return answer

    async def _export(
        self, exported: Exported, wanted: str, written_in: Language, scope: Scope, receive: Receive, send: Send
    ) -> None:
        actor: Actor = scope[ACTOR]
        query = QueryParams(scope["query_string"])
        if {"limit", "cursor"} & query.keys():
            raise Refused(EXPORT_IS_WHOLE)
        if (budgets := scope.get(SCOPE_KEY)) is not None:
            budgets.spend_costly(actor)
        scope[READS_VIEWS], scope[ON_RECORD] = True, EXPORT
        await self.wait_for_positions(parse_positions(Headers(scope=scope).get(HEADER)))
        key = uuid4()
        with self._slots.one(actor.subject):
            started = await anyio.to_thread.run_sync(self.service.store.now)
            self.running[key] = RunningExport(actor.subject, exported.route.name, started)
            try:
                file = await anyio.to_thread.run_sync(self._write, key, exported, wanted, written_in, scope)
            except NoPage as refused:
                for message in refused.answer:
                    await send(message)
                return
            finally:
                del self.running[key]
        try:
            await record_export(self.service.store, exported.route, actor, EXTENSIONS[wanted], query, file.items)
        except BaseException:
            file.content.close()
            raise
        await StreamingResponse(_chunks(file.content), headers=_headers(file, wanted, written_in))(scope, receive, send)

    def _write(self, key: UUID, exported: Exported, wanted: str, written_in: Language, scope: Scope) -> ExportedFile:
        """Blocking. Raises ``NoPage`` and ``Refused``."""
        limits, most = self.service.environment.settings.limits, most_rows(wanted)
        table = table_of(exported.item, written_in)
        running = self.running[key]

        def count(items: int) -> None:
            running.items = items
            if items > limits.export_items:
                raise Refused(EXPORT_TOO_LARGE, limit=limits.export_items)

        with ExitStack() as stack, ExitStack() as failed:
            content: IO[bytes] = failed.enter_context(tempfile.TemporaryFile())
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            snapshot = stack.enter_context(self.service.store.snapshot())
            head = self._head(exported.route, scope, snapshot.instant, positions_in(snapshot, self.service.name))
            file = table_file(wanted, content, folder, head.list.zh)
            failed.callback(file.finish)  # for what the library has open
            file.heading(head.cells(written_in), [written_in.write(c.header) for c in table.columns])
            rows = 0
            for items in items_of(exported.pages, scope, count):
                numbers = self.numbers(snapshot.connection, uuids_in(items))
                for cells in (line for item in items for line in table.rows(item, numbers)):
                    file.line(cells)
                    rows += 1
                if most is not None and rows > most:
                    raise Refused(EXPORT_TOO_LARGE, limit=most)
            file.line([end_line(running.items, written_in)])
            file.finish()
            size = content.tell()
            content.seek(0)
            failed.pop_all()
            return ExportedFile(content, size, running.items, head)

    def _head(self, route: APIRoute, scope: Scope, instant: datetime, positions: Mapping[str, int]) -> Head:
        row, actor = self.service.access.row(route.name), scope[ACTOR]
        title = Label(row.zh.removeprefix("查看"), row.en)
        asked = dict(QueryParams(scope["query_string"]))
        return Head(
            title, route.name, asked, instant, positions, actor.subject, actor.division,
            self.service.store.clock.simulated,
        )  # fmt: skip


def _headers(file: ExportedFile, wanted: str, written_in: Language) -> dict[str, str]:
    title = file.head.list.en if written_in is Language.EN else file.head.list.zh
    name = file_name(title, file.head.asked, file.head.as_of, EXTENSIONS[wanted])
    plain = f"{file.head.operation}.{EXTENSIONS[wanted]}"
    return {
        "Content-Type": "text/csv; charset=utf-8; header=present" if wanted == CSV else wanted,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Length": str(file.size), ITEMS_HEADER: str(file.items), "Vary": VARY,
        HEADER: format_positions(file.head.positions),
    }  # fmt: skip


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK):
            yield chunk
