"""The vault as a service of its own. It has no log: what it does is one table that others' logs are sealed under."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI

from services.chassis.ground.settings import Settings
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.operations_api import operations_router
from services.registry.vault.access import ACCESS
from services.registry.vault.api import vault_router
from services.registry.vault.keys import VAULT, Vault


def vault(settings: Settings, conninfo: str, verifier: Verifier) -> FastAPI:
    """The application, to be mounted at ``/vault``: ``conninfo`` names its migrated database, ``verifier`` knows the
    installation's services. Its lifespan (or ``app.state.vault.close()``, where nobody runs it) closes what it opens. Raises
    what ``Vault.of`` raises."""
    opened = Vault.of(settings, conninfo)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            opened.close()

    async def database_answers() -> bool:
        return await anyio.to_thread.run_sync(opened.answers, abandon_on_cancel=True)

    app = service_app(
        name=VAULT,
        title="立卡 · 密钥库 / Lika vault of data keys",
        routers=[vault_router(opened), operations_router({"database": database_answers})],
        access=ACCESS,
        lifespan=lifespan,
        verifier=verifier,
        limits=settings.limits,
    )
    app.state.vault, app.state.checks = opened, {f"{VAULT}.database": database_answers}
    return app
