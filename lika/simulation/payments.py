"""Education aid of a county's first township is paid twice a year: what is due is listed, posted, verified, released of the county's quota,
handed over and settled; some lines come back and are paid again, and what turns out not to have been due is recovered (M112, M119)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from contracts.assistance import payment_accounts as accounts
from contracts.assistance.payments import ReturnCause
from contracts.casework.documents import DocumentAdopted
from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import OPERATOR, Division
from lika.simulation.dues import dues, month_before
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.pay_lists import CountyQuota, Key, PayDesk, SimulatedPayList, key_of, known_through
from lika.simulation.regulations import EDUCATION_AID
from lika.simulation.schedule import Process
from lika.simulation.unit import SimulatedUnit
from services.assistance.document_kinds import KINDS
from services.assistance.entitlements.due import DueLine
from services.assistance.payments import domain_units
from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_lines import NOTHING
from services.assistance.payments.quotas import KIND as QUOTA
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.kinds import checked, proposal_of

QUOTA_YUAN = Decimal("3000000.00")
MOST_PAYING = 40
RETURNS = (ReturnCause.ACCOUNT_CLOSED, ReturnCause.NAME_DIFFERS, ReturnCause.ACCOUNT_DORMANT)


@dataclass(eq=False)
class Treasury:
    """``adopted``: facts in assistance's stream of documents; ``quotas``: by county and year."""

    adopted: int
    quotas: dict[tuple[str, int], CountyQuota] = field(default_factory=dict)

    def quota(self, context: SimulationContext, county: str, year: int) -> CountyQuota:
        """Of the budget year, by a document that two operators adopt."""
        if (county, year) not in self.quotas:
            content: dict[str, Any] = {
                QUOTA: EDUCATION_AID, "edition": str(year), "zh": "教育资助资金额度", "en": "quota of education aid",
                "jurisdiction": county, "source": fund_document(county, year), "yuan": QUOTA_YUAN,
                "in_force": {"from": date(year, 1, 1), "to": date(year, 12, 31)},
            }  # fmt: skip
            proposed = proposal_of(checked(content, KINDS), OPERATOR)
            document = f"{ASSISTANCE}/{DOCUMENTS}/{self.adopted + 1}"
            adopted = DocumentAdopted(
                effective_on=proposed.effective_on, entered_by="operator-2", document=document, caused_by=document
            )
            for fact in (proposed, adopted):
                context.events.append(ASSISTANCE, DOCUMENTS, self.adopted, (fact,))
                self.adopted += 1
            self.quotas[county, year] = CountyQuota(document, QUOTA_YUAN)
        return self.quotas[county, year]


def fund_document(county: str, year: int) -> str:
    return f"样财教{county}〔{year}〕3号"


def paying_townships(context: SimulationContext) -> list[Division]:
    """The first of each of so many counties: to pay by lists, what is due must be known to whoever makes them."""
    province = context.province
    return [province.townships_of(county)[0] for county in province.counties[:MOST_PAYING]]


def yearly_payments(context: SimulationContext, desk: PayDesk, treasury: Treasury) -> Process:
    """In November what fell due in autumn, in May what was decided since and what falls due in spring."""
    for year in range(context.plan.first, context.plan.last + 1):
        for month, first, last in (
            (5, date(year - 1, 7, 1), date(year, 4, 30)), (11, date(year, 7, 1), date(year, 10, 31)),
        ):  # fmt: skip
            if month == 5 and year == context.plan.first:
                continue
            yield date(year, month, 10)
            _recover(context, desk, date(year, month, 10))
            desk.schedule.add(_pay(context, desk, treasury, first, last), date(year, month, 10))


def _pay(context: SimulationContext, desk: PayDesk, treasury: Treasury, first: date, last: date) -> Process:
    yield from ()
    rng, as_of = context.rng, month_before(context.recorded_on)
    due = [
        line for line in _due(context, desk, as_of)
        if first <= line.period.start <= last and key_of(line.key) not in desk.live
        and line.division.startswith(desk.township.code) and not desk.paid.get(key_of(line.key))
    ]  # fmt: skip
    if not due:
        return
    pay_list = SimulatedPayList(context, desk)
    pay_list.compile(sorted(due, key=_in_order), first, last, as_of, known_through(as_of))
    yield (day := context.recorded_on + timedelta(rng.randint(1, 4)))
    over = pay_list.post(day)
    yield (day := day + timedelta(rng.randint(1, 4)))
    pay_list.verify(day)
    yield (day := over + timedelta(rng.randint(1, 6)))
    _release(context, desk, treasury, pay_list, day)
    yield (day := day + timedelta(rng.randint(2, 9)))
    returned = {
        n: rng.choice(RETURNS) for n in range(1, len(pay_list.lines) + 1) if rng.random() < rates.RETURN_RATE_OF_LINES
    }
    pay_list.take_results(day, returned)
    if returned:
        yield (day := context.recorded_on + timedelta(rng.randint(40, 60)))
        _again(context, desk, treasury, pay_list, sorted(returned))


def _again(
    context: SimulationContext, desk: PayDesk, treasury: Treasury, former: SimulatedPayList, numbers: Sequence[int]
) -> None:
    """What came back is paid again, as far as it is due still, to the account as it is by now."""
    as_of = month_before(context.recorded_on)
    due = {key_of(line.key): line.amount for line in _due(context, desk, as_of)}
    lines = {n: former.lines[n - 1] for n in numbers}
    still = [n for n, (key, line, _) in lines.items() if due.get(key) == line.amount and key not in desk.live]
    if not still:
        return
    again = SimulatedPayList(context, desk)
    again.reissue(former, still, known_through(as_of))
    _release(context, desk, treasury, again, context.recorded_on)
    again.take_results(context.recorded_on, {})


def _release(
    context: SimulationContext, desk: PayDesk, treasury: Treasury, pay_list: SimulatedPayList, day: date
) -> None:
    quota = treasury.quota(context, desk.township.county, day.year)
    pay_list.release(day, quota, fund_document(desk.township.county, day.year))
    pay_list.hand_over(day)


def _recover(context: SimulationContext, desk: PayDesk, day: date) -> None:
    """What was paid and is due no more, since the register learned better: a plan, and its first instalment at once."""
    as_of = context.recorded_on
    due = {key_of(line.key): line.amount for line in _due(context, desk, as_of, until_now=True)}
    for key, paid in sorted(desk.paid.items()):
        excess = paid - due.get(key, NOTHING)
        if excess > NOTHING and key not in desk.recovering:
            desk.recovering.add(key)
            account = DueAccount(due=due.get(key, NOTHING), settled=paid)
            unit, component, start, end, occasion = key
            named = accounts.DueKey(
                programme=EDUCATION_AID, component=component, period_from=start, period_to=end, occasion=occasion
            )
            common: dict[str, Any] = {
                "unit": unit, "division": desk.township.code, "due": named, "effective_on": day,
                "entered_by": desk.decider,
            }  # fmt: skip
            instalments = (accounts.Instalment(due_on=day + timedelta(60), amount=excess),)
            stream = domain_units.stream_of(unit)
            for fact in (
                domain_units.plan(account, common, instalments),
                domain_units.recover(account, common, excess, f"收{desk.township.code}-{len(desk.recovering):04}"),
            ):
                act = SimulatedUnit(desk.memory)
                domain_units.require_new_paper(act.load(stream), fact)
                act.append(stream, fact)
                act.finish()


def _due(context: SimulationContext, desk: PayDesk, as_of: date, *, until_now: bool = False) -> list[DueLine]:
    """As known at the end of the month before, or now."""
    known_at = None if until_now else known_through(as_of)
    return list(dues(context, desk.township.code, as_of, known_at).values())


def _in_order(line: DueLine) -> tuple[Key, str]:
    return key_of(line.key), line.cause
