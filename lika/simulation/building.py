"""How a planned project is chartered, paid for, built, accepted and closed."""

from datetime import date
from decimal import Decimal
from typing import Any

from contracts.monitoring import projects as facts
from contracts.monitoring.funds import FundSource
from contracts.monitoring.projects import AssetUse, EvaluationStage, ProjectPost
from contracts.quantities import Quantity
from contracts.registry.divisions import Level
from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.decided_case import is_completed
from lika.simulation.documents import on_paper
from lika.simulation.funds import SimulatedFund
from lika.simulation.projects import AcceptanceCase, SimulatedProject
from lika.simulation.schedule import Process
from lika.simulation.works import Works
from services.casework.dates import months_later
from services.monitoring.projects import domain
from services.monitoring.projects.store import evaluated_every

OWNER, LEADER, EVALUATOR = "驻村第一书记", "分管副乡长", "县扶贫开发协会"
EVALUATION, PHOTO = (on_paper("evaluation_report"),), (on_paper("photo"),)
NOTICE_PHOTO = (on_paper("notice_photo"),)
ADVANCE, RETAINED = Decimal("0.3"), Decimal("0.05")
"""Of the costs: paid before anything is done, and kept back for a year (质保金)."""
BENEFICIARIES = 12


class Building:
    """The works of one project in one year. ``shares``: what each source pays of it."""

    def __init__(
        self, context: SimulationContext, project: SimulatedProject, works: Works, quantity: Quantity, year: int
    ) -> None:
        self._context, self._project, self._works = context, project, works
        self._quantity, self._year, cost = quantity, year, works.cost(int(quantity.amount))
        central = cost * rates.CENTRAL_SHARE
        self._shares = {FundSource.CENTRAL: central, FundSource.COUNTY: cost - central}

    def charter(self) -> Process:
        """The charter, then the money: allocated, its use posted, its quota reserved."""
        context, project, money = self._context, self._project, self._project.office.money
        yield (day := context.rng.day_in(date(self._year, 3, 1), 12))
        registered = list(context.registered[project.office.township.code])
        first = context.rng.randbelow(max(len(registered) - BENEFICIARIES, 1))
        carried = tuple(registered[first : first + BENEFICIARIES]) if project.kind.beneficiaries else ()
        fact = facts.ProjectChartered(
            **project.fields(day, money.decider, decision=money.decision(day, "扶项")), owner=OWNER, leader=LEADER,
            goal=self._works.goal, starts_on=date(self._year, 4, 1), budget=self._budget(), beneficiaries=carried,
        )  # fmt: skip
        project.decide_by_kind(lambda known, kind, _: domain.charter(fact, known, kind, (), context.recorded_on))
        for source, share in self._shares.items():
            self._fund(source).allocate(day, project.state, share)
            self._fund(source).post_use(
                day, project.state, f"{project.village.name}公开栏", context.rng.day_after(day, 8, 12)
            )
        yield (day := date(self._year, 3, 28))
        for source, share in self._shares.items():
            self._fund(source).reserve(day, project.state, share)

    def build(self) -> Process:
        """Some works are late, some have something to put right; late ones are evaluated on the way."""
        rng, year = self._context.rng, self._year
        late, faulty = rng.random() < rates.LATE_PROJECT_RATE, rng.random() < rates.ISSUE_RATE
        yield (day := rng.day_in(date(year, 4, 6), 20))
        self._fund(FundSource.CENTRAL).pay(day, self._project.state, self._shares[FundSource.CENTRAL] * ADVANCE)
        yield (day := rng.day_in(date(year, 5, 5), 30))
        if half := Decimal(int(self._quantity.amount) // 2):
            self._report(day, half)
        yield from self._look_at(rng.day_after(day, 3, 12), faulty=faulty)
        yield (day := date(year, 10, 10) if late else date(year, 7, 10))
        if late or self._project.kind.stage_evaluations:
            self._evaluate(day, EvaluationStage.STAGE)
        yield (day := rng.day_in(date(year, 11, 3), 50) if late else rng.day_in(date(year, 7, 15), 30))
        self._report(day, self._quantity.amount)
        self._inspect(day, hidden=False, passed=True)
        yield (day := rng.day_after(day, 3, 8))
        case = AcceptanceCase(self._project, self._project.kind.acceptance, day)
        if is_completed((yield from case.run(day, "工程完工，申请验收"))):
            yield from self._close()

    def _look_at(self, day: date, *, faulty: bool) -> Process:
        """Unannounced; what is found is put right, and whoever answers for it is called in."""
        context, project = self._context, self._project
        yield day
        self._inspect(day, hidden=True, passed=not faulty)
        if not faulty:
            return
        due_on, by = context.rng.day_after(day, 25, 35), project.office.reviewer
        found = facts.ProjectIssueFound(**project.fields(day, by), issue=0, content="厚度不足", due_on=due_on)
        project.decide(lambda known: domain.find_issue(found, known, context.recorded_on))
        called = facts.ResponsibleInterviewed(**project.fields(day, by), post=ProjectPost.OWNER, issue=1)
        project.decide(lambda known: domain.interview(called, known, context.recorded_on))
        yield (day := context.rng.day_after(day, 8, 24))
        done = facts.ProjectIssueRectified(**project.fields(day, project.office.cadre, evidence=PHOTO), issue=1)
        project.decide(lambda known: domain.rectify(done, known, context.recorded_on))

    def _close(self) -> Process:
        """The rest is paid but for what is retained, the result published, the whole evaluated."""
        context, project, rng = self._context, self._project, self._context.rng
        accepted_on = project.state.accepted_on
        assert accepted_on is not None
        yield (day := rng.day_after(accepted_on, 1, 5))
        retained = {source: share * RETAINED for source, share in self._shares.items()}
        for source, share in self._shares.items():
            paid = share * ADVANCE if source is FundSource.CENTRAL else Decimal(0)
            self._fund(source).pay(day, project.state, share - paid, retained[source])
        published = facts.AcceptanceResultPublished(
            **project.fields(day, project.office.cadre, evidence=NOTICE_PHOTO), place=f"{project.village.name}公开栏",
            until=rng.day_after(day, 7, 10),
        )  # fmt: skip
        project.decide(lambda known: domain.publish(published, known, context.recorded_on))
        yield (day := rng.day_after(day, 8, 20))
        self._evaluate(day, EvaluationStage.FINAL)
        closed = facts.ProjectClosed(**project.fields(day, project.office.money.decider))
        project.decide_by_kind(
            lambda known, kind, lookup: domain.close(
                closed, known, kind, evaluated_every(lookup, day, known.division), context.recorded_on
            )
        )
        yield from self._afterwards(accepted_on, retained)

    def _afterwards(self, accepted_on: date, retained: dict[FundSource, Decimal]) -> Process:
        """What was paid too much comes back; some of what was built stands idle for a while; the retention is paid."""
        project, rng = self._project, self._context.rng
        if rng.random() < rates.OVERPAID_PROJECT_RATE:
            yield (day := rng.day_after(accepted_on, 30, 60))
            self._fund(FundSource.CENTRAL).take_back(day, project.state, Decimal(rng.randint(5, 50) * 100))
        if project.kind.leaves_assets and rng.random() < rates.IDLE_ASSET_RATE:
            for use, after in ((AssetUse.IDLE, 150), (AssetUse.AS_BUILT, 240)):
                yield (day := rng.day_after(accepted_on, after, after + 40))
                self._observe(day, use)
        yield (day := months_later(accepted_on, 12))
        for source, amount in retained.items():
            self._fund(source).pay_retention(day, project.state, amount)

    def _budget(self) -> tuple[facts.BudgetLine, ...]:
        labels = {FundSource.CENTRAL: "财政专项扶贫资金", FundSource.COUNTY: "县级配套资金"}
        return tuple(
            facts.BudgetLine(source=labels[source], level=Level.COUNTY, amount=share)
            for source, share in self._shares.items()
        )

    def _fund(self, source: FundSource) -> SimulatedFund:
        return self._project.office.money.funds[self._year, source]

    def _report(self, day: date, amount: Decimal) -> None:
        fields = self._project.fields(day, f"cadre-{self._project.village.code}")
        quantity = Quantity(amount=amount, unit=self._quantity.unit)
        fact = facts.ComponentProgressReported(**fields, component=1, quantity=quantity)
        known, today = self._project.stream.known, self._context.recorded_on
        self._project.decide(lambda project: domain.report(fact, project, known, today))

    def _inspect(self, day: date, **found: Any) -> None:
        fields = self._project.fields(day, self._project.office.reviewer, evidence=PHOTO)
        fact = facts.ProjectInspected(**fields, **found)
        self._project.decide(lambda project: domain.inspect(fact, project, self._context.recorded_on))

    def _evaluate(self, day: date, stage: EvaluationStage) -> None:
        fields = self._project.fields(day, self._project.office.money.accountant, evidence=EVALUATION)
        fact = facts.ProjectEvaluated(**fields, stage=stage, evaluator=EVALUATOR)
        self._project.decide(lambda project: domain.evaluate(fact, project, self._context.recorded_on))

    def _observe(self, day: date, use: AssetUse) -> None:
        fact = facts.AssetUseObserved(
            **self._project.fields(day, self._project.office.cadre, evidence=PHOTO), component=1, use=use
        )
        self._project.decide_by_kind(
            lambda project, kind, _: domain.observe(fact, project, kind, self._context.recorded_on)
        )
