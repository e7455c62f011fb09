"""The household-collection form: its sheets and their columns. One layout for reading and writing."""

from dataclasses import dataclass
from enum import StrEnum

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
    """``key`` is the field of the draft. ``required``: a blank is an error; otherwise a blank means "unchanged"."""

    key: str
    zh: str
    en: str
    kind: ColumnKind
    required: bool = False
    codes: CodedColumn | None = None
    unit: str | None = None

    @property
    def header(self) -> str:
        return f"{self.zh} / {self.en}"


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
        Column("national_no", "户编号", "household no.", ColumnKind.IDENTIFIER, required=True),
        Column("division", "行政区划代码", "division", ColumnKind.DIVISION, required=True),
        Column("surveyed_on", "调查日期", "survey date", ColumnKind.PARTIAL_DATE, required=True),
        Column("address", "住址", "address", ColumnKind.TEXT),
        Column("phone", "电话", "phone", ColumnKind.PHONE),
        Column("account", "银行账号", "bank account", ColumnKind.ACCOUNT),
        Column("attribute", "户属性", "attribute", ColumnKind.CODE, codes=codes.ATTRIBUTES),
        Column("main_cause", "主要致贫原因", "main cause", ColumnKind.CODE, codes=codes.CAUSES),
        Column("other_causes", "其他致贫原因", "other causes", ColumnKind.CODE_LIST, codes=codes.CAUSES),
        Column("arable_mu", "耕地(亩)", "arable land (mu)", ColumnKind.AMOUNT, unit="mu"),
        Column("forest_mu", "林地(亩)", "forest land (mu)", ColumnKind.AMOUNT, unit="mu"),
        Column("housing_m2", "住房面积(㎡)", "housing (m2)", ColumnKind.AMOUNT, unit="m2"),
        Column("income_year", "收入年度", "income year", ColumnKind.YEAR),
        Column("wages", "工资性收入(元)", "wages (yuan)", ColumnKind.MONEY, unit="yuan"),
        Column("business", "生产经营性收入(元)", "business income (yuan)", ColumnKind.MONEY, unit="yuan"),
        Column("property", "财产性收入(元)", "property income (yuan)", ColumnKind.MONEY, unit="yuan"),
        Column("transfers", "转移性收入(元)", "transfers (yuan)", ColumnKind.MONEY, unit="yuan"),
        Column("business_costs", "生产经营性支出(元)", "business costs (yuan)", ColumnKind.MONEY, unit="yuan"),
        Column("food", "不愁吃", "food secured", ColumnKind.CODE, codes=codes.YES_NO),
        Column("clothing", "不愁穿", "clothing secured", ColumnKind.CODE, codes=codes.YES_NO),
        Column("education", "义务教育有保障", "education secured", ColumnKind.CODE, codes=codes.YES_NO),
        Column("medical", "基本医疗有保障", "medical care secured", ColumnKind.CODE, codes=codes.YES_NO),
        Column("housing", "住房安全有保障", "safe housing", ColumnKind.CODE, codes=codes.YES_NO),
        Column("water", "饮水安全有保障", "safe water", ColumnKind.CODE, codes=codes.YES_NO),
    ),
)

MEMBERS = Sheet(
    "成员表",
    "members",
    (
        Column("household_no", "户编号", "household no.", ColumnKind.IDENTIFIER, required=True),
        Column("national_no", "人编号", "person no.", ColumnKind.IDENTIFIER),
        Column("name", "姓名", "name", ColumnKind.NAME, required=True),
        Column("sex", "性别", "sex", ColumnKind.CODE, codes=codes.SEXES),
        Column("id_number", "证件号码", "ID number", ColumnKind.RESIDENT_ID),
        Column("relation", "与户主关系", "relation to head", ColumnKind.CODE, required=True, codes=codes.RELATIONS),
        Column("school_stage", "在校阶段", "school stage", ColumnKind.CODE, codes=codes.STAGES),
        Column("boarder", "是否寄宿", "boarder", ColumnKind.CODE, codes=codes.YES_NO),
        Column("school", "学校", "school", ColumnKind.TEXT),
        Column("health", "健康状况", "health", ColumnKind.CODE_LIST, codes=codes.HEALTH),
        Column("disability_level", "残疾等级", "disability level", ColumnKind.CODE, codes=codes.DISABILITY),
        Column("labour_skill", "劳动技能", "labour skill", ColumnKind.CODE, codes=codes.SKILLS),
        Column("phone", "电话", "phone", ColumnKind.PHONE),
    ),
)

HISTORY = Sheet(
    "历史表",
    "status history",
    (
        Column("household_no", "户编号", "household no.", ColumnKind.IDENTIFIER, required=True),
        Column("event", "事件", "event", ColumnKind.CODE, required=True, codes=codes.STATUS_EVENTS),
        Column("effective_on", "生效日期", "effective date", ColumnKind.PARTIAL_DATE, required=True),
        Column("source_recorded_on", "原系统登记日期", "recorded in the old system", ColumnKind.DAY),
        Column("document_no", "文号", "document no.", ColumnKind.TEXT),
        Column("organ", "决定机关", "organ", ColumnKind.TEXT),
        Column("decided_on", "决定日期", "decided on", ColumnKind.DAY),
        Column("signer", "签发人", "signer (post)", ColumnKind.TEXT),
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
