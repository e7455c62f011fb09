"""Village groups as what is owed a screening: by their village's office, for as long as they are listed, as often as documents say; and the
round in which a day lies."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import LiteralString
from uuid import UUID

from contracts.selection import known, timeline
from services.casework.calendars.periods import Period
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.history import History
from services.casework.duties.matters import DutyMatters
from services.casework.inbox.entries import SUBJECT, Act
from services.chassis.log.unit import Tx
from services.registry.screenings.domain import SCREENED, fold, stream_of

OBLIGATION = "group_screening"
"""Name of it, for documents."""
GROUP_AREAS = "SELECT DISTINCT group_id AS subject, division FROM village_groups"
"""SQL of the relation (subject, division): where each group is that was ever listed."""
LONGEST_ROUND = timedelta(days=2 * 366)


class GroupsListed:
    """Implements ``DutyMatter``."""

    of_households = False
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {SCREENED: frozenset()}
    acts: Mapping[str, Act] = {SCREENED: Act("screen_group", "POST", f"/registry/village-groups/{SUBJECT}/screenings")}
    obligations: LiteralString = (
        "SELECT group_id AS subject, NULL::text AS obliged, since, begins, until, NULL::text AS of_kind"
        " FROM village_groups"
        " WHERE known_to >= '9999-01-01 00:00+00'"
    )
    fulfilments: LiteralString = (
        "SELECT group_id AS subject, 'GroupScreened' AS kind, screened_by AS by, day, day AS last, '{}'::text[] AS fields,"
        " NULL::uuid AS whom FROM group_screenings WHERE known_to >= '9999-01-01 00:00+00'"
    )
    parties: LiteralString = (
        "SELECT DISTINCT group_id AS subject, NULL::text AS obliged, NULL::text AS of_kind FROM village_groups"
    )

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        streams = tx.load_many(stream_of(subject) for subject in subjects)
        found: dict[UUID, History] = {}
        for subject in subjects:
            facts = known(streams[stream_of(subject)], known_at)
            group = fold(timeline(facts, as_of=as_of))
            if group is not None:
                places = [(group.since, group.division)]
                found[subject] = History([group.obligation], group.fulfilments, places, facts[-1].id)
        return found


def duty_matters() -> DutyMatters:
    return {OBLIGATION: GroupsListed()}


def round_on(sets: DutySets, place: str, day: date) -> Period | None:
    """The round that a day lies in there; ``None`` where no document sets one."""
    near = Period(day, day + LONGEST_ROUND)
    for edition, duty in sets.duties(OBLIGATION):
        for period in sets.windows(duty.cadence, near, place):
            if period.start <= day and sets.holds(edition, period.start, period.end, place):
                return period
    return None
