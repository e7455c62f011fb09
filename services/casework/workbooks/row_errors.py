"""What is wrong with a row, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.casework.messages import say
from services.casework.workbooks.layout import Layout
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Rule


@dataclass(frozen=True, slots=True)
class RowError:
    """``row`` as the spreadsheet numbers it, from 1. ``sheet`` and ``column``: keys of the layout until they are ``worded``,
    then the sheet as the file names it and the header; no column for an error of the row as a whole."""

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str

    @classmethod
    def of(cls, rule: Rule, sheet: str, row: int, column: str = "", *, see_row: int | None = None) -> "RowError":
        """``see_row``: the other row that this one conflicts with."""
        if see_row is None:
            return cls(sheet, row, column, rule.code, rule.zh, rule.en)
        reference = say("see_row", row=see_row)
        return cls(sheet, row, column, rule.code, f"{rule.zh}{reference.zh}", f"{rule.en}{reference.en}")

    def with_detail(self, detail: Message) -> "RowError":
        """With what belongs to it in words."""
        between = " " if self.en.endswith(".") else ""
        return replace(self, zh=f"{self.zh}{detail.zh}", en=f"{self.en}{between}{detail.en}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for keys of one file: key of a sheet → its name there; (sheet, column) → header."""

    sheets: Mapping[str, str]
    headers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, names: Mapping[str, str]) -> "Wording":
        """``names``: key of a sheet → what the file calls it."""
        return cls(
            {sheet.key: names.get(sheet.key, sheet.name) for sheet in layout.sheets},
            {(sheet.key, column.key): column.header for sheet in layout.sheets for column in sheet.columns},
        )

    def worded(self, error: RowError) -> RowError:
        """What is worded already stays as it is."""
        header = self.headers.get((error.sheet, error.column), error.column)
        return replace(error, sheet=self.sheets.get(error.sheet, error.sheet), column=header)
