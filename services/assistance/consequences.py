"""What each fact that assistance derives from the register's comes to, for who decides there."""

from collections.abc import Mapping

from contracts.assistance import employment, entitlements, loans, pairing, pairs, training
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.payments import PayLinesFreed, PayLinesHeld
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.consequences import ConsequenceEffect
from contracts.facts import Fact

EFFECTS: Mapping[type[Fact], ConsequenceEffect] = {
    entitlements.EntitlementTransferred: ConsequenceEffect.CHANGES,
    entitlements.EntitlementContinued: ConsequenceEffect.GOES_ON,
    entitlements.EntitlementEndedAtStageChange: ConsequenceEffect.STOPS,
    entitlements.EntitlementStopped: ConsequenceEffect.STOPS,
    entitlements.OverpaidReviewOpened: ConsequenceEffect.TO_DECIDE,
    entitlements.EntitlementFactsAnnulled: ConsequenceEffect.UNDONE,
    pairs.HouseholdPairFormed: ConsequenceEffect.STARTS,
    pairing.PairingEnded: ConsequenceEffect.STOPS,
    pairing.PairingFactsAnnulled: ConsequenceEffect.UNDONE,
    loans.LoanRunsToTerm: ConsequenceEffect.GOES_ON,
    loans.LoanReviewOpened: ConsequenceEffect.TO_DECIDE,
    loans.LoanOfficeChanged: ConsequenceEffect.CHANGES,
    loans.LoanConsequencesAnnulled: ConsequenceEffect.UNDONE,
    pairs.PairEndedByDeath: ConsequenceEffect.STOPS,
    pairs.PairDeathsAnnulled: ConsequenceEffect.UNDONE,
    training.TraineeDied: ConsequenceEffect.STOPS,
    training.TraineeDeathsAnnulled: ConsequenceEffect.UNDONE,
    employment.WorkerDied: ConsequenceEffect.STOPS,
    employment.WorkerDeathsAnnulled: ConsequenceEffect.UNDONE,
    DutyMissed: ConsequenceEffect.TO_DECIDE,
    DutyMissesAnnulled: ConsequenceEffect.UNDONE,
    PayLinesHeld: ConsequenceEffect.STOPS,
    PayLinesFreed: ConsequenceEffect.GOES_ON,
    AssistanceReactionRefused: ConsequenceEffect.TO_DECIDE,
}
"""Of every fact that its reactions append."""
