"""When status history may be imported: opened by the county's decision and two persons, each file approved by another, closed
for good. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.divisions import DIGITS, Level
from contracts.registry.intake import HistoryBatchApproved, HistoryImportOpened, HistoryImportProposed
from contracts.roles import Role
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule, rule

SOURCE = "Lika access rules: migrated history is opened for a stated time; source facts §5: statuses are decided by the county"

HISTORY_NOT_OPEN = rule(
    "intake_history_not_open",
    zh="本县尚未开放历史贫困状态的导入：须由县里发文决定开放的起止日期，并由两人登记。",
    en="The county has not opened the import of status history: its decision states from when until when, and two persons"
    " enter it.",
    source=SOURCE,
)
HISTORY_CLOSED = rule(
    "intake_history_closed",
    zh="本县历史贫困状态的导入已按决定的期限永久关闭；此后的变更请走相应程序（识别、脱贫、返贫、剔除）。",
    en="The county's import of status history is closed for good, as its decision said; later changes go through their"
    " procedure (identification, exit, return, removal).",
    source=SOURCE,
)
HISTORY_OPENED_ONCE = rule(
    "intake_history_opened_once",
    zh="本县历史贫困状态的导入已经开放过，只能开放一次。",
    en="The county's import of status history was opened already; it is opened once.",
    source=SOURCE,
)
BATCH_NOT_APPROVED = rule(
    "intake_history_not_approved",
    zh="含历史贫困状态的文件须先由县里另一人审核同意（按文件的 SHA-256 摘要）再导入；文件改动后须重新审核。",
    en="A file with status history is approved by another person of the county first, by its SHA-256 digest; a changed file"
    " is approved anew.",
    source=SOURCE,
)
CLOSES_BEFORE_OPENING = rule(
    "intake_history_closes_before_opening",
    zh="截止日期不能早于开始日期，也不能早于今天。",
    en="The last day is neither before the first nor before today.",
    source=SOURCE,
)


@dataclass(frozen=True, slots=True)
class HistoryImport:
    """Of one county. ``approved``: digest of a file → accounts that approved it."""

    proposals: Mapping[UUID, HistoryImportProposed] = field(default_factory=dict)
    opened: HistoryImportOpened | None = None
    approved: Mapping[str, frozenset[str]] = field(default_factory=dict)


def stream_of(county: str) -> str:
    return f"history-import-{county}"


def county_of(division: str) -> str:
    return division[: DIGITS[Level.COUNTY]]


def fold(facts: Iterable[Recorded]) -> HistoryImport:
    state = HistoryImport()
    for recorded in facts:
        match recorded.fact:
            case HistoryImportProposed() as fact:
                state = replace(state, proposals={**state.proposals, fact.opening_id: fact})
            case HistoryImportOpened() as fact:
                state = replace(state, opened=fact)
            case HistoryBatchApproved(file_sha256=digest, entered_by=by):
                approvers = state.approved.get(digest, frozenset()) | {by}
                state = replace(state, approved={**state.approved, digest: approvers})
    return state


def closed(state: HistoryImport, today: date) -> Rule | None:
    """Why nothing may be imported today, whoever approved it."""
    if state.opened is None or today < state.opened.opens_on:
        return HISTORY_NOT_OPEN
    return HISTORY_CLOSED if today > state.opened.closes_on else None


def import_refusal(state: HistoryImport, today: date, digest: str, importer: Collection[str]) -> Rule | None:
    """Why this file may not be imported today by whoever has these accounts; ``None`` where it may."""
    approvers = state.approved.get(digest, frozenset())
    return closed(state, today) or (BATCH_NOT_APPROVED if approvers.issubset(importer) else None)


def propose(state: HistoryImport, fact: HistoryImportProposed, today: date) -> Sequence[HistoryImportProposed]:
    _require_never_opened(state, today)
    if fact.closes_on < max(fact.opens_on, today):
        raise Refused(CLOSES_BEFORE_OPENING)
    return (fact,)


def confirm(
    state: HistoryImport, opening_id: UUID, by: str, accounts: Collection[str], today: date
) -> Sequence[HistoryImportOpened]:
    """``accounts``: all those of whoever confirms."""
    _require_never_opened(state, today)
    proposal = state.proposals.get(opening_id)
    if proposal is None:
        raise Refused(NOT_FOUND)
    if proposal.entered_by in accounts:
        raise Refused(OWN_ENTRY).advising(
            NextStep("confirm_history_import", Office((Role.DECIDER,), (Level.COUNTY,), another_person=True))
        )
    return (
        HistoryImportOpened(
            opening_id=opening_id, county=proposal.county, opens_on=proposal.opens_on, closes_on=proposal.closes_on,
            proposed_by=proposal.entered_by, decision=proposal.decision, effective_on=today, entered_by=by,
        ),
    )  # fmt: skip


def approve(state: HistoryImport, fact: HistoryBatchApproved, today: date) -> Sequence[HistoryBatchApproved]:
    """Nothing where this account approved the file before."""
    refusal = closed(state, today)
    if refusal is not None and (state.opened is None or refusal is HISTORY_CLOSED):
        raise Refused(refusal)
    return () if fact.entered_by in state.approved.get(fact.file_sha256, ()) else (fact,)


def _require_never_opened(state: HistoryImport, today: date) -> None:
    if state.opened is not None:
        raise Refused(HISTORY_CLOSED if today > state.opened.closes_on else HISTORY_OPENED_ONCE)
