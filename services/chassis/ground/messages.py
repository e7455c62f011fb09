"""Messages for people, in Chinese and English: one catalogue per service, ``messages.yaml``, keyed by code.

::

    port_taken:
      zh: 无法监听端口 {port:d}，请用 --port 换一个。
      en: Port {port:d} cannot be listened on; choose another with --port.

Figures stand in braces as in ``str.format``, always by name and the same in both languages. A figure may be a message
or a label, shown in the language around it, or a list of names or of messages, separated as that language does. What belongs
to a message is nested below it: ``remedy:`` of ``log_has_gaps`` is ``log_has_gaps.remedy``. A rule's texts are no entries
here: they stand with the rule itself (``refusals``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any, Self

import yaml

from services.chassis.ground.labels import Label

LANGUAGES = ("zh", "en")
BETWEEN_NAMES = {"zh": "、", "en": ", "}
BETWEEN_MESSAGES = {"zh": "；", "en": "; "}


@dataclass(frozen=True, slots=True)
class Message:
    """One message with its figures filled in. Never personal data."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"

    @property
    def line(self) -> str:
        """Both languages on one line."""
        return f"{self.zh} / {self.en}"


class NamedCode(str):
    """A code with what its document calls it; written and compared as the code."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        named = super().__new__(cls, code)
        named.zh, named.en = zh, en
        return named


class ExplainedError(RuntimeError):
    """A failure whose message already tells the operator, in both languages, what to do; a stack would only hide it."""

    def __init__(self, message: Message, details: str = "") -> None:
        """``details``: what a program or a library said itself, in its own language."""
        super().__init__(f"{message}\n{details}".rstrip())
        self.message, self.details = message, details


class FigureFormatter(Formatter):
    """``str.format`` for one language: figures that are messages or lists are shown in it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Message | Label):
            value = getattr(value, self.language)
        elif isinstance(value, list | tuple):
            messages = any(isinstance(item, Message | Label) for item in value)
            between = (BETWEEN_MESSAGES if messages else BETWEEN_NAMES)[self.language]
            value = between.join(self.format_field(item, "") for item in value)
        return str(super().format_field(value, format_spec))


class Catalogue:
    """The messages of one package, read when the first of them is said."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, code: str, **figures: object) -> Message:
        """Raises ``KeyError`` for a code that is not in the catalogue, or a figure that was not given."""
        template = self.templates[code]
        zh, en = (FigureFormatter(language).vformat(template[language], (), figures) for language in LANGUAGES)
        return Message(code, zh, en)

    @cached_property
    def templates(self) -> Mapping[str, Mapping[str, str]]:
        """Code → language → template. Raises ``ValueError`` for an entry that lacks a language, or whose languages
        show different figures."""
        return dict(self._entries("", yaml.load(self.path.read_text(encoding="utf-8"), yaml.CSafeLoader)))

    def _entries(self, prefix: str, nodes: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
        for name, node in nodes.items():
            code = f"{prefix}{name}"
            if shown_in(node["zh"]) != shown_in(node["en"]):
                raise ValueError(f"{self.path.name}: {code} shows other figures in Chinese than in English")
            yield code, {language: node[language] for language in LANGUAGES}
            yield from self._entries(f"{code}.", {n: inner for n, inner in node.items() if n not in LANGUAGES})


def shown_in(template: str) -> frozenset[str]:
    """Names of the figures that a template shows."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


CHASSIS = Catalogue(Path(__file__).parents[1] / "messages.yaml")
