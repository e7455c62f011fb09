"""What follows for loans from the register's facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.facts import Recorded
from services.assistance.loans.borrowers import about_debtors
from services.assistance.loans.domain import stream_of
from services.assistance.loans.following import reconcile_loans
from services.casework.documents.reading import Documents
from services.casework.people.domain import FOLLOWED_TYPES
from services.casework.people.queries import households_affected_by, households_naming, persons_of
from services.chassis.log.unit import Tx


@dataclass
class LoanReaction:
    """Reconciles the loans of everybody who was ever named in a household concerned, whichever of their households borrowed."""

    documents: Documents

    name = "loan_reaction"
    types = FOLLOWED_TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        persons = persons_of(tx.cur, households_affected_by(tx.cur, facts))
        borrowers = {stream_of(household): household for household in households_naming(tx.cur, persons)}
        for stream, told in tx.load_many(borrowers).items():
            if told:
                about = about_debtors(tx.cur, told)
                reconcile_loans(tx, borrowers[stream], about, self.documents.in_unit(tx))
