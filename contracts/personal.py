"""Personal data at rest is a sealed box; in memory it is a value that does not print itself.

A ``Personal[str]`` is in one of three states: *plain* (just typed, not yet sealed), *sealed* (a box
``algorithm.key.ciphertext`` as stored) or *shredded* (its key was destroyed, nothing can open it again).
Only a sealed or shredded value can be encoded, so plaintext cannot reach the log by accident.
"""

from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")

MASK = "***"
SHREDDED = "shredded"


class PlaintextRefused(TypeError):
    """Somebody tried to encode personal data that was never sealed."""


class Personal(Generic[T]):
    """One personal value of type ``T`` (today always ``str``), sealed under its subject's data key."""

    __slots__ = ("_box", "_plain")

    def __init__(self, plain: T | None = None, *, box: str | None = None) -> None:
        if (plain is None) == (box is None):
            raise ValueError("a personal value is either plain or sealed")
        self._plain = plain
        self._box = box

    @classmethod
    def sealed(cls, box: str) -> Self:
        """The value as it is stored: ``algorithm.key_id.ciphertext``, or ``shredded``."""
        return cls(box=box)

    @property
    def is_plain(self) -> bool:
        return self._box is None

    @property
    def is_shredded(self) -> bool:
        return self._box == SHREDDED

    @property
    def masked(self) -> str:
        """What is shown instead: the mask, or that it was shredded."""
        return SHREDDED if self.is_shredded else MASK

    @property
    def plain(self) -> T:
        """The plaintext. Raises ``LookupError`` when the value is sealed: ask the vault for a stated purpose."""
        if self._plain is None:
            raise LookupError("sealed: ask the vault for a stated purpose")
        return self._plain

    @property
    def box(self) -> str:
        """The stored box. Raises ``PlaintextRefused`` when the value was never sealed."""
        if self._box is None:
            raise PlaintextRefused("personal data must be sealed before it is stored")
        return self._box

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and (self._plain, self._box) == (other._plain, other._box)

    def __hash__(self) -> int:
        return hash((self._plain, self._box))

    def __repr__(self) -> str:
        return f"Personal({MASK})"

    __str__ = __repr__


def from_box(kind: Any, raw: Any) -> Any:
    """msgspec ``dec_hook``: a stored string becomes a sealed ``Personal``."""
    if (kind is Personal or getattr(kind, "__origin__", None) is Personal) and isinstance(raw, str):
        # Not through ``__init__``: every fact that is read comes through here, and a string is a box.
        value: Personal[str] = Personal.__new__(Personal)
        value._plain, value._box = None, raw
        return value
    raise TypeError(f"no stored form for {kind!r}")


def to_box(value: Any) -> str:
    """msgspec ``enc_hook``: only a sealed ``Personal`` has a stored form."""
    if isinstance(value, Personal):
        return value.box
    raise TypeError(f"no stored form for {type(value)!r}")
