"""A household's state, rebuilt from its facts: as it is now, or as it was on any day, as known at any instant."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import reduce

from contracts.facts import Recorded
from services.chassis.log.stream_view import fold_stream
from services.registry.households.categories import lapsed
from services.registry.households.lineage import (
    Relatives,
    household_of,
    household_timeline,
    no_relatives,
    started_by_split,
)
from services.registry.households.state import Household, evolve, evolve_without_surveys, fold


def current_state(known: Sequence[Recorded], relatives: Relatives = no_relatives) -> Household:
    """The household after every fact known now."""
    return _fold_whole(known, relatives, evolve)


def current_state_without_surveys(known: Sequence[Recorded], relatives: Relatives = no_relatives) -> Household:
    """``current_state`` with the survey facts left out: enough for legality, area and claims."""
    return _fold_whole(known, relatives, evolve_without_surveys)


def state_on(
    known: Sequence[Recorded],
    relatives: Relatives = no_relatives,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Household:
    """``state(V, T)``; ``status`` is ``None`` where nothing was known, and before the household was formed."""
    state = _own(known, fold(household_timeline(known, relatives, as_of=as_of, known_at=known_at)))
    return state if as_of is None else lapsed(state, as_of)


def _fold_whole(
    known: Sequence[Recorded], relatives: Relatives, step: Callable[[Household, Recorded], Household]
) -> Household:
    if not started_by_split(known):
        return fold_stream(known, Household(), step)
    return _own(known, reduce(step, household_timeline(known, relatives), Household()))


def _own(known: Sequence[Recorded], state: Household) -> Household:
    """Where none of the household's own facts counts, the state is its ancestors' and not its own."""
    return state if known and state.id == household_of(known) else Household()
