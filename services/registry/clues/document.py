"""How clues are handled, as a document: the days, the calendar that they count in, and who owes what.

::

    clue_handling: monitoring_clues
    acceptance: {office: {level: village, role: cadre, …}, days: 2, calendar: days, first_day_counts: false, escalation: […]}
    ending: …                 # into a case, or answered
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from contracts.registry.divisions import DIGITS
from services.casework.calendars.day_count import ONE_DAY, Calendar, DayCount, Holidays
from services.casework.documents.lookup import Lookup
from services.casework.duties.document import Escalation
from services.casework.procedures.competent_office import CompetentOffice, DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Days, Key, Label
from services.chassis.ground.refusals import Refused
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce
from services.registry.clues.rules import NO_HANDLING

KIND, KEY = "clue_handling", "monitoring_clues"


class Term(DocumentPart, frozen=True, kw_only=True):
    """So many days from the day of the clue. ``office``: whose inbox says that it is due and overdue; ``escalation``: whom it
    is shown to besides, once it has been overdue for so long."""

    office: CompetentOffice
    days: Days
    calendar: Calendar
    first_day_counts: bool
    escalation: tuple[Escalation, ...] = ()

    def __post_init__(self) -> None:
        levels = [DIGITS[self.office.level], *(DIGITS[e.level] for e in self.escalation)]
        if any(upper >= lower for lower, upper in pairwise(levels)):
            raise DocumentError(
                (), "每次上报的层级须高于前一次", "each escalation goes to a higher level than the one before"
            )

    def last_day(self, day: date, holidays: Holidays | None) -> date:
        """Raises ``Refused`` where working days cannot be counted."""
        return DayCount(self.calendar, holidays).last_day(self.days, day if self.first_day_counts else day + ONE_DAY)


class ClueHandling(DocumentPart, frozen=True, kw_only=True):
    """One edition."""

    clue_handling: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    acceptance: Term
    ending: Term
    basis: str | None = None

    @property
    def counts_working_days(self) -> bool:
        return any(term.calendar is Calendar.WORKING_DAYS for term in (self.acceptance, self.ending))


def clue_handling_from(document: Mapping[str, Any]) -> ClueHandling:
    """Raises ``msgspec.ValidationError``, and ``DocumentError`` for another key."""
    read = msgspec.convert(document, ClueHandling)
    if read.clue_handling != KEY:
        raise DocumentError(
            (), f"{KIND}：只有名为{KEY}的会用到，请改名", f"{KIND}: no decision asks for another than {KEY}"
        )
    return read


def handling_in_force(lookup: Lookup, day: date, division: str) -> tuple[str, ClueHandling]:
    """The edition and its id. Raises ``Refused``."""
    try:
        edition = lookup.in_force(KIND, KEY, day, division)
    except NotInForce:
        raise Refused(NO_HANDLING, on=day, division=division) from None
    return edition.id, edition.typed(clue_handling_from)


def editions(lookup: Lookup) -> Mapping[str, ClueHandling]:
    """Every edition that was ever proposed, by its id: what was received under one is handled by it."""
    states = lookup.known(KIND).states.values()
    return {s.edition.id: s.edition.typed(clue_handling_from) for s in states if s.edition.fact.kind == KIND}
