"""Routes of a running service as they are reached, each with who may take it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute, Mount, Route, Router

from services.chassis.web.admission import Admission


@dataclass(frozen=True)
class Known:
    """A route as it is reached: ``path`` with an id in every place for one."""

    method: str
    path: str
    route: Route
    admission: Admission

    @property
    def template(self) -> str:
        return self.route.path

    @property
    def form(self) -> type[BaseModel] | None:
        body = self.route.body_field if isinstance(self.route, APIRoute) else None
        kind = body.field_info.annotation if body is not None else None
        return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def routes_of(app: Router) -> Iterator[Known]:
    for mount in app.routes:
        assert isinstance(mount, Mount)
        for route in mount.routes:
            yield from known(mount.path, route)


def known(prefix: str, route: BaseRoute) -> Iterator[Known]:
    if isinstance(route, Mount):
        assert route.name == "static-offline-docs"  # the documentation page's own files
        return
    assert isinstance(route, Route)
    assert isinstance(route.app, Admission), route
    for method in sorted(route.methods or ()):
        yield Known(method, prefix + re.sub(r"\{[a-z_]+\}", "1", route.path), route, route.app)
