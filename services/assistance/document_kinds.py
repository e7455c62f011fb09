"""The kinds of documents that assistance keeps, and the texts it ships with."""

from pathlib import Path

from services.assistance.access import VISIT
from services.assistance.duty_documents import OF_PAIRS, ClosableKind, RecordsAndPairs
from services.assistance.employment import kinds as post_kinds
from services.assistance.entitlements.matter import AnyProgramme
from services.assistance.entitlements.quantity_lists import layout as quantity_list
from services.assistance.findings.risks.store import CHECKS as RISK_CHECKS
from services.assistance.findings.store import CHECKS
from services.assistance.loans import base_rates
from services.assistance.loans.applications import LOAN
from services.assistance.loans.applications import require_document as require_loan_procedure
from services.assistance.loans.bank_statements import layout as bank_statement
from services.assistance.loans.products import KIND as LOAN_PRODUCT
from services.assistance.loans.products import product_from
from services.assistance.measures import duty_matters as measure_duties
from services.assistance.measures import kinds as measure_kinds
from services.assistance.pairs import document as pair_kinds
from services.assistance.pairs import duty_matters as pair_duties
from services.assistance.pairs import register, register_duties
from services.assistance.payments import quotas, result_files
from services.assistance.programmes import document as programmes
from services.assistance.standings import NamedBefore
from services.assistance.training import kinds as course_kinds
from services.assistance.training.roster import FIELDS as ROSTER_FIELDS
from services.assistance.training.roster import ROSTER
from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.code_lists.domain import KIND as CODE_LIST
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.duties import document as duty_document
from services.casework.duties.matters import DutyMatters, DutySetReader
from services.casework.findings import document as check_rules
from services.casework.people import view as people
from services.casework.procedures import repository
from services.casework.records import document as record_kinds
from services.casework.records.fulfilments import RecordFulfilments
from services.casework.workbooks import layout
from services.casework.workbooks.needed_columns import layouts_for
from services.chassis.law import parameter_documents, parameter_values
from services.chassis.law.content import as_dicts, content_of

RECORD_KINDS = FirstTexts(
    Path(__file__).parent / "parameters" / "records", {record_kinds.KIND: record_kinds.record_kind_from}
)
SHIPPED = tuple(record_kinds.record_kind_from(as_dicts(content_of(p.content))) for p in RECORD_KINDS.proposals)
DONE = RecordFulfilments(
    "assistance",
    SHIPPED,
    followed=people.REGISTRY,
    acts=dict.fromkeys(("home_visit", "talk"), VISIT),
)
"""What helpers do for households. Visits, and talks during them, are entered in the register, with what they found."""
DONE_FOR_ANYBODY = RecordFulfilments("assistance", SHIPPED, about=None)

OBLIGATIONS: DutyMatters = {
    **register_duties.duty_matters([DONE]),
    **measure_duties.duty_matters(),
    **pair_duties.duty_matters(DONE_FOR_ANYBODY),
}
KINDS: DocumentKinds = {
    repository.KIND: repository.procedures_changing(NamedBefore({LOAN: require_loan_procedure}, AnyProgramme())),
    parameter_documents.KIND: parameter_values.parameters_expected({**register.PARAMETERS, **quotas.PARAMETERS}),
    duty_document.KIND: DutySetReader(OBLIGATIONS, RecordsAndPairs()),
    check_rules.KIND: check_rules.check_rules_of(
        {CHECKS.key: CHECKS.limits, RISK_CHECKS.key: RISK_CHECKS.limits}, RISK_CHECKS.choices
    ),
    record_kinds.KIND: ClosableKind(record_kinds.record_kind_from, (pair_duties.RECORD,)),
    pair_kinds.KIND: ClosableKind(pair_kinds.pair_kind_from, OF_PAIRS),
    LOAN_PRODUCT: product_from,
    base_rates.KIND: base_rates.base_rates_from,
    quotas.KIND: quotas.quota_from,
    layout.KIND: layouts_for(
        {**result_files.CODES, **bank_statement.CODES},
        {
            result_files.RESULT: result_files.FIELDS,
            bank_statement.STATEMENT: bank_statement.FIELDS,
            ROSTER: ROSTER_FIELDS,
            quantity_list.LIST: quantity_list.FIELDS,
        },
    ),
    programmes.KIND: programmes.programme_from,
    course_kinds.KIND: course_kinds.course_kind_from,
    post_kinds.KIND: post_kinds.post_kind_from,
    measure_kinds.KIND: measure_kinds.measure_kind_from,
}
"""The kinds of documents that assistance reads."""
FIRST_TEXTS = FirstTexts(Path(__file__).parent / "parameters", KINDS)
FOLLOWED = dict.fromkeys((*CALENDAR_KINDS, CODE_LIST), people.REGISTRY)
"""Kind of document → the log that holds those of it."""
