"""Rules by which a cell is refused, and warnings about what was read otherwise than it stands. Messages never repeat what a
cell holds."""

from services.casework.workbooks.file_rules import LAYOUT, SAFETY
from services.chassis.ground.refusals import Rule, rule


def _cell_rule(code: str, zh: str, en: str, source: str = LAYOUT) -> Rule:
    return rule(f"workbook_{code}", zh=zh, en=en, source=source, status=422)


REQUIRED = _cell_rule("required", "必填项为空。", "A required cell is blank.")
LONG_TEXT = _cell_rule("long_text", "文字过长（上限 200 字）。", "The text is longer than 200 characters.")
ERROR_VALUE = _cell_rule("error_value", "单元格为错误值（如 #N/A）。", "The cell holds an error value such as #N/A.")
MERGED = _cell_rule(
    "merged_across",
    "单元格横向合并，无法确定属于哪一列：请取消合并后逐格填写。",
    "The cell is merged across columns, so it cannot be told which column it belongs to: unmerge it and fill every cell.",
)
STORED_AS_NUMBER = _cell_rule(
    "stored_as_number",
    "编号被存为数值，位数已不可靠：请将该列设为文本格式后重新录入。",
    "The number is stored as a number and may have lost digits: reformat the column as text and retype it.",
)
BAD_IDENTIFIER = _cell_rule(
    "bad_key", "编号只能由字母、数字和连字符组成，最多 40 位。", "Up to 40 letters, digits and hyphens."
)
BAD_DIVISION = _cell_rule(
    "bad_division",
    "行政区划应为 12 位数字的村级代码，或村名。",
    "A division is a village's code of twelve digits, or its name.",
    "GB/T 2260; reference: Administrative divisions",
)
UNKNOWN_LABEL = _cell_rule("unknown_label", "不在代码表中。", "Not in the code list.")
ONE_CODE = _cell_rule("one_code", "此项只能填代码表中的一项。", "Only one entry of the code list can stand here.")
TOO_MANY_CODES = _cell_rule(
    "too_many_codes", "所填代码超过允许的项数。", "More entries of the code list than are allowed."
)
CODE_REPEATED = _cell_rule("code_repeated", "同一代码重复填写。", "An entry of the code list is repeated.")
BAD_NUMBER = _cell_rule("bad_number", "不是数字，或小数位过多。", "Not a number, or with too many decimals.")
NEGATIVE = _cell_rule("negative", "金额、面积、数量不得为负数。", "Amounts, areas and numbers cannot be negative.")
BAD_YEAR = _cell_rule("bad_year", "年度应为四位数字。", "A year has four digits.")
DAY_NEEDED = _cell_rule("day_needed", "此处须写明具体日期。", "The exact day is needed here.")
FUTURE_DATE = _cell_rule("future_date", "日期晚于今天。", "The date is later than today.")
TWO_VALUES = _cell_rule(
    "two_values",
    "同一编号的各行此项不一致：请改为相同内容。",
    "The rows of one number differ in this: make them the same.",
)

IGNORED_COLUMN = _cell_rule(
    "ignored_column",
    "提示：此列不属于本表，未读取。",
    "Note: this column does not belong to the form and was not read.",
)
COMPARED_ONLY = _cell_rule(
    "compared_only_column",
    "提示：此列只供核对，导入时不采用。",
    "Note: this column is there to be compared; an import takes nothing from it.",
)
IGNORED_SHEET = _cell_rule(
    "ignored_sheet",
    "提示：此工作表未读取：它不叫本表工作表的名称，或没有本表的表头。",
    "Note: this sheet was not read: it is not named as one of the form's, or has none of their headers.",
)
HIDDEN = _cell_rule(
    "hidden",
    "提示：此工作表或其中的行是隐藏的，也已读取；不应导入的，请删去。",
    "Note: this sheet, or rows of it, are hidden and were read all the same; delete what should not be imported.",
)
NO_ROWS = _cell_rule(
    "no_rows",
    "提示：表头以下没有数据行，没有可导入的内容；请填写后再导入。",
    "Note: there are no rows below the headers, and so nothing to import; fill them in first.",
)
SUBSTITUTE_COLUMN = _cell_rule(
    "substitute_column",
    "提示：没有专门的列，按箭头前的列读取。",
    "Note: there is no column of its own for it; the one before the arrow was read.",
)
NOTED_COLUMN = _cell_rule(
    "noted_column",
    "提示：表头括号内另有说明，未加理会，仍按箭头后的列读取；如非同一内容，请删去该列。",
    "Note: what the header says in brackets was passed over, and the column read as the one behind the arrow; if it is something"
    " else, remove it.",
)
FOOT_LINE = _cell_rule(
    "foot_line",
    "提示：此行是表下的签字、合计或说明，未读取。",
    "Note: this line below the table (signature, total or note) was not read.",
)
READ_AS = _cell_rule(
    "read_as",
    "提示：已按规范形式读取：",
    "Note: read in its standard form: ",
    SAFETY,
)
