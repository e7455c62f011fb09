"""The figures of a refusal in words, for people: what each is called, and codes by their labels."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum

from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message

OWNER = "Refused"
"""Under which labels of figures alone stand (``contracts/labels``)."""


def in_words(text: str, facts: Mapping[str, object], language: str) -> str:
    """The rule's text, and behind it every labelled figure that is no structure: “…。岗位：系统管理员 (operator)”."""
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    shown = between.join(f"{name}{colon}{value}" for name, value in _shown(facts, language))
    return f"{text} {shown}".rstrip()


def _shown(facts: Mapping[str, object], language: str) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        label = LABELS.fields.get(LABELS.field_key(name, OWNER))
        words = _words(value, language)
        if label is not None and words:
            yield getattr(label, language), words


def _words(value: object, language: str) -> str:
    if isinstance(value, Message):
        return f"{getattr(value, language)} ({value.code})"
    if isinstance(value, Enum):
        codes = LABELS.codes.get(LABELS.code_list_key(type(value)))
        label = codes and codes.codes.get(str(value.value))
        name = getattr(label, language) if label else str(value.value)
        return name if name == str(value.value) else f"{name} ({value.value})"
    if isinstance(value, list | tuple | set | frozenset):
        each: Iterable[str] = (_words(item, language) for item in value)
        return ("、" if language == "zh" else ", ").join(filter(None, each))
    return str(value) if isinstance(value, str | int | float | date) else ""
