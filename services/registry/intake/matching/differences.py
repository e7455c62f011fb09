"""What a workbook says anew about a household on record. A blank is "unchanged"; what is the same is no fact.

Personal values are compared in plain: the store opens the register's boxes for it, inside this process and for nobody's
eyes, and forgets them. A keyed digest of every value would have to be kept for the same purpose.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.households import (
    ConditionsSurveyed,
    HouseholdSurveyed,
    IncomeSurveyed,
    Member,
    MemberSurveyed,
    Relation,
)
from contracts.selection import timeline
from services.chassis.security.sealing import normal
from services.registry.households.state import HOUSEHOLD_SURVEY_FIELDS, MEMBER_SURVEY_FIELDS
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Entry, Found, Upload, wrong
from services.registry.intake.matching.new_records import common, surveys
from services.registry.intake.reading.drafts import HouseholdDraft, MemberDraft, RowError


def household_again(draft: HouseholdDraft, found: Found, upload: Upload) -> Iterator[Entry]:
    """What differs about the household itself, its income of that year and its conditions."""
    changed = _changed(draft, found.then, HOUSEHOLD_SURVEY_FIELDS.names)
    if changed:
        fact = HouseholdSurveyed(**common(found, draft.surveyed, upload), **changed)
        yield Entry(fact, HOUSEHOLDS, draft.row)
    for entry in surveys(draft, found, upload):
        if not _said_before(entry.fact, found):
            yield entry


def member_again(
    draft: HouseholdDraft, member: MemberDraft, person: UUID, found: Found, upload: Upload
) -> Iterator[Entry]:
    """What differs about somebody on record."""
    before = found.then.members[person]
    changed = _changed(member, before, MEMBER_SURVEY_FIELDS.names)
    if (changed.get("disability_level") or 0) == (before.disability_level or 0):
        changed.pop("disability_level", None)  # 0 and "never said" both are "none"
    if changed:
        fact = MemberSurveyed(**common(found, draft.surveyed, upload), person_id=person, **changed)
        yield Entry(fact, MEMBERS, member.row)


def identity_errors(member: MemberDraft, before: Member) -> Iterator[RowError]:
    """A survey does not change who somebody is; a difference means that one of the two is wrong, or another person."""
    for key in ("name", "id_number"):
        said, stood = getattr(member, key), getattr(before, key)
        if said is not None and stood is not None and _differ(said, stood):
            yield wrong(rules.IDENTITY_DIFFERS, MEMBERS, member.row, key)
    if member.sex is not None and member.sex is not before.sex:
        yield wrong(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "sex")
    if None not in (member.national_no, before.national_no) and member.national_no != before.national_no:
        yield wrong(rules.IDENTITY_DIFFERS, MEMBERS, member.row, "national_no")
    if (member.relation is Relation.HEAD) != (before.relation is Relation.HEAD):
        yield wrong(rules.HEAD_DIFFERS, MEMBERS, member.row, "relation")


def member_warnings(member: MemberDraft, before: Member) -> Iterator[RowError]:
    """What a survey cannot take over: no fact says these."""
    for key in ("national_no", "id_number"):
        if getattr(member, key) is not None and getattr(before, key) is None:
            yield wrong(rules.NOT_TAKEN, MEMBERS, member.row, key)
    if member.relation is not before.relation and Relation.HEAD not in (member.relation, before.relation):
        yield wrong(rules.NOT_TAKEN, MEMBERS, member.row, "relation")


def erased(draft: HouseholdDraft, people: dict[int, Member], found: Found) -> Iterator[RowError]:
    """Whose key was destroyed gets no new personal data."""
    for key in ("address", "phone", "account"):
        stood: Personal[str] | None = getattr(found.then, key)
        if stood is not None and stood.is_shredded and getattr(draft, key) is not None:
            yield wrong(rules.ERASED, HOUSEHOLDS, draft.row, key)
    for row, before in people.items():
        if before.name.is_shredded:
            yield wrong(rules.ERASED, MEMBERS, row, "name")


def _changed(said: Any, before: Any, questions: tuple[str, ...]) -> dict[str, Any]:
    return {q: answer for q in questions if (answer := getattr(said, q)) is not None and answer != getattr(before, q)}


def _differ(said: Personal[str], stood: Personal[str]) -> bool:
    return not stood.is_shredded and normal(said.plain) != normal(stood.plain)


AMOUNTS = ("wages", "business", "property", "transfers", "business_costs")
CONDITIONS = ("food", "clothing", "education", "medical", "housing", "water")


def _said_before(fact: HouseholdFact, found: Found) -> bool:
    """Whether the last fact of this kind (and year) said the same. How many shared the income is not asked again."""
    for recorded in reversed(timeline(found.known, as_of=fact.effective_on)):
        match fact, recorded.fact:
            case IncomeSurveyed() as new, IncomeSurveyed() as last if last.period_from == new.period_from:
                return all(getattr(last, amount) == getattr(new, amount) for amount in AMOUNTS)
            case ConditionsSurveyed() as now, ConditionsSurveyed() as before:
                return all(getattr(before, condition) == getattr(now, condition) for condition in CONDITIONS)
    return False
