"""Labels for people, in Chinese and English: of facts, fields and codes. Written once, in ``contracts/labels``; the command
line, audit, templates, the OpenAPI documents and the generated pages all read them here.

A field means the same wherever it stands, unless ``Owner.field`` says otherwise for one struct, form or operation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

import yaml

import contracts

FOLDER = Path(contracts.__file__).parent / "labels"
BETWEEN = " / "
"""Between the languages, Chinese first."""
TITLE = "title"
"""Names a code list itself, among its codes."""


class LabelError(ValueError):
    """The labels cannot be read as they are written."""


@dataclass(frozen=True, slots=True)
class Label:
    """``example``: a value to show where one made from the field's type would mislead. ``refers``: what the value names, so that
    people choose it instead of typing a code or an id: ``household``, ``person``, ``subject``, or the list that has it, such as
    ``documents/procedure`` of the field's own service or ``monitoring/projects`` (``#party_id``: under another name there).
    ``names``: whether people call the record by it."""

    zh: str
    en: str
    example: Any = None
    refers: str = ""
    names: bool = False

    @classmethod
    def of(cls, name: str, line: str, example: Any = None, refers: str = "", names: bool = False) -> Self:
        """From both languages on one line. ``name``: what is labelled, for the error. Raises ``LabelError``."""
        zh, between, en = line.partition(BETWEEN)
        if not (zh and between and en):
            raise LabelError(f"{name}: a label is written “Chinese{BETWEEN}English”")
        return cls(zh, en, example, refers, names)

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    @property
    def line(self) -> str:
        return f"{self.zh}{BETWEEN}{self.en}"


@dataclass(frozen=True, slots=True)
class CodeLabels:
    """A code list: its own label, and one for each code in its order."""

    title: Label
    codes: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Labels:
    """``codes``: by name of the enumeration, or ``module.Name`` where two modules have one of that name."""

    facts: Mapping[str, Label] = field(default_factory=dict)
    fields: Mapping[str, Label] = field(default_factory=dict)
    codes: Mapping[str, CodeLabels] = field(default_factory=dict)
    _patterns: Mapping[str, list[str]] = field(init=False, repr=False, compare=False)
    """Of owners, by the name of the field."""

    def __post_init__(self) -> None:
        patterns: dict[str, list[str]] = {}
        for key in self.fields:
            owner, _, name = key.rpartition(".")
            if "*" in owner:
                patterns.setdefault(name, []).append(owner)
        object.__setattr__(self, "_patterns", patterns)

    def fact(self, name: str) -> Label:
        """Raises ``KeyError``."""
        return self.facts[name]

    def field(self, name: str, owner: str = "") -> Label:
        """Raises ``KeyError``."""
        return self.fields[self.field_key(name, owner)]

    def field_key(self, name: str, owner: str = "") -> str:
        """Under which name a field of ``owner`` is labelled: its own, by pattern, or the field's in general."""
        if not owner:
            return name
        if (wanted := f"{owner}.{name}") in self.fields:
            return wanted
        owners = (pattern for pattern in self._patterns.get(name, ()) if fnmatchcase(owner, pattern))
        return next((f"{pattern}.{name}" for pattern in owners), name)

    def code_list(self, kind: type[Enum]) -> CodeLabels:
        """Raises ``KeyError``."""
        return self.codes[self.code_list_key(kind)]

    def code_list_key(self, kind: type[Enum]) -> str:
        qualified = f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"
        return qualified if qualified in self.codes else kind.__name__

    def code(self, member: Enum) -> Label:
        """Raises ``KeyError``."""
        return self.code_list(type(member)).codes[written(member)]


def written(member: Enum) -> str:
    """A code as it is written: ``yes`` and ``no`` for truth values."""
    value = member.value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def read_labels(folder: Path) -> Labels:
    """All files of the folder together. Raises ``LabelError`` for a label that stands twice or lacks a language."""
    read: dict[str, dict[str, Any]] = {"facts": {}, "fields": {}, "codes": {}}
    for path in sorted(folder.glob("*.yaml")):
        content = _UniqueKeys(path.read_text(encoding="utf-8")).get_single_data()
        for section, entries in content.items():
            for name, made in _entries(section, entries):
                if name in read[section]:
                    raise LabelError(f"{path.name}: {name} is labelled twice")
                read[section][name] = made
    return Labels(**read)


def _entries(section: str, entries: Mapping[str, Any]) -> Iterator[tuple[str, Label | CodeLabels]]:
    for name, entry in entries.items():
        if section == "codes":
            codes = {code: _label(f"{name}.{code}", text) for code, text in entry.items()}
            yield name, CodeLabels(codes.pop(TITLE), codes)
        else:
            yield name, _label(name, entry)


def _label(name: str, entry: str | Mapping[str, Any]) -> Label:
    if isinstance(entry, str):
        return Label.of(name, entry)
    return Label.of(name, entry["label"], entry.get("example"), entry.get("refers", ""), entry.get("names", False))


class _UniqueKeys(yaml.CSafeLoader):
    """The safe loader, but a key that stands twice in one mapping is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise LabelError(f"{', '.join(map(str, twice))} is labelled twice")
        return super().construct_mapping(node, deep)


LABELS = read_labels(FOLDER)
