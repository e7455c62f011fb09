"""The form of a command, told from the OpenAPI document of its service: what a page must know to draw it without knowing the
command."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from services.chassis.ground.labels import LABELS, Labels
from services.chassis.ground.refusals import Refused, rule
from services.console.form_fields import ApplicationFields, Choice, FieldKind, FormAnswer, FormField
from services.console.references import OF_A_LIST, resolved

SERVICES = ("registry", "assistance", "monitoring", "audit")
LONGEST_LINE = 200
"""Characters; what may be longer is written in several lines."""

NO_FORM_OF_ACT = rule(
    "no_form_of_act",
    zh="没有这一操作，请从待办、农户或案件页面进入。",
    en="There is no such act. Start from the inbox, a household or a case.",
    source="OpenAPI 3.1.0 §4.8.10 (operationId)",
    status=404,
)


@cache
def form_of(service: str, act: str) -> FormAnswer:
    """Raises ``Refused`` for an act that is no command of this service."""
    document: dict[str, Any] = published(service) if service in SERVICES else {"paths": {}}
    for path, methods in document["paths"].items():
        operation = methods.get("post", {})
        if operation.get("operationId") == act:
            return FormReader(document["components"]["schemas"], service).form(service, path, operation)
    raise Refused(NO_FORM_OF_ACT)


@cache
def published(service: str) -> dict[str, Any]:
    """The service's OpenAPI document."""
    text = files("contracts").joinpath("generated", "openapi", f"{service}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


KINDS: Mapping[tuple[str, str], FieldKind] = {
    ("string", "date"): FieldKind.DATE,
    ("string", "date-time"): FieldKind.INSTANT,
    ("string", "uuid"): FieldKind.ID,
    ("string", "binary"): FieldKind.FILE,
    ("integer", ""): FieldKind.INTEGER,
    ("number", ""): FieldKind.DECIMAL,
    ("boolean", ""): FieldKind.BOOLEAN,
}
"""JSON Schema type and format → how it is filled in."""
WHOLE_CODE, DIGITS = re.compile(r"\^\(?\[0-9\]\{(2|12|0,12)\}"), re.compile(r"\^\[0-9\]\{")
"""Begin the pattern of a division's code, or of what it begins with; and of any digits, which of a field of these names are one."""
PLACES = frozenset({"division", "county"})
DAYS_OR_INSTANTS = frozenset({"known_at", "compared_with"})
"""Asked for by day on a page."""
WORDS = re.compile(r"\^\(([a-z_]+(?:\|[a-z_]+)*)\)\$")
"""A pattern that is but a list of words."""
HOW_IT_IS_SENT = frozenset({"dry_run", "consequences"})
"""Parameters of every command."""
ACCEPTED = "Accepted"
"""What every command answers."""
EVIDENCE = "EvidenceForm"
EVIDENCE_KINDS = "EvidenceKind"
"""Code list of the usual kinds; a procedure may ask for others."""


class FormReader:
    """Reads schemas of one service's document. ``schemas``: its components."""

    def __init__(self, schemas: Mapping[str, Any], service: str, labels: Labels = LABELS) -> None:
        self._schemas, self._service, self._labels = schemas, service, labels

    def form(self, service: str, path: str, operation: Mapping[str, Any]) -> FormAnswer:
        zh, en = pair(operation["summary"])
        parameters = operation.get("parameters", [])
        named = {(each["in"], each["name"]) for each in parameters}
        content = operation.get("requestBody", {}).get("content", {})
        content_type = next(iter(content), "")
        schema = self._followed(content[content_type]["schema"])[0] if content else {}
        fields = self._fields(schema)
        if schema.get("format") == "binary":
            fields = [self.field("", {**schema, "description": "文件 / file"}, required=True)]
        return FormAnswer(
            service=service, act=operation["operationId"], zh=zh, en=en, method="POST", path=f"/{service}{path}",
            path_fields=[
                self.field(each["name"], {**each["schema"], "description": each["description"]}, required=True)
                for each in parameters if each["in"] == "path"
            ],
            content_type=content_type, dry_run=("query", "dry_run") in named, based_on=("header", "Lika-Based-On") in named,
            consequences=("query", "consequences") in named, fields=fields,
            asked=[
                self.field(each["name"], {**each["schema"], "description": each["description"]}, required=each["required"])
                for each in parameters if each["in"] == "query" and each["name"] not in HOW_IT_IS_SENT
            ],
            **self._answers(operation),
        )  # fmt: skip

    def _answers(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        content: Mapping[str, Any] = operation["responses"].get("201", {}).get("content", {})
        schema = self._followed(content.get("application/json", {}).get("schema", {}))[0]
        common = self._schemas.get(ACCEPTED, {}).get("properties", {}).keys() | {"position", "replayed"}
        fields = [each for each in self._fields(schema) if each.name not in common]
        return {"answers": fields, "gives_file": any(not kind.startswith("application/json") for kind in content)}

    def field(self, name: str, schema: Mapping[str, Any], *, required: bool) -> FormField:
        """``schema``: with the description and examples that stand beside a reference."""
        zh, en = pair(schema.get("description", name))
        core, reference, nullable = self._core(schema)
        examples = schema.get("examples") or core.get("examples") or [None]
        field = FormField(
            name=name, zh=zh, en=en, kind=self._kind(name, core, reference), required=required, nullable=nullable,
            default=schema.get("default"), example=examples[0], minimum=number(core.get("minimum")),
            maximum=number(core.get("maximum")), shortest=core.get("minLength"), longest=core.get("maxLength"),
            fewest=core.get("minItems"), most=core.get("maxItems"), pattern=core.get("pattern"), choices=self._choices(core),
            refers=resolved(schema.get("x-refers"), self._service), applications=self._applications(schema),
            names=schema.get("x-names", False),
        )  # fmt: skip
        if field.refers is not None or field.kind is FieldKind.ID:  # shown by its name, number or page, never by its id
            field.zh, field.en = zh.removesuffix("标识"), re.sub(r" ids?$", "", en)
        named = (field.refers or "").split("|")
        if lists := [each.removeprefix(OF_A_LIST) for each in named if each.startswith(OF_A_LIST)]:
            if field.kind is not FieldKind.LIST:  # each of a list is chosen for itself
                field.kind, field.choices = FieldKind.CHOICE, [code for each in lists for code in self._listed(each)]
            field.refers = "|".join(each for each in named if not each.startswith(OF_A_LIST)) or None
        if field.kind in {FieldKind.OBJECT, FieldKind.EVIDENCE}:
            field.fields = self._fields(core)
        if field.kind is FieldKind.EVIDENCE:
            field.fields[0].choices = self._listed(EVIDENCE_KINDS)
        if field.kind is FieldKind.MAP and (names := self._followed(core.get("propertyNames", {}))[0].get("oneOf")):
            measured = {**core.get("additionalProperties", {}), "description": "", "x-refers": schema.get("x-refers")}
            field.kind = FieldKind.OBJECT
            field.fields = [
                self.field(each["const"], {**measured, "description": each["title"]}, required=False) for each in names
            ]
        if field.kind is FieldKind.MAP and (told := core.get("additionalProperties")) and told is not True:
            field.item = self.field(name, {"description": schema.get("description", name), **told}, required=True)
        if field.kind is FieldKind.LIST:
            shown = {
                "description": schema.get("description", name), "examples": (field.example or [])[:1],
                "x-refers": schema.get("x-refers"),
            }  # fmt: skip
            field.item = self.field(name, {**shown, **core["items"]}, required=True)
        return field

    def _applications(self, schema: Mapping[str, Any]) -> list[ApplicationFields]:
        return [
            ApplicationFields(
                fact=each["fact"], where=each["where"], fields=self._fields(self._followed({"$ref": each["form"]})[0])
            )
            for each in schema.get("x-applications", ())
        ]  # fmt: skip

    def _fields(self, schema: Mapping[str, Any]) -> list[FormField]:
        """In their order, but what must be filled in first; long lists after what is one line each, papers last of all."""
        required = schema.get("required", [])
        found = [
            self.field(name, each, required=name in required) for name, each in schema.get("properties", {}).items()
        ]
        return sorted(found, key=place)

    def _core(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], str, bool]:
        """What is filled in, the name of its schema, and whether null may stand for it. Of alternatives the first counts:
        those after it are other ways of writing the same (a word for a code, text for a number)."""
        if any("const" not in each for each in schema.get("oneOf", ())):
            return {"type": "object", "properties": self._all_properties(schema["oneOf"])}, "", False
        if "anyOf" not in schema:
            return (*self._followed(schema), False)
        alternatives = [each for each in schema["anyOf"] if each.get("type") != "null"]
        core, reference, _ = self._core(alternatives[0])
        return core, reference, len(alternatives) < len(schema["anyOf"])

    def _all_properties(self, alternatives: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Of records of several kinds: what one of them has."""
        return {
            name: each
            for alternative in alternatives
            for name, each in self._followed(alternative)[0].get("properties", {}).items()
        }

    def _followed(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        if "$ref" not in schema:
            return schema, ""
        name = schema["$ref"].rpartition("/")[2]
        return self._schemas[name], name

    def _kind(self, name: str, core: Mapping[str, Any], reference: str) -> FieldKind:
        kind, pattern = core.get("type", ""), core.get("pattern", "")
        if reference == EVIDENCE:
            return FieldKind.EVIDENCE
        if kind == "object":
            return FieldKind.OBJECT if "properties" in core else FieldKind.MAP
        if kind == "array":
            return FieldKind.LIST
        if "x-codes" in core:
            return FieldKind.CHOICES
        if "x-member" in core:
            return FieldKind.MEMBER
        if "oneOf" in core or WORDS.fullmatch(pattern):
            return FieldKind.CHOICE
        if WHOLE_CODE.match(pattern) or (name in PLACES and DIGITS.match(pattern)):
            return FieldKind.DIVISION
        if name in DAYS_OR_INSTANTS and kind == "string" and "format" not in core:
            return FieldKind.DATE
        if kind == "string" and core.get("maxLength", 0) > LONGEST_LINE:
            return FieldKind.LONG_TEXT
        return KINDS.get((kind, core.get("format", "")), FieldKind.TEXT)

    def _choices(self, core: Mapping[str, Any]) -> list[Choice]:
        if "oneOf" in core:
            return [choice(each["const"], *pair(each["title"])) for each in core["oneOf"]]
        if (name := core.get("x-codes")) is not None:
            return self._listed(name)
        words = WORDS.fullmatch(core.get("pattern", ""))
        named = [] if words is None else [(word, self._labels.field(word)) for word in words[1].split("|")]
        return [choice(word, label.zh, label.en) for word, label in named]

    def _listed(self, name: str) -> list[Choice]:
        return [choice(code, label.zh, label.en) for code, label in self._labels.codes[name].codes.items()]


def place(field: FormField) -> tuple[bool, bool, bool]:
    """By which fields are ordered."""
    entries = None if field.item is None else field.item.kind
    return entries is FieldKind.EVIDENCE, entries is FieldKind.OBJECT, not field.required


def choice(code: str, zh: str, en: str) -> Choice:
    return Choice(code=code, zh=zh, en=en)


def pair(text: str) -> tuple[str, str]:
    """Of a description, "中文 / English"."""
    zh, _, en = text.partition(" / ")
    return zh, en or zh


def number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}" if value != int(value) else str(int(value))
