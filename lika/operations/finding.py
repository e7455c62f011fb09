"""What a check found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from lika.messages import say


class State(StrEnum):
    """``broken``: something does not work, or will be lost if nobody acts; ``warning``: it works, and should not stay
    so."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


EXIT_CODES = {State.OK: 0, State.WARNING: 1, State.BROKEN: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """``name``: of the check, stable, ``free_space`` or ``registry.log_gapless``; ``code``: of the message that says what
    was found. No text holds personal data, a secret or a password: figures, names of parts, and paths of this installation
    only. What is ok has no remedy."""

    name: str
    state: State
    code: str
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


def ok(name: str, code: str, **figures: object) -> Finding:
    found = say(code, **figures)
    return Finding(name, State.OK, code, found.zh, found.en)


def warning(name: str, code: str, **figures: object) -> Finding:
    return _with_remedy(name, State.WARNING, code, figures)


def broken(name: str, code: str, **figures: object) -> Finding:
    return _with_remedy(name, State.BROKEN, code, figures)


def _with_remedy(name: str, state: State, code: str, figures: dict[str, object]) -> Finding:
    found, remedy = say(code, **figures), say(f"{code}.remedy", **figures)
    return Finding(name, state, code, found.zh, found.en, remedy.zh, remedy.en)
