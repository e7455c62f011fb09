"""A pay-list of a township: each act is what ``services.assistance.payments`` decides about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from contracts.assistance import payments as facts
from contracts.facts import Fact
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import PROVINCE, Division
from lika.simulation.entry_times import entered_at
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.ids import deterministic_id
from lika.simulation.regulations import EDUCATION_AID
from lika.simulation.schedule import Schedule
from lika.simulation.unit import Memory, SimulatedUnit
from services.assistance.entitlements.due import DueKey, DueLine
from services.assistance.payments import domain
from services.assistance.payments.compiling import Compile, Line, drafted, line_of
from services.assistance.payments.control import control_of
from services.assistance.payments.domain_lines import NOTHING, LineState, PayList, fold
from services.assistance.payments.domain_quotas import Quota
from services.assistance.payments.domain_results import ResultRow, facts_of, outcomes_of
from services.assistance.payments.quotas import notice_days
from services.casework.calendars.day_count import Calendar, DayCount

PAY_ENTITIES = 8 << 40
"""Added to a township's index where the random numbers of its payments are seeded."""
A_MINUTE = timedelta(minutes=1)
Key = tuple[UUID, str, date, date, str]
"""Of a due of one programme: unit, component, both days of its period, occasion."""


@dataclass(eq=False)
class CountyQuota:
    """Of a county's budget year, by a document. ``reserved``: by its lists, less what came back."""

    document: str
    granted: Decimal
    reserved: Decimal = NOTHING


@dataclass(eq=False)
class PayDesk:
    """``live``: dues that a line keeps from being paid by another; ``paid``: what was settled of them;
    ``recovering``: those of which too much was paid."""

    township: Division
    memory: Memory
    schedule: Schedule = field(default_factory=Schedule)
    lists: int = 0
    live: set[Key] = field(default_factory=set)
    paid: dict[Key, Decimal] = field(default_factory=dict)
    recovering: set[Key] = field(default_factory=set)

    @property
    def entity(self) -> int:
        return PAY_ENTITIES + self.township.index

    @property
    def decider(self) -> str:
        return f"decider-{self.township.county}"


class SimulatedPayList:
    """``lines``: as they are numbered, from 1."""

    def __init__(self, context: SimulationContext, desk: PayDesk) -> None:
        self._context, self._desk = context, desk
        desk.lists += 1
        self.id = deterministic_id(context.digest, "pay-list", desk.township.index, desk.lists)
        self._stream = domain.stream_of(self.id)
        self.lines: list[tuple[Key, facts.PayLine, Line]] = []

    @property
    def state(self) -> PayList:
        found = fold(self._desk.memory.known(self._stream))
        assert found is not None
        return found

    @property
    def amounts(self) -> Sequence[Decimal]:
        """Line → yuan; there is no line 0."""
        return [NOTHING, *(line.amount for _, line, _ in self.lines)]

    def compile(self, dues: Iterable[DueLine], first: date, last: date, due_as_of: date, known_at: datetime) -> None:
        self._compile(
            [(key_of(due.key), line_of(due, due.amount, None)) for due in dues], first, last, due_as_of, known_at
        )

    def reissue(self, former: "SimulatedPayList", numbers: Sequence[int], known_at: datetime) -> None:
        """The returned lines of another list, once more."""
        compiled, because = former.state.compiled, f"assistance/pay-list-{former.id}/1"
        again: list[tuple[Key, Line]] = []
        for number in numbers:
            key, line, (common, _) = former.lines[number - 1]
            again.append((key, (common, _because(line, because))))
        self._compile(
            again, compiled.period_from, compiled.period_to, compiled.due_as_of, known_at, former.id,
        )  # fmt: skip

    def post(self, day: date) -> date:
        """Returns the last day of the notice."""
        lookup = self._context.regulations.looked_up_by(ASSISTANCE)
        division = self._desk.township.code
        holidays = self._context.regulations.library(ASSISTANCE).holidays(day, PROVINCE)
        count = DayCount(Calendar.WORKING_DAYS, holidays)
        posted = domain.post(self.state, self._common(day, self._clerk), notice_days(lookup, day, division), count)
        self._append(posted)
        return posted.last_day

    def verify(self, day: date) -> None:
        by = f"reviewer-{self._desk.township.code}"
        self._append(domain.verify(self.state, self._common(day, by), [by]))

    def release(self, day: date, quota: CountyQuota, fund_document: str) -> None:
        state, by = self.state, self._desk.decider
        amount = sum((self.amounts[line] for line in state.lines(LineState.LISTED)), NOTHING)
        of_money = Quota(quota.document, quota.granted, quota.reserved)
        order = f"拨{self._desk.township.code}-{self._desk.lists:04}"
        self._append(domain.release(state, self._common(day, by), [by], of_money, amount, fund_document, order))
        quota.reserved += amount

    def hand_over(self, day: date) -> None:
        state = self.state
        control = control_of(self.id, state.to_hand_over(), self.amounts)
        voucher = f"发{self._desk.township.code}-{self._desk.lists:04}"
        self._append(domain.hand_over(state, self._common(day, self._desk.decider), self.amounts, voucher, control))

    def take_results(self, day: date, returned: dict[int, facts.ReturnCause]) -> None:
        """The bank's file: all lines are credited but these."""
        state, today = self.state, self._context.recorded_on
        control = state.files[-1].control
        rows = [
            ResultRow(number, str(self.id), control, number, self.amounts[number], number not in returned, day, returned.get(number))
            for number in state.lines(LineState.PENDING)
        ]  # fmt: skip
        source = sha256(repr(rows).encode()).hexdigest()
        found = outcomes_of(state, self.amounts, rows, today)
        assert not found.refused
        by: dict[str, Any] = {"list_id": self.id, "entered_by": self._desk.decider}
        taken = facts.ResultFileTaken(
            **by, effective_on=today, file_sha256=source, rows=found.rows, settled=len(rows) - len(returned),
            returned=len(returned), known=0, refused=0,
        )  # fmt: skip
        self._append(*facts_of(found, state, self.amounts, by, source), taken)
        for number, (key, line, _) in enumerate(self.lines, start=1):
            if number in returned:
                self._desk.live.discard(key)
            else:
                self._desk.paid[key] = self._desk.paid.get(key, NOTHING) + line.amount

    def _compile(
        self, lines: Sequence[tuple[Key, Line]], first: date, last: date, due_as_of: date, known_at: datetime,
        reissues: UUID | None = None,
    ) -> None:  # fmt: skip
        context = self._context
        command = Compile(
            self.id,
            EDUCATION_AID,
            self._desk.township.code,
            first,
            last,
            due_as_of,
            facts.PayMeans.PLATFORM,
            self._clerk,
        )
        draft = drafted(
            command,
            (line for _, line in lines),
            known_at,
            context.events.heads[ASSISTANCE],
            context.recorded_on,
            reissues,
        )
        keys = {(line.unit, *common[:4]): (key, common) for key, (common, line) in lines}
        self.lines = []
        for run, _ in draft.runs:
            for line in run.lines:
                key, common = keys[line.unit, run.component, run.period_from, run.period_to, run.occasion]
                self.lines.append((key, line, (common, line)))
        self._append(draft.compiled, *(run for run, _ in draft.runs))
        self._desk.live.update(key for key, _, _ in self.lines)

    @property
    def _clerk(self) -> str:
        return f"cadre-{self._desk.township.code}"

    def _common(self, day: date, by: str) -> dict[str, Any]:
        return {"list_id": self.id, "effective_on": day, "entered_by": by}

    def _append(self, *new: Fact) -> None:
        unit = SimulatedUnit(self._desk.memory)
        unit.append(self._stream, *new)
        unit.finish()


def key_of(key: DueKey) -> Key:
    return key.unit, key.component, key.period.start, key.period.end, key.occasion


def known_through(month_end: date) -> datetime:
    """The first instant at which nothing of what was entered through the end of that month is unknown."""
    return entered_at(ASSISTANCE, month_end) + A_MINUTE


def _because(line: facts.PayLine, because: str) -> facts.PayLine:
    return facts.PayLine(
        unit=line.unit, household_id=line.household_id, payee=line.payee, amount=line.amount, because=because
    )
