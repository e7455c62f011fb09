"""``/forms`` and ``/reads``: what a page draws a command's form from, and a list or a record that it does not know."""

import anyio

from services.chassis.web.routing import DeferredRouter
from services.console.form_fields import FormAnswer
from services.console.forms import form_of
from services.console.reads import ReadForm, ReadSummary, described_read, reads_of


def forms_router() -> DeferredRouter:
    router = DeferredRouter()

    @router.get("/forms/{service}/{act}")
    async def read_form(service: str, act: str) -> FormAnswer:
        """The form of a command: its fields in order, with labels, kinds, bounds and codes in both languages."""
        return await anyio.to_thread.run_sync(form_of, service, act)

    @router.get("/reads/{service}")
    async def list_reads(service: str) -> list[ReadSummary]:
        """What can be read of a service, and where."""
        return list(await anyio.to_thread.run_sync(reads_of, service))

    @router.get("/reads/{service}/{act}")
    async def describe_read(service: str, act: str) -> ReadForm:
        """A read: by what it is asked, and what its answer holds, with labels in both languages."""
        return await anyio.to_thread.run_sync(described_read, service, act)

    return router
