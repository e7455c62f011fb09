"""A pupil's application for education aid: a case in assistance's log, decided in the autumn (M112)."""

from datetime import date
from decimal import Decimal
from typing import Any

from contracts.assistance import entitlements as facts
from contracts.facts import DecidedFrom
from contracts.registry.codes import SchoolStage
from lika.simulation import rates
from lika.simulation.aid_state import AidRecord, PupilStream
from lika.simulation.case import Case, CaseRates
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.procedures import run_case
from lika.simulation.regulations import EDUCATION_AID
from lika.simulation.schedule import Process
from services.casework.procedures import document as p

GROUNDS = "建档立卡户在校学生"
COLLEGE_GRANTS = (Decimal(0), Decimal(2000), Decimal(3000))
"""Other public grants of a student, which count towards the ceiling (§5 rule 24)."""


def will_apply(context: SimulationContext, household: Household, person: Person, day: date) -> bool:
    """Whether somebody applies: the household is in the register, the stage has a standard that covers this pupil,
    and there is neither aid nor an application."""
    if not household.in_stock or person.stage is SchoolStage.NONE:
        return False
    if any(aid.open or aid.is_active_on(day) for aid in person.aids):
        return False
    standard = context.regulations.aid_standard(person.stage, day)
    covered = standard is not None and (person.boarder or not standard.boarders_only)
    return covered and context.rng.random() < rates.AID_TAKE_UP_RATE


def process_application(context: SimulationContext, household: Household, person: Person, day: date) -> Process:
    """From the application to the county's decision. It is not made where the pupil has left by then."""
    if person.id not in household.members or not household.in_stock:
        return
    yield from run_case(AidCase(context, household, person, day), day, GROUNDS)


class AidCase(Case):
    """The subject is the pupil."""

    log, series = ASSISTANCE, "教资"
    rates = CaseRates({p.Appraisal: 0.02}, objected=0.01, upheld=0.25, returned=0.01, withdrawn=0.0)

    def __init__(self, context: SimulationContext, household: Household, person: Person, day: date) -> None:
        procedure = context.regulations.procedure(EDUCATION_AID, day, ASSISTANCE)
        super().__init__(context, household, person.id, procedure)
        self.person, is_student = person, person.stage is SchoolStage.COLLEGE
        self.other_grants = context.rng.choice(COLLEGE_GRANTS) if is_student else Decimal(0)
        stream = person.aids[0].stream if person.aids else PupilStream(person.id, household.division.township)
        self.aid = AidRecord(person.id, stream, self.id, person.stage)
        person.aids = (*person.aids, self.aid)

    def record_application(self, day: date, by: str, basis: DecidedFrom) -> None:
        applied = facts.EntitlementApplied(**self._aid_fields(day, by, basis), other_grants=self.other_grants)
        self.context.append_to_aid(self.aid.stream, applied)

    def has_lapsed(self) -> bool:
        """The pupil has left, or the household is no longer in the register."""
        return self.household.ended or self.person.id not in self.household.members or not self.household.in_stock

    def end(self) -> None:
        super().end()
        self.aid.open = False

    def take_effect(self, by: str, cause: str, basis: DecidedFrom) -> None:
        """The amount is the standard of the decision's day."""
        assert self.decision is not None
        aid, day = self.aid, self.decision.decided_on
        standard = self.context.regulations.aid_standard(aid.stage, day)
        assert standard is not None  # nobody applies where no standard covers them
        aid.granted_on, aid.amount = day, standard.payable(self.other_grants)
        self.household.granted_aid.append(aid)
        aid.component, aid.period = standard.component, standard.period
        amount = facts.GrantedAmount(component=standard.component, yuan=aid.amount, since=standard.rate.starts)
        granted = facts.EntitlementGranted(
            **self._aid_fields(day, by, basis), decision=self.decision, caused_by=cause, amounts=(amount,)
        )
        self.context.append_to_aid(aid.stream, granted)

    def _aid_fields(self, day: date, by: str, basis: DecidedFrom) -> dict[str, Any]:
        """``basis``: of the case's step; aid looks at the register and the rates besides."""
        besides = self.context.assistance_basis(EDUCATION_AID)
        return {
            "household_id": self.household.id, "unit_id": self.person.id, "programme": EDUCATION_AID,
            "case_id": self.id, "effective_on": day,
            "entered_by": by, "division": self.division.code, "stage": self.aid.stage,
            "decided_from": DecidedFrom(
                logs=(*basis.logs, *besides.logs), documents=(*basis.documents, *besides.documents)
            ),
        }  # fmt: skip
