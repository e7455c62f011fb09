"""``/forms``: what a page draws a command's form from."""

import anyio

from services.chassis.web.routing import DeferredRouter
from services.console.forms import FormAnswer, form_of


def forms_router() -> DeferredRouter:
    router = DeferredRouter()

    @router.get("/forms/{service}/{act}")
    async def read_form(service: str, act: str) -> FormAnswer:
        """The form of a command: its fields in order, with labels, kinds, bounds and codes in both languages."""
        return await anyio.to_thread.run_sync(form_of, service, act)

    return router
