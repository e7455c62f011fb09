"""Under one version a fact may only gain optional fields. Everything else is a new version, because old bytes are kept
for ever and are read by the version they were written under.

New members of an enumeration are let through: consumers deploy first, so whoever meets a new code already knows it.
"""

from collections.abc import Iterator
from typing import Any

from contracts.publishing.schemas import Schema

_WORDS = frozenset({"title", "description", "$schema", "$id", "$defs", "default", "additionalProperties", "required"})
"""What may change without changing what the bytes mean; defaults and required fields are compared field by field."""


def incompatibilities(old: Schema, new: Schema) -> Iterator[str]:
    """Every difference that needs a new version, as ``field: what happened``. Nothing for compatible schemas."""
    yield from _compare(old, new, old.get("$defs", {}), new.get("$defs", {}), "")


def _compare(old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, where: str) -> Iterator[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    if "properties" in old and "properties" in new:
        yield from _compare_fields(old, new, old_defs, new_defs, where)
    elif "enum" in old and "enum" in new:
        gone = [value for value in old["enum"] if value not in new["enum"]]
        if gone:
            yield f"{where}: narrowed, {', '.join(map(str, gone))} gone"
    elif "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], old_defs, new_defs, f"{where}[]")
    elif len(old.get("anyOf", ())) != len(new.get("anyOf", ())):
        yield f"{where}: changed type"
    elif "anyOf" in old:
        for before, after in zip(old["anyOf"], new["anyOf"], strict=True):
            yield from _compare(before, after, old_defs, new_defs, where)
    elif _bare(old) != _bare(new):
        yield f"{where}: changed type"


def _compare_fields(old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, where: str) -> Iterator[str]:
    before, after = old["properties"], new["properties"]
    for name, schema in before.items():
        path = f"{where}.{name}".lstrip(".")
        if name not in after:
            yield f"{path}: removed"
            continue
        if "default" in schema and "default" in after[name] and schema["default"] != after[name]["default"]:
            yield f"{path}: changed default"
        yield from _compare(schema, after[name], old_defs, new_defs, path)
    for name in new["required"]:
        if name not in old["required"]:
            what = "no longer optional" if name in before else "new and required"
            yield f"{where}.{name}: {what}".lstrip(".")


def _resolved(schema: Schema, defs: Schema) -> Schema:
    reference = schema.get("$ref")
    return defs[reference.rsplit("/", 1)[1]] if reference else schema


def _bare(schema: Schema) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in _WORDS}
