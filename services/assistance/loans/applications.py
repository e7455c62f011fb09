"""A loan as the standing that procedures change: what is applied for is checked as of its day, and what an approved case brings
about is that the lender may contract. The subject is the person who signs; the case's id becomes the loan's."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec

from contracts.assistance.loans import LoanApplied, LoanApproved, LoanConsequencesAnnulled, LoanUse
from contracts.facts import DecidedFrom, Recorded
from contracts.selection import surviving
from services.assistance.loans import rules
from services.assistance.loans.borrowers import known_loans, loans_open, person_as_of, product_in_force
from services.assistance.loans.domain import stream_of
from services.assistance.loans.eligibility import LoanReason, Wish, require_lendable
from services.assistance.loans.products import LoanProduct
from services.assistance.reconciliation import annulment_fields, decided
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.queries import current_division, facts_about_persons
from services.casework.people.state import PersonState
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import read_terms
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.content import DocumentError
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

LOAN = "loan"
"""The standing, as procedure documents name it."""
BORROWER = "borrower"


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for. ``amount``: yuan, as decimal text; ``months``: of the term."""

    product: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    use: LoanUse
    amount: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,8}(\.[0-9]{1,2})?\Z")]
    months: Annotated[int, msgspec.Meta(ge=1, le=360)]


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that could approve no loan."""
    if procedure.effect.fact != LoanApproved.type_name or procedure.effect.terms:
        raise DocumentError(
            (),
            "贷款按申请批准，不能另设条件；请删去条件",
            "a loan is approved as it was applied for, and on no other terms",
        )
    if procedure.statuses != (BORROWER,):
        raise DocumentError(
            (),
            "登记在册的户都可以申请，能否放贷由产品规定；请改为不限",
            "whoever lives in the register may apply; whether a loan is lent is the product's to say",
        )


class LoanMatter:
    """Implements ``Matter``."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return ()

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        facts = facts_about_persons(tx.cur, [subject])[subject]
        area = current_division(tx.cur, subject)
        if area is None:
            raise Refused(NOT_FOUND)
        tx.after(max(r.recorded_at for r in facts))
        hands = frozenset(r.fact.entered_by for r in facts if getattr(r.fact, "case_id", None) is None)
        household = person_on(facts, subject, as_of=on).household_id
        return Subject(id=subject, household_id=household, area=area, hands=hands, standing=BORROWER)

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        wish, lookup = read_terms(Terms, terms), self._documents.in_unit(tx)
        person, _ = self._lendable(tx, case, wish, case.opened_on, lookup)
        (by,) = {account for account, _ in case.entries}
        applied = LoanApplied(**_of(case, person, wish, case.opened_on), entered_by=by)
        tx.append(stream_of(applied.household_id), decided(tx, applied, basis, lookup))

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        """Judged again on the day of the decision."""
        assert case.decision is not None
        lookup, day = self._documents.in_unit(tx), case.decision.decided_on
        applied = _applied(tx, case)
        wish = Terms(product=applied.product, use=applied.use, amount=str(applied.amount), months=applied.months)
        person, _ = self._lendable(tx, case, wish, day, lookup)
        approved = LoanApproved(
            **_of(case, person, wish, day), entered_by=actor.subject, decision=case.decision, caused_by=caused_by
        )
        tx.append(stream_of(approved.household_id), decided(tx, approved, basis, lookup))

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        return any(isinstance(r.fact, LoanApproved) for r in _of_case(tx, case))

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        void = [r for r in _of_case(tx, case) if isinstance(r.fact, LoanApproved)]
        first = void[0].fact
        assert isinstance(first, LoanApproved)
        fields = annulment_fields(void, actor.subject, caused_by)
        tx.append(stream_of(first.household_id), LoanConsequencesAnnulled(**fields))

    def _lendable(
        self, tx: Tx, case: CaseState, wish: Terms, day: date, lookup: Lookup
    ) -> tuple[PersonState, LoanProduct]:
        person = person_as_of(tx, case.subject, day)
        if person.household_id is None or person.division is None:
            raise Refused(rules.NOT_ELIGIBLE, reasons=[str(LoanReason.NO_HOUSEHOLD)])
        product = product_in_force(lookup, wish.product, day, person.division)
        if product is None or product.applied_for_by != case.procedure:
            raise Refused(rules.PRODUCT_NOT_IN_FORCE, product=wish.product, on=day)
        told = tx.load(stream_of(person.household_id))
        asked = Wish(wish.product, wish.use, Decimal(wish.amount), wish.months)
        require_lendable(product, asked, person, day, loans_open(told, day, tx.today, tx.today), known_loans(told))
        return person, product


def _of(case: CaseState, person: PersonState, wish: Terms, day: date) -> dict[str, Any]:
    return {
        "loan_id": case.case_id, "household_id": person.household_id, "person_id": case.subject, "effective_on": day,
        "division": person.division, "product": wish.product, "use": wish.use, "amount": Decimal(wish.amount),
        "months": wish.months,
    }  # fmt: skip


def _of_case(tx: Tx, case: CaseState) -> Sequence[Recorded]:
    """Standing facts about the case's loan, under whatever household the borrower applied."""
    facts = facts_about_persons(tx.cur, [case.subject])[case.subject]
    households = dict.fromkeys(
        household for r in facts if (household := getattr(r.fact, "household_id", None)) is not None
    )
    return [
        r for household in households for r in surviving(tx.load(stream_of(household)))
        if getattr(r.fact, "loan_id", None) == case.case_id
    ]  # fmt: skip


def _applied(tx: Tx, case: CaseState) -> LoanApplied:
    return next(r.fact for r in _of_case(tx, case) if isinstance(r.fact, LoanApplied))
