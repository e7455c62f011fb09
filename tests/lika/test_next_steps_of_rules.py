"""A refusal says what may be done next, or its rule stands in the list of those where that is nothing: the same request with another
form, another day or another person, as the message says, or nothing at all."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import lika.rules  # noqa: F401 - declares every rule
from services.casework.procedures.next_steps import NEXT
from services.chassis.ground.refusals import RULES
from services.registry.households.memberships import IN_ANOTHER_HOUSEHOLD
from services.registry.households.rules import LATER_FACT_IMPOSSIBLE
from services.registry.households.ways_past import ANSWERED_BY

SERVICES = Path(__file__).parents[2] / "services"
RULE_BOOK = SERVICES.parent / "docs" / "rules" / "README.md"
OF_THE_PRODUCT = frozenset(re.findall(r"^\| `(\w+)`", RULE_BOOK.read_text(encoding="utf-8"), re.MULTILINE))
"""Other tests of this process declare rules of their own."""
OF_OTHERS = ("monitoring", "audit")
"""Services that have no casework."""
BY_OTHER_CODE = frozenset({IN_ANOTHER_HOUSEHOLD.code, LATER_FACT_IMPOSSIBLE.code})
"""Refusals that are classes of their own and are told what is next where they are named."""

FORM = "the same request, with what the message names put right"
"""Malformed input (422) needs no entry: it says by field what is wrong."""
OTHER_DAY = "the same request on or from another day, which the message or its figures name"
SOMEBODY_ELSE = "the same request by somebody else: another person, or whoever has the place that the message names"
OPERATED = "what whoever operates the installation puts right, by its keys, addresses and backups"
SIGN_IN = "the same request with a token of this house, which is got outside it"
DONE = "nothing: it is so already, or can be no more, and the list read again shows it"
AGAIN = "the same request once more"
DOCUMENT = "an operator adopts the document that is missing, outside the matter at hand"
ELSEWHERE = "an act of another service, or on paper, decides it"
ROW = "no refusal of a request: said of a row in the answer to a workbook, which is sent again"

NEEDS_NONE: Mapping[str, frozenset[str]] = {
    FORM: frozenset({
        "measure_grade_missing", "measure_grade_not_taken", "measure_step_unknown",
        "measure_evidence_missing", "measure_decision_missing", "measure_delivers_nothing",
        "measure_unit_does_not_fit", "measure_prices_missing", "measure_not_on_equal_terms",
        "measure_not_its_entry",
        "employment_papers_missing", "employment_term_missing", "employment_not_a_trainee",
        "employment_offer_of_another_kind", "employment_not_a_public_post", "employment_more_days_than_held",
        "employment_not_sent_out", "employment_not_its_entry",
        "payment_year_not_begun", "payment_line_unknown", "payment_outcome_rested_on", "payment_more_than_owed", "payment_plan_not_of_owed",
        "payment_unit_entry_unknown", "payment_more_than_unpaid", "payment_more_than_refundable",
        "pledge_unknown", "collection_has_entries", "donation_more_than_pledged", "programme_collects_nothing",
        "quantity_not_asked", "component_not_granted", "period_not_granted", "more_days_than_period",
        "more_delivered_than_granted", "too_many_to_propose",
        "only_villages_have_groups", "screening_figures_impossible", "screening_names_other_clue", "unknown_group_act",
        "school_act_rested_on", "school_succeeds_itself", "unknown_school_act", "school_has_pupils", "school_lacks_stage",
        "missed_more_than_term", "unknown_enrolment_act", "enrolment_of_no_member", "enrolments_overlap", "not_enrolled_then",
        "authorisation_paper_missing", "clue_in_that_village", "clue_not_its_original",
        "early_elimination_without_reason", "elimination_manner_not_of_procedure",
        "monitoring_kind_not_of_status", "unknown_monitoring_kind", "unknown_monitoring_risk",
        "account_not_linked", "clock_goes_forward", "corrected_decision_incomplete",
        "corrected_fact_not_standing",
        "correction_changes_nothing", "delegates_post_not_held", "deputy_is_the_holder", "disclosure_needs_order",
        "division_act_rested_on", "division_code_does_not_fit", "division_has_households", "division_has_parts",
        "division_of_another_level", "division_succeeds_itself", "split_names_household_twice", "unknown_division_act",
        "document_edition_exists", "document_number_malformed", "end_is_part_of_act",
        "end_reason_not_of_procedure", "evidence_of_other_kind", "evidence_subject_unknown", "evidence_unknown", "export_too_large",
        "household_no_on_register", "id_contradicts_person", "id_impossible_birth_date", "id_number_needed", "id_number_on_register",
        "id_stored_as_number", "id_unknown_area", "id_wrong_characters", "id_wrong_checksum", "id_wrong_length",
        "idempotency_key_reused", "identity_unchanged", "last_death_needs_evidence", "merges_with_itself",
        "method_not_allowed", "moves_to_same_village", "no_form_of_act",
        "no_income_of_this_level", "division_level_not_graded",
        "only_villages_have_profiles", "others_stay",
        "pair_formed_already", "pair_helper_has_enough", "pair_helper_on_record",
        "pair_helps_oneself", "handover_to_oneself", "handover_leader_leaves", "pair_kind_unknown",
        "pair_mode_not_of_the_kind", "pair_moved_nowhere", "pair_priority_not_of_the_kind",
        "pair_same_helper", "pair_subject_of_other_kind", "pair_takes_no_contract", "pair_takes_no_letters",
        "pair_term", "party_name_or_number", "profile_land_does_not_add_up", "profile_part_exceeds_whole",
        "person_not_confirmed", "post_in_unknown_division", "purpose_not_allowed",
        "record_attendance_missing", "record_attendance_not_taken", "record_attendant_of_other_kind", "record_attendant_twice",
        "record_attendant_unknown", "record_choice_not_listed", "record_correction_of_other_work", "record_evidence_missing",
        "record_evidence_must_be_uploaded", "record_field_missing", "record_field_unknown", "record_kind_unknown",
        "record_number_does_not_fit", "record_subject_of_other_kind", "record_value_of_other_type", "relations_incomplete",
        "relations_to_new_head_needed", "report_needs_evidence", "search_needs_open_case", "search_needs_village",
        "staff_act_is_rested_on", "staff_number_of_another", "account_of_another", "successor_not_needed", "unknown_act",
        "unknown_staff_act", "village_too_large_to_search", "evidence_refused_by_scanner",
        "loan_above_limit", "loan_beyond_claim", "loan_beyond_debt", "loan_beyond_principal", "loan_beyond_subsidy",
        "loan_extension_not_allowed", "loan_not_as_approved", "loan_not_for_dividend", "loan_not_its_entry",
        "loan_name_the_borrower", "loan_review_debtor", "loan_draws_nobody_in", "loan_contract_no_used", "loan_restored_otherwise",
        "loan_prepayment_too_small", "loan_rate_too_high", "loan_schedule_days", "loan_schedule_not_zero", "loan_term_too_long",
        "loan_rate_ends_before_it_begins", "loan_rate_needed", "record_share_too_small",
        "risk_fund_not_its_entry", "loan_use_forbidden", "loan_wrong_currency", "loan_wrong_sum", "loan_has_entries",
        "training_employer_missing", "training_heads_missing", "training_heads_follow_from_attendance",
        "training_heads_are_person_times", "training_unit_does_not_fit", "training_more_named_than_counted",
        "training_more_sessions_than_planned", "training_certificate_no_used", "training_not_its_entry",
        "training_without_exam", "training_without_certificate", "later_entries_rest_on_it",
    }),
    OTHER_DAY: frozenset({
        "pair_subject_not_known_then",
        "measure_household_not_registered_then", "measure_plan_ends_before_it_begins", "measure_not_begun_then",
        "measure_step_out_of_order", "measure_steps_open",
        "payment_due_ahead", "payment_before_last_act", "entitlement_not_running", "suspension_before_last_change",
        "employment_term_too_long", "employment_before_certificate", "employment_offer_not_open",
        "employment_worker_died", "employment_not_at_work_then", "employment_kept_too_early",
        "employment_month_outside_placement",
        "training_ends_before_it_begins", "training_session_outside_course", "training_session_on_another_day",
        "training_not_enrolled", "training_trainee_died", "training_session_not_held", "training_not_completed",
        "training_no_session_held", "training_exam_not_passed",
        "group_not_listed_then", "attendance_outside_term", "school_has_ended", "school_not_yet_declared",
        "authorisation_of_minor", "authorisation_of_no_member", "day_before_clue",
        "household_without_labour", "income_year_not_over", "division_has_ended", "division_not_yet_declared", "household_not_in_division",
        "village_not_designated",
        "granted_for_a_later_day", "already_head", "day_is_not_first_of_period", "intake_history_closes_before_opening",
        "loan_before_contract", "loan_extended_after_its_end", "loan_extension_not_later", "loan_future_day", "loan_not_overdue_enough",
        "pair_contract_day",
        "handover_accept_by", "pair_not_then", "party_left_before_it_came",
        "post_held_already", "post_left_before_it_was_held", "post_not_assumed",
        "recertified_ahead", "recertifies_post_not_held", "record_subject_not_known_then", "removed_before_later_status",
        "staff_period_ends_before_it_begins", "term_ends_before_it_begins",
    }),
    SOMEBODY_ELSE: frozenset({
        "area_in_another_province", "document_not_of_your_place", "later_fact_of_related_household", "no_post_held", "own_staff_record",
        "post_does_not_cover", "post_needs_level_above", "province_has_an_operator", "record_only_by_oneself", "record_own_work",
    }),
    DONE: frozenset({
        "measure_withdrawn", "measure_step_taken_already",
        "entitlement_not_suspended", "suspension_annulled_already", "collection_open_already", "collection_entry_void",
        "employment_kept_already", "employment_ended_already", "employment_month_told_already", "employment_not_handed_over",
        "employment_offer_full",
        "training_enrolled_already", "training_attended_already", "training_certified_already", "training_completed",
        "training_cancelled", "training_session_held_already", "training_not_planned",
        "handover_closed", "handover_line_not_open", "handover_nothing_in_hand", "handover_open_already",
        "pair_letter_signed_already", "pair_listing_over", "pair_subject_listed_already", "party_left_already",
        "party_entered_already", "donation_receipt_used", "pledge_told_already",
        "payment_nothing_due", "payment_step_not_due", "payment_line_not_listed", "payment_line_not_held",
        "payment_accounts_not_needed",
        "payment_nothing_to_hand_over", "payment_nothing_returned", "payment_outcome_unknown", "payment_year_closed",
        "clue_ended", "no_notice_to_take_down",
        "school_already_declared", "group_listed_already",
        "case_exists", "clock_is_declared_first", "clock_is_real", "division_already_declared", "document_nothing_pending",
        "document_nothing_to_withdraw", "evidence_shredded", "finding_answered_already", "finding_not_standing",
        "intake_history_closed", "intake_history_opened_once", "move_already_answered", "not_found", "post_left_already",
        "record_annulled_already", "record_made_already_that_day", "record_not_annulled", "record_nothing_to_confirm",
        "record_subject_shredded", "report_ended", "sign_in_link_used",
    }),
    AGAIN: frozenset({
        "payment_figures_changed",
        "changed_since", "code_list_changed", "consequences_not_shown", "consequences_shown_otherwise", "request_timeout",
        "roster_overtaken", "loan_statement_overtaken", "quantity_list_overtaken", "staff_list_overtaken",
    }),
    OPERATED: frozenset({
        "sign_in_without_post", "token_too_long_for_session",
        "data_key_altered", "data_key_missing", "key_destruction_forged", "key_destruction_removed", "not_for_this_service",
        "service_key_unknown", "service_token_for_another", "service_token_not_accepted",
    }),
    SIGN_IN: frozenset({
        "identity_provider_refused", "session_ended", "sign_in_not_begun_here", "sign_in_page_not_opened",
        "not_signed_in", "token_expired", "token_lives_too_long", "token_not_accepted", "token_of_another_key", "token_revoked",
    }),
    DOCUMENT: frozenset({
        "measure_kind_not_in_force",
        "employment_kind_not_in_force",
        "training_kind_not_in_force", "training_roster_no_layout",
        "loan_base_rate_not_in_force", "loan_no_losses_shared", "loan_product_not_in_force", "risk_fund_bears_nothing",
        "school_terms_missing", "payment_quota_missing", "payment_result_no_layout",
        "no_screening_round", "clues_not_handled_then", "no_monitoring_kinds_in_force", "school_calendar_missing",
        "programme_not_in_force", "amount_unknown",
        "intake_history_not_approved", "intake_history_not_open", "intake_no_layout", "no_holiday_edition",
        "pair_exit_rule_not_in_force", "procedure_of_another_standing", "record_kind_not_in_force", "staff_list_no_layout",
        "roster_no_layout", "loan_statement_no_layout", "quantity_list_no_layout",
        "pair_kind_not_in_force",
    }),
    ELSEWHERE: frozenset({
        "payment_fund_use_not_posted", "payment_fund_is_posted_with_itself",
        "measure_not_eligible", "employment_not_eligible", "employment_person_not_on_register", "employment_one_post_per_household",
        "employment_two_full_time_posts",
        "training_not_eligible", "training_person_not_on_register", "training_no_need_surveyed", "training_attended_too_little",
        "loan_lending_stopped", "loan_not_eligible", "loan_open_already", "loan_renews_nothing",
        "payment_quota_exceeded", "payment_quota_of_other_fund", "programme_quota_full", "programme_quota_others_first",
        "nobody_to_propose",
        "collection_before_recipient", "collection_not_open",
        "ceiling_reached", "not_eligible", "stage_changed", "number_still_held", "pair_household_not_registered",
    }),
    ROW: frozenset({
        "intake_correction_needed", "intake_head_differs", "intake_history_after_case", "intake_history_needs_county",
        "intake_identity_differs", "intake_member_missing", "intake_new_person_needs_id", "intake_other_village",
        "intake_overtaken", "intake_person_erased", "intake_person_has_left", "intake_source_day_missing",
        "intake_village_outside_area",
    }),
}  # fmt: skip


def test_every_rule_names_what_is_next_or_why_nothing_is() -> None:
    listed = [code for codes in NEEDS_NONE.values() for code in codes]
    assert len(listed) == len(set(listed))
    named = set(_advised()) | {rule.code for rule in (*NEXT, *ANSWERED_BY)} | BY_OTHER_CODE
    others = _of_others()
    refused = {
        code
        for code, rule in RULES.items()
        if code in OF_THE_PRODUCT and 400 <= rule.status < 412 and code not in others
    }
    assert sorted(refused - named - set(listed)) == []
    assert sorted(set(listed) & named) == []
    assert sorted(set(listed) - refused) == []


def _advised() -> Iterator[str]:
    """Codes of rules whose refusal is made and told what is next in one expression."""
    by_name: dict[str, set[str]] = {}
    for code, (_, name) in _declared().items():
        by_name.setdefault(name, set()).add(code)
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "advising":
                for name in _refusing(node.func.value):
                    yield from by_name.get(name, ())


def _refusing(made: ast.expr) -> Iterator[str]:
    """Names of the rules in ``Refused(RULE, …)``."""
    for call in ast.walk(made):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("Refused", "Unavailable")
        ):
            for part in ast.walk(call.args[0]):
                if isinstance(part, ast.Name):
                    yield part.id
                elif isinstance(part, ast.Attribute):
                    yield part.attr


def _declared() -> dict[str, tuple[Path, str]]:
    """Code → where it is declared, and under which name."""
    found = {}
    for path in SERVICES.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                call, (target, *_) = node.value, node.targets
                if isinstance(call.func, ast.Name) and call.func.id == "rule" and isinstance(target, ast.Name):
                    first = call.args[0]
                    assert isinstance(first, ast.Constant)
                    found[str(first.value)] = path, target.id
    return found


def _of_others() -> set[str]:
    return {code for code, (path, _) in _declared().items() if path.relative_to(SERVICES).parts[0] in OF_OTHERS}
