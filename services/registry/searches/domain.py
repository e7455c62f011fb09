"""A search for a person: what is asked, by what rules, and what matches. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.registry.access import PersonalDataRead, Purpose
from contracts.registry.divisions import DIGITS, Level
from contracts.registry.searches import RegisterSearched, SearchKind
from contracts.roles import Role
from services.casework.purposes import require_purpose
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import normal
from services.registry.disclosures.domain import reading_for_case
from services.registry.households.personal_values import PlainValues, SealedValues, sealed_values
from services.registry.households.state import Household

MOST_FOUND = 20
"""Persons whom one answer names."""
MOST_COMPARED = 2_000
"""Persons of a village whose values one search opens."""
BY_DIGEST = frozenset({SearchKind.ID_NUMBER, SearchKind.FULL_NAME})
"""Kinds that keyed digests answer: nothing is opened for them."""

SEARCH_NEEDS_VILLAGE = rule(
    "search_needs_village",
    zh="按电话或部分姓名只能在一个村内查找：请填写 12 位村区划代码；查找范围更大时，请用证件号码或完整姓名。",
    en="By phone or part of a name one village is searched: give its division code of 12 digits; for a larger area search by ID"
    " number or by the full name.",
    source="Personal Information Protection Law, article 6; docs/privacy.md",
)
SEARCH_NEEDS_OPEN_CASE = rule(
    "search_needs_open_case",
    zh="按电话或部分姓名查找须打开个人信息：请填写该村一户在办程序的标识（case_id）；没有在办程序的，请用证件号码或完整姓名查找。",
    en="A search by phone or part of a name opens personal data: name the open case of a household of that village for"
    " whose sake; without one search by ID number or by the full name.",
    source="Personal Information Protection Law, articles 6 and 13; docs/privacy.md",
)
VILLAGE_TOO_LARGE = rule(
    "village_too_large_to_search",
    zh="该村登记人数过多，不能按电话或部分姓名查找：请用证件号码或完整姓名查找。",
    en="The village has too many persons to be searched by phone or part of a name: search by ID number or by the full name.",
    source="Personal Information Protection Law, article 6; docs/privacy.md",
)
TOO_MANY_SEARCHES = rule(
    "too_many_searches",
    zh="今日查找次数已达上限，请明日再查；急需办理的，请上级机关查找。",
    en="As many searches as an account has on one day; go on tomorrow, or ask the level above where it cannot wait.",
    source="docs/privacy.md; Lika access rules",
    status=429,
)


@dataclass(frozen=True, slots=True)
class Search:
    """``value`` is in plain and never printed. ``division``: a prefix within the searcher's area."""

    kind: SearchKind
    value: str = field(repr=False)
    division: str
    purpose: Purpose
    case_id: UUID | None = None

    @property
    def by_digest(self) -> bool:
        return self.kind in BY_DIGEST


@dataclass(frozen=True, slots=True)
class FoundPerson:
    division: str
    household_id: UUID
    person_id: UUID | None
    """``None`` where it is the household's own phone."""


@dataclass(frozen=True, slots=True)
class Found:
    """``persons``: by (division, household, person), at most ``MOST_FOUND``."""

    persons: tuple[FoundPerson, ...] = ()
    more: bool = False
    compared: int = 0

    @property
    def households(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(person.household_id for person in self.persons))


NOTHING = Found()


def require_lawful(search: Search, roles: Collection[Role]) -> None:
    """Raises ``Refused`` for a purpose that no role of the searcher has and, where values are opened, for what is no village
    or names no case."""
    require_purpose(search.purpose, roles)
    if not search.by_digest and len(search.division) != DIGITS[Level.VILLAGE]:
        raise Refused(SEARCH_NEEDS_VILLAGE)
    if not search.by_digest and search.case_id is None:
        raise Refused(SEARCH_NEEDS_OPEN_CASE)


def searched(search: Search, found: Found, account: str, today: date) -> RegisterSearched:
    return RegisterSearched(
        effective_on=today,
        entered_by=account,
        kind=search.kind,
        division=search.division,
        purpose=search.purpose,
        case_id=None if search.by_digest else search.case_id,
        persons_compared=found.compared,
        found=found.households,
        more=found.more,
    )


def reading(search: Search, found: Found, actor: Actor, today: date) -> PersonalDataRead:
    """Whose values a search by comparison found, for the sake of its case."""
    persons: dict[UUID, list[UUID]] = {household: [] for household in found.households}
    for each in found.persons:
        persons[each.household_id] += [] if each.person_id is None else [each.person_id]
    assert search.case_id is not None
    return reading_for_case(actor, search.purpose, search.case_id, persons, (FIELDS[search.kind],), today)


FIELDS: Mapping[SearchKind, str] = {SearchKind.PHONE: "phone", SearchKind.NAME_PART: "name"}
"""The field that is opened for a kind of search."""


def values_to_compare(kind: SearchKind, household: Household) -> SealedValues:
    """What of a household is opened for this kind of search."""
    return {key: value for key, value in sealed_values(household).items() if key[1] == FIELDS[kind]}


def matches(search: Search, values: Iterable[tuple[Household, PlainValues]]) -> list[FoundPerson]:
    """A phone that is the one searched for, or a name in which the part stands; blanks and widths make no difference."""
    wanted = _compared(search.kind, search.value)
    return sorted(
        (
            FoundPerson(household.division, household.id, None if subject == household.id else subject)
            for household, plain in values
            if household.id is not None
            for (subject, _), value in plain.items()
            if isinstance(value, str) and _is_match(search.kind, wanted, _compared(search.kind, value))
        ),
        key=lambda found: (found.division, found.household_id, found.person_id or found.household_id),
    )


def _compared(kind: SearchKind, text: str) -> str:
    return normal(text).replace("-", "") if kind is SearchKind.PHONE else normal(text)


def _is_match(kind: SearchKind, wanted: str, value: str) -> bool:
    return wanted == value if kind is SearchKind.PHONE else wanted in value


def first(found: Collection[FoundPerson], compared: int = 0) -> Found:
    """As many as an answer names."""
    return Found(tuple(found)[:MOST_FOUND], len(found) > MOST_FOUND, compared)
