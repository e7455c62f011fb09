"""The HTTP server of a process: its services on one address, and how they are on another."""

import asyncio
import socket
import ssl
import threading
from typing import Protocol

import uvicorn
from cryptography import x509
from starlette.types import ASGIApp

from lika.garbage_collection import leave_out_what_is_there
from lika.messages import say
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.limits import Limits
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.chassis.web.connections import uvicorn_options


class Served(Protocol):
    """``operations``: for whoever runs the process."""

    @property
    def app(self) -> ASGIApp: ...
    @property
    def operations(self) -> ASGIApp | None: ...


class PortTaken(ExplainedError):
    """Nobody can be served on this port."""


class CertificateUnusable(ExplainedError):
    """The files of ``LIKA_TLS_CERTFILE`` and ``LIKA_TLS_KEYFILE`` cannot serve TLS."""


class Server(threading.Thread):
    """uvicorn in a thread; entered, it gives its address once it answers. Raises ``PortTaken`` and ``CertificateUnusable``.

    ``operations_port``: where the house's operations are listened to, by the same loop: whoever asks whether the process
    lives hears nothing while it hangs. Without it, nowhere. ``listener``: the port, where it is ``bound`` already."""

    def __init__(
        self, house: Served, host: str, port: int, settings: Settings | None = None, operations_port: int | None = None,
        listener: socket.socket | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name="http", daemon=True)
        limits = settings.limits if settings else Limits()
        tls = (settings.tls_certfile, settings.tls_keyfile) if settings else (None, None)
        if settings is not None:
            require_usable_certificate(settings)
        config = uvicorn.Config(house.app, host=host, port=port, **uvicorn_options(limits, *tls))
        self._bound = listener or bound(host, port)
        self._server = uvicorn.Server(config)
        self._host, self._scheme = host, "https" if tls[0] else "http"
        self._ended = threading.Event()
        self._operations: tuple[uvicorn.Server, socket.socket] | None = None
        if operations_port is not None and house.operations is not None and settings is not None:
            try:
                beside = _listener(settings.operations_host, operations_port)
            except PortTaken:
                self._bound.close()
                raise
            config = uvicorn.Config(house.operations, lifespan="off", **uvicorn_options(limits))
            self._operations = uvicorn.Server(config), beside

    @property
    def operations_address(self) -> str | None:
        if self._operations is None:
            return None
        host, port, *_ = self._operations[1].getsockname()
        return f"http://{_in_address(host)}:{port}"

    def run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as loop:
                loop.run(self._serve())
        finally:
            self._ended.set()

    async def _serve(self) -> None:
        services = asyncio.create_task(self._server.serve(sockets=[self._bound]))
        while not self._server.started and not services.done():
            await asyncio.sleep(0.01)
        if self._operations is None or services.done():
            await services
            return
        server, listener = self._operations
        operations = asyncio.create_task(server.serve(sockets=[listener]))
        await services
        server.should_exit = True
        await operations

    def __enter__(self) -> str:
        self.start()
        while not self._server.started:
            if self._ended.wait(0.02) and not self._server.started:
                raise PortTaken(say("port_taken"))
        leave_out_what_is_there()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"{self._scheme}://{_in_address(self._host)}:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self.join()

    def wait(self) -> None:
        """As long as it runs. Not by ``join``: one that Ctrl-C breaks off takes a running thread for ended (bpo-45274),
        and the database would go down under the services."""
        self._ended.wait()


def bound(host: str, port: int) -> socket.socket:
    """This port, kept for who will serve on it, before anything is changed for that. Who asks it before is refused, and does
    not wait. Raises ``PortTaken``."""
    kept = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kept.family == socket.AF_INET6:
            kept.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        kept.bind((host, port))
    except OSError:
        kept.close()
        raise PortTaken(say("port_taken")) from None
    return kept


def require_usable_certificate(settings: Settings) -> None:
    """Raises ``CertificateUnusable``."""
    if settings.tls_certfile is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certfile, settings.tls_keyfile)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or type(error).__name__
        raise CertificateUnusable(say("certificate_unusable", file=settings.tls_certfile, reason=reason)) from None
    until = x509.load_pem_x509_certificates(settings.tls_certfile.read_bytes())[0].not_valid_after_utc
    if until < SystemClock().now():
        raise CertificateUnusable(
            say("certificate_expired", file=settings.tls_certfile, until=until.strftime("%Y-%m-%d %H:%M"))
        )


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError:
        raise PortTaken(say("operations_port_taken", host=host, port=port)) from None


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
