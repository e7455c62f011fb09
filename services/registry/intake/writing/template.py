"""The empty form: sheets with drop-down lists, and a sheet that explains every column in both languages."""

from collections.abc import Iterator

from services.registry.intake.codes import english
from services.registry.intake.layout import EXPLANATION_SHEET, SHEETS, Column, Kind
from services.registry.intake.writing.workbook_writer import FormBook

LAST_ROW = 5000

KINDS = {
    Kind.NAME: ("文字", "text"),
    Kind.KEY: ("编号（文本格式）", "number, as text"),
    Kind.DIVISION: ("12 位数字（文本格式）", "12 digits, as text"),
    Kind.RESIDENT_ID: (
        "18 位身份证号，或 20/22 位残疾人证号（文本格式）",
        "18 characters, or 20/22 of a disabled card, as text",
    ),
    Kind.PHONE: ("电话号码（文本格式）", "phone number, as text"),
    Kind.ACCOUNT: ("8 至 32 位数字（文本格式）", "8 to 32 digits, as text"),
    Kind.CODE: ("代码，填一项", "one of the list"),
    Kind.CODES: ("代码，最多两项，用顿号隔开", "up to two of the list, separated by 、"),
    Kind.MONEY: ("元，最多两位小数，不得为负", "yuan, two decimals, not negative"),
    Kind.AMOUNT: ("数字，最多三位小数，不得为负", "number, three decimals, not negative"),
    Kind.YEAR: ("四位年份", "year, four digits"),
    Kind.DAY: ("日期：2014-05-20", "a day: 2014-05-20"),
    Kind.PERIOD: ("日期，可只到年或月：2014、2014-05、2014-05-20", "a year, month or day: 2014, 2014-05, 2014-05-20"),
}

NOTES = (
    ("空白表示“不变”，不会清除已有内容。", "A blank means “unchanged”; it never clears what is there."),
    (
        "每户一行；该户任何一行有错，全户都不导入。",
        "One row per household; an error in any of its rows keeps the whole household out.",
    ),
    ("不得有合并单元格和公式，不得增删列。", "No merged cells, no formulas, no added or removed columns."),
    (
        "证件号码、账号须为文本格式；存为数值会丢失末几位。",
        "IDs and accounts are text: stored as numbers they lose their last digits.",
    ),
    (
        "收入六项、“两不愁三保障”与饮水六项、决定四项，各须同时填写。",
        "Income, conditions and decision are each filled as a whole.",
    ),
    (
        "历史表只用于从原系统迁移的户，可以不填。",
        "The history sheet is only for households migrated from an older system.",
    ),
)


def blank_template() -> bytes:
    """An .xlsx; the same bytes every time."""
    form = FormBook()
    for layout in SHEETS:
        form.add_form_sheet(layout, LAST_ROW)
    sheet = form.add_sheet(EXPLANATION_SHEET)
    sheet.set_column(0, 6, 28)
    for row, line in enumerate(_explanation()):
        for column, text in enumerate(line):
            if text:
                form.write_text(sheet, row, column, text, **({"bold": True} if row == 0 else {}))
    return form.done()


def _explanation() -> Iterator[tuple[str, ...]]:
    yield ("工作表 / sheet", "列 / column", "必填 / required", "填写", "to fill in", "代码 / codes")
    for layout in SHEETS:
        for column in layout.columns:
            zh, en = KINDS[column.kind]
            yield (layout.name, column.header, "是 / yes" if column.required else "", zh, en, _codes(column))
    for note in NOTES:
        yield ("说明 / note", *note)


def _codes(column: Column) -> str:
    if column.codes is None:
        return ""
    return "; ".join(f"{label} = {english(code)}" for code, label in column.codes.labels.items())
