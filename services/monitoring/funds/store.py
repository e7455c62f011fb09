"""Funds in the log: command handlers, the claims of source documents and vouchers, and the view with its entries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from contracts.facts import PUBLISHED, Fact, Recorded
from contracts.monitoring.funds import (
    FundActsAnnulled,
    FundDeclared,
    FundFact,
    ProgrammePaymentDrawn,
    ProgrammePaymentRestored,
    QuotaReleased,
    QuotaReserved,
)
from contracts.selection import surviving, timeline
from services.casework.ledgers.domain import Book
from services.casework.ledgers.money import fen_of
from services.casework.ledgers.versions import versions_of_each
from services.casework.normalized_texts import normalized
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.monitoring.funds import rules
from services.monitoring.funds.accounting import account_of, accounting, entries_of
from services.monitoring.funds.domain import declare, require_fund, voucher_of
from services.monitoring.funds.draws import DOCUMENT_CLAIM, DRAWS, document_claim, require_commitments_kept, settle
from services.monitoring.funds.state import Fund, fold, fund_to_json
from services.monitoring.projects import domain as projects
from services.monitoring.projects.state import Project
from services.monitoring.projects.state import fold as fold_project
from services.monitoring.works import digest

TOLD_CLAIM, VOUCHER_CLAIM = "fund_source", "fund_voucher"
"""Kinds of claims: which fund a source's document is, and which fund a voucher moves."""

Decide = Callable[[Fund, Sequence[Recorded], Project | None, Tx], Sequence[Fact]]
"""A decision about one fund: as it stands, its facts, the project of the use that is named, the transaction."""


def stream_of(fund_id: UUID) -> str:
    return f"fund-{fund_id}"


def location_of(fund_id: UUID) -> str:
    return f"/monitoring/funds/{fund_id}"


def declare_handler(proposed: FundDeclared, actor: Actor, *, sum_confirmed: bool) -> Callable[[Tx], Reply]:
    """A source's numbered document is one fund, however often it is told; without a number, the same sum of one name and term."""

    def handle(tx: Tx) -> Reply:
        if not actor.covers(proposed.division):
            raise Refused(NOT_FOUND)
        facts = declare(proposed, tx.today, sum_confirmed=sum_confirmed)
        told = told_claim(proposed)
        if others := tx.holders(TOLD_CLAIM, told).values():
            raise Refused(rules.TOLD_ALREADY, fund_id=str(next(iter(others))))
        tx.claim(TOLD_CLAIM, told, proposed.fund_id)
        if proposed.document_no is not None:
            document = document_claim(proposed.division, proposed.document_no)
            # Two sources may give one document its numbers: payments draw on the fund that was told first.
            if not tx.holders(DOCUMENT_CLAIM, document):
                tx.claim(DOCUMENT_CLAIM, document, proposed.fund_id)
        tx.append(stream_of(proposed.fund_id), *facts)
        return Reply(location=location_of(proposed.fund_id))

    return handle


def command_handler(proposed: FundFact, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
    """A later act about a fund that is held in the actor's area."""

    def handle(tx: Tx) -> Reply:
        stream = stream_of(proposed.fund_id)
        of_fund = tx.load(stream)
        fund = require_fund(of_fund)
        if not actor.covers(fund.division):
            raise Refused(NOT_FOUND)
        project = _project_of(tx, proposed)
        if (number := voucher_of(proposed)) is not None:
            voucher = _voucher(fund.division, number)
            if tx.holders(VOUCHER_CLAIM, voucher):
                raise Refused(rules.VOUCHER_TWICE, voucher=number)
            tx.claim(VOUCHER_CLAIM, voucher, fund.fund_id)
        before = {r.id: r.fact for r in surviving(of_fund)}
        tx.append(stream, *decide(fund, of_fund, project, tx))
        after = {r.id: r.fact for r in surviving(tx.load(stream))}
        if isinstance(proposed, FundActsAnnulled):
            _settle_vouchers(tx, fund, before, after)
        settle(tx, fund.fund_id)
        if less := _taken_back(before, after):
            require_commitments_kept(tx, fund, less)
        if not any(isinstance(fact, FundDeclared) for fact in after.values()):
            _free_documents(tx, fund)
        return Reply(location=location_of(fund.fund_id))

    return handle


def told_claim(fund: FundDeclared | Fund) -> tuple[tuple[int, bytes], ...]:
    called = (
        (fund.document_no,)
        if fund.document_no is not None
        else (
            fund.title,
            str(fund.year),
            f"{fund.amount:f}",
            str(fund.due_on),
        )
    )
    return digest(normalized((fund.division, fund.source_label, *called)))


def _free_documents(tx: Tx, fund: Fund) -> None:
    """The fund was never promised, as one now knows: what it was told by may be told of another."""
    tx.release(TOLD_CLAIM, told_claim(fund))
    if fund.document_no is not None:
        document = document_claim(fund.division, fund.document_no)
        if fund.fund_id in tx.holders(DOCUMENT_CLAIM, document).values():
            tx.release(DOCUMENT_CLAIM, document)


def _taken_back(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> list[str]:
    """Programmes of whose quota an act takes something back."""
    less = [
        *(before[id_] for id_ in before.keys() - after.keys() if isinstance(before[id_], QuotaReserved)),
        *(after[id_] for id_ in after.keys() - before.keys() if isinstance(after[id_], QuotaReleased)),
    ]
    uses = (fact.use.programme for fact in less if isinstance(fact, QuotaReserved | QuotaReleased))
    return sorted({programme for programme in uses if programme is not None})


def _settle_vouchers(tx: Tx, fund: Fund, before: dict[str, Fact], after: dict[str, Fact]) -> None:
    """Vouchers of what is void are free; of what stands again they are held, unless another has them now."""
    for id_ in before.keys() - after.keys():
        if (number := voucher_of(before[id_])) is not None:
            tx.release(VOUCHER_CLAIM, _voucher(fund.division, number))
    for id_ in after.keys() - before.keys():
        if (number := voucher_of(after[id_])) is not None:
            voucher = _voucher(fund.division, number)
            if tx.holders(VOUCHER_CLAIM, voucher):
                raise Refused(rules.VOUCHER_TWICE, voucher=number)
            tx.claim(VOUCHER_CLAIM, voucher, fund.fund_id)


def _voucher(division: str, number: str) -> tuple[tuple[int, bytes], ...]:
    """A county's treasury numbers its vouchers."""
    return digest(normalized((division[:6], number)))


def _project_of(tx: Tx, proposed: FundFact) -> Project | None:
    use = getattr(proposed, "use", None)
    if use is None or use.project_id is None:
        return None
    return fold_project(timeline(tx.load(projects.stream_of(use.project_id))))


FUNDS = Table(
    "funds", "fund_id", ("fund_id", "division", "source", "year", "raised_by", "due_on", "fund_json", "balances")
)
ENTRIES = Table(
    "fund_entries", "fund_id",
    ("fund_id", "division", "account", "use", "on_day", "fen", "cause", "known_from", "known_until"),
)  # fmt: skip

FUND_DRAWS = Table("fund_draws", "fund_id", ("fund_id", "list_id", "cause", "fen"))


def view() -> View[UUID]:
    """Keeps ``funds``, ``fund_entries`` and ``fund_draws``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, FundFact))
    return view_of_streams("funds", (FUNDS, ENTRIES, FUND_DRAWS), types, "fund-", UUID, _rows)


def _rows(fund_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    """Of a fund that was never promised, as one now knows, the entries stay as they were known."""
    counting, declared = timeline(facts), next((r.fact for r in facts if isinstance(r.fact, FundDeclared)), None)
    if declared is None:
        return (), (), ()
    entries = [
        (
            fund_id, declared.division, *account_of(posting.account), version.entry.on, posting.fen, version.entry.cause,
            version.known_from, version.known_until,
        )
        for version in versions_of_each(facts, entries_of)
        for posting in version.entry.postings
    ]  # fmt: skip
    fund = fold(counting)
    if fund is None:
        return (), entries, ()
    balances = msgspec.json.encode(Book(tuple(accounting(counting))).balances()).decode()
    row = (
        fund_id, fund.division, fund.source, fund.year, fund.raised_by, fund.due_on, fund_to_json(fund), balances
    )  # fmt: skip
    draws = [
        (fund_id, r.fact.list_id, r.fact.caused_by, _signed(r.fact)) for r in counting if isinstance(r.fact, DRAWS)
    ]
    return [row], entries, draws


def _signed(draw: ProgrammePaymentDrawn | ProgrammePaymentRestored) -> int:
    return fen_of(draw.amount) * (1 if isinstance(draw, ProgrammePaymentDrawn) else -1)
