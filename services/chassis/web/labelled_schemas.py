"""The OpenAPI document in the words of the house: a summary on every operation from the access table, a description and an
example on every field from the labels, and every code with its label (``oneOf`` of ``const`` and ``title``, as OpenAPI 3.1
recommends). What a field's own declaration says besides stays."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.chassis.ground.labels import CodeLabels, Label, Labels
from services.chassis.security.access_table import AccessTable

Schema = dict[str, Any]

REFERENCE = "#/components/schemas/"
REFERS = "x-refers"
"""What the value of a field names, as its label says."""
NAMES = "x-names"
"""Of a field that says what people call the record."""
MADE_EXAMPLES: Mapping[str, Any] = {
    "date": "2014-05-20",
    "date-time": "2014-06-01T02:30:00+00:00",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "boolean": True,
    "string": "样例",
}
"""By format or type, where neither label nor declaration has one."""

KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}


def owner_of(schema_name: str) -> str:
    """The class that a component was made from: its name without the module or direction that tells two of a name apart."""
    return re.sub(r"-(Input|Output)$", "", schema_name).rpartition("__")[2]


def code_labels(labels: Labels, name: str, codes: set[str]) -> CodeLabels | None:
    """The list of this name that has these codes."""
    named = (each for key, each in labels.codes.items() if key.rpartition(".")[2] == name)
    return next((each for each in named if codes <= each.codes.keys()), None)


def with_labels(document: Schema, access: AccessTable, labels: Labels) -> Schema:
    """What has no label stays as it is: nobody's answer depends on it, and ``lika publish`` finds it."""
    return _Labelling(document, labels).label(access)


def described_fields(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Schema]]:
    """Every field: its owner (a schema or an operation), its name, and what describes it."""
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            yield owner_of(name), field, described
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                yield operation["operationId"], parameter["name"], parameter
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for field, described in content.get("schema", {}).get("properties", {}).items():
                    yield operation["operationId"], field, described


def code_lists(document: Mapping[str, Any]) -> Iterator[tuple[str, Schema]]:
    """Every schema of a closed list of codes, under the name of its enumeration, or of its field where it has none."""
    for name, schema in document["components"]["schemas"].items():
        if _is_code_list(schema):
            yield owner_of(name), schema
    for _, field, described in described_fields(document):
        declared = described.get("schema", described)
        yield from ((field, each) for each in (declared, *declared.get("anyOf", ())) if _is_code_list(each))


def _is_code_list(schema: Schema) -> bool:
    return "enum" in schema or all("const" in each for each in schema.get("oneOf", ({},)))


class _Labelling:
    def __init__(self, document: Schema, labels: Labels) -> None:
        self._document, self._labels = document, labels
        self._schemas: dict[str, Schema] = document["components"]["schemas"]

    def label(self, access: AccessTable) -> Schema:
        for name, schema in list(code_lists(self._document)):
            found = code_labels(self._labels, name, set(schema["enum"]))
            if found is None:
                continue
            schema["oneOf"] = [{"const": code, "title": found.codes[code].line} for code in schema.pop("enum")]
            schema["title"] = found.title.line
        for owner, field, described in described_fields(self._document):
            label = self._label(field, owner)
            if label is not None:
                described.setdefault("description", label.line)
            declared: Schema = described.get("schema", described)
            if label is not None and label.refers:
                declared[REFERS] = label.refers
            if label is not None and label.names:
                declared[NAMES] = True
            if "examples" not in declared:
                declared["examples"] = [self._example(declared, label, ())]
        for methods in self._document["paths"].values():
            for operation in methods.values():
                row = access.row(operation["operationId"])
                operation["summary"] = f"{row.zh} / {row.en}"
        return self._document

    def _label(self, field: str, owner: str) -> Label | None:
        return self._labels.fields.get(self._labels.field_key(field, owner))

    def _example(self, schema: Schema, label: Label | None, within: tuple[str, ...]) -> Any:
        """A value that the schema takes: the label's, the declaration's, or one made from the type."""
        if label is not None and label.example is not None and self._fits(schema, label.example):
            return label.example
        for declared in ("examples", "oneOf", "anyOf", "enum"):
            if declared in schema:
                return self._first(schema[declared][0], declared, label, within)
        if "$ref" in schema:
            return self._referred(schema["$ref"], label, within)
        if "const" in schema:
            return schema["const"]
        match schema.get("type", "string"):
            case "array":
                item = self._example(schema["items"], label, within) if "items" in schema else None
                return [] if item is None else [item]
            case "object":
                return self._object(schema, within)
            case "integer" | "number":
                return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)) or 1
            case kind:
                return MADE_EXAMPLES.get(str(schema.get("format", kind)), MADE_EXAMPLES["string"])

    def _first(self, first: Any, declared: str, label: Label | None, within: tuple[str, ...]) -> Any:
        if declared in ("examples", "enum"):
            return first
        return self._example(first, label, within)

    def _referred(self, reference: str, label: Label | None, within: tuple[str, ...]) -> Any:
        name = reference.removeprefix(REFERENCE)
        return None if name in within else self._example(self._schemas[name], label, (*within, name))

    def _object(self, schema: Schema, within: tuple[str, ...]) -> Schema:
        required, properties = set(schema.get("required", ())), schema.get("properties", {})
        owner = owner_of(within[-1]) if within else ""
        return {
            name: self._example(each, self._label(name, owner), within)
            for name, each in properties.items()
            if name in required
        }

    def _fits(self, schema: Schema, example: Any) -> bool:
        """Whether it is of the schema's kind, a list's items aside."""
        if "$ref" in schema:
            return self._fits(self._schemas[schema["$ref"].removeprefix(REFERENCE)], example)
        if any(self._fits(each, example) for each in schema.get("anyOf", ())):
            return True
        if "oneOf" in schema or "enum" in schema:
            return example in schema.get("enum", [each.get("const") for each in schema.get("oneOf", ())])
        return isinstance(example, KINDS.get(schema.get("type", ""), ())) and "format" not in schema
