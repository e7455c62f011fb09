"""In which order the steps of a procedure come: one after the other, or side by side where the document says so. Pure."""

from collections.abc import Sequence
from functools import lru_cache

from services.chassis.law.content import DocumentError

After = tuple[str, ...] | None
"""Keys of the steps that a step names as those before it; ``None``: the one that stands before it."""


@lru_cache(maxsize=256)
def steps_before(steps: tuple[tuple[str, After], ...]) -> dict[str, frozenset[str]]:
    """Key → keys of all steps that must be done before, directly or not."""
    found: dict[str, frozenset[str]] = {}
    former: tuple[str, ...] = ()
    for key, after in steps:
        direct = former if after is None else after
        found[key] = frozenset(direct).union(*(found.get(each, frozenset()) for each in direct))
        former = (key,)
    return found


def require_order(steps: Sequence[tuple[str, After, type]], decision: int) -> None:
    """Raises ``ValueError`` where a step comes after one that stands behind it, two of one kind run side by side, so that an act
    would not say which is meant, or the ``decision``-th or a later step does not come after everything before it."""
    before = steps_before(tuple((key, after) for key, after, _ in steps))
    keys = [key for key, _, _ in steps]
    for place, (key, after, kind) in enumerate(steps):
        if not {*(after or ())} <= {*keys[:place]}:
            raise DocumentError(
                (), f"{key}：排在它所依据的步骤之前，请调整次序", f"{key}: comes after steps that stand before it"
            )
        if any(other is kind for former, _, other in steps[:place] if former not in before[key]):
            raise DocumentError(
                (),
                f"{key}：可并行的步骤种类须各不相同",
                f"{key}: of steps that may run side by side each is of another kind",
            )
        if place >= decision and before[key] != {*keys[:place]}:
            raise DocumentError(
                (),
                "决定及其后的步骤须排在其他步骤之后",
                "the decision, and what follows it, comes after everything before",
            )
