"""Who may do what in the assistance service."""

from contracts.roles import Role
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.duties import DUTY_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.records import RECORD_ROWS
from services.casework.access.roles import READERS
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import FORESIGHT_ROW, RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY
HELPER_OFFICES = frozenset({Role.CADRE, Role.REVIEWER})

AID_ROWS = (
    AccessRow("list_aid_entitlements", READERS, AREA, "查看资助", "List what was granted"),
    AccessRow("list_aid_eligibility", READERS, AREA, "查看资助资格", "List who is eligible, and why"),
)
PAIRING_ROWS = (
    AccessRow("assign_helper", HELPER_OFFICES, AREA, "安排帮扶责任人", "Assign a helper"),
    AccessRow("release_helper", HELPER_OFFICES, AREA, "解除帮扶", "Release a helper"),
    AccessRow("hand_over", HELPER_OFFICES, AREA, "交接帮扶责任人", "Hand over to another helper"),
    AccessRow("list_pairings", READERS, AREA, "查看结对清单", "List households and their helpers"),
    AccessRow("list_helpers", READERS, AREA, "查看帮扶责任人及所帮户数", "List helpers and whom they help"),
    AccessRow("read_pairing", READERS, AREA, "查看一户的帮扶责任人", "Read a household's helpers"),
)

LENDING_OFFICES = frozenset({Role.REVIEWER, Role.DECIDER})
DECIDERS = frozenset({Role.DECIDER})
LOAN_ROWS = (
    AccessRow("contract_loan", LENDING_OFFICES, AREA, "签订借款合同", "Enter a loan contract"),
    AccessRow("disburse_loan", LENDING_OFFICES, AREA, "登记放款", "Enter a disbursement"),
    AccessRow("repay_loan", LENDING_OFFICES, AREA, "登记还款", "Enter a repayment"),
    AccessRow("correct_loan_rate", LENDING_OFFICES, AREA, "更正贷款利率", "Correct a loan's rate"),
    AccessRow("extend_loan", LENDING_OFFICES, AREA, "办理贷款展期", "Extend a loan"),
    AccessRow("compensate_loan", DECIDERS, AREA, "办理风险补偿", "Compensate a loss"),
    AccessRow("recover_loan", LENDING_OFFICES, AREA, "登记代偿后追回", "Enter what is recovered"),
    AccessRow("pay_loan_subsidy", LENDING_OFFICES, AREA, "登记贴息支付", "Enter subsidised interest paid"),
    AccessRow("pay_loan_dividend", LENDING_OFFICES, AREA, "登记投资分红", "Enter a dividend"),
    AccessRow("annul_loan_entries", LENDING_OFFICES, AREA, "作废贷款登记", "Annul loan entries"),
    AccessRow("list_loans", READERS, AREA, "查看贷款清单", "List loans"),
    AccessRow("read_loan_portfolio", READERS, AREA, "查看贷款账龄", "Read what is lent by age of arrears"),
    AccessRow("read_loan_eligibility", READERS, AREA, "查看借款条件", "Read whether somebody may borrow"),
    AccessRow("read_loan", READERS, AREA, "查看贷款对账单", "Read a loan's statement"),
    AccessRow("read_loan_schedule", READERS, AREA, "查看还款计划", "Read what is still to fall due"),
)

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *AID_ROWS,
    *PAIRING_ROWS,
    *LOAN_ROWS,
    *RECORD_ROWS,
    *CASE_ROWS,
    *INBOX_ROWS,
    *DUTY_ROWS,
    *FINDING_ROWS,
    *EVIDENCE_ROWS,
    *EXPORT_ROWS,
)
