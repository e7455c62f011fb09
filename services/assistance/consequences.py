"""What each fact that assistance derives from the register's comes to, for who decides there."""

from collections.abc import Mapping

from contracts.assistance import aid, pairing
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.payments import PayLinesFreed, PayLinesHeld
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.consequences import ConsequenceEffect
from contracts.facts import Fact

EFFECTS: Mapping[type[Fact], ConsequenceEffect] = {
    aid.AidTransferred: ConsequenceEffect.CHANGES,
    aid.AidContinuedAfterExit: ConsequenceEffect.GOES_ON,
    aid.AidEndedAtStageChange: ConsequenceEffect.STOPS,
    aid.AidStopped: ConsequenceEffect.STOPS,
    aid.PaidAidReviewOpened: ConsequenceEffect.TO_DECIDE,
    aid.AidFactsAnnulled: ConsequenceEffect.UNDONE,
    pairing.HelperAssigned: ConsequenceEffect.STARTS,
    pairing.PairingEnded: ConsequenceEffect.STOPS,
    pairing.PairingFactsAnnulled: ConsequenceEffect.UNDONE,
    DutyMissed: ConsequenceEffect.TO_DECIDE,
    DutyMissesAnnulled: ConsequenceEffect.UNDONE,
    PayLinesHeld: ConsequenceEffect.STOPS,
    PayLinesFreed: ConsequenceEffect.GOES_ON,
    AssistanceReactionRefused: ConsequenceEffect.TO_DECIDE,
}
"""Of every fact that its reactions append."""
