"""The dated rules that the simulation follows: the same documents and parameters that the services decide by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Self

from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from lika.simulation.divisions import PROVINCE
from lika.simulation.event_buffer import ASSISTANCE, MONITORING, REGISTRY
from services.assistance.document_kinds import FIRST_TEXTS as ASSISTANCE_TEXTS
from services.assistance.pairs.document import KIND as PAIR_KIND
from services.assistance.programmes.amounts.parts import Inputs, Payable
from services.assistance.programmes.document import KIND as PROGRAMME
from services.assistance.programmes.document import Cadence, DatedAmount, programme_from
from services.assistance.programmes.predicates import Boarder
from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.calendars.periods import Calendars
from services.casework.documents.domain import KnownDocuments
from services.casework.documents.editions import Edition
from services.casework.documents.first_texts import FirstTexts, adoption_facts
from services.casework.documents.lookup import Lookup
from services.casework.duties.document import KIND as DUTIES
from services.casework.duties.document import Once, duty_set_from
from services.casework.procedures.document import Procedure
from services.casework.procedures.repository import KIND as PROCEDURE
from services.casework.procedures.repository import Procedures
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_documents import KIND as PARAMETERS
from services.monitoring.service import FIRST_TEXTS as MONITORING_TEXTS
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY_TEXTS

DUTY_SET, DUTY = "pairing_helper", "helper"
HELPER_KIND = "pairing_helper"
"""The kind of pair of a household's helper."""
EDUCATION_AID = "education_aid"
"""Key of the programme, of its procedure and of the standing that it changes."""
TEXTS: Mapping[str, FirstTexts] = {REGISTRY: REGISTRY_TEXTS, ASSISTANCE: ASSISTANCE_TEXTS, MONITORING: MONITORING_TEXTS}


@dataclass(frozen=True, slots=True)
class HelperDutyTerms:
    """``document``: id of the edition."""

    document: str
    within_days: int


@dataclass(frozen=True, slots=True)
class AidStandard:
    """Education aid of a stage: the programme's ``component`` for it, and its rate."""

    component: str
    boarders_only: bool
    rate: DatedAmount
    period: Cadence

    def payable(self, other_grants: Decimal) -> Decimal:
        """Yuan for each period on top of other grants."""
        found = self.rate.amount.payable(Inputs(other_grants=other_grants))
        assert isinstance(found, Payable)
        return found.yuan


@dataclass(frozen=True, eq=False)
class Regulations:
    """What is in force in the simulated province. Looked up once per procedure or school stage, and year. ``known``: the
    documents of each log; ``adoptions``: the facts by which they took force."""

    known: Mapping[str, KnownDocuments]
    adoptions: Mapping[str, Sequence[Fact]]

    @classmethod
    def of_this_installation(cls) -> Self:
        """Reads the texts that this release ships; nothing else in the simulation reads files."""
        return cls(
            {log: texts.register(log).as_known() for log, texts in TEXTS.items()},
            {log: adoption_facts(log, texts.proposals, 0) for log, texts in TEXTS.items()},
        )

    def looked_up_by(self, log: str) -> Lookup:
        """What the service whose log this is looks documents up in: its own, and the registry's calendars."""
        return Lookup(lambda kind: self.known[REGISTRY if kind in CALENDAR_KINDS else log])

    @cache  # noqa: B019 - as long as the simulation
    def library(self, log: str) -> Procedures:
        """The procedures of the service whose log this is."""
        return Procedures(self.looked_up_by(log))

    @cached_property
    def assistance(self) -> Lookup:
        return self.looked_up_by(ASSISTANCE)

    @cache  # noqa: B019 - as long as the simulation
    def documents_of_case(self, log: str, procedure: str, edition: str) -> tuple[str, ...]:
        """What a decision on a case looks up: the edition that it runs under."""
        return (self.looked_up_by(log).named(PROCEDURE, procedure, edition).id,)

    @cache  # noqa: B019 - as long as the simulation
    def parameters_of_assistance(self, key: str) -> tuple[str, ...]:
        """What a conclusion looks up: the parameters of this key, or the programme's edition of the province."""
        editions = (state.edition for state in self.known[ASSISTANCE].states.values())
        parameters = tuple(e.id for e in editions if (e.fact.kind, e.fact.key) == (PARAMETERS, key))
        return parameters or (self.assistance.in_force(PROGRAMME, key, date(2014, 9, 1), PROVINCE).id,)

    @cached_property
    def _procedures(self) -> dict[tuple[str, int], Procedure]:
        return {}

    @cached_property
    def _standards(self) -> dict[tuple[SchoolStage, int], AidStandard | None]:
        return {}

    def procedure(self, name: str, day: date, log: str = REGISTRY) -> Procedure:
        """The edition in force. Raises ``Refused``."""
        procedure = self._procedures.get((name, day.year))
        if procedure is None or not procedure.in_force.holds_on(day):
            procedure = self._procedures[name, day.year] = self.library(log).in_force(name, day, PROVINCE)
        return procedure

    def aid_standard(self, stage: SchoolStage, day: date) -> AidStandard | None:
        """Education aid of a stage, as on 1 September of that year; ``None`` where no standard covers the stage."""
        if (stage, day.year) not in self._standards:
            self._standards[stage, day.year] = self._aid_standard(stage, date(day.year, 9, 1))
        return self._standards[stage, day.year]

    def _aid_standard(self, stage: SchoolStage, day: date) -> AidStandard | None:
        try:
            programme = self.assistance.in_force(PROGRAMME, EDUCATION_AID, day, PROVINCE).typed(programme_from)
        except NotInForce:
            return None
        component = next((c for c in programme.components if c.is_for(stage) and c.pays_on(day)), None)
        rate = component.rate_on(day) if component is not None else None
        if component is None or rate is None:
            return None
        return AidStandard(component.key, any(isinstance(p, Boarder) for p in component.only), rate, component.period)

    @cached_property
    def calendars(self) -> Calendars:
        """Of the registry, as assistance looks them up."""
        return Calendars(self.assistance)

    @cached_property
    def school_year_month(self) -> int:
        edition = self.assistance.in_force(PROGRAMME, EDUCATION_AID, date(2014, 9, 1), PROVINCE)
        return edition.typed(programme_from).school_year_month

    @cached_property
    def helper_kind(self) -> Edition:
        """Of the pair of a household and its helper."""
        return self.assistance.in_force(PAIR_KIND, HELPER_KIND, date(2014, 1, 1), PROVINCE)

    @cached_property
    def helper_duty(self) -> HelperDutyTerms:
        """The duty to find a helper."""
        edition = self.assistance.in_force(DUTIES, DUTY_SET, date(2014, 1, 1), PROVINCE)
        duty = edition.typed(duty_set_from).duty(DUTY)
        assert duty is not None
        assert isinstance(duty.cadence, Once)
        return HelperDutyTerms(edition.id, duty.cadence.within_days)
