"""What applications say of their own, published with the form that opens a case: nobody has to know the names of ``terms``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pydantic import BaseModel

from services.casework.procedures.forms import OpenForm
from services.chassis.web.application import Completion

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/{name}"
APPLICATIONS = "x-applications"
"""On the form's ``terms``: which component says what a procedure's application takes. The first that fits holds."""


@dataclass(frozen=True, slots=True)
class Application:
    """What applications say for procedures whose effect is this fact. ``where``: what else their effect's terms must be, for two
    that bring about the same; ``name``: of the component, where the fact's would not tell two apart."""

    fact: str
    terms: type[msgspec.Struct] | type[BaseModel]
    where: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def component(self) -> str:
        return f"{self.name or self.fact}Application"


def with_applications(applications: Sequence[Application]) -> Completion:
    """Adds the forms of these to a service's OpenAPI document."""

    def complete(document: Schema) -> None:
        schemas: dict[str, Schema] = document["components"]["schemas"]
        for each in applications:
            own, parts = _schemas(each.terms)
            for name, part in parts.items():
                schemas.setdefault(name, part)
            schemas[each.component] = own
        terms = schemas[OpenForm.__name__]["properties"]["terms"]
        terms[APPLICATIONS] = [
            {"fact": each.fact, "where": dict(each.where), "form": REFERENCE.format(name=each.component)}
            for each in applications
        ]

    return complete


def _schemas(kind: type[msgspec.Struct] | type[BaseModel]) -> tuple[Schema, dict[str, Schema]]:
    """Its own schema, and those of what it is made of."""
    if issubclass(kind, BaseModel):
        own = kind.model_json_schema(ref_template=REFERENCE.replace("{name}", "{model}"))
        return own, own.pop("$defs", {})
    (shown,), parts = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    for part in parts.values():
        _write_ends_as_ecma(part)
    return parts.pop(shown["$ref"].rpartition("/")[2]), parts


def _write_ends_as_ecma(part: Any) -> None:
    r"""JSON Schema's regular expressions have no ``\Z``: there ``$`` is the end."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            part["pattern"] = part["pattern"].replace("\\Z", "$")
        for each in part.values():
            _write_ends_as_ecma(each)
    elif isinstance(part, list):
        for each in part:
            _write_ends_as_ecma(each)
