"""Of one subject: who was obliged to it from when to when, and what was done. Pure."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec


class Obligation(msgspec.Struct, frozen=True, gc=False):
    """Somebody is obliged to the subject from ``since`` to before ``until``. ``obliged``: an account; ``None``: the office in
    charge. ``of``: which of the obligations of its name it is, as documents say it. ``begins``: the later of ``since`` and the
    day on which it was recorded, for nobody can act before; ``cause``: id of the fact that it began with."""

    obliged: str | None
    since: date
    begins: date
    until: date | None
    cause: str
    of: str = ""


class Fulfilment(msgspec.Struct, frozen=True, gc=False):
    """Something done on ``day``, or serving that lasted from ``day`` to ``last``. ``fact``: its id; ``kind``: as documents name
    it; ``fields``: what of it was said; ``whom``: who was served, where that is counted."""

    fact: str
    kind: str
    day: date
    last: date
    by: str | None = None
    fields: frozenset[str] = frozenset()
    whom: UUID | None = None


class History(msgspec.Struct, frozen=True, gc=False):
    """Of one subject, as known at some moment. ``places``: the first day of each stay and its division, in order; ``latest``: id
    of the fact recorded last."""

    obligations: Sequence[Obligation]
    fulfilments: Sequence[Fulfilment]
    places: Sequence[tuple[date, str]]
    latest: str
    household_id: UUID | None = None

    def place_on(self, day: date) -> str:
        """Where the subject was; before its first stay, where that was."""
        return next((place for since, place in reversed(self.places) if since <= day), self.places[0][1])
