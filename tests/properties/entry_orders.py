"""Orders of entering a true history: any that keeps the preconditions of its acts, with detours that come to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from tests.properties.true_histories import TrueHistory
from tests.properties.true_households import Act

MAX_ACTS = 26
"""Two recordings, and twelve commands of which a marriage makes two acts."""


@dataclass(frozen=True, slots=True)
class Detour:
    """An annulment, a replacement or a wrong act that is undone again: begun when ``at`` acts are entered, ended ``length`` acts later
    at most; ``whom`` and ``off`` choose what it is about."""

    kind: str
    at: int
    length: int
    whom: int
    off: int


@dataclass(frozen=True, slots=True)
class EntryOrder:
    """``keys``: of the acts that may be entered next, the one with the smallest key is; ``waits``: days between two."""

    keys: tuple[int, ...] = ()
    waits: tuple[int, ...] = ()
    detours: tuple[Detour, ...] = ()

    def next_act(self, history: TrueHistory, entered: Sequence[int]) -> Act:
        ready = [a for a in history.acts if a.number not in entered and a.after <= set(entered)]
        return min(ready, key=lambda a: (self.keys[a.number] if self.keys else 0, a.number))

    def wait(self, step: int) -> timedelta:
        return timedelta(days=self.waits[step % len(self.waits)] if self.waits else 0)


CHRONOLOGICAL = EntryOrder()
ORDERS = st.builds(
    EntryOrder,
    keys=st.permutations(range(MAX_ACTS)).map(tuple),
    waits=st.lists(st.sampled_from([0, 0, 1, 3]), min_size=4, max_size=8).map(tuple),
    detours=st.lists(
        st.builds(
            Detour,
            kind=st.sampled_from(
                [
                    "annul",
                    "annul_replaced",
                    "replace_wrongly",
                    "move_wrongly",
                    "leave_wrongly",
                    "correct_decision",
                    "correct_decision",
                ]
            ),
            at=st.integers(1, 16),
            length=st.integers(0, 4),
            whom=st.integers(0, 7),
            off=st.integers(0, 900),
        ),
        max_size=3,
    ).map(tuple),
)
