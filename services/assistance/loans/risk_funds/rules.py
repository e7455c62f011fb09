"""Every rule of risk funds: one code, two languages, its source."""

from services.chassis.ground.refusals import rule

SOURCE = "loan product documents of this installation (losses); source facts M165, practice of risk funds"

BEYOND_FUND = rule(
    "risk_fund_beyond_balance", zh="该日或此后风险补偿金不足（见 available）；请核对日期、金额，或先登记缴入。",
    en="On that day or a later one the fund would hold less than nothing (``available``): check day and amount, or enter first what"
    " was paid in.",
    source=SOURCE,
)  # fmt: skip
VOUCHER_USED = rule(
    "risk_fund_voucher_used", zh="该凭证号已登记过，不重复登记；如前一笔有误，请先作废。",
    en="This voucher is on record already and is not entered twice; if that entry is wrong, annul it first.", source=SOURCE,
)  # fmt: skip
NOT_ITS_ENTRY = rule(
    "risk_fund_not_its_entry", zh="该记录不是这一风险补偿金的有效记录；请在其明细中选取。",
    en="This is no standing entry of the fund; take one from its entries.", source=SOURCE,
)  # fmt: skip
NO_LOSSES_BORNE = rule(
    "risk_fund_bears_nothing", zh="该产品文件没有风险补偿金分担损失的约定；请查看产品文件。",
    en="The product's paper has no fund bear losses; see the product documents.", source=SOURCE,
)  # fmt: skip
