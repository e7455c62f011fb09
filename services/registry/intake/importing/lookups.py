"""What the register holds about the households of a workbook, a few dozen at a time: four queries and one vault call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID, uuid5

from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.log.store import Store
from services.chassis.log.unit import CommandRef, Tx
from services.chassis.security.identity import Actor
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID, Digests
from services.registry.households.domain import current_state, stream_of
from services.registry.households.state import Household, fold
from services.registry.intake.matching.disclosed import opened
from services.registry.intake.matching.import_decision import Found, Upload
from services.registry.intake.reading.drafts import HouseholdDraft
from services.registry.vault.seals import Seals


class Fate(IntEnum):
    """What became of a household; the value stands as the status in the record of its unit."""

    RECORDED = 201
    UPDATED = 200
    UNCHANGED = 204
    REFUSED = 409


@dataclass(frozen=True, slots=True)
class Batch:
    """One file that somebody brings in. ``command`` is ``None`` when it is only tried."""

    id: UUID
    actor: Actor
    upload: Upload
    command: CommandRef | None = None

    def own(self, draft: HouseholdDraft) -> UUID:
        """What the ids of this household, its new persons and its command are made from."""
        return uuid5(self.id, f"household {draft.national_no}")

    def command_of(self, draft: HouseholdDraft, command: CommandRef) -> CommandRef:
        """A household's own command: the same file under the same key repeats none that was carried out."""
        own = self.own(draft)
        return CommandRef(own, command.principal, f"{command.route}#household", str(own), command.digest)


@dataclass(slots=True)
class Looked:
    """By the draft's household number; ``holders`` by the member's row: who holds that ID number."""

    done: dict[str, Fate] = field(default_factory=dict)
    villages: set[str] = field(default_factory=set)
    found: dict[str, Found] = field(default_factory=dict)
    holders: dict[int, UUID] = field(default_factory=dict)
    household_nos: dict[str, Digests] = field(default_factory=dict)
    ids: dict[int, Digests] = field(default_factory=dict)


def look(store: Store, seals: Seals, drafts: Sequence[HouseholdDraft], batch: Batch) -> Looked:
    """Read what the drafts are about. Blocking; takes no lock and writes nothing."""
    looked = Looked()
    for draft in drafts:
        looked.household_nos[draft.national_no] = seals.digest.digests(HOUSEHOLD_NO, draft.national_no)
        for member in draft.members:
            if member.id_number is not None:
                looked.ids[member.row] = seals.digest.digests(RESIDENT_ID, member.id_number.plain)
    known: dict[str, tuple[Recorded, ...]] = {}
    homes: dict[str, UUID] = {}

    def read(tx: Tx) -> None:
        looked.done = _done(tx, drafts, batch)
        codes = {draft.division for draft in drafts}
        looked.villages = {code for code in codes if tx.load_many(map(division_stream, codes))[division_stream(code)]}
        held = tx.holders(RESIDENT_ID, _all(looked.ids.values()))
        looked.holders = {row: held[d] for row, digests in looked.ids.items() for d in digests if d in held}
        held = tx.holders(HOUSEHOLD_NO, _all(looked.household_nos.values()))
        homes.update({no: held[d] for no, digests in looked.household_nos.items() for d in digests if d in held})
        known.update(tx.load_many(map(stream_of, homes.values())))

    store.transact(read, appends=False)
    then = [
        fold(timeline(known[stream_of(homes[draft.national_no])], as_of=draft.surveyed.day))
        if draft.national_no in homes
        else Household()
        for draft in drafts
    ]
    for draft, state in zip(drafts, opened(seals.vault, then), strict=True):
        home = homes.get(draft.national_no)
        if home is None:
            looked.found[draft.national_no] = Found(batch.own(draft))
        else:
            facts = known[stream_of(home)]
            looked.found[draft.national_no] = Found(home, facts, state, current_state(facts))
    return looked


def _done(tx: Tx, drafts: Sequence[HouseholdDraft], batch: Batch) -> dict[str, Fate]:
    """Households that this very request brought in before it was cut off."""
    if batch.command is None:
        return {}
    keys = {batch.command_of(draft, batch.command).command_id: draft.national_no for draft in drafts}
    tx.cur.execute("SELECT command_id, status FROM commands WHERE command_id = ANY(%s)", (list(keys),))
    return {keys[key]: Fate(status) for key, status in tx.cur}


def _all(digests: Iterable[Digests]) -> list[tuple[int, bytes]]:
    return [digest for one in digests for digest in one]
