"""Rules by which lines of a bank statement are refused, beside those of the entries themselves."""

from services.chassis.ground.refusals import rule

STATEMENT = "bank statement layout of this installation"

NO_LAYOUT = rule(
    "loan_statement_no_layout", zh="当日没有生效的银行流水版式：请管理员确认版式文件。",
    en="No layout of the bank statement is in force on that day: have an operator adopt one.",
    source="layout documents of this installation",
)  # fmt: skip
UNKNOWN_CONTRACT = rule(
    "loan_statement_unknown_contract", zh="本辖区没有该贷款机构的这一合同号：请核对机构名称和合同号，或先登记合同。",
    en="No contract of this lender has this number in your area: check lender and number, or enter the contract first.",
    source=STATEMENT, status=422,
)  # fmt: skip
NOT_AN_AMOUNT = rule(
    "loan_statement_not_an_amount", zh="金额应大于零。", en="An amount is above zero.", source=STATEMENT,
    status=422,
)  # fmt: skip
TOO_LONG = rule(
    "loan_statement_text_too_long", zh="凭证号不超过 60 个字符。", en="A voucher has at most 60 characters.", source=STATEMENT,
    status=422,
)  # fmt: skip
OVERTAKEN = rule(
    "loan_statement_overtaken", zh="导入期间该合同的账目被他人改动：请核对后重新导入。",
    en="Others changed this contract's account during the import: check it and import again.",
    source="Lika design: decided under the lock",
)  # fmt: skip
