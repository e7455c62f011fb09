"""The kinds of documents that the registry keeps, and the texts it ships with."""

from pathlib import Path

from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.code_lists import domain as code_lists
from services.casework.directory.staff_list import layout as staff_list
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.duties import document as duty_document
from services.casework.duties.matters import DutySetReader
from services.casework.findings import document as check_rules
from services.casework.procedures import repository
from services.casework.recertification.duty_matters import duty_matters as posts_held
from services.casework.records import document as record_kinds
from services.casework.workbooks import layout
from services.casework.workbooks.needed_columns import layouts_for
from services.chassis.law import parameter_documents, parameter_values
from services.registry.authorisations.parameters import PARAMETERS as AUTHORISATIONS
from services.registry.cases import monitoring_kinds, monitoring_terms
from services.registry.cases.effects import require_document
from services.registry.cases.store import POVERTY_STATUS
from services.registry.clues import document as clue_handling
from services.registry.corrections import terms
from services.registry.corrections.store import REGISTER_RECORD
from services.registry.deadlines import PARAMETERS as DEADLINES
from services.registry.disclosures.parameters import PARAMETERS as PERSONAL_DATA
from services.registry.findings.accounts.store import ACCOUNT_CHECKS
from services.registry.findings.store import CHECKS
from services.registry.households import income_lines
from services.registry.identities import effects as identities
from services.registry.identities.store import IDENTITY
from services.registry.intake.codes import ENUMERATIONS
from services.registry.intake.layout import FIELDS, FORM, NATIONAL, NATIONAL_FIELDS
from services.registry.lifecycle import terms as lifecycle
from services.registry.reconciliations import document as reconciliation
from services.registry.reconciliations.checks import RECONCILIATION_CHECKS
from services.registry.rosters import layout as pupil_roster
from services.registry.screenings.duty_matters import duty_matters as groups_listed
from services.registry.visits.subjects import household_record_kind

STAFF = "/registry/staff"
"""Path of the staff directory."""
OBLIGATIONS = {**posts_held(STAFF), **groups_listed()}
"""What somebody owes in the register: posts a recertification, village groups a screening."""
KINDS: DocumentKinds = {
    repository.KIND: repository.procedures_changing(
        {
            POVERTY_STATUS: require_document,
            lifecycle.HOUSEHOLD_RECORD: lifecycle.require_document,
            REGISTER_RECORD: terms.require_document,
            IDENTITY: identities.require_document,
            monitoring_terms.MONITORING_STATUS: monitoring_terms.require_document,
        },
        with_adults=(POVERTY_STATUS, monitoring_terms.MONITORING_STATUS),
    ),
    monitoring_kinds.KIND: monitoring_kinds.kinds_from,
    check_rules.KIND: check_rules.check_rules_of(
        {one.key: one.limits for one in (CHECKS, ACCOUNT_CHECKS, RECONCILIATION_CHECKS)}
    ),
    **CALENDAR_KINDS,
    income_lines.KIND: income_lines.income_lines_from,
    clue_handling.KIND: clue_handling.clue_handling_from,
    code_lists.KIND: code_lists.code_lists_of({**ENUMERATIONS, **staff_list.ENUMERATIONS, **pupil_roster.ENUMERATIONS}),
    duty_document.KIND: DutySetReader(OBLIGATIONS),
    layout.KIND: layouts_for(
        {**ENUMERATIONS, **staff_list.ENUMERATIONS, **pupil_roster.ENUMERATIONS},
        {
            FORM: FIELDS,
            NATIONAL: NATIONAL_FIELDS,
            staff_list.LIST: staff_list.FIELDS,
            pupil_roster.ROSTER: pupil_roster.FIELDS,
        },
    ),
    reconciliation.KIND: reconciliation.reconciliation_from,
    record_kinds.KIND: household_record_kind,
    parameter_documents.KIND: parameter_values.parameters_expected({**PERSONAL_DATA, **DEADLINES, **AUTHORISATIONS}),
}
FIRST_TEXTS = FirstTexts(Path(__file__).parent / "parameters", KINDS)
