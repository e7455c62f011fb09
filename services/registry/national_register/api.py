"""The national layout over HTTP: the households of an area on a day, with their members, as a workbook that an import takes in again
unchanged. Everything in it is in plain, so whose it is, who asked and by which order is recorded before it is given out."""

from datetime import date

import anyio
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from contracts.civil import civil_day
from contracts.registry.access import Purpose, ReadingOrder
from services.casework.dates import require_not_future
from services.casework.media_types import XLSX
from services.casework.purposes import access_stream, require_purpose
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import narrowed_to_area
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.position_tokens import HEADER
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.disclosures.api import FIELDS, OrderForm, until_tomorrow
from services.registry.disclosures.store import EXTENDS, Asked, Disclosures
from services.registry.national_register.store import NationalRegister, RegisterOfDay, as_households

LEFT_OUT = "Lika-Left-Out"
ITEMS = "Lika-Items"


class NationalExportForm(Body):
    """``division``: within your own; ``as_of``: no later than today; ``order``: the paper by which the rows are handed over."""

    division: str = Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["990001101201"])
    as_of: TypedDay
    order: OrderForm


def national_register_router(service: Service, register: NationalRegister, disclosures: Disclosures) -> DeferredRouter:
    router = DeferredRouter(prefix="/national-exports", tags=["national layout"])

    @router.post("", status_code=201, responses={**ACCEPTED, 201: {"content": {XLSX: {}}}})
    async def export_national_layout(
        form: NationalExportForm, command: CurrentCommand, after: AskedPositions
    ) -> Response:
        """The households of an area on a day, and their members, in the national system's columns and in plain. It is a reading
        of each of them, counted with your others of the day. A repeated request is answered without the file."""
        await service.wait_for_positions(after)
        actor, today = command.actor, civil_day(service.store.clock.now())
        require_purpose(Purpose.REPORTING, actor.roles)
        area = narrowed_to_area(form.division, actor)
        require_not_future(form.as_of, today)
        most = service.environment.settings.limits.export_items
        found = await anyio.to_thread.run_sync(register.on, area, form.as_of, actor, most)
        asked = Asked(
            actor=actor, purpose=Purpose.REPORTING, households=tuple(found.households), fields=FIELDS, matters=(),
            order=ReadingOrder(**form.order.model_dump()),
        )  # fmt: skip
        record, recorded = disclosures.handler(asked, as_households(found)), list[bool]()

        def work(tx: Tx) -> Reply:
            reply = record(tx)
            recorded.append(True)
            return reply

        try:
            answer = await execute(service.store, command, work, access_stream(command.by, today), extends=EXTENDS)
        except Refused as no:
            raise until_tomorrow(no) from no
        return await _file(register, found, today, answer) if recorded and not command.dry_run else answer

    return router


async def _file(register: NationalRegister, found: RegisterOfDay, today: date, answer: JSONResponse) -> Response:
    content = await anyio.to_thread.run_sync(register.file, found, today)
    name = f"national-{found.area}-{found.day.isoformat()}.xlsx"
    headers = {
        HEADER: answer.headers[HEADER],
        "Content-Disposition": f'attachment; filename="{name}"',
        ITEMS: str(len(found.households)),
        LEFT_OUT: str(found.unnumbered + found.elsewhere),
    }
    return Response(content, 201, headers, XLSX)
