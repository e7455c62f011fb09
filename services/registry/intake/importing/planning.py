"""Households of a workbook on their way into the register: one unit of work each, all or nothing.

Looking up, deciding and sealing happen before the append lock is asked for. The unit then only makes sure that the
register still stands where it stood; if not, it leaves nothing behind and the household is decided anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid5

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import HouseholdRecorded
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Reply, Tx, Unit
from services.chassis.security.sealing import DataKey, KeyMissing, seal, subjects_of
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.claims import DUPLICATE_HOUSEHOLD_NO, Digests, claim_resident_ids, required_claims
from services.registry.households.domain import record, stream_of
from services.registry.households.rules import NOT_YET_RECORDED
from services.registry.households.store import UNKNOWN_VILLAGE, command_handler, record_handler
from services.registry.intake.importing.lookups import Batch, Fate, Looked, look
from services.registry.intake.layout import HOUSEHOLDS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.domain import decide
from services.registry.intake.matching.import_decision import Decided, Found, wrong
from services.registry.intake.matching.person_matching import match
from services.registry.intake.reading.drafts import HouseholdDraft, RowError
from services.registry.vault.seals import Seals


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a household, or will when its unit is through."""

    draft: HouseholdDraft
    fate: Fate
    errors: Sequence[RowError] = ()
    warnings: Sequence[RowError] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """``unit`` is ``None`` when there is nothing to carry out: refused, done before, or only tried."""

    settled: Settled
    unit: Unit | None = None


class Overtaken(Exception):
    """The register moved between looking and writing; the unit left nothing behind."""


class Register:
    """The register as the intake meets it. Blocking."""

    def __init__(self, store: Store, seals: Seals) -> None:
        self._store, self._seals = store, seals

    def prepare(self, drafts: Sequence[HouseholdDraft], batch: Batch) -> list[Prepared]:
        """Decide each draft on what the register holds now. Makes keys for what will be sealed and writes nothing
        else; a batch that is only tried writes nothing at all."""
        looked = look(self._store, self._seals, drafts, batch)
        prepared = [Prepared(Settled(d, looked.done[d.national_no])) for d in drafts if d.national_no in looked.done]
        decisions = [(d, self._decide(d, looked, batch)) for d in drafts if d.national_no not in looked.done]
        keys = self._keys(decided for _, decided in decisions) if batch.command is not None else {}
        for draft, decided in decisions:
            unit = self._unit(draft, decided, looked, batch, keys)  # adds an error where a key was destroyed
            prepared.append(Prepared(_settled(draft, looked.found[draft.national_no], decided), unit))
        return prepared

    def _keys(self, decisions: Iterable[Decided]) -> Mapping[UUID, DataKey]:
        """For everything that will be sealed, in one call."""
        entries = (entry for decided in decisions if not decided.errors for entry in decided.entries)
        subjects = {subject for entry in entries for subject in subjects_of(entry.fact)}
        return self._seals.vault.keys_for(subjects) if subjects else {}

    def _decide(self, draft: HouseholdDraft, looked: Looked, batch: Batch) -> Decided:
        found = looked.found[draft.national_no]
        if (error := _misplaced(draft, found, looked, batch)) is not None:
            return Decided(errors=[error])
        holders = {m.row: looked.holders[m.row] for m in draft.members if m.row in looked.holders}
        matched = match(draft, found, holders, lambda place: uuid5(batch.own(draft), f"member {place}"))
        if matched.errors:
            return Decided(errors=matched.errors)
        return decide(draft, found, matched.known, matched.new, batch.upload)

    def _unit(
        self, draft: HouseholdDraft, decided: Decided, looked: Looked, batch: Batch, keys: Mapping[UUID, DataKey]
    ) -> Unit | None:
        if batch.command is None or decided.errors:
            return None
        found = looked.found[draft.national_no]
        try:
            facts = [seal(entry.fact, keys) for entry in decided.entries]
        except KeyMissing:
            decided.errors.append(wrong(rules.ERASED, HOUSEHOLDS, draft.row))
            return None
        ids = {person: looked.ids[row] for row, person in decided.new_persons.items()}
        if found.known:
            carry_out = command_handler(found.household_id, batch.actor, _recording_again(facts, ids))
        else:
            first, *others = facts
            number = looked.household_nos[draft.national_no]
            carry_out = record_handler(cast(HouseholdRecorded, first), batch.actor, ids, number, others)
        fate = _settled(draft, found, decided).fate
        return Unit(
            batch.command_of(draft, batch.command),
            _unless_overtaken(found, carry_out, fate),
            (stream_of(found.household_id), division_stream(draft.division)),
            ()
            if found.known
            else required_claims(decided.new_persons.values(), ids, looked.household_nos[draft.national_no]),
        )


def _recording_again(
    facts: Sequence[HouseholdFact], ids: Mapping[UUID, Digests]
) -> Callable[[tuple[Recorded, ...], Tx], list[Fact]]:
    def decide_again(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
        claim_resident_ids(tx, ids)
        return record(known, facts, tx.today) if facts else []

    return decide_again


def _unless_overtaken(found: Found, carry_out: Callable[[Tx], Reply], fate: Fate) -> Callable[[Tx], Reply]:
    """The household's unit. All was in order when it was decided: whatever is refused now has changed since."""

    def work(tx: Tx) -> Reply:
        if len(tx.load(stream_of(found.household_id))) != len(found.known):
            raise Overtaken
        try:
            return Reply(int(fate), carry_out(tx).location)
        except Refused as no:
            raise Overtaken from no

    return work


def _misplaced(draft: HouseholdDraft, found: Found, looked: Looked, batch: Batch) -> RowError | None:
    """Where the household lives and since when, and whether that is any business of the importer's."""
    if draft.division not in looked.villages:
        return wrong(UNKNOWN_VILLAGE, HOUSEHOLDS, draft.row, "division")
    if not batch.actor.covers(draft.division):
        return wrong(rules.OUTSIDE_AREA, HOUSEHOLDS, draft.row, "division")
    if not found.known:
        return None
    if not batch.actor.covers(found.present.division):
        # Somewhere else; where is not theirs to know.
        return wrong(DUPLICATE_HOUSEHOLD_NO, HOUSEHOLDS, draft.row, "national_no")
    if found.present.division != draft.division:
        return wrong(rules.OTHER_VILLAGE, HOUSEHOLDS, draft.row, "division")
    return wrong(NOT_YET_RECORDED, HOUSEHOLDS, draft.row, "surveyed_on") if found.then.status is None else None


def _settled(draft: HouseholdDraft, found: Found, decided: Decided) -> Settled:
    if decided.errors:
        return Settled(draft, Fate.REFUSED, decided.errors, decided.warnings)
    if not found.known:
        return Settled(draft, Fate.RECORDED, (), decided.warnings)
    return Settled(draft, Fate.UPDATED if decided.entries else Fate.UNCHANGED, (), decided.warnings)
