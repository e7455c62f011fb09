"""A payment office without a database: facts in the order of recording, decided by the domain on what is known, while dues rise
and fall, files come cut, doubled and wrong, call-backs are lost and repeated, and outcomes are annulled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from contracts.assistance import payment_accounts as accounts
from contracts.assistance import payments as facts
from contracts.assistance.programmes import PayeeKind
from contracts.canonical import encode
from contracts.facts import Fact, Recorded
from services.assistance.payments import domain, domain_results, domain_units
from services.assistance.payments.domain_identities import (
    DueAccount,
    Gross,
    Identities,
    gross_of,
    identities_of,
    pending_of,
)
from services.assistance.payments.domain_lines import LIVE, NOTHING, LineState, PayList, PayListStage, fold
from services.assistance.payments.domain_quotas import Quota
from services.assistance.payments.domain_results import ResultRow, facts_of, outcomes_of
from services.casework.calendars.day_count import Calendar, DayCount
from services.chassis.ground.refusals import Refused

SPACE = UUID("5f0d9b1e-7f0e-5c37-9d53-3a2f0a1d6c10")
UNITS = [uuid5(SPACE, f"unit-{n}") for n in range(4)]
PROGRAMME, PERIODS = "education_aid", ((date(2016, 9, 1), date(2017, 1, 20)), (date(2017, 2, 20), date(2017, 7, 10)))
KEYS = [
    accounts.DueKey(programme=PROGRAMME, component="living", period_from=first, period_to=last, occasion="regular")
    for first, last in PERIODS
]
DAY, START = date(2016, 11, 1), datetime(2016, 11, 1, tzinfo=UTC)
FILE = "f" * 16
Due = tuple[UUID, accounts.DueKey]


@dataclass
class Office:
    """``dues``: at which position a due became what."""

    log: list[Recorded] = field(default_factory=list)
    dues: list[tuple[int, Due, Decimal]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def append(self, stream: str, *new: Fact) -> None:
        for fact in new:
            position, version = len(self.log) + 1, 1 + sum(r.stream == stream for r in self.log)
            at = START + timedelta(seconds=position)
            self.log.append(
                Recorded(
                    "assistance", position, stream, version, at, UUID(int=position), fact.entered_by, fact, encode(fact)
                )
            )

    def set_due(self, due: Due, amount: Decimal) -> None:
        self.dues.append((len(self.log), due, amount))

    def due_at(self, position: int) -> dict[Due, Decimal]:
        return {due: amount for at, due, amount in self.dues if at <= position}

    def lists(self, known: Sequence[Recorded]) -> list[PayList]:
        streams = dict.fromkeys(r.stream for r in known if r.stream.startswith("pay-list-"))
        found = (fold(r for r in known if r.stream == stream) for stream in streams)
        return [each for each in found if each is not None]

    def lines(self, list_id: UUID) -> dict[int, tuple[Due, Decimal]]:
        found: dict[int, tuple[Due, Decimal]] = {}
        for r in self.log:
            if isinstance(r.fact, facts.PayLinesListed) and r.fact.list_id == list_id:
                key = accounts.DueKey(
                    programme=PROGRAMME,
                    component=r.fact.component,
                    period_from=r.fact.period_from,
                    period_to=r.fact.period_to,
                    occasion=r.fact.occasion,
                )
                found |= {r.fact.first + n: ((line.unit, key), line.amount) for n, line in enumerate(r.fact.lines)}
        return found

    def amounts(self, pay_list: PayList) -> Mapping[int, Decimal]:
        return {number: amount for number, (_, amount) in self.lines(pay_list.list_id).items()}

    def accounts(self, known: Sequence[Recorded], position: int, *, listed: bool = False) -> dict[Due, DueAccount]:
        """``listed``: what is on a list and not handed over yet counts as under way, for whoever decides."""
        found = {due: DueAccount(due=amount) for due, amount in self.due_at(position).items()}
        for pay_list in self.lists(known):
            for number, (due, amount) in self.lines(pay_list.list_id).items():
                account, state = found.setdefault(due, DueAccount()), pay_list.state(number)
                if state is LineState.SETTLED:
                    account.settled += amount
                elif state is LineState.PENDING or (listed and state is LineState.LISTED):
                    account.pending += amount
        for unit in UNITS:
            for key, sums in domain_units.fold(r for r in known if r.stream == domain_units.stream_of(unit)).items():
                account = found.setdefault((unit, key), DueAccount())
                account.waived, account.recovered, account.written_off = sums.waived, sums.recovered, sums.written_off
        return found

    def live(self) -> dict[Due, int]:
        found: dict[Due, int] = {}
        for pay_list in self.lists(self.log):
            for number, (due, _) in self.lines(pay_list.list_id).items():
                found[due] = found.get(due, 0) + (pay_list.state(number) in LIVE)
        return found

    def identities(self, position: int, dropped: int | None = None) -> Identities:
        """As known before the position that follows it; without one of the facts, where one is to be missed."""
        known = [r for r in self.log[:position] if r.position != dropped]
        gross = sum((gross_of(each, pending_of(each, self.amounts(each))) for each in self.lists(known)), Gross())
        return identities_of(gross, self.accounts(known, position).values())

    def common(self, list_id: UUID, by: str = "clerk", on: date = DAY) -> dict[str, Any]:
        return {"list_id": list_id, "effective_on": on, "entered_by": by}

    def compile(self) -> None:
        accounts = self.accounts(self.log, len(self.log), listed=True)
        payable = [(due, amount) for due, account in accounts.items() if (amount := account.payable())]
        if not payable:
            return
        list_id = uuid5(SPACE, f"list-{next(self.numbers)}")
        runs, first = [], 1
        for key in KEYS:
            lines = tuple(
                facts.PayLine(unit=unit, amount=amount, because="assistance/x/1")
                for (unit, of), amount in payable
                if of == key
            )
            if lines:
                total = sum((line.amount for line in lines), NOTHING)
                run = facts.PayLinesListed(
                    **self.common(list_id), first=first, component=key.component, period_from=key.period_from,
                    period_to=key.period_to, occasion=key.occasion, payee_kind=PayeeKind.PERSON, lines=lines, total=total,
                )  # fmt: skip
                runs.append(run)
                first += len(lines)
        compiled = facts.PayListCompiled(
            **self.common(list_id), programme=PROGRAMME, division="990001", means=facts.PayMeans.PLATFORM,
            period_from=DAY, period_to=DAY, due_as_of=DAY,
            due_known_at=START, lines=first - 1, total=sum((run.total for run in runs), NOTHING), digest="0" * 64,
        )  # fmt: skip
        self.append(domain.stream_of(list_id), compiled, *runs)

    def advance(self, pay_list: PayList) -> None:
        """To the next step, whichever that is."""
        list_id, amounts = pay_list.list_id, self.amounts(pay_list)
        match pay_list.stage:
            case PayListStage.COMPILED:
                fact: Fact = domain.post(pay_list, self.common(list_id), 0, DayCount(Calendar.DAYS))
            case PayListStage.POSTED:
                fact = domain.verify(pay_list, self.common(list_id, "verifier"), ["verifier"])
            case PayListStage.VERIFIED:
                amount = sum((amounts[line] for line in pay_list.lines(LineState.LISTED)), NOTHING)
                quota = Quota("assistance/documents/1", Decimal(10**6), NOTHING)
                fact = domain.release(
                    pay_list, self.common(list_id, "finance"), ["finance"], quota, amount, "农财〔2016〕1号", "1"
                )
            case PayListStage.RELEASED | PayListStage.INSTRUCTED:
                on = DAY + timedelta(days=1)
                fact = domain.hand_over(pay_list, self.common(list_id, "finance", on), amounts, "V1", FILE)
            case _:
                return
        self.append(domain.stream_of(list_id), fact)

    def results(self, pay_list: PayList, rows: Sequence[ResultRow]) -> None:
        amounts = self.amounts(pay_list)
        found = outcomes_of(pay_list, amounts, rows, DAY + timedelta(days=9))
        assert found.rows == len(found.refused) + found.known + sum(
            len(lines) for by_day in (found.settled, found.returned) for lines in by_day.values()
        )
        self.append(
            domain.stream_of(pay_list.list_id),
            *facts_of(found, pay_list, amounts, self.common(pay_list.list_id), FILE),
        )

    def decide(self, due: Due, what: str, amount: Decimal) -> None:
        """Whether it is lawful is decided; a refusal leaves nothing."""
        unit, key = due
        account = self.accounts(self.log, len(self.log), listed=True).get(due, DueAccount())
        common = {"unit": unit, "division": "990001", "due": key, "effective_on": DAY, "entered_by": "clerk"}
        try:
            match what:
                case "waive":
                    fact: Fact = domain_units.waive(account, common, amount)
                case "recover":
                    fact = domain_units.recover(account, common, amount, "R1")
                case "refund":
                    fact = domain_units.refund(account, common, amount, "V2")
                case _:
                    fact = domain_units.write_off(account, common, amount)
        except Refused:
            return
        self.append(domain_units.stream_of(unit), fact)

    def strike(self, pay_list: PayList, line: int) -> None:
        common = self.common(pay_list.list_id)
        try:
            fact = domain.strike(pay_list, common, [line], facts.StrikeReason.OBJECTION_UPHELD, self.amounts(pay_list))
        except Refused:
            return
        self.append(domain.stream_of(pay_list.list_id), fact)

    def annul(self, pay_list: PayList, recorded: Recorded) -> None:
        live = self.live()
        again = {
            n for n, (due, _) in self.lines(pay_list.list_id).items() if live[due] and pay_list.state(n) not in LIVE
        }
        own = [r for r in self.log if r.stream == recorded.stream]
        try:
            fact = domain_results.annul(own, recorded.id, self.common(pay_list.list_id), "记错", again)
        except Refused:
            return
        self.append(recorded.stream, fact)
