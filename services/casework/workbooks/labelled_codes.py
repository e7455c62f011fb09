"""Code lists of columns that no document makes longer."""

from collections.abc import Mapping
from enum import Enum

from services.casework.workbooks.layout import folded


class LabelledCodes:
    """A code list that no document makes longer: the codes of facts, by their labels."""

    def __init__(self, kind: type[Enum], labels: Mapping[Enum, str], words: Mapping[str, Enum]) -> None:
        self.labels, self._words = labels, {folded(label): code for code, label in labels.items()}
        self._words |= {folded(code.value): code for code in kind} | {folded(w): code for w, code in words.items()}

    def parse(self, text: str) -> Enum | None:
        return self._words.get(folded(text))

    def nearest(self, text: str) -> str:
        return next(iter(self.labels.values()))
