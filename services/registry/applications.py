"""What the applications for the registry's procedures say of their own, by what an approved one brings about."""

from contracts.registry.corrections import CorrectionMade
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.identities import PersonCorrected
from contracts.registry.merges import PersonsMerged
from contracts.registry.monitoring import MonitoringStarted, RiskEliminated
from contracts.registry.reasons import CancelReason
from services.casework.procedures.application_forms import Application
from services.registry.cases.monitoring_terms import EliminationApplication, StartApplication
from services.registry.corrections.terms import Terms as CorrectionTerms
from services.registry.identities.forms import IdentityTerms
from services.registry.lifecycle import terms as lifecycle

APPLICATIONS = (
    Application(MonitoringStarted.type_name, StartApplication),
    Application(RiskEliminated.type_name, EliminationApplication),
    Application(
        HouseholdCancelled.type_name, lifecycle.MergeApplication, {"reasons": [CancelReason.MERGED]}, "HouseholdMerge"
    ),
    Application(HouseholdCancelled.type_name, lifecycle.EndApplication),
    Application(HouseholdReinstated.type_name, lifecycle.ReinstatementApplication),
    Application(PersonsMerged.type_name, lifecycle.PersonsMergeApplication),
    Application(CorrectionMade.type_name, CorrectionTerms),
    Application(PersonCorrected.type_name, IdentityTerms),
)
