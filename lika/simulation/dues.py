"""What the pupils of a township are due of education aid, reckoned as payments ask it of entitlements."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ASSISTANCE
from services.assistance.entitlements.due import DueKey, DueLine
from services.assistance.entitlements.due_queries import edition_of_grant
from services.assistance.entitlements.layers import KnownProgramme
from services.assistance.entitlements.reckoning import Reckoner
from services.assistance.entitlements.state import fold
from services.assistance.programmes.document import KIND, programme_from
from services.chassis.law.dated import NotInForce

Keyed = dict[DueKey, DueLine]


def dues(context: SimulationContext, township: str, as_of: date, known_at: datetime | None = None) -> Keyed:
    """By the end of a day, as known before an instant. What a former grant makes due for a period, a later one does not make due
    again (source facts §5 rule 24)."""
    regulations = context.regulations
    known = regulations.known[ASSISTANCE]
    edition_of = edition_of_grant(known)

    def editions(programme: str, day: date, place: str, since: datetime) -> Sequence[KnownProgramme]:
        """In the simulation all were adopted at once."""
        try:
            edition = known.in_force(KIND, programme, day, place)
        except NotInForce:
            return ()
        return (KnownProgramme(edition.typed(programme_from), edition.id, since),)

    def lines() -> Iterator[DueLine]:
        for of_pupil in context.aid[township].values():
            own = fold(timeline(of_pupil, known_at=known_at))
            for grant in sorted(own.grants.values(), key=lambda each: (each.granted.effective_on, each.granted_at)):
                programme, applied = edition_of(grant), own.applications.get(grant.granted.case_id)
                if programme is not None and applied is not None:
                    yield from Reckoner(grant, applied, programme, editions, regulations.calendars).lines(as_of)

    found: Keyed = {}
    for line in lines():
        found.setdefault(line.key, line)
    return found


def month_before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(1)
