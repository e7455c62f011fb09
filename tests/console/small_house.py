"""A house of one small service and the console before it: in one process, or apart, over HTTP."""

import json
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import httpx
from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.responses import JSONResponse
from starlette.routing import Router
from starlette.types import ASGIApp

from contracts.roles import Role
from services.chassis.ground.limits import Limits
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Verifier
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.root import root_app
from services.chassis.web.routing import DeferredRouter
from services.console.forwarding import Forwarder
from services.console.gateway import Gateway
from services.console.service import console
from services.console.sessions import Session, Sessions
from tests.chassis.web.tokens import NOW
from tests.support.serving import serving

API = "/console/api/registry"
CADRE = {"Lika-Account": "cadre-1"}
LIMITS = Limits(failed_sign_ins=3, failed_sign_ins_per_second=0.001, throttled_seconds=0)

router = DeferredRouter()


@router.get("/notes")
async def read_notes(request: Request, actor: CurrentActor) -> JSONResponse:
    """What arrived, and from where."""
    told = {
        "account": actor.subject,
        "client": request.client and request.client.host,
        "scheme": request.url.scheme,
        "headers": sorted(request.headers.keys()),
        "bearer": request.headers["authorization"],
    }
    headers = {"Set-Cookie": "peers=own", "Connection": "x-own", "X-Own": "1", "Lika-Clock": "now=2016"}
    return JSONResponse(told, headers=headers)


@router.get("/notes/{name}")
async def read_note(name: str, actor: CurrentActor) -> dict[str, str]:
    return {"name": name}


@router.post("/notes", status_code=201)
async def write_note(note: dict[str, Any], actor: CurrentActor) -> dict[str, int]:
    return {"length": len(note["text"])}


@router.get("/parts")
async def read_parts(actor: CurrentActor) -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one,"
        yield b"two"

    return StreamingResponse(parts(), media_type="text/csv")


ACCESS = AccessTable(
    *DOCUMENTATION_ROWS,
    *(
        AccessRow(act, None, Relation.NONE, "试", "Try")
        for act in ("read_notes", "read_note", "write_note", "read_parts")
    ),
)


@dataclass(frozen=True)
class SmallHouse:
    """``url``: of the console and what stands behind it. Its clock stands still at ``NOW``."""

    url: str
    settings: Settings
    sessions: Sessions
    verifier: Verifier

    def token(self, account: str = "cadre-1", life: timedelta = timedelta(hours=1)) -> str:
        key = LocalKey.of(self.settings)
        return issue_token(key, subject=account, roles=[Role.CADRE], division="9900", ttl=life, now=NOW)

    def cookie(self, account: str = "cadre-1", life: timedelta = timedelta(hours=1), scheme: str = "http") -> str:
        """Name and value of a session's."""
        session = Session(account, self.token(account, life), NOW + life)
        return self.sessions.cookie({"scheme": scheme}, session, NOW).partition(";")[0]

    def browser(self, *cookies: str, address: str = "192.0.2.7", scheme: str = "http") -> httpx.Client:
        """Behind a proxy that the house believes, and that has a word of the browser's own passed on before it."""
        headers = {"X-Forwarded-For": f"10.9.8.7, {address}", "X-Forwarded-Proto": scheme}
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        return httpx.Client(base_url=self.url, headers=headers, limits=httpx.Limits(max_keepalive_connections=0))

    def asked_as_it_stands(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and JSON of a signed-in browser's request for an address that no client has put in order."""
        connection = HTTPConnection(self.url.removeprefix("http://"))
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**CADRE, "Cookie": self.cookie(), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        with closing(connection):
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(answer.read())


@contextmanager
def small_house(settings: Settings, *, apart: bool = False) -> Iterator[SmallHouse]:
    """``apart``: the service behind HTTP, with limits of its own that are the same. Both believe this machine's proxies."""
    with ExitStack() as stack:
        yield opened(stack, settings, apart=apart)[0]


def opened(stack: ExitStack, settings: Settings, *, apart: bool) -> tuple[SmallHouse, ExitStack]:
    """The house, and what ends the service behind it while the console goes on."""
    limits = settings.limits.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    verifier = Verifier.of(settings, now=lambda: NOW)
    service: ASGIApp = service_app(
        name="registry", title="Small", routers=[router], access=ACCESS, verifier=verifier, limits=limits
    )
    face, behind = console(settings, verifier, lambda: NOW), ExitStack()
    if apart:
        url = behind.enter_context(serving(root_app({"registry": service}, limits, _nothing), limits))
        service = Forwarder("registry", url, ssl.create_default_context(), limits)
    closing_it = service.close if isinstance(service, Forwarder) else None

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        yield
        if closing_it is not None:
            await closing_it()

    root = root_app({**face.apps, "registry": service}, limits, lifespan)
    url = stack.enter_context(serving(Gateway(root, face.sessions, ["registry"], lambda: NOW), limits))
    stack.push(behind)
    return SmallHouse(url, settings, face.sessions, verifier), behind


@asynccontextmanager
async def _nothing(_: Router) -> AsyncIterator[None]:
    yield
