"""Refusals about a result file of the platform, and of its lines."""

from services.assistance.payments.rules import PAYING
from services.chassis.ground.refusals import rule

RESULT_OF_ANOTHER_LIST = rule(
    "payment_result_of_another_list",
    zh="此行属于另一份名册。",
    en="The row belongs to another list.",
    source=PAYING,
    status=422,
)
RESULT_OF_ANOTHER_FILE = rule(
    "payment_result_of_another_file",
    zh="校验码与交付的文件不符：不是此名册所交付文件的回盘。",
    en="The digest is not that of what was handed over: the result is of another file.",
    source=PAYING,
    status=422,
)
RESULT_LINE_UNKNOWN = rule(
    "payment_result_line_unknown",
    zh="此行没有交付过。",
    en="No such line was handed over.",
    source=PAYING,
    status=422,
)
RESULT_LINE_TWICE = rule(
    "payment_result_line_twice",
    zh="此行在文件中重复。",
    en="The line stands twice in the file.",
    source=PAYING,
    status=422,
)
RESULT_EARLY = rule(
    "payment_result_early",
    zh="日期早于交付日。",
    en="The day lies before the hand-over.",
    source=PAYING,
    status=422,
)
RESULT_LATE = rule(
    "payment_result_late",
    zh="日期晚于今天。",
    en="The day lies ahead.",
    source=PAYING,
    status=422,
)
RESULT_TOO_MUCH = rule(
    "payment_result_too_much",
    zh="金额多于名册所列。",
    en="More was paid than the list says.",
    source=PAYING,
    status=422,
)
RESULT_TOO_LITTLE = rule(
    "payment_result_too_little",
    zh="金额少于名册所列。",
    en="Less was paid than the list says.",
    source=PAYING,
    status=422,
)
RESULT_WITHOUT_CAUSE = rule(
    "payment_result_without_cause",
    zh="失败的须写明退票原因。",
    en="A failed line says why it was returned.",
    source=PAYING,
    status=422,
)
RESULT_CONTRADICTS = rule(
    "payment_result_contradicts",
    zh="此行已登记为退回：不能再登记为到账。退回登记有误的，先作废该登记。",
    en="The line is on record as returned and cannot be credited; if that entry was wrong, annul it first.",
    source=PAYING,
    status=422,
)
RESULT_CUT_SHORT = rule(
    "payment_result_cut_short",
    zh="文件不完整：没有末行，或行数与末行所写不符。完整的行已登记，请取得完整文件再导入。",
    en="The file is cut short: its last line is missing or names another number of rows. Whole rows were taken; import the whole file.",
    source=PAYING,
    status=422,
)
RESULT_NO_LAYOUT = rule(
    "payment_result_no_layout",
    zh="当日没有生效的回盘文件版式。",
    en="No layout of the result file is in force on that day.",
    source=PAYING,
)
RESULT_UNREADABLE = rule(
    "payment_result_unreadable",
    zh="不是工作簿，也不是 UTF-8 或 GB18030 编码的 CSV 文件。",
    en="It is neither a workbook nor CSV in UTF-8 or GB18030.",
    source=PAYING,
    status=422,
)
