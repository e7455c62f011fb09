"""The procedure editions in force, by day and place, and the calendar they count in."""

from datetime import date

from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.unit import Tx
from services.registry.cases.notice_days import Holidays, holidays_from
from services.registry.cases.opening_rules import NOT_IN_FORCE
from services.registry.cases.procedures import Procedure, procedure_from

PROCEDURE, CALENDAR = "procedure", "calendar"
"""Kinds of documents."""
NATIONAL_CALENDAR = "cn"

UNKNOWN_PROCEDURE = rule(
    "unknown_procedure",
    zh="没有这种程序。",
    en="There is no such procedure.",
    source="procedure documents of this installation",
)


class Procedures:
    """For one decision, which names by ``used`` what was looked up."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the editions that were looked up."""
        return self._lookup.used

    def in_force(self, procedure: str, day: date, division: str) -> Procedure:
        """The edition under which a case is opened on that day in that place. Raises ``Refused``."""
        try:
            return self._lookup.in_force(PROCEDURE, procedure, day, division).typed(procedure_from)
        except UnknownName:
            raise Refused(UNKNOWN_PROCEDURE, procedure=procedure) from None
        except NotInForce:
            raise Refused(NOT_IN_FORCE, on=day.isoformat()) from None

    def edition(self, procedure: str, edition: str) -> Procedure:
        """The edition that a case was opened under; it stays the case's own, whatever became of it since."""
        return self._lookup.named(PROCEDURE, procedure, edition).typed(procedure_from)

    def holidays(self, day: date, division: str) -> Holidays | None:
        """The holiday edition that covers a day, if there is one; without it working days cannot be counted."""
        try:
            return self._lookup.in_force(CALENDAR, NATIONAL_CALENDAR, day, division).typed(holidays_from)
        except NotInForce:
            return None


class ProcedureRepository:
    """The procedures of a service."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def in_unit(self, tx: Tx) -> Procedures:
        """For one decision: as known to its unit of work."""
        return Procedures(self._documents.in_unit(tx))

    def edition(self, procedure: str, edition: str) -> Procedure:
        """The edition that a case was opened under, for views."""
        return self._documents.named(PROCEDURE, procedure, edition).typed(procedure_from)
