"""What a request may carry: strict bodies, and text that the database can store."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

UNSTORABLE = "text_not_storable"


def storable(text: str) -> str:
    """The text itself. PostgreSQL stores neither NUL nor half of a surrogate pair; raises a validation error."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError(UNSTORABLE, "Text contains NUL or an unpaired surrogate")
    return text


Text = Annotated[str, AfterValidator(storable)]
"""For path, query, header and form parameters; the fields of a ``Body`` need no mark."""


class Body(BaseModel):
    """Base of every request body: unknown fields are refused, all text is storable, and values are not printed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="after")
    @classmethod
    def _all_text_is_storable(cls, value: Any) -> Any:
        _walk(value)
        return value


def _walk(value: Any) -> None:
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, Mapping):
        _walk(value.keys())
        _walk(value.values())
    elif isinstance(value, Iterable) and not isinstance(value, bytes | BaseModel):
        for each in value:
            _walk(each)
