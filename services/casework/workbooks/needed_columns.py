"""The columns that the code which reads a layout's rows cannot do without, whatever document the layout is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.casework.workbooks.layout import KIND, Column, ColumnType, Layout, layout_from
from services.chassis.law.content import DocumentError


@dataclass(frozen=True, slots=True)
class Needed:
    """What the code that reads a column takes for granted. ``most`` and ``decimals``: at most."""

    type: ColumnType
    required: bool = False
    codes: str | None = None
    most: int = 1
    decimals: int = 0

    def is_met_by(self, column: Column) -> bool:
        return (
            (column.type, column.codes) == (self.type, self.codes)
            and (column.required or not self.required)
            and column.most <= self.most
            and column.decimals <= self.decimals
            and not (column.signed or column.compared_only)
        )

    @property
    def zh(self) -> str:
        codes = f"，代码表 {self.codes}" if self.codes else ""
        return f"type: {self.type.value}{codes}{'，required: true' if self.required else ''}，{self._bounds('至多')}"

    @property
    def en(self) -> str:
        codes = f", codes: {self.codes}" if self.codes else ""
        return f"type: {self.type.value}{codes}{', required: true' if self.required else ''}, {self._bounds('at most')}"

    def _bounds(self, at_most: str) -> str:
        """A part that a column may leave out is 1, or 0."""
        return f"most: {at_most} {self.most}, decimals: {at_most} {self.decimals}, signed: false, compared_only: false"


Fields = Mapping[str, Mapping[str, Needed]]
"""Key of a sheet → key of a column → what it has to be."""


def layouts_for(code_lists: Iterable[str], fields: Mapping[str, Fields]) -> Callable[[Mapping[str, Any]], Layout]:
    """Reads a layout that a service can use. ``code_lists``: keys of those it has; ``fields``: key of a layout → the columns that
    its rows cannot do without."""
    known = frozenset(code_lists)

    def read(content: Mapping[str, Any]) -> Layout:
        layout = layout_from(content)
        if layout.layout not in fields:
            raise DocumentError(
                (KIND,),
                f"没有程序读取这一名称的表；须为下列之一：{'、'.join(sorted(fields))}",
                f"nothing reads a list of this name; one of {', '.join(sorted(fields))}",
            )
        for sheet in layout.sheets:
            for column in sheet.columns:
                if column.codes is not None and column.codes not in known:
                    raise DocumentError(
                        (),
                        f"{sheet.key}.{column.key}：没有代码表{column.codes}，请核对名称",
                        f"{sheet.key}.{column.key}: there is no code list {column.codes}",
                    )
        for key, columns in fields[layout.layout].items():
            _require_fields(layout, key, columns)
        return layout

    return read


def _require_fields(layout: Layout, key: str, columns: Mapping[str, Needed]) -> None:
    found = {column.key: column for sheet in layout.sheets if sheet.key == key for column in sheet.columns}
    missing = [f"'{name}'" for name in columns if name not in found]
    if missing:  # all at once: whoever writes a layout learns what it cannot do without
        lacking = missing if found else [f"'{key}'"]
        raise DocumentError(
            (), f"{key}：缺少{'、'.join(lacking)}，请补上", f"{key}: the form needs {', '.join(lacking)}"
        )
    for name, needed in columns.items():
        if not needed.is_met_by(found[name]):
            raise DocumentError((), f"{key}.{name}：应为 {needed.zh}", f"{key}.{name}: the form needs {needed.en}")
