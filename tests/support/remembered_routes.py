"""Routes whose signatures are read once per process: FastAPI's reading of them is half of a service's start, and tests start
services by the hundred. Its test holds them against routes that are read anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import Signature, signature
from typing import Any

from fastapi.routing import APIRoute, request_response

OF_AN_APPLICATION = "dependency_overrides_provider"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a function with this signature and these options. Equal is only what is the same object, or says that it is
    equal: a parameter declared anew within the function is read anew."""

    signature: Signature
    options: Mapping[str, Any]
    state: Mapping[str, Any]


_read: dict[tuple[str, object], list[Reading]] = {}
"""By path and code of the function."""
_read_anew = APIRoute.__init__


def remember_routes() -> None:
    """From now on, in this process."""
    APIRoute.__init__ = _read_or_remembered  # type: ignore[method-assign,assignment]


def _read_or_remembered(route: APIRoute, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
    """As ``APIRoute`` does itself; what is remembered is of the same function, defined anew. What that encloses belongs to its house,
    and is not remembered."""
    told = {name: option for name, option in options.items() if name != OF_AN_APPLICATION}
    asked, readings = signature(endpoint), _read.setdefault((path, getattr(endpoint, "__code__", endpoint)), [])
    known = next((r for r in readings if (r.signature, r.options) == (asked, told)), None)
    if known is None:
        _read_anew(route, path, endpoint, **options)
        readings.append(Reading(asked, told, dict(route.__dict__)))
        return
    route.__dict__ |= known.state
    route.endpoint, route.dependant = endpoint, replace(route.dependant, call=endpoint)
    route.dependency_overrides_provider = options.get(OF_AN_APPLICATION)
    route.app = request_response(route.get_route_handler())
