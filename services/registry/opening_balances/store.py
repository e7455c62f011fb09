"""Opening balances in the log: command handlers under the append lock."""

from collections.abc import Callable, Sequence

from contracts.facts import Fact
from contracts.registry.opening_balances import OpeningBalanceProposed
from contracts.registry.reconciliations import RegisterReconciled
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.registry.cases.monitoring_kinds import KIND, UNKNOWN_KIND, kinds_from
from services.registry.opening_balances import domain
from services.registry.opening_balances.rules import OTHER_COMPARISON
from services.registry.reconciliations.feed import OF_COMPARISON


def command_handler(
    county: str, decide: Callable[[domain.OpeningBalances, Tx], Sequence[Fact]]
) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        stream = domain.stream_of(county)
        tx.append(stream, *decide(domain.fold(tx.load(stream)), tx))
        return Reply(location=f"/registry/opening-balances/{county}")

    return work


def require_known(tx: Tx, documents: Documents, fact: OpeningBalanceProposed) -> None:
    """Raises ``Refused`` for a kind that no document in force on that day has, or for another comparison than one of this county as of
    that day."""
    if fact.monitoring:
        known: set[str] = set()
        for edition in documents.in_unit(tx).all_in_force(KIND, fact.effective_on, fact.county):
            known.update(kind.code for kind in edition.typed(kinds_from).kinds)
        if not {each.kind for each in fact.monitoring} <= known:
            raise Refused(UNKNOWN_KIND, kinds=sorted(known))
    if fact.reconciliation_id is not None:
        compared = [
            r.fact
            for r in tx.load(f"{OF_COMPARISON}{fact.reconciliation_id}")
            if isinstance(r.fact, RegisterReconciled)
        ]
        if not any(each.county == fact.county and each.effective_on == fact.effective_on for each in compared):
            raise Refused(OTHER_COMPARISON, opening_on=fact.effective_on)
