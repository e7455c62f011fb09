"""What a text was read as, and what had to be changed for it."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from services.chassis.ground.invisible_characters import UNSEEN, named
from services.chassis.ground.messages import CHASSIS, Message
from services.chassis.ground.refusals import Refused, Rule

T_co = TypeVar("T_co", covariant=True)


class Reading(NamedTuple, Generic[T_co]):
    """``value``: ``None`` where the text says that there is nothing. ``changes``: the kinds of change on the way to it;
    they name characters, never what was written."""

    value: T_co
    changes: tuple[Message, ...] = ()


Reader = Callable[[str], Reading[str | None]]
"""How the texts of one kind of field are read. Raises ``Unreadable``."""


class Unreadable(Refused):
    """A text is not what the field asks for. ``note``: what the reader needs besides the rule, such as the name of an
    invisible character or the nearest known word; it never repeats the text."""

    def __init__(self, why: Rule, note: Message | None = None) -> None:
        super().__init__(why)
        self.note = note

    @classmethod
    def naming(cls, why: Rule, text: str) -> "Unreadable":
        """With the names of the invisible characters in the text, where there are any."""
        found = named(UNSEEN.findall(text))
        return cls(why, CHASSIS.say("contains", characters=found) if found else None)


def joined(notes: tuple[Message, ...]) -> Message | None:
    """One message of several."""
    return CHASSIS.say("read_as", changes=list(notes)) if notes else None
