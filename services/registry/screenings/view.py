"""The tables ``village_groups`` and ``group_screenings``: each as it was known from one instant up to another."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.screenings.domain import GROUP_TYPES, PREFIX, VillageGroup, fold

STILL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)
GROUPS = Table(
    "village_groups",
    "group_id",
    ("group_id", "division", "name", "kind", "since", "begins", "until", "known_from", "known_to"),
)
SCREENINGS = Table(
    "group_screenings",
    "group_id",
    (
        "group_id", "division", "fact", "day", "screened_by", "households", "persons", "missed_households", "missed_persons",
        "clues", "known_from", "known_to",
    ),
)  # fmt: skip
Values = tuple[Hashable, ...]


def view() -> View[UUID]:
    return view_of_streams("screenings", (GROUPS, SCREENINGS), GROUP_TYPES, PREFIX, UUID, _rows)


def _rows(_: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    """A row is known from the instant at which it became so up to the one at which it was no more."""
    groups: dict[Values, datetime] = {}
    screenings: dict[Values, datetime] = {}
    rows: tuple[list[Row], list[Row]] = ([], [])
    for instant, _of in groupby(facts, key=lambda r: r.recorded_at):
        state = fold(timeline(facts, known_at=instant + timedelta(microseconds=1)))
        for known, current, ended in (
            (groups, set() if state is None else {_group(state)}, rows[0]),
            (screenings, set() if state is None else {*_screenings(state)}, rows[1]),
        ):
            ended += [(*gone, known.pop(gone), instant) for gone in [each for each in known if each not in current]]
            for new in current:
                known.setdefault(new, instant)
    for known, ended in ((groups, rows[0]), (screenings, rows[1])):
        ended += [(*each, since, STILL_KNOWN) for each, since in known.items()]
    return rows


def _group(state: VillageGroup) -> Values:
    return state.group_id, state.division, state.name, state.kind, state.since, state.begins, state.until


def _screenings(state: VillageGroup) -> Iterator[Values]:
    for each in state.screenings:
        fact = each.fact
        missed = [sum(n.households for n in fact.not_reached), sum(n.persons for n in fact.not_reached)]
        yield (
            state.group_id, state.division, each.fact_id, fact.effective_on, fact.entered_by, fact.households, fact.persons,
            *missed, len(fact.clues),
        )  # fmt: skip
