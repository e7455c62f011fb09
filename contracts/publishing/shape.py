"""The type walk: a published fact is built only of types whose bytes are the same in every run and on every machine."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from contracts.canonical import NotCanonical, care_for
from contracts.publishing.catalogue import Catalogue


def fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Declared types by field, in the order in which they are written."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}


def structs(hint: Any) -> Iterator[type[msgspec.Struct]]:
    """The struct types inside a declared type, itself included, outermost first."""
    if isinstance(hint, type) and get_origin(hint) is None and issubclass(hint, msgspec.Struct):
        yield hint
        for inner in fields(hint).values():
            yield from structs(inner)
    for argument in get_args(hint):
        yield from structs(argument)


def enumerations(hint: Any) -> Iterator[type[Enum]]:
    """The enumerations inside a declared type of a field, those of structs within aside."""
    if isinstance(hint, type) and get_origin(hint) is None and issubclass(hint, Enum):
        yield hint
    for argument in get_args(hint):
        yield from enumerations(argument)


def misshapen(facts: Catalogue) -> Iterator[str]:
    """Every reason why a published fact has no canonical bytes. Nothing is yielded for good ones."""
    for (name, version), kind in facts.items():
        for struct in dict.fromkeys(structs(kind)):
            where = f"{name}/{version} {struct.__name__}"
            yield from (f"{where}.{field}: {why}" for field, why in _uncanonical(struct))
            yield from (f"{where}: {why}" for why in _misconfigured(struct))


def _uncanonical(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    for field, hint in fields(struct).items():
        try:
            care_for(hint)
        except NotCanonical as wrong:
            yield field, str(wrong)


def _misconfigured(struct: type[msgspec.Struct]) -> Iterator[str]:
    config = struct.__struct_config__
    if not config.frozen:
        yield "is not frozen"
    if config.array_like or config.omit_defaults or config.tag is not None:
        yield "does not write all its fields by their names"
    if struct.__struct_fields__ != struct.__struct_encode_fields__:
        yield "renames fields"
    if not config.forbid_unknown_fields:
        yield "accepts unknown fields"
