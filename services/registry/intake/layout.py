"""The household-collection form: its sheets and their columns. One layout for reading and writing."""

from dataclasses import dataclass
from enum import StrEnum

from services.chassis.ground.labels import LABELS, Label
from services.registry.intake import codes
from services.registry.intake.codes import CodedColumn


class ColumnKind(StrEnum):
    """The data type of a column. All but numbers and dates are text cells."""

    TEXT = "text"  # one line
    NAME = "name"  # of a person
    IDENTIFIER = "identifier"  # of the national system: digits and letters
    DIVISION = "division"  # twelve digits
    RESIDENT_ID = "resident_id"
    PHONE = "phone"
    ACCOUNT = "account"
    CODE = "code"
    CODE_LIST = "code_list"  # several codes, separated by 、
    MONEY = "money"  # yuan, two decimals, not negative
    AMOUNT = "amount"  # three decimals, not negative
    YEAR = "year"
    DAY = "day"
    PARTIAL_DATE = "partial_date"  # a day, a month or a year: the precision is kept


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is the field of the draft, ``owner`` the fact or part of one under which it is labelled. ``required``: a blank
    is an error; otherwise a blank means "unchanged"."""

    key: str
    kind: ColumnKind
    required: bool = False
    codes: CodedColumn | None = None
    unit: str | None = None
    owner: str = ""

    @property
    def label(self) -> Label:
        return LABELS.field(self.key, self.owner)

    @property
    def zh(self) -> str:
        return self.label.zh

    @property
    def en(self) -> str:
        return self.label.en

    @property
    def header(self) -> str:
        return self.label.line


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    en: str
    columns: tuple[Column, ...]
    optional: bool = False

    def column(self, key: str) -> Column:
        """Raises ``KeyError`` for a column that the sheet does not have."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


HOUSEHOLDS = Sheet(
    "户表",
    "households",
    (
        Column("national_no", ColumnKind.IDENTIFIER, required=True),
        Column("division", ColumnKind.DIVISION, required=True),
        Column("surveyed_on", ColumnKind.PARTIAL_DATE, required=True),
        Column("address", ColumnKind.TEXT),
        Column("phone", ColumnKind.PHONE),
        Column("account", ColumnKind.ACCOUNT, owner="HouseholdRecorded"),
        Column("attribute", ColumnKind.CODE, codes=codes.ATTRIBUTES),
        Column("main_cause", ColumnKind.CODE, codes=codes.CAUSES),
        Column("other_causes", ColumnKind.CODE_LIST, codes=codes.CAUSES),
        Column("arable_mu", ColumnKind.AMOUNT, unit="mu"),
        Column("forest_mu", ColumnKind.AMOUNT, unit="mu"),
        Column("housing_m2", ColumnKind.AMOUNT, unit="m2"),
        Column("income_year", ColumnKind.YEAR),
        Column("wages", ColumnKind.MONEY, unit="yuan"),
        Column("business", ColumnKind.MONEY, unit="yuan"),
        Column("property", ColumnKind.MONEY, unit="yuan"),
        Column("transfers", ColumnKind.MONEY, unit="yuan"),
        Column("business_costs", ColumnKind.MONEY, unit="yuan"),
        Column("food", ColumnKind.CODE, codes=codes.YES_NO),
        Column("clothing", ColumnKind.CODE, codes=codes.YES_NO),
        Column("education", ColumnKind.CODE, codes=codes.YES_NO),
        Column("medical", ColumnKind.CODE, codes=codes.YES_NO),
        Column("housing", ColumnKind.CODE, codes=codes.YES_NO),
        Column("water", ColumnKind.CODE, codes=codes.YES_NO),
    ),
)

MEMBERS = Sheet(
    "成员表",
    "members",
    (
        Column("household_no", ColumnKind.IDENTIFIER, required=True),
        Column("national_no", ColumnKind.IDENTIFIER, owner="Member"),
        Column("name", ColumnKind.NAME, required=True),
        Column("sex", ColumnKind.CODE, codes=codes.SEXES),
        Column("id_number", ColumnKind.RESIDENT_ID),
        Column("relation", ColumnKind.CODE, required=True, codes=codes.RELATIONS),
        Column("school_stage", ColumnKind.CODE, codes=codes.STAGES),
        Column("boarder", ColumnKind.CODE, codes=codes.YES_NO),
        Column("school", ColumnKind.TEXT),
        Column("health", ColumnKind.CODE_LIST, codes=codes.HEALTH),
        Column("disability_level", ColumnKind.CODE, codes=codes.DISABILITY),
        Column("labour_skill", ColumnKind.CODE, codes=codes.SKILLS),
        Column("phone", ColumnKind.PHONE),
    ),
)

HISTORY = Sheet(
    "历史表",
    "status history",
    (
        Column("household_no", ColumnKind.IDENTIFIER, required=True),
        Column("event", ColumnKind.CODE, required=True, codes=codes.STATUS_EVENTS),
        Column("effective_on", ColumnKind.PARTIAL_DATE, required=True),
        Column("source_recorded_on", ColumnKind.DAY),
        Column("document_no", ColumnKind.TEXT),
        Column("organ", ColumnKind.TEXT),
        Column("decided_on", ColumnKind.DAY),
        Column("signer", ColumnKind.TEXT),
    ),
    optional=True,
)

SHEETS = (HOUSEHOLDS, MEMBERS, HISTORY)

INCOME = ("income_year", "wages", "business", "property", "transfers", "business_costs")
CONDITIONS = ("food", "clothing", "education", "medical", "housing", "water")
DECISION = ("document_no", "organ", "decided_on", "signer")
"""Groups of columns that are filled together or not at all."""

ERROR_HEADER = "错误 / errors"
"""The column that ``annotate`` adds and the parser skips, so that an annotated workbook can be corrected and sent
again."""

SUMMARY_SHEET = "错误汇总"
EXPLANATION_SHEET = "填表说明"
