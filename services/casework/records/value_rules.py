"""Why what a record says under its fields is refused. Fields are named in the answer, values never."""

import re
from decimal import Decimal

from services.casework.records.commands import GivenValue, RecordContext
from services.casework.records.document import WHOLE, Field, FieldType
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

SOURCE = "fields of the record kind document in force on the day"
TOO_MUCH = 10**12
PLACE = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?")

FIELD_UNKNOWN = rule(
    "record_field_unknown",
    zh="该类记录没有所填的栏目，或同一栏目填了两次；请按 fields 所列改正。",
    en="This kind of record has no such field, or a field is filled in twice; correct those named in ``fields``.",
    source=SOURCE,
)
FIELD_MISSING = rule(
    "record_field_missing",
    zh="缺少必填栏目；请补填 missing 所列的栏目。",
    en="A required field is missing; fill in those named in ``missing``.",
    source=SOURCE,
)
VALUE_OF_OTHER_TYPE = rule(
    "record_value_of_other_type",
    zh="栏目的填写方式不对；请按 types 所列改正。",
    en="A field is not filled in as its type asks (text, codes and places as ``text``, numbers as ``number``, days as"
    " ``day``); correct it as ``types`` says.",
    source=SOURCE,
)
CHOICE_NOT_LISTED = rule(
    "record_choice_not_listed",
    zh="所填代码不在该栏目的代码表中；请从 codes 所列中选填。",
    en="A code is not on the field's list; choose from those named in ``codes``.",
    source=SOURCE,
)
NUMBER_DOES_NOT_FIT = rule(
    "record_number_does_not_fit",
    zh="数字须不小于零、小于一万亿；人数、人次须为整数，金额至多两位小数，其他至多三位小数；请改正 fields 所列栏目。",
    en="A number is zero or more, and less than 10^12: whole for persons and person-times, with two decimals at most for"
    " money, three for the rest; correct those named in ``fields``.",
    source="source facts §9: units; Lika design: quantities",
)


SHARE_TOO_SMALL = rule(
    "record_share_too_small",
    zh="未达到该类记录规定的最低比例（见 shares：栏目、所占栏目、百分比）；请核对数字，确未达到的按文件规定暂不办理。",
    en="Below the share that this kind of record asks for at least (``shares``: field, of which, percent): check the numbers; where it"
    " is so, it is not done for now.",
    source=SOURCE,
)


@checks(FIELD_UNKNOWN)
def fields_known(context: RecordContext) -> None:
    given = [value.field for value in context.command.values]
    wrong = {name for name in given if context.kind.field(name) is None or given.count(name) > 1}
    if wrong:
        raise Refused(FIELD_UNKNOWN, fields=sorted(wrong))


@checks(FIELD_MISSING)
def fields_filled(context: RecordContext) -> None:
    given = {value.field for value in context.command.values}
    if missing := [field.name for field in context.kind.fields if field.required and field.name not in given]:
        raise Refused(FIELD_MISSING, missing=missing)


@checks(VALUE_OF_OTHER_TYPE, given=(fields_known,))
def values_of_their_type(context: RecordContext) -> None:
    wrong = {field.name: field.type for field, value in _given(context) if not _is_of_type(value, field)}
    if wrong:
        raise Refused(VALUE_OF_OTHER_TYPE, types=wrong)


@checks(CHOICE_NOT_LISTED, given=(values_of_their_type,))
def choices_listed(context: RecordContext) -> None:
    wrong = {
        field.name: sorted(field.known_codes)
        for field, value in _given(context)
        if field.type is FieldType.CHOICE and value.text not in field.known_codes
    }
    if wrong:
        raise Refused(CHOICE_NOT_LISTED, codes=wrong)


@checks(NUMBER_DOES_NOT_FIT, given=(values_of_their_type,))
def numbers_fit(context: RecordContext) -> None:
    wrong = [f.name for f, value in _given(context) if value.number is not None and not _fits(value.number, f.type)]
    if wrong:
        raise Refused(NUMBER_DOES_NOT_FIT, fields=wrong)


@checks(SHARE_TOO_SMALL, given=(fields_known, fields_filled, values_of_their_type, numbers_fit))
def shares_reached(context: RecordContext) -> None:
    numbers = {field.name: value.number for field, value in _given(context) if value.number is not None}
    small = [
        f"{each.field} {each.of} {each.percent}"
        for each in context.kind.thresholds
        if numbers[each.field] * 100 < numbers[each.of] * each.percent or not numbers[each.of]
    ]
    if small:
        raise Refused(SHARE_TOO_SMALL, shares=small)


def _given(context: RecordContext) -> list[tuple[Field, GivenValue]]:
    found = ((context.kind.field(value.field), value) for value in context.command.values)
    return [(field, value) for field, value in found if field is not None]


def _is_of_type(value: GivenValue, field: Field) -> bool:
    if field.measured_in is not None:
        return value.number is not None
    if field.type is FieldType.DAY:
        return value.day is not None
    if field.type is FieldType.PLACE:
        return value.text is not None and PLACE.fullmatch(value.text) is not None
    return value.text is not None


def _fits(number: Decimal, type_: FieldType) -> bool:
    places = 0 if type_ in WHOLE else 2 if type_ is FieldType.MONEY else 3
    return number.is_finite() and 0 <= number < TOO_MUCH and number == round(number, places)
