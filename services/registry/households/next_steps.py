"""What may be done next when something in a household's history is in the way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.divisions import Level
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.identities import PersonCorrected
from contracts.roles import Role
from contracts.selection import surviving
from services.casework.access.roles import OFFICES
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused
from services.registry.households.memberships import MemberElsewhere, begins_period
from services.registry.households.rules import (
    DECIDED_BY_PROCEDURE,
    HOUSEHOLD_ENDED,
    LATER_FACT_IMPOSSIBLE,
    LATER_FACT_OF_RELATED_HOUSEHOLD,
)

CORRECTION = "correction"
"""Key of the procedure that corrects what a procedure decided."""
AGAINST_LATER_FACT = {LATER_FACT_IMPOSSIBLE, LATER_FACT_OF_RELATED_HOUSEHOLD, HOUSEHOLD_ENDED}


def is_decided_by_case(recorded: Recorded) -> bool:
    """Whether only another case may annul it: a poverty status, an end, and whatever a correction decided. The correction of an
    identity goes with the entry of the person."""
    if isinstance(recorded.fact, PersonCorrected):
        return False
    return type(recorded.fact) in DECIDED_BY_PROCEDURE or getattr(recorded.fact, "case_id", None) is not None


def correction_of(recorded: Recorded, household: UUID) -> NextStep:
    """The act that annuls the one which recorded this fact of the household. Of an identity that was corrected, which is not
    annulled alone, another case does."""
    if is_decided_by_case(recorded) or isinstance(recorded.fact, PersonCorrected):
        return case_correcting(household, [recorded])
    ids, form = {"household_id": household}, {"acts": [recorded.command_id]}
    return NextStep("correct_facts", Office((Role.CADRE,)), ids, form)


def case_about(household: UUID, procedure: str | None = None) -> NextStep:
    """A procedure about the household, this one where it is named; its document says which office opens it."""
    named = {} if procedure is None else {"procedure": procedure}
    return NextStep("open_case", Office(tuple(sorted(OFFICES))), form={"subject": household, **named})


def identity_case(household: UUID) -> NextStep:
    """The correction of who a person of the household is, as its village asks for it."""
    office = Office((Role.CADRE,), (Level.VILLAGE,))
    return NextStep("open_case", office, form={"subject": household, "procedure": "identity_correction"})


def case_correcting(household: UUID, decided: Sequence[Recorded]) -> NextStep:
    """The correction of these; its document says which office opens it. A single decision about a poverty status is named by
    its fact; what a correction did, an end or a merge, by its act."""
    acts = [r.command_id for r in decided if type(r.fact) not in DECIDED_BY_PROCEDURE]
    facts = [r.id for r in decided if type(r.fact) in DECIDED_BY_PROCEDURE and r.command_id not in acts]
    terms = {name: of for name, of in (("acts", acts), ("facts", facts)) if of}
    form = {"subject": household, "procedure": CORRECTION, "terms": terms}
    return NextStep("open_case", Office(tuple(sorted(OFFICES))), form=form)


def contradicts_decision(no: Refused, known: Sequence[Recorded]) -> bool:
    """Whether something true was refused because of what was decided, or how the household ended: it may be reported."""
    decisions = DECIDED_BY_PROCEDURE | {HouseholdCancelled}
    return no.rule in AGAINST_LATER_FACT and any(type(r.fact) in decisions for r in surviving(known))


def ways_past_membership(elsewhere: MemberElsewhere, known: Sequence[Recorded]) -> tuple[NextStep, ...]:
    """Of somebody whom another household has: that they left it, or that what says so was wrong. ``known``: of the other one."""
    person, household, period = elsewhere.person, elsewhere.household, elsewhere.period
    begun = [r for r in surviving(known) if r.fact.effective_on == period.first and begins_period(r.fact, person)]
    wrong = tuple(correction_of(r, household) for r in begun[-1:])
    if period.final:
        return wrong
    return (
        NextStep("record_departure", Office((Role.CADRE,)), {"household_id": household, "person_id": person}),
        *wrong,
    )


@contextmanager
def advising_report(act: str, known: Sequence[Recorded]) -> Iterator[None]:
    """What a decision is against may be reported: ``act`` says how."""
    try:
        yield
    except Refused as no:
        if contradicts_decision(no, known):
            no.advising(NextStep(act, Office((Role.CADRE,))))
        raise
