"""Every rule of loans: one code, two languages, its source. The functions that ask them are in ``domain`` and ``eligibility``."""

from services.chassis.ground.refusals import rule

FOLLOWS = "what a death or removal in the register means for a loan (M165)"
ENTRIES, PRODUCT = "loan accounts as lenders keep them (M164–M169)", "loan product documents of this installation"

FUTURE_DAY = rule(
    "loan_future_day", zh="日期不能晚于今天；请在发生之后登记。", en="The day lies in the future; enter it once it has happened.",
    source=ENTRIES,
)  # fmt: skip
BEFORE_CONTRACT = rule(
    "loan_before_contract", zh="日期早于合同签订日；请核对日期或所属合同。",
    en="The day is before the contract's; check the day, or which contract it belongs to.", source=ENTRIES,
)  # fmt: skip
VOUCHER_USED = rule(
    "loan_voucher_used", zh="该凭证号已登记过，不重复登记；如前一笔有误，请先冲正。",
    en="This voucher is on record already and is not entered twice; if that entry is wrong, reverse it first.", source=ENTRIES,
)  # fmt: skip
BEYOND_PRINCIPAL = rule(
    "loan_beyond_principal", zh="放款合计超过合同金额；请核对金额。",
    en="More would be paid out than was contracted; check the amount.", source=ENTRIES,
)  # fmt: skip
BEFORE_DISBURSEMENT = rule(
    "loan_before_disbursement", zh="该日尚未放款，不能登记还款、分红或带动就业；请先登记放款，或核对日期。",
    en="Nothing had been paid out by that day, so nothing is repaid, and neither dividend nor job comes of it: enter it first, or"
    " check the day.",
    source=ENTRIES,
)  # fmt: skip
BEYOND_DEBT = rule(
    "loan_beyond_debt", zh="还款超过全部欠款（见 debt）；请核对金额，提前还清的请注明提前还款。",
    en="More than the whole debt (``debt``); check the amount, and say so where the loan is settled ahead of time.",
    source=ENTRIES,
)  # fmt: skip
PREPAYMENT_TOO_SMALL = rule(
    "loan_prepayment_too_small", zh="扣除到期本息和截至当日的利息后，没有可提前归还的本金；请按普通还款登记。",
    en="After what is due and the interest through the day nothing is left for principal; enter it as an ordinary repayment.",
    source=ENTRIES,
)  # fmt: skip
WRONG_CURRENCY = rule(
    "loan_wrong_currency", zh="只登记人民币（CNY）；请按入账的人民币金额登记。",
    en="Accounts are kept in renminbi (CNY); enter the amount that was credited in it.", source=ENTRIES,
)  # fmt: skip
WRONG_SUM = rule(
    "loan_wrong_sum", zh="本金、利息、罚息之和与合计不符；请按银行回单更正。",
    en="Principal, interest and penalty do not add up to the total; correct them by the bank's slip.", source=ENTRIES,
)  # fmt: skip
SCHEDULE_NOT_ZERO = rule(
    "loan_schedule_not_zero", zh="约定的各期本金之和不等于合同金额，还款计划不能归零；请更正各期金额。",
    en="The agreed parts do not add up to the principal, so the schedule does not end at zero; correct them.", source=ENTRIES,
)  # fmt: skip
SCHEDULE_DAYS = rule(
    "loan_schedule_days", zh="还款日期不成顺序：应晚于签订日，逐期递增，末期为到期日。",
    en="The due days are out of order: after the contract's, each later than the one before, the last on the final day.",
    source=ENTRIES,
)  # fmt: skip
RATES_OVERLAP = rule(
    "loan_rates_overlap", zh="该期间的利率已更正过（见 since、until）；请先作废前一次更正，或改填不重叠的期间。",
    en="The rate of this period was corrected already (``since``, ``until``): annul that correction first, or give a period that"
    " does not overlap.",
    source=ENTRIES,
)  # fmt: skip
RATE_ENDS_FIRST = rule(
    "loan_rate_ends_before_it_begins", zh="利率的截止日（until，不含当日）应晚于起始日；请更正日期，一直有效的不填。",
    en="The rate ends (``until``, that day excluded) after it begins: correct the days, or leave the end out where it goes on.",
    source=ENTRIES,
)  # fmt: skip
NOT_LATER = rule(
    "loan_extension_not_later", zh="展期后的到期日应晚于现到期日。", en="An extension ends later than the loan does now.",
    source=PRODUCT,
)  # fmt: skip
EXTENDED_TOO_LATE = rule(
    "loan_extended_after_its_end", zh="贷款已到期，不能再展期；可结清后续贷。",
    en="The loan has fallen due and cannot be extended; it can be renewed once it is settled.", source=PRODUCT,
)  # fmt: skip
SETTLED_ALREADY = rule(
    "loan_settled_already", zh="贷款已结清，没有可展期的欠款；需要继续用款的，请签订续贷合同（renews）。",
    en="The loan is settled and nothing is left to be extended; who needs the money longer signs another contract that renews it"
    " (``renews``).",
    source=PRODUCT,
)  # fmt: skip
EXTENSION_NOT_ALLOWED = rule(
    "loan_extension_not_allowed", zh="该产品不允许展期，或已达次数、期限（见 times、months）。",
    en="The product allows no extension, or no further or longer one (``times``, ``months``).", source=PRODUCT,
)  # fmt: skip
NOT_OVERDUE_ENOUGH = rule(
    "loan_not_overdue_enough", zh="逾期未满规定天数，不能代偿（见 first_day）；请继续催收。",
    en="Not overdue for the days that compensation takes (``first_day``); go on collecting.", source=PRODUCT,
)  # fmt: skip
COMPENSATED_ALREADY = rule(
    "loan_compensated_already", zh="该笔贷款已代偿；借款人此后所付请登记为追偿收回。",
    en="The loan has been compensated; what the borrower pays since is entered as recovered.", source=PRODUCT,
)  # fmt: skip
COMPENSATED_SINCE = rule(
    "loan_compensated_since",
    zh="此后已按当时所知的欠款代偿（见 compensated_on）；请先作废代偿（连同追回），再登记或作废本项，然后按实际欠款重新登记代偿。",
    en="Since then the debt was compensated as it was known (``compensated_on``): annul that with what was recovered of it,"
    " enter this or annul it, and then enter the compensation of what was owed.",
    source=PRODUCT,
)  # fmt: skip
NO_LOSSES_SHARED = rule(
    "loan_no_losses_shared", zh="该产品没有风险补偿的约定，不能代偿。",
    en="The product's paper has nobody share losses, so nothing is compensated.", source=PRODUCT,
)  # fmt: skip
NOT_COMPENSATED = rule(
    "loan_not_compensated", zh="该日尚未代偿；借款人所付请登记为还款。",
    en="The loan had not been compensated by that day; what the borrower pays is entered as a repayment.", source=ENTRIES,
)  # fmt: skip
BEYOND_CLAIM = rule(
    "loan_beyond_claim", zh="收回金额超过尚未收回的代偿款（见 claim）；请核对。",
    en="More than what is still claimed (``claim``); check the amount.", source=ENTRIES,
)  # fmt: skip
BEYOND_SUBSIDY = rule(
    "loan_beyond_subsidy", zh="贴息支付超过应贴金额（见 subsidy_due）；利率或期间有误的，请先更正。",
    en="More than the subsidy that is due (``subsidy_due``); where a rate or day is wrong, correct that first.", source=PRODUCT,
)  # fmt: skip
BEYOND_OVERPAID = rule(
    "loan_beyond_overpaid_subsidy", zh="退回金额超过多付的贴息（见 overpaid）；应贴金额变少的，请先登记更正或冲正。",
    en="More than the subsidy that was paid beyond what is due (``overpaid``); where less is due, enter what was corrected or annulled"
    " first.",
    source=PRODUCT,
)  # fmt: skip
NOT_FOR_DIVIDEND = rule(
    "loan_not_for_dividend", zh="该贷款不是投资分红用途，不能登记分红。",
    en="The loan is not one invested for dividend (R30), so none is entered.", source="R30; M165",
)  # fmt: skip
NOT_ITS_ENTRY = rule(
    "loan_not_its_entry", zh="该记录不是本贷款的有效记录；请在对账单中选取。",
    en="This is no standing entry of the loan; take one from its statement.", source=ENTRIES,
)  # fmt: skip
CONTRACT_STANDS = rule(
    "loan_has_entries", zh="合同项下还有登记，不能作废；请先冲正放款等各笔。",
    en="The contract still has entries; reverse those, the disbursements among them, first.", source=ENTRIES,
)  # fmt: skip
RESTORED_OTHERWISE = rule(
    "loan_restored_otherwise", zh="恢复后的分担金额与现在的欠款或代偿余额不符；请按现在的金额重新登记。",
    en="What would stand again was shared by another debt or claim than there is now: enter it anew.", source=ENTRIES,
)  # fmt: skip
CONTRACT_NO_USED = rule(
    "loan_contract_no_used", zh="该贷款机构的这一合同号已登记过；请核对合同号，不重复登记。",
    en="This lender's contract number is on record already: check the number; a contract is entered once.", source=ENTRIES,
)  # fmt: skip
REVIEW_NOT_OPEN = rule(
    "loan_review_not_open", zh="该贷款没有这一待定的复核，或已有结论，或结论早于复核；请在对账单中选取。",
    en="The loan has no such open review: it was decided, or is none of its own, or opened later; take one from its statement.",
    source=FOLLOWS,
)  # fmt: skip
REVIEW_DEBTOR = rule(
    "loan_review_debtor",
    zh="改由他人偿还的，须写明一名当日在册的债务人；仍由本人偿还或由风险补偿承担的，不写债务人；本人已去世的，不能仍由本人偿还。",
    en="Where somebody else is to owe it, name them: a person who lives in the register on that day; otherwise name nobody. Who has"
    " died does not go on owing it.",
    source=FOLLOWS,
)

PRODUCT_NOT_IN_FORCE = rule(
    "loan_product_not_in_force", zh="当日当地没有这一生效的贷款产品；请查看产品文件。",
    en="No such product is in force there on that day; see the product documents.", source=PRODUCT,
)  # fmt: skip
NOT_ELIGIBLE = rule(
    "loan_not_eligible", zh="不符合该产品的借款条件（原因见 reasons）。",
    en="Not eligible for this product, for the ``reasons`` given.", source=PRODUCT,
)  # fmt: skip
USE_FORBIDDEN = rule(
    "loan_use_forbidden", zh="该产品在当日不允许这一用途；自主生产与投资分红须分开，后者自停止之日起不得再办。",
    en="The product does not lend for this use on that day: production of one's own and investment for dividend are kept apart, and"
    " the latter is forbidden from its day.",
    source="R30; M165",
)  # fmt: skip
ABOVE_LIMIT = rule(
    "loan_above_limit", zh="连同未结清的贷款超过该产品限额（见 limit、open）。",
    en="With what is open already it is above the product's limit (``limit``, ``open``).", source=PRODUCT,
)  # fmt: skip
OPEN_LOAN = rule(
    "loan_open_already", zh="该借款人还有未结清的同类贷款；请先结清，再申请续贷。",
    en="The borrower has an open loan of this product; settle it first, and then renew.", source=PRODUCT,
)  # fmt: skip
TERM_TOO_LONG = rule(
    "loan_term_too_long", zh="期限超过该产品规定（见 months）。", en="Longer than the product lends for (``months``).",
    source=PRODUCT,
)  # fmt: skip
BASE_RATE_NOT_IN_FORCE = rule(
    "loan_base_rate_not_in_force", zh="该产品按基准利率放款，而当日当地没有对应期限的生效基准利率文件；请管理员先行公布。",
    en="The product lends at a base rate, and no document of it for this term is in force there on that day: have an operator adopt it"
    " first.",
    source=PRODUCT,
)  # fmt: skip
RATE_NEEDED = rule(
    "loan_rate_needed", zh="该产品没有基准利率，请填写合同利率。",
    en="The product lends at no base rate: give the contract's rate.", source=PRODUCT,
)  # fmt: skip
RATE_TOO_HIGH = rule(
    "loan_rate_too_high", zh="利率高于该产品当日上限或合同期限的基准利率（见 at_most）。",
    en="Above the product's rate of that day, or the base rate for the contract's term (``at_most``).",
    source=PRODUCT,
)  # fmt: skip
LENDING_STOPPED = rule(
    "loan_lending_stopped", zh="代偿未收回的比例已达上限（见 percent），该产品在当地暂停放款；收回后恢复。",
    en="What was compensated and not recovered has reached the tolerance (``percent``): no more is lent there until some of it is"
    " recovered.",
    source=PRODUCT,
)  # fmt: skip
DRAWS_NOBODY_IN = rule(
    "loan_draws_nobody_in", zh="该产品须带动贫困户：请写明所带动的户（drawn_in），且当日均为本辖区在册贫困户（不符的见 not_poor）。",
    en="This product is for who draws poor households in: name them (``drawn_in``), each poor on that day and in your area"
    " (``not_poor`` are not).",
    source="R39; M164",
)  # fmt: skip
RENEWS_NOTHING = rule(
    "loan_renews_nothing", zh="续贷的前一笔贷款不存在、尚未结清，或该产品不允许续贷。",
    en="What is renewed must be a settled loan of this borrower, and the product one that may be renewed.", source=PRODUCT,
)  # fmt: skip
NOT_APPROVED = rule(
    "loan_not_approved",
    zh="该产品须先按程序申请并获同意，且每项同意只签一份合同；请先办理申请。",
    en="This product is applied for by its procedure first, and each approval gives one contract: apply first.",
    source=PRODUCT,
)
NOT_AS_APPROVED = rule(
    "loan_not_as_approved",
    zh="合同与所同意的不符（见 amount、months、on）：借款人、产品、用途须一致，金额和期限不得超过，日期不得早于同意之日。",
    en="The contract is not what was approved (``amount``, ``months``, ``on``): the same borrower, product and use, no more and no"
    " longer, and not before that day.",
    source=PRODUCT,
)
NAME_THE_BORROWER = rule(
    "loan_name_the_borrower",
    zh="请写明借款人：某户的某人（household_id 和 person_id），或者借款单位（organisation），二者只填其一。",
    en="Say who borrows: a person of a household, or an organisation; one of the two.",
    source=ENTRIES,
)
COMPARED_WITH_LATER = rule(
    "loan_compared_with_not_earlier", zh="“与何日所知比较”须早于“按何日所知”；请对调两个日期。",
    en="``compared_with`` must be before ``known_at``: exchange the two days.", source="Lika design: two times", status=422,
)  # fmt: skip
