"""Columns of codes in workbooks: which enumeration each stands for, in the words of which code list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from services.casework.code_lists.domain import CodeList
from services.casework.code_lists.repository import CodeLists
from services.chassis.ground.labels import written


@dataclass(frozen=True)
class CodedColumn:
    """The code list of a column. ``kind``: the enumeration that a row has of it; ``words``: gives the edition that is
    read."""

    key: str
    kind: type[Enum]
    words: Callable[[], CodeList]

    @property
    def list(self) -> CodeList:
        return self.words()

    @property
    def labels(self) -> Mapping[Enum, str]:
        """Code → label, in the order of the form."""
        return {code: self.label(code) for code in self.kind}

    def parse(self, text: str) -> Enum | None:
        """The code for a label, an English code or an alias; ``None`` when it is none of them."""
        code = self.list.code_of(text)
        return None if code is None else self._members.get(code)

    def nearest(self, text: str) -> str:
        """The known word most like this one."""
        return self.list.nearest(text)

    def label(self, code: Enum) -> str:
        return self.list.labels[written(code)].zh

    @cached_property
    def _members(self) -> Mapping[str, Enum]:
        return {written(member): member for member in self.kind}


def coded_columns(kinds: Mapping[str, type[Enum]], lists: CodeLists) -> Mapping[str, CodedColumn]:
    """By key, in the words of these lists. Raises ``Refused``."""

    def column(key: str, kind: type[Enum]) -> CodedColumn:
        words = lists[key]
        return CodedColumn(key, kind, lambda: words)

    return {key: column(key, kind) for key, kind in kinds.items()}
