"""What the register holds about the households of a chunk: one read transaction and one call to the vault."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contracts.facts import Recorded
from services.casework.workbooks.importing.matter import Batch
from services.casework.workbooks.importing.results import SubjectOutcome
from services.chassis.ground.refusals import Rule
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.sealer import Sealer
from services.registry.divisions.domain import Division
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.claims import (
    HOUSEHOLD_NO,
    Digests,
    claims_on_number,
    document_digests,
    holders_in_area,
)
from services.registry.households.domain import stream_of
from services.registry.households.lineage import relatives_among
from services.registry.households.rehydration import current_state, state_on
from services.registry.households.state import Household
from services.registry.households.store import relatives_in
from services.registry.households.transfers import division_in
from services.registry.intake.history.domain import BATCH_NOT_APPROVED, HISTORY_NOT_OPEN, county_of
from services.registry.intake.history.store import import_refusal
from services.registry.intake.importing.decryption import decrypted
from services.registry.intake.matching.import_decision import RegisterState
from services.registry.intake.reading.drafts import HouseholdDraft

HOUSEHOLD = "household"
"""What a subject of a batch is, in the ids derived from it."""


@dataclass(slots=True)
class LookupResult:
    """By household number of the draft; ``id_holders`` and ``resident_ids`` by row of the member. ``keys``: the batch's."""

    keys: dict[str, UUID]
    completed: dict[str, SubjectOutcome] = field(default_factory=dict)
    villages: dict[str, Division] = field(default_factory=dict)
    register: dict[str, RegisterState] = field(default_factory=dict)
    id_holders: dict[int, UUID] = field(default_factory=dict)
    household_nos: dict[str, Digests] = field(default_factory=dict)
    resident_ids: dict[int, Digests] = field(default_factory=dict)


def look_up(store: Store, sealer: Sealer, drafts: Sequence[HouseholdDraft], batch: Batch) -> LookupResult:
    """Read what the register holds about the drafts. Blocking; takes no lock and writes nothing."""
    result = LookupResult({draft.national_no: batch.key(HOUSEHOLD, draft.national_no) for draft in drafts})
    for draft in drafts:
        result.household_nos[draft.national_no] = sealer.digest.digests(HOUSEHOLD_NO, draft.national_no)
        for member in draft.members:
            if digests := document_digests(sealer.digest, member.document):
                result.resident_ids[member.row] = digests
    codes = {draft.division for draft in drafts}
    facts: dict[str, tuple[Recorded, ...]] = {}
    household_ids: dict[str, UUID] = {}
    related: dict[UUID, Sequence[Recorded]] = {}
    relatives = related.__getitem__
    refusals: dict[str, Rule | None] = {}

    def read(tx: Tx) -> None:
        result.completed = _completed(tx, result.keys, batch)
        result.villages = {code: found for code in codes if (found := division_in(tx, code)) is not None}
        result.id_holders = holders_in_area(tx, result.resident_ids, batch.actor.covers)
        held = tx.holders(HOUSEHOLD_NO, _flattened(result.household_nos.values()))
        household_ids.update(
            {no: held[d] for no, digests in result.household_nos.items() for d in digests if d in held}
        )
        upload = batch.upload
        for county in {county_of(draft.division) for draft in drafts if draft.history}:
            refusal = import_refusal(tx, county, upload.sha256, upload.by)
            # A file is tried out before it is approved.
            is_tried_out = batch.command is None and refusal is BATCH_NOT_APPROVED
            refusals[county] = None if is_tried_out else refusal
        facts.update(tx.load_many(map(stream_of, household_ids.values())))
        for known in tuple(facts.values()):
            related.update(relatives_among(known, relatives_in(tx)))

    asked = (
        *(claim for digests in result.resident_ids.values() for claim in claims_on_number(digests)),
        *((HOUSEHOLD_NO, *digest) for digests in result.household_nos.values() for digest in digests),
    )
    store.on_snapshot(read, *map(division_stream, codes), claims=asked)
    at_survey = [
        state_on(facts[stream_of(household_ids[draft.national_no])], relatives, as_of=draft.surveyed.first_day)
        if draft.national_no in household_ids
        else Household()
        for draft in drafts
    ]
    for draft, state in zip(drafts, decrypted(sealer.data_keys, at_survey), strict=True):
        household_id = household_ids.get(draft.national_no)
        refusal = refusals.get(county_of(draft.division), HISTORY_NOT_OPEN)
        if household_id is None:
            result.register[draft.national_no] = RegisterState(result.keys[draft.national_no], history_refusal=refusal)
        else:
            known = facts[stream_of(household_id)]
            result.register[draft.national_no] = RegisterState(
                household_id, known, state, current_state(known, relatives), relatives, refusal
            )
    return result


def _completed(tx: Tx, keys: Mapping[str, UUID], batch: Batch) -> dict[str, SubjectOutcome]:
    """Outcomes of households that an interrupted run of the same request carried out."""
    if batch.command is None:
        return {}
    numbers = {key: number for number, key in keys.items()}
    tx.cur.execute("SELECT command_id, status FROM commands WHERE command_id = ANY(%s)", (list(numbers),))
    return {numbers[key]: SubjectOutcome(status) for key, status in tx.cur}


def _flattened(digests: Iterable[Digests]) -> list[tuple[int, bytes]]:
    return [digest for group in digests for digest in group]
