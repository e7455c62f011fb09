"""The procedure editions in force, by day and place, and the calendar they count in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from contracts.facts import DecidedFrom
from services.casework.calendars import day_count
from services.casework.calendars.day_count import KIND as CALENDAR
from services.casework.calendars.day_count import Holidays, holidays_from
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.procedures.document import Comparison, Procedure, procedure_from
from services.casework.procedures.next_steps import opening_of
from services.casework.procedures.opening_rules import NOT_IN_FORCE
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.unit import Tx
from services.chassis.web.request_names import nearest

KIND = "procedure"

UNKNOWN_PROCEDURE = rule(
    "unknown_procedure",
    zh="没有这种程序，请核对“procedure”的代码，或从所列程序中选择。",
    en="There is no such procedure; check the code given as ``procedure``, or take one of those listed.",
    source="procedure documents of this installation",
)
ANOTHER_STANDING = rule(
    "procedure_of_another_standing",
    zh="该地现行版本所改变的状态与该程序其他版本不同，不能据此办理；请管理员撤回该版本。",
    en="The edition in force there changes another standing than the procedure's other editions do, so no case is opened under"
    " it; have an operator withdraw it.",
    source="procedure documents of this installation",
)


def procedures_changing(
    standings: Mapping[str, Callable[[Procedure], None]], with_adults: Collection[str] = ()
) -> Callable[[Mapping[str, Any]], Procedure]:
    """Reads a procedure that changes one of these standings. ``standings``: what else each requires of it, by raising
    ``ValueError``; ``with_adults``: those of subjects whose adults, and what they authorised, the service knows."""

    def read(content: Mapping[str, Any]) -> Procedure:
        procedure = procedure_from(content)
        if procedure.standing not in standings:
            raise DocumentError(
                (), f"standing：须为下列之一：{'、'.join(standings)}", f"standing: one of {', '.join(standings)}"
            )
        if procedure.standing not in with_adults and any(
            isinstance(s, Comparison) and s.asks_adults for s in procedure.steps
        ):
            raise DocumentError(
                (),
                f"{procedure.standing}：核对步骤不涉及成年人及其授权，请删去",
                f"{procedure.standing}: a comparison asks about no adults, and for no authorisation of theirs",
            )
        standings[procedure.standing](procedure)
        return procedure

    return read


class Procedures:
    """For one decision, whose ``basis`` names what was looked up."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def basis(self, log: str, head: int) -> DecidedFrom:
        """What a decision in this log, at this head, was decided from."""
        return self._lookup.basis(log, head)

    def in_force(self, procedure: str, day: date, division: str) -> Procedure:
        """The edition under which a case is opened on that day in that place. Raises ``Refused``."""
        try:
            found = self._lookup.in_force(KIND, procedure, day, division).typed(procedure_from)
        except UnknownName:
            raise self._unknown(procedure) from None
        except NotInForce:
            raise self._not_in_force(procedure, day, division) from None
        if found.standing != self.standing(procedure):
            raise Refused(ANOTHER_STANDING, edition=found.edition)
        return found

    def _unknown(self, procedure: str) -> Refused:
        """Opens the one whose code is most like it; where none is, says which there are."""
        known = {key: edition.typed(procedure_from) for key, edition in self._lookup.adopted(KIND).items()}
        like = nearest(procedure, known)
        meant = [known[like]] if like is not None else []
        listed = [f"{each.procedure} {each.zh} / {each.en}" for each in meant or known.values()]
        return Refused(UNKNOWN_PROCEDURE, procedure=procedure, known=listed).advising(*map(opening_of, meant))

    def _not_in_force(self, procedure: str, day: date, division: str) -> Refused:
        """Says when it held there, and which procedures about the same standing may be opened there on that day."""
        held, others = (
            self._lookup.nearest(KIND, procedure, day, division),
            self.about(self.standing(procedure), day, division),
        )
        instead = [f"{other.procedure} {other.zh} / {other.en}" for other in others]
        period = {} if held is None else {"in_force_from": held.since, "in_force_to": held.fact.in_force_to}
        refused = Refused(NOT_IN_FORCE, procedure=procedure, on=day, **period, instead=instead)
        if held is not None and day < held.since:
            refused.advising(replace(opening_of(held.typed(procedure_from)), first_day=held.since))
        return refused.advising(*map(opening_of, others))

    def about(self, standing: str, day: date, division: str) -> list[Procedure]:
        """The procedures about a standing that may be opened there on that day."""
        editions = (edition.typed(procedure_from) for edition in self._lookup.all_in_force(KIND, day, division))
        return sorted((each for each in editions if each.standing == standing), key=lambda each: each.procedure)

    def standing(self, procedure: str) -> str:
        """The standing that the procedure may change, as its first edition says. Raises ``Refused``."""
        first = self._lookup.first(KIND, procedure)
        if first is None:
            raise self._unknown(procedure)
        return first.typed(procedure_from).standing

    def edition(self, procedure: str, edition: str) -> Procedure:
        """The edition that a case was opened under; it stays the case's own, whatever became of it since."""
        return self._lookup.named(KIND, procedure, edition).typed(procedure_from)

    def holidays(self, day: date, division: str) -> Holidays | None:
        """The holiday edition that covers a day, if there is one; without it working days cannot be counted."""
        try:
            return self._lookup.in_force(CALENDAR, day_count.NATIONAL, day, division).typed(holidays_from)
        except NotInForce:
            return None


class ProcedureRepository:
    """The procedures of a service."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def in_unit(self, tx: Tx) -> Procedures:
        """For one decision: as known to its unit of work."""
        return Procedures(self._documents.in_unit(tx))

    def current(self) -> Procedures:
        """For a query: as known now. Blocking."""
        return Procedures(self._documents.current())

    def kept(self) -> Procedures:
        """As known when documents were last read: what is found there still holds, what is not may have come since."""
        return Procedures(self._documents.kept())

    def edition(self, procedure: str, edition: str) -> Procedure:
        """The edition that a case was opened under, for views."""
        return self._documents.named(KIND, procedure, edition).typed(procedure_from)
