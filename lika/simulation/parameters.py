"""The dated rules that lives follow: the same documents and parameters that the services decide by."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from contracts.registry.households import SchoolStage
from lika.simulation.places import PROVINCE
from services.assistance.aid.standards import ProcessRules, Standard, process_rules, school_year_month, standard
from services.assistance.service import PARAMETERS as ASSISTANCE_PARAMETERS
from services.chassis.law.parameter_files import load
from services.chassis.law.parameters import Parameters
from services.registry.cases.procedure_repository import ProcedureRepository
from services.registry.cases.procedures import Procedure
from services.registry.service import PARAMETERS as REGISTRY_PARAMETERS


@dataclass(frozen=True)
class Law:
    """What holds in the simulated province. Looked up once per procedure, and per stage and year."""

    library: ProcedureRepository
    assistance: Parameters

    @classmethod
    def of_this_installation(cls) -> Self:
        """The only reading of files in the simulation."""
        return cls(ProcedureRepository(load(REGISTRY_PARAMETERS)), load(ASSISTANCE_PARAMETERS))

    @cached_property
    def _procedures(self) -> dict[tuple[str, int], Procedure]:
        return {}

    @cached_property
    def _standards(self) -> dict[tuple[SchoolStage, int], Standard | None]:
        return {}

    def procedure(self, name: str, day: date) -> Procedure:
        """The edition in force. Raises ``Refused``."""
        found = self._procedures.get((name, day.year))
        if found is None or not found.in_force.holds_on(day):
            found = self._procedures[name, day.year] = self.library.in_force(name, day, PROVINCE)
        return found

    def standard(self, stage: SchoolStage, day: date) -> Standard | None:
        """Education aid of a stage, as on the first day of that year."""
        if (stage, day.year) not in self._standards:
            self._standards[stage, day.year] = standard(self.assistance, stage, date(day.year, 9, 1), PROVINCE)
        return self._standards[stage, day.year]

    @cached_property
    def aid_process(self) -> ProcessRules:
        return process_rules(self.assistance, date(2014, 9, 1), PROVINCE)

    @cached_property
    def school_year_month(self) -> int:
        return school_year_month(self.assistance, date(2014, 9, 1), PROVINCE)

    @cached_property
    def duty_days(self) -> int:
        return self.assistance.at("pairing.helper_duty_days", date(2014, 1, 1), PROVINCE).count
