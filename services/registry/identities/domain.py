"""What a correction of an identity, or a later document, records: in every household that had the person since. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Precision, Recorded
from contracts.registry.households import HouseholdFormed
from contracts.registry.identities import IdentityCorrectionApplied, PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import Member
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.periods import Period, Periods
from services.registry.households.changed_fields import DOCUMENT_FIELDS
from services.registry.households.rules import NO_SUCH_MEMBER

CORRECTS_NOTHING = rule(
    "identity_unchanged",
    zh="所填与登记簿一致，没有需要更正的内容，请核对。",
    en="What is given is what the register says already: see what is to be corrected.",
    source="docs/decisions/0037-identities-are-corrected-by-a-procedure.md",
)
DOCUMENT_STANDS = rule(
    "document_stands",
    zh="此人当日已登记有证件号码；号码有误或已更换的，请办理“身份信息更正”。",
    en="A number of that person is on record on that day already; where it is wrong, or was replaced, have"
    " the identity corrected.",
    source="docs/decisions/0037-identities-are-corrected-by-a-procedure.md",
)
Streams = Mapping[UUID, Sequence[Recorded]]
"""Household → everything recorded about it."""


def days_by_household(person: UUID, periods: Periods, streams: Streams, since: date | None) -> dict[UUID, list[date]]:
    """From which days on each household has to be told, so that every day since has the person as they are. One that was formed
    with the person by a split learns it from its parent. Raises ``Refused`` for somebody who was nowhere since."""
    days: dict[UUID, list[date]] = {}
    for household, of in periods.items():
        for period in _lived(of):
            first = period.first if since is None else max(period.first, since)
            if first < period.end and not (
                first == period.first and _came_by_split(person, streams[household], first, since)
            ):
                days.setdefault(household, []).append(first)
    if not days:
        raise Refused(NO_SUCH_MEMBER)
    return days


def _lived(periods: Iterable[Period]) -> list[Period]:
    return [period for period in periods if not period.final]


def _came_by_split(person: UUID, facts: Sequence[Recorded], first: date, since: date | None) -> bool:
    """Whether the parent had the person just before, and is told."""
    formed = any(
        isinstance(r.fact, HouseholdFormed) and person in r.fact.person_ids and r.fact.effective_on == first
        for r in surviving(facts)
    )
    return formed and (since is None or since < first)


def corrections(
    applied: IdentityCorrectionApplied, days: Mapping[UUID, Sequence[date]], streams: Streams, entered_by: str
) -> dict[UUID, list[PersonCorrected]]:
    """The facts, by household. The relation is to the head of the household that the case is about. A document that was entered
    for a later day gives way; what a correction says from a later day on stays."""
    document = {name: getattr(applied, name) for name in DOCUMENT_FIELDS}
    person = {name: getattr(applied, name) for name in ("name", "sex", "birth_year")}
    facts: dict[UUID, list[PersonCorrected]] = {}
    for household, since in days.items():
        here = household == applied.household_id
        said = {**document, **person, "relation": applied.relation if here else None}
        if all(value is None for value in said.values()):
            continue
        later = _later_documents(applied.person_id, streams[household], since[0]) if applied.document_kind else []
        facts[household] = [
            PersonCorrected(
                household_id=household, effective_on=day, entered_by=entered_by, person_id=applied.person_id,
                case_id=applied.case_id, households=tuple(days), **fields,
            )
            for day, fields in [*((day, said) for day in since), *((day, document) for day in later)]
        ]  # fmt: skip
    if not facts:
        raise Refused(NO_SUCH_MEMBER)  # a relation alone, of somebody who is elsewhere since
    return facts


def _later_documents(person: UUID, facts: Sequence[Recorded], after: date) -> list[date]:
    return [
        r.fact.effective_on
        for r in surviving(facts)
        if isinstance(r.fact, PersonDocumentRecorded) and r.fact.person_id == person and r.fact.effective_on > after
    ]


def later_documents(
    recorded: PersonDocumentRecorded, days: Mapping[UUID, Sequence[date]]
) -> dict[UUID, list[PersonDocumentRecorded]]:
    """The same document, by household."""
    return {
        household: [
            msgspec.structs.replace(
                recorded,
                household_id=household,
                effective_on=day,
                households=tuple(days),
                precision=recorded.precision if day == recorded.effective_on else Precision.DAY,
            )
            for day in since
        ]
        for household, since in days.items()
    }


def require_change(applied: IdentityCorrectionApplied, before: Member) -> None:
    """That one plain value differs; sealed ones cannot be compared. Raises ``Refused``."""
    if applied.name is not None or applied.document_kind is not None or applied.correct_from is not None:
        return
    if all(getattr(applied, name) in (None, getattr(before, name)) for name in ("sex", "birth_year", "relation")):
        raise Refused(CORRECTS_NOTHING)
