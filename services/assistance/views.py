"""The views of assistance's own log, in the order in which a batch of it is brought into them."""

from services.assistance.employment import view as employment_view
from services.assistance.entitlements import store as entitlement_store
from services.assistance.findings.domain import CheckedHelper
from services.assistance.findings.feed import helper_findings_view
from services.assistance.findings.risks.feed import MeasuresOfRisks, RiskFindingsView
from services.assistance.handovers import view as handovers_view
from services.assistance.inbox import view as inbox_view
from services.assistance.loans import view as loan_view
from services.assistance.loans.risk_funds import view as risk_fund_view
from services.assistance.measures import view as measures_view
from services.assistance.pairs import record_doers
from services.assistance.pairs import view as pairs_view
from services.assistance.parties import view as parties_view
from services.assistance.payments import tables as payment_tables
from services.assistance.payments.years import years_view
from services.assistance.training import view as training_view
from services.casework.duties import view as duty_view
from services.casework.duties.feed import ChangedDutySets
from services.casework.findings.feed import FindingRows, answers_view
from services.casework.procedures import view as case_view
from services.casework.procedures.repository import ProcedureRepository
from services.casework.records import view as record_view
from services.chassis.following.reactions import Reaction
from services.chassis.following.sealed_subjects import SealedSubjectsView


def assistance_views(
    procedures: ProcedureRepository, finding_rows: FindingRows[CheckedHelper], risk_findings: RiskFindingsView
) -> tuple[Reaction, ...]:
    """``finding_rows``: of helpers; ``risk_findings``: which the register's facts move, too."""
    return (
        case_view.view(procedures),
        entitlement_store.view(),
        pairs_view.register_view(),
        pairs_view.view(),
        parties_view.view(),
        handovers_view.view(),
        loan_view.view(),
        risk_fund_view.view(),
        training_view.view(),
        training_view.needs_view(),
        employment_view.view(),
        employment_view.offers_view(),
        measures_view.view(),
        helper_findings_view(finding_rows),
        MeasuresOfRisks(risk_findings),
        answers_view(),
        duty_view.view(),
        record_view.view(),
        record_doers.view(),
        payment_tables.lists_view(),
        payment_tables.units_view(),
        years_view(),
        inbox_view.view(),
        ChangedDutySets(),
        SealedSubjectsView(),
    )
