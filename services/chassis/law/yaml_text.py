"""Reading a document's YAML, strictly and without its surprises; every complaint about it has a line."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

import yaml

from services.chassis.law.content import DocumentError, Path

MEANINGS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda written: written == "true",
    "int": int,
    "float": str,
    "timestamp": date.fromisoformat,
}

NOT_YAML = "不是合法的 YAML，每行应为“名称: 值” / not YAML, 'key: value' lines are expected:"
MEANT = {"null": "空值", "bool": "true 或 false", "int": "整数", "timestamp": "日期"}


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: ``off`` is a word, ``010`` no octal, ``1:30`` no number."""


class _ShippedLoader(yaml.CSafeLoader):
    """The same by libyaml, ten times as fast: for our own texts alone, since a text that nests deep enough ends the process."""


_Loader.yaml_implicit_resolvers = {}
for _kind, _shape in {
    "null": r"null|~|",
    "bool": r"true|false",
    "int": r"-?(0|[1-9]\d*)",
    "float": r"[-+]?(\d[\d_]*)?\.\d+([eE][-+]?\d+)?|[-+]?\d+(\.\d*)?[eE][-+]?\d+|[-+]?\.(inf|nan)",
    "timestamp": r"\d{4}-\d\d-\d\d",
}.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_shape})$"), None)
_ShippedLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


class DocumentFileError(ValueError):
    """A file is not what it should be; the message starts with ``file:line``."""


class YamlText:
    """One YAML text: its ``content`` as read-only mappings, tuples, NFC text, whole numbers, truth values, dates and
    ``None``. ``origin`` names it in errors. Raises ``DocumentFileError``."""

    def __init__(self, text: str, origin: str, loader: type[yaml.SafeLoader | yaml.CSafeLoader] = _Loader) -> None:
        self._origin = origin
        self._lines: dict[Path, int] = {(): 1}
        try:
            root = loader(text).get_single_node()
        except yaml.YAMLError as error:
            raise DocumentFileError(f"{origin}:{_line_of(error)}: {NOT_YAML} {error}") from error
        if root is None:
            raise DocumentFileError(f"{origin}:1: 文件为空 / empty file")
        if not isinstance(root, yaml.MappingNode):
            raise self._wrong(root, "每行应为“名称: 值”", "expected 'key: value' lines")
        self.content: Mapping[str, Any] = self._plain(root, ())

    @classmethod
    def shipped(cls, file: FilePath) -> "YamlText":
        """A text that belongs to the release."""
        return cls(file.read_text(encoding="utf-8"), str(file), _ShippedLoader)

    @classmethod
    def of(cls, file: FilePath) -> "YamlText":
        """Anybody's text."""
        try:
            return cls(file.read_text(encoding="utf-8"), str(file))
        except UnicodeDecodeError as error:
            raise DocumentFileError(
                f"{file}: 不是 UTF-8 文本，请以 UTF-8 另存 / not a text in UTF-8: save it as such"
            ) from error

    @contextmanager
    def located(self) -> Iterator[None]:
        """Complaints about the content become complaints about this text, with their line."""
        try:
            yield
        except DocumentError as error:
            raise DocumentFileError(f"{self._origin}:{self.line_of(error.path)}: {error}") from error

    def line_of(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _wrong(self, node: yaml.Node, zh: str, en: str) -> DocumentFileError:
        return DocumentFileError(f"{self._origin}:{node.start_mark.line + 1}: {zh} / {en}")

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._plain(part, (*path, number)) for number, part in enumerate(node.value))
        kind, written = node.tag.rpartition(":")[2], str(node.value)
        if kind == "str":
            return unicodedata.normalize("NFC", written)
        if kind not in MEANINGS:
            raise self._wrong(
                node, f"{written}：此处不能用'{kind}'，请改为文字、数字或日期", f"{written}: '{kind}' is not used here"
            )
        if kind == "float":
            raise self._wrong(
                node, f"{written}：小数须加引号，以保持精确", f"{written}: quote decimals, so that they stay exact"
            )
        try:
            return MEANINGS[kind](written)
        except ValueError as error:
            raise self._wrong(node, f"{written}：不是{MEANT[kind]}，请更正", f"{written}: {error}") from error

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Mapping[str, Any]:
        """Each key once; the line of a part is that of its key."""
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = self._plain(key, (*path, "\0key"))
            if not isinstance(name, str):
                raise self._wrong(key, f"名称须为文字，不能是 {name!r}", f"a key is a text, not {name!r}")
            if name in found:
                raise self._wrong(key, f"'{name}'重复，请删去其一", f"'{name}' stands twice")
            self._lines[*path, name] = key.start_mark.line + 1
            found[name] = self._plain(value, (*path, name))
        return MappingProxyType(found)


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return 1 if mark is None else mark.line + 1
