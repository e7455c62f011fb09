"""What the applications for assistance's procedures say of their own, by what an approved one brings about."""

from contracts.assistance.entitlements import EntitlementGranted
from contracts.assistance.loans import LoanApproved
from services.assistance.entitlements.domain import Terms as EntitlementTerms
from services.assistance.loans.applications import Terms as LoanTerms
from services.casework.procedures.application_forms import Application

APPLICATIONS = (
    Application(EntitlementGranted.type_name, EntitlementTerms),
    Application(LoanApproved.type_name, LoanTerms),
)
