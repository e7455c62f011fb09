"""Every rule of payments: one code, two languages, its source."""

from services.chassis.ground.refusals import rule

PAYING = "benefit accounts paid through the provincial platform (一卡通): list, notice, hand-over, returns"
HANDS = "township collects and posts, the department verifies, finance checks the quota and pays"
YEAR_END = "fiscal closing before 31 December"
DUE_AHEAD = rule(
    "payment_due_ahead",
    zh="不能按以后的日期编制名册：应发到期后再编。",
    en="No list is made for a day to come: once it is due, it is listed.",
    source=PAYING,
)
NOTHING_DUE = rule(
    "payment_nothing_due",
    zh="到该日没有应发未发的款项：应发的都已列入其他名册、已发放或已放弃。",
    en="By that day nothing is due and unpaid: all that is due is on other lists, paid or given up.",
    source=PAYING,
)
LIST_OVERTAKEN = rule(
    "payment_list_overtaken",
    zh="编制期间，同一项目又有名册编成或款项放弃（同一笔只能有一条有效发放记录）：请重新编制。",
    en="Meanwhile another list of the programme was compiled, or a due was given up; each due has one live payment. Compile it again.",
    source=PAYING,
)
STEP_NOT_DUE = rule(
    "payment_step_not_due",
    zh="名册现处于另一环节，不能办理此项。",
    en="The list is at another step: this one is not due now.",
    source=HANDS,
)
NOTICE_NOT_OVER = rule(
    "payment_notice_not_over",
    zh="公示期未满，不能核实或交付。",
    en="The list still hangs: it is neither verified nor handed over.",
    source=PAYING,
)
SAME_HANDS = rule(
    "payment_same_hands",
    zh="编制、公示、核实、拨付须由不同的人经办；您已在此名册经手。",
    en="Compiling and posting, verifying and releasing are done by different persons: you have a hand in this list already.",
    source=HANDS,
)
QUOTA_MISSING = rule(
    "payment_quota_missing",
    zh="当地当日没有该项目生效的资金额度：请在资金账上为该项目预留，或由管理员采用额度文件。",
    en="No quota of this programme is in force in that place on that day: reserve it in a fund, or have an operator adopt a document of"
    " the kind payment_quota (docs/money.md shows one).",
    source="reserve the quota before paying",
)
QUOTA_OF_OTHER_FUND = rule(
    "payment_quota_of_other_fund",
    zh="该项目当日的额度由所列文号的资金授予，拨付须列其文号；所列文号未授予额度的，请先在该笔资金上预留。",
    en="The programme's quota of that day is granted by the funds named: a release names one of their documents; where the document"
    " meant has granted none, reserve it in that fund first.",
    source="practice (money 9): reserve the quota before paying",
)
QUOTA_EXCEEDED = rule(
    "payment_quota_exceeded",
    zh="拨付后将超出该项目的资金额度。",
    en="This would go beyond the programme's quota.",
    source="reserve the quota before paying",
)
FUND_NOT_POSTED = rule(
    "payment_fund_not_posted",
    zh="该资金文件的用途尚未公示，不得发放：请先公示并登记。",
    en="What the fund of this document is used for is not posted, so nothing of it is paid: post it first.",
    source="source facts §5 rule 31; the programme's document",
)
FUND_USE_NOT_POSTED = rule(
    "payment_fund_use_not_posted",
    zh="该资金的使用未公示，或公示期未满，不得发放：请先在该资金下登记使用公示，公示期满后再办理。",
    en="The use of this fund for the programme was not posted, or its notice is not over: post it with the fund itself, and release when"
    " the notice is over.",
    source="M198; source facts §5 rule 52: funds are posted before use",
)
FUND_IS_IN_MONITORING = rule(
    "payment_fund_is_posted_with_itself",
    zh="该文号的资金已在监测服务登记，其使用公示请在该资金下登记。",
    en="The money of this document is a fund of monitoring's: its use is posted with the fund itself.",
    source="source facts §5 rule 68: what is told twice counts once",
)
LINE_UNKNOWN = rule(
    "payment_line_unknown",
    zh="名册中没有这一行。",
    en="The list has no such line.",
    source=PAYING,
)
LINE_NOT_LISTED = rule(
    "payment_line_not_listed",
    zh="该行已剔除或已交付，不能再剔除；已交付的按退回办理。",
    en="The line was struck or handed over already; what was handed over comes back as a return.",
    source=PAYING,
)
LINE_NOT_HELD = rule(
    "payment_line_not_held",
    zh="该行没有暂缓。",
    en="The line is not held.",
    source=PAYING,
)
NOTHING_TO_HAND_OVER = rule(
    "payment_nothing_to_hand_over",
    zh="没有可以交付的行：均已交付、剔除或暂缓。",
    en="No line is left to be handed over: all were, or are struck or held.",
    source=PAYING,
)
NOTHING_RETURNED = rule(
    "payment_nothing_returned",
    zh="该名册没有退回而未重发的行。",
    en="No line of the list is returned and not paid again.",
    source=PAYING,
)
ACCOUNTS_NOT_NEEDED = rule(
    "payment_accounts_not_needed",
    zh="账号仅供制作代发文件：名册交付之后、平台答复之前方可查看，实物发放的不需要。",
    en="Account numbers are for the platform's file alone: they are read after the hand-over and until the platform has answered, and"
    " never of goods.",
    source="Personal Information Protection Law, article 6; docs/privacy.md",
)
OUTCOME_UNKNOWN = rule(
    "payment_outcome_unknown",
    zh="该名册没有这条有效的结果登记。",
    en="The list has no such outcome that stands.",
    source=PAYING,
)
OUTCOME_RESTED_ON = rule(
    "payment_outcome_rested_on",
    zh="以后的登记以此为据（同一行又有退回或重发）：请先作废后来的登记。",
    en="Later entries rest on it (the line was returned or paid again since): annul those first.",
    source=PAYING,
)
PAPER_USED = rule(
    "payment_paper_used",
    zh="该收据、凭证或文号已就同一笔应发登记过，不重复登记；如前一笔有误，请先作废。",
    en="This receipt, voucher or document is on record for the same due and is not entered twice; if that entry is wrong, annul it first.",
    source=PAYING,
)
UNIT_ENTRY_UNKNOWN = rule(
    "payment_unit_entry_unknown",
    zh="该记录不是此人有效的登记；请在其发放账目中选取。",
    en="This is no standing entry of the beneficiary; take one from their account.",
    source=PAYING,
)
UNIT_ENTRY_RESTED_ON = rule(
    "payment_unit_entry_rested_on",
    zh="追回的款项已退还，退还以此为据：请一并作废，或先作废退还。",
    en="What was recovered has been given back and rests on it: annul both together, or the refund first.",
    source=PAYING,
)
BEFORE_LAST_ACT = rule(
    "payment_before_last_act",
    zh="日期早于名册的上一步（见 since）；请核对日期。",
    en="The day is before the list's last act (``since``); check the day.",
    source=PAYING,
)
MORE_THAN_OWED = rule(
    "payment_more_than_owed",
    zh="金额多于尚欠的多付款。",
    en="It is more than is still owed.",
    source="recovery by plan",
)
PLAN_NOT_OF_OWED = rule(
    "payment_plan_not_of_owed",
    zh="各期之和须等于尚欠的多付款。",
    en="The instalments add up to what is still owed.",
    source="recovery by plan",
)
MORE_THAN_UNPAID = rule(
    "payment_more_than_unpaid",
    zh="金额多于应发未发的款项。",
    en="It is more than is due and unpaid.",
    source=PAYING,
)
MORE_THAN_REFUNDABLE = rule(
    "payment_more_than_refundable",
    zh="金额多于已追回而仍应发的款项。",
    en="It is more than was recovered and is due after all.",
    source=PAYING,
)
PERIODS_CUT_LIST = rule(
    "payment_periods_cut_list",
    zh="所问期间只含某一名册的一部分：请改为能完整包含该名册的期间。",
    en="The periods hold only a part of a list: ask with periods that hold it whole.",
    source=PAYING,
    status=422,
)
FIGURES_CHANGED = rule(
    "payment_figures_changed",
    zh="办理期间又有款项登记，请重新提交。",
    en="Payments were recorded meanwhile: send it again.",
    source=YEAR_END,
)
YEAR_CLOSED = rule(
    "payment_year_closed",
    zh="该项目该年度（或其后年度）已办理结账。",
    en="The programme's year is closed in that place, or one after it is.",
    source=YEAR_END,
)
YEAR_NOT_BEGUN = rule(
    "payment_year_not_begun",
    zh="该年度尚未开始，不能结账；请核对年度。",
    en="The year has not begun and cannot be closed; check the year.",
    source=YEAR_END,
)
YEAR_NOT_RECONCILED = rule(
    "payment_year_not_reconciled",
    zh="两项恒等式不成立，或尚有在途、退回未重发、多付未处理的款项，不能结账。",
    en="An identity does not hold, or something is pending, returned and not paid again, or overpaid and unresolved: it is not closed.",
    source=YEAR_END,
)
CLOSING_NOT_PROPOSED = rule(
    "payment_closing_not_proposed",
    zh="尚无人提出结账，或提出后数字已变。",
    en="Nobody has proposed it, or the figures changed since.",
    source=YEAR_END,
)
CLOSING_BY_PROPOSER = rule(
    "payment_closing_by_proposer",
    zh="结账须由提出人以外的人办理。",
    en="A second person closes it, not who proposed it.",
    source=YEAR_END,
)
