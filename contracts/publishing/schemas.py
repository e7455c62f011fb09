"""JSON Schema 2020-12 of one fact: what its payload looks like in the log, on the wire and in the archive."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias, cast, get_args

import msgspec

from contracts.canonical import scale_of
from contracts.facts import Fact
from contracts.personal import Personal
from contracts.publishing.shape import fields, structs

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"


def schema_of(kind: type[Fact]) -> Schema:
    """The schema of this type and version. Raises ``TypeError`` for a type without a stored form."""
    made = msgspec.json.schema(kind, schema_hook=_sealed, ref_template="#/$defs/{name}")
    for struct in dict.fromkeys(structs(kind)):
        properties = made["$defs"][struct.__name__]["properties"]
        for field, hint in fields(struct).items():
            _add_to_text(properties[field], _notation(hint))
    made = {"$schema": DIALECT, "$id": f"urn:lika:fact:{kind.type_name}:{kind.type_version}", **made}
    # Defaults are still Python values (an empty tuple); a schema made now must equal the same one read from its file.
    return cast(Schema, msgspec.json.decode(msgspec.json.encode(made)))


def _sealed(kind: type) -> Schema:
    if kind is Personal:
        return {"type": "string", "format": "sealed-box"}
    raise TypeError(f"{kind} has no stored form")


def _notation(hint: Any) -> Schema:
    """The one notation of a declared decimal or instant, wherever it stands inside an optional or a sequence."""
    if hint is datetime:
        return {"format": "date-time", "pattern": INSTANT}
    places = scale_of(hint)
    if places is not None:
        return {"format": "decimal", "pattern": rf"^-?\d+\.\d{{{places}}}$" if places else r"^-?\d+$"}
    return next(filter(None, map(_notation, get_args(hint))), {})


def _add_to_text(schema: Schema, notation: Schema) -> None:
    for leaf in _leaves(schema):
        if leaf.get("type") == "string":
            leaf.update(notation)


def _leaves(schema: Schema) -> Iterator[Schema]:
    if "items" in schema:
        yield from _leaves(schema["items"])
    elif "anyOf" in schema:
        for variant in schema["anyOf"]:
            yield from _leaves(variant)
    else:
        yield schema


def rendered(document: Schema) -> bytes:
    """The file's bytes: readable, and equal for equal documents."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return re.sub(rb"\s*\Z", b"\n", text)
