"""What is due: for which periods, on which occasions, as known at any moment; suspended, resumed, paid back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.assistance import entitlements as facts
from contracts.facts import Recorded
from contracts.registry.codes import SchoolStage
from contracts.selection import timeline
from services.assistance.entitlements.due import REGULAR, DueLine
from services.assistance.entitlements.layers import KnownProgramme
from services.assistance.entitlements.reckoning import Reckoner
from services.assistance.entitlements.state import fold
from services.assistance.programmes.document import Programme
from services.casework.calendars.periods import Calendars
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE
from tests.assistance.programmes.test_documents import TEXT, read
from tests.support.first_texts import lookup_of
from tests.support.recorded import recorded

UNIT, HOUSEHOLD, CASE = UUID(int=7), UUID(int=8), UUID(int=9)
GRANTED_AT = datetime(2020, 3, 10, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
FOLLOWING = TEXT.replace("    period: month\n", "    period: month\n    raised: from_its_day\n").replace(
    """      - {from: 2020-01-01, to: 2020-12-31, amount: {kind: rate, yuan: "50"}}
      - {from: 2021-01-01, to: null, amount: {kind: rate, yuan: "60"}}
""",
    """      - {from: 2020-01-01, to: null, amount: {kind: rate, yuan: "50"}}
""",
)
COMMON: dict[str, Any] = {
    "household_id": HOUSEHOLD, "unit_id": UNIT, "programme": "old_age", "case_id": CASE, "entered_by": "decider-1",
}  # fmt: skip
APPLIED = facts.EntitlementApplied(
    **COMMON, effective_on=date(2020, 3, 1), division=VILLAGE, stage=SchoolStage.NONE, other_grants=Decimal(0)
)
GRANT = facts.EntitlementGranted(
    **COMMON, effective_on=date(2020, 3, 10), division=VILLAGE, stage=SchoolStage.NONE,
    amounts=(facts.GrantedAmount(component="base", yuan=Decimal(50), since=date(2020, 1, 1)),),
)  # fmt: skip


def later(kind: type[facts.EntitlementFact], day: str, **said: Any) -> facts.EntitlementFact:
    return kind(**COMMON, effective_on=date.fromisoformat(day), **said)


def log_of(*own: facts.UnitFact, at: datetime = GRANTED_AT) -> tuple[Recorded, ...]:
    """Each an hour after the one before."""
    return recorded(APPLIED, GRANT, *own, log="assistance", stream="entitlements-x", at=at)


def due(
    own: Sequence[Recorded], as_of: str, editions: Sequence[KnownProgramme] = (), programme: Programme | None = None
) -> list[DueLine]:
    unit = fold(timeline(own))
    edition = programme or read(TEXT)
    grant = unit.grants[CASE]
    reckoner = Reckoner(grant, unit.applications[CASE], edition, lambda *_: editions, Calendars(lookup_of()))
    return list(reckoner.lines(date.fromisoformat(as_of)))


def months(lines: Sequence[DueLine]) -> list[tuple[str, str, int]]:
    return [(f"{line.period.start:%Y-%m}", line.occasion, int(line.amount)) for line in lines]


def test_a_period_is_due_from_its_first_day_on_which_the_unit_is_entitled() -> None:
    own = log_of()
    assert due(own, "2020-03-09") == []
    assert months(due(own, "2020-03-10")) == [("2020-03", REGULAR, 50)]
    assert months(due(own, "2020-03-31")) == [("2020-03", REGULAR, 50)]
    assert months(due(own, "2020-04-01")) == [("2020-03", REGULAR, 50), ("2020-04", REGULAR, 50)]
    (line,) = due(own, "2020-03-10")
    assert (line.unit, line.household_id, line.division, line.county) == (UNIT, HOUSEHOLD, VILLAGE, VILLAGE[:6])
    assert (line.cause, line.payee) == ("assistance/entitlements-x/2", "person")


@pytest.mark.parametrize(
    ("stopped", "last"), [("2020-04-30", "2020-04"), ("2020-05-01", "2020-04"), ("2020-05-02", "2020-05")]
)
def test_nothing_is_due_for_a_period_that_begins_on_or_after_the_stop(stopped: str, last: str) -> None:
    own = log_of(later(facts.EntitlementStopped, stopped, reason=facts.StopReason.DIED))
    assert months(due(own, "2020-12-31"))[-1] == (last, REGULAR, 50)


def test_what_is_granted_stays_as_granted_unless_the_programme_follows_its_rates() -> None:
    assert months(due(log_of(), "2021-01-31"))[-1] == ("2021-01", REGULAR, 50)


def test_a_suspension_pauses_whole_periods_until_a_resumption_with_or_without_back_pay() -> None:
    suspended = later(facts.EntitlementSuspended, "2020-04-15", reason="not_reached")
    assert [m for m, _, _ in months(due(log_of(suspended), "2020-08-31"))] == ["2020-03", "2020-04"]
    without = log_of(suspended, later(facts.EntitlementResumed, "2020-07-01", back_pay=False))
    assert [m for m, _, _ in months(due(without, "2020-08-31"))] == ["2020-03", "2020-04", "2020-07", "2020-08"]
    back = log_of(suspended, later(facts.EntitlementResumed, "2020-07-01", back_pay=True))
    resumption = back[-1].id
    found = due(back, "2020-08-31")
    assert [m for m in months(found) if m[1] == resumption] == [
        ("2020-05", resumption, 50),
        ("2020-06", resumption, 50),
    ]
    assert {line.cause for line in found if line.occasion == resumption} == {resumption}
    assert len({line.key for line in found}) == len(found) == 6


def test_a_suspension_that_is_annulled_never_was() -> None:
    suspended = log_of(later(facts.EntitlementSuspended, "2020-04-15", reason="not_reached"))
    void = facts.EntitlementFactsAnnulled(
        household_id=HOUSEHOLD, unit_id=UNIT, effective_on=date(2020, 9, 1), entered_by="decider-1",
        annuls=(suspended[-1].id,), reason=facts.EntitlementAnnulment.ENTERED_WRONGLY,
    )  # fmt: skip
    own = log_of(later(facts.EntitlementSuspended, "2020-04-15", reason="not_reached"), void)
    assert months(due(own, "2020-08-31")) == months(due(log_of(), "2020-08-31"))


def edition(name: str, yuan: str, known: datetime) -> KnownProgramme:
    return KnownProgramme(read(FOLLOWING.replace('yuan: "50"', f'yuan: "{yuan}"')), name, known)


def test_a_rate_raised_late_is_due_on_an_occasion_of_its_own_and_what_takes_it_back_takes_from_it_first() -> None:
    """Practice, money 2: a raised standard back-pays a period that was paid already."""
    first, raised = edition("d/1", "50", GRANTED_AT), edition("d/3", "65", GRANTED_AT + 60 * ONE_DAY)
    programme = read(FOLLOWING)

    def of_march(*editions: KnownProgramme) -> list[tuple[str, int]]:
        lines = due(log_of(), "2020-03-31", editions, programme)
        assert len({line.key for line in lines}) == len(lines)
        return [(line.occasion, int(line.amount)) for line in lines]

    assert of_march(first) == [(REGULAR, 50)]
    assert of_march(first, raised) == [(REGULAR, 50), ("d/3", 15)]
    again = edition("d/5", "70", GRANTED_AT + 90 * ONE_DAY)
    assert of_march(first, raised, again) == [(REGULAR, 50), ("d/3", 15), ("d/5", 5)]
    lowered = edition("d/7", "55", GRANTED_AT + 99 * ONE_DAY)
    assert of_march(first, raised, again, lowered) == [(REGULAR, 50), ("d/3", 5)]
    assert of_march(first, raised, first) == [(REGULAR, 50)]  # withdrawn
    assert of_march(first, raised, first, raised) == [(REGULAR, 50), ("d/3", 15)]  # and restored
    assert of_march(first, edition("d/9", "40", GRANTED_AT)) == [(REGULAR, 40)]


def test_who_moves_is_paid_where_they_live_or_where_it_was_granted_as_the_document_says() -> None:
    """M022."""
    elsewhere = "990002" + NEXT_VILLAGE[6:]
    moved = later(
        facts.EntitlementTransferred,
        "2020-05-10",
        from_household_id=HOUSEHOLD,
        from_division=VILLAGE,
        to_division=elsewhere,
    )
    own = log_of(moved)
    found = {f"{line.period.start:%m}": (line.division, line.county) for line in due(own, "2020-06-30")}
    assert found["05"] == (VILLAGE, "990001")  # where the unit was when it fell due
    assert found["06"] == (elsewhere, "990002")
    granting = read(TEXT.replace("follows:", "pays: granting\nfollows:"))
    assert {line.county for line in due(own, "2020-06-30", programme=granting)} == {"990001"}


def told(first: str, last: str, days: int) -> facts.EntitlementFact:
    return later(
        facts.EntitlementQuantityTold, "2020-06-30", component="base", period_from=date.fromisoformat(first),
        period_to=date.fromisoformat(last), days=days,
    )  # fmt: skip


def test_what_is_told_of_a_period_is_due_as_known_at_any_moment() -> None:
    """B01: nothing before days are told; more is due on an occasion of its own, less takes from the last; each month by itself."""
    counted = read(TEXT.replace('{kind: rate, yuan: "50"}', '{kind: per_attended_day, yuan: "4"}'))
    said = [told("2020-04-01", "2020-04-30", days) for days in (10, 12, 11)] + [told("2020-05-01", "2020-05-31", 3)]
    late = datetime(2020, 6, 30, 1, tzinfo=UTC)
    own = log_of(*said, at=late)
    april, may, occasion = ("2020-04", REGULAR), ("2020-05", REGULAR, 12), own[3].id

    def as_known(facts_known: int) -> list[tuple[str, str, int]]:
        return months(due(own[:facts_known], "2020-06-30", programme=counted))

    assert as_known(2) == []
    assert as_known(3) == [(*april, 40)]
    assert as_known(4) == [(*april, 40), ("2020-04", occasion, 8)]
    assert as_known(5) == [(*april, 40), ("2020-04", occasion, 4)]
    assert as_known(6) == [(*april, 40), ("2020-04", occasion, 4), may]
    suspended = log_of(later(facts.EntitlementSuspended, "2020-04-15", reason="not_reached"), *said, at=late)
    assert [month for month, _, _ in months(due(suspended, "2020-06-30", programme=counted))] == ["2020-04", "2020-04"]
    beforehand = log_of(*said)  # before April has begun: what was known when it fell due
    assert months(due(beforehand, "2020-04-30", programme=counted)) == [(*april, 44)]
