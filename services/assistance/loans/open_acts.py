"""Which acts are open about a loan: those that its product and what was entered of it allow now. What was forgotten is told late, so
nothing is closed because a day is over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from contracts.assistance import loans as facts
from contracts.civil import civil_day
from services.assistance.loans.account import Account
from services.assistance.loans.borrowers import edition_of, office_of
from services.assistance.loans.products import LoanProduct
from services.assistance.loans.queries import LoanQueries
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import fen_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in


def acts_of_loans(store: Store, documents: Documents) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    queries = LoanQueries(store, documents)

    def of_loan(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        loan_id = id_in(ids, "loan_id")
        account, today = Account(queries.facts(loan_id)), civil_day(store.now())
        contract = account.contract
        if contract is None or not actor.covers(office_of(account)):
            raise Refused(NOT_FOUND)
        product = edition_of(documents.current(), contract, contract.effective_on)
        closed = set(_closed(account, contract, product, today))
        if queries.subsidy_overpaid(loan_id, today) <= 0:
            closed.add("return_loan_subsidy")
        return [each for each in there if each.act not in closed]

    return {"/loans/{loan_id}": of_loan}


def _closed(
    account: Account, contract: facts.LoanContracted, product: LoanProduct | None, today: date
) -> Iterable[str]:
    compensated = bool(account.of(facts.LoanCompensated))
    extension = None if product is None else product.extension
    is_open = {
        "extend_loan": extension is not None and len(account.of(facts.LoanExtended)) < extension.times,
        "compensate_loan": product is not None and product.losses is not None and not compensated,
        "recover_loan": compensated,
        "pay_loan_dividend": contract.use is facts.LoanUse.INVESTED_FOR_DIVIDEND,
        "pay_loan_subsidy": product is not None and product.subsidy is not None,
        "decide_loan_review": any(each.decided is None for each in account.reviews.values()),
    }
    course = account.at_last(today)
    is_open["disburse_loan"] = course is None or course.disbursed < fen_of(contract.principal)
    return [act for act, is_so in is_open.items() if not is_so]
