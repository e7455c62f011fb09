"""Every rule of payments: one code, two languages, its source."""

from services.chassis.ground.refusals import Rule, rule

PAYING = "benefit accounts paid through the provincial platform (一卡通): list, notice, hand-over, returns"
HANDS = "township collects and posts, the department verifies, finance checks the quota and pays"
YEAR_END = "fiscal closing before 31 December"


def _rule(code: str, zh: str, en: str, source: str = PAYING, status: int = 409) -> Rule:
    return rule(f"payment_{code}", zh=zh, en=en, source=source, status=status)


PROGRAMME_UNKNOWN = _rule(
    "programme_unknown", "没有这个项目，或该项目不发放。", "There is no such programme, or nothing is paid by it."
)
DUE_AHEAD = _rule(
    "due_ahead",
    "不能按以后的日期编制名册：应发到期后再编。",
    "No list is made for a day to come: once it is due, it is listed.",
)
TERMS_MISSING = _rule(
    "terms_missing",
    "当地该年没有生效的校历，无法计算应发期间。",
    "No school calendar of that year is in force in that place.",
)
NOTHING_DUE = _rule(
    "nothing_due",
    "到该日没有应发未发的款项：应发的都已列入其他名册、已发放或已放弃。",
    "By that day nothing is due and unpaid: all that is due is on other lists, paid or given up.",
)
LIST_OVERTAKEN = _rule(
    "list_overtaken",
    "编制期间，同一项目又有名册编成或款项放弃（同一笔只能有一条有效发放记录）：请重新编制。",
    "Meanwhile another list of the programme was compiled, or a due was given up; each due has one live payment. Compile it again.",
)
STEP_NOT_DUE = _rule(
    "step_not_due", "名册现处于另一环节，不能办理此项。", "The list is at another step: this one is not due now.", HANDS
)
NOTICE_NOT_OVER = _rule(
    "notice_not_over", "公示期未满，不能核实或交付。", "The list still hangs: it is neither verified nor handed over."
)
SAME_HANDS = _rule(
    "same_hands",
    "编制、公示、核实、拨付须由不同的人经办；您已在此名册经手。",
    "Compiling and posting, verifying and releasing are done by different persons: you have a hand in this list already.",
    HANDS,
)
QUOTA_MISSING = _rule(
    "quota_missing",
    "当地当日没有该项目生效的资金额度文件。",
    "No quota of this programme is in force in that place on that day.",
    "reserve the quota before paying",
)
QUOTA_EXCEEDED = _rule(
    "quota_exceeded",
    "拨付后将超出该项目的资金额度。",
    "This would go beyond the programme's quota.",
    "reserve the quota before paying",
)
LINE_UNKNOWN = _rule("line_unknown", "名册中没有这一行。", "The list has no such line.")
LINE_NOT_LISTED = _rule(
    "line_not_listed",
    "该行已剔除或已交付，不能再剔除；已交付的按退回办理。",
    "The line was struck or handed over already; what was handed over comes back as a return.",
)
LINE_NOT_HELD = _rule("line_not_held", "该行没有暂缓。", "The line is not held.")
NOTHING_TO_HAND_OVER = _rule(
    "nothing_to_hand_over",
    "没有可以交付的行：均已交付、剔除或暂缓。",
    "No line is left to be handed over: all were, or are struck or held.",
)
NOTHING_RETURNED = _rule(
    "nothing_returned", "该名册没有退回而未重发的行。", "No line of the list is returned and not paid again."
)
RESULT_OF_ANOTHER_LIST = _rule(
    "result_of_another_list", "此行属于另一份名册。", "The row belongs to another list.", status=422
)
RESULT_OF_ANOTHER_FILE = _rule(
    "result_of_another_file",
    "校验码与交付的文件不符：不是此名册所交付文件的回盘。",
    "The digest is not that of what was handed over: the result is of another file.",
    status=422,
)
RESULT_LINE_UNKNOWN = _rule("result_line_unknown", "此行没有交付过。", "No such line was handed over.", status=422)
RESULT_LINE_TWICE = _rule("result_line_twice", "此行在文件中重复。", "The line stands twice in the file.", status=422)
RESULT_EARLY = _rule("result_early", "日期早于交付日。", "The day lies before the hand-over.", status=422)
RESULT_LATE = _rule("result_late", "日期晚于今天。", "The day lies ahead.", status=422)
RESULT_TOO_MUCH = _rule("result_too_much", "金额多于名册所列。", "More was paid than the list says.", status=422)
RESULT_TOO_LITTLE = _rule("result_too_little", "金额少于名册所列。", "Less was paid than the list says.", status=422)
RESULT_WITHOUT_CAUSE = _rule(
    "result_without_cause", "失败的须写明退票原因。", "A failed line says why it was returned.", status=422
)
RESULT_CONTRADICTS = _rule(
    "result_contradicts",
    "此行已登记为退回：不能再登记为到账。退回登记有误的，先作废该登记。",
    "The line is on record as returned and cannot be credited; if that entry was wrong, annul it first.",
    status=422,
)
RESULT_CUT_SHORT = _rule(
    "result_cut_short",
    "文件不完整：没有末行，或行数与末行所写不符。完整的行已登记，请取得完整文件再导入。",
    "The file is cut short: its last line is missing or names another number of rows. Whole rows were taken; import the whole file.",
    status=422,
)
RESULT_NO_LAYOUT = _rule(
    "result_no_layout", "当日没有生效的回盘文件版式。", "No layout of the result file is in force on that day."
)
RESULT_UNREADABLE = _rule(
    "result_unreadable",
    "不是工作簿，也不是 UTF-8 或 GB18030 编码的 CSV 文件。",
    "It is neither a workbook nor CSV in UTF-8 or GB18030.",
    status=422,
)
OUTCOME_UNKNOWN = _rule(
    "outcome_unknown", "该名册没有这条有效的结果登记。", "The list has no such outcome that stands."
)
OUTCOME_RESTED_ON = _rule(
    "outcome_rested_on",
    "以后的登记以此为据（同一行又有退回或重发）：请先作废后来的登记。",
    "Later entries rest on it (the line was returned or paid again since): annul those first.",
)
MORE_THAN_OWED = _rule("more_than_owed", "金额多于尚欠的多付款。", "It is more than is still owed.", "recovery by plan")
PLAN_NOT_OF_OWED = _rule(
    "plan_not_of_owed",
    "各期之和须等于尚欠的多付款。",
    "The instalments add up to what is still owed.",
    "recovery by plan",
)
MORE_THAN_UNPAID = _rule("more_than_unpaid", "金额多于应发未发的款项。", "It is more than is due and unpaid.")
MORE_THAN_REFUNDABLE = _rule(
    "more_than_refundable", "金额多于已追回而仍应发的款项。", "It is more than was recovered and is due after all."
)
PERIODS_CUT_LIST = _rule(
    "periods_cut_list",
    "所问期间只含某一名册的一部分：请改为能完整包含该名册的期间。",
    "The periods hold only a part of a list: ask with periods that hold it whole.",
    status=422,
)
FIGURES_CHANGED = _rule(
    "figures_changed",
    "办理期间又有款项登记，请重新提交。",
    "Payments were recorded meanwhile: send it again.",
    YEAR_END,
)
YEAR_CLOSED = _rule(
    "year_closed", "该项目本年度已办理结账。", "The programme's year is closed in that place.", YEAR_END
)
YEAR_NOT_RECONCILED = _rule(
    "year_not_reconciled",
    "两项恒等式不成立，或尚有在途、退回未重发、多付未处理的款项，不能结账。",
    "An identity does not hold, or something is pending, returned and not paid again, or overpaid and unresolved: it is not closed.",
    YEAR_END,
)
CLOSING_NOT_PROPOSED = _rule(
    "closing_not_proposed",
    "尚无人提出结账，或提出后数字已变。",
    "Nobody has proposed it, or the figures changed since.",
    YEAR_END,
)
CLOSING_BY_PROPOSER = _rule(
    "closing_by_proposer", "结账须由提出人以外的人办理。", "A second person closes it, not who proposed it.", YEAR_END
)
