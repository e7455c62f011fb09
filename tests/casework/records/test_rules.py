"""Why a record is refused: one rule, one test, on both sides of its edge."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.casework.records import Attendance, SubjectKind, WorkAnnulled, WorkRecorded
from contracts.facts import Evidence, Fact, StoredFile
from contracts.personal import Personal
from contracts.quantities import Unit
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.records.commands import (
    AnnulRecord,
    ConfirmRecord,
    GivenValue,
    RecordContext,
    RestoreRecord,
    SubjectRef,
)
from services.casework.records.document import RecordKind, record_kind_from
from services.casework.records.domain import annul, confirm, record, restore
from services.casework.records.state import RecordState, RecordStatus, records, standing
from services.casework.records.streams import RecordId, stream_of, streams_of, subject_of_division
from services.chassis.ground.refusals import Refused
from tests.casework.records.example_records import KIND, SUBJECT, TODAY, context, shipped, work
from tests.support.recorded import recorded

TOPIC = GivenValue("topic", text="routine")
SITUATION = GivenValue("situation", text="老人独居")
REASON: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
TRAINING, DELIVERY, REPORT = shipped("training_session"), shipped("goods_delivery"), shipped("work_report")
PERSON = UUID("00000000-0000-4000-8000-0000000000bb")


def codes(asked: RecordContext) -> set[str]:
    """Of every rule that refuses."""
    try:
        record(asked)
    except Refused as no:
        return {no.rule.code, *(other.rule.code for other in no.others().refused)}
    return set()


def state_of(*facts: Fact) -> RecordState:
    (state,) = records(recorded(*facts, stream="records")).values()
    return state


def visit(**more: Any) -> WorkRecorded:
    return record(context(work(TOPIC, SITUATION, **more)))


def test_a_record_carries_the_documents_edition_order_and_units() -> None:
    fact = record(context(work(SITUATION, GivenValue("met", number=Decimal(3)), TOPIC)))
    assert (fact.kind, fact.edition, fact.about, fact.done_by) == ("home_visit", "2014", "household", "cadre-1")
    assert [(v.field, v.code) for v in fact.codes] == [("topic", "routine")]
    assert [(v.field, v.amount, v.unit) for v in fact.measured] == [("met", Decimal(3), Unit.PERSON)]
    assert [(v.field, v.text.plain) for v in fact.sealed] == [("situation", "老人独居")]


@pytest.mark.parametrize(("days", "refused"), [(-1, set()), (0, set()), (1, {"future_day"})])
def test_work_of_tomorrow_was_not_done_yet(days: int, refused: set[str]) -> None:
    assert codes(context(work(TOPIC, SITUATION, on=TODAY + timedelta(days)))) == refused


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ((TOPIC, SITUATION), set()),
        ((TOPIC,), {"record_field_missing"}),
        ((TOPIC, SITUATION, TOPIC), {"record_field_unknown"}),
        ((TOPIC, SITUATION, GivenValue("weather", text="rain")), {"record_field_unknown"}),
        ((TOPIC, GivenValue("situation", number=Decimal(1))), {"record_value_of_other_type"}),
        ((GivenValue("topic", text="tea"), SITUATION), {"record_choice_not_listed"}),
        ((TOPIC, SITUATION, GivenValue("met", number=Decimal("1.5"))), {"record_number_does_not_fit"}),
        ((TOPIC, SITUATION, GivenValue("met", number=Decimal("2.0"))), set()),
        ((TOPIC, SITUATION, GivenValue("met", number=Decimal(-1))), {"record_number_does_not_fit"}),
        ((TOPIC, SITUATION, GivenValue("met", number=Decimal("NaN"))), {"record_number_does_not_fit"}),
    ],
)
def test_what_is_said_is_what_the_kind_asks_for(values: tuple[GivenValue, ...], refused: set[str]) -> None:
    assert codes(context(work(*values))) == refused


@pytest.mark.parametrize(
    ("amount", "refused"),
    [
        ("500", set()),
        ("0.01", set()),
        ("-0", set()),
        ("999999999999.99", set()),
        *(
            (number, {"record_number_does_not_fit"})
            for number in ("0.001", "1000000000000", "1e30", "1e-60", "Infinity")
        ),
    ],
)
def test_money_has_two_decimals(amount: str, refused: set[str]) -> None:
    values = GivenValue("goods", text="cash"), GivenValue("value", number=Decimal(amount))
    given = work(*values, kind="goods_delivery", evidence=(Evidence(kind="receipt"),))
    assert codes(context(given, DELIVERY)) == refused


@pytest.mark.parametrize(
    ("place", "refused"),
    [("990001", set()), ("9900011", {"record_value_of_other_type"}), ("九", {"record_value_of_other_type"})],
)
def test_a_place_is_a_division_code(place: str, refused: set[str]) -> None:
    given = work(
        GivenValue("subject_matter", text="planting"), GivenValue("held_at", text=place),
        attendance=Attendance(unnamed=1), evidence=(Evidence(kind="attendance_sheet"),), **about_division(),
    )  # fmt: skip
    assert codes(context(given, TRAINING)) == refused


def about_division() -> dict[str, Any]:
    return {"subject": SubjectRef(SubjectKind.DIVISION, subject_of_division("990001101201"), "990001101201")}


@pytest.mark.parametrize(
    ("taken", "attendance", "refused"),
    [
        (["person"], Attendance(persons=(PERSON,)), set()),
        (["person"], Attendance(households=(PERSON,)), {"record_attendant_of_other_kind"}),
        (["person"], Attendance(unnamed=2), {"record_attendant_of_other_kind"}),
        (["person"], Attendance(), {"record_attendance_missing"}),
        (["person"], None, {"record_attendance_missing"}),
        (["person"], Attendance(persons=(PERSON, PERSON)), {"record_attendant_twice"}),
    ],
)
def test_attendance_is_told_as_the_kind_takes_it(
    taken: list[str], attendance: Attendance | None, refused: set[str]
) -> None:
    kind = changed(TRAINING, attendance={"of": taken, "unnamed": False})
    given = work(
        GivenValue("subject_matter", text="planting"), attendance=attendance,
        evidence=(Evidence(kind="attendance_sheet"),), **about_division(),
    )  # fmt: skip
    assert codes(context(given, kind)) == refused


def test_papers_are_attached_and_those_that_must_be_are_uploaded() -> None:
    kind = changed(DELIVERY, uploaded=["receipt"])
    values = GivenValue("goods", text="cash"), GivenValue("value", number=Decimal(5))

    def given(*evidence: Evidence) -> RecordContext:
        return context(work(*values, kind="goods_delivery", evidence=evidence), kind)

    assert codes(given()) == {"record_evidence_missing"}
    assert codes(given(Evidence(kind="receipt"))) == {"record_evidence_must_be_uploaded"}
    assert codes(given(Evidence(kind="receipt", file=StoredFile(id=PERSON, sha256="0")))) == set()


def test_subject_and_maker_are_those_the_kind_takes() -> None:
    person = work(TOPIC, SITUATION, subject=SubjectRef(SubjectKind.PERSON, PERSON))
    assert codes(context(person)) == {"record_subject_of_other_kind"}
    assert codes(context(work(TOPIC, SITUATION), known_then=False)) == {"record_subject_not_known_then"}
    assert codes(context(work(TOPIC, SITUATION), unknown=[PERSON])) == {"record_attendant_unknown"}
    alone = changed(KIND, on_behalf=False)
    assert codes(context(work(TOPIC, SITUATION, done_by="staff-7"), alone)) == {"record_only_by_oneself"}
    assert codes(context(work(TOPIC, SITUATION), alone)) == set()
    none = context(work(TOPIC, SITUATION, attendance=Attendance(unnamed=1)))
    assert codes(none) == {"record_attendance_not_taken"}


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({}, {"record_made_already_that_day"}),
        ({"on": TODAY - timedelta(1)}, set()),
        ({"done_by": "staff-7"}, set()),
    ],
)
def test_one_visits_a_household_once_a_day(other: dict[str, Any], refused: set[str]) -> None:
    again = context(work(TOPIC, SITUATION), others=(state_of(visit(**other)),))
    assert codes(again) == refused
    several = changed(KIND, once_per_day=False)
    assert codes(context(work(TOPIC, SITUATION), several, others=(state_of(visit(**other)),))) == set()


def test_a_correction_annuls_what_it_replaces_and_stays_in_its_stream() -> None:
    before = state_of(visit())
    corrected = record(context(work(TOPIC, SITUATION, corrects=1), corrected=before))
    assert (corrected.annuls, corrected.corrects) == (("registry/records/1",), 1)
    other_year = context(work(TOPIC, SITUATION, on=date(2015, 12, 31), corrects=1), corrected=before)
    assert codes(other_year) == {"record_correction_of_other_work"}
    of_2016 = context(work(TOPIC, SITUATION, on=date(2016, 1, 1), corrects=1), corrected=before)
    assert codes(of_2016) == set()


def test_an_annulment_names_every_telling_so_that_no_former_one_comes_back() -> None:
    first = visit()
    second = record(context(work(TOPIC, SITUATION, corrects=1), corrected=state_of(first)))
    void = annul(state_of(first, second), AnnulRecord(1, "cadre-1", REASON), TODAY)
    assert void.annuls == ("registry/records/1", "registry/records/2")
    state = state_of(first, second, void)
    assert (state.status, state.told.version) == (RecordStatus.ANNULLED, 2)
    again = restore(state, (), RestoreRecord(1, "cadre-1", REASON), KIND, TODAY)
    (back,) = standing(recorded(first, second, void, again, stream="records"))
    assert (back.told.version, back.number) == (2, 1)
    with pytest.raises(Refused, match="record_made_already_that_day"):
        restore(state, (state_of(visit()),), RestoreRecord(1, "cadre-1", REASON), KIND, TODAY)


@pytest.mark.parametrize(
    ("by", "accounts", "refused"),
    [
        ("reviewer-1", (), None),
        ("cadre-1", (), "record_own_work"),
        ("staff-7", (), "record_own_work"),
        ("reviewer-1", ("reviewer-1", "staff-7"), "record_own_work"),
    ],
)
def test_nobody_confirms_what_they_did_or_entered_under_whatever_account(
    by: str, accounts: Collection[str], refused: str | None
) -> None:
    told = record(
        context(work(TOPIC, SITUATION, done_by="staff-7"), changed(KIND, confirmed_by={"roles": ["reviewer"]}))
    )
    state = state_of(told)
    assert (state.status, standing([state.told])) == (RecordStatus.AWAITING, [])
    if refused is None:
        assert state_of(told, confirm(state, ConfirmRecord(1, by), accounts, TODAY)).status is RecordStatus.STANDING
        return
    with pytest.raises(Refused, match=refused):
        confirm(state, ConfirmRecord(1, by), accounts, TODAY)


def test_what_stands_is_not_restored_what_is_annulled_neither_corrected_nor_confirmed() -> None:
    told = visit()
    with pytest.raises(Refused, match="record_not_annulled"):
        restore(state_of(told), (), RestoreRecord(1, "cadre-1", REASON), KIND, TODAY)
    with pytest.raises(Refused, match="record_nothing_to_confirm"):
        confirm(state_of(told), ConfirmRecord(1, "reviewer-1"), (), TODAY)
    void: WorkAnnulled = annul(state_of(told), AnnulRecord(1, "cadre-1", REASON), TODAY)
    annulled = state_of(told, void)
    with pytest.raises(Refused, match="record_annulled_already"):
        annul(annulled, AnnulRecord(1, "cadre-1", REASON), TODAY)
    assert codes(context(work(TOPIC, SITUATION, corrects=1), corrected=annulled)) == {"record_annulled_already"}
    with pytest.raises(Refused, match="record_nothing_to_confirm"):
        confirm(annulled, ConfirmRecord(1, "reviewer-1"), (), TODAY)


def test_streams_are_of_a_subject_and_a_year() -> None:
    assert stream_of(SUBJECT, date(2016, 12, 31)) == f"records-{SUBJECT}-2016" == RecordId(SUBJECT, 2016, 7).stream
    assert streams_of([SUBJECT], date(2016, 12, 31), date(2017, 1, 1)) == (
        f"records-{SUBJECT}-2016", f"records-{SUBJECT}-2017",
    )  # fmt: skip


def test_an_office_is_a_role_at_a_level() -> None:
    assert DELIVERY.confirmed_by is not None
    admits = DELIVERY.confirmed_by.admit
    assert admits([Role.REVIEWER], Level.TOWNSHIP)
    assert not admits([Role.REVIEWER], Level.VILLAGE)
    assert not admits([Role.CADRE], Level.TOWNSHIP)


def text_field(name: str) -> dict[str, Any]:
    return {"name": name, "zh": "甲", "en": "a", "type": "text", "required": True}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"subjects": []}, "name its subjects"),
        ({"uploaded": ["photo"]}, "must be attached"),
        ({"attendance": {"of": ["person"]}}, "attendance belongs to kinds about these alone"),
        ({"made_by": {"roles": []}}, "an office has a role"),
        ({"fields": [{"name": "a", "zh": "甲", "en": "a", "type": "count", "required": True}]}, "a unit belongs"),
        ({"fields": [{"name": "a", "zh": "甲", "en": "a", "type": "choice", "required": True}]}, "codes belong"),
        ({"colour": "red"}, "unknown field"),
        # What no form could fill in, a required field above all, would make the kind one that nobody can record.
        ({"fields": [text_field("A b")]}, "name"),
        ({"fields": [text_field("a" * 41)]}, "name"),
        ({"fields": [text_field(f"a{n}") for n in range(61)]}, "fields"),
        ({"fields": [{**text_field("a"), "type": "choice", "codes": [{"code": "", "zh": "", "en": ""}]}]}, "code"),
        ({"evidence": ["A photo"]}, "evidence"),
        ({"evidence": [f"paper{n}" for n in range(21)]}, "evidence"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises((msgspec.ValidationError, ValueError), match=complaint):
        changed(KIND, **changes)


def changed(kind: RecordKind, **changes: Any) -> RecordKind:
    return record_kind_from({**msgspec.to_builtins(kind), **changes})
