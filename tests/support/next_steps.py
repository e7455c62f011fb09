"""What a refusal says is next must be lawful: every refusal that a test sees over HTTP is held against what is published."""

from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import Match, Mount


def require_lawful(app: Any, problem: dict[str, Any]) -> None:
    """``app``: of all services, or of one. Every step names a route that is there, under its own act, and an office that its row
    of the access table lets through."""
    for step in problem.get("next", ()):
        route, row = _route(app, step), None
        assert route is not None, f"{problem['code']}: {step} is no published route"
        assert route.name == step["act"]
        row = route.app.row  # type: ignore[attr-defined]  # its Admission
        office = step["office"]
        assert row.roles is None or set(office["roles"]) <= set(row.roles), step
        assert not row.levels or set(office["levels"]) <= set(row.levels), step
        form = route.body_field and route.body_field.field_info.annotation
        assert set(step["form"]) <= set(getattr(form, "model_fields", ())), step


def _route(app: Any, step: dict[str, Any]) -> APIRoute | None:
    scope = {"type": "http", "method": step["method"], "path": step["path"], "root_path": "", "headers": []}
    for mount in app.routes:
        inside, prefix = (mount.routes, mount.path) if isinstance(mount, Mount) else ([mount], "")
        if not step["path"].startswith(f"{prefix}/"):
            continue
        for route in inside:
            if isinstance(route, APIRoute):
                within = {**scope, "path": step["path"].removeprefix(prefix)}
                if route.matches(within)[0] is Match.FULL:
                    return route
    return None
