"""What is wrong with a malformed request: where and which kind, never what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.chassis.ground.refusals import RULES

_LIMITS = (
    "gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "max_digits", "decimal_places", "pattern",
    "expected",
)  # fmt: skip
"""The parts of a validation error that come from the schema and not from the caller."""

_TEXTS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填项缺失。", "A required value is missing."),
    "extra_forbidden": ("含有未定义的字段。", "An unknown field was sent."),
    "json_invalid": ("不是有效的 JSON。", "Not valid JSON."),
    "text_not_storable": ("文本含有无法保存的字符。", "The text has characters that cannot be stored."),
    "wrong_kind": ("数据类型不对。", "A value of another kind is expected."),
    "string_unicode": ("文本含有无法保存的字符。", "The text has characters that cannot be stored."),
    "string_too_short": ("文本过短。", "The text is too short."),
    "string_too_long": ("文本过长。", "The text is too long."),
    "string_pattern_mismatch": ("文本不符合规定的格式。", "The text does not match the pattern."),
    "string_type": ("应为文本。", "Text is expected."),
    "enum": ("不在可选值之中。", "Not one of the possible values."),
    "literal_error": ("不在可选值之中。", "Not one of the possible values."),
    "int": ("应为整数。", "A whole number is expected."),
    "decimal": ("应为规定精度的数值。", "A number of the stated precision is expected."),
    "float": ("应为数值。", "A number is expected."),
    "bool": ("应为是或否。", "True or false is expected."),
    "date": ("应为日期（年-月-日）。", "A date is expected (YYYY-MM-DD)."),
    "datetime": ("应为带时区的时间。", "An instant with its time zone is expected."),
    "timezone": ("时间应带时区。", "The time lacks its time zone."),
    "uuid": ("应为 UUID。", "A UUID is expected."),
    "greater": ("数值过小。", "The number is too small."),
    "less": ("数值过大。", "The number is too large."),
    "too_short": ("项目过少。", "Too few items."),
    "too_long": ("项目过多。", "Too many items."),
    "list": ("应为列表。", "A list is expected."),
    "model": ("应为对象。", "An object is expected."),
    "dict": ("应为对象。", "An object is expected."),
}
"""By the error's type, or by the first word of it (``uuid_parsing`` → ``uuid``)."""

_UNKNOWN = ("不符合格式要求。", "Does not fit the stated format.")


class FieldError(BaseModel):
    """``pointer``: JSON pointer into the body, as a fragment; or ``parameter``: name and place (``query: limit``)."""

    model_config = ConfigDict(extra="forbid")

    pointer: str | None = None
    parameter: str | None = None
    code: str
    title: str
    title_en: str
    limits: dict[str, Any] = {}


def field_errors(errors: Iterable[Mapping[str, Any]], named: frozenset[str]) -> list[FieldError]:
    """One per validation error. ``named``: field names of the OpenAPI document; a pointer stops before any other."""
    return [_field_error(error, named) for error in errors]


def named_fields(document: Mapping[str, Any]) -> frozenset[str]:
    """Every property and parameter name that an OpenAPI document declares."""
    names: set[str] = set()
    for schema in document.get("components", {}).get("schemas", {}).values():
        names.update(schema.get("properties", ()))
    for path in document.get("paths", {}).values():
        for operation in path.values():
            names.update(parameter["name"] for parameter in operation.get("parameters", ()))
    return frozenset(names)


def _field_error(error: Mapping[str, Any], named: frozenset[str]) -> FieldError:
    kind = str(error["type"])
    zh, en = _text(kind)
    place, *path = error["loc"] or ("body",)
    limits = {key: value for key, value in (error.get("ctx") or {}).items() if key in _LIMITS}
    where: dict[str, str] = {}
    if place == "body":
        where["pointer"] = _pointer(() if kind == "json_invalid" else path, named)
    else:
        known = path[0] if path and path[0] in named else None
        where["parameter"] = f"{place}: {known}" if known else str(place)
    return FieldError(**where, code=kind, title=zh, title_en=en, limits=limits)


def _pointer(path: Sequence[str | int], named: frozenset[str]) -> str:
    pointer = "#"
    for part in path:
        # A name that the document does not declare was chosen by the caller, and may be a person's.
        if isinstance(part, str) and part not in named:
            break
        pointer += "/" + str(part).replace("~", "~0").replace("/", "~1")
    return pointer


def _text(kind: str) -> tuple[str, str]:
    if kind in RULES:
        return RULES[kind].zh, RULES[kind].en
    return _TEXTS.get(kind) or _TEXTS.get(kind.split("_", 1)[0]) or _UNKNOWN
