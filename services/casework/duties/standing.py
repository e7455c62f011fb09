"""What is owed to households now, for whoever compares it with what would be owed after something is recorded."""

from collections.abc import Hashable, Sequence
from uuid import UUID

from contracts.consequences import ConsequenceEffect, ConsequenceLine
from services.casework.calendars.periods import Period
from services.casework.duties.domain import LONGEST, DutyState, Owed, owed
from services.casework.duties.store import ONE_YEAR, Duties
from services.chassis.following.foresight import Lines, details
from services.chassis.log.unit import Tx

DUTY = "duty"


class OwedDuties:
    """Implements ``Standing``. Of what recurs, the period that runs."""

    def __init__(self, duties: Duties) -> None:
        self._duties = duties

    def lines(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        sets, days = self._duties.duty_sets.in_unit(tx), Period(tx.today - ONE_YEAR, tx.today + LONGEST)
        found: dict[Hashable, ConsequenceLine] = {}
        for name, matter in self._duties.matters.items():
            if not matter.of_households:
                continue
            for household, history in matter.histories(tx, households, tx.today).items():
                for one in sorted(
                    owed(history, sets, name, days, tx.today), key=lambda one: one.period.end, reverse=True
                ):
                    if (
                        not one.edition.terms.read_by
                        and one.period.start <= tx.today
                        and one.state(tx.today) in (DutyState.DUE, DutyState.OVERDUE)
                        and one.lasts
                    ):
                        key = DUTY, household, one.edition.terms.duty_set, one.duty.key, one.obligation.obliged
                        found[key] = _line(tx, household, one, effect)
        return found


def _line(tx: Tx, household: UUID, one: Owed, effect: ConsequenceEffect) -> ConsequenceLine:
    return ConsequenceLine(
        service=tx.log, effect=effect, what=DUTY, zh=one.duty.zh, en=one.duty.en,
        on=max(one.period.start, tx.today) if effect is ConsequenceEffect.STARTS else tx.today, household_id=household,
        details=details(duty_set=one.edition.terms.duty_set, last=one.period.end, obliged=one.obligation.obliged),
    )  # fmt: skip
