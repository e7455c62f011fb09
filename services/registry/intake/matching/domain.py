"""What a household of a workbook means for the register. Pure: the draft, what is known, who is who → facts or errors."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import Relation
from contracts.selection import timeline
from services.chassis.ground.refusals import Refused
from services.registry.households.domain import record
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.matching import differences
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Decided, Entry, Found, Upload, wrong
from services.registry.intake.matching.new_records import arrive, surveys, take_down
from services.registry.intake.matching.status_history import migrate
from services.registry.intake.reading.drafts import HouseholdDraft, RowError


def decide(
    draft: HouseholdDraft, found: Found, known: Mapping[int, UUID], new: Mapping[int, UUID], upload: Upload
) -> Decided:
    """``known`` and ``new``: member row → person on record on the day of the survey, or whom the register does not know
    yet. A household on record was so on that day."""
    decided = Decided(new_persons=dict(new))
    if not found.known:
        decided.entries += [*take_down(draft, found, new, upload), *surveys(draft, found, upload)]
    else:
        _again(decided, draft, found, known, upload)
    entries, errors = migrate(draft, found, decided.entries, upload)
    decided.entries += entries
    decided.errors += errors
    if not decided.errors and decided.entries:
        decided.errors += _illegal(found.known, decided.entries, upload.today)
    return decided


def _again(decided: Decided, draft: HouseholdDraft, found: Found, known: Mapping[int, UUID], upload: Upload) -> None:
    """A household on record: what differs, who is new, and what does not fit."""
    recorded_on = timeline(found.known)[0].fact.effective_on
    decided.entries += differences.household_again(draft, found, upload)
    decided.errors += differences.erased(draft, {row: found.then.members[p] for row, p in known.items()}, found)
    for member in draft.members:
        if member.row in known:
            person = known[member.row]
            before = found.then.members[person]
            decided.errors += differences.identity_errors(member, before)
            decided.warnings += differences.member_warnings(member, before)
            decided.entries += differences.member_again(draft, member, person, found, upload)
        elif member.relation is Relation.HEAD:
            decided.errors.append(wrong(rules.HEAD_DIFFERS, MEMBERS, member.row, "relation"))
        else:
            person = decided.new_persons[member.row]
            decided.entries.append(arrive(member, person, draft, recorded_on, found, upload))
    if not set(found.then.members) <= set(known.values()):
        decided.warnings.append(wrong(rules.MEMBER_MISSING, HOUSEHOLDS, draft.row))


def _illegal(known: Sequence[Recorded], entries: Sequence[Entry], today: date) -> list[RowError]:
    """The first entry that cannot follow, with the household's own rule; empty when every day stays legal."""
    facts = [entry.fact for entry in entries]
    try:
        record(known, facts, today)
    except Refused as as_a_whole:
        for number, entry in enumerate(entries, start=1):
            try:
                record(known, facts[:number], today)
            except Refused as refused:
                return [entry.refused(refused.rule)]
        return [entries[0].refused(as_a_whole.rule)]
    return []
