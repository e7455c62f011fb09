"""Lists as they are drafted, without a database: who is paid need not be whose due it is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from contracts.assistance.payments import RUN, PayMeans
from contracts.assistance.programmes import PayeeKind
from services.assistance.entitlements.due import REGULAR, DueLine
from services.assistance.payments.bench import next_cut_off
from services.assistance.payments.compiling import Compile, Drafted, drafted, line_of
from services.casework.calendars.periods import Period

TERM, TODAY = Period(date(2016, 9, 1), date(2017, 1, 31)), date(2017, 1, 20)
HOLDER = UUID("00000000-0000-4000-8000-00000000abcd")


def draft(dues: list[DueLine], means: PayMeans = PayMeans.PLATFORM) -> Drafted:
    command = Compile(uuid4(), "school_meals", "990001101", TERM.start, TERM.end, TODAY, means, "township-1")
    lines = (line_of(due, due.amount, HOLDER) for due in dues)
    return drafted(command, lines, datetime(2017, 1, 20, tzinfo=UTC), 1, TODAY)


def meal(days: int, payee: PayeeKind = PayeeKind.CANTEEN) -> DueLine:
    return DueLine(
        uuid4(), "school_meals", "lunch", TERM, REGULAR, Decimal(4 * days), payee, uuid4(), "990001101201", "990001",
        "assistance/attendance/1",
    )  # fmt: skip


def test_meals_go_to_the_canteen_and_nothing_to_pupils() -> None:
    """310 pupils, 98 days of school, 510 days of absence among them, 4 yuan a day."""
    absent = [2] * 255 + [0] * 55
    made = draft([meal(98 - days) for days in absent])
    assert (made.compiled.lines, made.compiled.total) == (310, Decimal("119480.00"))
    assert {run.payee_kind for run, _ in made.runs} == {PayeeKind.CANTEEN}
    assert {line.payee for run, _ in made.runs for line in run.lines} == {None}


def test_lines_stand_in_runs_of_one_kind_that_follow_one_another() -> None:
    made = draft([*(meal(1) for _ in range(RUN + 1)), meal(2, PayeeKind.PERSON)])
    assert [(run.first, len(run.lines)) for run, _ in made.runs] == [(1, RUN), (RUN + 1, 1), (RUN + 2, 1)]
    assert [run.lines[0].payee for run, _ in made.runs] == [None, None, HOLDER]


def test_the_next_cut_off_is_today_or_the_next_month_s() -> None:
    days = [date(2016, 12, 24), date(2016, 12, 25), date(2016, 12, 26), date(2017, 1, 31)]
    assert [next_cut_off(day, 25) for day in days] == [
        date(2016, 12, 25), date(2016, 12, 25), date(2017, 1, 25), date(2017, 2, 25),
    ]  # fmt: skip
