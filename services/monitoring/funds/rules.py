"""The rules by which a command about a fund is refused, each with its source."""

from services.chassis.ground.refusals import Rule, rule
from services.monitoring.funds.accounting import Account

TOLD_ALREADY = rule(
    "fund_told_already",
    zh="同一来源、同一文号（没有文号的，名称、年度、金额和期限相同）的资金已登记，只计一次；请在该笔资金上办理。",
    en="The fund of this source and document number (without one: of this name, year, sum and term) is entered already and counts"
    " once; act on that one.",
    source="practice (money 9); M205: the same fund told twice",
)
SOURCE_TRUNCATED = rule(
    "fund_source_incomplete",
    zh="资金来源和筹资单位须写全称，不能缺字或省略。",
    en="Where a fund comes from, and which unit raises it, is written in full.",
    source="C25",
)
SUM_IMPLAUSIBLE = rule(
    "fund_sum_implausible",
    zh="金额过小，可能把“万元”填成了“元”；请核对单位，确系“元”的请注明已核对（“sum_confirmed”）。",
    en="So small a sum may be 万元 typed as yuan: check the unit, and confirm it (``sum_confirmed``) if it is yuan indeed.",
    source="issue of this installation: 万元 typed as 元",
)
CLOSED_YEAR = rule(
    "fund_year_closed",
    zh="该年度已结账，不能再登记或撤销该年度的收支；请按实际发生日登记在未结账年度。",
    en="The fiscal year is closed: nothing more is entered or annulled in it; what happens later is dated later.",
    source="practice (money 9): fiscal closing before 31 December",
)
YEAR_NOT_OVER = rule(
    "fund_year_not_to_be_closed",
    zh="该年度早于资金所属年度，或结账日早于该年度十二月，不能结账。",
    en="The year is before the fund's own, or the day of closing before its December.",
    source="practice (money 9): fiscal closing before 31 December",
)
DECISION_MISSING = rule(
    "fund_decision_missing",
    zh="资金分配须填明决定机关、日期、文号和签发人。",
    en="An allocation names the deciding organ, its day, number and signer.",
    source="M197",
)
USE_UNCLEAR = rule(
    "fund_use_unclear",
    zh="资金用途须且只能填一个项目或一项帮扶措施。",
    en="A use is one project, or one programme: name one of the two.",
    source="M197",
)
USE_UNKNOWN = rule(
    "fund_project_unknown",
    zh="没有该项目，或不在该资金的使用地区。",
    en="There is no such project where the fund is held.",
    source="M197",
)
PURPOSE_MISMATCH = rule(
    "fund_purpose_mismatch",
    zh="资金用途与规定用途不符，专款专用。",
    en="The use is not what the fund is earmarked for.",
    source="M197: earmarked funds (专款专用)",
)
PROJECT_NOT_PLANNED = rule(
    "fund_project_not_planned",
    zh="项目尚未列入年度计划，不能分配资金。",
    en="The project is in no yearly plan: nothing is allocated to it yet.",
    source="practice (projects): the library comes first",
)
PROJECT_NOT_CHARTERED = rule(
    "fund_project_not_chartered",
    zh="项目尚未立项，不能支付。",
    en="The project has no charter: nothing is paid for it yet.",
    source="M195, M197",
)
PROJECT_CLOSED = rule(
    "fund_project_closed",
    zh="项目已结项或撤销，不能再支付（质保金除外）。",
    en="The project is closed or withdrawn: nothing more is paid for it but what was retained.",
    source="M194, M197",
)
NOT_POSTED = rule(
    "fund_use_not_posted",
    zh="资金使用未公示或公示期未满，不能支付。",
    en="The use was not posted, or its notice is not over: nothing is spent before.",
    source="M198: posting before use, a hard precondition",
)
NOTICE_BACKWARDS = rule(
    "fund_notice_ends_before_it_hangs",
    zh="公示截止日期不能早于张贴日期。",
    en="A notice does not end before it hangs.",
    source="M198: posting before use, a hard precondition",
)
NOTICE_STILL_NEEDED = rule(
    "fund_notice_still_needed",
    zh="已有支付以该公示为前提，不能单独撤销；请与该笔支付一并撤销，或先登记另一公示。",
    en="A payment rests on this notice: annul both in one act, or enter another notice first.",
    source="M198: posting before use, a hard precondition",
)
OPENS_OWN_CLOSING = rule(
    "fund_opens_own_closing",
    zh="结账人不能撤销本人所作的年度结账。",
    en="Who closed a year does not open it again: another person annuls the closing.",
    source="practice (money 9): fiscal closing; Lika access rules: nobody approves what they entered",
)
PAID_BY_LISTS = rule(
    "fund_programme_is_paid_by_lists",
    zh="该项目由发放名册支付，资金随名册自动列支，不再手工登记支付或退回。",
    en="This programme is paid by pay-lists, which draw on the fund by themselves: nothing is booked by hand beside them.",
    source="practice (money 9); M205: the same money told twice",
)
VOUCHER_TWICE = rule(
    "fund_voucher_twice",
    zh="该凭证号已登记。",
    en="This voucher is entered already.",
    source="practice (money 9): reconciled by voucher",
)
RETAINED_TOO_MUCH = rule(
    "fund_retains_more_than_paid",
    zh="预留质保金不能达到或超过支付额。",
    en="What is retained is less than what is paid.",
    source="practice (money 9): retention",
)
PLEDGE_EXCEEDED = rule(
    "fund_received_more_than_pledged",
    zh="到账、核减金额合计超过承诺金额；到账更多的，请先登记追加的资金。",
    en="More is received or cut than was promised; what was added is entered as a fund first.",
    source="practice (money 9)",
)
FUND_SHORT = rule(
    "fund_not_enough_available",
    zh="资金可用余额不足。",
    en="Not so much of the fund is available on that day, or on a later one on which it is used already.",
    source="practice (money 9)",
)
BEYOND_ALLOCATION = rule(
    "fund_beyond_allocation",
    zh="超过已分配的金额。",
    en="This is more than is allocated to the use.",
    source="practice (money 9)",
)
BEYOND_RESERVATION = rule(
    "fund_beyond_reservation",
    zh="超过已预留的额度；请先预留额度。",
    en="This is more than the quota that is reserved; reserve it first.",
    source="practice (money 9): reserve the quota before paying",
)
HELD_BY_LISTS = rule(
    "fund_quota_held_by_lists",
    zh="已拨付审核的发放名册仍占用该额度，不能收回；请先作废名册，或先另行预留额度。",
    en="Pay-lists that were released hold this quota: it is not taken back; withdraw them, or reserve another quota first.",
    source="practice (money 9): reserve the quota before paying",
)
BEYOND_RETENTION = rule(
    "fund_beyond_retention",
    zh="超过预留的质保金。",
    en="This is more than was retained.",
    source="practice (money 9): retention",
)
RETURN_TOO_LARGE = rule(
    "fund_returns_more_than_paid",
    zh="退回金额超过已支付金额。",
    en="More comes back than was paid.",
    source="practice (money 9)",
)
RETURNED_TO_SOURCE = rule(
    "fund_returned_more_than_given",
    zh="退还来源的金额超过资金总额。",
    en="More goes back than was ever given.",
    source="practice (money 9)",
)
SHORT_OF: dict[Account, Rule] = {
    Account.PLEDGED: PLEDGE_EXCEEDED,
    Account.AVAILABLE: FUND_SHORT,
    Account.ALLOCATED: BEYOND_ALLOCATION,
    Account.RESERVED: BEYOND_RESERVATION,
    Account.RETAINED: BEYOND_RETENTION,
    Account.SPENT: RETURN_TOO_LARGE,
    Account.SOURCE: RETURNED_TO_SOURCE,
}
"""Account that would be short → why the act is refused."""
NOT_A_VILLAGE_FUND = rule(
    "fund_is_no_village_fund",
    zh="只有村级资金按半年公布账目。",
    en="Only the accounts of a village fund are posted every half-year.",
    source="M202",
)
HALF_YEAR_RUNS = rule(
    "fund_half_year_not_over",
    zh="该半年尚未结束，不能公布账目。",
    en="The half-year is not over; its accounts are posted afterwards.",
    source="M202",
)
POSTED_ALREADY = rule(
    "fund_accounts_posted_already",
    zh="该半年账目已公布。",
    en="The accounts of this half-year are posted already.",
    source="M202",
)
NO_COMMON_FUND = rule(
    "fund_is_no_common_money",
    zh="只有村级资金和捐赠、帮扶单位、村民筹集的资金须逐期报告。",
    en="Reported are village funds and what donors, helping units or villagers gave.",
    source="M201, M206",
)
PERIOD_RUNS = rule(
    "fund_report_period_not_over",
    zh="报告期尚未结束，或起止日期颠倒。",
    en="The period of the report is not over, or ends before it begins.",
    source="M201",
)
REPORTED_ALREADY = rule(
    "fund_period_reported_already",
    zh="该报告期或其中一部分已向同一单位报告；如有误，请先撤销原报告。",
    en="This period, or a part of it, was reported there already; annul that report first if it is wrong.",
    source="source facts §5 rule 72: reports upward are true",
)
EVIDENCE_MISSING = rule(
    "fund_evidence_missing",
    zh="此步骤须附佐证材料。",
    en="This step needs evidence.",
    source="M198, M202",
)
ACT_UNKNOWN = rule(
    "fund_act_not_standing",
    zh="所列记录不存在或已撤销。",
    en="A fact named is not there, or is void already.",
    source="Lika design: what is annulled is an act",
)
DECLARATION_RESTED_ON = rule(
    "fund_declaration_rested_on",
    zh="该笔资金还有其他登记；要撤销资金登记本身，须一并撤销所列各项。",
    en="Other acts about the fund stand: whoever annuls that it was promised annuls them in the same act.",
    source="Lika design: what is annulled is an act",
)
DAY_TOO_EARLY = rule(
    "fund_day_too_early",
    zh="日期早于资金登记日期。",
    en="The day precedes that on which the fund was promised.",
    source="Lika design: two times",
)
DUE_EARLY = rule(
    "fund_due_before_promised",
    zh="到账期限不能早于登记日期。",
    en="A sum is not due before it is promised.",
    source="practice (money 9): pledges overdue",
)
