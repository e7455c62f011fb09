"""Fields of a form that take a code or a word for it.

::

    relation: Annotated[Relation | Word, Coded("relation", tuple(Relation), Relation)]

A code is taken as it is. A word waits as ``Word`` until its code is looked up (``reading.FormWords``), for which the day and
place of the form are needed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from services.casework.code_lists.domain import CodeList
from services.chassis.ground.readings import Unreadable
from services.chassis.ground.text_normalization import one_line
from services.chassis.web.field_readers import VALUE_MISSING, as_validation_error

MOST_TEXT = 200
"""Characters, as in a workbook's cell."""


@dataclass(frozen=True, slots=True)
class Word:
    """``text``: in one spelling; ``field``: what it is a word of. Never printed: it may be about somebody's health."""

    text: str
    field: "Coded"

    def __repr__(self) -> str:
        return "Word(***)"

    def codes(self, words: CodeList) -> tuple[str, ...] | None:
        """``None`` where it, or a part of it, is not known."""
        found = words.codes_in(self.text) if self.field.several else (words.code_of(self.text),)
        known = tuple(code for code in found if code is not None)
        return known if len(known) == len(found) and known else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "description": "代码表中的词 / a word of the code list"}


@dataclass(frozen=True)
class Coded:
    """Marks a field, in an ``Annotated``. ``key``: of the code list; ``codes``: those that a fact may carry; ``value``: what
    of codes the form then holds; ``several``: whether one text may name more than one, in this order, with commas;
    ``personal``: its word is not repeated in an answer."""

    key: str
    codes: Collection[str]
    value: Callable[[str], Any] = str
    several: bool = False
    personal: bool = False

    def value_of(self, codes: tuple[str, ...]) -> Any:
        return self.value(",".join(code for code in self.codes if code in codes) if self.several else codes[0])

    def _read(self, sent: Any) -> Any:
        if not isinstance(sent, str) or isinstance(sent, Enum):
            return sent
        if sent in self.codes or (self.several and set(sent.split(",")) <= set(self.codes)):
            return self.value_of(tuple(sent.split(",")) if self.several else (sent,))
        try:
            text = one_line(sent).text
            if not text:
                raise Unreadable.naming(VALUE_MISSING, sent)
        except Unreadable as unreadable:
            raise as_validation_error(unreadable) from None
        # Cut off, what stands behind would be lost without a word.
        if len(text) > MOST_TEXT:
            raise PydanticCustomError("string_too_long", "too long")
        return Word(text, self)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._read, handler(source))
