"""What commands about records bring about: decided from the kind's document, the subject on that day, and what stands."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.casework.records import (
    CodeValue,
    DayValue,
    MeasuredValue,
    SealedValue,
    WorkAnnulled,
    WorkConfirmed,
    WorkRecorded,
    WorkRestored,
)
from contracts.personal import Personal
from services.casework.records.commands import AnnulRecord, ConfirmRecord, GivenValue, RecordContext, RestoreRecord
from services.casework.records.document import Field, FieldType, RecordKind
from services.casework.records.rules import ONCE_PER_DAY, RECORDING_RULES
from services.casework.records.state import RecordState, RecordStatus
from services.casework.records.status_rules import ALREADY_ANNULLED, NOT_ANNULLED, NOTHING_TO_CONFIRM, OWN_WORK
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import check_all


def record(context: RecordContext) -> WorkRecorded:
    """The record, or what it is told anew as, if its rules hold; text still plain. Raises ``Refused``."""
    command, kind, before = context.command, context.kind, context.corrected
    if before is not None and before.status is RecordStatus.ANNULLED:
        raise Refused(ALREADY_ANNULLED)
    check_all(RECORDING_RULES, context)
    return WorkRecorded(
        effective_on=command.on, entered_by=command.by, evidence=command.evidence,
        source_recorded_on=command.source_recorded_on, annuls=() if before is None else (before.told.id,),
        subject=command.subject.id, sealed_for=command.sealed_for, kind=kind.record_kind, edition=kind.edition,
        about=command.subject.kind, place=command.subject.place, done_by=command.done_by,
        **_values(command.values, kind), attendance=command.attendance,
        to_be_confirmed=kind.confirmed_by is not None, corrects=command.corrects,
    )  # fmt: skip


def told_alike(told: WorkRecorded, others: Iterable[RecordState]) -> RecordState | None:
    """A record of the same day that says the same of the same work, as far as it is not sealed: entered twice, perhaps."""
    said = _said(told)
    return next((one for one in others if _said(one.fact) == said), None)


def _said(fact: WorkRecorded) -> tuple[object, ...]:
    sealed = tuple(value.field for value in fact.sealed)
    return fact.kind, fact.done_by, fact.effective_on, fact.codes, fact.measured, fact.days, sealed, fact.attendance


def confirm(state: RecordState, command: ConfirmRecord, accounts: Collection[str], today: date) -> WorkConfirmed:
    """The record counts from now on. ``accounts``: those of the person whose the command's is. Raises ``Refused``."""
    if state.status is not RecordStatus.AWAITING:
        raise Refused(NOTHING_TO_CONFIRM, status=state.status)
    if not {command.by, *accounts}.isdisjoint((state.fact.entered_by, state.fact.done_by)):
        raise Refused(OWN_WORK)
    return WorkConfirmed(**_about(state, command.by, today), caused_by=state.told.id)


def annul(state: RecordState, command: AnnulRecord, today: date) -> WorkAnnulled:
    """The record counts as never made. Raises ``Refused``."""
    if state.status is RecordStatus.ANNULLED:
        raise Refused(ALREADY_ANNULLED)
    every = tuple(telling.id for telling in state.tellings)
    return WorkAnnulled(**_about(state, command.by, today), annuls=every, reason=command.reason)


def restore(
    state: RecordState, others: Iterable[RecordState], command: RestoreRecord, kind: RecordKind, today: date
) -> WorkRestored:
    """The record stands again. ``others``: those of the subject and year that stand. Raises ``Refused``."""
    if state.annulment is None:
        raise Refused(NOT_ANNULLED)
    again = state.fact.kind, state.fact.done_by, state.fact.effective_on
    if kind.once_per_day and again in {(o.fact.kind, o.fact.done_by, o.fact.effective_on) for o in others}:
        raise Refused(ONCE_PER_DAY, on=state.fact.effective_on.isoformat())
    return WorkRestored(
        **_about(state, command.by, today), annuls=(state.annulment.id,), reason=command.reason
    )  # fmt: skip


def _about(state: RecordState, by: str, today: date) -> dict[str, Any]:
    return {
        "effective_on": today, "entered_by": by, "record": state.number, "subject": state.fact.subject,
        "sealed_for": state.fact.sealed_for,
    }  # fmt: skip


def _values(values: Iterable[GivenValue], kind: RecordKind) -> dict[str, Any]:
    """By type, each in the order of the document, whatever that of the form."""
    given = {value.field: value for value in values}
    filled = [(field, given[field.name]) for field in kind.fields if field.name in given]
    plain = [(field, value) for field, value in filled if not field.is_sealed]
    return {
        "sealed": tuple(SealedValue(field=f.name, text=Personal(as_text(v))) for f, v in filled if f.is_sealed),
        "codes": tuple(CodeValue(field=f.name, code=v.text) for f, v in plain if v.text is not None),
        "measured": tuple(_measured(f, v.number) for f, v in plain if v.number is not None),
        "days": tuple(DayValue(field=f.name, day=v.day) for f, v in plain if f.type is FieldType.DAY and v.day),
    }


def _measured(field: Field, number: Decimal) -> MeasuredValue:
    assert field.measured_in is not None
    return MeasuredValue(field=field.name, amount=number, unit=field.measured_in)


def as_text(given: GivenValue) -> str:
    """A value as it is sealed: text as it is, a plain number, a day."""
    if given.number is not None:
        return f"{given.number.normalize() if given.number else Decimal(0):f}"
    return given.day.isoformat() if given.day is not None else given.text or ""
