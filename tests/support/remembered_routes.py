"""Routes whose signatures are read once per process: FastAPI's reading of them is half of a service's start, and tests start
services by the hundred."""

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from typing import Any

from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, request_response

OF_AN_APPLICATION = "dependency_overrides_provider"
_read: dict[tuple[object, ...], dict[str, Any]] = {}
_read_anew = APIRoute.__init__


def remember_routes() -> None:
    """From now on, in this process."""
    APIRoute.__init__ = _read_or_remembered  # type: ignore[method-assign,assignment]


def _read_or_remembered(route: APIRoute, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
    """As ``APIRoute`` does itself; what is remembered is of the same function, defined anew, whose signature and options are the
    same. What the function encloses belongs to its house, and is not remembered."""
    told = {name: _told(option) for name, option in options.items() if name != OF_AN_APPLICATION}
    function = getattr(endpoint, "__code__", endpoint)
    key = (path, function, getattr(endpoint, "__qualname__", ""), repr(signature(endpoint)), repr(sorted(told.items())))
    if key not in _read:
        _read_anew(route, path, endpoint, **options)
        _read[key] = dict(route.__dict__)
        return
    route.__dict__ |= _read[key]
    route.endpoint, route.dependant = endpoint, replace(route.dependant, call=endpoint)
    route.dependency_overrides_provider = options.get(OF_AN_APPLICATION)
    route.app = request_response(route.get_route_handler())


def _told(option: Any) -> Any:
    return ("default", option.value) if isinstance(option, DefaultPlaceholder) else option
