"""The result of parsing a workbook: household drafts without errors, and errors that name their cell.

Personal values are ``Personal`` and never print themselves. ``None`` means a blank cell: "unchanged".
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.facts import Decision, Precision
from contracts.personal import Personal
from contracts.registry.codes import LabourSkill, PovertyCause, SchoolStage
from contracts.registry.households import Attribute, Relation, Sex
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Rule
from services.registry.intake.codes import StatusEvent


@dataclass(frozen=True, slots=True)
class RowError:
    """``row`` as the spreadsheet numbers it, from 1; ``column`` is the header, or empty for an error of the row as a
    whole."""

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str

    @classmethod
    def of(cls, rule: Rule, sheet: str, row: int, column: str = "", *, note: Message | None = None) -> "RowError":
        """``note``: what else the reader needs, such as the row that this one conflicts with; never the text itself."""
        zh, en = (rule.zh, rule.en) if note is None else (f"{rule.zh}{note.zh}", f"{rule.en} {note.en}")
        return cls(sheet, row, column, rule.code, zh, en)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, month or year. ``first_day``: of that day, month or year."""

    first_day: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class IncomeDraft:
    """Yuan in one calendar year, of the household as a whole."""

    year: int
    wages: Decimal
    business: Decimal
    property: Decimal
    transfers: Decimal
    business_costs: Decimal


@dataclass(frozen=True, slots=True)
class ConditionsDraft:
    """两不愁三保障 and safe drinking water (M010): true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """``national_no`` is blank for a person who is not on the register yet; then ``id_number`` is given.

    ``id_number`` is the 18-character number; ``sex`` and ``birth_year`` come from it. ``disability_level`` 0 says
    "none".
    """

    row: int
    national_no: str | None
    name: Personal[str]
    sex: Sex | None
    birth_year: int | None
    id_number: Personal[str] | None
    relation: Relation
    school_stage: SchoolStage | None
    boarder: bool | None
    school: Personal[str] | None
    health: Personal[str] | None
    disability_level: int | None
    labour_skill: LabourSkill | None
    phone: Personal[str] | None


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """A status event that the old system recorded. ``source_recorded_on`` is asserted, never proved."""

    row: int
    event: StatusEvent
    effective: PartialDate
    source_recorded_on: date | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household free of errors, with its members in the order of the sheet and its history by effective day."""

    row: int
    national_no: str
    division: str
    surveyed: PartialDate
    address: Personal[str] | None
    phone: Personal[str] | None
    account: Personal[str] | None
    attribute: Attribute | None
    main_cause: PovertyCause | None
    other_causes: tuple[PovertyCause, ...] | None
    arable_mu: Decimal | None
    forest_mu: Decimal | None
    housing_m2: Decimal | None
    income: IncomeDraft | None
    conditions: ConditionsDraft | None
    members: tuple[MemberDraft, ...]
    history: tuple[HistoryDraft, ...]


@dataclass(frozen=True, slots=True)
class ParsedWorkbook:
    """``errors`` by sheet and row; ``warnings`` refuse nothing. ``households_seen`` and ``members_seen`` count rows,
    those with errors included."""

    drafts: tuple[HouseholdDraft, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    households_seen: int
    members_seen: int

    @property
    def persons(self) -> int:
        """Members of the drafts."""
        return sum(len(draft.members) for draft in self.drafts)
