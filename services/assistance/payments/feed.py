"""What the register's facts do to payments: a death that is reported, or entered, holds what is listed or pending for the person,
or is to go to them; a report that comes to nothing, and a death that was annulled, frees it. A death that is restored, or told again,
holds it again; what an official freed meanwhile stays free for anything else that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import FactsAnnulled
from services.assistance.payments import domain
from services.assistance.payments.deaths import DIED, UNDONE, restored, still_dead
from services.assistance.payments.domain_lines import fold
from services.assistance.payments.store import append, part_of
from services.casework.people.queries import persons_of
from services.chassis.log.unit import Tx

OPEN_LINES = (
    b"SELECT l.list_id, l.number FROM payment_lines l JOIN pay_lists p USING (list_id)"
    b" WHERE l.live AND (l.unit = %(person)s OR l.payee = %(person)s)"
    b" AND (p.stage <> 'instructed' OR p.pending_lines > 0) ORDER BY 1, 2"
)
HELD_FOR = b"SELECT list_id FROM pay_lists WHERE held <> '{}' ORDER BY list_id"


@dataclass
class DeathHold:
    """Behind the views of people and of ``reported_deaths``."""

    name = "payment_hold"
    types = frozenset(kind.type_name for kind in (*DIED, *UNDONE))
    appends = True

    def apply(self, tx: Tx, recorded: Sequence[Recorded]) -> None:
        for r in recorded:
            if isinstance(r.fact, DIED):
                self._hold(tx, r, r.fact.person_id)  # type: ignore[attr-defined]
            elif isinstance(r.fact, UNDONE):
                self._free(tx, r)
                self._hold_restored(tx, r)

    def _hold(self, tx: Tx, cause: Recorded, person: UUID) -> None:
        of_list: dict[UUID, list[int]] = {}
        for list_id, number in tx.cur.execute(OPEN_LINES, {"person": person}).fetchall():
            of_list.setdefault(list_id, []).append(number)
        for list_id, lines in of_list.items():
            pay_list = fold(tx.part(part_of(list_id)))
            assert pay_list is not None
            held = domain.hold(pay_list, _common(tx, cause, list_id), lines, person)
            if held is not None:
                append(tx, pay_list, [held])

    def _hold_restored(self, tx: Tx, cause: Recorded) -> None:
        """By annulling what had annulled a death."""
        if isinstance(cause.fact, FactsAnnulled):
            for person in restored(tx.cur, cause, cause.fact.household_id):
                self._hold(tx, cause, person)

    def _free(self, tx: Tx, cause: Recorded) -> None:
        held_for = tx.cur.execute(HELD_FOR).fetchall()
        if not held_for or not isinstance(cause.fact, HouseholdFact):
            return
        persons = persons_of(tx.cur, [cause.fact.household_id])
        alive = {*persons} - still_dead(tx.cur.connection, persons)
        for (list_id,) in held_for:
            pay_list = fold(tx.part(part_of(list_id)))
            assert pay_list is not None
            lines = [line for line, whose in sorted(pay_list.held.items()) if whose in alive]
            if lines:
                append(tx, pay_list, [domain.free(pay_list, _common(tx, cause, list_id), lines)])


def _common(tx: Tx, cause: Recorded, list_id: UUID) -> dict[str, Any]:
    return {
        "list_id": list_id, "effective_on": tx.today, "entered_by": SYSTEM_ACTOR, "caused_by": cause.id,
    }  # fmt: skip
