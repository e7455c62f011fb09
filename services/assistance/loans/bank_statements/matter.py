"""What the rows of a bank statement mean: a contract with all of its lines is one unit of work, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from contracts.assistance.loans import BankStatementImported
from contracts.facts import Fact
from services.assistance.loans.account import Account
from services.assistance.loans.bank_statements import rules
from services.assistance.loans.bank_statements.layout import CODES, LINES, STATEMENT
from services.assistance.loans.bank_statements.lines import StatementLine, StatementOfLoan, check, entered, line_of
from services.assistance.loans.borrowers import about_debtors, accounts_of, office_of, recorded_after
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.domain import stream_of
from services.assistance.loans.following import reconcile_loans
from services.assistance.loans.store import CONTRACT_NO, LoanCommands, contract_number
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport, carried_out
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.layout import KIND, layout_from
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor

CONTRACT = "contract"
"""What a subject of a batch is, in the ids derived from it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """``borrower``: whose stream the facts go to."""

    outcome: SubjectOutcome
    borrower: UUID | None = None
    facts: Sequence[Fact] = ()
    errors: Sequence[RowError] = ()


class StatementRows:
    """The ``RowMatter`` of the statement. Blocking."""

    def __init__(self, store: Store, documents: Documents, commands: LoanCommands) -> None:
        self._store, self._documents, self._commands = store, documents, commands

    def form(self, today: date, area: str) -> Form:
        try:
            layout = self._documents.current().in_force(KIND, STATEMENT, today, area or None).typed(layout_from)
        except (NotInForce, UnknownName):
            raise Refused(rules.NO_LAYOUT, on=today.isoformat()) from None
        return Form(layout, CODES, PARSERS)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[StatementOfLoan]:
        rows, of_contract = form.rows[LINES], dict[tuple[str, str], list[StatementLine]]()
        refused = set[tuple[str, str]]()
        for row in rows:
            check(row)
            contract = (row.get("lender", str) or f"row {row.number}", row.get("contract_no", str) or "")
            lines = of_contract.setdefault(contract, [])
            if row.errors:
                refused.add(contract)
            else:
                lines.append(line_of(row))
        return Subjects(
            [StatementOfLoan(*key, tuple(lines)) for key, lines in of_contract.items() if key not in refused],
            errors=[error for row in rows for error in row.errors],
            warnings=[warning for row in rows for warning in row.warnings],
            seen=len(of_contract),
            rows_seen=len(rows),
        )

    def plan(self, drafts: Sequence[StatementOfLoan], batch: Batch) -> Sequence[PlannedImport[StatementOfLoan]]:
        def read(tx: Tx) -> list[tuple[StatementOfLoan, Decided]]:
            done = carried_out(tx, batch, CONTRACT, list(map(_number, drafts)))
            numbers = {claim for draft in drafts for claim in contract_number(draft.lender, draft.contract_no)}
            tx.load_many(map(stream_of, tx.holders(CONTRACT_NO, list(numbers)).values()))
            return [
                (draft, Decided(done[_number(draft)]) if _number(draft) in done else self._decide(tx, draft, batch))
                for draft in drafts
            ]

        return [self._planned(draft, decided, batch) for draft, decided in self._store.on_snapshot(read)]

    def _decide(self, tx: Tx, draft: StatementOfLoan, batch: Batch, *, append: bool = False) -> Decided:
        number = contract_number(draft.lender, draft.contract_no)
        borrower = next(iter(tx.holders(CONTRACT_NO, number).values()), None)
        told = () if borrower is None else tx.load(stream_of(borrower))
        account = next((a for a in accounts_of(told) if a.contract and _is(a, number)), None)
        if borrower is None or account is None or not batch.actor.covers(office_of(account)):
            unknown = [RowError.of(rules.UNKNOWN_CONTRACT, LINES, line.row, "contract_no") for line in draft.lines]
            return Decided(SubjectOutcome.REFUSED, errors=unknown)
        about, lookup = about_debtors(tx.cur, told), self._documents.in_unit(tx)
        context_of = partial(self._context, tx, lookup, batch)
        facts, errors, before = entered(account, draft.lines, context_of)
        if errors:
            return Decided(SubjectOutcome.REFUSED, errors=errors)
        if append and facts:
            recorded_after(tx, about)
            tx.append(stream_of(borrower), *facts)
            reconcile_loans(tx, borrower, about, lookup)
        new = SubjectOutcome.UPDATED if before else SubjectOutcome.RECORDED
        return Decided(new if facts else SubjectOutcome.UNCHANGED, borrower, facts)

    def _context(self, tx: Tx, lookup: Lookup, batch: Batch, account: Account, line: StatementLine) -> DecisionContext:
        contract = account.contract
        assert contract is not None
        command = line.command(contract, batch.upload.by, batch.upload.evidence)
        return self._commands.context(tx, lookup, command, account)

    def _planned(self, draft: StatementOfLoan, decided: Decided, batch: Batch) -> PlannedImport[StatementOfLoan]:
        result = SubjectResult(draft, decided.outcome, decided.errors)
        if decided.borrower is None or batch.command is None:
            return PlannedImport(result)

        def work(tx: Tx) -> Reply:
            again = self._decide(tx, draft, batch, append=True)
            if again.errors:
                raise ConcurrentChange
            return Reply(int(again.outcome))

        command = batch.command_for(CONTRACT, _number(draft), batch.command)
        return PlannedImport(result, Unit(command, work, (stream_of(decided.borrower),)))

    def overtaken(self, draft: StatementOfLoan) -> RowError:
        return RowError.of(rules.OVERTAKEN, LINES, draft.lines[0].row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[StatementOfLoan]) -> None:
        """As often as one likes: a statement names nobody, and only contracts of one's own area are answered."""

    def not_asked(self, subjects: Subjects[StatementOfLoan]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = BankStatementImported(
            effective_on=today, entered_by=batch.upload.by, evidence=(batch.upload.evidence,), batch_id=batch.id,
            division=batch.upload.area, subjects_seen=summary.subjects_seen, rows_seen=summary.rows_seen,
            recorded=summary.recorded, updated=summary.updated, unchanged=summary.unchanged, refused=summary.refused,
        )  # fmt: skip
        return f"bank_statement-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"/assistance/loan-statements/workbooks/{batch_id}"


def _number(draft: StatementOfLoan) -> str:
    return f"{draft.lender}\n{draft.contract_no}"


def _is(account: Account, number: tuple[tuple[int, bytes], ...]) -> bool:
    contract = account.contract
    return contract is not None and contract_number(contract.lender, contract.contract_no) == number
