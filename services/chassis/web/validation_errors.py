"""What is wrong with a malformed request: where and which kind, never what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import CHASSIS, Message
from services.chassis.ground.refusals import RULES
from services.chassis.web.form_errors import FormError
from services.chassis.web.request_names import shown

_LIMITS = (
    "gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "max_digits", "decimal_places", "pattern",
    "expected",
)  # fmt: skip
"""The parts of a validation error that come from the schema and not from the caller."""
NAMES = frozenset(key.rpartition(".")[2] for key in LABELS.fields)
"""Of every field and parameter that an interface publishes: each is labelled, and ``lika publish`` finds one that is not."""


class FieldError(BaseModel):
    """``pointer``: JSON pointer into the body, as a fragment; or ``parameter``: name and place (``query: limit``).

    ``name``: what is unknown there, or given twice, if it looks like a name. ``nearest``: the known name most like it.
    """

    model_config = ConfigDict(extra="forbid")

    pointer: str | None = None
    parameter: str | None = None
    name: str | None = None
    nearest: str | None = None
    code: str
    title: str
    title_en: str
    limits: dict[str, Any] = {}


def field_errors(errors: Iterable[Mapping[str, Any]], owners: Sequence[str] = ()) -> list[FieldError]:
    """One per validation error; a pointer stops before what is no field's name. ``owners``: under which the fields are
    labelled: the form, the operation."""
    return [_field_error(error, owners) for error in errors]


def _field_error(error: Mapping[str, Any], owners: Sequence[str]) -> FieldError:
    kind = str(error["type"])
    cause = (error.get("ctx") or {}).get("error")
    if isinstance(cause, FormError):
        zh, en = cause.zh, cause.en
    else:
        zh, en = _text(kind, (error.get("ctx") or {}).get("note"))
    place, *path = error["loc"] or ("body",)
    limits = {key: value for key, value in (error.get("ctx") or {}).items() if key in _LIMITS}
    example = _example(path, owners) if "pattern" in limits else None
    if example is not None:
        # Whoever fills in a form reads no regular expressions; the OpenAPI document has it.
        del limits["pattern"]
        message = CHASSIS.say("field_error.written_like", example=example)
        zh, en = message.zh, message.en
    where: dict[str, str] = {}
    if place == "body":
        where["pointer"] = _pointer(() if kind == "json_invalid" else path)
    else:
        known = path[0] if path and path[0] in NAMES else None
        where["parameter"] = f"{place}: {known}" if known else str(place)
    about = {"name": shown(error.get("name")), "nearest": error.get("nearest")}
    return FieldError(**where, **about, code=kind, title=zh, title_en=en, limits=limits)


def _example(path: Sequence[str | int], owners: Sequence[str]) -> str | None:
    """Of the innermost field that has a name."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    keys = (LABELS.field_key(name, owner) for owner in (*owners, ""))
    key = next((key for key in keys if key != name), name)
    example = LABELS.fields[key].example if key in LABELS.fields else None
    return example if isinstance(example, str) else None


def _pointer(path: Sequence[str | int]) -> str:
    pointer = "#"
    for part in path:
        # A name that no interface publishes was chosen by the caller, and may be a person's.
        if isinstance(part, str) and part not in NAMES:
            break
        pointer += "/" + str(part).replace("~", "~0").replace("/", "~1")
    return pointer


def _text(kind: str, note: Message | None) -> tuple[str, str]:
    if kind in RULES:
        zh, en = RULES[kind].zh, RULES[kind].en
        return (zh, en) if note is None else (f"{zh}{note.zh}", f"{en} {note.en}")
    codes = (f"field_error.{kind}", f"field_error.{kind.partition('_')[0]}", "field_error")
    message = CHASSIS.say(next(code for code in codes if code in CHASSIS.templates))
    return message.zh, message.en
