"""What stands under a name of its own, and behind it what any other name stands for."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class NamedBefore(Mapping[str, T]):
    """``named`` first; of any other key ``others`` answers."""

    def __init__(self, named: Mapping[str, T], others: Mapping[str, T]) -> None:
        self._named, self._others = named, others

    def __getitem__(self, key: str) -> T:
        return self._named[key] if key in self._named else self._others[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def __contains__(self, key: object) -> bool:
        return key in self._named or key in self._others
