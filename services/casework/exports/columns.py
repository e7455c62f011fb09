"""The columns of a list, from the model of its items: what each is called, where its value stands, and how it is written.

A nested model has a column for each of its fields. Of the first list of models in an item each has a line of its own, beside
what the item says; other lists stand in one cell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from services.casework.exports.values import Cell, code, day, figure, identifier, instant, text, truth
from services.chassis.ground.labels import LABELS, CodeLabels, Label
from services.chassis.ground.messages import Message
from services.chassis.web.labelled_schemas import code_labels


class Language(StrEnum):
    """In which headers and codes are written."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    def write(self, text: Label | Message) -> str:
        return text.line if self is Language.BOTH else str(getattr(text, self.value))


Numbers = Mapping[UUID, str]
"""Id → the number that people know it by."""
Format = Callable[[Any, Numbers], Cell]
"""From a value of the JSON that is not null to a cell."""
SEQUENCES = (list, tuple, set, frozenset)
BETWEEN_VALUES = "；"
"""Of no spreadsheet the separator of columns."""
HOUSEHOLDS, NUMBER = ("household_id", "household"), "national_no"
"""Ids of households are written as their numbers."""
LANGUAGE_FIELDS = {"zh": Language.EN, "en": Language.ZH, "label_zh": Language.EN, "label_en": Language.ZH}
"""Field of one language → the language in which it is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """``path``: names in the item's JSON; ``inner``: within the lines of an item."""

    header: Label
    path: tuple[str, ...]
    write: Format
    inner: bool = False

    def cell(self, item: Mapping[str, Any], numbers: Numbers) -> Cell:
        value: Any = item
        for name in self.path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return None if value is None else self.write(value, numbers)


@dataclass(frozen=True, slots=True)
class Table:
    """``lines``: name of the list in an item of which each element has a line of its own."""

    columns: tuple[Column, ...]
    lines: str | None = None

    def rows(self, item: Mapping[str, Any], numbers: Numbers) -> Iterator[list[Cell]]:
        """The lines of one item; one where it has no list, or an empty one."""
        lines: Sequence[Mapping[str, Any]] = (self.lines and item.get(self.lines)) or ({},)
        for line in lines:
            yield [column.cell(line if column.inner else item, numbers) for column in self.columns]


def table_of(model: type[BaseModel], language: Language) -> Table:
    """The table of a list of these."""
    lines = next((n for n, hint in _fields(model) if _item_model(hint) and not _is_sentences(_item_model(hint))), None)
    columns: list[Column] = []
    for name, hint in _fields(model):
        inner = _item_model(hint)
        if name == NUMBER and not model.model_fields.keys().isdisjoint(HOUSEHOLDS):
            continue  # the household's own column has it, or the id where there is none
        if name == lines and inner is not None:
            title = _label(name, model)
            columns += [replace(c, header=_within(title, c.header), inner=True) for c in _columns(inner, language, ())]
        else:
            columns += _columns_of_field(model, name, hint, language, ())
    return Table(tuple(columns), lines)


def _columns(model: type[BaseModel], language: Language, path: tuple[str, ...]) -> Iterator[Column]:
    for name, hint in _fields(model):
        yield from _columns_of_field(model, name, hint, language, path)


def _columns_of_field(
    model: type[BaseModel], name: str, hint: Any, language: Language, path: tuple[str, ...]
) -> Iterator[Column]:
    if LANGUAGE_FIELDS.get(name) is language:
        return
    title, place = _label(name, model), (*path, name)
    models = [kind for kind in kinds_of(hint) if _is_model(kind)]
    if not models:
        yield Column(title, place, _format(hint, name, language))
    found = (column for inner in models for column in _columns(inner, language, place))
    # Models of a union share what they have alike.
    yield from {column.path: replace(column, header=_within(title, column.header)) for column in found}.values()


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Names as in the JSON."""
    for name, field in model.model_fields.items():
        yield field.serialization_alias or name, field.annotation


def _label(name: str, model: type[BaseModel]) -> Label:
    if name in HOUSEHOLDS:
        return LABELS.fields[NUMBER]
    return LABELS.fields.get(LABELS.field_key(name, model.__name__), Label(name, name))


def _within(title: Label, inner: Label) -> Label:
    return Label(f"{title.zh}·{inner.zh}", f"{title.en}: {inner.en}")


def _format(hint: Any, name: str, language: Language) -> Format:
    kinds = [kind for kind in kinds_of(hint) if kind is not NoneType]
    kind = kinds[0] if kinds else str
    origin = get_origin(kind)
    if origin in SEQUENCES:
        return _joined(_item_format(get_args(kind)[0], name, language))
    if kind is dict or origin is dict:
        return _pairs(language)
    if origin is Literal:
        found = code_labels(LABELS, name, set(map(str, get_args(kind))))
        return code(_texts(found, language)) if found else text
    if isinstance(kind, type) and issubclass(kind, Enum):
        found = LABELS.codes.get(LABELS.code_list_key(kind))
        return code(_texts(found, language)) if found else text
    if len(kinds) > 1:
        return text
    for wanted, written in _BY_TYPE:
        if isinstance(kind, type) and issubclass(kind, wanted):
            return written(language)
    return text


_BY_TYPE: tuple[tuple[type, Callable[[Language], Format]], ...] = (
    (bool, lambda language: truth(*(language.write(label) for label in (Label("是", "yes"), Label("否", "no"))))),
    (int, lambda _: figure),
    (float, lambda _: figure),
    (Decimal, lambda _: figure),
    (datetime, lambda _: instant),
    (date, lambda _: day),
    (UUID, lambda _: identifier),
)
"""In this order: a truth value is an integer, an instant a day."""


def _item_format(hint: Any, name: str, language: Language) -> Format:
    if not _is_model(hint):
        return _format(hint, name, language)
    columns = tuple(_columns(hint, language, ()))

    def line(value: Any, numbers: Numbers) -> Cell:
        cells = ((language.write(c.header), c.cell(value, numbers)) for c in columns)
        if _is_sentences(hint):
            return " ".join(str(cell) for _, cell in cells if cell is not None)
        return " ".join(f"{header}：{cell}" for header, cell in cells if cell is not None)

    return line


def _joined(each: Format) -> Format:
    return lambda values, numbers: (
        BETWEEN_VALUES.join(str(cell) for value in values if (cell := each(value, numbers)) is not None) or None
    )


def _pairs(language: Language) -> Format:
    def write(values: Mapping[str, Any], numbers: Numbers) -> Cell:
        named = ((LABELS.fields.get(name), name, value) for name, value in values.items())
        lines = (f"{language.write(label) if label else name}：{_plain(v, numbers)}" for label, name, v in named)
        return BETWEEN_VALUES.join(lines) or None

    return write


def _plain(value: Any, numbers: Numbers) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(each, numbers)}" for name, each in value.items())
    if isinstance(value, list):
        return "、".join(_plain(each, numbers) for each in value)
    return str(identifier(value, numbers) if isinstance(value, str) else value)


def _texts(found: CodeLabels, language: Language) -> Mapping[str, str]:
    return {key: language.write(label) for key, label in found.codes.items()}


def kinds_of(hint: Any) -> tuple[Any, ...]:
    """The types of a union, or the type; without what annotates it."""
    if get_origin(hint) is Annotated:
        return kinds_of(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return tuple(kind for each in get_args(hint) for kind in kinds_of(each))
    return (hint,)


def _item_model(hint: Any) -> type[BaseModel] | None:
    """Of a list of models."""
    kinds = [kind for kind in kinds_of(hint) if kind is not NoneType]
    item = get_args(kinds[0])[0] if len(kinds) == 1 and get_origin(kinds[0]) in SEQUENCES else None
    return item if _is_model(item) else None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_sentences(model: type[BaseModel] | None) -> bool:
    """Texts in both languages, perhaps with their code: no line of its own."""
    return model is not None and {"zh", "en"} <= model.model_fields.keys() <= {"zh", "en", "code"}
