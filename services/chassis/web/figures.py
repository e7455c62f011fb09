"""The figures of a refusal in words, for people: what each is called, and codes by their labels."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum

from contracts.civil import SHANGHAI
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import Message, NamedCode

OWNER = "Refused"
"""Under which labels of figures alone stand (``contracts/labels``)."""
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMED = {
    "zh": re.compile(r" ?“?(?<![\w.@/-])(?P<name>[a-z]{2,}(_[a-z]+)*)(?![\w./-])”? ?", re.ASCII),
    "en": re.compile("``?(?P<name>[a-z_]+)``?"),
}
"""How a rule's text names a field: as the only such word in Chinese, marked in English."""


def in_words(text: str, facts: Mapping[str, object], language: str) -> str:
    """The rule's text, and behind it every labelled figure that is no structure: “…。岗位：系统管理员”. Fields and figures that the
    text names are called by their labels there, too."""
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    shown = between.join(f"{name}{colon}{value}" for name, value in _shown(facts, language))
    return f"{NAMED[language].sub(lambda found: _called(found, language), text)} {shown}".rstrip()


def _called(found: re.Match[str], language: str) -> str:
    label = LABELS.fields.get(LABELS.field_key(found["name"], OWNER))
    return found[0] if label is None else f"“{getattr(label, language)}”"


def _shown(facts: Mapping[str, object], language: str) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        label = LABELS.fields.get(LABELS.field_key(name, OWNER))
        if label is not None and (words := _words(value, language, _list_of(label))):
            yield getattr(label, language), words


def _list_of(label: Label) -> Mapping[str, Label]:
    found = LABELS.codes.get(label.refers.removeprefix("codes/"))
    return {} if found is None else found.codes


def _words(value: object, language: str, codes: Mapping[str, Label]) -> str:
    """``codes``: what the figure's label says that its codes are of. An id says nothing to people."""
    if isinstance(value, Message | NamedCode):
        return str(getattr(value, language))
    if isinstance(value, Enum):
        found = LABELS.codes.get(LABELS.code_list_key(type(value)))
        return _words(str(value.value), language, {} if found is None else found.codes)
    if isinstance(value, list | tuple | set | frozenset):
        each: Iterable[str] = (_words(item, language, codes) for item in value)
        return ("、" if language == "zh" else ", ").join(filter(None, each))
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and value in codes:
        return str(getattr(codes[value], language))
    return str(value) if isinstance(value, str | int | float | date) and not ID.search(str(value)) else ""
