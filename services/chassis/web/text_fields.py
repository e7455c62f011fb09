"""Types of the fields whose text people type: each is read as its kind is (``ground/field_texts``)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from services.chassis.ground import field_texts as texts
from services.chassis.ground.day_texts import read_day
from services.chassis.ground.readings import Reading, Unreadable
from services.chassis.web.field_readers import Reads


def _read_day(sent: str) -> Reading[str | None]:
    """What is no day stays as it is: the type says what is wrong with it."""
    try:
        return read_day(sent)
    except Unreadable:
        return Reading(sent)


TypedDay = Annotated[date, Reads(_read_day)]
"""As people type or paste it."""
Name = Annotated[str, Reads(texts.read_name), Field(max_length=200)]
"""Of a person."""
IdNumber = Annotated[str, Reads(texts.read_id_number), Field(max_length=22)]
Identifier = Annotated[str, Reads(texts.read_identifier), Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
"""A number of the national register."""
Village = Annotated[str, Reads(texts.read_code), Field(pattern=r"^[0-9]{12}$", examples=["990001101201"])]
Phone = Annotated[str, Reads(texts.read_phone), Field(max_length=20)]
Account = Annotated[str, Reads(texts.read_account), Field(max_length=32)]
"""With a bank."""
Money = Annotated[
    Decimal, Reads(texts.number_reader("yuan")), Field(ge=0, le=Decimal("9999999999"), max_digits=12, decimal_places=2)
]
"""Yuan."""
Area = Annotated[Decimal, Reads(texts.number_reader("mu")), Field(ge=0, le=Decimal("999999"), decimal_places=3)]
"""Of land, in mu."""
FloorArea = Annotated[Decimal, Reads(texts.number_reader("m2")), Field(ge=0, le=Decimal("999999"), decimal_places=3)]
"""Of rooms, in square metres."""
RoadDistance = Annotated[Decimal, Reads(texts.number_reader("km")), Field(ge=0, le=Decimal("999"), decimal_places=3)]
"""Of a way, in kilometres."""
