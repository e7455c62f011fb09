"""Checks that span several cells of one row."""

from calendar import monthrange
from datetime import date

from contracts.facts import Precision
from contracts.registry.codes import DocumentKind, NoDocumentReason, PovertyCause
from contracts.registry.common_residence import APART, IN_COMMON, ResidenceReason
from contracts.registry.members import Sex
from contracts.registry.surveys import IncomePeriod
from services.casework.workbooks.rows import Row
from services.casework.workbooks.values import PartialDate
from services.chassis.ground.refusals import Refused
from services.registry.households.identity_documents import IdentityDocument, citizens_id, parse_document
from services.registry.households.resident_id import birth_date_of, birth_year_of, sex_of
from services.registry.intake.codes import YesNo
from services.registry.intake.layout import CONDITIONS, DECISION, INCOME, REFERENCE, RESIDENCE
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.profiles import read_profile


def check_household(row: Row) -> None:
    """Groups are filled together; the main cause is not among the others."""
    _check_income(row)
    if _partly_filled(row, CONDITIONS):
        row.add_error(rules.CONDITIONS_INCOMPLETE, _first_blank(row, CONDITIONS))
    main = row.get("main_cause", PovertyCause)
    if main is not None and main in (row.get("other_causes", tuple) or ()):
        row.add_error(rules.CAUSE_REPEATED, "other_causes")


def _check_income(row: Row) -> None:
    """Period and amounts are filled together: a year, or the twelve months before the survey."""
    before_survey = row.get("income_period", IncomePeriod) is IncomePeriod.TWELVE_MONTHS_BEFORE
    needed, surveyed = INCOME[1:] if before_survey else INCOME, row.get("surveyed_on", PartialDate)
    if before_survey and row.has("income_year"):
        row.add_error(rules.YEAR_OF_TWELVE_MONTHS, "income_year")
    has_day = row.has("income_surveyed_on") or surveyed is None or surveyed.precision is Precision.DAY
    if before_survey and not has_day:
        row.add_error(rules.DAY_OF_TWELVE_MONTHS, "surveyed_on")
    begun = any(row.has(key) for key in (*needed, "income_period", *REFERENCE))
    if begun and not all(row.has(key) for key in needed):
        row.add_error(rules.INCOME_INCOMPLETE, _first_blank(row, needed))


def _check_residence(row: Row) -> None:
    in_common, reason = row.get("lives_in_common", YesNo), row.get("residence_reason", ResidenceReason)
    if any(key in row.unparsed for key in RESIDENCE):
        return
    if _partly_filled(row, RESIDENCE):
        row.add_error(rules.RESIDENCE_INCOMPLETE, _first_blank(row, RESIDENCE))
    elif reason is not None and reason not in (IN_COMMON if in_common is YesNo.YES else APART):
        row.add_error(rules.RESIDENCE_CONTRADICTS, "residence_reason")


def check_member(row: Row, household: Row | None) -> None:
    """The document is read by its kind, and agrees with sex, survey date and disability."""
    _read_document(row)
    read_profile(row)
    _check_residence(row)
    document = row.get("id_number", IdentityDocument)
    if document is None:
        none = row.get("document_kind", DocumentKind) is DocumentKind.NONE
        known_by = row.has("id_number") or row.has("national_no") or (row.has("sex") and row.has("birth_year"))
        if not none and not known_by:
            row.add_error(rules.ID_MISSING, "id_number")
        return
    resident_id = document.citizen
    if resident_id is None:
        if not row.has("national_no") and not (row.has("sex") and row.has("birth_year")):
            row.add_error(rules.SEX_AND_YEAR_MISSING, "birth_year" if row.has("sex") else "sex")
        return
    if (year := row.get("birth_year", int)) is not None and year != birth_year_of(resident_id.number):
        row.add_error(rules.YEAR_CONTRADICTS_ID, "birth_year")
    sex = row.get("sex", Sex)
    if sex is not None and sex is not sex_of(resident_id.number):
        row.add_error(rules.SEX_CONTRADICTS_ID, "sex")
    surveyed = household.get("surveyed_on", PartialDate) if household else None
    if surveyed is not None and birth_date_of(resident_id.number) > _latest_day(surveyed):
        row.add_error(rules.BIRTH_AFTER_SURVEY, "id_number")


def _read_document(row: Row) -> None:
    """Number, or the reason for none, to the document that they are; a blank kind is the citizen's ID."""
    kind, text = row.get("document_kind", DocumentKind), row.get("id_number", str)
    reason = row.get("no_document_reason", NoDocumentReason)
    if "document_kind" in row.unparsed or "id_number" in row.unparsed:
        return
    if (reason is not None and kind is not DocumentKind.NONE) or (text is not None and kind is DocumentKind.NONE):
        row.add_error(rules.DOCUMENT_AND_NONE, "document_kind")
    elif kind is DocumentKind.NONE:
        if reason is None:
            row.add_error(rules.NO_REASON, "no_document_reason")
        else:
            row.values["id_number"] = parse_document(kind, None, reason)
    elif text is not None:
        try:
            row.values["id_number"] = citizens_id(text) if kind is None else parse_document(kind, text)
        except Refused as refused:
            row.refuse_cell(refused.rule, "id_number")


def check_history(row: Row) -> None:
    """A decision is complete, and was not recorded before it was made."""
    if _partly_filled(row, DECISION):
        row.add_error(rules.DECISION_INCOMPLETE, _first_blank(row, DECISION))
    decided, recorded = row.get("decided_on", date), row.get("source_recorded_on", date)
    if decided is not None and recorded is not None and decided > recorded:
        row.add_error(rules.DECIDED_LATER, "decided_on")


def _partly_filled(row: Row, keys: tuple[str, ...]) -> bool:
    return 0 < sum(row.has(key) for key in keys) < len(keys)


def _first_blank(row: Row, keys: tuple[str, ...]) -> str:
    return next(key for key in keys if not row.has(key))


def _latest_day(partial: PartialDate) -> date:
    """The last day that the date may stand for."""
    if partial.precision is Precision.DAY:
        return partial.first_day
    month = 12 if partial.precision is Precision.YEAR else partial.first_day.month
    return date(partial.first_day.year, month, monthrange(partial.first_day.year, month)[1])
