"""The views of the register, in the order in which a batch of its log is brought into them."""

from services.casework.directory.feed import view as directory_view
from services.casework.duties import view as duty_view
from services.casework.duties.feed import ChangedDutySets
from services.casework.findings.feed import FindingRows, answers_view
from services.casework.procedures import view as case_view
from services.casework.procedures.repository import ProcedureRepository
from services.casework.recertification import view as recertification
from services.casework.records import view as record_view
from services.casework.revocations import view as revocations
from services.chassis.following.reactions import Reaction
from services.chassis.following.sealed_subjects import SealedSubjectsView
from services.registry.clues import view as clue_view
from services.registry.corrections.view import view as reports_view
from services.registry.disclosures.feed import readings_view
from services.registry.divisions import store as divisions
from services.registry.findings.checked_households import CheckedHousehold
from services.registry.findings.feed import household_findings_view
from services.registry.households import views as households
from services.registry.moves import store as moves
from services.registry.reconciliations import feed as reconciliations
from services.registry.reconciliations.checks import CheckedNumber
from services.registry.schooling import store as schooling
from services.registry.schools import view as schools
from services.registry.screenings import view as screenings


def registry_views(
    procedures: ProcedureRepository,
    findings: FindingRows[CheckedHousehold],
    digests: Reaction,
    accounts: Reaction,
    reconciled: FindingRows[CheckedNumber],
) -> tuple[Reaction, ...]:
    """``digests`` and ``accounts``: of persons and of bank accounts, which need the keys."""
    return (
        divisions.view(),
        schools.view(),
        screenings.view(),
        schooling.view(),
        households.view(),
        households.memberships_view(),
        moves.view(),
        case_view.view(procedures),
        household_findings_view(findings),
        answers_view(),
        directory_view(),
        readings_view(),
        recertification.view(),
        record_view.view(),
        revocations.view(),
        duty_view.view(),
        ChangedDutySets(),
        reports_view(),
        clue_view.view(),
        digests,
        accounts,
        reconciliations.reconciliations_view(),
        reconciliations.lines_view(),
        reconciliations.reconciliation_findings_view(reconciled),
        SealedSubjectsView(),
    )
