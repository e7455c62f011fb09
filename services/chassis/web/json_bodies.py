"""A JSON body, read once: its shape is bounded before it is parsed, and no name stands twice in an object."""

import json
import re
from collections import Counter
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.chassis.ground.limits import Limits

TOO_DEEP, TOO_MANY_ITEMS, DUPLICATE_NAME = "json_too_deep", "json_too_many_items", "duplicate_name"

_STRING = re.compile(rb'"(?:[^"\\]+|\\.)*+"?', re.DOTALL)
"""Possessive, and an end that may be missing: no text makes it look twice at a byte."""
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


class _DuplicateName(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        counted = Counter(name for name, _ in members)
        raise _DuplicateName(counted.most_common(1)[0][0])
    return made


_DECODER = json.JSONDecoder(object_pairs_hook=_object)


def read_json(body: bytes, limits: Limits) -> Any:
    """The value. Raises ``RequestValidationError`` (422), or ``HTTPException`` for what is hardly text."""
    check_shape(body, limits)
    try:
        return _DECODER.decode(body.decode())
    except json.JSONDecodeError as error:
        raise _malformed("json_invalid", loc=("body", error.pos)) from None
    except _DuplicateName as error:
        raise _malformed(DUPLICATE_NAME, name=error.name) from None
    except (ValueError, RecursionError):  # broken UTF-8, a number of thousands of digits
        raise HTTPException(400) from None


def check_shape(body: bytes, limits: Limits) -> None:
    """Bounds members and elements, counted as commas and brackets outside texts, and the depth of brackets."""
    openings = body.count(b"[") + body.count(b"{")
    if openings <= limits.json_depth and openings + body.count(b",") <= limits.json_items:
        return  # what is within texts counts too much, never too little
    bare = _STRING.sub(b"", body)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > limits.json_items:
        raise _malformed(TOO_MANY_ITEMS, ctx={"le": limits.json_items})
    depth = 0
    for bracket in bare.translate(None, _NO_BRACKET):
        depth += 1 if bracket in b"[{" else -1
        if depth > limits.json_depth:
            raise _malformed(TOO_DEEP, ctx={"le": limits.json_depth})


def _malformed(kind: str, **about: Any) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": ("body",), **about}])
