"""Reading dated parameters from YAML, strictly: an error names file and line.

``<folder>/*.yaml`` holds parameters, name → entries::

    poverty_line:
      - from: 2011-01-01
        value: "2300"            # quoted: an exact decimal. null: repealed from that day
        unit: yuan_per_person_year
        jurisdiction: "CN"       # or the leading digits of a division code
        source: M001
        basis: prices of 2010    # optional

``<folder>/<kind>/*.yaml`` holds documents, one edition a file, named ``kind/name`` after the file without its edition
(``procedures/exit-2016.yaml`` → ``procedures/exit``), with ``jurisdiction``, ``source`` and ``from``/``to`` (both
included, at the top or under ``in_force``) among its keys.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml

from services.chassis.law.parameters import NATIONAL, Document, Entry, Parameters, Scalar, Value

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
PLACE = re.compile(rf"{NATIONAL}|\d{{2,12}}")
EDITION = re.compile(r"-\d{4}[a-z]?$")
EXACT = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")

REQUIRED = ("from", "value", "unit", "jurisdiction", "source")
OPTIONAL = ("basis",)


MEANINGS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda written: written == "true",
    "int": int,
    "float": str,
    "timestamp": date.fromisoformat,
}


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: ``off`` is a word, ``010`` no octal, ``1:30`` no number."""


_Loader.yaml_implicit_resolvers = {}
for _kind, _shape in {
    "null": r"null|~|",
    "bool": r"true|false",
    "int": r"-?(0|[1-9]\d*)",
    "float": r"[-+]?(\d[\d_]*)?\.\d+([eE][-+]?\d+)?|[-+]?\d+(\.\d*)?[eE][-+]?\d+|[-+]?\.(inf|nan)",
    "timestamp": r"\d{4}-\d\d-\d\d",
}.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_shape})$"), None)


class ParameterFileError(ValueError):
    """A file is not what it should be; the message starts with ``file:line``."""


def load(*folders: Path) -> Parameters:
    """All parameters and documents of these folders, such as a service's own and a province's additions.
    Raises ``ParameterFileError``."""
    entries: list[Entry] = []
    documents: list[Document] = []
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            entries += parse_entries(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(folder.glob("*/*.yaml")):
            name = f"{path.parent.name}/{EDITION.sub('', path.stem)}"
            documents.append(parse_document(name, path.read_text(encoding="utf-8"), str(path)))
    _require_one_unit(entries)
    try:
        parameters = Parameters(entries, documents)
    except ValueError as error:
        raise ParameterFileError(f"{', '.join(map(str, folders))}: {error}") from error
    _require_no_overlap(parameters)
    return parameters


def parse_entries(text: str, origin: str) -> list[Entry]:
    """The entries of one file; ``origin`` names it in errors."""
    source = _Source(text, origin)
    return [
        _entry(source, name, node)
        for name, (key, series) in source.mapping(source.root).items()
        if source.require(NAME.fullmatch(name) is not None, key, f"{name}: lower-case words joined by _ or .")
        for node in source.sequence(series)
    ]


def parse_document(name: str, text: str, origin: str) -> Document:
    """One edition of a document."""
    source = _Source(text, origin)
    content = source.plain(source.root)
    source.require(isinstance(content, Mapping), source.root, "a document is a mapping")
    term = content.get("in_force", content)
    since, until = term.get("from"), term.get("to")
    source.require(_is_date(since), source.root, "'from' must be a date")
    source.require(until is None or (_is_date(until) and since <= until), source.root, "'to' must be a later date")
    place, paper = content.get("jurisdiction"), content.get("source")
    source.require(isinstance(place, str) and PLACE.fullmatch(place) is not None, source.root, "needs a jurisdiction")
    source.require(isinstance(paper, str) and paper != "", source.root, "needs a source")
    return Document(name, since, until, place, paper, content)


def _entry(source: "_Source", name: str, node: yaml.Node) -> Entry:
    fields = source.mapping(node)
    for key in REQUIRED:
        source.require(key in fields, node, f"{name}: '{key}' is missing")
    for key, (key_node, _) in fields.items():
        source.require(key in REQUIRED + OPTIONAL, key_node, f"{name}: unknown key '{key}'")
    plain = {key: source.plain(value) for key, (_, value) in fields.items()}
    for key in ("unit", "jurisdiction", "source", *(OPTIONAL if "basis" in plain else ())):
        source.require(isinstance(plain[key], str) and plain[key] != "", fields[key][1], f"{name}: '{key}' is a text")
    source.require(_is_date(plain["from"]), fields["from"][1], f"{name}: 'from' is a date")
    place = plain["jurisdiction"]
    source.require(
        PLACE.fullmatch(place) is not None, fields["jurisdiction"][1], f"{name}: {NATIONAL} or a division code, quoted"
    )
    return Entry(
        name=name,
        since=plain["from"],
        value=_value(source, name, plain["unit"], plain["value"], fields["value"][1]),
        unit=plain["unit"],
        jurisdiction=place,
        source=plain["source"],
        basis=plain.get("basis"),
    )


def _value(source: "_Source", name: str, unit: str, plain: Any, node: yaml.Node) -> Value | None:
    if plain is None:
        return None
    if isinstance(plain, tuple):
        source.require(bool(plain), node, f"{name}: an empty list; a repeal is null")
        return tuple(_scalar(source, name, unit, part, node) for part in plain)
    return _scalar(source, name, unit, plain, node)


def _scalar(source: "_Source", name: str, unit: str, plain: Any, node: yaml.Node) -> Scalar:
    """The unit says what the text means: ``text``, ``boolean``, ``date``; any other unit counts something."""
    expected = {"text": str, "boolean": bool, "date": date}.get(unit)
    if expected is not None:
        source.require(type(plain) is expected, node, f"{name}: a value of unit '{unit}' is another kind of thing")
        return cast(Scalar, plain)
    if isinstance(plain, str):
        source.require(EXACT.fullmatch(plain) is not None, node, f"{name}: '{plain}' is no decimal in plain notation")
        return Decimal(plain)
    source.require(type(plain) is int, node, f"{name}: a value of unit '{unit}' is a whole number or a quoted decimal")
    return cast(int, plain)


def _require_one_unit(entries: Iterable[Entry]) -> None:
    units: dict[str, str] = {}
    for entry in entries:
        if units.setdefault(entry.name, entry.unit) != entry.unit:
            raise ParameterFileError(f"{entry.name}: both {units[entry.name]} and {entry.unit}; one name has one unit")


def _require_no_overlap(parameters: Parameters) -> None:
    for name in parameters.document_names:
        for earlier, later in pairwise(parameters.editions(name)):
            ended = earlier.until is None or earlier.until < later.since
            if earlier.jurisdiction == later.jurisdiction and not ended:
                raise ParameterFileError(f"{name}: two editions of {earlier.jurisdiction} hold on {later.since}")


def _is_date(value: object) -> bool:
    return isinstance(value, date)


class _Source:
    """One YAML text, walked node by node so that every complaint has a line."""

    def __init__(self, text: str, origin: str) -> None:
        self._origin = origin
        try:
            root = _Loader(text).get_single_node()
        except yaml.YAMLError as error:
            raise ParameterFileError(f"{origin}: {error}") from error
        if root is None:
            raise ParameterFileError(f"{origin}:1: 文件为空 / empty file")
        self.root: yaml.Node = root

    def require(self, condition: bool, node: yaml.Node, complaint: str) -> bool:
        if not condition:
            raise ParameterFileError(f"{self._origin}:{node.start_mark.line + 1}: {complaint}")
        return True

    def mapping(self, node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Key → (its node, the value's node), each key once."""
        self.require(isinstance(node, yaml.MappingNode), node, "expected 'key: value' lines")
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            name = self.plain(key)
            self.require(isinstance(name, str), key, f"a key is a text, not {name!r}")
            self.require(name not in found, key, f"'{name}' stands twice")
            found[name] = key, value
        return found

    def sequence(self, node: yaml.Node) -> list[yaml.Node]:
        self.require(isinstance(node, yaml.SequenceNode) and bool(node.value), node, "expected a list of '- ' entries")
        return list(node.value)

    def plain(self, node: yaml.Node) -> Any:
        """Read-only mappings, tuples, NFC text, whole numbers, booleans, dates, ``None``."""
        if isinstance(node, yaml.MappingNode):
            return MappingProxyType({name: self.plain(value) for name, (_, value) in self.mapping(node).items()})
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.plain(part) for part in node.value)
        kind, written = node.tag.rpartition(":")[2], str(node.value)
        if kind == "str":
            return unicodedata.normalize("NFC", written)
        self.require(kind in MEANINGS, node, f"{written}: '{kind}' is not used here")
        self.require(kind != "float", node, f"{written}: quote decimals, so that they stay exact")
        try:
            return MEANINGS[kind](written)
        except ValueError as error:
            raise ParameterFileError(f"{self._origin}:{node.start_mark.line + 1}: {written}: {error}") from error
