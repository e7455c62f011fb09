"""An application behind a real socket, for what only real HTTP can show."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from services.chassis.ground.limits import Limits
from services.chassis.web.connections import uvicorn_options
from tests.support.eventually import eventually


@contextmanager
def serving(app: ASGIApp, limits: Limits | None = None) -> Iterator[str]:
    """Serve on a free port of this machine, as the house does; the base URL."""
    options = uvicorn_options(limits or Limits())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, timeout_graceful_shutdown=1, **options))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            eventually(lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
