"""The dated rules that the simulation follows: the same documents and parameters that the services decide by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from contracts.registry.codes import SchoolStage
from lika.simulation.divisions import PROVINCE
from lika.simulation.event_buffer import ASSISTANCE, REGISTRY
from services.assistance.aid.standards import Standard, school_year_month, standard
from services.assistance.service import PARAMETERS as ASSISTANCE_PARAMETERS
from services.casework.procedures.document import Procedure
from services.casework.procedures.repository import ProcedureRepository
from services.chassis.law.parameter_files import load
from services.chassis.law.parameters import Parameters
from services.registry.service import PARAMETERS as REGISTRY_PARAMETERS


@dataclass(frozen=True)
class Regulations:
    """What is in force in the simulated province. Looked up once per procedure or school stage, and year."""

    parameters: Mapping[str, Parameters]
    """By the log of the service that decides by them."""

    @classmethod
    def of_this_installation(cls) -> Self:
        """Reads the parameter files; nothing else in the simulation reads files."""
        return cls({REGISTRY: load(REGISTRY_PARAMETERS), ASSISTANCE: load(ASSISTANCE_PARAMETERS)})

    @property
    def assistance(self) -> Parameters:
        return self.parameters[ASSISTANCE]

    @cached_property
    def _libraries(self) -> dict[str, ProcedureRepository]:
        return {log: ProcedureRepository(parameters) for log, parameters in self.parameters.items()}

    def library(self, log: str) -> ProcedureRepository:
        """The procedures of the service whose log this is."""
        return self._libraries[log]

    @cached_property
    def _procedures(self) -> dict[tuple[str, int], Procedure]:
        return {}

    @cached_property
    def _standards(self) -> dict[tuple[SchoolStage, int], Standard | None]:
        return {}

    def procedure(self, name: str, day: date, log: str = REGISTRY) -> Procedure:
        """The edition in force. Raises ``Refused``."""
        procedure = self._procedures.get((name, day.year))
        if procedure is None or not procedure.in_force.holds_on(day):
            procedure = self._procedures[name, day.year] = self.library(log).in_force(name, day, PROVINCE)
        return procedure

    def aid_standard(self, stage: SchoolStage, day: date) -> Standard | None:
        """Education aid of a stage, as on 1 September of that year; ``None`` where no standard covers the stage."""
        if (stage, day.year) not in self._standards:
            self._standards[stage, day.year] = standard(self.assistance, stage, date(day.year, 9, 1), PROVINCE)
        return self._standards[stage, day.year]

    @cached_property
    def school_year_month(self) -> int:
        return school_year_month(self.assistance, date(2014, 9, 1), PROVINCE)

    @cached_property
    def helper_duty_days(self) -> int:
        return self.assistance.at("pairing.helper_duty_days", date(2014, 1, 1), PROVINCE).count
