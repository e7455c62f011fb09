"""A project of each township and year: drafted in autumn, built and accepted in the next year (M193, M195), evaluated in three steps
(M196), its retention paid a year later."""

from collections.abc import Generator
from datetime import date
from decimal import Decimal

import msgspec

from contracts.monitoring import projects as facts
from contracts.monitoring.projects import GapField, GapKind
from contracts.monitoring.targets import Owner
from contracts.quantities import Quantity
from lika.simulation import rates
from lika.simulation.building import OWNER, Building
from lika.simulation.context import SimulationContext
from lika.simulation.decided_case import is_completed
from lika.simulation.documents import on_paper
from lika.simulation.project_office import ProjectOffice
from lika.simulation.projects import LibraryCase, SimulatedProject
from lika.simulation.schedule import Process
from lika.simulation.works import WORKS, Works
from services.monitoring.projects import domain

SURVEY = (on_paper("survey_form"),)
DRAFTED_FIRST, DRAFTED_DAYS = (9, 3), 40


def yearly_projects(context: SimulationContext, office: ProjectOffice) -> Process:
    """One is drafted each autumn for the next year."""
    villages = context.province.villages_of(office.township)
    for year in range(context.plan.first, context.plan.last + 1):
        yield date(year, *DRAFTED_FIRST)
        day = context.rng.day_in(date(year, *DRAFTED_FIRST), DRAFTED_DAYS)
        project = SimulatedProject(context, office, context.rng.choice(villages))
        works = WORKS[(year + office.township.index) % len(WORKS)]
        office.schedule.add(_project(context, project, works, day, year + 1), day)


def _project(context: SimulationContext, project: SimulatedProject, works: Works, day: date, year: int) -> Process:
    """``day``: of the draft; ``year``: in whose plan it stands."""
    rng, money, amount = context.rng, project.office.money, context.rng.randint(works.least, works.most)
    quantity = Quantity(amount=Decimal(amount), unit=works.unit)
    if not (yield from _into_the_library(context, project, works, quantity, day, year)):
        return
    planned = rng.day_in(date(year, 1, 12), 14)
    yield planned
    fields = project.fields(planned, money.decider, decision=money.decision(planned, "扶项"))
    plan = facts.ProjectPlanned(**fields, year=year)
    project.decide(lambda known: domain.plan(plan, known, context.recorded_on))
    if rng.random() < rates.WITHDRAWN_PROJECT_RATE:
        yield (given_up := rng.day_after(planned, 20, 45))
        gone = facts.ProjectWithdrawn(**project.fields(given_up, project.office.reviewer), reason="选址不符合规划")
        project.withdraw(lambda known: domain.withdraw(gone, known, context.recorded_on))
        return
    building = Building(context, project, works, quantity, year)
    yield from building.charter()
    yield from building.build()


def _into_the_library(
    context: SimulationContext, project: SimulatedProject, works: Works, quantity: Quantity, day: date, year: int
) -> Generator[date, None, bool]:
    """Drafted, its gap filled, voted on, posted, argued for and decided (practice: projects). Returns whether it is in."""
    rng, village, cost = context.rng, project.village, works.cost(int(quantity.amount))
    component = facts.Component(
        component=1, content=works.content, quantity=quantity, place=village.name, deadline=date(year, 10, 31),
        owners=(Owner(label=OWNER),), cost=cost,
    )  # fmt: skip
    serves = facts.Serves(component=1, households=rng.randint(20, 80), persons=rng.randint(90, 300))
    cadre = f"cadre-{village.code}"
    complete = facts.ProjectDraftedServing(
        **project.fields(day, cadre), division=village.code, kind=works.kind, title=f"{village.name}{works.content}",
        plan=f"{year}年扶贫项目库", item=f"P{project.office.projects}", components=(component,), total=cost, serves=(serves,),
    )  # fmt: skip
    if rng.random() < rates.GAP_RATE:
        gap = facts.Gap(component=1, field=GapField.COST, kind=GapKind.UNKNOWN, as_written="待定")
        without = msgspec.structs.replace(component, cost=None)
        project.draft(msgspec.structs.replace(complete, components=(without,), gaps=(gap,), total=None))
        yield (day := rng.day_after(day, 5, 12))
        complete = msgspec.structs.replace(complete, effective_on=day)
    project.draft(complete)
    yield (opened_on := rng.day_after(day, 2, 8))
    case = LibraryCase(project, project.kind.library, opened_on)
    if not is_completed((yield from case.run(opened_on, "村民会议提出，一事一议"))):
        return False
    yield (surveyed := rng.day_after(context.recorded_on, 2, 10))
    survey = facts.BaselineSurveyed(**project.fields(surveyed, project.office.cadre, evidence=SURVEY))
    project.decide(lambda known: domain.survey(survey, known, context.recorded_on))
    return True
