"""The procedure editions of this installation, by day and place."""

from collections.abc import Iterable
from datetime import date

from services.casework.calendars.day_count import Holidays, holidays_from
from services.casework.procedures.document import Procedure, procedure_from
from services.casework.procedures.opening_rules import NOT_IN_FORCE
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.parameters import NotInForce, Parameters, UnknownName

UNKNOWN_PROCEDURE = rule(
    "unknown_procedure",
    zh="没有这种程序，请核对“procedure”的代码。",
    en="There is no such procedure; check the code given as ``procedure``.",
    source="procedure documents of this installation",
)


class ProcedureRepository:
    """Loaded once at start; ``digest`` identifies exactly these documents in every decision."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.digest = parameters.digest
        self._editions: dict[tuple[str, str], Procedure] = {}
        for name in parameters.document_names:
            if name.startswith("procedures/"):
                for document in parameters.editions(name):
                    procedure = procedure_from(document.content)
                    self._editions[procedure.procedure, procedure.edition] = procedure

    @property
    def editions(self) -> Iterable[Procedure]:
        """Every edition of every procedure."""
        return self._editions.values()

    def standing(self, procedure: str) -> str:
        """The standing that the procedure may change, the same in all of its editions. Raises ``Refused``."""
        for edition in self._editions.values():
            if edition.procedure == procedure:
                return edition.standing
        raise Refused(UNKNOWN_PROCEDURE, procedure=procedure)

    def in_force(self, procedure: str, day: date, division: str) -> Procedure:
        """The edition under which a case is opened on that day in that place. Raises ``Refused``."""
        try:
            document = self._parameters.document(f"procedures/{procedure}", day, division)
        except UnknownName:
            raise Refused(UNKNOWN_PROCEDURE, procedure=procedure) from None
        except NotInForce:
            raise Refused(NOT_IN_FORCE, on=day.isoformat()) from None
        return self.edition(procedure, str(document.content["edition"]))

    def edition(self, procedure: str, edition: str) -> Procedure:
        """The edition that a case was opened under; it stays the case's own."""
        return self._editions[procedure, edition]

    def holidays(self, day: date) -> Holidays | None:
        """The holiday edition that covers a day, if there is one; without it working days cannot be counted."""
        try:
            return holidays_from(self._parameters.document("holidays/cn", day).content)
        except (NotInForce, UnknownName):
            return None
