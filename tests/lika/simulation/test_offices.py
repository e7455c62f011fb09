"""Projects, funds, agreements, loans, courses and work of a simulated province: what the services would append, and plausible."""

from collections import Counter
from datetime import date
from itertools import pairwise

from contracts.assistance.loans import InterestSubsidyPaid, LoanFactsAnnulled, LoanReviewDecided, LoanReviewOpened
from contracts.casework.cases import CaseOpened
from contracts.facts import Recorded
from contracts.monitoring.agreements import AgreementFact
from contracts.monitoring.funds import FundFact, FundPaid, FundYearClosed, RetentionPaid
from contracts.monitoring.projects import ProjectChartered, ProjectFact
from contracts.registry.members import MemberDied
from contracts.selection import timeline
from lika.simulation.plan import Plan
from services.assistance.employment.work import work_of
from services.assistance.loans.borrowers import accounts_of
from services.assistance.training.course import course_of
from services.casework.ledgers.domain import book_of
from services.monitoring.agreements import state as agreements
from services.monitoring.funds.accounting import Account, account_of, accounting, overdrawn
from services.monitoring.projects import state as projects
from services.monitoring.projects.domain import PROJECT_ACCEPTANCE, PROJECT_LIBRARY
from services.monitoring.projects.state import ProjectStage
from tests.lika.simulation.simulated_logs import PLAN, simulated_logs

COUNTY = Plan(households=970, first=2014, last=2015, seed=3)
"""Three townships of one county."""


def streams_of(kind: type[ProjectFact | FundFact | AgreementFact], plan: Plan = PLAN) -> list[list[Recorded]]:
    return [known for known in simulated_logs(plan).streams("monitoring").values() if isinstance(known[0].fact, kind)]


def test_a_project_goes_from_its_draft_to_its_closing_gate_by_gate() -> None:
    stages = Counter(projects.fold(timeline(known)).stage for known in streams_of(ProjectFact))  # type: ignore[union-attr]
    assert stages.total() == PLAN.last - PLAN.first + 1  # one of each year, since there is one township
    assert stages[ProjectStage.CLOSED] >= stages.total() - 4
    assert stages[ProjectStage.LISTED] == 1  # drafted in the plan's last autumn


def test_each_case_about_a_project_brings_it_into_the_library_or_accepts_it() -> None:
    opened = (known[0].fact for known in simulated_logs(PLAN).streams("monitoring").values())
    standings = Counter(fact.standing for fact in opened if isinstance(fact, CaseOpened))
    assert standings[PROJECT_LIBRARY] >= standings[PROJECT_ACCEPTANCE] > 5


def test_no_fund_is_ever_short_and_what_is_retained_is_paid_a_year_later() -> None:
    retained = paid = 0
    for known in streams_of(FundFact):
        assert overdrawn(accounting(timeline(known))) is None
        retained += sum(isinstance(r.fact, FundPaid) and r.fact.retained > 0 for r in known)
        paid += sum(isinstance(r.fact, RetentionPaid) for r in known)
    assert retained >= paid >= retained - 4
    assert paid > 5


def test_nothing_is_dated_in_a_year_that_was_closed_before() -> None:
    for known in streams_of(FundFact):
        closed: set[int] = set()
        for recorded in known:
            assert recorded.fact.effective_on.year not in closed
            if isinstance(recorded.fact, FundYearClosed):
                closed.add(recorded.fact.year)


def test_what_an_old_fund_has_left_went_back_to_its_source() -> None:
    for known in streams_of(FundFact):
        if sum(isinstance(r.fact, FundYearClosed) for r in known) == 3:
            balances = book_of(known, accounting).balances()
            left = {account_of(name)[0] for name, fen in balances.items() if fen}
            assert left <= {Account.SOURCE, Account.SPENT, Account.PLEDGED}


def test_a_county_keeps_the_money_of_all_its_townships() -> None:
    """Their projects draw on the same two funds of a year."""
    spending = [known for known in streams_of(FundFact, COUNTY) if any(isinstance(r.fact, FundPaid) for r in known)]
    uses = [{r.fact.use.project_id for r in known if isinstance(r.fact, FundPaid)} for known in spending]
    assert max(map(len, uses)) == 3
    assert all(overdrawn(accounting(timeline(known))) is None for known in streams_of(FundFact, COUNTY))


def test_who_is_carried_along_is_on_the_register() -> None:
    register = simulated_logs(COUNTY).streams("registry")
    carried = 0
    for known in streams_of(ProjectFact, COUNTY):
        for charter in (r.fact for r in known if isinstance(r.fact, ProjectChartered)):
            assert {f"household-{household}" for household in charter.beneficiaries} <= register.keys()
            carried += len(charter.beneficiaries)
    assert carried > 10


def test_agreements_are_renewed_and_delivered_under() -> None:
    folded = [agreements.fold(timeline(known)) for known in streams_of(AgreementFact)]
    kinds = Counter(each.kind for each in folded if each is not None)
    assert set(kinds) == {"collective_contract", "service_purchase", "village_investment"}
    for each in folded:
        assert each is not None
        assert each.deliveries
        due = [due for due in each.dues() if due.last < date(PLAN.last, 1, 1)]
        assert sum(d.done >= d.wanted for d in due) >= len(due) * 0.6


def test_loans_are_repaid_some_late_and_some_again_after_the_bank_took_a_payment_back() -> None:
    streams = simulated_logs(PLAN).streams("assistance").items()
    of_borrowers = [known for name, known in streams if name.startswith("loans-")]
    accounts = [account for known in of_borrowers for account in accounts_of(known)]
    ended = date(PLAN.last, 12, 31)
    courses = [course for account in accounts if (course := account.through(ended)) is not None]
    assert len(courses) > 10
    settled = [course for course in courses if course.final_on < date(PLAN.last, 9, 1)]
    assert all(course.debt == 0 for course in settled)
    assert all(sum(posting.fen for each in c.entries for posting in each.postings) == 0 for c in courses)
    instalments = [each for course in settled for each in course.instalments]
    assert any(each.paid_on is not None and each.paid_on > each.due_on for each in instalments)
    kinds = Counter(type(r.fact) for known in of_borrowers for r in known)
    assert kinds[LoanFactsAnnulled] >= 1
    assert kinds[InterestSubsidyPaid] > 5
    assert kinds[LoanReviewDecided] == kinds[LoanReviewOpened] > 0


def test_nobody_is_placed_before_the_certificate_and_a_household_has_one_public_post() -> None:
    told = simulated_logs(PLAN).streams("assistance").items()
    courses = {
        r.stream: course_of(timeline(known)) for name, known in told if name.startswith("course-") for r in known
    }
    workers = [work_of(timeline(known)) for name, known in told if name.startswith("work-")]
    placements = [placement for worker in workers for placement in worker.placements.values()]
    assert all(not worker.contradictions for worker in workers)
    of_courses = [p.placed for p in placements if p.placed.course_id is not None]
    for placed in of_courses:
        course = courses[f"course-{placed.course_id}"]
        assert course is not None
        assert course.trainees[placed.person_id].certificate_no is not None
    assert len(of_courses) > 20
    held = sorted((p.placed.household_id, p.since, p.last_day) for p in placements if p.placed.public_post)
    assert len(held) > 2
    for (one, _, ended), (other, since, _) in pairwise(held):
        assert one != other or (ended is not None and ended < since)


def test_who_died_takes_no_part_any_more_in_any_course() -> None:
    """By the register as it stands in the end, deaths that were told late or taken back included."""
    deaths = [r.fact for r in timeline(simulated_logs(PLAN).logs["registry"]) if isinstance(r.fact, MemberDied)]
    died = {fact.person_id: fact.effective_on for fact in deaths}
    found = 0
    for name, known in simulated_logs(PLAN).streams("assistance").items():
        if name.startswith("course-"):
            course = course_of(timeline(known))
            assert course is not None
            for person, trainee in course.trainees.items():
                assert trainee.died_on == died.get(person)
                found += trainee.died_on is not None
    assert found > 0
