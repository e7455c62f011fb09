"""A household as the other system's list states it, compared with the register as of the list's day. Pure: what is personal was
decrypted for it in this process, and goes into no difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from uuid import UUID, uuid5

from msgspec import UNSET

from contracts.personal import Personal
from contracts.registry.divisions import current_code
from contracts.registry.members import Member
from contracts.registry.poverty_status import STOCK, PovertyStatus
from contracts.registry.reconciliations import FieldDifference, ReconciliationResult
from contracts.registry.surveys import ConditionsSurveyed, IncomeSurveyed
from services.casework.workbooks.importing.results import Upload
from services.casework.workbooks.layout import folded
from services.casework.workbooks.rows import Row
from services.chassis.security.sealing import normal
from services.registry.households.member_forms import document_fields
from services.registry.households.personal_values import HOUSEHOLD_PERSONAL_FIELDS
from services.registry.households.state import Household
from services.registry.intake.matching.differences import already_recorded
from services.registry.intake.matching.import_decision import RegisterState
from services.registry.intake.matching.new_records import survey_facts
from services.registry.intake.matching.person_matching import PersonMatches
from services.registry.intake.reading.drafts import HouseholdDraft, MemberDraft
from services.registry.reconciliations.document import MEMBER, PERSONAL, FieldTerms

NAMESPACE = UUID("6c1d0e8a-94a7-5d0e-a0c3-3c6f2a9b7e15")
"""Of the ids of what is compared: UUIDv5 of county and number."""
ABSENT, PRESENT = "0", "1"
"""What is said of a member who is listed in one of the two alone."""


def subject_of(county: str, number: str) -> UUID:
    """``number``: the 户编号, or the household's id where it has none."""
    return uuid5(NAMESPACE, f"{county} {number}")


def stream_of(subject: UUID) -> str:
    return f"{PREFIX}{subject}"


PREFIX = "reconciled-"


@dataclass(frozen=True, slots=True)
class Stated:
    """A household of the list; ``None`` is a blank, which says nothing."""

    draft: HouseholdDraft
    status: PovertyStatus | None = None
    monitored_kind: str | None = None
    size: int | None = None
    head_name: str | None = None
    net_per_head: Decimal | None = None

    @classmethod
    def of(cls, draft: HouseholdDraft, row: Row) -> "Stated":
        size = row.get("size", Decimal)
        return cls(
            draft, row.get("poverty_status", PovertyStatus), row.get("monitored_kind", str),
            None if size is None else int(size), row.get("head_name", str), row.get("net_per_head", Decimal),
        )  # fmt: skip

    @property
    def persons(self) -> int:
        return len(self.draft.members) if self.size is None else self.size


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one number. ``counted``: unless it is in neither of the two any more."""

    result: ReconciliationResult
    household_id: UUID | None
    division: str
    persons_here: int
    persons_there: int
    differences: tuple[FieldDifference, ...] = ()
    counted: bool = True


def compare(
    stated: Stated, register: RegisterState, matches: PersonMatches, upload: Upload, fields: Mapping[str, FieldTerms],
    kinds: Mapping[str, str],
) -> Compared:  # fmt: skip
    """``fields``: what is compared, and who corrects it; ``kinds``: code of a kind of monitored object → what it is called."""
    here = register.at_survey
    is_missing = not register.facts or here.status is None
    if is_missing:
        told = list(_standing_there(stated))
    else:
        told = [*_of_household(stated, register, upload, kinds), *_of_members(stated.draft, here, matches)]
    differences = tuple(
        FieldDifference(
            field=each.field, person_no=each.person_no, row=each.row, here=None if each.field in PERSONAL else each.here,
            there=None if each.field in PERSONAL else each.there, personal=each.field in PERSONAL,
            corrected_in=fields[each.field].corrected_in,
        )
        for each in told
        if each.field in fields
    )  # fmt: skip
    if is_missing:
        return Compared(ReconciliationResult.MISSING_HERE, None, stated.draft.division, 0, stated.persons, differences)
    result = ReconciliationResult.DIFFERENT if differences else ReconciliationResult.SAME
    return Compared(result, register.household_id, here.division, here.persons, stated.persons, differences)


@dataclass(frozen=True, slots=True)
class _Told:
    field: str
    here: str | None
    there: str | None
    row: int
    person_no: str | None = None


def _standing_there(stated: Stated) -> Iterator[_Told]:
    """What the list says a household is that is missing here."""
    for field, value in (("poverty_status", stated.status), ("monitored_kind", stated.monitored_kind)):
        if value is not None:
            yield _Told(field, None, text_of(value), stated.draft.row)


def _of_household(stated: Stated, register: RegisterState, upload: Upload, kinds: Mapping[str, str]) -> Iterator[_Told]:
    draft, here = stated.draft, register.at_survey
    there: dict[str, object] = {
        "poverty_status": stated.status, "size": stated.size, "net_per_head": stated.net_per_head,
        **{name: getattr(draft, name) for name in HOUSEHOLD_PERSONAL_FIELDS}, **draft.details,
    }  # fmt: skip
    income = here.latest_income
    known: dict[str, object] = {
        "poverty_status": here.status, "size": here.persons, "net_per_head": None if income is None else income.per_head,
    }  # fmt: skip
    for field, value in there.items():
        if value is not None and not _agree(field, known.get(field, getattr(here, field, None)), value):
            yield _Told(field, text_of(known.get(field, getattr(here, field, None))), text_of(value), draft.row)
    if current_code(draft.division, here.successors) != here.division:
        yield _Told("division", here.division, draft.division, draft.row)
    if stated.head_name is not None and here.head is not None and _differs(Personal(stated.head_name), here.head.name):
        yield _Told("head_name", None, None, draft.row)
    if stated.monitored_kind is not None:
        kind = kinds.get(here.monitoring.kind, "") if here.monitoring is not None and here.monitoring.counted else ""
        if folded(kind) != folded(stated.monitored_kind):
            yield _Told("monitored_kind", kind or None, stated.monitored_kind, draft.row)
    for surveyed in survey_facts(draft, register, upload):
        if not already_recorded(surveyed.fact, register):
            match surveyed.fact:
                case IncomeSurveyed() as fact:
                    net = fact.wages + fact.business + fact.property + fact.transfers - fact.business_costs
                    same = [f for f in here.income_figures if f.income.period_from == fact.period_from]
                    yield _Told("income", text_of(same[0].net) if same else None, text_of(net), draft.row)
                case ConditionsSurveyed():
                    yield _Told("conditions", None, None, draft.row)


def _of_members(draft: HouseholdDraft, here: Household, matches: PersonMatches) -> Iterator[_Told]:
    members = {member.row: member for member in draft.members}
    for error in matches.errors:
        number = members[error.row].national_no if error.row in members else None
        yield _Told(error.column or MEMBER, None, None, error.row, number)
    for row in matches.new:
        yield _Told(MEMBER, ABSENT, PRESENT, row, members[row].national_no)
    refused = {error.row for error in matches.errors}
    for person, before in here.members.items():
        if person not in matches.existing.values() and not refused:
            yield _Told(MEMBER, PRESENT, ABSENT, 0, before.national_no)
    for row, person in matches.existing.items():
        if (known := here.members.get(person)) is not None:
            in_common = person not in here.apart
            for told in _of_member(members[row], known, in_common=in_common):
                yield _Told(*told, row, known.national_no or members[row].national_no)


def _of_member(member: MemberDraft, before: Member, *, in_common: bool) -> Iterator[tuple[str, str | None, str | None]]:
    there: dict[str, object] = {
        "name": member.name, **document_fields(member.document), **member.profile, "sex": member.sex,
        "birth_year": member.birth_year, "relation": member.relation, "national_no": member.national_no,
        "school_stage": member.school_stage, "boarder": member.boarder, "labour_skill": member.labour_skill,
        "phone": member.phone, "lives_in_common": member.lives_in_common,
    }  # fmt: skip
    there.pop("no_document_reason", None)
    for field, value in there.items():
        known = in_common if field == "lives_in_common" else getattr(before, field)
        if field == "disability_level":
            known = known or 0  # not said and none are the same
        if known is UNSET:
            known = None
        if value is not None and not _agree(field, known, value):
            yield field, text_of(known), text_of(value)


def _agree(field: str, here: object, there: object) -> bool:
    if field == "poverty_status":
        # 未脱贫 is said of those who fell back, too.
        return here == there or (there is PovertyStatus.REGISTERED and here in STOCK)
    if isinstance(there, Personal):
        return not _differs(there, here)
    if isinstance(here, tuple) and isinstance(there, tuple):
        return set(here) == set(there)
    return here == there


def _differs(there: Personal[str], here: object) -> bool:
    """What was erased here differs from nothing."""
    if not isinstance(here, Personal):
        return True
    return not here.is_shredded and normal(here.plain) != normal(there.plain)


def text_of(value: object) -> str | None:
    """As a difference has it, where it is not personal."""
    if value is None or isinstance(value, Personal):
        return None
    if isinstance(value, tuple):
        return "、".join(text for each in value if (text := text_of(each)) is not None)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.value) if isinstance(value, Enum) else str(value)
