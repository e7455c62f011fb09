"""What the register says of a household on a day, as lines of a layout: in its columns, and in the words of its code lists. Pure.

What is not known, or was erased, is a blank: an import leaves that as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Precision, Recorded
from contracts.personal import Personal
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.members import Member
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
)
from contracts.registry.surveys import IncomePeriod
from services.casework.workbooks.form import Form, FormColumn
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.writing.workbook_writer import Value
from services.chassis.ground.labels import written
from services.registry.households.income_periods import ONE_DAY, period_of
from services.registry.households.state import Household
from services.registry.intake.codes import ENUMERATIONS, StatusEvent
from services.registry.intake.layout import CONDITIONS, DECISION, HISTORY, HOUSEHOLDS, INCOME, MEMBERS, REFERENCE

STATUS_EVENTS: Mapping[type[Any], StatusEvent] = {
    HouseholdEnrolled: StatusEvent.IDENTIFIED,
    HouseholdExited: StatusEvent.EXITED,
    HouseholdReturned: StatusEvent.RETURNED,
    HouseholdRemoved: StatusEvent.REMOVED,
}
PLACES = ("province", "city", "county", "township", "village_name")
"""Columns of the names of the divisions that a village lies in, from the first."""
CODES_BETWEEN = "、"

Line = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class HouseholdOfDay:
    """A household as it stood on a day, in plain. ``timeline``: the facts that it then was folded from; ``places``: names of the
    divisions that its village lies in, by column; ``monitored_kind``: as what it is monitored, in the words of its document."""

    household: Household
    timeline: Sequence[Recorded]
    places: Mapping[str, str] = field(default_factory=dict)
    monitored_kind: str | None = None


def lines_of(form: Form, each: HouseholdOfDay, day: date) -> Mapping[str, list[Line]]:
    """By key of the sheet."""
    of_sheet: Mapping[str, list[Mapping[str, object]]] = {
        HOUSEHOLDS: [_household(each, day)],
        MEMBERS: [_member(each, m) for m in each.household.members.values()],
        HISTORY: list(_history(each)),
    }
    return {
        sheet.key: [_in_words(form, sheet.key, said) for said in of_sheet.get(sheet.key, [])]
        for sheet in form.layout.sheets
    }


def _in_words(form: Form, sheet: str, said: Mapping[str, object]) -> Line:
    columns, sex = (form.column(column) for column in form.sheet(sheet).columns), str(said.get("sex", ""))
    return {c.layout.key: cell for c in columns if (cell := cell_of(c, said.get(c.layout.key), sex)) is not None}


def cell_of(column: FormColumn, value: object, sex: str = "") -> Value:
    """A value of the register in a cell of this column; ``None`` is blank. ``sex``: of the person, where words differ by it."""
    if isinstance(value, Personal):
        value = None if value.is_shredded else value.plain
    if value is None or value in ((), ""):
        return None
    if column.codes is not None and column.layout.codes is not None:
        kind, labels, words = ENUMERATIONS[column.layout.codes], column.codes.labels, dict(column.layout.words)
        if column.layout.type is ColumnType.CODES:
            codes = value.split(",") if isinstance(value, str) else value
            assert isinstance(codes, tuple | list)
            return CODES_BETWEEN.join(labels[kind(code)] for code in codes)
        code = kind(value)
        return words.get(f"{written(code)}.{sex}") or words.get(written(code)) or labels[code]
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, str | int | Decimal) else str(value)


def _household(each: HouseholdOfDay, day: date) -> dict[str, object]:
    household, head = each.household, each.household.head
    said: dict[str, object] = {key: getattr(household, key, None) for key in household.__struct_fields__}
    return {
        **said, **each.places, **_income(household), **_conditions(household),
        "surveyed_on": day.isoformat(), "head_name": None if head is None else head.name, "size": household.persons,
        "poverty_status": household.status, "monitored_kind": each.monitored_kind,
    }  # fmt: skip


def _income(household: Household) -> dict[str, object]:
    """Of the latest period surveyed, where it is one that the form has."""
    figures = household.latest_income
    if figures is None:
        return {}
    income = figures.income
    period = income.period or period_of(income.period_from, income.period_to)
    if period is None:
        return {}
    before_survey = period is IncomePeriod.TWELVE_MONTHS_BEFORE
    return {
        "income_period": period,
        "income_year": None if before_survey else income.period_to.year,
        "income_surveyed_on": income.period_to + ONE_DAY if before_survey else None,
        "net_per_head": figures.per_head,
        **{amount: getattr(income, amount) for amount in (*INCOME[1:], *REFERENCE)},
    }


def _conditions(household: Household) -> dict[str, object]:
    conditions = household.conditions
    return {} if conditions is None else {name: getattr(conditions, name) for name in CONDITIONS}


def _member(each: HouseholdOfDay, member: Member) -> dict[str, object]:
    said: dict[str, object] = {key: getattr(member, key) for key in member.__struct_fields__}
    known = member.id_number is not None or member.no_document_reason is not None
    return {
        **said, **_residence(each, member.person_id),
        "labour_skill": member.labour_skill or None,
        "household_no": each.household.national_no,
        "document_kind": member.document_kind if known else None,
    }  # fmt: skip


def _residence(each: HouseholdOfDay, person: UUID) -> dict[str, object]:
    """Where it was said last and holds still: without its reason nothing is said."""
    in_common = person not in each.household.apart
    for recorded in reversed(each.timeline):
        fact = recorded.fact
        if isinstance(fact, CommonResidenceRecorded) and fact.person_id == person:
            holds = fact.lives_in_common is in_common
            return {"lives_in_common": in_common, "residence_reason": fact.reason} if holds else {}
    return {}


def _history(each: HouseholdOfDay) -> Iterator[dict[str, object]]:
    """What changed its status. What was decided here is to the other system what this one recorded, and when."""
    for recorded in each.timeline:
        fact = recorded.fact
        if (event := STATUS_EVENTS.get(type(fact))) is None:
            continue
        decision = fact.decision
        yield {
            "household_no": each.household.national_no, "event": event,
            "effective_on": _with_precision(fact.effective_on, fact.precision),
            "source_recorded_on": fact.source_recorded_on or civil_day(recorded.recorded_at),
            **({} if decision is None else {name: getattr(decision, name) for name in DECISION}),
        }  # fmt: skip


def _with_precision(day: date, precision: Precision) -> str:
    """No day is invented."""
    length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[precision]
    return day.isoformat()[:length]
