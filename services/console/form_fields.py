"""What a page is told of a command's form: its fields, of every kind, with labels in both languages."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel


class FieldKind(StrEnum):
    """How a field is filled in. ``decimal``: typed and sent as text; ``choices``: several codes, with commas between; ``member``:
    id of a member of the household that the command is about; ``map``: names that the form does not know, with texts."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    CHOICES = "choices"
    DIVISION = "division"
    ID = "id"
    MEMBER = "member"
    FILE = "file"
    LIST = "list"
    OBJECT = "object"
    EVIDENCE = "evidence"
    MAP = "map"


class Choice(BaseModel):
    code: str
    zh: str
    en: str


class FormField(BaseModel):
    """``zh``, ``en``: its label. ``nullable``: may be sent as null. ``minimum``, ``maximum``: of numbers, as written;
    ``shortest``, ``longest``: characters; ``fewest``, ``most``: entries of a list. ``choices`` of a
    text are usual ones. ``fields``: of an object, evidence among them; ``item``: each entry of a list or
    map. ``refers``: what a code or id
    names (``household``, ``person``, ``household_or_person``, or where it is listed: ``assistance/documents/programme``,
    ``monitoring/projects#project_id``), so that it is chosen instead of typed; ``names``: whether it is what people call the
    record; ``applications``: what stands in a map, by procedure."""

    name: str
    zh: str
    en: str
    kind: FieldKind
    required: bool = False
    nullable: bool = False
    default: Any = None
    example: Any = None
    minimum: str | None = None
    maximum: str | None = None
    shortest: int | None = None
    longest: int | None = None
    fewest: int | None = None
    most: int | None = None
    pattern: str | None = None
    choices: list[Choice] = []
    fields: list["FormField"] = []
    item: "FormField | None" = None
    refers: str | None = None
    names: bool = False
    applications: list["ApplicationFields"] = []


class ApplicationFields(BaseModel):
    """What an application says for procedures that bring about ``fact``, with ``where`` among their effect's terms."""

    fact: str
    where: dict[str, Any]
    fields: list[FormField]


class FormAnswer(BaseModel):
    """``path``: with the service's name before it, and ``{…}`` for each of ``path_fields``. ``content_type``: of what is sent;
    nothing is where it is empty. ``dry_run``: whether it may be tried without recording; ``based_on``: whether it takes what
    it was decided on; ``consequences``: whether what would follow in all services can be shown before it is sent. ``asked``: of
    its address; ``answers``: what it answers beside that it is recorded; ``gives_file``: it answers with a file."""

    service: str
    act: str
    zh: str
    en: str
    method: str
    path: str
    path_fields: list[FormField]
    content_type: str
    dry_run: bool
    based_on: bool
    consequences: bool
    fields: list[FormField]
    asked: list[FormField]
    answers: list[FormField]
    gives_file: bool
