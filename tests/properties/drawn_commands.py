"""Lists of commands about households, as Hypothesis draws them."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from contracts.facts import Precision
from tests.properties.household_commands import HANDLERS, MAX_DAYS_BACK, Command
from tests.properties.record_commands import RECORD_COMMANDS
from tests.properties.status_commands import STATUS_COMMANDS

RARE = ("remove", "die", *(kind for kind in RECORD_COMMANDS if kind != "reinstate"))
"""They soon end a history, so the others are drawn more often."""
_FREQUENT = [
    *[kind for kind in HANDLERS if kind not in RARE] * 3, *["annul"] * 4,
    *[kind for kind in STATUS_COMMANDS if kind not in RARE] * 2,
]  # fmt: skip
_WAITS = [timedelta(0), timedelta(0), timedelta(seconds=1), timedelta(hours=5), timedelta(days=1), timedelta(days=9)]


def _command(kinds: Sequence[str]) -> st.SearchStrategy[Command]:
    few = st.integers(0, 11)
    return st.builds(
        Command,
        kind=st.sampled_from(kinds),
        household=few,
        who=few,
        pick=few,
        days_ago=st.one_of(st.integers(-1, 12), st.integers(0, MAX_DAYS_BACK)),
        precision=st.sampled_from([*[Precision.DAY] * 6, Precision.MONTH, Precision.YEAR]),
        wait=st.sampled_from(_WAITS),
    )


def histories(max_size: int = 30, kinds: Sequence[str] = (*_FREQUENT, *RARE)) -> st.SearchStrategy[list[Command]]:
    """Lists of commands: a household is recorded and enrolled long ago, for late facts; then anything of these kinds
    happens."""
    first = Command("record", 0, 2, 0, MAX_DAYS_BACK, Precision.DAY, timedelta(0))
    enrolled = Command("enrol", 0, 0, 0, MAX_DAYS_BACK // 2, Precision.DAY, timedelta(days=1))
    later = st.lists(_command(kinds), min_size=max_size // 3, max_size=max_size)
    return later.map(lambda more: [first, enrolled, *more])
