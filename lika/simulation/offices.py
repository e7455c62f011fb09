"""Who does something month by month that is no household's own: each with a schedule and random numbers of its own, so that a kind
more changes nothing that the others do."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from lika.simulation.agreements import AgreementOffice, collective_contract, services_bought, village_investment
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.fund_years import fund_years, village_fund
from lika.simulation.funds import CountyMoney
from lika.simulation.labour_desk import LabourDesk
from lika.simulation.labour_years import yearly_labour
from lika.simulation.lending import yearly_loans
from lika.simulation.loans import LoanDesk
from lika.simulation.measure_years import yearly_measures
from lika.simulation.measures import MeasureDesk
from lika.simulation.pay_lists import PayDesk
from lika.simulation.payments import Treasury, paying_townships, yearly_payments
from lika.simulation.project_office import ProjectOffice
from lika.simulation.project_years import yearly_projects
from lika.simulation.schedule import Schedule
from lika.simulation.targets import TownshipOffice
from lika.simulation.unit import Memory
from lika.simulation.work_lists import yearly_targets


class Office(Protocol):
    """``entity``: beyond the index of every household, and no other office's; its random numbers are seeded by it."""

    @property
    def entity(self) -> int: ...

    schedule: Schedule


def offices_of(context: SimulationContext) -> Sequence[Office]:
    """In the order in which they work in a month: what is paid in December is paid before its year is closed."""
    province, begins = context.province, date(context.plan.first, 1, 1)
    targets = [TownshipOffice(township) for township in province.townships]
    for office in targets:
        office.schedule.add(yearly_targets(context, office), begins)
    money = [CountyMoney(county) for county in province.counties]
    projects = [ProjectOffice(township, each) for each in money for township in province.townships_of(each.county)]
    for project_office in projects:
        project_office.schedule.add(yearly_projects(context, project_office), begins)
    for each in money:
        each.schedule.add(fund_years(context, each, len(province.townships_of(each.county))), begins)
        each.schedule.add(village_fund(context, each), begins)
    memory = Memory(context, ASSISTANCE)
    loans = [LoanDesk(township, memory) for township in province.townships]
    for desk in loans:
        desk.schedule.add(yearly_loans(context, desk), begins)
    labour = [LabourDesk(township, memory) for township in province.townships]
    for labour_desk in labour:
        labour_desk.schedule.add(yearly_labour(context, labour_desk), begins)
    measures = [MeasureDesk(township, memory) for township in province.townships]
    for measure_desk in measures:
        measure_desk.schedule.add(yearly_measures(context, measure_desk), begins)
    treasury = Treasury(len(context.regulations.adoptions[ASSISTANCE]))
    payments = [PayDesk(township, memory) for township in paying_townships(context)]
    for pay_desk in payments:
        context.aid[pay_desk.township.code] = defaultdict(list)
        pay_desk.schedule.add(yearly_payments(context, pay_desk, treasury), begins)
    agreements = [AgreementOffice(county) for county in province.counties]
    for agreement_office in agreements:
        agreement_office.schedule.add(collective_contract(context, agreement_office), begins)
        agreement_office.schedule.add(services_bought(context, agreement_office), begins)
        for township in province.townships_of(agreement_office.county):
            agreement_office.schedule.add(village_investment(context, agreement_office, township), begins)
    return [*targets, *projects, *money, *agreements, *loans, *labour, *measures, *payments]
