"""Fields whose text is normalised: their type says how, and the answer to a command says what was changed.

::

    Name = Annotated[str, Reads(read_name), Field(max_length=200)]

Every ``Body`` applies it, in lists too; a field that may be null is null where the text says that there is nothing; text that shows nothing
at all is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from services.chassis.ground.invisible_characters import UNSEEN
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import Reader, Unreadable, joined
from services.chassis.ground.refusals import Refused, rule

VALUE_MISSING = rule(
    "value_missing",
    zh="只有空白，或必填项只写了“无”“/”之类；请填写实际内容，或不填此项。",
    en="Nothing but blanks, or no more than 无 or / where a value is required: write what it is, or leave the field out.",
    source="OpenAPI of this service",
    status=422,
)
MOST_READINGS = 100
"""How many changed fields one answer lists."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Marks a type, in an ``Annotated``, whose text is read by this function. It raises ``Refused``."""

    function: Reader


class ReadAs(BaseModel):
    """A field that was read otherwise than it was sent. ``pointer`` into the body; ``changes``: kinds of change, in codes
    and in both languages, never the value."""

    pointer: str
    changes: list[str]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class FieldReader:
    """``nullable``: whether the field takes null for nothing."""

    read: Reader
    nullable: bool

    def value(self, sent: Any) -> Any:
        """What was sent, its texts read. Raises a validation error."""
        if isinstance(sent, list | tuple):
            return [self.value(each) for each in sent]
        return self._of_text(sent) if isinstance(sent, str) else sent

    def _of_text(self, sent: str) -> Any:
        try:
            found = self.read(sent)
            if found.value is None and not (self.nullable and UNSEEN.sub("", sent).strip()):
                raise Unreadable.naming(VALUE_MISSING, sent)
        except Refused as refused:
            raise as_validation_error(refused) from None
        return found.value

    def changes(self, sent: Any) -> tuple[Message, ...]:
        try:
            return self.read(sent).changes if isinstance(sent, str) else ()
        except Refused:
            return ()


def as_validation_error(refused: Refused) -> PydanticCustomError:
    """Named by the rule's code; its note belongs to the title (``validation_errors``)."""
    note = getattr(refused, "note", None)
    return PydanticCustomError(refused.rule.code, "unreadable", None if note is None else {"note": note})


@cache
def reader_of(model: type[BaseModel], field: str) -> FieldReader | None:
    """How the texts of a field are read; ``None`` for fields of other types."""
    info = model.model_fields[field]
    return _reader(info.annotation, info.metadata)


def _reader(hint: Any, metadata: Any = ()) -> FieldReader | None:
    marked = next((each for each in metadata if isinstance(each, Reads)), None)
    if marked is not None:
        return FieldReader(marked.function, type(None) in get_args(hint))
    if get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        return _reader(inner, more)
    found = next((reader for arg in get_args(hint) if (reader := _reader(arg)) is not None), None)
    if found is not None and type(None) in get_args(hint) and not _lists(hint):
        return FieldReader(found.read, nullable=True)
    return found


def _lists(hint: Any) -> bool:
    return any(get_origin(arg) in (tuple, list) for arg in get_args(hint))


def read_as(form: object, sent: Any, pointer: str = "#") -> tuple[ReadAs, ...]:
    """What of a body, or of the part of it at ``pointer``, is read otherwise than it was sent. ``form``: its type; what is none of
    it is passed over."""
    if not (isinstance(form, type) and issubclass(form, BaseModel)):
        return ()
    return tuple(islice(_readings(form, sent, pointer), MOST_READINGS))


def _readings(form: type[BaseModel], sent: Any, pointer: str) -> Iterator[ReadAs]:
    if not isinstance(sent, Mapping):
        return
    for field, reader, inner in _fields(form):
        there = sent.get(field)
        if reader is None and inner is None:
            continue
        for place, each in _each(there, f"{pointer}/{field}"):
            if reader is not None and (note := joined(changes := reader.changes(each))) is not None:
                yield ReadAs(pointer=place, changes=[c.code for c in changes], zh=note.zh, en=note.en)
            elif inner is not None:
                yield from _readings(inner, each, place)


def _each(sent: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(sent, list | tuple):
        for number, each in enumerate(sent):
            yield f"{pointer}/{number}", each
    else:
        yield pointer, sent


@cache
def _fields(form: type[BaseModel]) -> tuple[tuple[str, FieldReader | None, type[BaseModel] | None], ...]:
    return tuple(
        (name, reader_of(form, name), next(_models(info.annotation), None)) for name, info in form.model_fields.items()
    )


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from _models(inner)
