"""Command handlers of loans. The stream is the borrower's: all of a household's loans, or of an organisation's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID, uuid5

from contracts.assistance.loans import LoanApproved
from contracts.facts import Recorded
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.loans import commands as c
from services.assistance.loans import rules
from services.assistance.loans.account import Account, of_loan
from services.assistance.loans.borrowers import (
    about_debtors,
    base_rate_of,
    edition_of,
    known_loans,
    loans_open,
    office_of,
    person_as_of,
    product_in_force,
    recorded_after,
    subsidy_terms_of,
)
from services.assistance.loans.contracting import ContractContext, contract
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.domain import decide, stream_of
from services.assistance.loans.eligibility import LoanReason, months_of
from services.assistance.loans.following import reconcile_loans
from services.assistance.loans.products import LoanProduct
from services.assistance.loans.subsidy_rules import overpaid
from services.assistance.messages import say
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import yuan_of
from services.casework.people.domain import household_on, person_on
from services.casework.people.queries import facts_about_households, facts_about_persons
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import CommandWarning, Reply
from services.chassis.log.needs import unkeyed
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range

ORGANISATIONS = UUID("3c7a2f6e-55d0-5b0e-9a51-6f7c0a8f1e42")
"""Namespace of the ids of organisations that borrow: of division and name."""
COUNTY_DIGITS = 6
LOST = (
    b"SELECT coalesce(sum(claims[told]), 0), coalesce(sum(balances[told]), 0)"
    b" FROM (SELECT claims, balances, width_bucket(%(day)s::date, days) AS told FROM loan_accounts WHERE known_until IS NULL"
    b" AND office_until IS NULL AND product = %(product)s AND division >= %(low)s AND division < %(high)s) AS on_the_day"
)
CONTRACT_NO = "loan_contract_no"
"""The claim of a borrower on a lender's number of a contract, free again once the contract is annulled."""
NUMBERS = UUID("8f0c4a52-1d0e-5a3b-9c8e-0b6a54e7c2d3")
InScope = Callable[[str], bool]


def borrower_of(command: c.Contract) -> UUID:
    return command.household_id or uuid5(ORGANISATIONS, f"{command.division}\n{command.organisation}")


class LoanCommands:
    """Handlers of the commands about loans."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def contract(self, command: c.Contract, in_scope: InScope) -> Callable[[Tx], Reply]:
        """The contract's division is where the borrower lives on its day."""

        def handle(tx: Tx) -> Reply:
            require_one_borrower(command)
            person, placed, about = None, command, dict[UUID, Sequence[Recorded]]()
            if command.person_id is not None:
                about = {**facts_about_persons(tx.cur, [command.person_id])}
                person = person_on(about[command.person_id], command.person_id, as_of=command.on)
                if person.household_id is None or person.household_id != command.household_id:
                    raise Refused(rules.NOT_ELIGIBLE, reasons=[str(LoanReason.NO_HOUSEHOLD)])
                placed = replace(command, division=person.division or command.division)
            if not in_scope(placed.division):
                raise Refused(NOT_FOUND)
            borrower, lookup = borrower_of(placed), self._documents.in_unit(tx)
            told = tx.load(stream_of(borrower))
            about = {**about_debtors(tx.cur, told), **about}
            recorded_after(tx, about)
            product = product_in_force(lookup, placed.product, placed.on, placed.division)
            require_approval(product, placed, told)
            context = ContractContext(
                placed, product, person, tx.today, loans_open(told, placed.on, placed.final_on, tx.today),
                known_loans(told), lost_share(tx, placed.product, placed.division, placed.on), drawn_in_on(tx, placed, in_scope),
                base_rate_of(lookup, product, placed.on, months_of(placed), placed.division),
            )  # fmt: skip
            signed = contract(context)
            if tx.holders(CONTRACT_NO, numbered := contract_number(placed.lender, placed.contract_no)):
                raise Refused(rules.CONTRACT_NO_USED)
            tx.claim(CONTRACT_NO, numbered, borrower)
            tx.append(stream_of(borrower), *signed)
            reconcile_loans(tx, borrower, about, lookup)
            return Reply(location=location(placed.loan_id))

        return handle

    def enter(self, borrower: UUID, command: c.Command, in_scope: InScope) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            lookup, told = self._documents.in_unit(tx), tx.load(stream_of(borrower))
            account, about = Account(of_loan(told, command.loan_id)), about_debtors(tx.cur, told)
            recorded_after(tx, about)
            contracted = account.contract
            if contracted is None or not in_scope(office_of(account)):
                raise Refused(NOT_FOUND)
            context = self.context(tx, lookup, command, account)
            tx.append(stream_of(borrower), *(new := decide(context)))
            warn_of_overpaid_subsidy(tx, context, replace(context, account=account.with_(*new)))
            if command.loan_id not in known_loans(tx.load(stream_of(borrower))):
                tx.release(CONTRACT_NO, contract_number(contracted.lender, contracted.contract_no))
            reconcile_loans(tx, borrower, about, lookup)
            return Reply(location=location(command.loan_id))

        return handle

    def context(self, tx: Tx, lookup: Lookup, command: c.Command, account: Account) -> DecisionContext:
        """What a decision on this account depends on. ``account``: has a contract."""
        contract, lost = account.contract, None
        assert contract is not None
        if isinstance(command, c.Disburse):
            lost = lost_share(tx, contract.product, office_of(account), command.on)
        edition, base = partial(edition_of, lookup, contract), None
        terms = partial(subsidy_terms_of, lookup, contract)
        if isinstance(command, c.CorrectRate):
            base = base_rate_of(
                lookup, edition(contract.effective_on), contract.effective_on, months_of(contract), contract.division
            )
        return DecisionContext(command, account, edition, terms, tx.today, lost, partial(person_as_of, tx), base)


def warn_of_overpaid_subsidy(tx: Tx, before: DecisionContext, after: DecisionContext) -> None:
    """Where what was entered restates the loan so that more subsidy was paid than is due, whoever enters it is told: the lender gives it
    back to the treasury."""
    more = overpaid(after, tx.today)
    if more > overpaid(before, tx.today):
        why, about = (
            say("loan_subsidy_overpaid", amount=str(yuan_of(more))),
            {"loan_id": str(after.command.loan_id), "amount": str(yuan_of(more))},
        )
        tx.warnings.append(CommandWarning.of(why.code, why, about))


def require_one_borrower(command: c.Contract) -> None:
    """Raises ``Refused``."""
    of_household = (command.household_id is not None, command.person_id is not None)
    if of_household != ((False, False) if command.organisation is not None else (True, True)):
        raise Refused(rules.NAME_THE_BORROWER)


def contract_number(lender: str, number: str) -> tuple[tuple[int, bytes], ...]:
    """Without regard to case and spaces: the same paper is typed by several hands."""
    return (unkeyed(uuid5(NUMBERS, "\n".join("".join(text.split()).casefold() for text in (lender, number)))),)


def drawn_in_on(tx: Tx, command: c.Contract, in_scope: InScope) -> dict[UUID, PovertyStatus]:
    """Of the households of the area that are named as drawn in, the status on the contract's day."""
    about = facts_about_households(tx.cur, command.drawn_in)
    found = {h: household_on(facts, h, as_of=command.on) for h, facts in about.items()}
    recorded_after(tx, about)
    return {h: each.status for h, each in found.items() if each is not None and in_scope(each.division)}


def location(loan_id: UUID) -> str:
    return f"/assistance/loans/{loan_id}"


def require_approval(product: LoanProduct | None, command: c.Contract, told: Sequence[Recorded]) -> None:
    """What is applied for by a procedure is contracted as it was approved, and once. Raises ``Refused``."""
    if product is None or product.applied_for_by is None:
        return
    approved = next(
        (r.fact for r in surviving(told) if isinstance(r.fact, LoanApproved) and r.fact.loan_id == command.case_id),
        None,
    )
    if approved is None or command.case_id in known_loans(told):
        raise Refused(rules.NOT_APPROVED, procedure=product.applied_for_by).advising(
            NextStep("open_case", Office((Role.CADRE,)), form={"procedure": product.applied_for_by})
        )
    if (
        (approved.person_id, approved.product, approved.use) != (command.person_id, command.product, command.use)
        or command.principal > approved.amount
        or command.on < approved.effective_on
        or months_of(command) > approved.months
    ):
        raise Refused(rules.NOT_AS_APPROVED, amount=approved.amount, months=approved.months, on=approved.effective_on)


def lost_share(tx: Tx, product: str, division: str, day: date) -> Fraction | None:
    """Compensated and not recovered of what is lent under a product in the county on a day, as the view has it now."""
    asked = {
        "product": product,
        "day": day,
        **dict(zip(("low", "high"), code_range(division[:COUNTY_DIGITS]), strict=True)),
    }
    row = tx.cur.execute(LOST, asked, prepare=True).fetchone()
    assert row is not None
    lost, lent = int(row[0]), int(row[1])
    return Fraction(lost, lost + lent) if lost + lent else None
