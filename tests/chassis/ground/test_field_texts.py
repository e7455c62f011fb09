"""What people paste is read as what it says, the same for forms and cells; what is none of its kind is refused by name."""

from collections.abc import Callable

import pytest

from services.chassis.ground.day_texts import read_day, read_partial_day
from services.chassis.ground.field_texts import (
    number_reader,
    read_account,
    read_id_number,
    read_identifier,
    read_line,
    read_name,
    read_phone,
)
from services.chassis.ground.readings import Reading, Unreadable

Read = Callable[[str], Reading[object]]


def shown(value: object) -> str:
    """In the name of a test, which says the same in every process."""
    return str(getattr(value, "__qualname__", None) or ascii(value))


DOTS = ("·", "•", "‧", "・", "･", "∙", "⋅", "．", ".", "●", "\u0387", "\ua78f", " · ")

READ: list[tuple[Read, str, object]] = [
    *((read_name, f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in DOTS),
    (read_name, "陈　一", "陈一"),
    (read_name, "陈 一", "陈一"),
    (read_name, "'陈一", "陈一"),
    (read_name, "\ufeff陈\u200b一\u00a0", "陈一"),
    (read_name, "\u202d陈一\u202c\n", "陈一"),
    (read_name, "\uf9d1一", "六一"),  # a compatibility ideograph
    (read_name, "John  Smith", "John Smith"),
    (read_name, "O'Brien", "O'Brien"),
    (read_name, "无", None),
    (read_line, "青山\u200b村　３组", "青山村 3组"),
    (read_line, "东山\v坡", "东山坡"),
    (read_line, "one\ntwo", "one two"),
    (read_line, "面积①：30㎡", "面积①：30㎡"),
    (read_line, "（见附件）", "（见附件）"),
    (read_line, "／", None),
    (read_id_number, "'11010519491231002Ｘ", "11010519491231002X"),
    (read_id_number, "110105 19491231 002x", "11010519491231002X"),
    (read_id_number, "１１０１０５19491231002×号", "11010519491231002X"),
    (read_phone, "１３９ 0000　0000", "13900000000"),
    (read_phone, "（0851）1234567", "0851-1234567"),
    (read_phone, "0851—1234567", "0851-1234567"),
    (read_account, "6217 0000 0000 0000", "6217000000000000"),
    (read_account, "'6217-0000-0000-0000", "6217000000000000"),
    (read_account, "/", None),
    (read_identifier, "H-1号", "H-1"),
    (number_reader("mu"), "3.5亩", "3.5"),
    (number_reader("mu"), "３．５ 亩", "3.5"),
    (number_reader("m2"), "80平方米", "80"),
    (number_reader("m2"), "80㎡", "80"),
    (number_reader("yuan"), "¥1,234,567.80元", "1234567.80"),
    (number_reader("yuan"), "1，200", "1200"),
    (number_reader("yuan"), "无", "0"),
    (number_reader("yuan"), "-", None),
    (read_day, "2014-05-20", "2014-05-20"),
    (read_day, "2014-05-20 00:00:00", "2014-05-20"),
    (read_day, "2014-5-2 00:00", "2014-05-02"),
    (read_day, "41779", "2014-05-20"),
    (read_day, "2014 年 5 月 20 日", "2014-05-20"),
    (read_day, "２０１４．５．２０", "2014-05-20"),
    (read_day, "20140520", "2014-05-20"),
    (read_day, "2014-05-19T16:00:00.000Z", "2014-05-20"),
    (read_day, "2014-05-20T00:00:00+08:00", "2014-05-20"),
    (read_partial_day, "2014年5月", (2014, 5)),
    (read_partial_day, "2014年度", (2014,)),
]


@pytest.mark.parametrize(("read", "text", "value"), READ, ids=shown)
def test_text_as_people_paste_it_is_read(read: Read, text: str, value: object) -> None:
    assert read(text).value == value


@pytest.mark.parametrize(("read", "text", "value"), READ, ids=shown)
def test_what_was_read_otherwise_says_so_and_reading_it_again_changes_nothing(
    read: Read, text: str, value: object
) -> None:
    if isinstance(value, tuple):
        return
    assert bool(read(text).changes) is (value != text)
    if isinstance(value, str):
        assert read(value) == Reading(value)


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (read_name, "陈\n一", "name_unreadable"),
        (read_name, "陈\u2028一", "name_unreadable"),
        (read_name, "12", "name_unreadable"),
        (read_name, "。", "name_unreadable"),
        (read_name, "陈·", "name_unreadable"),
        (read_name, "·陈", "name_unreadable"),
        (read_name, "陈\x07一", "text_unreadable"),
        (read_phone, "call me", "phone_unreadable"),
        (read_phone, "13900000000/13900000001", "phone_unreadable"),
        (read_account, "12-34", "account_unreadable"),
        (number_reader("mu"), "三亩", "number_unreadable"),
        (number_reader("mu"), "3公顷", "number_unreadable"),
        (number_reader("m2"), "3亩", "number_unreadable"),
        (number_reader("yuan"), "1,20", "number_unreadable"),
        (number_reader("yuan"), "1万元", "number_unreadable"),
        (read_day, "2014-05", "day_unreadable"),
        (read_day, "2014-02-30", "day_unreadable"),
        (read_day, "去年", "day_unreadable"),
        (read_day, "0", "day_unreadable"),
        (read_day, "12", "day_unreadable"),
    ],
    ids=shown,
)
def test_what_is_none_of_its_kind_is_refused(read: Read, text: str, code: str) -> None:
    with pytest.raises(Unreadable) as no:
        read(text)
    assert no.value.rule.code == code


@pytest.mark.parametrize(
    ("text", "named"),
    [("陈\n一", "U+000A 换行符"), ("陈\u2028一", "U+2028 行分隔符"), ("\u00a012", "U+00A0 不换行空格")],
)
def test_a_refusal_names_the_invisible_character_and_never_the_text(text: str, named: str) -> None:
    with pytest.raises(Unreadable) as no:
        read_name(text)
    note = no.value.note
    assert note is not None
    assert named in note.zh
    assert "陈" not in note.zh + note.en


def test_a_change_names_invisible_characters_and_never_the_text() -> None:
    changes = read_name("\u202a张\u200b三\u202c").changes
    assert [change.code for change in changes] == ["change.invisible"]
    assert "U+200B 零宽空格" in changes[0].zh
    assert "张" not in changes[0].zh + changes[0].en


def test_a_day_that_was_read_is_named() -> None:
    assert "2014-05-20" in read_day("41779").changes[0].zh
