"""Names in a request that nobody knows, and the nearest one that is known.

A name is repeated in the answer only where it looks like one: what else stands in its place may be somebody's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.datastructures import QueryParams
from starlette.types import Scope

UNKNOWN_PARAMETER, REPEATED_PARAMETER = "unknown_parameter", "repeated_parameter"
HEADERS = b"lika-"
"""How the names of our own headers begin; all others are the business of HTTP and of those between."""
WHO = "Authorization"
"""Taken once like the headers that a route declares: of two callers, or two keys, none is the one that is meant."""

_NAME = re.compile(r"(?!.*[0-9]{4})[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)
_SIMILAR = 0.5
_SEQUENCES = (list, tuple, set, frozenset)


def shown(name: object) -> str | None:
    """The name, if an answer may repeat it."""
    return name if isinstance(name, str) and _NAME.fullmatch(name) else None


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name most like this one, however either is capitalized and joined; ``None`` when none is alike."""
    if shown(name) is None:
        return None
    plain = {_plain(each): each for each in sorted(known)}
    found = get_close_matches(_plain(str(name)), plain, 1, _SIMILAR)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_")


def fields_at(hint: object, path: Sequence[object]) -> frozenset[str]:
    """Names of the fields that a body of this type has at a place; ``path`` as in a validation error."""
    models = set(_models(hint))
    for part in path:
        # A number is a place in a list, and a name that is no field tells the members of a union apart.
        inner = [m.model_fields[part].annotation for m in models if isinstance(part, str) and part in m.model_fields]
        models = {model for each in inner for model in _models(each)} or models
    return frozenset(field.alias or name for model in models for name, field in model.model_fields.items())


def _models(hint: object) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from _models(inner)


def _is_sequence(hint: object) -> bool:
    return get_origin(hint) in _SEQUENCES or any(_is_sequence(inner) for inner in get_args(hint))


def dependants(of: Dependant) -> Iterator[Dependant]:
    """A route's parameters and those of all its dependencies."""
    yield of
    for each in of.dependencies:
        yield from dependants(each)


class KnownNames:
    """Which names a route knows in its query and among our own headers."""

    def __init__(self, route: Dependant, headers: Iterable[str]) -> None:
        query = [field for each in dependants(route) for field in each.query_params]
        self.query = frozenset(field.alias for field in query)
        self._many = frozenset(f.alias for f in query if _is_sequence(f.field_info.annotation))
        declared = [field.alias for each in dependants(route) for field in each.header_params]
        self._headers = {name.lower().encode(): name for name in (WHO, *headers, *declared)}

    def check(self, scope: Scope) -> None:
        """Raises ``RequestValidationError`` (422) that names what is unknown, or given twice where one is taken."""
        # ASGI servers give the names in lower case.
        ours = [name for name, _ in scope["headers"] if name in self._headers or name.startswith(HEADERS)]
        errors = list(self._wrong_headers(ours))
        if scope["query_string"]:
            errors += self._wrong_query(scope["query_string"])
        if errors:
            raise RequestValidationError(errors)

    def _wrong_query(self, query: bytes) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        for name, _ in QueryParams(query).multi_items():
            if name not in self.query:
                yield {"type": UNKNOWN_PARAMETER, "loc": ("query",), "name": name, "known": self.query}
            elif name in seen and name not in self._many:
                yield {"type": REPEATED_PARAMETER, "loc": ("query",), "name": name}
            seen.add(name)

    def _wrong_headers(self, ours: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        seen: set[bytes] = set()
        for name in ours:
            if name not in self._headers:
                known = [shown for lower, shown in self._headers.items() if lower.startswith(HEADERS)]
                yield {"type": UNKNOWN_PARAMETER, "loc": ("header",), "name": name.decode("latin-1"), "known": known}
            elif name in seen:
                yield {"type": REPEATED_PARAMETER, "loc": ("header",), "name": self._headers[name]}
            seen.add(name)


def with_nearest(error: Mapping[str, Any], body: object) -> Mapping[str, Any]:
    """A validation error of an unknown name, with the nearest one known there. ``body``: the type of the route's body.
    Looked for only in what is answered, for it takes longer than anything else about an error."""
    place, *path = error["loc"] or ("body",)
    if "known" in error:
        return {**error, "nearest": nearest(error["name"], error["known"])}
    if error["type"] == "extra_forbidden" and place == "body" and path:
        return {**error, "name": path[-1], "nearest": nearest(path[-1], fields_at(body, path[:-1]))}
    return error
