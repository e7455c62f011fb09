"""The reconciliation of what follows for loans with the register."""

from uuid import UUID

from contracts.assistance.loans import LoanConsequencesAnnulled, LoanContracted
from services.assistance.loans.account import Account
from services.assistance.loans.borrowers import About, accounts_of, product_in_force
from services.assistance.loans.derived_facts import DERIVED_FACTS, Debt, derive_facts
from services.assistance.loans.domain import stream_of
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.chassis.log.unit import Tx


def reconcile_loans(tx: Tx, borrower: UUID, about: About, lookup: Lookup) -> None:
    """Bring what follows for the borrower's loans in line with the register's facts, in the borrower's stream."""
    debts = [_debt(account, about, lookup) for account in accounts_of(tx.load(stream_of(borrower)))]
    desired = [fact for debt in debts if debt is not None for fact in derive_facts(debt)]
    facts = {r.id: r for known in about.values() for r in known}
    if facts:
        reconcile(tx, stream_of(borrower), DERIVED_FACTS, desired, list(facts.values()), lookup, _annulled)


def _debt(account: Account, about: About, lookup: Lookup) -> Debt | None:
    """An organisation's loan follows nobody."""
    contracted = account.contracted
    assert contracted is not None
    assert isinstance(contracted.fact, LoanContracted)
    contract = contracted.fact
    if contract.person_id is None:
        return None
    product = product_in_force(lookup, contract.product, contract.effective_on, contract.division)
    return Debt(account, contracted, product, about[contract.person_id])


def _annulled(void: Annulment) -> LoanConsequencesAnnulled:
    return LoanConsequencesAnnulled(**void.fields())
