"""Plans the import of households: one unit of work each, all or nothing, under optimistic concurrency.

Lookup, decision and sealing happen before the append lock is taken. The unit only checks that the household has not
changed since; if it has, the unit is rolled back and the household is planned again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import cast
from uuid import UUID, uuid5

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.divisions import current_code
from contracts.registry.households import HouseholdRecorded
from services.casework.findings.entry_warnings import Noticing
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport
from services.casework.workbooks.importing.results import SubjectOutcome, SubjectResult
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import DataKey, KeyDestroyed, seal, subjects_of
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.divisions.rules import require_exists
from services.registry.findings.accounts.notice import RULE, AccountNotice
from services.registry.households.claims import DUPLICATE_HOUSEHOLD_NO, Digests, claim_resident_ids, required_claims
from services.registry.households.domain import record, stream_of, with_appended
from services.registry.households.lineage import with_ancestors
from services.registry.households.recordings import record_handler
from services.registry.households.rules import NOT_YET_RECORDED
from services.registry.households.store import command_handler, relatives_in
from services.registry.households.villages import UNKNOWN_VILLAGE
from services.registry.intake.history.domain import county_of
from services.registry.intake.history.store import require_open
from services.registry.intake.importing.lookups import HOUSEHOLD, LookupResult, look_up
from services.registry.intake.layout import HISTORY, HOUSEHOLDS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.domain import decide
from services.registry.intake.matching.import_decision import ImportDecision, RegisterState
from services.registry.intake.matching.person_matching import match_persons
from services.registry.intake.reading.drafts import HouseholdDraft


class ImportPlanner:
    """Decides drafts against the register. Blocking."""

    def __init__(self, store: Store, sealer: Sealer, noticing: Callable[[], Noticing], accounts: AccountNotice) -> None:
        """``noticing``: what is implausible about a household that was not before, as check rules are now; ``accounts``: whose
        account is another's, too."""
        self._store, self._sealer, self._noticing, self._accounts = store, sealer, noticing, accounts

    def plan(self, drafts: Sequence[HouseholdDraft], batch: Batch) -> list[PlannedImport[HouseholdDraft]]:
        """Decide each draft on what the register holds now. Creates the data keys for what will be sealed and writes
        nothing else; a dry run writes nothing at all."""
        lookup = look_up(self._store, self._sealer, drafts, batch)
        planned = [
            PlannedImport(SubjectResult(d, lookup.completed[d.national_no]))
            for d in drafts
            if d.national_no in lookup.completed
        ]
        noticed, open_ = self._noticing(), [d for d in drafts if d.national_no not in lookup.completed]
        decisions = [(d, self._decide(d, lookup, batch, noticed)) for d in open_]
        self._notice_accounts(decisions, lookup, batch)
        keys = self._keys(decision for _, decision in decisions) if batch.command is not None else {}
        for draft, decision in decisions:
            unit = self._unit(draft, decision, lookup, batch, keys)  # adds an error where a key was destroyed
            planned.append(PlannedImport(_result(draft, lookup.register[draft.national_no], decision), unit))
        return planned

    def _keys(self, decisions: Iterable[ImportDecision]) -> Mapping[UUID, DataKey]:
        """The keys of every subject that will be sealed for, in one call."""
        facts = (sourced.fact for decision in decisions if not decision.errors for sourced in decision.facts)
        subjects = {subject for fact in facts for subject in subjects_of(fact)}
        return self._sealer.keys_now(subjects) if subjects else {}

    def _decide(self, draft: HouseholdDraft, lookup: LookupResult, batch: Batch, noticed: Noticing) -> ImportDecision:
        register = lookup.register[draft.national_no]
        if (error := _placement_error(draft, register, lookup, batch)) is not None:
            return ImportDecision(errors=[error])
        holders = {m.row: lookup.id_holders[m.row] for m in draft.members if m.row in lookup.id_holders}
        key = lookup.keys[draft.national_no]
        matches = match_persons(draft, register, holders, lambda index: uuid5(key, f"member {index}"))
        if matches.errors:
            return ImportDecision(errors=matches.errors)
        decision = decide(draft, register, matches.existing, matches.new, batch.upload)
        decision.errors += _village_errors(draft, decision, lookup)
        if not decision.errors:
            decision.warnings += _implausible(draft, register, decision, batch.upload.today, noticed)
        return decision

    def _notice_accounts(
        self, decisions: Iterable[tuple[HouseholdDraft, ImportDecision]], lookup: LookupResult, batch: Batch
    ) -> None:
        told = [(draft, decision, draft.account.plain) for draft, decision in decisions if draft.account is not None]
        with self._store.reading() as conn:
            area = batch.actor.division
            holders = self._accounts.holders(conn, [account for *_, account in told], area)
            for draft, decision, account in told:
                household = lookup.register[draft.national_no].household_id
                if (why := self._accounts.said(conn, account, household, holders, area)) is not None:
                    error = RowError(HOUSEHOLDS, draft.row, "account", RULE, why.zh, why.en)
                    decision.warnings = [*decision.warnings, error]

    def _unit(
        self,
        draft: HouseholdDraft,
        decision: ImportDecision,
        lookup: LookupResult,
        batch: Batch,
        keys: Mapping[UUID, DataKey],
    ) -> Unit | None:
        if batch.command is None or decision.errors:
            return None
        register = lookup.register[draft.national_no]
        try:
            facts = [seal(sourced.fact, keys) for sourced in decision.facts]
        except KeyDestroyed:
            decision.errors.append(RowError.of(rules.ERASED, HOUSEHOLDS, draft.row))
            return None
        ids = {
            person: lookup.resident_ids.get(row, ())
            for row, person in {**decision.new_persons, **decision.new_numbers}.items()
        }
        if register.facts:
            handler = command_handler(register.household_id, batch.actor, _update_decision(facts, ids, batch.actor))
        else:
            first, *others = facts
            number = lookup.household_nos[draft.national_no]
            handler = record_handler(
                cast(HouseholdRecorded, first), batch.actor, ids, number, others, found_lawful=True
            )
        if any(sourced.sheet is HISTORY for sourced in decision.facts):
            digest, by = batch.upload.sha256, batch.upload.by
            handler = require_open(county_of(draft.division), digest, by, handler)
        outcome = _result(draft, register, decision).outcome
        return Unit(
            batch.command_for(HOUSEHOLD, draft.national_no, batch.command),
            _unless_changed(register, handler, outcome),
            (stream_of(register.household_id), division_stream(draft.division)),
            required_claims(ids, () if register.facts else lookup.household_nos[draft.national_no]),
            subjects=tuple(decision.new_persons.values()),
        )


def _update_decision(
    facts: Sequence[HouseholdFact], ids: Mapping[UUID, Digests], actor: Actor
) -> Callable[[tuple[Recorded, ...], Tx], list[Fact]]:
    def decide_update(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
        claim_resident_ids(tx, ids, actor.covers)
        return record(known, facts, tx.today, relatives_in(tx)) if facts else []

    return decide_update


def _unless_changed(
    register: RegisterState, handler: Callable[[Tx], Reply], outcome: SubjectOutcome
) -> Callable[[Tx], Reply]:
    """Handles the household's command. It was legal when it was planned: a refusal now means that something changed."""

    def work(tx: Tx) -> Reply:
        if len(tx.load(stream_of(register.household_id))) != len(register.facts):
            raise ConcurrentChange
        try:
            return Reply(int(outcome), handler(tx).location)
        except Refused as refusal:
            raise ConcurrentChange from refusal

    return work


def _placement_error(
    draft: HouseholdDraft, register: RegisterState, lookup: LookupResult, batch: Batch
) -> RowError | None:
    """An error where the village, or the day since which the household is on record, does not allow the import."""
    if draft.division not in lookup.villages:
        return RowError.of(UNKNOWN_VILLAGE, HOUSEHOLDS, draft.row, "division")
    if not batch.actor.covers(draft.division):
        return RowError.of(rules.OUTSIDE_AREA, HOUSEHOLDS, draft.row, "division")
    if not register.facts:
        return None
    if not batch.actor.covers(register.current.division):
        # It is on record outside the actor's area; where is not disclosed.
        return RowError.of(DUPLICATE_HOUSEHOLD_NO, HOUSEHOLDS, draft.row, "national_no")
    now_there = register.current.division == current_code(draft.division, register.current.successors)
    if not now_there and register.at_survey.division != draft.division:
        return RowError.of(rules.OTHER_VILLAGE, HOUSEHOLDS, draft.row, "division")
    return (
        RowError.of(NOT_YET_RECORDED, HOUSEHOLDS, draft.row, "surveyed_on")
        if register.at_survey.status is None
        else None
    )


def _village_errors(draft: HouseholdDraft, decision: ImportDecision, lookup: LookupResult) -> Iterable[RowError]:
    """The village of a new household exists on the day since which the household is recorded."""
    for fact in (sourced.fact for sourced in decision.facts):
        if isinstance(fact, HouseholdRecorded):
            try:
                require_exists(lookup.villages[draft.division], draft.division, fact.effective_on)
            except Refused as no:
                yield RowError.of(no.rule, HOUSEHOLDS, draft.row, "division")


def _implausible(
    draft: HouseholdDraft, register: RegisterState, decision: ImportDecision, today: date, noticed: Noticing
) -> Iterable[RowError]:
    before, household = register.facts, register.household_id
    after = with_appended(before, [sourced.fact for sourced in decision.facts], stream_of(household))
    then, now = (with_ancestors(facts, register.relatives) for facts in (before, after))
    for code, why in noticed(household, then, now, today):
        yield RowError(HOUSEHOLDS, draft.row, "", code, why.zh, why.en)


def _result(draft: HouseholdDraft, register: RegisterState, decision: ImportDecision) -> SubjectResult[HouseholdDraft]:
    if decision.errors:
        return SubjectResult(draft, SubjectOutcome.REFUSED, decision.errors, decision.warnings)
    if not register.facts:
        return SubjectResult(draft, SubjectOutcome.RECORDED, (), decision.warnings)
    return SubjectResult(
        draft, SubjectOutcome.UPDATED if decision.facts else SubjectOutcome.UNCHANGED, (), decision.warnings
    )
