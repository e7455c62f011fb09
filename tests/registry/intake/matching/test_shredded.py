"""Personal data that was shredded is not entered again by an old workbook."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.facts import Evidence, Precision
from contracts.personal import SHREDDED, Personal
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, Relation, Sex
from contracts.selection import timeline
from services.casework.workbooks.importing.results import Upload
from services.registry.households.state import fold
from services.registry.intake.matching.domain import decide
from services.registry.intake.matching.import_decision import ImportDecision, RegisterState
from services.registry.intake.reading.drafts import HouseholdDraft
from tests.registry.intake.example_workbooks import HEAD, HEAD_ID, HOUSEHOLD, VILLAGE, SheetLine, parse
from tests.support.recorded import recorded

HOUSEHOLD_ID, PERSON = UUID(int=1), UUID(int=2)
UPLOAD = Upload("cadre-1", VILLAGE, "0" * 64, Evidence(kind="workbook"), date(2014, 6, 1))


def on_record(name: str, address: str) -> RegisterState:
    """A household on record with its values as the vault returns them: decrypted, or shredded."""
    values = {text: Personal.sealed(SHREDDED) if text == SHREDDED else Personal(text) for text in (name, address)}
    known = recorded(
        HouseholdRecorded(
            household_id=HOUSEHOLD_ID, effective_on=date(2014, 5, 20), precision=Precision.DAY, entered_by="cadre-1",
            division=VILLAGE, address=values[address],
            members=(
                Member(
                    person_id=PERSON, national_no="H1-01", name=values[name], id_number=Personal(HEAD_ID),
                    sex=Sex.MALE, birth_year=1970, relation=Relation.HEAD,
                ),
            ),
        )
    )  # fmt: skip
    state = fold(timeline(known))
    return RegisterState(HOUSEHOLD_ID, known, state, state)


def draft_with(**more: object) -> HouseholdDraft:
    line: SheetLine = {**HOUSEHOLD, **more}
    return parse([line], [HEAD]).drafts[0]


def decision(register: RegisterState, draft: HouseholdDraft) -> ImportDecision:
    return decide(draft, register, {2: PERSON}, {}, UPLOAD)


def test_an_erased_person_on_a_workbook_is_an_error_of_the_row() -> None:
    errors = decision(on_record(SHREDDED, "某组"), draft_with()).errors
    assert [(e.sheet, e.row, e.code) for e in errors] == [("members", 2, "intake_person_erased")]


def test_an_erased_address_is_not_entered_again_but_the_rest_of_the_survey_is() -> None:
    register = on_record("陈一", SHREDDED)
    assert [e.code for e in decision(register, draft_with(address="某组 9 号")).errors] == ["intake_person_erased"]
    assert decision(register, draft_with(arable_mu=2)).errors == []


def test_what_the_register_holds_already_is_no_fact() -> None:
    register = on_record("陈一", "某组 3 号")
    assert decision(register, draft_with(address="某组 3 号")).facts == []
    (sourced,) = decision(register, draft_with(address="某组 3 号", arable_mu=2)).facts
    assert sourced.fact.arable_mu == Decimal(2)  # type: ignore[attr-defined]
