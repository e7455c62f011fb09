"""True histories as Hypothesis draws them, and three that are always tried."""

from collections.abc import Sequence

from hypothesis import strategies as st

from contracts.facts import Precision
from tests.properties.true_histories import TrueHistory
from tests.properties.true_households import Command


def _command(kinds: Sequence[str]) -> st.SearchStrategy[Command]:
    few = st.integers(0, 7)
    return st.builds(
        Command,
        kind=st.sampled_from(kinds),
        one=few,
        two=few,
        three=few,
        gap=st.sampled_from([0, 0, 0, 0, 1, 30, 200]),
        precision=st.sampled_from([*[Precision.DAY] * 8, Precision.MONTH, Precision.YEAR]),
    )


KINDS = (
    "join",
    "join_again",
    "leave",
    "die",
    "marry",
    "move",
    "survey",
    "split",
    "split",
    "decide",
    "decide",
    "decide",
    "look_back",
    "end",
    "reinstate",
    "reinstate",
    "merge",
    "head",
    "correct",
)


def _chosen(kind: str, two: int = 0, *, of: int = 0, three: int = 0) -> Command:
    return Command(kind, of, two, three, 1, Precision.DAY)


ANY_HISTORIES = st.builds(
    TrueHistory,
    st.lists(_command(["record"]), min_size=2, max_size=2),
    st.lists(_command(KINDS), min_size=6, max_size=12),
)
WRONGFUL_ENTRIES = st.builds(
    lambda among: TrueHistory(
        [_chosen("record", 2), _chosen("record", 2)],
        [_chosen("decide"), _chosen("split", three=1), *among, _chosen("look_back")],
    ),
    st.lists(
        _command(
            [
                "decide",
                "decide",
                "decide",
                "split",
                "marry",
                "look_back",
                "move",
                "end",
                "reinstate",
                "merge",
                "head",
                "correct",
            ]
        ),
        min_size=4,
        max_size=8,
    ),
)
"""A household is enrolled and splits, and a look-back finds in the end that it never qualified."""
HISTORIES = st.one_of(ANY_HISTORIES, WRONGFUL_ENTRIES)


MOVED_TWICE = TrueHistory(
    [_chosen("record"), _chosen("record")], [_chosen("decide"), _chosen("move", 1), _chosen("move", 1)]
)
"""A registered household that moves to a second village and on to a third one: acts 3 and 4."""
MOVED_HOME = TrueHistory(
    [_chosen("record"), _chosen("record")], [_chosen("decide"), _chosen("move"), _chosen("move", 1)]
)
"""The same, but it moves home again."""

WRONGLY_ENROLLED = TrueHistory(
    [_chosen("record", 2), _chosen("record")],
    [
        _chosen("decide"), _chosen("split", three=1), _chosen("split", of=2), _chosen("decide", of=2),
        _chosen("decide", of=3), _chosen("decide", of=3), _chosen("marry", of=1, three=2), _chosen("look_back", of=2),
        _chosen("look_back"),
    ],
)  # fmt: skip
"""A household that never qualified, which act 11 finds; one split off from it, exited and was removed (acts 5 and 10); another
one from that, exited and fell back (acts 6 and 7). Somebody marries into the second (acts 8 and 9)."""
