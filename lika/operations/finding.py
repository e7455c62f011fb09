"""What a check found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``broken``: something does not work, or will be lost if nobody acts; ``warning``: it works, and should not stay
    so."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


EXIT_CODES = {State.OK: 0, State.WARNING: 1, State.BROKEN: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """``name`` is stable, ``log_gapless`` or ``registry.log_gapless``. No text holds personal data, a secret or a
    password: figures, names of parts, and paths of this installation only. What is ok has no remedy."""

    name: str
    state: State
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


def ok(name: str, zh: str, en: str) -> Finding:
    return Finding(name, State.OK, zh, en)


def warning(name: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(name, State.WARNING, zh, en, remedy_zh, remedy_en)


def broken(name: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(name, State.BROKEN, zh, en, remedy_zh, remedy_en)
